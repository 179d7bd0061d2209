//! A walk over the elements of an Office document's part: to which group the characters of each belong.

use std::ops::Range;

use fanjian::Error;

use crate::{
    escape::Escape,
    scan::{Group, Role, Scan, StandIn},
    xml::{Attribute, Element, Event, Xml},
};

/// What the characters of an element are. Those of elements within are not of it.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Characters {
    /// No text.
    Other,
    /// Text of the group that the element is in, if it is in one.
    Text,
    /// The name of a language.
    Language,
    /// A source of its own, such as a formula, in this range of the part and in this group.
    Scanned(fn(&mut Scan<'_>, &str, Option<Group>, Range<usize>, Escape)),
}

/// What is known of an element that is open. One within it begins with the same.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Frame<'s, V> {
    pub(crate) vocabulary: V,
    pub(crate) local: &'s str,
    /// The role of the paragraphs within.
    pub(crate) role: Role,
    /// The group of the text within. None: outside of paragraphs.
    pub(crate) group: Option<Group>,
    pub(crate) characters: Characters,
    /// The text within is in a language that is not converted.
    pub(crate) is_foreign: bool,
    /// Nothing within is text.
    pub(crate) is_left: bool,
}

/// The open elements of a part.
pub(crate) struct Walk<'s, 'w, 'o, V> {
    pub(crate) source: &'s str,
    pub(crate) scan: &'w mut Scan<'o>,
    /// The first one is the document.
    stack: Vec<Frame<'s, V>>,
}

impl<'s, V: Copy> Walk<'s, '_, '_, V> {
    /// The element whose start tag was the last.
    pub(crate) fn top(&mut self) -> &mut Frame<'s, V> {
        self.stack.last_mut().expect("the document is never closed")
    }

    /// An element around: its parent by 1, or the document if there are fewer.
    pub(crate) fn around(&mut self, levels: usize) -> &mut Frame<'s, V> {
        let at = self.stack.len().saturating_sub(levels + 1);
        &mut self.stack[at]
    }

    /// Whether an element of this name is around.
    pub(crate) fn is_within(&self, local: &str) -> bool {
        self.stack.iter().rev().any(|frame| frame.local == local)
    }

    /// Begins a group for the text of the element: a paragraph, or an aside, which does not end the group around it.
    pub(crate) fn begin_group(&mut self) {
        let role = self.top().role;
        let group = self.scan.group(role);
        self.top().group = Some(group);
    }

    /// The element's own characters are text of the group that it is in, if it is in one.
    pub(crate) fn begin_text(&mut self) {
        self.top().characters = Characters::Text;
    }

    /// The element's own characters are a group.
    pub(crate) fn begin_text_group(&mut self) {
        self.begin_group();
        self.begin_text();
    }

    /// Leaves all that is in the element.
    pub(crate) fn leave(&mut self) {
        self.top().is_left = true;
    }

    /// Separates the words before the element from those behind it.
    pub(crate) fn break_words(&mut self, element: &Element<'_>) {
        if let Some(group) = self.top().group {
            self.scan.kept(group, element.raw.start..element.raw.start, StandIn::Break);
        }
    }

    /// The value of an attribute is text by itself.
    pub(crate) fn attribute(&mut self, attribute: Option<&Attribute<'_>>, role: Role) {
        if let Some(Attribute { raw, escape, .. }) = attribute {
            self.scan.whole(role, raw.clone(), *escape);
        }
    }

    /// The value of an attribute is the name of a language.
    pub(crate) fn tag(&mut self, attribute: Option<&Attribute<'_>>) {
        if let Some(attribute) = attribute {
            self.scan.tag(attribute.raw.clone());
        }
    }

    /// Whether text in this language stays. Office marks much text in one kind of Chinese as being in the other one, by the
    /// keyboard with which it was typed: that a text is Chinese never keeps it.
    pub(crate) fn is_foreign(&self, language: &str) -> bool {
        let is_chinese = language.get(..2).is_some_and(|code| code.eq_ignore_ascii_case("zh"));
        !is_chinese && !self.scan.options.languages.takes(language)
    }

    fn characters(&mut self, range: Range<usize>, escape: Escape) {
        let frame = *self.top();
        match (frame.characters, frame.group) {
            (Characters::Text, Some(group)) if frame.is_foreign => self.scan.kept(group, range, StandIn::Word),
            (Characters::Text, Some(group)) => self.scan.text(group, range, escape),
            (Characters::Language, _) => self.scan.tag(range),
            (Characters::Scanned(scan), group) => scan(self.scan, self.source, group, range, escape),
            _ => {}
        }
    }
}

/// Walks over a part. `start` is called for each start tag outside of what is left, with its frame on the top, and says
/// what the element is by changing that.
pub(crate) fn walk<'s, 'o, V: Copy>(
    source: &'s str,
    scan: &mut Scan<'o>,
    document: V,
    vocabulary: fn(&str) -> V,
    mut start: impl FnMut(&mut Walk<'s, '_, 'o, V>, &Element<'s>),
) -> Result<(), Error> {
    let frame = Frame {
        vocabulary: document,
        local: "",
        role: Role::Text,
        group: None,
        characters: Characters::Other,
        is_foreign: false,
        is_left: false,
    };
    let mut walk = Walk { source, scan, stack: vec![frame] };
    for event in Xml::new(source) {
        match event? {
            Event::Start(element) => {
                let around = *walk.top();
                let vocabulary = vocabulary(element.name.namespace);
                walk.stack.push(Frame {
                    vocabulary,
                    local: element.name.local,
                    characters: Characters::Other,
                    ..around
                });
                if !around.is_left {
                    start(&mut walk, &element);
                }
            }
            Event::End(_) => _ = walk.stack.pop(),
            Event::Text(range) => walk.characters(range, Escape::Markup),
            Event::CData(range) => walk.characters(range, Escape::CData),
            Event::Comment(range) => walk.scan.comment(&source[range]),
            Event::Declaration(_) | Event::Other(_) => {}
        }
    }
    Ok(())
}
