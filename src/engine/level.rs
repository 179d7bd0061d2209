use std::{
    fmt,
    sync::{Arc, OnceLock},
};

use fanjian_dictionary::{Dictionary, Found, Group};

use crate::{
    Config,
    engine::description::{self, Description},
    resolve,
};

/// The levels of a conversion, from the top: protected terms, normalization, segmentation, conversion chain.
#[derive(Clone, Debug)]
pub(crate) enum Levels {
    /// Those of a built-in configuration, with or without the tofu-risk dictionaries. They are made when they are needed,
    /// which they seldom are.
    Builtin(Config, bool),
    Made(Arc<[Level]>),
}

impl Levels {
    pub(crate) fn get(&self) -> &[Level] {
        match self {
            Levels::Made(levels) => levels,
            Levels::Builtin(config, tofu_risk) => {
                static MADE: [OnceLock<Vec<Level>>; 2 * Config::ALL.len()] =
                    [const { OnceLock::new() }; 2 * Config::ALL.len()];
                MADE[2 * *config as usize + usize::from(*tofu_risk)]
                    .get_or_init(|| resolve::builtin(*config, *tofu_risk))
            }
        }
    }
}

impl From<Vec<Level>> for Levels {
    fn from(levels: Vec<Level>) -> Levels {
        Levels::Made(levels.into())
    }
}

/// One level of a conversion: each takes the pieces of text that the level above gives it.
#[derive(Clone)]
pub(crate) struct Level {
    pub(crate) work: Work,
    /// The characters that begin a key, or a description sequence, as bits by code point. All others are copied.
    starts: Vec<u64>,
    /// See [`keeps_lines`](Level::keeps_lines). It takes a look at all entries.
    keeps_lines: OnceLock<bool>,
}

/// What a level does.
#[derive(Clone, Debug)]
pub(crate) enum Work {
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
    pub(crate) fn new(work: Work) -> Level {
        let mut starts = Vec::new();
        for dictionary in work.dictionaries() {
            add(&mut starts, dictionary.first_characters());
        }
        if !matches!(work, Work::Protect(_)) {
            add(&mut starts, description::operators());
        }
        Level { work, starts, keeps_lines: OnceLock::new() }
    }

    /// Whether the level cuts its text into pieces, rather than replacing some of it.
    pub(crate) fn cuts(&self) -> bool {
        matches!(self.work, Work::Protect(_) | Work::Segment { .. })
    }

    /// Whether no entry matches a line feed, and none gives the levels below an operator of ideographic description
    /// sequences.
    pub(crate) fn keeps_lines(&self) -> bool {
        *self.keeps_lines.get_or_init(|| {
            let keeps_lines = |(key, candidates): (&str, &[String])| {
                let makes_operator =
                    || candidates.first().is_some_and(|value| value.contains(description::is_operator));
                !key.contains('\n') && (self.cuts() || !makes_operator())
            };
            self.work.dictionaries().all(|dictionary| dictionary.to_entries().iter().all(keeps_lines))
        })
    }

    /// How many bytes at the beginning of `text` are characters with which nothing begins.
    #[inline]
    pub(crate) fn skip(&self, text: &str) -> usize {
        let begins = |character: char| {
            let code = character as usize;
            self.starts.get(code / 64).is_some_and(|word| word >> (code % 64) & 1 == 1)
        };
        text.char_indices().find(|&(_, character)| begins(character)).map_or(text.len(), |(at, _)| at)
    }

    /// The token that `text`, which is not empty, begins with. Nothing where that depends on what follows: where
    /// `text` is the `last` of its piece, nothing follows.
    #[inline]
    pub(crate) fn next_token(&self, text: &str, last: bool) -> Option<Token<'_>> {
        let (own, dictionaries) = self.work.groups();
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

impl Work {
    /// The group whose entries leave the conversion, and the group of the others.
    fn groups(&self) -> (Option<&Group>, Option<&Group>) {
        match self {
            Work::Protect(group) => (Some(group), None),
            Work::Segment { own, dictionaries } => (own.as_ref(), Some(dictionaries)),
            Work::Normalize(group) | Work::Convert(group) => (None, Some(group)),
        }
    }

    pub(crate) fn dictionaries(&self) -> impl Iterator<Item = &Dictionary> {
        let (own, others) = self.groups();
        own.into_iter().chain(others).flat_map(Group::dictionaries)
    }
}

impl fmt::Debug for Level {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.work.fmt(f)
    }
}

fn add(set: &mut Vec<u64>, words: impl Iterator<Item = u64>) {
    for (index, word) in words.enumerate() {
        match set.get_mut(index) {
            Some(present) => *present |= word,
            None => set.push(word),
        }
    }
}
