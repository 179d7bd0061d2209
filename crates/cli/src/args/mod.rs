//! Command line, as clap parses it. What it means is decided in [`settings`](crate::settings).

use std::path::PathBuf;

use clap::{CommandFactory, Parser};
use fanjian::{Config, Named, OPENCC_VERSION, Target};

use self::{
    commands::Subcommand,
    groups::{
        CheckArgs, ConversionArgs, DocumentArgs, EncodingArgs, FileArgs, OpenccJsonArgs, OutputOptions, RecordArgs,
        SingleArgs,
    },
};

pub(crate) mod commands;
pub(crate) mod detect;
pub(crate) mod groups;
pub(crate) mod values;

/// Convert between Traditional and Simplified Chinese
///
/// Converts any Chinese text to a target (--to), or by one of OpenCC's configurations (--config):
/// standard input to standard output, or files and whole folders. OpenCC's command line is accepted.
#[derive(Parser)]
#[command(
    name = "fanjian",
    version,
    long_version = format!("{}\nwith the dictionaries and configurations of OpenCC {OPENCC_VERSION}", env!("CARGO_PKG_VERSION")),
    before_help = short_examples(),
    before_long_help = long_examples(),
    after_help = "All options, configurations and exit statuses: fanjian --help",
    after_long_help = tables(),
    help_template = "{about-with-newline}\n{before-help}{usage-heading} {usage}\n\n{all-args}{after-help}",
    args_conflicts_with_subcommands = true,
    max_term_width = 100
)]
pub(crate) struct CommandLine {
    /// Files to convert, and folders of text files; - is standard input
    #[arg(value_name = "PATH", conflicts_with_all = ["input", "output"])]
    pub(crate) paths: Vec<PathBuf>,
    #[command(flatten)]
    pub(crate) conversion: ConversionArgs,
    #[command(flatten)]
    pub(crate) documents: DocumentArgs,
    #[command(flatten)]
    pub(crate) single: SingleArgs,
    #[command(flatten)]
    pub(crate) files: FileArgs,
    #[command(flatten)]
    pub(crate) check: CheckArgs,
    #[command(flatten)]
    pub(crate) encodings: EncodingArgs,
    #[command(flatten)]
    pub(crate) records: RecordArgs,
    #[command(flatten)]
    pub(crate) output: OutputOptions,
    #[command(flatten)]
    pub(crate) opencc_json: OpenccJsonArgs,
    #[command(subcommand)]
    pub(crate) subcommand: Option<Subcommand>,
}

/// The command line as clap knows it, for help, manual pages and completions.
pub(crate) fn command() -> clap::Command {
    CommandLine::command()
}

/// The names of all subcommands.
pub(crate) fn subcommands() -> Vec<String> {
    command().get_subcommands().map(|subcommand| subcommand.get_name().to_owned()).collect()
}

/// Common uses. The READMEs have some, too, and tests run all.
const EXAMPLES: [(&str, &str); 14] = [
    ("fanjian --to zh-TW in.txt", "show a file in Traditional Chinese, as in Taiwan"),
    ("fanjian --to zh-CN --in-place book", "convert all text files in a folder to Simplified Chinese"),
    ("fanjian -c s2twp < in.txt > out.txt", "convert a text as OpenCC does, from a pipe to a pipe"),
    ("fanjian -c s2tw in.txt", "show a file converted"),
    ("fanjian -c t2s -i in.txt -o out.txt", "convert a file to another one, as OpenCC does"),
    ("fanjian -c s2twp --in-place --backup .bak book", "convert a folder, and keep the old files"),
    ("fanjian -c s2hk -O hk book", "convert a folder into another one: hk/book"),
    ("fanjian -c s2tw --diff book", "show what would change"),
    ("fanjian -c s2tw --check -g '*.md' .", "exit with status 1 if anything would change"),
    ("fanjian -c t2s --from-encoding big5 --to-encoding utf-8 -O utf8 old", "convert from another encoding"),
    ("fanjian -c s2twp --dict words.txt --protect names.txt in.txt", "use own words, and keep names"),
    ("fanjian -c s2twp -j 0 -i big.txt -o big.tw.txt", "convert one big file with all processors"),
    ("fanjian --to zh-TW --jsonl --field text < in.jsonl > out.jsonl", "convert the texts in JSON lines"),
    (
        "fanjian --to zh-TW --jsonl --field text --gloss repair --keep-if script=hant,hans -O out shards",
        "clean, filter and convert a folder of shards",
    ),
];

fn short_examples() -> String {
    let examples = &EXAMPLES[..3];
    let width = examples.iter().map(|(command, _)| command.len()).max().unwrap_or(0);
    let lines: Vec<_> = examples.iter().map(|(command, meaning)| format!("  {command:width$}  {meaning}")).collect();
    format!("Examples:\n{}", lines.join("\n"))
}

fn long_examples() -> String {
    format!("Examples:\n{}", example_lines())
}

fn example_lines() -> String {
    let lines: Vec<_> = EXAMPLES.iter().map(|(command, meaning)| format!("  {command}\n      {meaning}")).collect();
    lines.join("\n")
}

/// The sections of the manual page that clap knows nothing about, with their headings.
pub(crate) fn manual_sections() -> [(&'static str, String); 4] {
    [
        ("EXAMPLES", example_lines()),
        ("TARGETS", table::<Target>()),
        ("CONFIGURATIONS", table::<Config>()),
        ("EXIT STATUS", EXIT_STATUS.to_owned()),
    ]
}

const EXIT_STATUS: &str = "  0    success; also if the reader of the output is gone
  1    a file would change, or a catalogue is not in step (--check); a dictionary has findings; a word was not found
  2    wrong usage, also in fanjian.toml
  3    something failed: a file, a record, the output; all other files are done
  130  interrupted";

fn tables() -> String {
    format!(
        "Targets, for any Chinese text (--to):\n{}\n\nBuilt-in configurations (--config; the default is s2t):\n{}\n\n\
         Exit status:\n{EXIT_STATUS}",
        table::<Target>(),
        table::<Config>()
    )
}

fn table<T: Named>() -> String {
    let width = T::ALL.iter().map(|value| value.name().len()).max().unwrap_or(0);
    let lines = T::ALL.iter().map(|value| format!("  {:width$}  {}", value.name(), value.description()));
    lines.collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_line_is_consistent() {
        command().debug_assert();
    }

    #[test]
    fn the_short_help_begins_with_examples_and_the_target_and_is_short() {
        let help = command().term_width(100).render_help().to_string();
        assert!(help.lines().count() <= 49, "{} lines:\n{help}", help.lines().count());
        let first = help.lines().find(|line| line.trim_start().starts_with('-')).unwrap();
        assert!(first.trim_start().starts_with("--to <TAG>"), "{first}");
        assert_eq!(help.lines().nth(2), Some("Examples:"));
        let long = command().render_long_help().to_string();
        for words in ["fanjian clean", "Exit status:", "s2twp", "zh-Hant"] {
            assert!(long.contains(words) || words == "fanjian clean", "{words}");
        }
    }
}
