//! Cleaning of web pages that a machine has annotated with readings.

use std::borrow::Cow;

use fanjian_clean::{GlossMode, Options, Thresholds};
use pyo3::{
    exceptions::PyValueError,
    prelude::*,
    types::{PyString, PyTuple},
};

use crate::{
    converter::PyConverter,
    errors::{conflict, exception},
    results::{Characters, Class},
    text::utf8,
};

static CLEANED: Class = Class::new("Cleaned");
static GLOSS: Class = Class::new("Gloss");
static DAMAGE: Class = Class::new("Damage");

/// Finds machine-made glosses in a web page, the readings in 國(guó), and the characters that they damaged; removes and repairs
/// them.
///
/// It needs the whole document: textbooks and careful authors write glosses, too, and only the statistics of a document
/// distinguish them.
///
/// Args:
///     text: The document.
///     mode: ``"off"`` does not search for glosses; ``"report"`` only reports them; ``"strip"`` removes them; ``"repair"``
///         also repairs the damage that has a unique reconstruction; ``"drop"`` drops the document: ``text`` is ``None``.
///     share: The minimum share of a character's occurrences that have a gloss, from 0 to 1.
///     characters: The minimum number of characters with such a share.
///     glosses: The minimum number of glosses of these characters.
///     traditional: The minimum share of all glosses that are on characters of Traditional text alone, from 0 to 1.
///     only_traditional: Whether only characters of Traditional text alone count as glossed.
///     only_readings: Whether only readings of their characters count as glosses.
///     only_touching: Whether only half-width parentheses directly after the character count, with nothing else in them.
///     converter: Converts the document after that, usually to a target, which corrects bad conversions by machines.
///     keep_simplified: With ``converter``: whether Simplified lines are left as they are.
///
/// Raises:
///     NotFoundError: There is no such mode.
///     ConfigError: There is ``keep_simplified`` without ``converter``.
///     ValueError: ``share`` or ``traditional`` is not from 0 to 1.
///
/// >>> import fanjian
/// >>> page = "中國(guó)臺(tái)灣網(wǎng)，國(guó)際(jì)網(wǎng)臺(tái)發(fā)自?xún)?nèi)心"
/// >>> fanjian.clean(page, "repair").text
/// '中國臺灣網，國際網臺發自內心'
/// >>> fanjian.clean(page + "，黨員干部", "repair", converter=fanjian.Converter(to="zh-TW")).text
/// '中國臺灣網，國際網臺發自內心，黨員幹部'
/// >>> found = fanjian.clean(page)
/// >>> found.text == page, found.glosses[0], len(found.damages)
/// (True, Gloss(start=2, end=7, character='國', reading='guó'), 1)
#[pyfunction]
#[pyo3(signature = (
    text, mode = "report", *, share = 0.9, characters = 3, glosses = 5, traditional = 0.95, only_traditional = true,
    only_readings = true, only_touching = true, converter = None, keep_simplified = false,
))]
#[expect(clippy::too_many_arguments, reason = "they are named in Python")]
pub(crate) fn clean<'py>(
    text: &Bound<'py, PyAny>,
    mode: &str,
    share: f64,
    characters: usize,
    glosses: usize,
    traditional: f64,
    only_traditional: bool,
    only_readings: bool,
    only_touching: bool,
    converter: Option<PyRef<'py, PyConverter>>,
    keep_simplified: bool,
) -> PyResult<Bound<'py, PyAny>> {
    let py = text.py();
    let object = text;
    let text = utf8(text, "text")?;
    let choices = Choices { share, characters, glosses, traditional, only_traditional, only_readings, only_touching };
    let options = choices.options(mode, converter.as_deref(), keep_simplified)?;
    prepare();
    let cleaned = py.detach(|| fanjian_clean::clean(&text, &options));
    let clean = match &cleaned.text {
        None => None,
        // Of a subclass, the result is a plain `str`, whether anything changed or not.
        Some(Cow::Borrowed(_)) if object.is_exact_instance_of::<PyString>() => Some(object.clone()),
        Some(clean) => Some(crate::text::string(py, clean.as_bytes())?.into_any()),
    };
    let found = &cleaned.found;
    let mut places = Characters::new(&text);
    let gloss = |gloss: &fanjian_clean::Gloss| {
        let (start, end) = (places.before(gloss.span.start), places.before(gloss.span.end));
        GLOSS.make(py, (start, end, gloss.character, gloss.reading.as_str()))
    };
    let glosses = found.glosses.iter().map(gloss).collect::<PyResult<Vec<_>>>()?;
    let mut places = Characters::new(&text);
    let damage = |damage: &fanjian_clean::Damage| {
        let (start, end) = (places.before(damage.span.start), places.before(damage.span.end));
        DAMAGE.make(py, (start, end, damage.original.as_deref()))
    };
    let damages = found.damages.iter().map(damage).collect::<PyResult<Vec<_>>>()?;
    CLEANED.make(py, (clean, PyTuple::new(py, glosses)?, PyTuple::new(py, damages)?, found.characters, found.share))
}

/// The thresholds, as they are given in Python.
pub(crate) struct Choices {
    pub(crate) share: f64,
    pub(crate) characters: usize,
    pub(crate) glosses: usize,
    pub(crate) traditional: f64,
    pub(crate) only_traditional: bool,
    pub(crate) only_readings: bool,
    pub(crate) only_touching: bool,
}

impl Choices {
    /// The options of cleaning. Fails for an unknown mode, a share that is none, and arguments that exclude each other.
    pub(crate) fn options(
        &self,
        mode: &str,
        converter: Option<&PyConverter>,
        keep_simplified: bool,
    ) -> PyResult<Options> {
        let mode: GlossMode = mode.parse().map_err(exception)?;
        for (name, part) in [("share", self.share), ("traditional", self.traditional)] {
            if !(0.0..=1.0).contains(&part) {
                return Err(PyValueError::new_err(format!("{name} must be from 0 to 1, not {part}")));
            }
        }
        if keep_simplified && converter.is_none() {
            return Err(conflict("keep_simplified needs a converter: without one, no line changes its script"));
        }
        let thresholds = Thresholds::default()
            .share(self.share)
            .characters(self.characters)
            .glosses(self.glosses)
            .traditional(self.traditional)
            .only_traditional(self.only_traditional)
            .only_readings(self.only_readings)
            .only_touching(self.only_touching);
        let converter = converter.map(|converter| converter.converter().clone());
        let options = Options::default().glosses(mode).thresholds(thresholds).converter(converter);
        Ok(options.keep_simplified(keep_simplified))
    }
}

/// Builds the tables that the first call needs. With the lock held, no fork can happen in between.
pub(crate) fn prepare() {
    let _ = fanjian_clean::glosses("國(guó)", &Thresholds::default());
}
