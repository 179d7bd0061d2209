//! The class `Converter`.

use std::path::{Path, PathBuf};

use fanjian::{Config, Converter, Decision, Dictionary, Error, ErrorKind, Segment, Step, Target, Vocabulary};
use pyo3::{
    exceptions::PyTypeError,
    prelude::*,
    pybacked::PyBackedStr,
    types::{PyByteArray, PyBytes, PyDict, PyList, PyMapping, PyString, PyTuple},
};

use crate::{
    dictionary::{PyDictionary, word},
    errors::{exception, wrong_type},
    many,
    results::{Characters, Class},
    stream::{self, PyByteStream, PyStream},
    text::{self, LONG, SHORT, utf8},
};

static SEGMENT: Class = Class::new("Segment");
static DECISION: Class = Class::new("Decision");
static CANDIDATE: Class = Class::new("Candidate");
static FEATURE: Class = Class::new("Feature");

/// Converts text by a configuration, or to a target.
///
/// A configuration does what OpenCC does under its name. A target takes Simplified, Traditional and mixed text, decides by
/// context, and leaves what is right.
///
/// Make one and use it for every text and from every thread: it never changes. It can be pickled and copied, and the
/// interpreter's lock is released while it works on more than a few hundred characters.
///
/// Args:
///     config: A configuration's name, such as ``"s2twp"``, or an OpenCC configuration file. The names are in
///         :data:`CONFIGS`.
///     to: In the place of a configuration, a target's BCP 47 tag, such as ``"zh-TW"``. The tags are in :data:`TARGETS`.
///     from_: With ``to``: the tag of the script that all of the text is in; else each line is looked at.
///     vocabulary: With ``to``: ``"keep"`` leaves words, ``"local"`` puts the region's own in their place.
///     dictionaries: Words of one's own, which come before all others: each a :class:`Dictionary`, a mapping, or the path
///         of a file.
///     protect: Terms that stay as they are.
///     tofu_risk: With a configuration: whether dictionaries take part whose output many fonts lack.
///     search_folders: With a configuration: where its file, and the dictionaries of that, are looked for, too.
///
/// Raises:
///     TypeError: An argument has another type, or does not go with the others.
///     NotFoundError: There is no such configuration, target or dictionary.
///     ConfigError: A configuration file says something wrong.
///     DictionaryError: A dictionary is none.
///     FileError: A file cannot be read.
///
/// >>> import fanjian
/// >>> converter = fanjian.Converter("s2twp")
/// >>> converter.convert("鼠标里的头发")
/// '滑鼠裡的頭髮'
/// >>> fanjian.Converter(to="zh-TW").convert("他不是只有一只猫，這里的皇后")
/// '他不是只有一隻貓，這裡的皇后'
/// >>> own = fanjian.Converter("s2twp", dictionaries=[{"云原生": "雲端原生"}], protect=["钉钉"])
/// >>> own.convert("钉钉的云原生软件")
/// '钉钉的雲端原生軟體'
/// >>> own
/// fanjian.Converter('s2twp', dictionaries=[<1 entry>], protect=['钉钉'])
/// >>> import pickle
/// >>> pickle.loads(pickle.dumps(own)).convert("钉钉的云原生软件")
/// '钉钉的雲端原生軟體'
#[pyclass(module = "fanjian", name = "Converter", frozen)]
pub(crate) struct PyConverter {
    converter: Converter,
    choices: Choices,
}

/// What a converter was made with, to be made again elsewhere.
#[derive(Clone, Debug)]
pub(crate) struct Choices {
    base: Base,
    from: Option<Target>,
    dictionaries: Vec<Dictionary>,
    protect: Vec<String>,
    tofu_risk: bool,
    search_folders: Vec<PathBuf>,
}

#[derive(Clone, Debug)]
enum Base {
    /// What OpenCC's command takes as a configuration.
    Name(String),
    File(PathBuf),
    Target(Target, Vocabulary),
}

impl Choices {
    pub(crate) fn new(
        config: Option<&Bound<'_, PyAny>>,
        to: Option<&str>,
        vocabulary: Option<&str>,
    ) -> PyResult<Choices> {
        Choices::in_folders(config, to, vocabulary, Vec::new())
    }

    /// With folders in which a configuration's name, and its dictionaries, are looked for.
    fn in_folders(
        config: Option<&Bound<'_, PyAny>>,
        to: Option<&str>,
        vocabulary: Option<&str>,
        search_folders: Vec<PathBuf>,
    ) -> PyResult<Choices> {
        let base = match (config, to) {
            (Some(config), None) => {
                if vocabulary.is_some() {
                    return Err(PyTypeError::new_err("vocabulary goes with to: a configuration has its own"));
                }
                if config.is_instance_of::<PyString>() {
                    let name = utf8(config, "config")?;
                    no_target(&name, &search_folders)?;
                    Base::Name(name.to_string())
                } else {
                    Base::File(config.extract().map_err(|_| wrong_type("config", "str or a path", config))?)
                }
            }
            (None, Some(tag)) => {
                let vocabulary = vocabulary.map_or(Ok(Vocabulary::default()), str::parse).map_err(exception)?;
                Base::Target(target(tag)?, vocabulary)
            }
            (None, None) => {
                return Err(PyTypeError::new_err(
                    "a configuration is needed, such as 's2twp', or a target, such as to='zh-TW'",
                ));
            }
            (Some(_), Some(_)) => return Err(PyTypeError::new_err("a configuration or to, not both")),
        };
        let (dictionaries, protect) = (Vec::new(), Vec::new());
        Ok(Choices { base, from: None, dictionaries, protect, tofu_risk: false, search_folders })
    }

    /// The target, where there is one.
    pub(crate) fn target(&self) -> Option<(Target, Vocabulary)> {
        if let Base::Target(target, vocabulary) = self.base { Some((target, vocabulary)) } else { None }
    }

    pub(crate) fn build(&self) -> PyResult<Converter> {
        let builder = match &self.base {
            Base::Name(name) => Converter::builder().config_name(name),
            Base::File(path) => Converter::builder().config_file(path),
            Base::Target(target, vocabulary) => Converter::builder().target(*target).vocabulary(*vocabulary),
        };
        let builder = self.from.into_iter().fold(builder, |builder, from| builder.source_script(from));
        let builder = self.dictionaries.iter().cloned().fold(builder, |builder, own| builder.dictionary(own));
        let builder = self.search_folders.iter().fold(builder, |builder, folder| builder.search_folder(folder));
        builder.protect(&self.protect).tofu_risk(self.tofu_risk).build().map(ready).map_err(exception)
    }
}

#[pymethods]
impl PyConverter {
    #[new]
    #[pyo3(signature = (
        config = None, *, to = None, from_ = None, vocabulary = None, dictionaries = None, protect = None, tofu_risk = false,
        search_folders = None,
    ))]
    #[expect(clippy::too_many_arguments, reason = "they are named in Python")]
    fn new(
        config: Option<&Bound<'_, PyAny>>,
        to: Option<&Bound<'_, PyAny>>,
        from_: Option<&Bound<'_, PyAny>>,
        vocabulary: Option<&Bound<'_, PyAny>>,
        dictionaries: Option<&Bound<'_, PyAny>>,
        protect: Option<&Bound<'_, PyAny>>,
        tofu_risk: bool,
        search_folders: Option<&Bound<'_, PyAny>>,
    ) -> PyResult<PyConverter> {
        let named = |object: Option<&Bound<'_, PyAny>>, name| object.map(|object| word(object, name)).transpose();
        let (to, from_, vocabulary) = (named(to, "to")?, named(from_, "from_")?, named(vocabulary, "vocabulary")?);
        let mut folders = Vec::new();
        for folder in several(search_folders, "search_folders")? {
            folders.push(folder.extract().map_err(|_| wrong_type("a search folder", "a path", &folder))?);
        }
        let mut choices = Choices::in_folders(config, to.as_deref(), vocabulary.as_deref(), folders)?;
        choices.from = from_.as_deref().map(target).transpose()?;
        if choices.from.is_some() && choices.target().is_none() {
            return Err(PyTypeError::new_err("from_ goes with to: a configuration's name says what it converts"));
        }
        if choices.target().is_some() && (tofu_risk || !choices.search_folders.is_empty()) {
            let name = if tofu_risk { "tofu_risk" } else { "search_folders" };
            return Err(PyTypeError::new_err(format!(
                "{name} goes with a configuration: a target reads none of its files"
            )));
        }
        for dictionary in several(dictionaries, "dictionaries")? {
            choices.dictionaries.push(PyDictionary::of(&dictionary)?);
        }
        for term in several(protect, "protect")? {
            choices.protect.push(word(&term, "a protected term")?.to_string());
        }
        choices.tofu_risk = tofu_risk;
        Ok(PyConverter { converter: choices.build()?, choices })
    }

    /// Converts a text. Where nothing changes, it is given back itself.
    ///
    /// Raises:
    ///     TypeError: It is no ``str``.
    ///     UnicodeEncodeError: It holds a lone surrogate, which is no character.
    ///     MemoryError: There is no memory for the result.
    ///
    /// >>> import fanjian
    /// >>> fanjian.Converter("s2t").convert("皇后的头发")
    /// '皇后的頭髮'
    #[pyo3(signature = (text, /))]
    fn convert<'py>(&self, text: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyString>> {
        text::convert(&self.converter, text, "text")
    }

    /// Converts many texts, each on its own. This is the fast way for short ones: a call costs more than they do.
    ///
    /// Args:
    ///     texts: A list, or anything that gives one ``str`` after the other.
    ///     threads: How many threads work, at most; 0 for as many as there are processors.
    ///
    /// Raises:
    ///     TypeError: One of them is no ``str``; the message tells which.
    ///     UnicodeEncodeError: One of them holds a lone surrogate.
    ///
    /// >>> import fanjian
    /// >>> fanjian.Converter("t2s").convert_many(["頭髮", "乾淨"], threads=2)
    /// ['头发', '干净']
    #[pyo3(signature = (texts, /, *, threads = 1))]
    fn convert_many<'py>(&self, texts: &Bound<'py, PyAny>, threads: usize) -> PyResult<Bound<'py, PyList>> {
        many::convert(&self.converter, texts, threads)
    }

    /// Converts ``bytes`` that should be UTF-8.
    ///
    /// Args:
    ///     data: The text.
    ///     invalid_utf8: ``"strict"`` raises an error for bytes that are not UTF-8, ``"replace"`` puts U+FFFD in their
    ///         place, ``"pass"`` leaves them.
    ///
    /// Raises:
    ///     EncodingError: They are not UTF-8; the message tells the offset.
    ///
    /// >>> import fanjian
    /// >>> fanjian.Converter("t2s").convert_bytes("頭髮".encode()).decode()
    /// '头发'
    #[pyo3(signature = (data, /, *, invalid_utf8 = "strict"))]
    fn convert_bytes<'py>(&self, data: &Bound<'py, PyAny>, invalid_utf8: &str) -> PyResult<Bound<'py, PyBytes>> {
        let (py, bytes, policy) = (data.py(), stream::bytes(data)?, stream::policy(invalid_utf8)?);
        if bytes.len() > LONG {
            let mut stream = self.converter.stream().invalid_utf8(policy);
            return text::bytes(py, &text::long(py, &mut stream, &bytes)?);
        }
        let convert = || self.converter.convert_bytes(&bytes, policy);
        let converted = if bytes.len() < SHORT { convert() } else { py.detach(convert) };
        text::bytes(py, &converted.map_err(exception)?)
    }

    /// Begins a conversion of a text that comes in pieces of ``str``: see :class:`Stream`.
    fn stream(&self) -> PyStream {
        PyStream::new(&self.converter)
    }

    /// Begins a conversion of a text that comes in pieces of ``bytes``: see :class:`ByteStream`.
    #[pyo3(signature = (*, invalid_utf8 = "strict"))]
    fn byte_stream(&self, invalid_utf8: &str) -> PyResult<PyByteStream> {
        Ok(PyByteStream::new(&self.converter, stream::policy(invalid_utf8)?))
    }

    /// Converts a text, and tells for each part of it what it became, and why: a list of :class:`Segment`.
    ///
    /// Costs many times what a conversion costs.
    ///
    /// >>> import fanjian
    /// >>> segment = fanjian.Converter("s2t").segments("头发和干")[2]
    /// >>> segment.start, segment.end, segment.source, segment.output
    /// (3, 4, '干', '幹')
    /// >>> decision = segment.decisions[0]
    /// >>> decision.dictionary, decision.value, decision.alternatives
    /// ('STCharacters', '幹', ('乾', '干', '榦'))
    #[pyo3(signature = (text, /))]
    fn segments<'py>(&self, text: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyList>> {
        let py = text.py();
        let text = utf8(text, "text")?;
        let segments = py.detach(|| self.converter.segments(&text));
        let mut places = Characters::new(&text);
        let segments = segments.iter().map(|segment| self::segment(py, &text, segment, &mut places));
        PyList::new(py, segments.collect::<PyResult<Vec<_>>>()?)
    }

    /// The configuration's name or file, or ``None`` where there is a target.
    #[getter]
    fn config(&self) -> Option<String> {
        match &self.choices.base {
            Base::Name(name) => Some(name.clone()),
            Base::File(path) => Some(path.display().to_string()),
            Base::Target(..) => None,
        }
    }

    /// The target's own tag, or ``None`` where there is a configuration.
    #[getter]
    fn to(&self) -> Option<&'static str> {
        self.choices.target().map(|(target, _)| target.tag())
    }

    /// The tag of what all of the text is, where that was said.
    #[getter]
    fn from_(&self) -> Option<&'static str> {
        self.choices.from.map(Target::tag)
    }

    /// ``"keep"`` or ``"local"``, or ``None`` where there is a configuration.
    #[getter]
    fn vocabulary(&self) -> Option<&'static str> {
        self.choices.target().map(|(_, vocabulary)| vocabulary.name())
    }

    fn __repr__(&self, py: Python<'_>) -> PyResult<String> {
        let quoted = |text: &str| PyString::new(py, text).repr().map(|text| text.to_string());
        let mut arguments = match &self.choices.base {
            Base::Name(name) => vec![quoted(name)?],
            Base::File(path) => vec![quoted(&path.display().to_string())?],
            Base::Target(target, vocabulary) => {
                let mut arguments = vec![format!("to={}", quoted(target.tag())?)];
                if let Some(from) = self.choices.from {
                    arguments.push(format!("from_={}", quoted(from.tag())?));
                }
                if *vocabulary != Vocabulary::default() {
                    arguments.push(format!("vocabulary={}", quoted(vocabulary.name())?));
                }
                arguments
            }
        };
        if !self.choices.dictionaries.is_empty() {
            let size =
                |own: &Dictionary| format!("<{} {}>", own.len(), if own.len() == 1 { "entry" } else { "entries" });
            let sizes: Vec<_> = self.choices.dictionaries.iter().map(size).collect();
            arguments.push(format!("dictionaries=[{}]", sizes.join(", ")));
        }
        if !self.choices.protect.is_empty() {
            arguments.push(format!("protect={}", PyList::new(py, &self.choices.protect)?.repr()?));
        }
        if self.choices.tofu_risk {
            arguments.push("tofu_risk=True".to_owned());
        }
        if !self.choices.search_folders.is_empty() {
            let folders = self.choices.search_folders.iter().map(|folder| folder.display().to_string());
            arguments.push(format!("search_folders={}", PyList::new(py, folders.collect::<Vec<_>>())?.repr()?));
        }
        Ok(format!("fanjian.Converter({})", arguments.join(", ")))
    }

    fn __copy__(slf: Py<PyConverter>) -> Py<PyConverter> {
        slf
    }

    fn __deepcopy__(slf: Py<PyConverter>, memo: &Bound<'_, PyAny>) -> Py<PyConverter> {
        let _ = memo;
        slf
    }

    /// The arguments to make it again, own dictionaries with their words. A configuration file is read again.
    fn __getnewargs_ex__<'py>(&self, py: Python<'py>) -> PyResult<(Bound<'py, PyTuple>, Bound<'py, PyDict>)> {
        let Choices { base, from, dictionaries, protect, tofu_risk, search_folders } = &self.choices;
        let named = PyDict::new(py);
        let config = match base {
            Base::Name(name) => vec![PyString::new(py, name).into_any()],
            Base::File(path) => vec![path.into_pyobject(py)?.into_any()],
            Base::Target(target, vocabulary) => {
                named.set_item("to", target.tag())?;
                named.set_item("from_", from.map(Target::tag))?;
                named.set_item("vocabulary", vocabulary.name())?;
                Vec::new()
            }
        };
        let objects = dictionaries.iter().map(|own| PyDictionary::object(py, own)).collect::<PyResult<Vec<_>>>()?;
        named.set_item("dictionaries", objects)?;
        named.set_item("protect", protect)?;
        named.set_item("tofu_risk", tofu_risk)?;
        named.set_item("search_folders", search_folders)?;
        Ok((PyTuple::new(py, config)?, named))
    }
}

impl PyConverter {
    pub(crate) fn converter(&self) -> &Converter {
        &self.converter
    }
}

/// A converter of which all is set up that a first conversion would set up. With the interpreter's lock held, no fork can come
/// in the middle of that: the child would wait for ever for a thread that it does not have.
pub(crate) fn ready(converter: Converter) -> Converter {
    // By the tables, and by the chain, which the operator needs.
    converter.convert("头发⿰");
    converter
}

/// The converter that an object stands for: a `Converter`, or a configuration.
pub(crate) fn converter_of(object: &Bound<'_, PyAny>) -> PyResult<Converter> {
    if let Ok(converter) = object.cast::<PyConverter>() {
        return Ok(converter.get().converter().clone());
    }
    if !object.is_instance_of::<PyString>() && object.extract::<PathBuf>().is_err() {
        return Err(wrong_type("config", "str, a path or a Converter", object));
    }
    let name = object.cast::<PyString>().ok().and_then(|name| PyBackedStr::try_from(name.clone()).ok());
    if let Some(config) = name.and_then(|name| name.parse::<Config>().ok()) {
        return Ok(ready(Converter::new(config)));
    }
    Choices::new(Some(object), None, None)?.build()
}

/// What an argument gives that may be left out: anything that gives one after the other. A `str` alone would give its
/// characters, and a mapping its words without what they become.
fn several<'py>(object: Option<&Bound<'py, PyAny>>, name: &str) -> PyResult<Vec<Bound<'py, PyAny>>> {
    let Some(object) = object else { return Ok(Vec::new()) };
    let is_one = object.is_instance_of::<PyString>()
        || object.is_instance_of::<PyBytes>()
        || object.is_instance_of::<PyByteArray>()
        || object.cast::<PyMapping>().is_ok()
        || !object.hasattr("__iter__")?;
    if is_one {
        return Err(wrong_type(name, "a list", object));
    }
    object.try_iter()?.collect()
}

/// The target that a tag stands for.
fn target(tag: &str) -> PyResult<Target> {
    tag.parse().map_err(|error| match tag.parse::<Config>() {
        Ok(_) => exception(Error::new(
            ErrorKind::NotFound,
            format!("no target has the tag '{tag}', but a configuration has that name: give it without to="),
        )),
        Err(_) => exception(error),
    })
}

/// An error for a target's tag in the place of a configuration's name, unless there is a file of that name.
fn no_target(name: &str, folders: &[PathBuf]) -> PyResult<()> {
    let is_file = |folder: &PathBuf| folder.join(name).is_file() || folder.join(format!("{name}.json")).is_file();
    if name.parse::<Target>().is_err() || Path::new(name).is_file() || folders.iter().any(is_file) {
        return Ok(());
    }
    Err(exception(Error::new(
        ErrorKind::NotFound,
        format!(
            "no configuration is named '{name}', but a target has that tag: give it as to='{name}', or a \
             Converter(to='{name}')"
        ),
    )))
}

fn segment<'py>(
    py: Python<'py>,
    text: &str,
    segment: &Segment,
    places: &mut Characters<'_>,
) -> PyResult<Bound<'py, PyAny>> {
    let source = text.get(segment.source.clone()).unwrap_or_default();
    let (start, end) = (places.before(segment.source.start), places.before(segment.source.end));
    let decisions = segment.decisions.iter().map(|decision| self::decision(py, decision));
    let decisions = PyTuple::new(py, decisions.collect::<PyResult<Vec<_>>>()?)?;
    SEGMENT.make(py, (start, end, source, segment.output.as_str(), decisions))
}

fn decision<'py>(py: Python<'py>, decision: &Decision) -> PyResult<Bound<'py, PyAny>> {
    let (step, stage, margin) = match decision.step {
        Step::Protected => ("protected", None, None),
        Step::Normalization(stage) => ("normalization", Some(stage), None),
        Step::OwnEntry => ("own entry", None, None),
        Step::Conversion(stage) => ("conversion", Some(stage), None),
        Step::Character => ("character", None, None),
        Step::Choice { margin } => ("choice", None, Some(margin)),
        Step::Word => ("word", None, None),
        _ => ("other", None, None),
    };
    let candidate = |candidate: &fanjian::Candidate| {
        let feature = |feature: &fanjian::Feature| FEATURE.make(py, (feature.name.as_str(), feature.weight));
        let features = candidate.features.iter().map(feature).collect::<PyResult<Vec<_>>>()?;
        CANDIDATE.make(py, (candidate.text.as_str(), candidate.score, PyTuple::new(py, features)?))
    };
    let candidates = decision.candidates.iter().map(candidate).collect::<PyResult<Vec<_>>>()?;
    DECISION.make(
        py,
        (
            step,
            stage,
            decision.dictionary.as_str(),
            decision.key.as_str(),
            decision.value.as_str(),
            PyTuple::new(py, &decision.alternatives)?,
            PyTuple::new(py, candidates)?,
            margin,
        ),
    )
}
