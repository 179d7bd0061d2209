//! Cleaning of whole pages: glosses, damage, and bad conversion.

use std::{borrow::Cow, convert::Infallible};

use fanjian::{Config, Converter, Script, detect, named};

use crate::{found::Glosses, glosses::glosses, thresholds::Thresholds};

named! {
    /// The treatment of a text with glosses.
    #[derive(Default)]
    pub enum GlossMode: "gloss mode" {
        /// Do not search for glosses.
        Off "off" "do not search for glosses",
        /// Report them only.
        #[default]
        Report "report" "report glosses only",
        /// Remove the glosses.
        Strip "strip" "remove glosses",
        /// Drop the whole text.
        Drop "drop" "drop texts with glosses",
        /// Remove the glosses, and repair damage that has exactly one possible original.
        Repair "repair" "remove glosses, and repair the damage done by them",
    }
}

/// Options of [`clean`].
///
/// ```
/// use fanjian::{Converter, Target};
/// use fanjian_clean::{GlossMode, Options};
///
/// let options = Options::default().glosses(GlossMode::Repair).converter(Converter::for_target(Target::Taiwan));
/// assert!(!options.keep_simplified);
/// ```
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct Options {
    /// The treatment of texts with glosses.
    pub glosses: GlossMode,
    /// The thresholds by which glosses are recognized.
    pub thresholds: Thresholds,
    /// The conversion of the page after that: to a [`Target`](fanjian::Target), as a rule, which takes text in any script and
    /// leaves correct text unchanged. None for no conversion.
    pub converter: Option<Converter>,
    /// Whether Simplified lines, such as titles and lists around an article, are left unconverted.
    pub keep_simplified: bool,
}

impl Options {
    /// Sets the treatment of texts with glosses.
    #[must_use]
    pub fn glosses(mut self, mode: GlossMode) -> Options {
        self.glosses = mode;
        self
    }

    /// Sets the thresholds by which glosses are recognized.
    #[must_use]
    pub fn thresholds(mut self, thresholds: Thresholds) -> Options {
        self.thresholds = thresholds;
        self
    }

    /// Sets the conversion of the page, or none.
    #[must_use]
    pub fn converter(mut self, converter: impl Into<Option<Converter>>) -> Options {
        self.converter = converter.into();
        self
    }

    /// Sets whether Simplified lines are left unconverted.
    #[must_use]
    pub fn keep_simplified(mut self, keep_simplified: bool) -> Options {
        self.keep_simplified = keep_simplified;
        self
    }
}

/// The result of [`clean`].
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub struct Cleaned<'t> {
    /// The cleaned page. None if the page is to be dropped.
    pub text: Option<Cow<'t, str>>,
    /// The glosses of the original page, whether they were removed or not.
    pub found: Glosses,
}

/// Cleans a whole page: searches for glosses of a machine, treats them by the options, and converts the rest.
///
/// A page that has glosses, or [looks machine-converted](fanjian::Detection::is_machine_converted), is converted to Simplified
/// first, since its Traditional characters were not chosen by a person. It is converted as a whole, or in runs of lines if
/// Simplified lines are kept. A page without anything to clean is returned without a copy. Cleaning is idempotent if the
/// conversion is, as are targets with [`Vocabulary::Keep`](fanjian::Vocabulary::Keep).
///
/// The cost is that of [`glosses`] and of the conversion. See the [crate](crate) for an example.
#[must_use]
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
                    // There may be more evidence when the whole text is Traditional.
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

/// Converts a text, except for its Simplified lines if these are kept.
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
    // The beginning of the lines that are converted as one text.
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

/// Converts a machine-converted text, whose Traditional characters were not chosen by a person: 復雜 and 沖鋒 are wrong, but
/// 復 and 沖 are correct elsewhere. So the text is converted to Simplified before `convert`, except lines with kana, which may
/// be Japanese. A character that `convert` alone leaves unchanged is kept.
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
    // Both are in use, and both become 台 in Simplified text: 臺 is kept if the conversion allows it.
    let stays = |pair: (char, char)| if pair == ('台', '臺') { '臺' } else { pair.0 };
    Ok(converted.chars().zip(kept.chars()).map(stays).collect())
}
