//! Dictionaries of a release of OpenCC, in place of the built-in ones.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
    path::Path,
    sync::{Arc, Mutex, OnceLock, PoisonError},
};

use fanjian_dictionary::{
    Container, Dictionary, DictionaryFormat, Entries, Error, ErrorKind, Group, Plan, bytes::u32_at, read_file,
    seal::Seal,
};
use fanjian_engine::{FastTables, FusedTables, description};

use crate::{Config, config::VARIANTS, conversion::Resolved};
#[cfg(not(fanjian_external_data))]
use crate::{OPENCC_VERSION, data};

/// The head of a file of dictionaries. Behind it there are how many parts there are, the length of each in 4 bytes, and the
/// parts: the name, the container of the dictionaries, and for each configuration its name and its JSON.
const SEAL: Seal = Seal { magic: b"fjdicts\x1a", version: 1, what: "file of a release's dictionaries" };

/// All dictionaries and configurations of a release of OpenCC: for a converter that is to give the same results whatever version
/// of this library it is built with. See [`ConverterBuilder::dictionaries`](crate::ConverterBuilder::dictionaries).
///
/// They are made from the files of a release once, and written to a file, which is read in some ten milliseconds. Cheap to clone.
///
/// ```
/// use fanjian::{Config, Converter, Dictionaries};
///
/// # fn main() -> Result<(), fanjian::Error> {
/// let files = [
///     ("Characters.txt", "头\t頭\n发\t發 髮\n"),
///     ("s2t.json", r#"{"conversion_chain": [{"dict": {"type": "text", "file": "Characters.txt"}}]}"#),
/// ];
/// let files = files.map(|(name, text)| (name.to_owned(), text.as_bytes().to_vec()));
/// let mine = Dictionaries::from_files("mine-1", files)?;
/// let pinned = Dictionaries::from_bytes(mine.to_bytes()?)?;
/// assert_eq!(pinned.name(), "mine-1");
///
/// let converter = Converter::builder().config(Config::S2t).dictionaries(pinned.clone()).build()?;
/// assert_eq!(converter.convert("头发"), "頭發");
///
/// let error = Converter::builder().config(Config::T2s).dictionaries(pinned).build().unwrap_err();
/// assert_eq!(error.to_string(), "the dictionaries 'mine-1' have no configuration t2s, but s2t");
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct Dictionaries(Arc<Release>);

struct Release {
    name: String,
    is_builtin: bool,
    container: Container,
    /// The configurations that there are, in JSON.
    configs: BTreeMap<Config, String>,
    /// Each configuration, with and without the tofu-risk dictionaries, once it has been asked for.
    resolved: [OnceLock<Resolved>; VARIANTS],
}

impl Dictionaries {
    fn new(name: String, is_builtin: bool, container: Container, configs: BTreeMap<Config, String>) -> Dictionaries {
        let resolved = [const { OnceLock::new() }; VARIANTS];
        Dictionaries(Arc::new(Release { name, is_builtin, container, configs, resolved }))
    }

    /// The built-in ones, under the name of their release.
    ///
    /// ```
    /// assert_eq!(fanjian::Dictionaries::builtin().configs().count(), fanjian::Config::ALL.len());
    /// ```
    #[cfg(not(fanjian_external_data))]
    #[must_use]
    pub fn builtin() -> Dictionaries {
        let configs = Config::ALL.iter().map(|&config| (config, config.json().to_owned())).collect();
        Dictionaries::new(format!("opencc-{OPENCC_VERSION}"), true, data::container().clone(), configs)
    }

    /// Compiles the files of a release, each with its name: configurations (`.json`) of [the names that there are](Config), and
    /// the dictionaries that they name, in any [format](DictionaryFormat): where there is no file of just that name, it is the one
    /// with another extension. Folders before a name do not matter. `name` is for messages and reports, such as `opencc-1.1.9`.
    ///
    /// All other files are left out, as a release has licences and programs, too: also a configuration of another name, which no
    /// [`Config`] can choose, and a dictionary that no configuration names. [`configs`](Self::configs) and
    /// [`dictionaries`](Self::dictionaries) return what is taken.
    ///
    /// # Errors
    ///
    /// Those of [`DictionaryFormat::read`]; [`Config`](ErrorKind::Config) for a configuration that says something wrong, and for two
    /// files of one name that differ; [`NotFound`](ErrorKind::NotFound) for a configuration that names a dictionary which is not among
    /// the files, and if there is no configuration at all.
    pub fn from_files(name: &str, files: impl IntoIterator<Item = (String, Vec<u8>)>) -> Result<Dictionaries, Error> {
        let files = Files::new(files);
        let mut configs = BTreeMap::new();
        let mut dictionaries: BTreeMap<String, Entries> = BTreeMap::new();
        for &config in Config::ALL {
            let found = files.only(&format!("{config}.json")).map_err(|error| error.at(name))?;
            let Some((file, bytes)) = found else { continue };
            let path = Path::new(file);
            let text = String::from_utf8(bytes.clone());
            let text = text.map_err(|error| Error::invalid_utf8(error.as_bytes(), 0).at_path(path))?;
            for named in named(&text).map_err(|error| error.at_path(path))? {
                if dictionaries.contains_key(stem(&named)) {
                    continue;
                }
                if let Some((file, bytes)) = files.dictionary(&named).map_err(|error| error.at(name))? {
                    let entries = DictionaryFormat::of(bytes).read(Path::new(file), bytes.clone())?;
                    dictionaries.insert(stem(&named).to_owned(), entries);
                }
            }
            configs.insert(config, text);
        }
        let container = Container::compile(dictionaries.iter().map(|(name, entries)| (name.as_str(), entries)))?;
        let container = Container::from_untrusted(container)?;
        Dictionaries::new(name.to_owned(), false, container, configs).checked()
    }

    /// Reads the file that [`to_bytes`](Self::to_bytes) is the contents of, and checks all of it.
    ///
    /// # Errors
    ///
    /// Those of [`from_bytes`](Self::from_bytes); [`Io`](ErrorKind::Io); [`TooLarge`](ErrorKind::TooLarge) for a file of more than
    /// 256 MiB.
    pub fn from_path(path: impl AsRef<Path>) -> Result<Dictionaries, Error> {
        let path = path.as_ref();
        Self::from_bytes(read_file(path)?).map_err(|error| error.at_path(path))
    }

    /// Opens what [`to_bytes`](Self::to_bytes) returned, after checking all of it.
    ///
    /// # Errors
    ///
    /// [`Damaged`](ErrorKind::Damaged) and [`Version`](ErrorKind::Version); and for configurations, those of
    /// [`from_files`](Self::from_files).
    pub fn from_bytes(bytes: Vec<u8>) -> Result<Dictionaries, Error> {
        let damaged = |why: &str| SEAL.damaged(why);
        let mut parts = parts(SEAL.open_checked(&bytes)?).ok_or_else(|| damaged("its parts do not fit"))?.into_iter();
        let (Some(name), Some(container)) = (parts.next(), parts.next()) else {
            return Err(damaged("it has no dictionaries"));
        };
        let text = |part: &[u8]| {
            String::from_utf8(part.to_vec()).map_err(|_| damaged("a name or a configuration is not UTF-8"))
        };
        let mut configs = BTreeMap::new();
        while let Some(config) = parts.next() {
            let config = text(config)?;
            let json = text(parts.next().ok_or_else(|| damaged(&format!("the configuration '{config}' is missing")))?)?;
            let known = config.parse().map_err(|_| damaged(&format!("no configuration is named '{config}'")))?;
            if configs.insert(known, json).is_some() {
                return Err(damaged(&format!("it has the configuration {known} twice")));
            }
        }
        Dictionaries::new(text(name)?, false, Container::from_untrusted(container.to_vec())?, configs).checked()
    }

    /// The contents of a file. The same files of a release give the same bytes.
    ///
    /// # Errors
    ///
    /// [`TooLarge`](ErrorKind::TooLarge), just below 4 GiB.
    pub fn to_bytes(&self) -> Result<Vec<u8>, Error> {
        let container = self.0.container.to_bytes();
        let configs = self.0.configs.iter().flat_map(|(config, json)| [config.name().as_bytes(), json.as_bytes()]);
        let parts: Vec<&[u8]> = [self.0.name.as_bytes(), &container].into_iter().chain(configs).collect();
        SEAL.close(&joined(&parts))
    }

    /// Whether these bytes begin as a file of dictionaries does, of whatever version.
    #[must_use]
    pub fn recognizes(bytes: &[u8]) -> bool {
        SEAL.recognizes(bytes)
    }

    /// The name, such as `opencc-1.1.9`.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.0.name
    }

    /// Whether these are the [built-in](Self::builtin) ones.
    #[must_use]
    pub fn is_builtin(&self) -> bool {
        self.0.is_builtin
    }

    /// The configurations that there are: early releases have fewer.
    pub fn configs(&self) -> impl Iterator<Item = Config> {
        self.0.configs.keys().copied()
    }

    /// The dictionaries that configurations use, in the order of their names.
    pub fn dictionaries(&self) -> impl Iterator<Item = Dictionary> {
        let files = self.0.configs.values().filter_map(|json| named(json).ok()).flatten();
        let names: BTreeSet<String> = files.map(|file| stem(&file).to_owned()).collect();
        names.into_iter().filter_map(|name| self.dictionary(&name))
    }

    pub(crate) fn dictionary(&self, name: &str) -> Option<Dictionary> {
        self.0.container.dictionary(name).ok()
    }

    /// A configuration in JSON.
    ///
    /// # Errors
    ///
    /// [`NotFound`](ErrorKind::NotFound), with those that there are.
    pub fn json(&self, config: Config) -> Result<&str, Error> {
        let json = self.0.configs.get(&config).map(String::as_str);
        json.ok_or_else(|| {
            let name = &self.0.name;
            let names: Vec<_> = self.configs().map(Config::name).collect();
            let message = format!("the dictionaries '{name}' have no configuration {config}, but {}", names.join(", "));
            Error::new(ErrorKind::NotFound, message)
        })
    }

    /// These, if all configurations can be used with them.
    fn checked(self) -> Result<Dictionaries, Error> {
        if self.0.configs.is_empty() {
            let known: Vec<_> = Config::ALL.iter().map(|config| format!("{config}.json")).collect();
            let message = format!("no configuration is among the files: expected some of {}", known.join(", "));
            return Err(Error::new(ErrorKind::NotFound, message).at(self.name()));
        }
        for config in self.configs() {
            for tofu_risk in [false, true] {
                self.plan(config, tofu_risk)?;
            }
        }
        Ok(self)
    }

    /// What a configuration does.
    pub(crate) fn plan(&self, config: Config, tofu_risk: bool) -> Result<Plan, Error> {
        let parsed = fanjian_dictionary::Config::parse(self.json(config)?);
        let mut find = |reference: fanjian_dictionary::Reference<'_>| {
            self.dictionary(reference.name()).ok_or_else(|| {
                Error::new(ErrorKind::NotFound, format!("no dictionary '{}' is among the files", reference.file))
            })
        };
        let plan = parsed.and_then(|parsed| parsed.plan(tofu_risk, &mut find));
        plan.map_err(|error| error.at(format!("{}, {config}", self.name())))
    }

    /// A configuration as it was resolved before, if it was.
    pub(crate) fn resolved(&self, config: Config, tofu_risk: bool) -> &OnceLock<Resolved> {
        &self.0.resolved[config.variant(tofu_risk)]
    }
}

impl fmt::Debug for Dictionaries {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Dictionaries").field("name", &self.0.name).finish_non_exhaustive()
    }
}

/// What the names of dictionaries end with, in the order in which one stands in for another.
const EXTENSIONS: [&str; 3] = [".txt", ".ocd2", ".ocd"];

/// A file's path, and its contents.
type File = (String, Vec<u8>);

/// Files by their names without folders.
struct Files(BTreeMap<String, Vec<File>>);

impl Files {
    fn new(files: impl IntoIterator<Item = File>) -> Files {
        let mut by_name: BTreeMap<String, Vec<File>> = BTreeMap::new();
        for (path, bytes) in files {
            let name = Path::new(&path).file_name().unwrap_or_default().to_string_lossy().into_owned();
            by_name.entry(name).or_default().push((path, bytes));
        }
        Files(by_name)
    }

    /// The file of this name. An error if there are several, and they differ.
    fn only(&self, name: &str) -> Result<Option<&File>, Error> {
        let Some([first, others @ ..]) = self.0.get(name).map(Vec::as_slice) else { return Ok(None) };
        match others.iter().find(|(_, bytes)| *bytes != first.1) {
            None => Ok(Some(first)),
            Some((other, _)) => {
                let message = format!("two files of one name differ: {} and {other}", first.0);
                Err(Error::new(ErrorKind::Config, message))
            }
        }
    }

    /// The dictionary of this name, or the one with another extension.
    fn dictionary(&self, name: &str) -> Result<Option<&File>, Error> {
        let others = EXTENSIONS.iter().map(|extension| format!("{}{extension}", stem(name)));
        match [name.to_owned()].into_iter().chain(others).find(|name| self.0.contains_key(name)) {
            Some(found) => self.only(&found),
            None => Ok(None),
        }
    }
}

/// The files of dictionaries that a configuration names, without folders.
fn named(json: &str) -> Result<Vec<String>, Error> {
    let mut files = Vec::new();
    let none = Dictionary::from_text("", "")?;
    fanjian_dictionary::Config::parse(json)?.plan(true, &mut |reference| {
        let file = Path::new(reference.file).file_name().unwrap_or_default();
        files.push(file.to_string_lossy().into_owned());
        Ok(none.clone())
    })?;
    Ok(files)
}

fn stem(file: &str) -> &str {
    file.rsplit_once('.').map_or(file, |(stem, _)| stem)
}

/// The contents of a file with these parts.
fn joined(parts: &[&[u8]]) -> Vec<u8> {
    let numbers = [parts.len()].into_iter().chain(parts.iter().map(|part| part.len()));
    let mut contents: Vec<u8> = numbers.flat_map(|number| (number as u32).to_le_bytes()).collect();
    parts.iter().for_each(|part| contents.extend_from_slice(part));
    contents
}

/// The parts of the contents of a file.
fn parts(contents: &[u8]) -> Option<Vec<&[u8]>> {
    let count = u32_at(contents, 0)? as usize;
    let mut rest = contents.get(count.checked_add(1)?.checked_mul(4)?..)?;
    let mut parts = Vec::new();
    for index in 0..count {
        let (part, after) = rest.split_at_checked(u32_at(contents, 4 + 4 * index)? as usize)?;
        parts.push(part);
        rest = after;
    }
    rest.is_empty().then_some(parts)
}

/// The tables of a plan, where it has some. They stay for the rest of the program, as those of the built-in configurations do:
/// once for each plan, however often its release is read.
///
/// They are made here rather than read from the file: a conversion takes what they say without a look at it.
pub(crate) fn tables(plan: Plan) -> Result<Option<&'static FastTables>, Error> {
    type Known = (&'static [u8], Option<&'static FastTables>);
    static KNOWN: Mutex<Vec<Known>> = Mutex::new(Vec::new());
    const NAME: &str = "it";

    let is_separable = is_separable(&plan);
    let bytes = fanjian_engine::tables::compile(&[(NAME.to_owned(), plan)])?;
    let mut known = KNOWN.lock().unwrap_or_else(PoisonError::into_inner);
    // The values of the normalization are not in the bytes.
    let is_same = |tables: &FastTables| tables.is_separable() == is_separable;
    if let Some((_, tables)) = known.iter().find(|(other, tables)| *other == bytes && tables.is_none_or(is_same)) {
        return Ok(*tables);
    }
    let bytes: &'static [u8] = bytes.leak();
    let tables = FusedTables::find(bytes, NAME)?.map(|found| {
        let tables = FastTables::from(found);
        &*Box::leak(Box::new(if is_separable { tables } else { tables.inseparable() }))
    });
    known.push((bytes, tables));
    Ok(tables)
}

/// Whether no key or value has a control character of ASCII, nor an operator of ideographic description sequences.
fn is_separable(plan: &Plan) -> bool {
    let plain = |text: &str| !text.bytes().any(|byte| byte.is_ascii_control()) && !description::may_begin_in(text);
    let groups = plan.normalization.iter().chain(&plan.segmentation).chain(&plan.chain);
    let mut is_separable = true;
    for dictionary in groups.flat_map(Group::dictionaries) {
        dictionary.for_each_entry(|key, value| is_separable &= plain(key) && plain(value));
    }
    is_separable
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_with_what_is_not_known_is_an_error() {
        let words = Entries::parse("Words", "头\t頭\n").unwrap();
        let container = Container::compile([("Words", &words)]).unwrap();
        let json: &[u8] = br#"{"conversion_chain": [{"dict": {"type": "text", "file": "Words.txt"}}]}"#;
        let read = |configs: &[&[u8]]| {
            let parts = [&[b"mine", &*container], configs].concat();
            Dictionaries::from_bytes(SEAL.close(&joined(&parts)).unwrap())
        };
        assert_eq!(read(&[b"s2t", json]).unwrap().name(), "mine");
        for (configs, expected) in [
            (&[&b"s2t"[..], json, b"s2x", json][..], "no configuration is named 's2x'"),
            (&[b"s2t", json, b"t2s"], "the configuration 't2s' is missing"),
            (&[b"s2t", json, b"s2t", json], "it has the configuration s2t twice"),
            (&[b"s2t", b"\xff"], "a name or a configuration is not UTF-8"),
        ] {
            let error = read(configs).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Damaged);
            assert!(error.to_string().ends_with(expected), "{error}");
        }
    }
}
