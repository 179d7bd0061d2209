//! The attributes of a tag of HTML that stands in another format.

use std::ops::Range;

use crate::{
    escape::Escape,
    scan::{Role, Scan},
};

/// Takes the attributes that are text or the name of a language; `tag` is what stands between the name of the element and `>`.
/// Returns whether the language is one that is not converted. Text without quotation marks stays: it may be code of a template.
pub(crate) fn attributes(source: &str, tag: Range<usize>, scan: &mut Scan<'_>) -> bool {
    let mut is_foreign = false;
    let bytes = source.as_bytes();
    let mut at = tag.start;
    while let Some(len) = memchr::memchr(b'=', &bytes[at..tag.end]) {
        let name = source[at..at + len].trim_end();
        let name = &name[name.rfind(|c: char| c.is_whitespace() || c == '"' || c == '\'').map_or(0, |at| at + 1)..];
        let rest = &source[at + len + 1..tag.end];
        let start = at + len + 1 + (rest.len() - rest.trim_start().len());
        let quote = bytes[start..tag.end].first().copied().filter(|byte| matches!(byte, b'"' | b'\''));
        let value = match quote {
            Some(quote) => {
                let Some(len) = memchr::memchr(quote, &bytes[start + 1..tag.end]) else { break };
                start + 1..start + 1 + len
            }
            None => {
                let rest = source[start..tag.end].trim_end_matches('/');
                start..start + rest.find(char::is_whitespace).unwrap_or(rest.len())
            }
        };
        at = value.end;
        match (name.to_ascii_lowercase().as_str(), quote) {
            ("lang" | "xml:lang", _) if !value.is_empty() => {
                is_foreign |= !scan.options.languages.takes(&source[value.clone()]);
                scan.tag(value);
            }
            ("title" | "alt" | "aria-label" | "placeholder", Some(quote)) => {
                scan.whole(Role::Attribute, value, Escape::Attribute(char::from(quote)));
            }
            _ => {}
        }
    }
    is_foreign
}
