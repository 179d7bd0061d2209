//! Prints a raw shard of a crawl: JSON lines with pages of many kinds, among them a machine-converted page with inserted
//! pinyin, and one broken line. `docs/corpus.md` makes a clean corpus of it.

use encoding_rs::GBK;
use serde_json::json;

const PAGES: [(&str, &str); 8] = [
    ("zh-cn", "这里的软件很好用，后来大家都发现了。\n他头发干了，就去理发店买面包。"),
    ("zh-tw", "這裡的軟體很好用，後來大家都發現了。\n他頭髮乾了，就去買麵包。"),
    ("mixed", "这里的头发剪短了，面包也买了。\n這裡的頭髮剪短了，麵包也買了。"),
    ("bad", "這里的面包很乾净，最后一公里。"),
    ("ja", "発想の転換が必要です。\nカタカナもあります。"),
    ("en", "Nothing here is Chinese."),
    ("textbook", "一(yī)二(èr)三(sān)，國(guó)字有八畫。"),
    ("short", "中文"),
];

/// A page before it was annotated, in machine-converted Traditional: 干部 and 最后 are wrong.
const ANNOTATED: &str =
    "中國臺灣網報道，黨員干部發自內心為群眾服務。\n國際網友詢問最后一公里，臺灣國內外網民說：發展為了群眾。";
/// The characters that are annotated, with their readings.
const READINGS: [(char, &str); 8] = [
    ('國', "guó"),
    ('臺', "tái"),
    ('灣', "wān"),
    ('網', "wǎng"),
    ('發', "fā"),
    ('內', "nèi"),
    ('際', "jì"),
    ('詢', "xún"),
];

/// Inserts readings as such sites do: at byte positions of GBK, also where the last byte of one character and the first byte of
/// the next form a third character.
fn annotate(text: &str) -> String {
    let encode = |text: &str| GBK.encode(text).0.into_owned();
    let mut bytes = encode(text);
    for (character, reading) in READINGS {
        let (character, gloss) = (encode(&character.to_string()), encode(&format!("({reading})")));
        let mut at = 0;
        while let Some(found) = bytes[at..].windows(2).position(|pair| pair == character) {
            at += found + 2;
            bytes.splice(at..at, gloss.iter().copied());
            at += gloss.len();
        }
    }
    // Two bytes that form no character were read as one question mark.
    let mut text = String::new();
    let mut rest = bytes.as_slice();
    while let [first, behind @ ..] = rest {
        let len = if first.is_ascii() || behind.is_empty() { 1 } else { 2 };
        let (decoded, _, is_wrong) = GBK.decode(&rest[..len]);
        text.push_str(if is_wrong { "?" } else { &decoded });
        rest = &rest[len..];
    }
    text
}

/// The shard.
pub(crate) fn shard() -> String {
    let mut lines = Vec::new();
    for (name, text) in PAGES.into_iter().chain([("annotated", annotate(ANNOTATED).as_str())]) {
        lines.push(json!({ "url": format!("https://example.org/{name}"), "text": text, "year": 2026 }).to_string());
    }
    lines.push(r#"{"url": "https://example.org/null", "text": null}"#.to_owned());
    lines.insert(4, r#"{"url":"https://example.org/cut","text":"这一页没"#.to_owned());
    lines.join("\n") + "\n"
}

fn main() {
    print!("{}", shard());
}
