//! The class `Converter`.

use std::{
    env,
    path::{Path, PathBuf},
};

use fanjian::{
    Config, Converter, ConverterBuilder, Decision, Dictionaries, Dictionary, Error, ErrorKind, Punctuation,
    ScriptHistory, Segment, Step, Target, Vocabulary, WordLayer,
};
use fanjian_documents::Languages;
use pyo3::{
    exceptions::PyTypeError,
    prelude::*,
    pybacked::PyBackedStr,
    types::{PyByteArray, PyBytes, PyDict, PyList, PyMapping, PyString, PyTuple},
};

use crate::{
    dictionary::PyDictionary,
    errors::{conflict, exception, wrong_type},
    formats, many,
    parallel::threads_of,
    release::{self, PyDictionaries},
    results::{Characters, Class},
    stream::{self, PyByteStream, PyStream},
    text::{self, LONG, SHORT, bytes_of, utf8, word},
};

static SEGMENT: Class = Class::new("Segment");
static DECISION: Class = Class::new("Decision");
static CANDIDATE: Class = Class::new("Candidate");
static FEATURE: Class = Class::new("Feature");

/// A converter by a configuration, or to a target.
///
/// A configuration converts as OpenCC does under the same name. A target takes Simplified, Traditional and mixed text,
/// decides by context, and leaves correct text unchanged.
///
/// Make one converter and use it for every text and from every thread: it is immutable. It can be pickled and copied, and
/// the interpreter's lock is released for texts of more than a few hundred characters.
///
/// Args:
///     config: A configuration's name, such as ``"s2twp"``, or an OpenCC configuration file. The names are in
///         :data:`CONFIGS`.
///     to: Instead of a configuration, a target's BCP 47 tag, such as ``"zh-TW"``. The tags are in :data:`TARGETS`.
///     from_: With ``to``: the tag of the script that all input is assumed to be in, instead of detecting it per line.
///     vocabulary: With ``to``: ``"keep"`` leaves words as they are, ``"local"`` replaces them by the region's own.
///     punctuation: ``"keep"`` leaves quotation marks as they are, ``"local"`` writes them as the region does: 「」 and 『』 in
///         Traditional text, “” and ‘’ in Simplified text.
///     keep_words: With ``vocabulary="local"``: layers of words that stay: ``"persons"``, ``"places"``, ``"works"`` and ``"food"``.
///     prefer: Characters that are preferred to others of the same meaning, such as ``["臺", "裏"]``.
///     dictionaries: The user's own dictionaries, searched before all others: each a :class:`Dictionary`, a mapping, or the
///         path of a file.
///     both_scripts: Whether words of ``dictionaries`` match in both scripts: 内存 then matches 內存, too.
///     protect: Terms that are not converted.
///     release: With a configuration: the :class:`Dictionaries` of a release of OpenCC, or the path of their file, in place of
///         the built-in ones.
///     tofu_risk: With a configuration: whether to use dictionaries whose output many fonts lack.
///     search_folders: With a configuration: further folders that are searched for its file and for its dictionaries.
///
/// Raises:
///     TypeError: An argument has the wrong type, or there is neither a configuration nor a target.
///     NotFoundError: There is no such configuration, target or dictionary, or the release lacks the configuration.
///     ConfigError: A configuration file is invalid, or arguments exclude each other.
///     DictionaryError: A dictionary is invalid.
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
    /// The working folder when it was made, by which relative paths were meant.
    folder: PathBuf,
}

/// The arguments by which functions choose a conversion.
pub(crate) struct Arguments<'a, 'py> {
    pub(crate) config: Option<&'a Bound<'py, PyAny>>,
    pub(crate) to: Option<&'a Bound<'py, PyAny>>,
    pub(crate) from_: Option<&'a Bound<'py, PyAny>>,
    pub(crate) vocabulary: Option<&'a Bound<'py, PyAny>>,
    pub(crate) punctuation: Option<&'a Bound<'py, PyAny>>,
    pub(crate) release: Option<&'a Bound<'py, PyAny>>,
}

impl Arguments<'_, '_> {
    /// Whether there is one beside the configuration.
    pub(crate) fn has_more_than_config(&self) -> bool {
        let Arguments { config: _, to, from_, vocabulary, punctuation, release } = self;
        [to, from_, vocabulary, punctuation, release].into_iter().any(Option::is_some)
    }

    pub(crate) fn choices(&self) -> PyResult<Choices> {
        let named = |object: Option<&Bound<'_, PyAny>>, name| object.map(|object| word(object, name)).transpose();
        let (to, from_) = (named(self.to, "to")?, named(self.from_, "from_")?);
        let (vocabulary, punctuation) =
            (named(self.vocabulary, "vocabulary")?, named(self.punctuation, "punctuation")?);
        if self.config.is_none() && to.is_none() {
            return Err(PyTypeError::new_err(
                "a configuration is needed, such as 's2twp', or a target, such as to='zh-TW'",
            ));
        }
        let target = |tag: Option<PyBackedStr>| tag.as_deref().map(self::target).transpose();
        Ok(Choices {
            config: self.config.map(base).transpose()?,
            target: target(to)?,
            vocabulary: vocabulary.as_deref().map(str::parse).transpose().map_err(exception)?,
            punctuation: punctuation.as_deref().map(str::parse).transpose().map_err(exception)?.unwrap_or_default(),
            keep_words: Vec::new(),
            prefer: Vec::new(),
            source_script: target(from_)?,
            dictionaries: Vec::new(),
            both_scripts: false,
            protect: Vec::new(),
            release: self.release.map(release::release).transpose()?,
            tofu_risk: false,
            search_folders: Vec::new(),
        })
    }
}

/// The choices of a converter, with which an equal one can be made elsewhere.
#[derive(Clone, Debug)]
pub(crate) struct Choices {
    config: Option<Base>,
    target: Option<Target>,
    vocabulary: Option<Vocabulary>,
    punctuation: Punctuation,
    keep_words: Vec<WordLayer>,
    prefer: Vec<char>,
    source_script: Option<Target>,
    dictionaries: Vec<Dictionary>,
    both_scripts: bool,
    protect: Vec<String>,
    release: Option<Dictionaries>,
    tofu_risk: bool,
    search_folders: Vec<PathBuf>,
}

/// A configuration.
#[derive(Clone, Debug)]
enum Base {
    /// What OpenCC's command takes as a configuration. Of a converter, a built-in one.
    Name(String),
    File(PathBuf),
}

impl Choices {
    /// The target and the choices for it. None if there is a configuration.
    pub(crate) fn target(&self) -> Option<(Target, Option<Target>, Vocabulary, Punctuation)> {
        if self.config.is_some() {
            return None;
        }
        Some((self.target?, self.source_script, self.vocabulary.unwrap_or_default(), self.punctuation))
    }

    /// The languages of the conversion. Those of a configuration that is a file are not known.
    pub(crate) fn languages(&self) -> Languages {
        match (&self.config, self.target) {
            (None, Some(target)) => Languages::to_target(target, self.source_script),
            (Some(Base::Name(name)), _) => {
                plain(name).parse().map_or_else(|_| Languages::default(), Languages::of_config)
            }
            _ => Languages::default(),
        }
    }

    pub(crate) fn build(mut self) -> PyResult<PyConverter> {
        // The library takes no notice of these.
        if self.target.is_some() && (self.tofu_risk || !self.search_folders.is_empty()) {
            let name = if self.tofu_risk { "tofu_risk" } else { "search_folders" };
            return Err(conflict(&format!("{name} needs a configuration: a target reads none of its files")));
        }
        let mut builder =
            Converter::builder().protect(&self.protect).tofu_risk(self.tofu_risk).punctuation(self.punctuation);
        builder = match &self.config {
            Some(Base::Name(name)) => builder.config_name(name),
            Some(Base::File(path)) => builder.config_file(path),
            None => builder,
        };
        builder = self.target.into_iter().fold(builder, ConverterBuilder::target);
        builder = self.vocabulary.into_iter().fold(builder, ConverterBuilder::vocabulary);
        builder = builder.keep_words(self.keep_words.iter().copied()).prefer(self.prefer.iter().copied());
        builder = builder.dictionary_in_both_scripts(self.both_scripts);
        builder = self.source_script.into_iter().fold(builder, ConverterBuilder::source_script);
        builder = self.dictionaries.iter().cloned().fold(builder, ConverterBuilder::dictionary);
        builder = self.release.iter().cloned().fold(builder, ConverterBuilder::dictionaries);
        builder = self.search_folders.iter().fold(builder, ConverterBuilder::search_folder);
        if let Some(Base::Name(_)) = self.config
            && let Some(path) = builder.find_config_file().map_err(|error| exception(self.with_hint(error)))?
        {
            builder = builder.config_file(&path);
            self.config = Some(Base::File(path));
        }
        let converter = builder.build().map(ready).map_err(|error| exception(self.with_hint(error)))?;
        Ok(PyConverter { converter, choices: self, folder: env::current_dir().unwrap_or_default() })
    }

    /// An error with a hint, if the configuration that was not found is the tag of a target, or like the name of another one.
    fn with_hint(&self, error: Error) -> Error {
        let name = match &self.config {
            // An error for a dictionary that a configuration names has the configuration as its place.
            Some(Base::Name(name)) if error.kind() == ErrorKind::NotFound && error.place().is_none() => name,
            _ => return error,
        };
        if name.parse::<Target>().is_ok() {
            let message = format!(
                "unknown configuration '{name}': it is the tag of a target, given as to='{name}', or as a \
                 Converter(to='{name}')"
            );
            return Error::new(ErrorKind::NotFound, message);
        }
        let is_path = Path::new(name).components().count() > 1 || name.ends_with(".json");
        let is_searched = is_path || !self.search_folders.is_empty();
        name.parse::<Config>().err().filter(|_| !is_searched).unwrap_or(error)
    }
}

/// The name of a built-in configuration without `.json`, with which a file could take its place.
fn plain(name: &str) -> &str {
    name.strip_suffix(".json").unwrap_or(name)
}

/// A character of `prefer`.
fn character(object: &Bound<'_, PyAny>) -> PyResult<char> {
    let text = word(object, "a preferred character")?;
    let mut characters = text.chars();
    match (characters.next(), characters.next()) {
        (Some(character), None) => Ok(character),
        _ => {
            let message = format!("a preferred character is one character, and '{text}' is not");
            Err(exception(Error::new(ErrorKind::Config, message)))
        }
    }
}

/// The configuration that an argument names.
fn base(config: &Bound<'_, PyAny>) -> PyResult<Base> {
    if config.is_instance_of::<PyString>() {
        return Ok(Base::Name(utf8(config, "config")?.to_string()));
    }
    config.extract().map(Base::File).map_err(|_| wrong_type("config", "str or a path", config))
}

impl PyConverter {
    /// What a text of this beginning shows of its script there.
    fn prior(&self, beginning: Option<&Bound<'_, PyAny>>) -> PyResult<ScriptHistory> {
        let Some(beginning) = beginning else { return Ok(ScriptHistory::default()) };
        Ok(self.converter.prior(&utf8(beginning, "beginning")?))
    }
}

#[pymethods]
impl PyConverter {
    #[new]
    #[pyo3(signature = (
        config = None, *, to = None, from_ = None, vocabulary = None, punctuation = None, keep_words = None, prefer = None,
        dictionaries = None, both_scripts = false, protect = None, release = None,
        tofu_risk = false, search_folders = None,
    ))]
    #[expect(clippy::too_many_arguments, reason = "they are named in Python")]
    fn new(
        config: Option<&Bound<'_, PyAny>>,
        to: Option<&Bound<'_, PyAny>>,
        from_: Option<&Bound<'_, PyAny>>,
        vocabulary: Option<&Bound<'_, PyAny>>,
        punctuation: Option<&Bound<'_, PyAny>>,
        keep_words: Option<&Bound<'_, PyAny>>,
        prefer: Option<&Bound<'_, PyAny>>,
        dictionaries: Option<&Bound<'_, PyAny>>,
        both_scripts: bool,
        protect: Option<&Bound<'_, PyAny>>,
        release: Option<&Bound<'_, PyAny>>,
        tofu_risk: bool,
        search_folders: Option<&Bound<'_, PyAny>>,
    ) -> PyResult<PyConverter> {
        let mut folders = Vec::new();
        for folder in several(search_folders, "search_folders")? {
            folders.push(folder.extract().map_err(|_| wrong_type("a search folder", "a path", &folder))?);
        }
        let mut choices = Arguments { config, to, from_, vocabulary, punctuation, release }.choices()?;
        choices.search_folders = folders;
        for layer in several(keep_words, "keep_words")? {
            choices.keep_words.push(word(&layer, "a layer of words")?.parse().map_err(exception)?);
        }
        for preferred in several(prefer, "prefer")? {
            choices.prefer.push(character(&preferred)?);
        }
        choices.both_scripts = both_scripts;
        for dictionary in several(dictionaries, "dictionaries")? {
            choices.dictionaries.push(PyDictionary::of(&dictionary)?);
        }
        for term in several(protect, "protect")? {
            choices.protect.push(word(&term, "a protected term")?.to_string());
        }
        choices.tofu_risk = tofu_risk;
        choices.build()
    }

    /// Converts a text. Returns the same object if nothing changes.
    ///
    /// Args:
    ///     text: The text.
    ///     as_: The format of a document that is a text, such as ``"srt"``: as by :func:`fanjian.documents.convert`.
    ///
    /// Raises:
    ///     TypeError: The text is not a ``str``.
    ///     NotFoundError: There is no such format.
    ///     DocumentError: The text is not a document of this format.
    ///     UnicodeEncodeError: The text contains a lone surrogate, which is not a character.
    ///     MemoryError: There is no memory for the result.
    ///
    /// >>> import fanjian
    /// >>> fanjian.Converter("s2t").convert("皇后的头发")
    /// '皇后的頭髮'
    #[pyo3(signature = (text, /, *, as_ = None))]
    fn convert<'py>(
        &self,
        text: &Bound<'py, PyAny>,
        as_: Option<&Bound<'py, PyAny>>,
    ) -> PyResult<Bound<'py, PyString>> {
        match as_ {
            None => text::convert(&self.converter, text, "text"),
            Some(as_) => formats::convert((&self.converter, self.languages()), text, as_),
        }
    }

    /// Converts many texts, each on its own. For short texts this is faster than a call for each.
    ///
    /// Args:
    ///     texts: A list, or another iterable of ``str``.
    ///     threads: The maximum number of threads; 0 for the number of processors.
    ///
    /// Raises:
    ///     TypeError: One of the texts is not a ``str``; the message has its index.
    ///     UnicodeEncodeError: One of the texts contains a lone surrogate; the message has its index.
    ///
    /// >>> import fanjian
    /// >>> fanjian.Converter("t2s").convert_many(["頭髮", "乾淨"], threads=2)
    /// ['头发', '干净']
    #[pyo3(signature = (texts, /, *, threads = 1))]
    fn convert_many<'py>(
        &self,
        texts: &Bound<'py, PyAny>,
        #[pyo3(from_py_with = threads_of)] threads: usize,
    ) -> PyResult<Bound<'py, PyList>> {
        many::convert(&self.converter, texts, threads)
    }

    /// Converts ``bytes`` that should be UTF-8.
    ///
    /// Args:
    ///     data: The text: ``bytes``, or an object with bytes in one piece of memory, such as a ``bytearray``, a ``memoryview`` or
    ///         an ``mmap``, which are copied first.
    ///     invalid_utf8: The policy for bytes that are not UTF-8: ``"strict"`` raises an error, ``"replace"`` replaces them
    ///         by U+FFFD, ``"pass"`` passes them through unchanged.
    ///
    /// Raises:
    ///     EncodingError: The bytes are not UTF-8, and the policy is strict; ``offset`` is where.
    ///     NotFoundError: There is no such policy.
    ///
    /// >>> import fanjian
    /// >>> fanjian.Converter("t2s").convert_bytes("頭髮".encode()).decode()
    /// '头发'
    #[pyo3(signature = (data, /, *, invalid_utf8 = "strict"))]
    fn convert_bytes<'py>(&self, data: &Bound<'py, PyAny>, invalid_utf8: &str) -> PyResult<Bound<'py, PyBytes>> {
        let (py, bytes, policy) = (data.py(), bytes_of(data, "data")?, stream::policy(invalid_utf8)?);
        if bytes.len() > LONG {
            let mut stream = self.converter.stream().invalid_utf8(policy);
            return text::bytes(py, &text::long(py, &mut stream, &bytes)?);
        }
        let convert = || self.converter.convert_bytes(&bytes, policy);
        let converted = if bytes.len() < SHORT { convert() } else { py.detach(convert) };
        text::bytes(py, &converted.map_err(exception)?)
    }

    /// A new :class:`Stream`, which converts a text in pieces of ``str``.
    ///
    /// Args:
    ///     beginning: With a target: the beginning of the text, or all of it, which is then still to be pushed. Of its first
    ///         16,384 characters, the first 16 sentences or lines that show their script also decide about lines before them
    ///         that do not, such as a title. Without it, the output is that of :meth:`convert`.
    ///
    /// >>> import fanjian
    /// >>> converter, text = fanjian.Converter(to="zh-CN"), "乾亮\n头发"
    /// >>> converter.convert(text)
    /// '干亮\n头发'
    /// >>> stream = converter.stream(beginning=text)
    /// >>> stream.push(text) + stream.finish()
    /// '乾亮\n头发'
    #[pyo3(signature = (*, beginning = None))]
    fn stream(&self, beginning: Option<&Bound<'_, PyAny>>) -> PyResult<PyStream> {
        Ok(PyStream::new(&self.converter, self.prior(beginning)?))
    }

    /// A new :class:`ByteStream`, which converts a text in pieces of ``bytes``. ``beginning``, a ``str``, is as for
    /// :meth:`stream`.
    #[pyo3(signature = (*, invalid_utf8 = "strict", beginning = None))]
    fn byte_stream(&self, invalid_utf8: &str, beginning: Option<&Bound<'_, PyAny>>) -> PyResult<PyByteStream> {
        Ok(PyByteStream::new(&self.converter, stream::policy(invalid_utf8)?, self.prior(beginning)?))
    }

    /// Explains a conversion: the parts of the text, their outputs, and the decisions behind them, as a list of
    /// :class:`Segment`.
    ///
    /// Many times slower than a conversion.
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

    /// The configuration's name, or the file that was read. ``None`` if there is a target.
    #[getter]
    fn config(&self) -> Option<String> {
        self.choices.config.as_ref().map(|config| match config {
            Base::Name(name) => name.clone(),
            Base::File(path) => path.display().to_string(),
        })
    }

    /// The target's own tag. ``None`` if there is a configuration.
    #[getter]
    fn to(&self) -> Option<&'static str> {
        self.choices.target.map(Target::tag)
    }

    /// The tag of the script that the text is assumed to be in. ``None`` if it is detected.
    #[getter]
    fn from_(&self) -> Option<&'static str> {
        self.choices.source_script.map(Target::tag)
    }

    /// ``"keep"`` or ``"local"``. ``None`` if there is a configuration.
    #[getter]
    fn vocabulary(&self) -> Option<&'static str> {
        self.choices.target().map(|(_, _, vocabulary, _)| vocabulary.name())
    }

    /// ``"keep"`` or ``"local"``.
    #[getter]
    fn punctuation(&self) -> &'static str {
        self.choices.punctuation.name()
    }

    /// The layers of words that stay where others are replaced.
    #[getter]
    fn keep_words(&self) -> Vec<&'static str> {
        self.choices.keep_words.iter().map(|layer| layer.name()).collect()
    }

    /// The characters that are preferred to others.
    #[getter]
    fn prefer(&self) -> Vec<String> {
        self.choices.prefer.iter().map(char::to_string).collect()
    }

    /// The dictionaries of a release. ``None`` for the built-in ones.
    #[getter]
    fn release(&self, py: Python<'_>) -> PyResult<Option<Py<PyDictionaries>>> {
        self.choices.release.as_ref().map(|found| release::object(py, found)).transpose()
    }

    fn __repr__(&self, py: Python<'_>) -> PyResult<String> {
        let quoted = |text: &str| PyString::new(py, text).repr().map(|text| text.to_string());
        let mut arguments = self.config().as_deref().map(quoted).into_iter().collect::<PyResult<Vec<_>>>()?;
        let vocabulary = self.vocabulary().filter(|&name| name != Vocabulary::default().name());
        let punctuation = Some(self.punctuation()).filter(|&name| name != Punctuation::default().name());
        let named =
            [("to", self.to()), ("from_", self.from_()), ("vocabulary", vocabulary), ("punctuation", punctuation)];
        for (name, value) in named {
            if let Some(value) = value {
                arguments.push(format!("{name}={}", quoted(value)?));
            }
        }
        if !self.choices.keep_words.is_empty() {
            arguments.push(format!("keep_words={}", PyList::new(py, self.keep_words())?.repr()?));
        }
        if !self.choices.prefer.is_empty() {
            arguments.push(format!("prefer={}", PyList::new(py, self.prefer())?.repr()?));
        }
        if !self.choices.dictionaries.is_empty() {
            let size =
                |own: &Dictionary| format!("<{} {}>", own.len(), if own.len() == 1 { "entry" } else { "entries" });
            let sizes: Vec<_> = self.choices.dictionaries.iter().map(size).collect();
            arguments.push(format!("dictionaries=[{}]", sizes.join(", ")));
        }
        if self.choices.both_scripts {
            arguments.push("both_scripts=True".to_owned());
        }
        if !self.choices.protect.is_empty() {
            arguments.push(format!("protect={}", PyList::new(py, &self.choices.protect)?.repr()?));
        }
        if let Some(release) = &self.choices.release {
            arguments.push(format!("release=<{}>", release.name()));
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

    /// The arguments of an equal converter, with all entries of the user's dictionaries and of a release. A configuration file is read
    /// again, from any working folder; a dictionary that it names is one of that folder, if that has one of the name.
    fn __getnewargs_ex__<'py>(&self, py: Python<'py>) -> PyResult<(Bound<'py, PyTuple>, Bound<'py, PyDict>)> {
        let Choices { config, dictionaries, protect, tofu_risk, search_folders, .. } = &self.choices;
        let named = PyDict::new(py);
        let absolute = |path: &Path| self.folder.join(path).components().collect::<PathBuf>();
        let (config, search_folders) = match config {
            // Without folders, no file elsewhere can take its place.
            Some(Base::Name(name)) => (vec![PyString::new(py, plain(name)).into_any()], Vec::new()),
            Some(Base::File(path)) => {
                // Its dictionaries may be in the working folder, too.
                let folders = [Path::new("")].into_iter().chain(search_folders.iter().map(PathBuf::as_path));
                let mut folders: Vec<_> = folders.map(absolute).collect();
                folders.dedup();
                (vec![absolute(path).into_pyobject(py)?.into_any()], folders)
            }
            None => (Vec::new(), Vec::new()),
        };
        named.set_item("to", self.to())?;
        named.set_item("from_", self.from_())?;
        named.set_item("vocabulary", self.vocabulary())?;
        named.set_item("punctuation", self.punctuation())?;
        named.set_item("keep_words", self.keep_words())?;
        named.set_item("prefer", self.prefer())?;
        let objects = dictionaries.iter().map(|own| PyDictionary::object(py, own)).collect::<PyResult<Vec<_>>>()?;
        named.set_item("dictionaries", objects)?;
        named.set_item("both_scripts", self.choices.both_scripts)?;
        named.set_item("protect", protect)?;
        named.set_item("release", self.release(py)?)?;
        named.set_item("tofu_risk", tofu_risk)?;
        named.set_item("search_folders", search_folders)?;
        Ok((PyTuple::new(py, config)?, named))
    }
}

impl PyConverter {
    pub(crate) fn converter(&self) -> &Converter {
        &self.converter
    }

    pub(crate) fn into_converter(self) -> Converter {
        self.converter
    }

    pub(crate) fn languages(&self) -> Languages {
        self.choices.languages()
    }
}

/// A converter whose tables are built. With the interpreter's lock held, no fork can happen in between: the child would wait
/// forever for a thread that it does not have.
pub(crate) fn ready(converter: Converter) -> Converter {
    converter.prepare();
    converter
}

/// The items of an optional argument: any iterable. A `str` alone would yield its characters, and a mapping its keys without
/// their values.
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

/// The target of this tag.
fn target(tag: &str) -> PyResult<Target> {
    tag.parse().map_err(|error| match tag.parse::<Config>() {
        Ok(_) => exception(Error::new(
            ErrorKind::NotFound,
            format!("unknown target '{tag}': it is the name of a configuration, given without to="),
        )),
        Err(_) => exception(error),
    })
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
    let margin = match decision.step {
        Step::Choice { margin } => Some(margin),
        _ => None,
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
            decision.step.name(),
            decision.step.stage(),
            decision.dictionary.as_str(),
            decision.key.as_str(),
            decision.value.as_str(),
            PyTuple::new(py, &decision.alternatives)?,
            PyTuple::new(py, candidates)?,
            margin,
        ),
    )
}
