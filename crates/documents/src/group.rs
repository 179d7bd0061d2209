//! Groups of a document, as callers see them.

use fanjian::Segment;

/// What a text is for its readers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Role {
    /// Text that is read on: a paragraph, a cell, a subtitle, a message.
    Text,
    /// Text of an attribute, such as a title or the text in place of a picture.
    Attribute,
    /// Text about the document: title, author, keywords.
    Metadata,
    /// A note or a comment that readers see.
    Note,
    /// A name, such as that of a person who speaks.
    Name,
}

/// The text of a group.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Group {
    /// What it is for its readers.
    pub role: Role,
    /// The text, without the markup within. What stands in it for a placeholder is `8` or `X`.
    pub text: String,
    /// The part of an archive that it is in. None in a document that is a text.
    pub part: Option<String>,
    /// The place of its first piece, in bytes of the source or of the part.
    pub start: usize,
    /// Where the text goes on after markup, an escape or something that is left out: in bytes of the text, and of the source or of
    /// the part.
    pub(crate) places: Vec<(usize, usize)>,
}

impl Group {
    /// The place of a byte of the text, in bytes of the source or of the part.
    ///
    /// ```
    /// use fanjian::{Converter, Target};
    /// use fanjian_documents::{Format, Options, groups_of_text};
    ///
    /// # fn main() -> Result<(), fanjian::Error> {
    /// let source = "<p>头<b>发</b>&amp;干</p>";
    /// let groups = groups_of_text(source, Format::Html, &Options::new(Converter::for_target(Target::Taiwan)))?;
    /// assert_eq!(groups[0].text, "头发&干");
    /// let place = groups[0].place("头发&".len());
    /// assert_eq!(&source[place..place + "干".len()], "干");
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn place(&self, at: usize) -> usize {
        let before = self.places.partition_point(|&(of_text, _)| of_text <= at);
        let (of_text, of_source) = before.checked_sub(1).map_or((0, self.start), |last| self.places[last]);
        of_source + (at - of_text)
    }

    /// Moves all places behind so many bytes.
    pub(crate) fn move_behind(&mut self, bytes: usize) {
        self.start += bytes;
        self.places.iter_mut().for_each(|(_, of_source)| *of_source += bytes);
    }
}

/// The text of a group, and its conversion.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct SegmentedGroup {
    /// The group.
    pub group: Group,
    /// The segments of its text.
    pub segments: Vec<Segment>,
}

#[cfg(test)]
mod tests {
    use fanjian::{Converter, Target};

    use crate::{Format, Options, groups_of_text};

    /// What is in the source at the place of each character of the first text.
    fn places(source: &str, format: Format) -> String {
        let options = Options::new(Converter::for_target(Target::Taiwan));
        let groups = groups_of_text(source, format, &options).unwrap();
        let characters = groups[0].text.char_indices();
        characters.map(|(at, _)| source[groups[0].place(at)..].chars().next().unwrap()).collect()
    }

    #[test]
    fn each_character_has_its_place() {
        assert_eq!(places("<p>头<b>发</b>&#24178;&amp;了\u{ad}里 <i>干</i></p>", Format::Html), "头发&&了里 干");
        assert_eq!(places("\u{feff}<p>头&shy;发</p>", Format::Html), "头发");
        assert_eq!(places(r#"{"a": "头\u53d1\n里"}"#, Format::Json), r"头\\里");
        assert_eq!(places("1\n00:00:01,000 --> 00:00:02,000\n头<i>发</i>里\n", Format::Srt), "头发里");
    }
}
