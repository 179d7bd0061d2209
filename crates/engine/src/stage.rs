//! The stages of a conversion, and what each finds at the beginning of a text.

use std::{
    fmt,
    sync::{Arc, OnceLock},
};

use fanjian_dictionary::{Dictionary, Found, Group};

#[cfg(feature = "compile")]
use crate::deferred::Deferred;
use crate::{
    description::{self, Description},
    overlay::Overlay,
    word_table::WordTable,
};

/// The stages of a conversion, in their order: protected terms, normalization, segmentation, conversion chain.
#[derive(Clone)]
pub enum Stages {
    /// Made when they are needed first, which for those with [tables](crate::FusedTables) is seldom.
    Lazy(&'static OnceLock<Vec<Stage>>, MakeStages),
    /// Made already.
    Made(Arc<[Stage]>),
    /// Made already, of a configuration that has tables, with own words or protected terms laid over it.
    Overlaid(Arc<[Stage]>, Arc<Overlay>),
    /// Made already, of a configuration whose tables are made when they pay.
    #[cfg(feature = "compile")]
    Deferred(Arc<[Stage]>, Arc<Deferred>),
}

/// Makes stages: those of this number.
pub type MakeStages = (fn(usize) -> Vec<Stage>, usize);

impl Stages {
    /// The stages.
    pub fn get(&self) -> &[Stage] {
        match self {
            Stages::Made(stages) | Stages::Overlaid(stages, _) => stages,
            #[cfg(feature = "compile")]
            Stages::Deferred(stages, _) => stages,
            Stages::Lazy(stages, (make, number)) => stages.get_or_init(|| make(*number)),
        }
    }

    /// What is laid over the tables of a configuration, if that is how they are converted.
    pub(crate) fn overlay(&self) -> Option<&Overlay> {
        // Nothing lays words over tables that are alone: the code for them is left out.
        if cfg!(fanjian_tables_alone) {
            return None;
        }
        match self {
            Stages::Overlaid(_, overlay) => Some(overlay),
            #[cfg(feature = "compile")]
            Stages::Deferred(_, deferred) => deferred.made(),
            _ => None,
        }
    }

    /// The same for a text of this many bytes, for which tables may be made now.
    pub(crate) fn overlay_for(&self, len: usize) -> Option<&Overlay> {
        if cfg!(fanjian_tables_alone) {
            return None;
        }
        #[cfg(feature = "compile")]
        if let Stages::Deferred(_, deferred) = self {
            return deferred.for_text(len);
        }
        let _ = len;
        self.overlay()
    }

    /// Makes what is made when it is needed first: stages, and tables.
    pub fn prepare(&self) {
        self.get();
        #[cfg(feature = "compile")]
        if let Stages::Deferred(_, deferred) = self {
            deferred.make();
        }
    }

    /// The same stages, to be run by the reference chain alone.
    #[must_use]
    pub fn without_overlay(&self) -> Stages {
        match self {
            Stages::Overlaid(stages, _) => Stages::Made(Arc::clone(stages)),
            #[cfg(feature = "compile")]
            Stages::Deferred(stages, _) => Stages::Made(Arc::clone(stages)),
            stages => stages.clone(),
        }
    }
}

impl fmt::Debug for Stages {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.get().fmt(f)
    }
}

impl From<Vec<Stage>> for Stages {
    fn from(stages: Vec<Stage>) -> Stages {
        Stages::Made(stages.into())
    }
}

/// One stage of a conversion: each takes the pieces of text that the stage before it puts out.
#[derive(Clone)]
pub struct Stage {
    pub(crate) kind: StageKind,
    /// The characters that begin a key, or a description sequence, as bits by code point. All others are copied.
    starts: Vec<u64>,
    /// Whether a key begins with an operator of description sequences.
    begins_with_operator: bool,
    /// See [`keeps_lines`](Stage::keeps_lines). It takes a look at all entries.
    keeps_lines: OnceLock<bool>,
    /// See [`own_words`](Stage::own_words).
    own_words: OnceLock<WordTable>,
}

/// What a stage does.
#[derive(Clone, Debug)]
pub enum StageKind {
    /// Takes protected terms out of the conversion. The texts between them go on, each on its own.
    Protect(Group),
    /// Replaces what the normalization dictionaries hold.
    Normalize(Group),
    /// Cuts a text into segments. An entry of the user's own dictionaries is replaced and leaves the conversion.
    Segment {
        /// The user's own dictionaries.
        user: Option<Group>,
        /// Those that cut the text.
        dictionaries: Group,
    },
    /// Replaces what the dictionaries of a stage of the conversion chain hold.
    Convert(Group),
}

/// What a piece of text begins with, as a stage sees it.
#[derive(Clone, Copy)]
pub(crate) enum Token<'l> {
    /// An entry that ends its key's way through the conversion: its value is output as it is.
    Leaves(Found<'l>),
    /// An entry whose key is replaced by its value, or becomes a segment.
    Entry(Found<'l>),
    /// The length in bytes of what no entry holds: a character, or an ideographic description sequence.
    Copied(usize),
}

impl Stage {
    /// A stage of this kind.
    pub fn new(kind: StageKind) -> Stage {
        let mut starts = Vec::new();
        for dictionary in kind.dictionaries() {
            add(&mut starts, dictionary.first_characters());
        }
        let begins_with_operator =
            description::operators().zip(&starts).any(|(operators, begin)| operators & begin != 0);
        if !matches!(kind, StageKind::Protect(_)) {
            add(&mut starts, description::operators());
        }
        Stage { kind, starts, begins_with_operator, keeps_lines: OnceLock::new(), own_words: OnceLock::new() }
    }

    /// Whether the stage cuts its text into pieces, rather than replacing some of it.
    pub(crate) fn cuts(&self) -> bool {
        matches!(self.kind, StageKind::Protect(_) | StageKind::Segment { .. })
    }

    /// The user's own words, if it cuts by some. The first call makes the table.
    pub fn own_words(&self) -> Option<&WordTable> {
        match &self.kind {
            StageKind::Segment { user: Some(own), .. } => Some(self.own_words.get_or_init(|| WordTable::new(own))),
            _ => None,
        }
    }

    /// What it does.
    pub fn kind(&self) -> &StageKind {
        &self.kind
    }

    /// Whether no entry matches a line feed, and none gives the stages below an operator of ideographic description
    /// sequences.
    pub(crate) fn keeps_lines(&self) -> bool {
        *self.keeps_lines.get_or_init(|| {
            let keeps_lines = |(key, candidates): (&str, &[String])| {
                let makes_operator =
                    || candidates.first().is_some_and(|value| value.contains(description::is_operator));
                !key.contains('\n') && (self.cuts() || !makes_operator())
            };
            self.kind.dictionaries().all(|dictionary| dictionary.to_entries().iter().all(keeps_lines))
        })
    }

    /// How many bytes at the beginning of `text` are characters with which nothing begins.
    #[inline]
    pub fn skip(&self, text: &str) -> usize {
        let begins = |character: char| {
            let code = character as usize;
            self.starts.get(code / 64).is_some_and(|word| word >> (code % 64) & 1 == 1)
        };
        let mut at = 0;
        loop {
            let rest = &text[at..];
            at += rest.char_indices().find(|&(_, character)| begins(character)).map_or(rest.len(), |(at, _)| at);
            let too_deep = if self.begins_with_operator { 0 } else { description::too_deep(&text[at..]) };
            if too_deep == 0 {
                return at;
            }
            at += too_deep;
        }
    }

    /// The token that `text`, which is not empty, begins with. None if that depends on what follows: if
    /// `text` is the `last` of its piece, nothing follows.
    #[inline]
    pub(crate) fn next_token(&self, text: &str, last: bool) -> Option<Token<'_>> {
        let (user, dictionaries) = self.kind.groups();
        let character = text.chars().next().map_or(0, char::len_utf8);
        let mut own = None;
        if let Some(user) = user {
            let search = user.search(text);
            if search.open && !last {
                return None;
            }
            own = search.found;
        }
        let Some(dictionaries) = dictionaries else {
            return Some(own.map_or(Token::Copied(character), Token::Leaves));
        };
        let search = dictionaries.search(text);
        if search.open && !last {
            return None;
        }
        // A longer word that holds an own one stays whole.
        match (own, search.found) {
            (Some(own), Some(found)) if found.len > own.len => return Some(Token::Entry(found)),
            (Some(own), _) => return Some(Token::Leaves(own)),
            (None, Some(found)) => return Some(Token::Entry(found)),
            (None, None) => {}
        }
        match description::read(text) {
            Description::Complete(len) => Some(Token::Copied(len)),
            Description::CutOff if !last => None,
            Description::CutOff | Description::None => Some(Token::Copied(character)),
        }
    }
}

impl StageKind {
    /// The group whose entries leave the conversion, and the group of the others.
    fn groups(&self) -> (Option<&Group>, Option<&Group>) {
        match self {
            StageKind::Protect(group) => (Some(group), None),
            StageKind::Segment { user, dictionaries } => (user.as_ref(), Some(dictionaries)),
            StageKind::Normalize(group) | StageKind::Convert(group) => (None, Some(group)),
        }
    }

    /// All dictionaries of the stage.
    pub fn dictionaries(&self) -> impl Iterator<Item = &Dictionary> {
        let (user, others) = self.groups();
        user.into_iter().chain(others).flat_map(Group::dictionaries)
    }
}

impl fmt::Debug for Stage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.kind.fmt(f)
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
