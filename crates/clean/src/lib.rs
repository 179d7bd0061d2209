//! Cleaning of web pages that a machine has converted, and annotated with readings.
//!
//! [`glosses`] finds the readings that a machine put behind characters, and what they damaged. [`clean`] does all that can be
//! done for a page: it takes them out, mends the damage, and makes right text of a region of the bad conversion.
//!
//! ```
//! use fanjian::{Converter, Target};
//! use fanjian_clean::{Options, GlossMode, clean};
//!
//! let page = "中国台湾网\n中國(guó)臺(tái)灣網(wǎng)，國(guó)際(jì)網(wǎng)臺(tái)：黨員干部發(fā)自?xún)?nèi)心的戰斗\n";
//! let converter = Converter::for_target(Target::Taiwan);
//! let options = Options { glosses: GlossMode::Repair, converter: Some(converter), ..Options::default() };
//! let cleaned = clean(page, &options);
//! assert_eq!(cleaned.text.as_deref(), Some("中國台灣網\n中國臺灣網，國際網臺：黨員幹部發自內心的戰鬥\n"));
//! assert_eq!(cleaned.found.glosses.len(), 8);
//! ```
//!
//! The page `docs/cleaning.md` in the repository tells how, and what is measured.

mod glosses;
mod readings;
mod repair;

use std::{borrow::Cow, convert::Infallible, fmt, ops::Range, str::FromStr};

use fanjian::{Config, Converter, Error, ErrorKind, Script, detect};

pub use crate::glosses::glosses;

/// When readings in a text are taken for a machine's glosses.
///
/// A gloss is a character, and behind it, in half-width parentheses, without spaces, one of its readings in pinyin:
/// 中國(guó)臺(tái)灣網(wǎng). Sites that convert their pages for a foreign audience put such glosses behind every
/// character of a list; textbooks, poems and careful authors put them where they help. The thresholds tell them apart, and need
/// the whole document for that.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub struct Thresholds {
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
    /// The glosses are readings of their characters; else any syllable will do.
    pub only_readings: bool,
    /// The parentheses are half-width ones, and nothing but the reading is in them, and nothing before them; else full-width ones
    /// and spaces will do, too.
    pub only_touching: bool,
}

impl Default for Thresholds {
    fn default() -> Thresholds {
        Thresholds {
            share: 0.9,
            characters: 3,
            glosses: 5,
            traditional: 0.95,
            only_traditional: true,
            only_readings: true,
            only_touching: true,
        }
    }
}

/// What is done with a text that has glosses.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum GlossMode {
    /// Do not look for them.
    Off,
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
    pub const ALL: [GlossMode; 5] =
        [GlossMode::Off, GlossMode::Report, GlossMode::Strip, GlossMode::Drop, GlossMode::Repair];

    /// Its name, such as `strip`.
    pub fn name(self) -> &'static str {
        match self {
            GlossMode::Off => "off",
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
    /// Glosses that a machine made, in order. None where the thresholds do not let it be said.
    pub glosses: Vec<Gloss>,
    /// What they damaged, in order. No damage lies within a gloss, nor a gloss within damage.
    pub damages: Vec<Damage>,
    /// How many different characters are glossed.
    pub characters: usize,
    /// How many of the Chinese characters of the text have a gloss, from 0 to 1.
    pub share: f64,
}

impl Glosses {
    /// Whether nothing was found.
    pub fn is_empty(&self) -> bool {
        self.glosses.is_empty() && self.damages.is_empty()
    }

    /// Damage that cannot be mended.
    pub fn unrepaired(&self) -> impl Iterator<Item = &Damage> {
        self.damages.iter().filter(|damage| damage.original.is_none())
    }

    /// The text without its glosses, and, if `repair` says so, with what they damaged mended where that can be. `text` is
    /// the one that these were found in. Where nothing was found, it is given back as it is.
    pub fn strip<'t>(&self, text: &'t str, repair: bool) -> Cow<'t, str> {
        let glosses = self.glosses.iter().map(|gloss| (&gloss.span, ""));
        let mended = self.damages.iter().filter(|_| repair);
        let mended = mended.filter_map(|damage| Some((&damage.span, damage.original.as_deref()?)));
        let mut changes: Vec<_> = glosses.chain(mended).collect();
        if changes.is_empty() {
            return Cow::Borrowed(text);
        }
        changes.sort_by_key(|(span, _)| span.start);
        let mut clean = String::with_capacity(text.len());
        let mut at = 0;
        for (span, original) in changes {
            clean.push_str(text.get(at..span.start).unwrap_or_default());
            clean.push_str(original);
            at = span.end;
        }
        clean.push_str(text.get(at..).unwrap_or_default());
        Cow::Owned(clean)
    }
}

/// What [`clean`] does with a page.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// What is done with glosses.
    pub glosses: GlossMode,
    /// When readings are taken for a machine's glosses.
    pub thresholds: Thresholds,
    /// What converts the page after that: to a [`Target`](fanjian::Target), as a rule, which takes text of any kind and leaves what
    /// is right. None: nothing does.
    pub converter: Option<Converter>,
    /// Whether lines that are Simplified, such as titles and lists around an article, stay as they are rather than be converted.
    pub keep_simplified: bool,
}

/// A page that was [cleaned](clean).
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Cleaned<'t> {
    /// What became of it; nothing if it is to be left out.
    pub text: Option<Cow<'t, str>>,
    /// The glosses that were found in it, wherever they were: whether they are taken out is for the options to say.
    pub found: Glosses,
}

/// Cleans a whole page: looks for a machine's glosses, does with them what the options say, and converts what is left.
///
/// A page that has glosses, or [looks machine-converted](fanjian::Detection::is_machine_converted), is made Simplified first, since
/// nobody has chosen its Traditional characters. It is converted as a whole, or, where Simplified lines stay, in runs of lines. A
/// page that needs nothing is given back as it is, without a copy. Cleaning its result again changes nothing, as far as that holds of the converter: it does of targets
/// with [`Vocabulary::Keep`](fanjian::Vocabulary::Keep).
///
/// Costs what [`glosses`] and the conversion cost. See the [module](self) for an example.
pub fn clean<'t>(text: &'t str, options: &Options) -> Cleaned<'t> {
    let mode = options.glosses;
    let found = if mode == GlossMode::Off { Glosses::default() } else { glosses(text, &options.thresholds) };
    let clean = match mode {
        GlossMode::Drop if !found.is_empty() => return Cleaned { text: None, found },
        GlossMode::Off | GlossMode::Report | GlossMode::Drop => Cow::Borrowed(text),
        GlossMode::Strip => found.strip(text, false),
        GlossMode::Repair => found.strip(text, true),
    };
    let text = match &options.converter {
        Some(converter) => {
            let keep_simplified = options.keep_simplified;
            if !found.is_empty() || detect(&clean).is_machine_converted() {
                converted(converter, clean, true, keep_simplified)
            } else {
                match converted(converter, clean, false, keep_simplified) {
                    // What was too little to tell may be more when the whole text is Traditional.
                    Cow::Owned(once) if detect(&once).is_machine_converted() => {
                        converted(converter, Cow::Owned(once), true, keep_simplified)
                    }
                    once => once,
                }
            }
        }
        None => clean,
    };
    Cleaned { text: Some(text), found }
}

/// Converts a text, but for its Simplified lines if these stay.
fn converted<'t>(converter: &Converter, text: Cow<'t, str>, is_machines: bool, keep_simplified: bool) -> Cow<'t, str> {
    if !is_machines
        && !keep_simplified
        && let Cow::Borrowed(text) = text
    {
        return converter.convert(text);
    }
    let mut converted = String::new();
    let convert = |text: &str, out: &mut String| match is_machines {
        true => {
            let done = reconvert(text, |text| Ok::<_, Infallible>(converter.convert(text)));
            out.push_str(&done.unwrap_or_else(|never| match never {}));
        }
        false => converter.convert_into(text, out),
    };
    // Where the lines begin that are one text.
    let (mut from, mut at) = (0, 0);
    for line in text.split_inclusive('\n') {
        let end = at + line.len();
        if keep_simplified && detect(line).script() == Script::Simplified {
            convert(&text[from..at], &mut converted);
            converted.push_str(line);
            from = end;
        }
        at = end;
    }
    convert(&text[from..], &mut converted);
    if converted == *text { text } else { Cow::Owned(converted) }
}

/// Converts a machine-converted text, whose Traditional characters nobody has chosen: 復雜 and 沖鋒 are wrong everywhere, but
/// 復 and 沖 alone do not show it. So the text is made Simplified before `convert`, except lines with kana, which may be
/// Japanese. A character that `convert` leaves as it is stays.
///
/// # Errors
///
/// Those of `convert`.
pub fn reconvert<E>(text: &str, convert: impl for<'c> Fn(&'c str) -> Result<Cow<'c, str>, E>) -> Result<String, E> {
    let to_simplified = Converter::new(Config::T2s);
    let mut simplified = String::new();
    for line in text.split_inclusive('\n') {
        match detect(line).kana {
            0 => to_simplified.convert_into(line, &mut simplified),
            _ => simplified.push_str(line),
        }
    }
    let converted = convert(&simplified)?;
    if simplified == text {
        return Ok(converted.into_owned());
    }
    let kept = convert(text)?;
    if converted.chars().count() != kept.chars().count() {
        return Ok(converted.into_owned());
    }
    // Both are in use, and on the way to Simplified the one becomes the other: where it may stay, it does.
    let stays = |pair: (char, char)| if pair == ('台', '臺') { '臺' } else { pair.0 };
    Ok(converted.chars().zip(kept.chars()).map(stays).collect())
}
