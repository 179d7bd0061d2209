//! Groups of options that belong together, each shared by several commands or of one topic.

use std::path::PathBuf;

use clap::{Args, builder::BoolishValueParser, value_parser};
use fanjian::{InvalidUtf8, Punctuation, Target, Vocabulary, WordLayer};
use fanjian_clean::GlossMode;
use fanjian_documents::Format as DocumentFormat;
use fanjian_records::{Condition, Missing};
use regex::bytes::Regex;

use crate::{
    args::values::{
        AddedMetrics, Field, by_name, configuration, delimiter, from_encoding, preferred_character, size,
        source_script, target, to_encoding,
    },
    io::{
        backup::parse_suffix,
        compression::Compression,
        encodings::{Encoding, FromEncoding},
    },
    print::Color,
    report::options::Format,
};

/// Headings of options, the same in all commands.
pub(crate) const CONVERSION: &str = "Conversion";
pub(crate) const OWN_WORDS: &str = "Own words";
pub(crate) const SETTINGS: &str = "Settings";
pub(crate) const INPUT_AND_OUTPUT: &str = "Input and output";
pub(crate) const OUTPUT: &str = "Output";
const PERFORMANCE: &str = "Performance";

/// The target, and what it makes of words, marks and shapes of characters: the same options wherever text is converted.
#[derive(Args, Clone, Default)]
#[command(next_help_heading = CONVERSION)]
#[group(skip)]
pub(crate) struct TargetArgs {
    /// Convert to zh-TW, zh-HK, zh-Hans or zh-Hant
    ///
    /// Any Chinese text is converted, whatever its script is. Regions and names are accepted, too, such as tw, zh-CN, 香港
    /// or 简体.
    #[arg(long, value_name = "TAG", value_parser = target())]
    pub(crate) to: Option<Target>,
    /// With --to: keep words, or use the local ones
    ///
    /// With `local`, software is 軟體 in Taiwan, for example.
    #[arg(long, value_name = "WORDS", value_parser = by_name::<Vocabulary>())]
    pub(crate) vocabulary: Option<Vocabulary>,
    /// Treatment of quotation marks
    ///
    /// With `local`, they become 「」 and 『』 in Traditional text, “” and ‘’ in Simplified text.
    #[arg(long, value_name = "MARKS", value_parser = by_name::<Punctuation>(), hide_short_help = true)]
    pub(crate) punctuation: Option<Punctuation>,
    /// With --vocabulary local: keep the words of these layers
    #[arg(
        long,
        value_name = "LAYER",
        value_delimiter = ',',
        value_parser = by_name::<WordLayer>(),
        hide_short_help = true
    )]
    pub(crate) keep_words: Vec<WordLayer>,
    /// Write these characters in place of others of the same meaning: 臺 (for 台), 裏 (for 裡)
    ///
    /// An unknown character is an error that lists the known ones.
    #[arg(
        long,
        value_name = "CHARACTERS",
        value_delimiter = ',',
        value_parser = preferred_character,
        hide_short_help = true
    )]
    pub(crate) prefer: Vec<char>,
}

/// Options of [`TargetArgs`] that a configuration has no use for.
const OF_TARGETS: [&str; 3] = ["to", "vocabulary", "keep_words"];

/// Own words and protected text: the same options wherever text is converted.
#[derive(Args, Clone, Default)]
#[command(next_help_heading = OWN_WORDS)]
#[group(skip)]
pub(crate) struct OwnWordArgs {
    /// Own words, used before the built-in ones
    ///
    /// A word per line: key, tab, value; or a compiled dictionary. May be given several times; the first one has precedence.
    #[arg(long, value_name = "FILE")]
    pub(crate) dict: Vec<PathBuf>,
    /// Find own words in both scripts: 内存 matches 內存, too
    #[arg(long, hide_short_help = true)]
    pub(crate) dict_both_scripts: bool,
    /// Do not convert the terms in FILE, one per line
    ///
    /// Spaces around a term do not count, nor do lines that begin with #.
    #[arg(long, value_name = "FILE")]
    pub(crate) protect: Vec<PathBuf>,
    /// Do not convert matches of REGEX, within a line
    #[arg(long, value_name = "REGEX", hide_short_help = true)]
    pub(crate) protect_regex: Vec<Regex>,
}

/// The configuration, in place of a target: the same option wherever text is converted.
#[derive(Args, Clone, Default)]
#[command(next_help_heading = CONVERSION)]
#[group(skip)]
pub(crate) struct ConfigArg {
    /// OpenCC configuration, such as s2twp, or a file
    ///
    /// `fanjian configs` lists the built-in ones; a file is JSON.
    #[arg(
        id = "config",
        short = 'c',
        long = "config",
        value_name = "CONFIG",
        value_parser = configuration(),
        conflicts_with_all = OF_TARGETS,
        hide_possible_values = true
    )]
    pub(crate) name: Option<String>,
}

/// The target or the configuration, and where its parts are searched for.
#[derive(Args, Clone, Default)]
#[command(next_help_heading = CONVERSION)]
pub(crate) struct ConfigurationArgs {
    #[command(flatten)]
    pub(crate) target: TargetArgs,
    #[command(flatten)]
    pub(crate) config: ConfigArg,
    /// With --to: assume that the input is of this script, instead of detecting it per line
    #[arg(long, value_name = "TAG", conflicts_with = "config", value_parser = source_script(), hide_short_help = true)]
    pub(crate) from: Option<Target>,
    /// Search DIR for configurations and dictionaries, too
    #[arg(long, value_name = "DIR", hide_short_help = true)]
    pub(crate) path: Vec<PathBuf>,
    /// With --config: use the dictionaries of a release, by the name or the path of their file
    ///
    /// `fanjian dict import` makes it. `built-in` names those of this program.
    #[arg(long, value_name = "NAME", conflicts_with = "to", hide_short_help = true)]
    pub(crate) dictionaries: Option<PathBuf>,
    /// Use the dictionaries that may output characters which many fonts lack
    #[arg(long, overrides_with = "exclude_tofu_risk_dictionaries", hide_short_help = true)]
    pub(crate) include_tofu_risk_dictionaries: bool,
    /// Do not use the dictionaries that may output characters which many fonts lack (the default)
    #[arg(long, hide_short_help = true)]
    pub(crate) exclude_tofu_risk_dictionaries: bool,
}

impl ConfigurationArgs {
    /// Whether tofu-risk dictionaries are used. None if that is not given.
    pub(crate) fn tofu_risk(&self) -> Option<bool> {
        let is_given = self.include_tofu_risk_dictionaries || self.exclude_tofu_risk_dictionaries;
        is_given.then_some(self.include_tofu_risk_dictionaries)
    }
}

/// The conversion, and what it leaves as it is.
#[derive(Args, Clone, Default)]
#[command(next_help_heading = CONVERSION)]
pub(crate) struct ConversionArgs {
    #[command(flatten)]
    pub(crate) configuration: ConfigurationArgs,
    #[command(flatten)]
    pub(crate) own_words: OwnWordArgs,
    /// Do not convert lines from one with fanjian:off to one with fanjian:on, also in a single input
    #[arg(long, overrides_with = "no_marks", help_heading = OWN_WORDS, hide_short_help = true)]
    pub(crate) marks: bool,
    /// Convert lines between these marks, also in files given as PATH
    #[arg(long, help_heading = OWN_WORDS, hide_short_help = true)]
    pub(crate) no_marks: bool,
    /// Ignore fanjian.toml, which is otherwise searched for in the folder of each PATH and its parents
    #[arg(long, help_heading = SETTINGS, hide_short_help = true)]
    pub(crate) isolated: bool,
    /// Read the settings in FILE, whatever its name is, and no fanjian.toml
    #[arg(long, value_name = "FILE", conflicts_with = "isolated", help_heading = SETTINGS, hide_short_help = true)]
    pub(crate) settings: Option<PathBuf>,
    /// Print the settings for each PATH in the form of fanjian.toml, and do nothing else
    #[arg(long, help_heading = SETTINGS, hide_short_help = true)]
    pub(crate) show_config: bool,
}

/// Documents: pages, books, subtitles, catalogues.
#[derive(Args, Clone, Default)]
#[command(next_help_heading = "Documents")]
pub(crate) struct DocumentArgs {
    /// The input is a document of this format, whatever its name is
    ///
    /// Files given as PATH are documents by their names, such as a.html; a single input is plain text without this option.
    #[arg(long = "as", id = "as", value_name = "FORMAT", value_parser = by_name::<DocumentFormat>(), hide_short_help = true)]
    pub(crate) format: Option<DocumentFormat>,
    /// Convert documents as plain text, with their markup, links and names
    #[arg(long, conflicts_with = "as", hide_short_help = true)]
    pub(crate) plain: bool,
    /// Convert code and preformatted text in documents, too
    #[arg(long, conflicts_with = "plain", hide_short_help = true)]
    pub(crate) code: bool,
    /// Leave subtitles of these styles as they are (ASS, SSA), such as OPJP,EDJP
    #[arg(long, value_name = "NAMES", value_delimiter = ',', conflicts_with = "plain", hide_short_help = true)]
    pub(crate) without_styles: Vec<String>,
}

/// One text, as OpenCC's command takes it.
#[derive(Args, Clone, Default)]
#[command(next_help_heading = INPUT_AND_OUTPUT)]
pub(crate) struct SingleArgs {
    /// Read from FILE instead of standard input
    #[arg(short, long, value_name = "FILE")]
    pub(crate) input: Option<PathBuf>,
    /// Write to FILE instead of standard output
    ///
    /// So is one file that is given as PATH. A file that exists is replaced when all is converted.
    #[arg(short, long, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
    /// Do not flush standard output after each piece of input
    #[arg(
        long,
        value_name = "BOOL",
        value_parser = BoolishValueParser::new(),
        hide_possible_values = true,
        help_heading = PERFORMANCE,
        hide_short_help = true
    )]
    pub(crate) noflush: Option<bool>,
    /// Write each line at once, whatever the number of threads
    #[arg(long, help_heading = PERFORMANCE, hide_short_help = true)]
    pub(crate) line_buffered: bool,
}

/// Files: where they are written, and which ones are converted.
#[derive(Args, Clone, Default)]
#[command(next_help_heading = INPUT_AND_OUTPUT)]
pub(crate) struct FileArgs {
    /// Replace each file by its conversion
    ///
    /// With --input and --output, both may then be the same file.
    #[arg(long)]
    pub(crate) in_place: bool,
    /// Keep the old contents of each replaced file, under its name followed by SUFFIX, which ends in .bak, .backup, .orig, .old or ~
    ///
    /// SUFFIX may have a number or a date behind that, as .bak-20261128. Files with such names are only converted
    /// with --include-backups.
    #[arg(long, value_name = "SUFFIX", value_parser = parse_suffix, requires = "in_place", hide_short_help = true)]
    pub(crate) backup: Option<String>,
    /// Write each file to the same path below DIR
    ///
    /// The path is the one relative to the current folder: `-O out book` writes out/book/a.txt.
    #[arg(short = 'O', long, value_name = "DIR", conflicts_with = "in_place")]
    pub(crate) output_dir: Option<PathBuf>,
    /// Write the conversion of each file beside it, under its name in the other language: a.zh-CN.srt to a.zh-TW.srt
    ///
    /// Tags of languages in the path are replaced; a name without one gets it before its extension: a.srt to a.zh-TW.srt.
    #[arg(long, conflicts_with_all = ["in_place", "output_dir", "rename"], hide_short_help = true)]
    pub(crate) beside: bool,
    /// With --beside, also replace what has such a name already and has other contents
    #[arg(long, requires = "beside", hide_short_help = true)]
    pub(crate) force: bool,
    /// Convert names of files and folders, too, and the tags of languages in them: a.zh-CN.srt to a.zh-TW.srt
    #[arg(long, hide_short_help = true)]
    pub(crate) rename: bool,
    /// Do not wait for the disk before a file takes its place, also with --output
    ///
    /// That is faster. After a power cut, files can then be empty, or old and new ones mixed.
    #[arg(long, help_heading = PERFORMANCE, hide_short_help = true)]
    pub(crate) no_sync: bool,
    #[command(flatten)]
    pub(crate) filter: FileFilter,
}

/// Which files in folders are converted.
#[derive(Args, Clone, Debug, Default)]
#[command(next_help_heading = "Files in folders")]
pub(crate) struct FileFilter {
    /// In folders, take only files that match (after !: that do not)
    ///
    /// Globs are written as in .gitignore.
    #[arg(short, long, value_name = "GLOB", hide_short_help = true)]
    pub(crate) glob: Vec<String>,
    /// In folders, take only files with these extensions: txt,md
    #[arg(short, long, value_name = "EXT", value_delimiter = ',', hide_short_help = true)]
    pub(crate) extension: Vec<String>,
    /// Take hidden files and folders, too
    #[arg(long, hide_short_help = true)]
    pub(crate) hidden: bool,
    /// Ignore .gitignore, .ignore and .fanjianignore
    #[arg(long, hide_short_help = true)]
    pub(crate) no_ignore: bool,
    /// Leave out what fanjian.toml excludes also if it is named as PATH
    #[arg(long, hide_short_help = true)]
    pub(crate) force_exclude: bool,
    /// Follow symbolic links to folders and files
    #[arg(short = 'L', long, hide_short_help = true)]
    pub(crate) follow: bool,
    /// Treat binary files as text
    #[arg(short = 'a', long, hide_short_help = true)]
    pub(crate) text: bool,
    /// Convert backups, too: files whose names end in .bak, .backup, .orig, .old or ~
    #[arg(long, hide_short_help = true)]
    pub(crate) include_backups: bool,
    /// Succeed also if no file is found
    #[arg(long, hide_short_help = true)]
    pub(crate) allow_empty: bool,
    /// Read more PATHs from FILE, one per line; - is standard input
    #[arg(long, value_name = "FILE", hide_short_help = true)]
    pub(crate) files_from: Option<PathBuf>,
    /// Paths in that FILE are separated by NUL, as find -print0 writes them
    #[arg(short = '0', long, requires = "files_from", hide_short_help = true)]
    pub(crate) null: bool,
}

/// Previews, which write nothing.
#[derive(Args, Clone, Default)]
#[command(next_help_heading = "Preview")]
pub(crate) struct CheckArgs {
    /// Write nothing; list changes, and exit with 1 if any
    ///
    /// Each has a line: path, line, column, the old text and the new one, and what is wrong there.
    #[arg(long)]
    pub(crate) check: bool,
    /// Write nothing; show what would change
    #[arg(long)]
    pub(crate) diff: bool,
    /// Write nothing; list what would be written
    #[arg(long, hide_short_help = true)]
    pub(crate) dry_run: bool,
    /// With --diff: show each line once, with changes as [-old-]{+new+}
    #[arg(long, requires = "diff", hide_short_help = true)]
    pub(crate) word_diff: bool,
    /// Form of the report about files
    #[arg(
        long,
        value_name = "FORMAT",
        default_value = "text",
        value_parser = by_name::<Format>(),
        hide_short_help = true
    )]
    pub(crate) format: Format,
}

/// Encodings of files.
#[derive(Args, Clone, Default)]
#[command(next_help_heading = INPUT_AND_OUTPUT)]
pub(crate) struct EncodingArgs {
    /// Encoding of the input, such as gbk, or auto
    ///
    /// With `auto`, it is detected. The default is UTF-8, and UTF-16 for a PATH with its byte order mark.
    #[arg(long, value_name = "NAME", value_parser = from_encoding(), hide_possible_values = true)]
    pub(crate) from_encoding: Option<FromEncoding>,
    /// Encoding of the output
    ///
    /// The default is the file's own for replaced and mirrored files, and otherwise UTF-8.
    #[arg(long, value_name = "NAME", value_parser = to_encoding(), hide_possible_values = true, hide_short_help = true)]
    pub(crate) to_encoding: Option<Encoding>,
    /// Write TEXT for characters that this encoding lacks, which are otherwise an error
    #[arg(long, value_name = "TEXT", hide_short_help = true)]
    pub(crate) replacement: Option<String>,
    /// What to do with bytes that are invalid in the input's encoding
    #[arg(long, value_name = "POLICY", value_parser = by_name::<InvalidUtf8>(), hide_short_help = true)]
    pub(crate) invalid_utf8: Option<InvalidUtf8>,
}

/// How tables are read.
#[derive(Args, Clone)]
#[group(skip)]
pub(crate) struct TableArgs {
    /// Separator of the columns of CSV: an ASCII character, or TAB
    #[arg(long, value_name = "CHARACTER", requires = "csv", value_parser = delimiter, hide_short_help = true)]
    pub(crate) delimiter: Option<u8>,
    /// The first row of CSV or TSV is no header
    #[arg(long, requires = "records", conflicts_with_all = ["jsonl", "parquet"], hide_short_help = true)]
    pub(crate) no_header: bool,
}

/// How records are read.
#[derive(Args, Clone)]
#[group(skip)]
pub(crate) struct RecordInputArgs {
    /// Treat longer records as broken; in bytes, or followed by K, M or G
    #[arg(
        long,
        value_name = "SIZE",
        default_value = "64M",
        value_parser = size,
        requires = "records",
        hide_short_help = true
    )]
    pub(crate) max_record: usize,
    /// Compression of the input, if no extension says it
    #[arg(
        long,
        value_name = "KIND",
        requires = "records",
        value_parser = by_name::<Compression>(),
        hide_short_help = true
    )]
    pub(crate) from_compression: Option<Compression>,
}

/// Records: the texts in them, and what is done with each.
#[derive(Args, Clone)]
#[command(next_help_heading = "Records")]
#[group(skip)]
pub(crate) struct RecordArgs {
    /// Convert only the texts in --field of JSON lines
    #[arg(long, group = "records", requires = "field")]
    pub(crate) jsonl: bool,
    /// Convert only the texts in --column of CSV
    #[arg(long, group = "records", requires = "column", hide_short_help = true)]
    pub(crate) csv: bool,
    /// Convert only the texts in --column of lines separated by tabs, without quotation marks
    ///
    /// With quotation marks, such a file is CSV: --csv --delimiter TAB.
    #[arg(long, group = "records", requires = "column", hide_short_help = true)]
    pub(crate) tsv: bool,
    /// Convert only the texts in --column of Parquet files (in builds with the feature parquet)
    #[arg(long, group = "records", requires = "column", hide_short_help = true)]
    pub(crate) parquet: bool,
    /// Where a text is in a JSON record, such as text or meta.title
    ///
    /// Also paragraphs[].text, pages[0], and ["a.b"] for a name with dots. page:as=html is converted as a document of
    /// this format.
    #[arg(long, value_name = "FIELD", requires = "jsonl", hide_short_help = true)]
    pub(crate) field: Vec<Field<fanjian_records::Path>>,
    /// A column with text: its name, or its number, from 1; in Parquet, a path as for --field
    ///
    /// body:as=markdown is converted as a document of this format.
    #[arg(long, value_name = "COLUMN", requires = "records", conflicts_with = "jsonl", hide_short_help = true)]
    pub(crate) column: Vec<Field<String>>,
    #[command(flatten)]
    pub(crate) table: TableArgs,
    /// Look for glosses that a machine has put into the texts of a record
    #[arg(long, value_name = "MODE", requires = "records", value_parser = by_name::<GlossMode>(), hide_short_help = true)]
    pub(crate) gloss: Option<GlossMode>,
    /// Add metrics of the texts as they were read; METRIC=NAME adds one under another name
    ///
    /// One of script, characters, han, simplified, traditional, forms, taiwan, hong_kong, standard, taiwan_words,
    /// hong_kong_words, converted (words that a machine has converted), kana, shinjitai, not_japanese, glosses,
    /// unrepaired; or scores for all counts.
    #[arg(long, value_name = "METRIC", value_delimiter = ',', requires = "records", hide_short_help = true)]
    pub(crate) detect: Vec<AddedMetrics>,
    /// Keep only records that meet this condition, such as script=hant,mixed or script!=japanese or han>=20
    ///
    /// Of several conditions, all have to be met.
    #[arg(long, value_name = "CONDITION", requires = "records", hide_short_help = true)]
    pub(crate) keep_if: Vec<Condition>,
    /// What to do with a record in which a chosen field has no text [default: keep]
    ///
    /// A field that no record has is an error, unless `keep` is given.
    #[arg(
        long,
        value_name = "WHAT",
        requires = "records",
        value_parser = by_name::<Missing>(),
        hide_short_help = true
    )]
    pub(crate) missing: Option<Missing>,
    /// Add broken records to FILE as JSON lines, and go on; otherwise the first one is an error
    ///
    /// Nothing is removed from FILE. A record that it has already, of the same line of the same file, is not added again.
    #[arg(long, value_name = "FILE", requires = "records", hide_short_help = true)]
    pub(crate) errors: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) input: RecordInputArgs,
    /// Compression of the output, if no extension says it
    #[arg(
        long,
        value_name = "KIND",
        requires = "records",
        value_parser = by_name::<Compression>(),
        hide_short_help = true
    )]
    pub(crate) to_compression: Option<Compression>,
    /// Level of compression: 0 to 9 for gzip (default 6), 1 to 22 for zstd (default 3; in builds
    /// with the feature zstd)
    #[arg(
        long,
        value_name = "N",
        allow_negative_numbers = true,
        requires = "records",
        value_parser = value_parser!(u32).range(0..=22),
        hide_short_help = true
    )]
    pub(crate) compression_level: Option<u32>,
}

/// Messages, colours, progress, threads.
#[derive(Args, Clone, Default)]
#[command(next_help_heading = OUTPUT)]
pub(crate) struct OutputOptions {
    /// Number of threads; 0 for one per processor
    ///
    /// The default is 0 for PATHs. For a single input it is 1: with more, output waits for megabytes of input, also
    /// from a live pipe.
    #[arg(
        short = 'j',
        long,
        value_name = "N",
        allow_negative_numbers = true,
        value_parser = value_parser!(u16).range(..=1024),
        help_heading = PERFORMANCE
    )]
    pub(crate) threads: Option<u16>,
    /// Print only errors
    #[arg(short, long, conflicts_with = "verbose", hide_short_help = true)]
    pub(crate) quiet: bool,
    /// Print the outcome of each file
    #[arg(short, long, hide_short_help = true)]
    pub(crate) verbose: bool,
    /// When to use colours
    #[arg(long, value_name = "WHEN", default_value = "auto", value_parser = by_name::<Color>(), hide_short_help = true)]
    pub(crate) color: Color,
    /// Do not page --check and --diff on a terminal
    ///
    /// The pager is $FANJIAN_PAGER, $PAGER, or less.
    #[arg(long, hide_short_help = true)]
    pub(crate) no_pager: bool,
    /// Show no progress bar
    #[arg(long, hide_short_help = true)]
    pub(crate) no_progress: bool,
}

/// JSON about the conversion instead of the converted text, as OpenCC's command writes it.
#[derive(Args, Clone, Default)]
#[group(multiple = false)]
#[command(next_help_heading = "OpenCC JSON")]
pub(crate) struct OpenccJsonArgs {
    /// Write the segments of each line as JSON
    #[arg(long, conflicts_with = "paths", hide_short_help = true)]
    pub(crate) segmentation: bool,
    /// Write each step of the conversion of each line as JSON
    #[arg(long, conflicts_with = "paths", hide_short_help = true)]
    pub(crate) inspect: bool,
    /// Write JSON records that mark text with several candidates
    #[arg(long, conflicts_with = "paths", hide_short_help = true)]
    pub(crate) ambiguities: bool,
}
