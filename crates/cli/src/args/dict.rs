//! Arguments of `fanjian dict`.

use std::path::PathBuf;

use clap::Args;
use fanjian::{Config, DictionaryFormat};

use crate::args::{
    groups::{ConfigurationArgs, FileFilter},
    values::{AnswerFormat, MappingFormat, by_name},
};

/// Check, compile, convert and compare dictionaries
#[derive(Args)]
pub(crate) struct DictArgs {
    #[command(subcommand)]
    pub(crate) subcommand: DictSubcommand,
}

#[derive(clap::Subcommand)]
pub(crate) enum DictSubcommand {
    Check(DictCheckArgs),
    Compile(DictCompileArgs),
    Convert(DictConvertArgs),
    Import(DictImportArgs),
    Diff(DictDiffArgs),
    Export(DictExportArgs),
}

/// Check text dictionaries for errors, and for entries without effect or with too much
///
/// The dictionaries are checked as own words before those of a configuration, the first FILE first. Each finding is a
/// line, `path:line: kind: message`. The kinds are:
///
/// not-utf8, syntax, empty-key: the line is no entry.
///
/// duplicate: an earlier line has the same key. A file with one of these four cannot be loaded.
///
/// shadowed: an earlier FILE has this key or its beginning, so that the entry never matches.
///
/// dead: the configuration converts the key to the same value without the entry, or never looks the key up. An entry
/// that only keeps longer words from matching is reported, too.
///
/// cycle: another entry converts the value to the key again.
///
/// chain: entries change the value when the converted text is converted again.
///
/// Exit status: 0 without findings, 1 with findings, 2 for wrong usage, 3 if something failed.
#[derive(Args)]
pub(crate) struct DictCheckArgs {
    /// Text dictionaries: an entry a line, key<TAB>candidate candidate …
    #[arg(value_name = "FILE", required = true)]
    pub(crate) files: Vec<PathBuf>,
    #[command(flatten)]
    pub(crate) configuration: ConfigurationArgs,
    /// Form of the answer
    ///
    /// The fields of a JSON object are path, line, kind and message.
    #[arg(long, value_name = "FORMAT", default_value = "text", value_parser = by_name::<AnswerFormat>())]
    pub(crate) format: AnswerFormat,
}

/// Compile a text dictionary to the binary format, which loads faster
///
/// A compiled dictionary is accepted wherever a text one is, and checked when it is loaded. Its name in explanations
/// is the name of FILE without folders and extension.
#[derive(Args)]
pub(crate) struct DictCompileArgs {
    /// The dictionary: an entry a line, key<TAB>candidate candidate …
    #[arg(value_name = "FILE")]
    pub(crate) file: PathBuf,
    /// Output file; it is replaced when all is compiled
    #[arg(short, long, value_name = "OUT")]
    pub(crate) output: PathBuf,
}

/// Convert a dictionary between text, OpenCC's binary formats and the compiled one
///
/// The format of FILE is known by its contents, and that of OUT by its name: .txt or .ocd2. OUT is the old file until all
/// is converted. OpenCC loads what is written as .ocd2; .ocd is read alone.
///
/// -f and -t are options of OpenCC's `opencc_dict`, too, as --from and --to.
#[derive(Args)]
pub(crate) struct DictConvertArgs {
    /// The dictionary, in any of the formats
    #[arg(value_name = "FILE")]
    pub(crate) file: PathBuf,
    /// Output file; it is replaced when all is converted
    #[arg(short, long, value_name = "OUT")]
    pub(crate) output: PathBuf,
    /// Format of FILE, instead of the one that its contents show
    #[arg(short, long, alias = "from", value_name = "FORMAT", value_parser = by_name::<DictionaryFormat>())]
    pub(crate) from_format: Option<DictionaryFormat>,
    /// Format of OUT, instead of the one that its name says
    #[arg(short, long, alias = "to", value_name = "FORMAT", value_parser = by_name::<DictionaryFormat>())]
    pub(crate) to_format: Option<DictionaryFormat>,
}

/// Make a file of the dictionaries and configurations of a release of OpenCC
///
/// With --dictionaries, or dictionaries = "opencc-1.1.9" in fanjian.toml, it takes the place of the built-in ones: a
/// conversion then stays the same whatever the version of this program is.
///
/// RELEASE is a folder, a wheel or another archive with OpenCC's configurations and dictionaries, text or binary, such as
/// `pip download --no-deps opencc==1.1.9` gets. Nothing is downloaded. Of other files, none is read.
#[derive(Args)]
pub(crate) struct DictImportArgs {
    /// The release: a folder, or an archive: .whl, .zip, .tar, .tar.gz, .tgz
    #[arg(value_name = "RELEASE")]
    pub(crate) release: PathBuf,
    /// Output file, such as opencc-1.1.9.fjd; it is replaced when all is compiled
    #[arg(short, long, value_name = "OUT")]
    pub(crate) output: PathBuf,
    /// Name for reports, instead of the one that the name of RELEASE says
    #[arg(long, value_name = "NAME")]
    pub(crate) name: Option<String>,
}

/// Show what the dictionaries of another release change
///
/// Lists the entries that differ: + added, - removed, ~ changed. With PATHs, lists the places in these texts that are
/// converted otherwise instead: path, line, column, the source, and what it becomes by A and by B.
///
/// A and B are names or paths of imported dictionaries, releases as `fanjian dict import` takes them, or built-in.
///
/// Exit status: 0 without differences, 1 with differences, 2 for wrong usage, 3 if something failed.
#[derive(Args)]
pub(crate) struct DictDiffArgs {
    /// The dictionaries that are used now
    #[arg(value_name = "A")]
    pub(crate) before: PathBuf,
    /// The dictionaries to compare with
    #[arg(value_name = "B")]
    pub(crate) after: PathBuf,
    /// Texts in UTF-8, and folders of them
    #[arg(value_name = "PATH")]
    pub(crate) paths: Vec<PathBuf>,
    /// Configuration that texts are converted by
    #[arg(short, long, value_name = "CONFIG", default_value = "s2t", value_parser = by_name::<Config>(), hide_possible_values = true)]
    pub(crate) config: Config,
    /// Form of the answer
    ///
    /// A JSON object has the type configuration, entry, place or summary.
    #[arg(long, value_name = "FORMAT", default_value = "text", value_parser = by_name::<AnswerFormat>())]
    pub(crate) format: AnswerFormat,
    #[command(flatten)]
    pub(crate) filter: FileFilter,
}

/// Write the mappings that fold text for search, as a file of a search engine
///
/// A character filter with these mappings gives all forms of a word one key, in any script and region: 發, 髮 and 発 become
/// 发, 甚麼 becomes 什么. Use it for texts and for queries, before the text is cut into words.
///
/// Variants, full-width forms, upper case, compatibility ideographs and variation selectors are mapped, as by the library's
/// function `fold`.
#[derive(Args)]
pub(crate) struct DictExportArgs {
    /// Form of the file
    #[arg(long, value_name = "FORMAT", value_parser = by_name::<MappingFormat>())]
    pub(crate) format: MappingFormat,
    /// Output file instead of standard output
    #[arg(short, long, value_name = "OUT")]
    pub(crate) output: Option<PathBuf>,
}
