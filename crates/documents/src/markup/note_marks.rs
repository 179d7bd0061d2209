//! Marks of notes: links such as `<sup><a href="#fn1">1</a></sup>`, which stand in a text and are no part of it.

use super::{
    elements::{A, CLASS, EPUB_TYPE, HREF, Name, REL, ROLE, SPAN, STYLE, SUP},
    start_tag::Tag,
};

/// How far the content of an element is looked at, in bytes.
const AHEAD: usize = 512;

/// Classes of marks: those of Pandoc, cmark-gfm, markdown-it, Hugo, docutils, Word, LibreOffice and of books for Duokan.
const CLASSES: [&str; 10] = [
    "footnote-ref",
    "footnote-reference",
    "footnoteref",
    "endnote-ref",
    "noteref",
    "msofootnotereference",
    "msoendnotereference",
    "sdfootnoteanc",
    "sdendnoteanc",
    "duokan-footnote",
];

/// Those that are used for other things, too, and are marks on a link or in superscript: of MediaWiki, Asciidoctor and kramdown.
const CLASSES_OF_LINKS: [&str; 3] = ["reference", "footnote", "endnote"];

/// Whether a start tag of HTML begins the mark of a note.
pub(super) fn is_note_mark(source: &str, tag: &Tag<'_>) -> bool {
    if !matches!(tag.name, A | SPAN | SUP) {
        return false;
    }
    is_named(source, tag) || is_written(source, tag)
}

/// By its attributes.
fn is_named(source: &str, tag: &Tag<'_>) -> bool {
    tag.attributes.iter().any(|attribute| {
        let value = &source[attribute.raw.clone()];
        let mut words = value.split_ascii_whitespace();
        let has = |word: &str, names: &[&str]| names.iter().any(|name| word.eq_ignore_ascii_case(name));
        match attribute.name {
            EPUB_TYPE => words.any(|word| has(word, &["noteref"])),
            ROLE => words.any(|word| has(word, &["doc-noteref"])),
            CLASS => words.any(|word| has(word, &CLASSES) || tag.name != SPAN && has(word, &CLASSES_OF_LINKS)),
            REL => words.any(|word| has(word, &["footnote"])),
            // As Word writes it.
            STYLE => value.contains("mso-footnote-id") || value.contains("mso-endnote-id"),
            _ => false,
        }
    })
}

/// By what stands in it: in superscript, a link into a page, or a number; and the other way round.
fn is_written(source: &str, tag: &Tag<'_>) -> bool {
    let mut content = &source[tag.raw.end.min(source.len())..];
    content = &content[..content.floor_char_boundary(AHEAD)];
    match tag.name {
        SUP => {
            let begin = content.trim_start_matches(is_of_mark);
            let has_text = !content[..content.len() - begin.len()].trim().is_empty();
            match start_tag(begin) {
                Some((name, rest)) if name == A => leads_into_page(rest),
                Some(_) => false,
                None => has_text && begin.starts_with("</"),
            }
        }
        A => {
            let leads =
                tag.attributes.iter().any(|found| found.name == HREF && source[found.raw.clone()].contains('#'));
            let begin = content.trim_start_matches(is_of_mark);
            leads && start_tag(begin).is_some_and(|(name, _)| name == SUP)
        }
        _ => false,
    }
}

/// The name of the start tag that a text begins with, and what stands behind it.
fn start_tag(text: &str) -> Option<(Name, &str)> {
    let rest = text.strip_prefix('<')?;
    let len = rest.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(rest.len());
    (len > 0).then(|| (Name::new(&rest[..len]), &rest[len..]))
}

/// Whether the attributes of a link, which a text begins with, lead to a place in a page.
fn leads_into_page(text: &str) -> bool {
    let attributes = &text[..text.find('>').unwrap_or(text.len())];
    let value = attributes.split_ascii_whitespace().find_map(|attribute| {
        let (name, value) = attribute.split_once('=')?;
        name.eq_ignore_ascii_case("href").then_some(value)
    });
    value.is_some_and(|value| value.contains('#'))
}

/// Whether a mark may have this character outside of its link: numbers, brackets, and signs in the place of numbers.
fn is_of_mark(c: char) -> bool {
    let is_sign = matches!(c, '*' | '†' | '‡' | '§' | '¶' | ',' | '-' | '–' | '，' | '、');
    let is_bracket = matches!(c, '[' | ']' | '(' | ')' | '（' | '）' | '〔' | '〕' | '【' | '】' | '［' | '］');
    let is_circled = matches!(c, '\u{2460}'..='\u{24ff}' | '\u{2776}'..='\u{2793}' | '\u{3251}'..='\u{325f}');
    c.is_ascii_digit() || is_sign || is_bracket || is_circled || c.is_ascii_whitespace()
}
