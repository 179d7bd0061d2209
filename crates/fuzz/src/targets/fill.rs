use std::fmt::Write as _;

use fanjian::{Converter, Target};
use fanjian_documents::{Format, Languages, Options, convert_text, fill};

use super::documents;
use crate::Source;

const KEYS: [&str; 6] = ["a", "b", "c", "d.e", "d.f", "a b"];
/// Keys that are names of languages, whose values may be each other's siblings.
const LANGUAGES: [&str; 3] = ["zh-CN", "zh-TW", "zh-Hant"];
const TEXTS: [&str; 12] =
    ["", "头发", "秀髮", "干杯 %s", "{n} 里", "\\u53d1", "&amp;", "\u{3000}", "a: b", "# a", "|\n  后", "人"];

pub(super) fn run(bytes: &[u8]) {
    let mut source = Source::new(bytes);
    let formats: Vec<_> = Format::ALL.iter().filter(|format| format.is_filled()).collect();
    let format = **source.choose(&formats);
    let is_regular = source.one_in(2);
    let [target, sibling] = [(); 2].map(|()| catalogue(&mut source, format, is_regular));
    let options = Options::new(Converter::for_target(Target::Taiwan));
    let options = options.languages(Languages::to_target(Target::Taiwan, None));
    let context = || format!("{format}: {target:?} filled from {sibling:?}");
    let filled = match fill(&target, &sibling, format, &options) {
        Ok(filled) => filled,
        Err(error) => {
            let is_read = |text: &str| convert_text(text, format, &options).is_ok();
            assert!(!(is_regular && is_read(&target) && is_read(&sibling)), "{}: {error}", context());
            return;
        }
    };
    let mut rest = filled.text.chars();
    let has = |character| rest.any(|other| other == character);
    // ASCII may be replaced: the marks of an empty text, and its state.
    assert!(
        target.chars().filter(|character| !character.is_ascii()).all(has),
        "{}, which becomes {:?}",
        context(),
        filled.text
    );
    if is_regular {
        let again = fill(&filled.text, &sibling, format, &options).expect("a filled catalogue can be filled");
        let is_same = again.added.is_empty() && again.text == filled.text;
        assert!(is_same, "{}, which becomes {:?}, and then {:?}", context(), filled.text, again.text);
    }
}

/// A catalogue as people write it; or, where it is not regular, with keys that are there twice, and some of what a file can have
/// beside messages.
fn catalogue(source: &mut Source<'_>, format: Format, is_regular: bool) -> String {
    if !is_regular && source.one_in(8) {
        return documents::text(source);
    }
    let (head, foot) = match format {
        Format::Json | Format::Arb => ("{", "\"\": \"\"}"),
        Format::Xcstrings => ("{\"sourceLanguage\": \"zh-CN\", \"strings\": {", "\"\": {}}}"),
        Format::Android => ("<resources>", "</resources>"),
        Format::Resx => ("<root>", "</root>"),
        Format::Xliff => ("<xliff version=\"1.2\"><file original=\"a\"><body>", "</body></file></xliff>"),
        _ => ("", ""),
    };
    let mut text = head.to_owned();
    let mut keys = KEYS.to_vec();
    for _ in 0..source.below(KEYS.len()) {
        let place = source.below(keys.len());
        let key = match is_regular {
            true => keys.remove(place),
            false if source.one_in(4) => source.pick(&LANGUAGES),
            false => keys[place],
        };
        if !is_regular && source.one_in(8) {
            text.push_str(source.pick(&documents::PARTS));
        }
        entry(source, format, key, &mut text);
        let ends: &[&str] = if is_regular { &["\n", "\n\n", "\r\n"] } else { &["\n", "\n  ", "\r", ""] };
        text.push_str(source.pick(ends));
    }
    text + foot
}

fn entry(source: &mut Source<'_>, format: Format, key: &str, out: &mut String) {
    let value = source.pick(&TEXTS);
    let quote = if source.one_in(4) { '\'' } else { '"' };
    let written = match format {
        Format::Json | Format::Arb => write!(out, "\"{key}\": \"{value}\", "),
        Format::Xcstrings => {
            let language = source.pick(&["zh-Hans", "zh-Hant", "zh-TW"]);
            let unit = format!("\"stringUnit\": {{\"state\": \"translated\", \"value\": \"{value}\"}}");
            write!(out, "\"{key}\": {{\"localizations\": {{\"{language}\": {{{unit}}}}}}}, ")
        }
        Format::Android => write!(out, "<string name=\"{key}\">{value}</string>"),
        Format::Resx => write!(out, "<data name=\"{key}\"><value>{value}</value></data>"),
        Format::Xliff => {
            write!(out, "<trans-unit id=\"{key}\"><source>{key}</source><target>{value}</target></trans-unit>")
        }
        Format::Po => write!(out, "msgid \"{key}\"\nmsgstr \"{value}\"\n"),
        Format::Toml => write!(out, "{key} = {quote}{value}{quote}"),
        Format::Strings => write!(out, "\"{key}\" = {quote}{value}{quote};"),
        // Without marks, an anchor, and a comment, before which no block can be put.
        Format::Yaml if value.starts_with(['&', '#']) || source.one_in(3) => {
            write!(out, "{key}: {quote}{value}{quote}")
        }
        Format::Yaml => write!(out, "{key}: {value}"),
        _ => write!(out, "{key} = {value}"),
    };
    written.expect("a string takes all");
}
