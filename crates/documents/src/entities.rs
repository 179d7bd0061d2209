//! The entities that a document of XML declares in itself: their text is a part of the document.

use std::ops::Range;

use crate::{
    data::{BLANKS, values::is_reference},
    escape::Escape,
    scan::{Role, Scan},
    xml::{Event, Xml},
};

/// Finds the text of general entities: `<!ENTITY name "text">` in the document's own declarations. Those of parameters and those
/// that stand in files of their own stay, and so does the name of something. Nothing is found in what is not well-formed.
pub(crate) fn scan(source: &str, scan: &mut Scan<'_>) {
    let mut declared = None;
    for event in Xml::new(source) {
        match event {
            Ok(Event::Other(raw)) if source[raw.clone()].starts_with("<!DOCTYPE") => declared = Some(raw),
            Ok(Event::Start(root)) => {
                let language = root.language().map(|language| language.value);
                if language.is_some_and(|language| !scan.options.languages.takes(language)) {
                    return;
                }
                break;
            }
            Ok(_) => {}
            Err(_) => return,
        }
    }
    let Some(declared) = declared else { return };
    let Some(open) = memchr::memchr(b'[', &source.as_bytes()[declared.clone()]) else { return };
    let mut at = declared.start + open + 1;
    while let Some(len) = memchr::memchr3(b'<', b']', b'%', &source.as_bytes()[at..declared.end]) {
        at += len;
        let rest = &source[at..declared.end];
        let Some(declaration) = Declaration::read(rest) else { return };
        match declaration.content {
            Content::Comment(text) => scan.comment(&rest[text]),
            Content::Entity(text) => {
                let quote = rest[..text.start].chars().next_back().unwrap_or('"');
                value(source, at + text.start..at + text.end, Escape::Attribute(quote), scan);
            }
            Content::Other => {}
        }
        at += declaration.len;
    }
}

/// Adds the text of an entity, whose markup words go on over.
fn value(source: &str, raw: Range<usize>, escape: Escape, scan: &mut Scan<'_>) {
    if is_reference(&source[raw.clone()]) {
        return;
    }
    let group = scan.group(Role::Text);
    let mut at = raw.start;
    while at < raw.end {
        let rest = &source[at..raw.end];
        let markup = rest.find('<').unwrap_or(rest.len());
        scan.text(group, at..at + markup, escape);
        at += rest[markup..].find('>').map_or(rest.len(), |len| markup + len + 1);
    }
}

/// What a declaration has.
enum Content {
    Comment(Range<usize>),
    /// The value of a general entity.
    Entity(Range<usize>),
    Other,
}

/// A declaration, a comment, an instruction or a reference among declarations.
struct Declaration {
    content: Content,
    len: usize,
}

impl Declaration {
    /// None at the end of all, or if it has no end.
    fn read(text: &str) -> Option<Declaration> {
        let other = |len| Some(Declaration { content: Content::Other, len });
        let end = |mark: &str| Some(text.find(mark)? + mark.len());
        if let Some(comment) = text.strip_prefix("<!--") {
            let end = 4 + comment.find("-->")?;
            return Some(Declaration { content: Content::Comment(4..end), len: end + 3 });
        }
        match text.as_bytes() {
            [b'<', b'?', ..] => return other(end("?>")?),
            [b'%', ..] => return other(end(";")?),
            [b'<', b'!', ..] => {}
            _ => return None,
        }
        // Values may have angle brackets.
        let (mut at, mut first) = (2, None);
        loop {
            at += text[at..].find(['"', '\'', '>'])?;
            let mark = text[at..].chars().next()?;
            if mark == '>' {
                break;
            }
            let len = text[at + 1..].find(mark)?;
            first = first.or(Some(at + 1..at + 1 + len));
            at += len + 2;
        }
        let content =
            first.filter(|value| is_general(&text[..value.start - 1])).map_or(Content::Other, Content::Entity);
        Some(Declaration { content, len: at + 1 })
    }
}

/// Whether what stands before a value declares a general entity of this text.
fn is_general(before: &str) -> bool {
    let Some(rest) = before.strip_prefix("<!ENTITY").filter(|rest| rest.starts_with(BLANKS)) else { return false };
    let mut words = rest.split(BLANKS).filter(|word| !word.is_empty());
    words.next().is_some_and(|name| name != "%") && words.next().is_none()
}
