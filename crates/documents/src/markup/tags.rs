//! A tag of HTML that stands in another format.

use std::ops::Range;

use html5gum::{Token, Tokenizer, emitters::default::DefaultEmitter};

use super::{
    elements::{CLASS, Class, HREF, LANG, Name, TRANSLATE, XML_LANG, class, is_text_attribute, is_void},
    page::is_class_of_untranslated,
    start_tag::Attribute,
};
use crate::{
    escape::Escape,
    scan::{Role, Scan},
};

/// A start tag or an end tag.
#[derive(Clone, Debug)]
pub(crate) struct Tag {
    pub(crate) name: Name,
    pub(crate) is_end: bool,
    /// It ends with `/>`, or its element has no content.
    pub(crate) is_empty: bool,
    is_component: bool,
    attributes: Vec<Attribute>,
}

impl Tag {
    /// Reads a tag: all from `<` to `>`. None if it is none.
    pub(crate) fn read(text: &str) -> Option<Tag> {
        let tokens = Tokenizer::new_with_emitter(text, DefaultEmitter::<usize>::new_with_span());
        for token in tokens {
            match token.ok()? {
                Token::StartTag(tag) => {
                    let mut attributes: Vec<_> = tag
                        .attributes
                        .iter()
                        .filter_map(|(name, value)| attribute(text, name, value.span.start))
                        .collect();
                    attributes.sort_by_key(|attribute| attribute.raw.start);
                    let name = name(&tag.name);
                    let is_empty = tag.self_closing || is_void(name);
                    return Some(Tag { name, is_end: false, is_empty, is_component: is_component(text), attributes });
                }
                Token::EndTag(tag) => {
                    let (name, is_component) = (name(&tag.name), is_component(text));
                    return Some(Tag { name, is_end: true, is_empty: false, is_component, attributes: Vec::new() });
                }
                _ => {}
            }
        }
        None
    }

    /// What its element is to the text around. Components have a hyphen in their names or begin with a capital letter.
    pub(crate) fn class(&self) -> Class {
        class(self.name, self.is_component)
    }

    /// Takes the attributes that are text or the name of a language; `place` is where a range of the tag's text is in the
    /// source. Returns whether the text within stays, because of its language or of a mark.
    ///
    /// Text without quotation marks stays: it may be code of a template.
    pub(crate) fn take_attributes(
        &self,
        text: &str,
        place: impl Fn(Range<usize>) -> Option<Range<usize>>,
        scan: &mut Scan<'_>,
    ) -> bool {
        let (mut is_foreign, mut is_translated) = (false, true);
        for attribute in &self.attributes {
            let value = &text[attribute.raw.clone()];
            match attribute.name {
                TRANSLATE => is_translated &= !value.trim().eq_ignore_ascii_case("no"),
                CLASS => is_translated &= !value.split_ascii_whitespace().any(is_class_of_untranslated),
                LANG | XML_LANG if !value.is_empty() => is_foreign |= !scan.options.languages.takes(value),
                _ => {}
            }
        }
        for attribute in self.attributes.iter().filter(|_| is_translated) {
            let Some(raw) = place(attribute.raw.clone()).filter(|raw| !raw.is_empty()) else { continue };
            match attribute.name {
                LANG | XML_LANG => scan.tag(raw),
                name if is_text_attribute(name) && attribute.quote != '\0' && !is_foreign => {
                    scan.whole(Role::Attribute, raw, Escape::Attribute(attribute.quote));
                }
                _ => {}
            }
        }
        is_foreign || !is_translated
    }

    /// The address that the tag is a link to, in bytes of the tag's text. None if a character in it is written as an entity.
    pub(crate) fn address(&self, text: &str) -> Option<Range<usize>> {
        let href = self.attributes.iter().find(|attribute| attribute.name == HREF)?;
        (!text[href.raw.clone()].contains('&')).then(|| href.raw.clone())
    }
}

fn name(name: &[u8]) -> Name {
    let mut packed = Name::default();
    packed.push(name);
    packed
}

fn is_component(tag: &str) -> bool {
    let name = tag.trim_start_matches(['<', '/']);
    let name = &name[..name.find(|c: char| c.is_ascii_whitespace() || matches!(c, '/' | '>')).unwrap_or(name.len())];
    name.contains('-')
        || (name.starts_with(|c: char| c.is_ascii_uppercase()) && name.bytes().any(|byte| byte.is_ascii_lowercase()))
}

/// The place of the value of the attribute whose name begins at `start`.
fn attribute(text: &str, packed: &[u8], start: usize) -> Option<Attribute> {
    let rest = text.get(start + packed.len()..)?.trim_start().strip_prefix('=')?.trim_start();
    let quote = rest.chars().next().filter(|first| matches!(first, '"' | '\''));
    let value = &rest[quote.map_or(0, char::len_utf8)..];
    let len = match quote {
        Some(quote) => value.find(quote)?,
        None => value.find(|c: char| c.is_ascii_whitespace() || c == '>')?,
    };
    let at = text.len() - value.len();
    Some(Attribute { name: name(packed), raw: at..at + len, quote: quote.unwrap_or('\0') })
}

#[cfg(test)]
mod tests {
    use super::{super::elements::TITLE, *};

    #[test]
    fn values_are_found() {
        let text = "<A Title = \"头>发\" href='#头' lang=zh-CN alt>";
        let tag = Tag::read(text).unwrap();
        let values: Vec<_> = tag.attributes.iter().map(|found| (&text[found.raw.clone()], found.quote)).collect();
        assert_eq!(values, [("头>发", '"'), ("#头", '\''), ("zh-CN", '\0')]);
        assert_eq!(tag.attributes[0].name, TITLE);
        assert_eq!(&text[tag.address(text).unwrap()], "#头");
        assert!(!tag.is_end && !tag.is_empty && tag.class() == Class::Inline);
        assert!(Tag::read("</div>").is_some_and(|tag| tag.is_end && tag.class() == Class::Block));
        assert!(Tag::read("<img/>").is_some_and(|tag| tag.is_empty));
        assert!(Tag::read("<Tabs>").is_some_and(|tag| tag.class() == Class::Block));
        assert!(Tag::read("<!-- a -->").is_none());
    }
}
