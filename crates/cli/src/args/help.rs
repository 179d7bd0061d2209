//! What `-h`, `--help` and the manual page show beside the options: examples, tables, exit statuses.

use clap::{Arg, ArgAction, Command, CommandFactory, Subcommand as _, builder::Styles};
use fanjian::{Config, Named, Target};

use crate::{
    args::{CommandLine, commands::Subcommand, groups::OUTPUT, values::by_name},
    messages::{self, Language, text, translatable},
};

/// The command line as clap parses it.
pub(super) fn arguments() -> Command {
    with_common(Subcommand::augment_subcommands(CommandLine::command()))
}

/// The same for a line without a subcommand.
pub(super) fn without_subcommands() -> Command {
    with_common(CommandLine::command())
}

/// The command with the options that all subcommands have, too.
fn with_common(command: Command) -> Command {
    let language = Arg::new("lang").long("lang").value_name("LANGUAGE").value_parser(by_name::<Language>());
    let language = language.help("Language of messages and help [default: that of the locale]").hide_short_help(true);
    let version = Arg::new("version").short('V').long("version").action(ArgAction::Version).help("Print version");
    with_help(command)
        .arg(language.help_heading(OUTPUT).global(true))
        .arg(version.help_heading(OUTPUT).display_order(LAST))
}

/// The same with all texts, for help, manual pages and completions.
pub(crate) fn command() -> Command {
    arguments()
        .help_template(format!(
            "{{about-with-newline}}\n{{before-help}}{} {{usage}}\n\n{{all-args}}{{after-help}}",
            usage_heading()
        ))
        .before_long_help(format!("{}\n{}", text("Examples:"), example_lines()))
        .after_long_help(tables())
}

/// The heading of the usage, which templates of clap have in English alone.
fn usage_heading() -> String {
    match messages::translation(translatable("Usage:")) {
        Some(heading) => heading.to_owned(),
        None => "{usage-heading}".to_owned(),
    }
}

/// Behind all other options.
const LAST: usize = 1000;

/// The command with `-h` and `--help`, and so its subcommands.
fn with_help(command: Command) -> Command {
    let heading = command.get_arguments().any(|arg| arg.get_help_heading() == Some(OUTPUT)).then_some(OUTPUT);
    let help = Arg::new("help").short('h').long("help").action(ArgAction::Help).help("Print help (--help: all of it)");
    command.arg(help.help_heading(heading).display_order(LAST)).mut_subcommands(with_help)
}

/// Subcommands that the short help leaves out.
const RARE: [&str; 3] = ["configs", "completions", "man"];

/// The command with a help that fits on a screen: the options that are used most, without their headings and values.
pub(super) fn short(command: Command) -> Command {
    let header = *Styles::styled().get_header();
    let heading = |heading: &str| format!("{header}{heading}{header:#}");
    let template = format!(
        "{{about-with-newline}}\n{}\n{}\n\n{} {{usage}}\n\n{}\n{{options}}\n\n{}\n{{subcommands}}\n\n{}",
        heading(&text("Examples:")),
        short_examples(),
        usage_heading(),
        heading(&text("Options:")),
        heading(&text("Commands:")),
        text("All options: fanjian --help; of a command: fanjian help COMMAND"),
    );
    let mut command = flat(command).help_template(template).disable_help_subcommand(true);
    for rare in RARE {
        command = command.mut_subcommand(rare, |command| command.hide(true));
    }
    command
}

/// The command without headings and lists of values, and so for its subcommands.
fn flat(command: Command) -> Command {
    let command = command.mut_args(|arg| {
        let takes_values = arg.get_action().takes_values();
        let arg = if takes_values { arg.hide_possible_values(true) } else { arg };
        if arg.is_positional() { arg } else { arg.help_heading(None::<&str>) }
    });
    command.mut_subcommands(flat)
}

/// Common uses. The READMEs have some, too, and tests run all.
const EXAMPLES: [(&str, &str); 14] = [
    ("fanjian --to zh-TW in.txt", translatable("show a file in Traditional, as in Taiwan")),
    ("fanjian --to zh-CN --in-place book", translatable("convert a folder to Simplified")),
    ("fanjian -c s2twp < in.txt > out.txt", translatable("convert a pipe, as OpenCC does")),
    ("fanjian -c s2tw in.txt", translatable("show a file converted")),
    ("fanjian -c t2s -i in.txt -o out.txt", translatable("convert a file to another one, as OpenCC does")),
    ("fanjian -c s2twp --in-place --backup .bak book", translatable("convert a folder, and keep the old files")),
    ("fanjian -c s2hk -O hk book", translatable("convert a folder into another one: hk/book")),
    ("fanjian -c s2tw --diff book", translatable("show what would change")),
    ("fanjian -c s2tw --check -g '*.md' .", translatable("exit with status 1 if anything would change")),
    (
        "fanjian -c t2s --from-encoding big5 --to-encoding utf-8 -O utf8 old",
        translatable("convert from another encoding"),
    ),
    ("fanjian -c s2twp --dict words.txt --protect names.txt in.txt", translatable("use own words, and keep names")),
    ("fanjian -c s2twp -j 0 -i big.txt -o big.tw.txt", translatable("convert one big file with all processors")),
    ("fanjian --to zh-TW --jsonl --field text < in.jsonl > out.jsonl", translatable("convert the texts in JSON lines")),
    (
        "fanjian --to zh-TW --jsonl --field text --gloss repair --keep-if script=hant,hans -O out shards",
        translatable("clean, filter and convert a folder of shards"),
    ),
];

/// The first ones, each on a line.
fn short_examples() -> String {
    let examples = &EXAMPLES[..3];
    let width = examples.iter().map(|(command, _)| command.len()).max().unwrap_or(0);
    let lines: Vec<_> =
        examples.iter().map(|(command, meaning)| format!("  {command:width$}  {}", text(meaning))).collect();
    lines.join("\n")
}

fn example_lines() -> String {
    let lines: Vec<_> =
        EXAMPLES.iter().map(|(command, meaning)| format!("  {command}\n      {}", text(meaning))).collect();
    lines.join("\n")
}

/// The sections of the manual page that clap knows nothing about, with their headings.
pub(crate) fn manual_sections() -> [(String, String); 4] {
    [
        (text("EXAMPLES"), example_lines()),
        (text("TARGETS"), table::<Target>()),
        (text("CONFIGURATIONS"), table::<Config>()),
        (text("EXIT STATUS"), exit_statuses()),
    ]
}

const EXIT_STATUS: [(&str, &str); 5] = [
    ("0", translatable("success; also if the reader of the output is gone")),
    (
        "1",
        translatable(
            "a file would change, or a catalogue is not in step (--check); a dictionary has findings;\na word was not found",
        ),
    ),
    ("2", translatable("wrong usage, also in fanjian.toml")),
    ("3", translatable("something failed: a file, a record, the output; all other files are done")),
    ("130", translatable("interrupted")),
];

fn exit_statuses() -> String {
    // Where a line ends, the next one is as far to the right.
    let meaning = |meaning| text(meaning).replace('\n', "\n       ");
    let lines: Vec<_> = EXIT_STATUS.iter().map(|(status, text)| format!("  {status:<3}  {}", meaning(text))).collect();
    lines.join("\n")
}

fn tables() -> String {
    format!(
        "{}\n{}\n\n{}\n{}\n\n{}\n{}",
        text("Targets, for any Chinese text (--to):"),
        table::<Target>(),
        text("Built-in configurations (--config; s2t for a single input without --to):"),
        table::<Config>(),
        text("Exit status:"),
        exit_statuses(),
    )
}

fn table<T: Named>() -> String {
    let width = T::ALL.iter().map(|value| value.name().len()).max().unwrap_or(0);
    let lines = T::ALL.iter().map(|value| format!("  {:width$}  {}", value.name(), text(value.description())));
    lines.collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_line_is_consistent() {
        command().debug_assert();
    }

    /// As many lines as a small terminal shows, and none that it would wrap.
    const LINES: usize = 40;
    const COLUMNS: usize = 80;

    #[test]
    fn each_short_help_fits_on_a_screen() {
        fn check(command: &mut Command) {
            let help = command.render_help().to_string();
            assert!(help.lines().count() <= LINES, "{} lines:\n{help}", help.lines().count());
            let widest = help.lines().max_by_key(|line| line.chars().count()).unwrap();
            assert!(widest.chars().count() <= COLUMNS, "{widest}");
            command.get_subcommands_mut().for_each(check);
        }
        let mut command = short(command()).term_width(COLUMNS);
        command.build();
        check(&mut command);
        let help = command.render_help().to_string();
        let first = help.lines().find(|line| line.trim_start().starts_with('-')).unwrap();
        assert!(first.trim_start().starts_with("--to <TAG>"), "{first}");
        assert_eq!(help.lines().nth(2), Some("Examples:"));
    }
}
