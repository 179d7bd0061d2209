//! Arguments of the subcommands.

use std::path::PathBuf;

use clap::{Arg, ArgAction, Args, builder::NonEmptyStringValueParser};
use clap_complete::Shell;
use fanjian::Target;
use fanjian_clean::{GlossMode, Thresholds};
use fanjian_documents::Format;

use crate::{
    args::{
        detect::DetectArgs,
        dict::DictArgs,
        groups::{
            CONVERSION, CheckArgs, ConfigArg, ConfigurationArgs, DocumentArgs, EncodingArgs, FileArgs, FileFilter,
            INPUT_AND_OUTPUT, OUTPUT, OWN_WORDS, OutputOptions, OwnWordArgs, SETTINGS, TargetArgs,
        },
        review::{DecisionArgs, ReviewArgs},
        values::{AnswerFormat, by_name, from_encoding, share, size},
    },
    io::encodings::FromEncoding,
    print::Color,
};

/// The names of the subcommands, which are known without making what clap parses.
pub(crate) const NAMES: [&str; 11] =
    ["explain", "lookup", "review", "detect", "text", "fill", "clean", "configs", "dict", "completions", "man"];

#[derive(clap::Subcommand)]
pub(crate) enum Subcommand {
    Explain(ExplainArgs),
    Lookup(LookupArgs),
    Review(Box<ReviewArgs>),
    Detect(Box<DetectArgs>),
    Text(TextArgs),
    Fill(Box<FillArgs>),
    Clean(Box<CleanArgs>),
    Configs(ConfigsArgs),
    Dict(DictArgs),
    Completions(CompletionsArgs),
    Man(ManArgs),
}

/// Explain the decisions of a conversion
///
/// A line for each decision: its place (line:column, both counted from 1, in characters), what the text became, how
/// probable it is that a choice by context is right, and what decided. Words that stay although the region has others are
/// explained, too. Characters that have one form alone in the target, or that stay for certain, are left out, unless --all
/// is given.
///
/// The conversion is that of a file in the current folder, or of the FILE, by its fanjian.toml. Without a target, s2t is
/// explained, and a note on standard error says so.
///
/// The probability is the share of right choices among those with such a lead in native Simplified text.
#[derive(Args)]
pub(crate) struct ExplainArgs {
    /// Texts to explain, each a line of its own, or files with them; without any, standard input is read
    #[arg(value_name = "TEXT")]
    pub(crate) texts: Vec<String>,
    #[command(flatten)]
    pub(crate) configuration: ConfigurationArgs,
    #[command(flatten)]
    pub(crate) decisions: DecisionArgs,
    #[command(flatten)]
    pub(crate) own_words: OwnWordArgs,
    /// Do not convert lines from one with fanjian:off to one with fanjian:on, as in files
    #[arg(long, help_heading = OWN_WORDS, hide_short_help = true)]
    pub(crate) marks: bool,
    /// Explain the text of FILE, also of a document
    #[arg(short, long, value_name = "FILE", conflicts_with = "texts", help_heading = INPUT_AND_OUTPUT)]
    pub(crate) input: Option<PathBuf>,
    /// Encoding of files, such as gbk, or auto
    #[arg(
        long,
        value_name = "NAME",
        default_value = "auto",
        value_parser = from_encoding(),
        help_heading = INPUT_AND_OUTPUT,
        hide_possible_values = true,
        hide_short_help = true
    )]
    pub(crate) from_encoding: FromEncoding,
    /// Ignore fanjian.toml, which is otherwise searched for in the folder of the text and its parents
    #[arg(long, help_heading = SETTINGS, hide_short_help = true)]
    pub(crate) isolated: bool,
    /// Read the settings in FILE, whatever its name is, and no fanjian.toml
    #[arg(long, value_name = "FILE", conflicts_with = "isolated", help_heading = SETTINGS, hide_short_help = true)]
    pub(crate) settings: Option<PathBuf>,
    /// Include all text, whether it changes or not
    #[arg(long, help_heading = OUTPUT)]
    pub(crate) all: bool,
    /// Print all entries, other candidates, and scores
    ///
    /// A score has what speaks for a candidate and against it.
    #[arg(short, long, help_heading = OUTPUT)]
    pub(crate) verbose: bool,
    /// Form of the answer
    ///
    /// The fields of a JSON object are line, column and offset (in bytes from the beginning of standard input or of a
    /// text), source, output, and decisions: step, stage (where the step has several), dictionary, key, value,
    /// alternatives, reason, probability (null where it was not measured); for a target's choice also margin, and
    /// candidates with text, score and features. An object of a word that stays has kept instead: value (what it becomes
    /// elsewhere), why and reason; one of a protected region has protected. Those of a document have its part, too.
    #[arg(long, value_name = "FORMAT", default_value = "text", value_parser = by_name::<AnswerFormat>(), help_heading = OUTPUT)]
    pub(crate) format: AnswerFormat,
    /// When to use colours
    #[arg(
        long,
        value_name = "WHEN",
        default_value = "auto",
        value_parser = by_name::<Color>(),
        help_heading = OUTPUT,
        hide_short_help = true
    )]
    pub(crate) color: Color,
    /// Do not page the answer on a terminal
    ///
    /// The pager is $FANJIAN_PAGER, $PAGER, or less.
    #[arg(long, help_heading = OUTPUT, hide_short_help = true)]
    pub(crate) no_pager: bool,
}

/// Look words up in the dictionaries
///
/// For each WORD, in either script: the entries whose key it is, with all their candidates, and the entries that have it
/// among their candidates. All built-in dictionaries are searched. With --to, what the target makes of the word comes first,
/// and the dictionaries that the target is made from are searched, too, each entry with what it does.
///
/// Exit status: 0 if every WORD was found, 1 otherwise, 2 for wrong usage, 3 if something failed.
#[derive(Args)]
pub(crate) struct LookupArgs {
    /// Words, each as a whole
    #[arg(value_name = "WORD", required = true, value_parser = NonEmptyStringValueParser::new())]
    pub(crate) words: Vec<String>,
    /// Search the dictionaries of this target, too
    #[arg(long, value_name = "TAG", value_parser = by_name::<Target>())]
    pub(crate) to: Option<Target>,
    /// Search this dictionary, too, before the built-in ones: text or compiled; may be given several times
    #[arg(long, value_name = "FILE")]
    pub(crate) dict: Vec<PathBuf>,
    /// Find the words as they are written, not in the other script
    #[arg(long)]
    pub(crate) exact: bool,
    /// Form of the answer
    ///
    /// The fields of a JSON object are word, as_key and as_value; of the entries in these, dictionary, key, candidates, and
    /// effect in a dictionary of a target. With --to also target: tag, keep and local (the word by each vocabulary).
    #[arg(long, value_name = "FORMAT", default_value = "text", value_parser = by_name::<AnswerFormat>())]
    pub(crate) format: AnswerFormat,
}

/// Print the texts of documents
///
/// The texts are what is converted in a document: paragraphs, cells, subtitles, messages, titles. Each is a line; markup,
/// links, code and names of fonts are left out. A placeholder is printed as 8 or X.
#[derive(Args)]
pub(crate) struct TextArgs {
    /// Documents, and folders of them; - is standard input, which is also read without any
    #[arg(value_name = "PATH")]
    pub(crate) paths: Vec<PathBuf>,
    /// The input is a document of this format, whatever its name is
    #[arg(long = "as", id = "as", value_name = "FORMAT", value_parser = by_name::<Format>())]
    pub(crate) format_of_input: Option<Format>,
    /// Form of the answer
    ///
    /// The fields of a JSON object are path, part (of an archive) or line, role (text, attribute, metadata, note or name)
    /// and text.
    #[arg(long, value_name = "FORMAT", default_value = "text", value_parser = by_name::<AnswerFormat>())]
    pub(crate) format: AnswerFormat,
    /// Encoding of the input, such as gbk, or auto
    #[arg(
        long,
        value_name = "NAME",
        default_value = "auto",
        value_parser = from_encoding(),
        hide_possible_values = true
    )]
    pub(crate) from_encoding: FromEncoding,
    #[command(flatten)]
    pub(crate) filter: FileFilter,
}

/// The target of `fanjian fill`, which need not be named.
const TO_OF_FILL: &str =
    "Convert to this target [default: the one that TARGET's name, path or language names, as in zh_TW.po]";

/// Fill a catalogue from its sibling in the other script
///
/// Messages that TARGET has not, or has empty, are taken from SOURCE and converted; the rest of TARGET stays byte for byte.
/// They are marked for review where the format can: fuzzy in gettext, needs_review in string catalogues. A TARGET that does
/// not exist is made from the whole of SOURCE. The result is written to standard output, or by --in-place or --output.
///
/// Exit status: 0; with --check 1 if something is missing or stale; 2 for wrong usage; 3 if something failed.
#[derive(Args)]
#[command(mut_arg("to", |to| to.help(TO_OF_FILL).long_help(TO_OF_FILL)))]
pub(crate) struct FillArgs {
    /// The catalogue to fill
    #[arg(value_name = "TARGET")]
    pub(crate) target: PathBuf,
    /// The catalogue to fill it from; - is standard input
    #[arg(long = "from", value_name = "SOURCE")]
    pub(crate) source: PathBuf,
    #[command(flatten)]
    pub(crate) conversion: TargetArgs,
    #[command(flatten)]
    pub(crate) config: ConfigArg,
    #[command(flatten)]
    pub(crate) own_words: OwnWordArgs,
    /// Ignore fanjian.toml, which is otherwise searched for in the folder of TARGET and its parents
    #[arg(long, help_heading = SETTINGS, hide_short_help = true)]
    pub(crate) isolated: bool,
    /// Read the settings in FILE, whatever its name is, and no fanjian.toml
    #[arg(long, value_name = "FILE", conflicts_with = "isolated", help_heading = SETTINGS, hide_short_help = true)]
    pub(crate) settings: Option<PathBuf>,
    /// Both are catalogues of this format, whatever their names are
    #[arg(
        long = "as",
        id = "as",
        value_name = "FORMAT",
        value_parser = by_name::<Format>(),
        help_heading = INPUT_AND_OUTPUT,
        hide_short_help = true
    )]
    pub(crate) format_of_input: Option<Format>,
    /// Replace TARGET when it is filled
    #[arg(long, conflicts_with = "output", help_heading = INPUT_AND_OUTPUT)]
    pub(crate) in_place: bool,
    /// Write to FILE instead of standard output
    #[arg(short, long, value_name = "FILE", help_heading = INPUT_AND_OUTPUT)]
    pub(crate) output: Option<PathBuf>,
    /// Write nothing; list what is missing or stale, with exit status 1 if any
    ///
    /// Messages of TARGET that are not in SOURCE are stale.
    #[arg(long, conflicts_with_all = ["in_place", "output"], help_heading = OUTPUT)]
    pub(crate) check: bool,
    /// Form of the report
    ///
    /// The fields of a JSON object are path, kind (missing, added, stale or made), key, and line of what is stale.
    #[arg(long, value_name = "FORMAT", default_value = "text", value_parser = by_name::<AnswerFormat>(), help_heading = OUTPUT)]
    pub(crate) format: AnswerFormat,
    /// Print only errors
    #[arg(short, long, help_heading = OUTPUT)]
    pub(crate) quiet: bool,
}

/// Remove inserted readings, and repair machine-converted pages
///
/// Finds glosses that a machine has inserted into pages, as in 中國(guó)臺(tái)灣網(wǎng), reports or removes them,
/// repairs the damage that they did, and converts the result to a target. A text is cleaned as a whole; without --to
/// and --gloss, glosses are only reported.
#[derive(Args)]
#[command(mut_args(of_clean))]
pub(crate) struct CleanArgs {
    /// Files, and folders of text files; - is standard input, which is also read without any
    #[arg(value_name = "PATH", conflicts_with = "input")]
    pub(crate) paths: Vec<PathBuf>,
    #[command(flatten)]
    pub(crate) conversion: TargetArgs,
    #[command(flatten)]
    pub(crate) own_words: OwnWordArgs,
    /// What to do with glosses [default: report; with --to: repair]
    #[arg(long, value_name = "MODE", num_args = 0..=1, default_missing_value = "report", value_parser = by_name::<GlossMode>())]
    pub(crate) gloss: Option<GlossMode>,
    /// Longest text to clean, in bytes; longer ones are an error
    ///
    /// A number, or one followed by k, m or g for KiB, MiB and GiB. A text is held in memory, some times its length.
    #[arg(long, value_name = "SIZE", default_value = "64m", value_parser = size, hide_short_help = true)]
    pub(crate) limit: usize,
    #[command(flatten)]
    pub(crate) thresholds: ThresholdArgs,
    /// Do not convert lines that are Simplified, such as titles and lists around an article
    #[arg(long, help_heading = CONVERSION, requires = "to")]
    pub(crate) keep_simplified: bool,
    /// Read from FILE instead of standard input
    #[arg(short, long, value_name = "FILE", help_heading = INPUT_AND_OUTPUT)]
    pub(crate) input: Option<PathBuf>,
    /// Write to FILE instead of standard output
    ///
    /// So is one file that is given as PATH. A file that exists is replaced when all is converted.
    #[arg(short, long, value_name = "FILE", help_heading = INPUT_AND_OUTPUT)]
    pub(crate) output: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) files: FileArgs,
    #[command(flatten)]
    pub(crate) check: CheckArgs,
    #[command(flatten)]
    pub(crate) documents: DocumentArgs,
    #[command(flatten)]
    pub(crate) encodings: EncodingArgs,
    #[command(flatten)]
    pub(crate) output_options: OutputOptions,
}

/// The shared options as `fanjian clean` has them: without `--to`, nothing is converted, and names of files never are.
fn of_clean(arg: Arg) -> Arg {
    match arg.get_id().as_str() {
        "rename" | "beside" | "force" => arg.hide(true),
        "vocabulary" | "punctuation" | "keep_words" | "prefer" | "dict" | "dict_both_scripts" | "protect"
        | "protect_regex" => arg.requires("to"),
        _ => arg,
    }
}

/// Thresholds for readings in parentheses to be machine-made glosses.
#[derive(Args)]
#[command(next_help_heading = "Thresholds for glosses")]
pub(crate) struct ThresholdArgs {
    /// Minimum share of a character's occurrences that are glossed, from 0 to 1
    #[arg(
        long,
        value_name = "SHARE",
        allow_negative_numbers = true,
        default_value_t = Thresholds::default().share,
        value_parser = share,
        hide_short_help = true
    )]
    gate_share: f64,
    /// Minimum number of different characters with glosses
    #[arg(
        long,
        value_name = "N",
        allow_negative_numbers = true,
        default_value_t = Thresholds::default().characters,
        hide_short_help = true
    )]
    gate_characters: usize,
    /// Minimum number of glosses
    #[arg(
        long,
        value_name = "N",
        allow_negative_numbers = true,
        default_value_t = Thresholds::default().glosses,
        hide_short_help = true
    )]
    gate_glosses: usize,
    /// Minimum share of glosses on characters that only Traditional text has, from 0 to 1
    #[arg(
        long,
        value_name = "SHARE",
        allow_negative_numbers = true,
        default_value_t = Thresholds::default().traditional,
        value_parser = share,
        hide_short_help = true
    )]
    gate_traditional: f64,
    /// Only such characters have glosses
    #[arg(long, value_name = "BOOL", default_value_t = true, action = ArgAction::Set, hide_short_help = true)]
    gate_only_traditional: bool,
    /// Glosses are readings of their characters, not any syllables
    #[arg(long, value_name = "BOOL", default_value_t = true, action = ArgAction::Set, hide_short_help = true)]
    gate_only_readings: bool,
    /// Glosses are in half-width parentheses directly behind their characters, without spaces
    #[arg(long, value_name = "BOOL", default_value_t = true, action = ArgAction::Set, hide_short_help = true)]
    gate_only_touching: bool,
}

impl ThresholdArgs {
    pub(crate) fn thresholds(&self) -> Thresholds {
        let mut thresholds = Thresholds::default();
        thresholds.share = self.gate_share;
        thresholds.characters = self.gate_characters;
        thresholds.glosses = self.gate_glosses;
        thresholds.traditional = self.gate_traditional;
        thresholds.only_traditional = self.gate_only_traditional;
        thresholds.only_readings = self.gate_only_readings;
        thresholds.only_touching = self.gate_only_touching;
        thresholds
    }
}

/// List the built-in configurations
#[derive(Args)]
pub(crate) struct ConfigsArgs {
    /// List those of a release, by the name or the path of its dictionaries
    #[arg(long, value_name = "NAME")]
    pub(crate) dictionaries: Option<PathBuf>,
    /// Form of the answer
    ///
    /// The fields of a JSON object are name, description, and those of OpenCC's configurations, which name the
    /// dictionaries of each step: normalization, segmentation, conversion_chain.
    #[arg(long, value_name = "FORMAT", default_value = "text", value_parser = by_name::<AnswerFormat>())]
    pub(crate) format: AnswerFormat,
}

/// Write a shell's completion script to standard output
///
/// Where the script belongs depends on the shell and the system. For one user, for example:
///
/// bash: fanjian completions bash > ~/.local/share/bash-completion/completions/fanjian
///
/// zsh: fanjian completions zsh > ~/.zfunc/_fanjian, with ~/.zfunc in $fpath
///
/// fish: fanjian completions fish > ~/.config/fish/completions/fanjian.fish
///
/// powershell: fanjian completions powershell >> $PROFILE
#[derive(Args)]
pub(crate) struct CompletionsArgs {
    /// The shell
    #[arg(value_name = "SHELL")]
    pub(crate) shell: Shell,
}

/// Write manual pages
///
/// Without COMMAND it is the page fanjian(1), otherwise that command's: `fanjian man dict check` writes
/// fanjian-dict-check(1). To read one: fanjian man | man -l -
#[derive(Args)]
pub(crate) struct ManArgs {
    /// The subcommand of the page
    #[arg(value_name = "COMMAND")]
    pub(crate) commands: Vec<String>,
    /// Write the pages of fanjian and of all its subcommands into the folder DIR, which is made if it is not there
    #[arg(short = 'O', long, value_name = "DIR", conflicts_with = "commands", help_heading = OUTPUT)]
    pub(crate) output_dir: Option<PathBuf>,
}
