use std::iter;

use fanjian::{Config, Converter, Target, Vocabulary};
use fanjian_documents::{Format, Options, convert_text, groups_of_text};

use crate::Source;

/// What the formats are made of: whole where that is short, or cut, as a file can be.
pub(super) const PARTS: [&str; 95] = [
    "<p>",
    "</p>",
    "<b>",
    "</b>",
    "<br/>",
    "<i lang='ja'>",
    "</i>",
    "<div translate=no>",
    "</div>",
    "<img alt=",
    "\"",
    "'",
    ">",
    "<!--",
    "-->",
    "<![CDATA[",
    "]]>",
    "<script>",
    "</script>",
    "<title>",
    "</title>",
    "<pre>",
    "</pre>",
    "<ruby>",
    "<rt>",
    "</rt></ruby>",
    "&amp;",
    "&#29157;",
    "&#x5934;",
    "&copy",
    "&",
    "<?xml version='1.0'?>",
    "<!DOCTYPE a [<!ENTITY b '头'>]>",
    "&b;",
    "\u{ad}",
    "\u{200b}",
    "\u{feff}",
    "fanjian:off",
    "fanjian:on",
    "<",
    "\n",
    "\r\n",
    "\n\n",
    "1\n00:00:01,000 --> 00:00:02,000\n",
    "WEBVTT\n\n",
    "00:01.000 --> 00:02.000\n",
    "[00:01.00]",
    "<00:01.00>",
    "[Events]\nFormat: Layer, Start, Text\n",
    "Dialogue: 0,0:00:01.00,",
    "{\\k20}",
    "{\\p1}",
    "\\N",
    "\\h",
    "# ",
    "- ",
    "> ",
    "`",
    "```\n",
    "*",
    "**",
    "_",
    "[",
    "](",
    ")",
    "]: ",
    "![",
    "| ",
    "|---|\n",
    "---\n",
    "$",
    "[^1]",
    "{",
    "}",
    "[",
    "]",
    ":",
    ",",
    "\\u53d1",
    "\\ud842\\udfb7",
    "\\",
    "\\\"",
    "\"key\": ",
    "key: ",
    "key = ",
    "|\n  ",
    "\"\"\"",
    "msgid ",
    "msgstr ",
    "#, fuzzy\n",
    "%s",
    "{n}",
    "{{x}}",
    "<string name=\"a\">",
    "</string>",
];

pub(super) fn run(bytes: &[u8]) {
    let mut source = Source::new(bytes);
    let formats: Vec<_> = Format::ALL.iter().filter(|format| !format.is_container()).collect();
    let format = **source.choose(&formats);
    let text = if source.one_in(8) { String::from_utf8_lossy(source.rest()).into_owned() } else { text(&mut source) };
    let by_words = Options::new(Converter::new(Config::S2twp));
    let Ok(converted) = convert_text(&text, format, &by_words) else { return };
    let count = |text: &str| groups_of_text(text, format, &by_words).map(|groups| groups.len());
    assert_eq!(count(&text).ok(), count(&converted.text).ok(), "{format}: other groups in {text:?}");

    let nothing = by_words.clone().protect(|text| iter::once(0..text.len()).collect());
    let unchanged = convert_text(&text, format, &nothing).expect("a document that can be converted");
    assert!(unchanged.text == text, "{format}: {text:?} is changed by a conversion that changes nothing");

    let target = Converter::builder().target(Target::Taiwan).vocabulary(Vocabulary::Keep).build().expect("a target");
    let to_target = Options::new(target);
    let once = convert_text(&text, format, &to_target).expect("a document that can be converted").text;
    let twice = convert_text(&once, format, &to_target).expect("a converted document can be converted").text;
    assert!(once == twice, "{format}: a second conversion changes {text:?}");
}

pub(super) fn text(source: &mut Source<'_>) -> String {
    let mut text = String::new();
    while source.has_more() && text.len() < 400 {
        if source.one_in(2) { text.push_str(source.pick(&PARTS)) } else { source.part(&mut text) }
    }
    text
}
