//! Glosses: pages made as such sites make them, by bytes of GBK, and texts that must stay as they are.

use std::collections::{BTreeMap, BTreeSet};

use encoding_rs::GBK;
use fanjian::{
    Config, Converter, builtin_dictionaries,
    clean::{Gates, glosses},
};
use pinyin::ToPinyinMulti;

/// Numbers that look like chance, and are the same each time (Vigna's splitmix64).
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ self.0 >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ mixed >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((mixed ^ mixed >> 31) % limit as u64) as usize
    }
}

fn gbk(text: &str) -> Vec<u8> {
    GBK.encode(text).0.into_owned()
}

/// Traditional words that GBK has.
fn words() -> Vec<String> {
    let phrases = builtin_dictionaries().find(|dictionary| dictionary.name() == "STPhrases").unwrap();
    let entries = phrases.to_entries();
    let values = entries.iter().map(|(_, values)| values[0].clone());
    values.filter(|value| !GBK.encode(value).2 && gbk(value).len() == 2 * value.chars().count()).collect()
}

fn article(words: &[String], numbers: &mut Numbers) -> String {
    let mut article = String::new();
    for _ in 0..24 {
        for _ in 0..3 + numbers.below(9) {
            article.push_str(&words[numbers.below(words.len())]);
            // One word in twenty has ASCII behind it.
            article.push_str(["", "", "的", "，", "在"][numbers.below(5)]);
            article.push_str(if numbers.below(20) == 0 { ["2022", " "][numbers.below(2)] } else { "" });
        }
        article.push_str("。\n");
    }
    article
}

/// The characters that a site glosses, in the order in which it does, with its reading of each.
fn glossed(article: &str, numbers: &mut Numbers) -> Vec<(char, String)> {
    let to_simplified = Converter::new(Config::T2s);
    let characters: BTreeSet<char> = article.chars().collect();
    let is_traditional = |&character: &char| to_simplified.convert(&character.to_string()) != character.to_string();
    let mut glossed: Vec<_> = characters
        .into_iter()
        .filter(is_traditional)
        .filter_map(|character| Some((character, character.to_pinyin_multi()?.get(0).with_tone().to_owned())))
        // Sites differ in their lists, and have most.
        .filter(|_| numbers.below(10) > 0)
        .collect();
    for place in (1..glossed.len()).rev() {
        glossed.swap(place, numbers.below(place + 1));
    }
    glossed
}

/// What a reader sees of a line of the page, by characters and glosses in GBK. Where the line's last byte is lost, the line
/// feed is lost with it.
fn page(line: &str, glosses: &[(Vec<u8>, Vec<u8>)]) -> String {
    let mut bytes = gbk(line);
    for (character, gloss) in glosses {
        let mut replaced = Vec::new();
        let mut at = 0;
        while at < bytes.len() {
            if bytes[at..].starts_with(character) {
                replaced.extend_from_slice(gloss);
                at += character.len();
            } else {
                replaced.push(bytes[at]);
                at += 1;
            }
        }
        bytes = replaced;
    }
    let mut page = String::new();
    let mut at = 0;
    while at < bytes.len() {
        let len = if bytes[at].is_ascii() { 1 } else { 2 };
        let (text, has_failed) = GBK.decode_without_bom_handling(&bytes[at..bytes.len().min(at + len)]);
        page.push_str(if has_failed { "?" } else { &text });
        at += len;
    }
    page
}

/// Of a thousand pages, all glosses go, and nothing else; and what they damaged comes back, or stays.
#[test]
fn simulated_pages_become_their_articles_again() {
    let words = words();
    let mut numbers = Numbers(1);
    let (mut intact, mut found_of_them, mut found_all) = (0, 0, 0);
    let (mut damaged, mut restored) = (0, 0);
    for _ in 0..200 {
        let article = article(&words, &mut numbers);
        let glossed = glossed(&article, &mut numbers);
        let readings: BTreeMap<char, &str> =
            glossed.iter().map(|(character, reading)| (*character, reading.as_str())).collect();
        let bytes = |(character, reading): &(char, String)| {
            (gbk(&character.to_string()), gbk(&format!("{character}({reading})")))
        };
        let bytes: Vec<_> = glossed.iter().map(bytes).collect();
        let lines: Vec<String> = article.split_inclusive('\n').map(|line| page(line, &bytes)).collect();
        let page = lines.concat();
        let found = glosses(&page, &Gates::default());
        let spans: BTreeSet<_> = found.glosses.iter().map(|gloss| gloss.span.start).collect();
        found_all += spans.len();
        for (open, _) in page.match_indices('(') {
            let before = page[..open].chars().next_back();
            let reading = before.and_then(|before| readings.get(&before));
            if reading.is_some_and(|reading| page[open + 1..].starts_with(&format!("{reading})"))) {
                intact += 1;
                found_of_them += usize::from(spans.contains(&open));
            }
        }
        let mut end = 0;
        for (line, original) in lines.iter().zip(article.split_inclusive('\n')) {
            let start = end;
            end += line.len();
            let is_here = |span: &std::ops::Range<usize>| (start..end).contains(&span.start);
            let mut here = found.clone();
            here.glosses.retain(|gloss| is_here(&gloss.span));
            here.damages.retain(|damage| is_here(&damage.span));
            let spans = here.glosses.iter_mut().map(|gloss| &mut gloss.span);
            for span in spans.chain(here.damages.iter_mut().map(|damage| &mut damage.span)) {
                *span = span.start - start..span.end - start;
            }
            damaged += here.damages.len();
            if here.orphans().next().is_none() {
                let mended = here.strip(line, true);
                assert_eq!(mended, original, "from {line}");
                restored += here.damages.len();
            }
        }
    }
    assert!(found_of_them as f64 >= 0.99 * intact as f64, "{found_of_them} of {intact} glosses");
    assert_eq!(found_of_them, found_all);
    // What is lost together with ASCII, as a line feed, could have been many characters, and stays: a sixth of all.
    assert!(restored as f64 >= 0.8 * damaged as f64, "{restored} of {damaged} damages");
}

#[test]
fn what_people_wrote_stays() {
    let poem = "白(bái)日(rì)依(yī)山(shān)盡(jìn)，黃(huáng)河(hé)入(rù)海(hǎi)流(liú)。\n欲(yù)窮(qióng)千(qiān)里(lǐ)目(mù)，更(gèng)上(shàng)一(yī)層(céng)樓(lóu)。";
    let explained = "數(shù)→書(shū)，龍(lóng)→籠(lóng)，馬(mǎ)→媽(mā)。一(yī)、二(èr)、三(sān)";
    let once = "著名的龔(gōng)先生說，龔家、龔氏與龔村都是龔先生的。";
    let wide = "中國（guó）臺（tái）灣網（wǎng）際（jì）門（mén）戶";
    let english = "網絡(network)、軟件(software)、門(gate)、書(book)、電腦(PC)、國(country)";
    let spaced = "國( guó )臺 (tái)網(wǎng )門(mén 2)";
    for text in [poem, explained, once, wide, english, spaced, "", "(guó)", "?xún)"] {
        let found = glosses(text, &Gates::default());
        assert_eq!((found.glosses.len(), found.damages.len()), (0, 0), "{text}");
        assert_eq!(found.strip(text, true), text);
    }
}

#[test]
fn gates_can_be_set() {
    let text = "國(guó)門(mén)和門";
    assert_eq!(glosses(text, &Gates::default()).glosses.len(), 0);
    let mut gates = Gates::default();
    (gates.share, gates.characters, gates.glosses) = (0.5, 2, 2);
    let found = glosses(text, &gates);
    assert_eq!((found.glosses.len(), found.characters), (2, 2));
    assert_eq!(found.share, 0.5);
    assert_eq!(found.strip(text, false), "國門和門");
    gates.share = 0.9;
    assert_eq!(glosses(text, &gates).glosses.len(), 0);
}

#[test]
fn readings_may_be_decomposed_and_capital() {
    let text = "中國(guo\u{301})臺(Tái)灣(wān)網(wǎng)國(guó)臺(tái)";
    assert_eq!(glosses(text, &Gates::default()).strip(text, true), "中國臺灣網國臺");
}
