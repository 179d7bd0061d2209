//! Cleaning of web pages that a machine has converted, and annotated with readings.

mod glosses;
mod readings;
mod repair;

use std::{fmt, ops::Range, str::FromStr};

use crate::{Error, ErrorKind};

pub use self::glosses::glosses;

/// When readings in a text are taken for a machine's glosses.
///
/// A gloss is a character, and behind it, in half-width parentheses, without spaces, one of its readings in pinyin:
/// 中國(guó)臺(tái)灣網(wǎng). Sites that convert their pages for a foreign audience put such glosses behind every
/// character of a list; textbooks, poems and careful authors put them where they help. The gates tell them apart, and need
/// the whole document for that.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub struct Gates {
    /// A character is glossed by a machine if so much of its occurrences is, from 0 to 1.
    pub share: f64,
    /// There are at least so many such characters.
    pub characters: usize,
    /// There are at least so many glosses of them.
    pub glosses: usize,
    /// So much of all glosses in the document is on characters that only Traditional text has, from 0 to 1.
    pub traditional: f64,
    /// The glossed characters are those that only Traditional text has.
    pub only_traditional: bool,
    /// The glosses are readings of their characters.
    pub only_readings: bool,
}

impl Default for Gates {
    fn default() -> Gates {
        Gates { share: 0.9, characters: 3, glosses: 5, traditional: 0.95, only_traditional: true, only_readings: true }
    }
}

/// What is done with a text that has glosses.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum GlossMode {
    /// Only tell.
    #[default]
    Report,
    /// Take the glosses out.
    Strip,
    /// Leave the whole text out.
    Drop,
    /// Take them out, and mend what they damaged where there is but one way to.
    Repair,
}

impl GlossMode {
    /// All of them.
    pub const ALL: [GlossMode; 4] = [GlossMode::Report, GlossMode::Strip, GlossMode::Drop, GlossMode::Repair];

    /// Its name, such as `strip`.
    pub fn name(self) -> &'static str {
        match self {
            GlossMode::Report => "report",
            GlossMode::Strip => "strip",
            GlossMode::Drop => "drop",
            GlossMode::Repair => "repair",
        }
    }
}

impl fmt::Display for GlossMode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl FromStr for GlossMode {
    type Err = Error;

    fn from_str(name: &str) -> Result<GlossMode, Error> {
        let found = GlossMode::ALL.into_iter().find(|mode| mode.name() == name);
        let names = GlossMode::ALL.map(GlossMode::name).join(", ");
        found.ok_or_else(|| {
            Error::new(ErrorKind::NotFound, format!("no way to treat glosses is named '{name}'; there are {names}"))
        })
    }
}

/// A gloss that a machine made.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Gloss {
    /// The glossed character.
    pub character: char,
    /// Its reading, as it stands in the text.
    pub reading: String,
    /// Where the reading and its parentheses stand, in bytes.
    pub span: Range<usize>,
}

/// Damage that glosses have done: they were put in by bytes of GBK, also where the last byte of one character and the first
/// byte of the next one are those of a third one.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Damage {
    /// Where it stands, with what is left of the gloss, in bytes.
    pub span: Range<usize>,
    /// What stood there, if there is but one text that becomes this.
    pub original: Option<String>,
}

/// What [`glosses`] found in a text.
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct Glosses {
    /// Glosses that a machine made, in order. None where the gates do not let it be said.
    pub glosses: Vec<Gloss>,
    /// What they damaged, in order. No damage lies within a gloss, nor a gloss within damage.
    pub damages: Vec<Damage>,
    /// How many different characters are glossed.
    pub characters: usize,
    /// How many of the Chinese characters of the text have a gloss, from 0 to 1.
    pub share: f64,
}

impl Glosses {
    /// Damage that cannot be mended.
    pub fn orphans(&self) -> impl Iterator<Item = &Damage> {
        self.damages.iter().filter(|damage| damage.original.is_none())
    }

    /// The text without its glosses, and, if `repair` says so, with what they damaged mended where that can be. `text` is
    /// the one that these were found in.
    pub fn strip(&self, text: &str, repair: bool) -> String {
        let glosses = self.glosses.iter().map(|gloss| (&gloss.span, ""));
        let mended = self.damages.iter().filter(|_| repair);
        let mended = mended.filter_map(|damage| Some((&damage.span, damage.original.as_deref()?)));
        let mut changes: Vec<_> = glosses.chain(mended).collect();
        changes.sort_by_key(|(span, _)| span.start);
        let mut clean = String::with_capacity(text.len());
        let mut at = 0;
        for (span, original) in changes {
            clean.push_str(text.get(at..span.start).unwrap_or_default());
            clean.push_str(original);
            at = span.end;
        }
        clean.push_str(text.get(at..).unwrap_or_default());
        clean
    }
}
