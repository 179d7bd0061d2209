//! The function `convert`, with converters that all calls share.

use std::{borrow::Cow, sync::OnceLock};

use fanjian::{Config, Converter, Punctuation, Target, Vocabulary};
use pyo3::{prelude::*, types::PyString};

use crate::{
    converter::{Choices, ready},
    text::{self, word},
};

/// Converts a text by a configuration, or to a target. Returns the same object if nothing changes.
///
/// Calls share one converter for each configuration or target, which is made by the first call.
///
/// Args:
///     text: The text.
///     config: A configuration's name, such as ``"s2twp"``, or an OpenCC configuration file, which is read at each call.
///     to: Instead of a configuration, a target's tag, such as ``"zh-TW"``.
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
#[pyfunction]
#[pyo3(signature = (text, /, config = None, *, to = None, vocabulary = None, punctuation = None, release = None))]
pub(crate) fn convert<'py>(
    text: &Bound<'py, PyAny>,
    config: Option<&Bound<'py, PyAny>>,
    to: Option<&Bound<'py, PyAny>>,
    vocabulary: Option<&Bound<'py, PyAny>>,
    punctuation: Option<&Bound<'py, PyAny>>,
    release: Option<&Bound<'py, PyAny>>,
) -> PyResult<Bound<'py, PyString>> {
    let named = |object: Option<&Bound<'py, PyAny>>, name| object.map(|object| word(object, name)).transpose();
    let (to, vocabulary) = (named(to, "to")?, named(vocabulary, "vocabulary")?);
    let punctuation = named(punctuation, "punctuation")?;
    let name = config.and_then(|config| config.cast::<PyString>().ok()?.extract::<Cow<'_, str>>().ok());
    let builtin = name.and_then(|name| name.parse::<Config>().ok());
    if let (Some(config), None, None, None, None) = (builtin, &to, &vocabulary, &punctuation, release) {
        static MADE: [OnceLock<Converter>; Config::ALL.len()] = [const { OnceLock::new() }; Config::ALL.len()];
        let converter = MADE[config as usize].get_or_init(|| ready(Converter::new(config)));
        return text::convert(converter, text, "text");
    }
    let choices =
        Choices::new(config, to.as_deref(), vocabulary.as_deref(), punctuation.as_deref())?.with_release(release)?;
    match choices.target() {
        Some((target, vocabulary, punctuation)) if release.is_none() => {
            const TARGETS: usize = Target::ALL.len() * Vocabulary::ALL.len() * Punctuation::ALL.len();
            static MADE: [OnceLock<Converter>; TARGETS] = [const { OnceLock::new() }; TARGETS];
            let words = target as usize * Vocabulary::ALL.len() + vocabulary as usize;
            let made = &MADE[words * Punctuation::ALL.len() + punctuation as usize];
            let converter = match made.get() {
                Some(converter) => converter,
                None => {
                    let converter = choices.build()?;
                    made.get_or_init(|| converter)
                }
            };
            text::convert(converter, text, "text")
        }
        _ => text::convert(&choices.build()?, text, "text"),
    }
}
