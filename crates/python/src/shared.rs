//! The function `convert`, and converters that all calls share.

use std::{borrow::Cow, sync::OnceLock};

use fanjian::{Config, Converter, Punctuation, Target, Vocabulary};
use pyo3::{prelude::*, types::PyString};

use crate::{
    converter::{Arguments, ready},
    text,
};

/// Converts a text by a configuration, or to a target. Returns the same object if nothing changes.
///
/// Calls share one converter for each configuration or target, which is made by the first call.
///
/// Args:
///     text: The text.
///     config: A configuration's name, such as ``"s2twp"``, or an OpenCC configuration file, which is read at each call.
///     to: Instead of a configuration, a target's tag, such as ``"zh-TW"``.
///     from_: With ``to``: the tag of the script that the text is assumed to be in, instead of detecting it per line.
///     vocabulary: With ``to``: ``"keep"`` leaves words as they are, ``"local"`` replaces them by the region's own.
///     punctuation: ``"keep"`` leaves quotation marks as they are, ``"local"`` writes them as the region does.
///     release: With a configuration: the :class:`Dictionaries` of a release of OpenCC, or the path of their file, which is
///         read at each call.
///
/// Raises:
///     NotFoundError: There is no such configuration or target.
///     ConfigError: Arguments exclude each other, or a configuration file is invalid.
///
/// >>> import fanjian
/// >>> fanjian.convert("皇后的頭髮", "t2s")
/// '皇后的头发'
/// >>> fanjian.convert("不是只有一只猫", to="zh-TW")
/// '不是只有一隻貓'
/// >>> fanjian.convert("软件和鼠标", to="zh-TW", vocabulary="local")
/// '軟體和滑鼠'
/// >>> fanjian.convert("他说：“走”", to="zh-TW", punctuation="local")
/// '他說：「走」'
/// >>> fanjian.convert("制", to="zh-TW"), fanjian.convert("制", to="zh-TW", from_="zh-Hans")
/// ('制', '製')
#[pyfunction]
#[pyo3(signature = (
    text, /, config = None, *, to = None, from_ = None, vocabulary = None, punctuation = None, release = None,
))]
pub(crate) fn convert<'py>(
    text: &Bound<'py, PyAny>,
    config: Option<&Bound<'py, PyAny>>,
    to: Option<&Bound<'py, PyAny>>,
    from_: Option<&Bound<'py, PyAny>>,
    vocabulary: Option<&Bound<'py, PyAny>>,
    punctuation: Option<&Bound<'py, PyAny>>,
    release: Option<&Bound<'py, PyAny>>,
) -> PyResult<Bound<'py, PyString>> {
    let converter = converter(&Arguments { config, to, from_, vocabulary, punctuation, release })?;
    text::convert(&converter, text, "text")
}

/// The converter for arguments: of a built-in configuration or a target, one that all calls share.
pub(crate) fn converter(arguments: &Arguments<'_, '_>) -> PyResult<Cow<'static, Converter>> {
    let name = arguments.config.and_then(|config| config.cast::<PyString>().ok()?.extract::<Cow<'_, str>>().ok());
    let builtin = name.and_then(|name| name.parse::<Config>().ok());
    if let Some(config) = builtin
        && !arguments.has_more_than_config()
    {
        static MADE: [OnceLock<Converter>; Config::ALL.len()] = [const { OnceLock::new() }; Config::ALL.len()];
        return Ok(Cow::Borrowed(MADE[config as usize].get_or_init(|| ready(Converter::new(config)))));
    }
    let choices = arguments.choices()?;
    let Some((target, source_script, vocabulary, punctuation)) =
        choices.target().filter(|_| arguments.release.is_none())
    else {
        return Ok(Cow::Owned(choices.build()?.into_converter()));
    };
    const SOURCES: usize = Target::ALL.len() + 1;
    const CHOICES: usize = SOURCES * Vocabulary::ALL.len() * Punctuation::ALL.len();
    static MADE: [OnceLock<Converter>; Target::ALL.len() * CHOICES] =
        [const { OnceLock::new() }; Target::ALL.len() * CHOICES];
    let source = source_script.map_or(0, |script| script as usize + 1);
    let words = (target as usize * SOURCES + source) * Vocabulary::ALL.len() + vocabulary as usize;
    let made = &MADE[words * Punctuation::ALL.len() + punctuation as usize];
    if let Some(converter) = made.get() {
        return Ok(Cow::Borrowed(converter));
    }
    let converter = choices.build()?.into_converter();
    Ok(Cow::Borrowed(made.get_or_init(|| converter)))
}
