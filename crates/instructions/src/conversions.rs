//! The conversions, each with what has to be done before it is measured.

use std::{error::Error, hint::black_box, mem};

use fanjian::{Config, Converter, Dictionary, Entries, Target, Vocabulary};

use crate::{
    hostile::{KINDS, Keys},
    texts::{html, sentences, strings},
};

/// Converts, and returns the bytes that were read.
type Conversion = Box<dyn FnMut() -> usize>;
type Prepare = fn() -> Result<Conversion, Box<dyn Error>>;

/// All conversions, by name.
pub(crate) const CONVERSIONS: [(&str, Prepare); 22] = [
    ("s2t", || configuration(Config::S2t, "s2twp")),
    ("t2s", || configuration(Config::T2s, "tw2sp")),
    ("s2twp", || configuration(Config::S2twp, "s2twp")),
    ("tw2sp", || configuration(Config::Tw2sp, "tw2sp")),
    ("s2hkp", || configuration(Config::S2hkp, "s2twp")),
    ("t2tw", || configuration(Config::T2tw, "tw2sp")),
    ("hk2t", || configuration(Config::Hk2t, "tw2sp")),
    ("s2t, HTML", || Ok(whole(Converter::new(Config::S2t), sentences("s2twp")?.map(|text| html(&text))))),
    ("t2s, already simplified", || configuration(Config::T2s, "s2twp")),
    ("s2t, strings of ten characters", || short(Config::S2t)),
    ("s2twp, strings of ten characters", || short(Config::S2twp)),
    ("s2t, stream of pieces of 4 KiB", stream),
    ("zh-TW", || target(Target::Taiwan, Vocabulary::Keep, "s2twp")),
    ("zh-TW with local words", || target(Target::Taiwan, Vocabulary::Local, "s2twp")),
    ("zh-CN with local words", || target(Target::Simplified, Vocabulary::Local, "tw2sp")),
    ("s2twp, 1,000 own words", || own_words(Config::S2twp, 1000, "s2twp")),
    ("s2twp, 10,000 own words", || own_words(Config::S2twp, 10_000, "s2twp")),
    ("t2tw, 20 own words", || own_words(Config::T2tw, 20, "tw2sp")),
    ("s2t, 10,000 own words to read and build", build),
    ("s2t, another dictionary of characters", replaced),
    ("s2twp, hostile text", || hostile(Converter::new(Config::S2twp))),
    ("zh-TW, hostile text", || hostile(Converter::for_target(Target::Taiwan))),
];

fn configuration(config: Config, name: &str) -> Result<Conversion, Box<dyn Error>> {
    Ok(whole(Converter::new(config), sentences(name)?))
}

/// The second text as one string, after the first one.
fn whole(converter: Converter, [before, text]: [String; 2]) -> Conversion {
    black_box(converter.convert(&before));
    Box::new(move || {
        black_box(converter.convert(black_box(&text)));
        text.len()
    })
}

fn target(target: Target, vocabulary: Vocabulary, name: &str) -> Result<Conversion, Box<dyn Error>> {
    let converter = Converter::builder().target(target).vocabulary(vocabulary).build()?;
    Ok(whole(converter, sentences(name)?))
}

/// A call for each string.
fn short(config: Config) -> Result<Conversion, Box<dyn Error>> {
    let [before, text] = sentences("s2twp")?;
    let converter = Converter::new(config);
    black_box(converter.convert(&before));
    let strings = strings(&text, 10);
    Ok(Box::new(move || {
        for string in &strings {
            black_box(converter.convert(black_box(string)));
        }
        strings.iter().map(String::len).sum()
    }))
}

fn stream() -> Result<Conversion, Box<dyn Error>> {
    let [before, text] = sentences("s2twp")?;
    let converter = Converter::new(Config::S2t);
    black_box(converter.convert(&before));
    Ok(Box::new(move || {
        let mut stream = converter.stream();
        let mut out = Vec::with_capacity(2 * text.len());
        let pushed = text.as_bytes().chunks(4096).try_for_each(|piece| stream.push(piece, &mut out));
        pushed.and_then(|()| stream.finish(&mut out)).expect("the text is UTF-8");
        black_box(&out);
        text.len()
    }))
}

/// With own words, of a text in the script that the configuration reads.
fn own_words(config: Config, count: usize, name: &str) -> Result<Conversion, Box<dyn Error>> {
    let entries = phrases(count, if name == "s2twp" { "STPhrases" } else { "TSPhrases" })?;
    let dictionary = Dictionary::from_entries("own", &entries)?;
    let converter = Converter::builder().config(config).dictionary(dictionary).build()?;
    // The allocator would sort what they free when the conversion asks for memory: nine tenths of the instructions.
    mem::forget(entries);
    Ok(whole(converter, sentences(name)?))
}

/// Phrases of OpenCC at equal distances, with other values.
fn phrases(count: usize, name: &str) -> Result<Entries, Box<dyn Error>> {
    let mut entries = Entries::new();
    let phrases = builtin(name)?;
    for (key, candidates) in phrases.iter().step_by(phrases.len() / count).take(count) {
        entries.insert(key, candidates.iter().map(|candidate| format!("「{candidate}」")).collect::<Vec<_>>())?;
    }
    mem::forget(phrases);
    Ok(entries)
}

fn builtin(name: &str) -> Result<Entries, Box<dyn Error>> {
    let dictionary = fanjian::builtin_dictionaries().find(|dictionary| dictionary.name() == name);
    Ok(dictionary.ok_or_else(|| format!("the library has no dictionary {name}"))?.to_entries())
}

/// Makes a converter of the text of own words, and returns the length of that.
fn build() -> Result<Conversion, Box<dyn Error>> {
    let text = phrases(10_000, "STPhrases")?.to_text();
    black_box(Converter::new(Config::S2t).convert("头发"));
    Ok(Box::new(move || {
        let dictionary = Dictionary::from_text("own", black_box(&text)).expect("it is the text of entries");
        let converter = Converter::builder().dictionary(dictionary).build();
        black_box(converter.expect("own words are of any kind"));
        text.len()
    }))
}

/// By a configuration that equals no built-in one, which has made its tables.
fn replaced() -> Result<Conversion, Box<dyn Error>> {
    let mut entries = builtin("STCharacters")?;
    entries.insert("㐀㐀", ["㐁"])?;
    let dictionary = Dictionary::from_entries("STCharacters", &entries)?;
    let converter = Converter::builder().replace_dictionary("STCharacters", dictionary).build()?;
    converter.prepare();
    mem::forget(entries);
    Ok(whole(converter, sentences("s2twp")?))
}

/// All kinds of hostile text, a hundredth of a megabyte of each.
fn hostile(converter: Converter) -> Result<Conversion, Box<dyn Error>> {
    let [before, _] = sentences("s2twp")?;
    let keys = Keys::of(&["STPhrases", "TWPhrases"]);
    let texts = KINDS.map(|(_, piece)| keys.text(piece, 10_000));
    Ok(whole(converter, [before, texts.join("\n")]))
}
