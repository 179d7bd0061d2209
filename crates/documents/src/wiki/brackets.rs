//! Which brackets of a page belong together, as MediaWiki's preprocessor finds them.

use std::collections::HashMap;

/// What is between brackets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Bracket {
    /// `<!-- … -->`
    Comment,
    /// An element whose content is no wikitext, such as `<nowiki>`.
    Raw,
    /// `{{…}}`
    Template,
    /// `{{{…}}}`
    Parameter,
    /// `-{…}-`: what the conversion of the wiki does at this place.
    Variant,
    /// `[[…]]`
    Link,
}

/// The elements whose content is no wikitext, or the names of categories.
const RAW: [&str; 18] = [
    "categorytree",
    "ce",
    "chem",
    "code",
    "dynamicpagelist",
    "graph",
    "hiero",
    "mapframe",
    "maplink",
    "math",
    "nowiki",
    "pre",
    "score",
    "source",
    "syntaxhighlight",
    "templatedata",
    "templatestyles",
    "timeline",
];

/// How deep brackets are found in brackets. MediaWiki's own limit is 100.
const DEPTH: usize = 100;

/// Brackets that are open.
enum Open {
    /// A run of braces: where it begins, and how many of them are not closed.
    Braces(usize, usize),
    Variant(usize),
    Link(usize),
}

/// Where what begins at a byte ends, behind its closing bracket. In one pass: the innermost brackets are closed first, and those
/// that are never closed are none.
pub(crate) fn brackets(source: &str) -> HashMap<usize, (Bracket, usize)> {
    let bytes = source.as_bytes();
    let (mut found, mut open) = (HashMap::new(), Vec::new());
    // The elements that have no end from here on.
    let mut endless: Vec<&str> = Vec::new();
    let mut at = 0;
    while let Some(len) = bytes[at..].iter().position(|byte| b"<{}[]-".contains(byte)) {
        at += len;
        let rest = &bytes[at..];
        match rest {
            [b'<', b'!', b'-', b'-', ..] => {
                let end = memchr::memmem::find(&rest[4..], b"-->").map_or(source.len(), |len| at + 4 + len + 3);
                found.insert(at, (Bracket::Comment, end));
                at = end;
            }
            [b'<', ..] => {
                let name = RAW.iter().find(|name| !endless.contains(*name) && is_tag(&rest[1..], name));
                let end = name.and_then(|name| {
                    let end = raw_end(source, at, name);
                    endless.extend(end.is_none().then_some(*name));
                    end
                });
                if let Some(end) = end {
                    found.insert(at, (Bracket::Raw, end));
                }
                at = end.unwrap_or(at + 1);
            }
            [b'-', b'{', next, ..] if *next != b'{' && open.len() < DEPTH => {
                open.push(Open::Variant(at));
                at += 2;
            }
            [b'}', b'-', ..] if matches!(open.last(), Some(Open::Variant(_))) => {
                at += 2;
                if let Some(Open::Variant(start)) = open.pop() {
                    found.insert(start, (Bracket::Variant, at));
                }
            }
            [b'[', b'[', ..] if open.len() < DEPTH => {
                open.push(Open::Link(at));
                at += 2;
            }
            [b']', b']', ..] if matches!(open.last(), Some(Open::Link(_))) => {
                at += 2;
                if let Some(Open::Link(start)) = open.pop() {
                    found.insert(start, (Bracket::Link, at));
                }
            }
            [b'{', ..] => {
                let count = rest.iter().take_while(|byte| **byte == b'{').count();
                if count > 1 && open.len() < DEPTH {
                    open.push(Open::Braces(at, count));
                }
                at += count;
            }
            [b'}', b'}', ..] => match open.last_mut() {
                Some(Open::Braces(start, count)) => {
                    let closing = rest.iter().take_while(|byte| **byte == b'}').count();
                    let matched = closing.min(*count).min(3);
                    let bracket = if matched == 3 { Bracket::Parameter } else { Bracket::Template };
                    at += matched;
                    *count -= matched;
                    found.insert(*start + *count, (bracket, at));
                    if *count < 2 {
                        open.pop();
                    }
                }
                _ => at += 1,
            },
            _ => at += 1,
        }
    }
    found
}

/// Whether the tag of an element of this name begins here, behind `<`.
pub(crate) fn is_tag(rest: &[u8], name: &str) -> bool {
    let start = rest.get(..name.len()).is_some_and(|start| start.eq_ignore_ascii_case(name.as_bytes()));
    start && matches!(rest.get(name.len()), Some(b'>' | b'/' | b' ' | b'\t' | b'\n' | b'\r'))
}

/// Where an element ends: at its tag, if that closes itself, or behind its closing tag.
fn raw_end(source: &str, start: usize, name: &str) -> Option<usize> {
    let bytes = source.as_bytes();
    let open = start + memchr::memchr(b'>', &bytes[start..])? + 1;
    if bytes[open - 2] == b'/' {
        return Some(open);
    }
    let is_close = |at: &usize| {
        let end = bytes.get(at + 2..at + 2 + name.len());
        bytes[at + 1..].starts_with(b"/") && end.is_some_and(|end| end.eq_ignore_ascii_case(name.as_bytes()))
    };
    let close = memchr::memchr_iter(b'<', &bytes[open..]).map(|at| open + at).find(is_close)?;
    Some(close + memchr::memchr(b'>', &bytes[close..])? + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn brackets_are_found() {
        let shown = |source: &str| {
            let mut found: Vec<_> = brackets(source).into_iter().collect();
            found.sort_by_key(|(start, _)| *start);
            found
                .into_iter()
                .map(|(start, (bracket, end))| (bracket, source[start..end].to_owned()))
                .collect::<Vec<_>>()
        };
        let of = |bracket, text: &str| (bracket, text.to_owned());
        assert_eq!(
            shown("{{a|{{{b}}}}} [[c|-{d}-]] {{e"),
            [
                of(Bracket::Template, "{{a|{{{b}}}}}"),
                of(Bracket::Parameter, "{{{b}}}"),
                of(Bracket::Link, "[[c|-{d}-]]"),
                of(Bracket::Variant, "-{d}-"),
            ]
        );
        assert_eq!(
            shown("<!-- [[ --><nowiki>]]</NOWIKI><math/><pre>"),
            [of(Bracket::Comment, "<!-- [[ -->"), of(Bracket::Raw, "<nowiki>]]</NOWIKI>"), of(Bracket::Raw, "<math/>"),]
        );
        assert_eq!(shown("{{{{a}}}} ]] }}"), [of(Bracket::Parameter, "{{{a}}}")]);
    }
}
