//! Messages in XML: their text, and the elements in them.

use std::ops::Range;

use fanjian::Error;

use crate::{
    escape::Escape,
    placeholders::{Part, message_of_parts},
    scan::{Role, Scan, StandIn},
    xml::{Element, Event, Xml},
};

/// What an element that is no part of a message is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Outer<T> {
    /// Its content is a message.
    Message(Form),
    /// It is around others, and is this for them.
    Around(T),
}

/// Finds the messages of a document of XML. `outer` reads a start tag outside of messages, with what the elements around are; and
/// `inline` one in a message.
pub(crate) fn scan_messages<T>(
    source: &str,
    scan: &mut Scan<'_>,
    mut outer: impl FnMut(&Element<'_>, &[T], &mut Scan<'_>) -> Outer<T>,
    inline: impl Fn(&Element<'_>) -> Inline,
) -> Result<(), Error> {
    let mut message: Option<Message> = None;
    let mut open: Vec<T> = Vec::new();
    for event in Xml::new(source) {
        let event = event?;
        if let Some(current) = &mut message {
            if current.take(source, event, &inline, scan) {
                message = None;
            }
            continue;
        }
        match event {
            Event::Start(element) => match outer(&element, &open, scan) {
                Outer::Message(form) => message = Some(Message::new(form)),
                Outer::Around(this) => open.push(this),
            },
            Event::End(_) => _ = open.pop(),
            Event::Comment(raw) => scan.comment(&source[raw]),
            _ => {}
        }
    }
    Ok(())
}

/// What an element in a message is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Inline {
    /// Its text is a part of the message.
    Text,
    /// It stays with all in it, and counts for this.
    Kept(StandIn),
    /// It stays with all in it, and counts for nothing.
    Aside,
}

/// How the text of messages is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Form {
    /// As in all XML.
    Markup,
    /// With the backslashes of Android, too.
    Android,
}

/// Collects the message in an element whose start tag has been read.
#[derive(Debug)]
struct Message {
    form: Form,
    parts: Vec<Part>,
    /// How many elements of the message are open.
    depth: usize,
    /// The depth within an element that stays.
    kept: Option<usize>,
}

impl Message {
    fn new(form: Form) -> Message {
        Message { form, parts: Vec::new(), depth: 0, kept: None }
    }

    /// Takes an event. Returns whether it ends the element of the message; the message has then been added.
    fn take(
        &mut self,
        source: &str,
        event: Event<'_>,
        inline: impl FnOnce(&Element<'_>) -> Inline,
        scan: &mut Scan<'_>,
    ) -> bool {
        match event {
            Event::Start(element) => {
                self.depth += 1;
                if self.kept.is_none() {
                    let inline = inline(&element);
                    if let Inline::Kept(stand_in) = inline {
                        self.parts.push(Part::Kept(element.raw, stand_in));
                    }
                    self.kept = (inline != Inline::Text).then_some(self.depth);
                }
            }
            Event::End(_) if self.depth == 0 => {
                message_of_parts(source, Role::Text, &std::mem::take(&mut self.parts), scan);
                return true;
            }
            Event::End(_) => {
                if self.kept == Some(self.depth) {
                    self.kept = None;
                }
                self.depth -= 1;
            }
            Event::Text(raw) if self.kept.is_none() => match self.form {
                Form::Markup => self.parts.push(Part::Text(raw, Escape::Markup)),
                Form::Android => self.text_with_backslashes(source, raw),
            },
            Event::CData(raw) if self.kept.is_none() => {
                let escape = if self.form == Form::Markup { Escape::CData } else { Escape::BackslashApostrophe };
                self.parts.push(Part::Text(raw, escape));
            }
            Event::Comment(raw) => scan.comment(&source[raw]),
            _ => {}
        }
        false
    }

    /// Text with backslashes and entities: each entity is a part.
    fn text_with_backslashes(&mut self, source: &str, raw: Range<usize>) {
        let mut at = raw.start;
        while let Some(found) = memchr::memchr(b'&', &source.as_bytes()[at..raw.end]) {
            let start = at + found;
            let end = source[start..raw.end].find(';').map_or(raw.end, |len| start + len + 1);
            self.parts.push(Part::Text(at..start, Escape::Android));
            self.parts.push(Part::Text(start..end, Escape::Markup));
            at = end;
        }
        self.parts.push(Part::Text(at..raw.end, Escape::Android));
    }
}
