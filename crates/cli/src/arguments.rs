//! The command line: OpenCC's, and what goes beyond it.

use std::{
    path::{Path, PathBuf},
    str::FromStr,
};

use clap::{ArgAction, Args, Parser, ValueEnum, builder::BoolishValueParser, value_parser};
use fanjian::{Config, Converter, ConverterBuilder, InvalidUtf8, OPENCC_VERSION, Target, Vocabulary};
use fanjian_clean::GlossMode;
use fanjian_records::{Condition, Metric};
use regex::bytes::Regex;

use crate::{
    cleaning::Cleaning,
    encodings::{Encoding, From},
    find::Found,
    records::Compression,
    subcommands::Subcommand,
};

/// Convert between Traditional and Simplified Chinese
///
/// Reads text and writes it converted, by OpenCC's configurations: standard input to standard output, or files and whole
/// folders of them. OpenCC's command line is accepted.
#[derive(Parser)]
#[command(
    name = "fanjian",
    version,
    long_version = format!("{}\nwith the dictionaries and configurations of OpenCC {OPENCC_VERSION}", env!("CARGO_PKG_VERSION")),
    after_help = configurations(),
    after_long_help = format!("{}\n\n{}", examples(), configurations()),
    args_conflicts_with_subcommands = true,
    max_term_width = 100
)]
pub(crate) struct Arguments {
    /// Convert these files, and the text files in these folders; - is standard input
    #[arg(value_name = "PATH", conflicts_with_all = ["input", "output"])]
    pub(crate) paths: Vec<PathBuf>,
    #[command(flatten)]
    pub(crate) conversion: Conversion,
    #[command(flatten)]
    pub(crate) pipe: Pipe,
    #[command(flatten)]
    pub(crate) files: Files,
    #[command(flatten)]
    pub(crate) look: Look,
    #[command(flatten)]
    pub(crate) encodings: Encodings,
    #[command(flatten)]
    pub(crate) records: Records,
    #[command(flatten)]
    pub(crate) manners: Manners,
    #[command(flatten)]
    pub(crate) show: Show,
    #[command(subcommand)]
    pub(crate) subcommand: Option<Subcommand>,
    /// What `fanjian clean` does before it converts, if it does.
    #[arg(skip)]
    pub(crate) cleaning: Option<Cleaning>,
}

/// What is converted to what.
#[derive(Args)]
#[command(next_help_heading = "Conversion")]
pub(crate) struct Conversion {
    #[command(flatten)]
    pub(crate) configuration: Configuration,
    /// Use the words of a dictionary before the built-in ones: key, tab, value on each line
    #[arg(long, value_name = "FILE")]
    pub(crate) dict: Vec<PathBuf>,
    /// Leave the terms in FILE as they are, one on each line
    #[arg(long, value_name = "FILE")]
    pub(crate) protect: Vec<PathBuf>,
    /// Leave what matches as it is, within a line
    #[arg(long, value_name = "REGEX")]
    pub(crate) protect_regex: Vec<Regex>,
    /// Leave lines from one with fanjian:off to one with fanjian:on as they are, also in standard input and with --input
    #[arg(long, overrides_with = "no_marks")]
    pub(crate) marks: bool,
    /// Convert them, also in files given as PATH
    #[arg(long)]
    pub(crate) no_marks: bool,
    /// Ignore fanjian.toml, which else is looked for in the folder of each PATH and those above it
    #[arg(long)]
    pub(crate) isolated: bool,
    /// Print what holds for each PATH, as fanjian.toml would say it, and do nothing else
    #[arg(long)]
    pub(crate) show_config: bool,
}

/// The configuration, and where its parts are.
#[derive(Args)]
pub(crate) struct Configuration {
    /// Configuration: a built-in one (`fanjian configs` lists them), or a JSON file of OpenCC's form; s2t if there is none
    #[arg(short, long, value_name = "CONFIG")]
    config: Option<String>,
    /// Convert any Chinese text to this target, in the place of a configuration: zh-Hans, zh-Hant, zh-TW or zh-HK
    #[arg(long, value_name = "TAG", conflicts_with = "config")]
    to: Option<Target>,
    /// With a target: take all text for Simplified (zh-Hans), or for Traditional (zh-Hant, zh-TW, zh-HK), and do not look
    /// at each line
    #[arg(long, value_name = "TAG", conflicts_with = "config")]
    from: Option<Target>,
    /// With a target: keep words, or take the region's own (software is 軟體 in Taiwan)
    #[arg(long, value_name = "WORDS", conflicts_with = "config")]
    vocabulary: Option<Words>,
    /// Look for configurations and dictionaries in DIR, too
    #[arg(long, value_name = "DIR")]
    pub(crate) path: Vec<PathBuf>,
    /// Use the dictionaries that may output characters which many fonts lack
    #[arg(long, overrides_with = "exclude_tofu_risk_dictionaries")]
    include_tofu_risk_dictionaries: bool,
    /// Do not use them (the default)
    #[arg(long)]
    exclude_tofu_risk_dictionaries: bool,
}

impl Conversion {
    /// To a target, if there is one, with these words, and by nothing that is not said.
    pub(crate) fn to(to: Option<Target>, vocabulary: Option<Words>, dict: Vec<PathBuf>, protect: Vec<PathBuf>) -> Self {
        let configuration = Configuration {
            config: None,
            to,
            from: None,
            vocabulary,
            path: Vec::new(),
            include_tofu_risk_dictionaries: false,
            exclude_tofu_risk_dictionaries: false,
        };
        Conversion {
            configuration,
            dict,
            protect,
            protect_regex: Vec::new(),
            marks: false,
            no_marks: true,
            isolated: true,
            show_config: false,
        }
    }
}

impl Configuration {
    const DEFAULT: &str = "s2t";

    /// The name, if it is given.
    pub(crate) fn given(&self) -> Option<&str> {
        self.config.as_deref()
    }

    /// The target, if it is given.
    pub(crate) fn target(&self) -> Option<Target> {
        self.to
    }

    /// What the text is said to be, if that is said.
    pub(crate) fn from(&self) -> Option<Target> {
        self.from
    }

    /// What becomes of words, if that is said.
    pub(crate) fn vocabulary(&self) -> Option<Words> {
        self.vocabulary
    }

    /// The name that holds.
    pub(crate) fn name(&self) -> &str {
        self.given().unwrap_or(Self::DEFAULT)
    }

    /// Whether tofu-risk dictionaries are used, if that is said.
    pub(crate) fn tofu_risk(&self) -> Option<bool> {
        let is_said = self.include_tofu_risk_dictionaries || self.exclude_tofu_risk_dictionaries;
        is_said.then_some(self.include_tofu_risk_dictionaries)
    }

    pub(crate) fn builder(&self) -> ConverterBuilder {
        let builder = Converter::builder().config_name(self.name()).tofu_risk(self.tofu_risk().unwrap_or(false));
        let builder = match self.to {
            Some(target) => builder.target(target).vocabulary(self.vocabulary.unwrap_or_default().into()),
            None => builder,
        };
        let builder = self.from.into_iter().fold(builder, ConverterBuilder::source_script);
        self.path.iter().fold(builder, |builder, folder| builder.search_folder(folder))
    }
}

/// What becomes of words for which a region has others.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum Words {
    /// They stay
    #[default]
    Keep,
    /// The region's own take their place
    Local,
}

impl std::convert::From<Words> for Vocabulary {
    fn from(words: Words) -> Vocabulary {
        match words {
            Words::Keep => Vocabulary::Keep,
            Words::Local => Vocabulary::Local,
        }
    }
}

/// One text: OpenCC's way.
#[derive(Args)]
#[command(next_help_heading = "One text")]
pub(crate) struct Pipe {
    /// Read from FILE instead of standard input
    #[arg(short, long, value_name = "FILE")]
    pub(crate) input: Option<PathBuf>,
    /// Write to FILE instead of standard output; it is replaced when all is converted
    #[arg(short, long, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
    /// Do not flush standard output after each piece of input
    #[arg(long, value_name = "BOOL", value_parser = BoolishValueParser::new(), hide_possible_values = true)]
    pub(crate) noflush: Option<bool>,
    /// Let each line leave at once, converted as a text of its own
    #[arg(long)]
    pub(crate) line_buffered: bool,
}

/// Which files, and where they go.
#[derive(Args, Clone)]
#[command(next_help_heading = "Files and folders")]
pub(crate) struct Files {
    /// Replace each file by its conversion; with --input and --output, allow both to be the same file
    #[arg(long)]
    pub(crate) in_place: bool,
    /// Keep the old contents of each replaced file, in a file whose name is longer by SUFFIX
    #[arg(long, value_name = "SUFFIX", requires = "in_place")]
    pub(crate) backup: Option<String>,
    /// Write each file below DIR, where it stands below the current folder
    #[arg(short = 'O', long, value_name = "DIR", conflicts_with = "in_place")]
    pub(crate) output_dir: Option<PathBuf>,
    /// Convert names of files and folders, too
    #[arg(long)]
    pub(crate) rename: bool,
    #[command(flatten)]
    pub(crate) choice: Choice,
}

/// Which files in folders are meant.
#[derive(Args, Clone)]
#[command(next_help_heading = "Files and folders")]
pub(crate) struct Choice {
    /// Take only files that match, as in .gitignore; or none of those, with ! before it
    #[arg(short, long, value_name = "GLOB")]
    pub(crate) glob: Vec<String>,
    /// Take only files with one of these extensions, such as txt,md
    #[arg(short, long, value_name = "EXT", value_delimiter = ',')]
    pub(crate) extension: Vec<String>,
    /// Take hidden files and folders, too
    #[arg(long)]
    pub(crate) hidden: bool,
    /// Do not read .gitignore, .ignore and .fanjianignore
    #[arg(long)]
    pub(crate) no_ignore: bool,
    /// Follow symbolic links to folders and files
    #[arg(short = 'L', long)]
    pub(crate) follow: bool,
    /// Take binary files for text
    #[arg(short = 'a', long)]
    pub(crate) text: bool,
    /// Read more PATHs from FILE, one on each line; - is standard input
    #[arg(long, value_name = "FILE")]
    pub(crate) files_from: Option<PathBuf>,
    /// They end with NUL, as find -print0 writes them
    #[arg(short = '0', long, requires = "files_from")]
    pub(crate) null: bool,
}

impl Choice {
    /// Whether a file is taken, by its extension.
    pub(crate) fn takes(&self, found: &Found) -> bool {
        found.is_given || has_extension(&found.path, &self.extension)
    }
}

/// Whether a path has one of these extensions; if there are none, any.
pub(crate) fn has_extension(path: &Path, extensions: &[String]) -> bool {
    let extension = path.extension().unwrap_or_default();
    extensions.is_empty() || extensions.iter().any(|taken| extension.eq_ignore_ascii_case(taken))
}

/// Look before writing.
#[derive(Args, Clone)]
#[command(next_help_heading = "Look before writing")]
pub(crate) struct Look {
    /// Write nothing; tell which files would change, and exit with 1 if any would
    #[arg(long)]
    pub(crate) check: bool,
    /// Write nothing; show what would change
    #[arg(long)]
    pub(crate) diff: bool,
    /// Write nothing; tell what would be written
    #[arg(long)]
    pub(crate) dry_run: bool,
    /// How to tell about files
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub(crate) format: Format,
}

impl Look {
    /// Whether nothing is written.
    pub(crate) fn only(&self) -> bool {
        self.check || self.diff || self.dry_run
    }
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// Lines to read
    Text,
    /// A JSON object for each file, on a line, and one for all
    Json,
    /// SARIF 2.1.0, for tools that show findings
    Sarif,
}

/// Encodings of files.
#[derive(Args, Clone)]
#[command(next_help_heading = "Encodings")]
pub(crate) struct Encodings {
    /// Encoding of the input, such as gbk, big5 or utf-16le; or auto, to find it out. Else it is UTF-8, and UTF-16 where a
    /// PATH has its byte order mark
    #[arg(long, value_name = "ENCODING", value_parser = From::parse)]
    pub(crate) from_encoding: Option<From>,
    /// Encoding of the output. Else it is the file's own for replaced and mirrored files, and UTF-8
    #[arg(long, value_name = "ENCODING", value_parser = Encoding::parse)]
    pub(crate) to_encoding: Option<Encoding>,
    /// Write TEXT in the place of characters that this encoding lacks; else they are an error
    #[arg(long, value_name = "TEXT")]
    pub(crate) replacement: Option<String>,
    /// What to do with bytes that are no text in the input's encoding
    #[arg(long, value_name = "POLICY")]
    pub(crate) invalid_utf8: Option<Policy>,
}

/// Texts in records, and what is done with each record.
#[derive(Args, Default)]
#[command(next_help_heading = "Records")]
#[group(skip)]
pub(crate) struct Records {
    /// The input is JSON lines, a record on each: convert the texts in --field, and leave every other byte as it is
    #[arg(long, group = "records", requires = "field")]
    pub(crate) jsonl: bool,
    /// The input is CSV: convert the texts in --column, and leave every other byte as it is
    #[arg(long, group = "records", requires = "column")]
    pub(crate) csv: bool,
    /// The input is separated by tabs, without quotation marks (else: --csv --delimiter TAB)
    #[arg(long, group = "records", requires = "column")]
    pub(crate) tsv: bool,
    /// The input is Parquet: convert the texts in --column, and leave other columns as they are
    #[arg(long, group = "records", requires = "column")]
    pub(crate) parquet: bool,
    /// Where a text stands in a record: text, meta.title, paragraphs[].text, pages[0], ["a.b"] for a name with dots
    #[arg(long, value_name = "FIELD", requires = "jsonl")]
    pub(crate) field: Vec<fanjian_records::Path>,
    /// A column with text: its name, or its number, from 1; in Parquet, a path as for --field
    #[arg(long, value_name = "COLUMN", requires = "records", conflicts_with = "jsonl")]
    pub(crate) column: Vec<String>,
    /// What stands between two columns of CSV: a character of ASCII, or TAB
    #[arg(long, value_name = "CHARACTER", requires = "csv", value_parser = delimiter)]
    pub(crate) delimiter: Option<u8>,
    /// The first row of CSV or TSV is one like the others
    #[arg(long, requires = "records", conflicts_with_all = ["jsonl", "parquet"])]
    pub(crate) no_header: bool,
    /// Look for glosses that a machine has put into the texts of a record, and report them, strip them, drop the record, or
    /// repair what they damaged, too
    #[arg(long, value_name = "MODE", requires = "records")]
    pub(crate) gloss: Option<GlossMode>,
    /// Add what is found in the texts as they were read: script, or scores for all counts, or characters, han, simplified,
    /// traditional, forms, taiwan, hong_kong, standard, taiwan_words, hong_kong_words, converted (words that a machine has converted),
    /// kana, shinjitai, not_japanese, glosses, unrepaired; under another name with FACT=NAME
    #[arg(long, value_name = "FACT", value_delimiter = ',', requires = "records")]
    pub(crate) detect: Vec<Added>,
    /// Keep only records for which this holds, such as script=hant,mixed or script!=japanese or han>=20; of several, all
    #[arg(long, value_name = "CONDITION", requires = "records")]
    pub(crate) keep_if: Vec<Condition>,
    /// What becomes of a record in which a chosen field leads to no text
    #[arg(long, value_name = "WHAT", default_value = "keep", requires = "records")]
    pub(crate) missing: WithoutText,
    /// Write records that are broken to FILE, as JSON lines, and go on; else the first one is an error
    #[arg(long, value_name = "FILE", requires = "records")]
    pub(crate) errors: Option<PathBuf>,
    /// Take longer records for broken; in bytes, or with K, M or G behind it
    #[arg(long, value_name = "SIZE", default_value = "64M", value_parser = size, requires = "records")]
    pub(crate) max_record: usize,
    /// How the input is compressed, where no extension tells it
    #[arg(long, value_name = "KIND", requires = "records")]
    pub(crate) from_compression: Option<Compression>,
    /// How to compress the output, where no extension tells it
    #[arg(long, value_name = "KIND", requires = "records")]
    pub(crate) to_compression: Option<Compression>,
    /// How hard to compress: 0 to 9 for gzip (6 if nothing is said), 1 to 22 for zstd (3)
    #[arg(long, value_name = "N", requires = "records", value_parser = value_parser!(u32).range(0..=22))]
    pub(crate) compression_level: Option<u32>,
}

impl Records {
    /// Whether the input is records.
    pub(crate) fn is_meant(&self) -> bool {
        self.jsonl || self.csv || self.tsv || self.parquet
    }

    /// The name of the format.
    pub(crate) fn format(&self) -> &'static str {
        match self {
            _ if self.jsonl => "jsonl",
            _ if self.csv => "csv",
            _ if self.tsv => "tsv",
            _ => "parquet",
        }
    }
}

/// What becomes of a record in which a chosen field leads to no text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum WithoutText {
    /// It is kept, and counted
    #[default]
    Keep,
    /// It is left out
    Drop,
    /// It is broken
    Error,
}

/// What `--detect` adds: facts, and under which names.
#[derive(Clone, Debug)]
pub(crate) struct Added(pub(crate) Vec<(Metric, String)>);

impl FromStr for Added {
    type Err = fanjian::Error;

    fn from_str(added: &str) -> Result<Added, fanjian::Error> {
        if added == "scores" {
            let counts = Metric::ALL.iter().copied().filter(|metric| metric.is_score());
            return Ok(Added(counts.map(|metric| (metric, metric.name().to_owned())).collect()));
        }
        let (fact, name) = added.split_once('=').unwrap_or((added, added));
        Ok(Added(vec![(fact.parse()?, name.to_owned())]))
    }
}

fn delimiter(text: &str) -> Result<u8, String> {
    match text {
        "TAB" | "tab" | "\\t" => Ok(b'\t'),
        _ if text.len() == 1 && !matches!(text, "\"" | "\n" | "\r") => Ok(text.as_bytes()[0]),
        _ => Err("it is one character of ASCII, and no quotation mark or line end; or TAB".to_owned()),
    }
}

/// A number of bytes, such as 64M.
pub(crate) fn size(text: &str) -> Result<usize, String> {
    let digits = text.trim_end_matches(|unit: char| unit.is_ascii_alphabetic());
    let unit = match text[digits.len()..].to_ascii_uppercase().as_str() {
        "" => 1,
        "K" => 1 << 10,
        "M" => 1 << 20,
        "G" => 1 << 30,
        _ => return Err("it is a number of bytes, or one with K, M or G behind it".to_owned()),
    };
    let number = digits.parse::<usize>().ok().and_then(|number| number.checked_mul(unit));
    number.filter(|&number| number > 0).ok_or_else(|| "it is a number of bytes, from 1".to_owned())
}

/// What it says, and how it works.
#[derive(Args, Clone)]
#[command(next_help_heading = "Manners")]
pub(crate) struct Manners {
    /// Work with N threads; 0 for as many as the machine can run at once, which is the rule for PATHs. For one text it is 1:
    /// more let output wait for megabytes of input, also from a live pipe
    #[arg(short = 'j', long, value_name = "N", value_parser = value_parser!(u16).range(..=1024))]
    pub(crate) threads: Option<u16>,
    /// Tell only errors
    #[arg(short, long, conflicts_with = "verbose")]
    pub(crate) quiet: bool,
    /// Tell what became of each file
    #[arg(short, long, action = ArgAction::SetTrue)]
    pub(crate) verbose: bool,
    /// When to use colours
    #[arg(long, value_name = "WHEN", default_value = "auto")]
    pub(crate) color: Color,
    /// Show no progress bar
    #[arg(long)]
    pub(crate) no_progress: bool,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Color {
    /// On a terminal, unless NO_COLOR is set
    Auto,
    Always,
    Never,
}

/// What to write in place of the converted text.
#[derive(Args, Default)]
#[group(multiple = false)]
#[command(next_help_heading = "OpenCC's records")]
pub(crate) struct Show {
    /// Show the segments of each line, as JSON
    #[arg(long, conflicts_with = "paths")]
    pub(crate) segmentation: bool,
    /// Show each step of the conversion of each line, as JSON
    #[arg(long, conflicts_with = "paths")]
    pub(crate) inspect: bool,
    /// Convert to JSON records that mark what has several candidates
    #[arg(long, conflicts_with = "paths")]
    pub(crate) ambiguities: bool,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum Policy {
    /// Stop with an error that tells the offset (the default)
    #[default]
    Strict,
    /// Put U+FFFD in its place
    Replace,
    /// Leave it as it is (in UTF-8 alone)
    Pass,
}

impl std::convert::From<Policy> for InvalidUtf8 {
    fn from(policy: Policy) -> InvalidUtf8 {
        match policy {
            Policy::Strict => InvalidUtf8::Strict,
            Policy::Replace => InvalidUtf8::Replace,
            Policy::Pass => InvalidUtf8::Pass,
        }
    }
}

fn configurations() -> String {
    let lines = Config::ALL
        .iter()
        .map(|config| format!("  {:<6} {}", config.name(), config.description()))
        .collect::<Vec<_>>()
        .join("\n");
    let targets = Target::ALL.iter().map(|target| format!("  {:<8} {}", target.tag(), target.description()));
    let targets = targets.collect::<Vec<_>>().join("\n");
    format!(
        "Built-in configurations (the default is s2t):\n{lines}\n\nTargets, for any Chinese text (--to):\n{targets}\n\nExit status: 0 done; 1 a file failed, or would change \
         (--check); 2 wrong usage; 130 interrupted."
    )
}

/// What people do most. The READMEs have the first ten, too, and tests run all.
const EXAMPLES: [(&str, &str); 12] = [
    ("fanjian -c s2twp < in.txt > out.txt", "one text, from a pipe to a pipe"),
    ("fanjian -c s2tw in.txt", "show a file converted"),
    ("fanjian -c t2s -i in.txt -o out.txt", "a file to another, as OpenCC does it"),
    ("fanjian -c s2twp --in-place --backup .bak book", "all text files of a folder; the old ones are kept"),
    ("fanjian -c s2hk -O hk book", "the same into another folder: hk/book"),
    ("fanjian -c s2tw --diff book", "what would change"),
    ("fanjian -c s2tw --check -g '*.md' .", "whether anything would change: exit status 1"),
    ("fanjian -c t2s --from-encoding big5 --to-encoding utf-8 -O utf8 old", "from another encoding"),
    ("fanjian -c s2twp --dict words.txt --protect names.txt in.txt", "own words, and names that stay"),
    ("fanjian -c s2twp -j 0 -i big.txt -o big.tw.txt", "one big file, by all processors"),
    ("fanjian --to zh-TW --jsonl --field text < in.jsonl > out.jsonl", "the texts in JSON lines"),
    (
        "fanjian --to zh-TW --jsonl --field text --gloss repair --keep-if script=hant,hans -O out shards",
        "a folder of shards",
    ),
];

fn examples() -> String {
    let lines: Vec<_> = EXAMPLES.iter().map(|(command, meaning)| format!("  {command}\n      {meaning}")).collect();
    format!("Examples:\n{}", lines.join("\n"))
}
