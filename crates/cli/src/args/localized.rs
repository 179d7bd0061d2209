//! Help in the user's language: each text of a command is replaced by its translation, paragraph by paragraph.

use clap::{Arg, Command, builder::PossibleValue};

use crate::messages::{self, translatable};

/// The command with its help in the chosen language. What English has beside the texts of an option, its values and its
/// default, is a part of the text then.
pub(crate) fn localized(command: Command) -> Command {
    if messages::is_english() {
        return command;
    }
    let mut command = of_command(command, &mut messages::text).mut_subcommands(with_usage);
    // The subcommand `help` is there when the command is built.
    command.build();
    with_help(command)
}

/// The subcommand with the heading of its usage in the chosen language.
fn with_usage(command: Command) -> Command {
    let template =
        format!("{{about-with-newline}}\n{} {{usage}}\n\n{{all-args}}{{after-help}}", messages::text("Usage:"));
    command.help_template(template).mut_subcommands(with_usage)
}

/// The command with the description of its subcommand `help`, which is clap's, in the chosen language.
fn with_help(command: Command) -> Command {
    let command = match command.find_subcommand("help").is_some() {
        true => command.mut_subcommand("help", |help| help.about(messages::text(HELP))),
        false => command,
    };
    command.mut_subcommands(|command| if command.get_name() == "help" { command } else { with_help(command) })
}

const HELP: &str = translatable("Print this message or the help of the given subcommand(s)");

/// The English texts of a command and its subcommands.
#[cfg(test)]
pub(crate) fn texts(command: Command) -> std::collections::BTreeSet<String> {
    let mut texts = std::collections::BTreeSet::new();
    of_command(command, &mut |text: &str| {
        texts.insert(text.to_owned());
        text.to_owned()
    });
    texts
}

fn of_command(mut command: Command, text: &mut dyn FnMut(&str) -> String) -> Command {
    if let Some(about) = command.get_about().map(ToString::to_string) {
        command = command.about(paragraphs(&about, text));
    }
    if let Some(about) = command.get_long_about().map(ToString::to_string) {
        command = command.long_about(paragraphs(&about, text));
    }
    if command.has_subcommands() {
        command = command.subcommand_help_heading(text("Commands"));
    }
    let command = command.mut_args(|arg| of_arg(arg, text));
    command.mut_subcommands(|command| of_command(command, text))
}

fn of_arg(arg: Arg, text: &mut dyn FnMut(&str) -> String) -> Arg {
    let heading = match arg.get_help_heading() {
        Some(heading) => text(heading),
        None if arg.is_positional() => text("Arguments"),
        None => text("Options"),
    };
    let Some(english) = arg.get_help().map(ToString::to_string) else { return arg.help_heading(heading) };
    let english_long = arg.get_long_help().map_or_else(|| english.clone(), ToString::to_string);
    let (mut help, mut long) = (paragraphs(&english, text), paragraphs(&english_long, text));
    let takes_values = arg.get_action().takes_values();
    let default: Vec<_> = arg.get_default_values().iter().map(|value| value.to_string_lossy().into_owned()).collect();
    if takes_values && !default.is_empty() && !arg.is_hide_default_value_set() {
        let default = text(" [default: {value}]").replace("{value}", &default.join(", "));
        help += &default;
        long += &default;
    }
    let values = arg.get_possible_values();
    let values: Vec<_> = values.iter().filter_map(|value| of_value(value, text)).collect();
    if takes_values && !values.is_empty() && !arg.is_hide_possible_values_set() {
        long = format!("{long}\n\n{}\n{}", text("Possible values:"), values.join("\n"));
    }
    let arg = arg.help(help).long_help(long).help_heading(heading);
    if takes_values { arg.hide_default_value(true).hide_possible_values(true) } else { arg }
}

fn of_value(value: &PossibleValue, text: &mut dyn FnMut(&str) -> String) -> Option<String> {
    let help = text(&value.get_help()?.to_string());
    Some(format!("- {}: {help}", value.get_name()))
}

fn paragraphs(english: &str, text: &mut dyn FnMut(&str) -> String) -> String {
    english.split("\n\n").map(text).collect::<Vec<_>>().join("\n\n")
}
