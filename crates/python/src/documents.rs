//! The module `fanjian.documents`.

use std::{
    fs,
    path::{Path, PathBuf},
};

use fanjian::{Config, Converter, Error, ErrorKind};
use fanjian_documents::{Converted, ConvertedText, Format, Languages, Options, Report};
use pyo3::{
    exceptions::PyTypeError,
    prelude::*,
    pybacked::{PyBackedBytes, PyBackedStr},
    types::{PyBytes, PyList, PyString},
};

use crate::{
    converter::{Arguments, PyConverter},
    errors::{conflict, document_exception, exception, wrong_type},
    formats::format,
    results::Class,
    text::{self, buffer, utf8},
};

static DOCUMENT: Class = Class::new("Document");

/// A document as it was given.
enum Source {
    Text(PyBackedStr),
    Bytes(PyBackedBytes),
    /// A file, and what is in it.
    File(PathBuf, Vec<u8>),
}

/// How much of a file is looked at for its format, in bytes.
const HEAD: usize = 64 * 1024;

impl Source {
    fn new(object: &Bound<'_, PyAny>) -> PyResult<Source> {
        if object.is_instance_of::<PyString>() {
            return utf8(object, "source").map(Source::Text);
        }
        if let Some(bytes) = buffer(object)? {
            return Ok(Source::Bytes(bytes));
        }
        let path: PathBuf = object.extract().map_err(|_| wrong_type("source", "str, bytes or a path", object))?;
        let bytes = object.py().detach(|| read(&path)).map_err(document_exception)?;
        Ok(Source::File(path, bytes))
    }

    /// The format of this name. Without one, that of the file, by its name and its beginning.
    fn format(&self, as_: Option<&Bound<'_, PyAny>>) -> PyResult<Format> {
        match (as_, self) {
            (Some(as_), _) => format(as_),
            (None, Source::File(path, bytes)) => Format::of_content(&bytes[..bytes.len().min(HEAD)], path).ok_or_else(|| {
                let path = path.display();
                exception(Error::new(
                    ErrorKind::NotFound,
                    format!(
                        "no format of documents is known by the name or the content of {path}: give it as as_, such as as_='html'"
                    ),
                ))
            }),
            (None, _) => Err(PyTypeError::new_err("as_ is needed, such as as_='html', if the source is not a path")),
        }
    }
}

fn read(path: &Path) -> Result<Vec<u8>, Error> {
    fs::read(path).map_err(|error| Error::io("read", path, error))
}

/// Converts a document. Its text and the names of its languages change; every other byte is preserved.
///
/// Args:
///     source: The document: ``bytes`` (or a ``memoryview``, an ``mmap`` and the like), the path of a file, or, if the format is a
///         text, a ``str``. A ``str`` is the document itself: for a name of a file, pass a :class:`pathlib.Path`.
///     to: A target's tag, such as ``"zh-TW"``.
///     config: Instead of a target, a configuration's name, such as ``"s2twp"``, or an OpenCC configuration file.
///     as_: The format, one of :data:`FORMATS`, such as ``"srt"``. Needed unless a file shows it by its name or its content.
///     from_: With ``to``: the tag of the script that all text is assumed to be in. Text in languages of the other script stays.
///     vocabulary: With ``to``: ``"keep"`` leaves words as they are, ``"local"`` replaces them by the region's own.
///     punctuation: ``"keep"`` leaves quotation marks as they are, ``"local"`` writes them as the region does.
///     release: With ``config``: the :class:`fanjian.Dictionaries` of a release of OpenCC, or the path of their file.
///     converter: Instead of all of these but ``as_``: a :class:`fanjian.Converter`.
///     code: Whether the text of code and of preformatted text is converted, too.
///
/// Returns:
///     A :class:`Document`. No file is written.
///
/// Raises:
///     TypeError: There is neither a target nor a configuration nor a converter; or no format, where one is needed.
///     NotFoundError: There is no such target, configuration or format, or the file shows none.
///     ConfigError: Arguments exclude each other.
///     DocumentError: The source is not in the format, is damaged, or is too large; ``line`` is where, if it is a text.
///     UnsupportedError: The document is encrypted or signed, or its encoding lacks a character of the new text.
///     EncodingError: The document is a text, is not UTF-8, and states no other encoding: decode it, and pass a ``str``.
///     FileError: The file cannot be read.
///
/// >>> import fanjian.documents
/// >>> subtitles = "1\n00:00:01,000 --> 00:00:02,000\n“<i>头</i>发”\n"
/// >>> converted = fanjian.documents.convert(subtitles, "zh-TW", as_="srt", punctuation="local")
/// >>> converted.text
/// '1\n00:00:01,000 --> 00:00:02,000\n「<i>頭</i>髮」\n'
/// >>> converted.changed, converted.bytes == converted.text.encode()
/// (1, True)
#[pyfunction]
#[pyo3(name = "convert", signature = (
    source, to = None, config = None, *, as_ = None, from_ = None, vocabulary = None, punctuation = None, release = None,
    converter = None, code = false,
))]
#[expect(clippy::too_many_arguments, reason = "they are named in Python")]
pub(crate) fn convert_document<'py>(
    source: &Bound<'py, PyAny>,
    to: Option<&Bound<'py, PyAny>>,
    config: Option<&Bound<'py, PyAny>>,
    as_: Option<&Bound<'py, PyAny>>,
    from_: Option<&Bound<'py, PyAny>>,
    vocabulary: Option<&Bound<'py, PyAny>>,
    punctuation: Option<&Bound<'py, PyAny>>,
    release: Option<&Bound<'py, PyAny>>,
    converter: Option<PyRef<'py, PyConverter>>,
    code: bool,
) -> PyResult<Bound<'py, PyAny>> {
    let (py, object) = (source.py(), source);
    let arguments = Arguments { config, to, from_, vocabulary, punctuation, release };
    let (converter, languages) = match converter {
        Some(_) if config.is_some() || arguments.has_more_than_config() => {
            return Err(conflict(
                "a converter cannot be combined with to, config, from_, vocabulary, punctuation or release: choose them for it",
            ));
        }
        Some(converter) => (converter.converter().clone(), converter.languages()),
        None => {
            let made = arguments.choices()?.build()?;
            (made.converter().clone(), made.languages())
        }
    };
    let source = Source::new(object)?;
    let format = source.format(as_)?;
    let options = Options::new(converter).languages(languages).code(code);
    match &source {
        Source::Text(text) => {
            let converted = py.detach(|| fanjian_documents::convert_text(text, format, &options));
            let ConvertedText { text: converted, report, .. } = converted.map_err(document_exception)?;
            let bytes = text::bytes(py, converted.as_bytes())?;
            let is_same = converted == **text && object.is_exact_instance_of::<PyString>();
            let text = if is_same { object.clone() } else { text::string(py, converted.as_bytes())?.into_any() };
            document(py, bytes.into_any(), Some(text), report)
        }
        Source::Bytes(bytes) => {
            let converted = py.detach(|| fanjian_documents::convert(bytes, format, &options));
            let Converted { bytes: converted, report, .. } = converted.map_err(document_exception)?;
            let is_same = *converted == **bytes && object.is_exact_instance_of::<PyBytes>();
            let bytes = if is_same { object.clone() } else { text::bytes(py, &converted)?.into_any() };
            document(py, bytes, None, report)
        }
        Source::File(path, bytes) => {
            let options = options.path(path);
            let converted = py.detach(|| fanjian_documents::convert(bytes, format, &options));
            let converted = converted.map_err(|error| document_exception(error.at_path(path)))?;
            document(py, text::bytes(py, &converted.bytes)?.into_any(), None, converted.report)
        }
    }
}

fn document<'py>(
    py: Python<'py>,
    bytes: Bound<'py, PyAny>,
    text: Option<Bound<'py, PyAny>>,
    report: Report,
) -> PyResult<Bound<'py, PyAny>> {
    DOCUMENT.make(py, (bytes, text, report.changed, report.groups, report.moved, report.tags))
}

/// The texts of a document, in order: each is what a reader reads on without a break, over markup.
///
/// Args:
///     source: The document: ``bytes``, the path of a file, or, if the format is a text, a ``str``.
///     as_: The format, one of :data:`FORMATS`. Needed unless a file shows it by its name or its content.
///     code: Whether the text of code and of preformatted text is one of them, too.
///
/// Raises:
///     TypeError: There is no format, and the source is not a path.
///     NotFoundError: There is no such format, or the file shows none.
///     DocumentError: The source is not in the format, is damaged, or is too large; ``line`` is where, if it is a text.
///     UnsupportedError: The document is encrypted or signed.
///     EncodingError: The document is a text, is not UTF-8, and states no other encoding.
///     FileError: The file cannot be read.
///
/// >>> import fanjian.documents
/// >>> fanjian.documents.groups("1\n00:00:01,000 --> 00:00:02,000\n<i>头</i>发\n", "srt")
/// ['头发']
#[pyfunction]
#[pyo3(name = "groups", signature = (source, as_ = None, *, code = false))]
pub(crate) fn document_groups<'py>(
    source: &Bound<'py, PyAny>,
    as_: Option<&Bound<'py, PyAny>>,
    code: bool,
) -> PyResult<Bound<'py, PyList>> {
    let py = source.py();
    let source = Source::new(source)?;
    let format = source.format(as_)?;
    let options = Options::new(Converter::new(Config::S2t)).languages(Languages::default()).code(code);
    let groups = py.detach(|| match &source {
        Source::Text(text) => fanjian_documents::groups_of_text(text, format, &options),
        Source::Bytes(bytes) => fanjian_documents::groups(bytes, format, &options),
        Source::File(path, bytes) => {
            fanjian_documents::groups(bytes, format, &options).map_err(|error| error.at_path(path))
        }
    });
    PyList::new(py, groups.map_err(document_exception)?.into_iter().map(|group| group.text).collect::<Vec<_>>())
}
