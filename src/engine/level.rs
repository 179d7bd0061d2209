use crate::engine::{
    description::{self, Description},
    group::{Found, Group},
};

/// One level of a conversion: each takes the pieces of text that the level above gives it.
///
/// The levels of a configuration, from the top: protected terms, normalization, segmentation, conversion chain.
#[derive(Clone, Debug)]
pub(crate) enum Level {
    /// Takes protected terms out of the conversion. What stands between them goes on, each as a text of its own.
    Protect(Group),
    /// Replaces what the normalization dictionaries hold.
    Normalize(Group),
    /// Cuts a text into segments. What the user's own dictionaries hold is replaced and leaves the conversion.
    Segment { own: Option<Group>, dictionaries: Group },
    /// Replaces what the dictionaries of a stage of the conversion chain hold.
    Convert(Group),
}

/// What stands at the beginning of a piece of text, as a level sees it.
#[derive(Clone, Copy)]
pub(crate) enum Token<'l> {
    /// An entry that ends its key's way through the conversion: its value is output as it is.
    Leaves(Found<'l>),
    /// An entry whose key is replaced by its value, or becomes a segment.
    Entry(Found<'l>),
    /// So many bytes that no entry holds: a character, or an ideographic description sequence.
    Copied(usize),
}

impl Level {
    /// The token that `text`, which is not empty, begins with. Nothing where that depends on what follows: where
    /// `text` is the `last` of its piece, nothing follows.
    #[inline]
    pub(crate) fn next_token(&self, text: &str, last: bool) -> Option<Token<'_>> {
        let (own, dictionaries) = match self {
            Level::Protect(group) => (Some(group), None),
            Level::Segment { own, dictionaries } => (own.as_ref(), Some(dictionaries)),
            Level::Normalize(group) | Level::Convert(group) => (None, Some(group)),
        };
        if let Some(own) = own {
            let search = own.search(text);
            if search.open && !last {
                return None;
            }
            if let Some(found) = search.found {
                return Some(Token::Leaves(found));
            }
        }
        let character = text.chars().next().map_or(0, char::len_utf8);
        let Some(dictionaries) = dictionaries else {
            return Some(Token::Copied(character));
        };
        let search = dictionaries.search(text);
        if search.open && !last {
            return None;
        }
        if let Some(found) = search.found {
            return Some(Token::Entry(found));
        }
        match description::read(text) {
            Description::Complete(len) => Some(Token::Copied(len)),
            Description::CutOff if !last => None,
            Description::CutOff | Description::None => Some(Token::Copied(character)),
        }
    }
}
