//! The command line of the process: its language, its help, its errors.

use std::{env, ffi::OsString, mem, path::Path};

use clap::{Arg, Command, FromArgMatches, error::ErrorKind};

use crate::{
    args::{
        CommandLine,
        commands::{NAMES, Subcommand},
        help, hints,
        localized::localized,
    },
    messages::{self, Language, message},
};

/// Parses the command line of the process, and chooses the language of messages.
pub(crate) fn parse() -> Result<CommandLine, clap::Error> {
    messages::choose(language(env::args_os()));
    // Most lines have no subcommand, and to make all of them takes a third of the time until a conversion begins.
    let mut command = if may_name_subcommand(env::args_os()) { help::arguments() } else { help::without_subcommands() };
    let parsed = parsed(&mut command, without_language(env::args_os()));
    if parsed.is_ok() {
        // It has thousands of parts, and the process ends soon: to free them takes a tenth of that time.
        mem::forget(command);
        return parsed;
    }
    // Only help and errors need the texts.
    let command = help::command();
    let command = if asks_for_short_help(env::args_os()) { help::short(command) } else { command };
    let mut command = localized(command);
    let misplaced = misplaced(&command, without_language(env::args_os()));
    self::parsed(&mut command, without_language(env::args_os())).map_err(|error| match misplaced {
        // What is wrong with its options as those of a conversion leads nowhere.
        Some(word) if error.use_stderr() => command.error(
            ErrorKind::InvalidSubcommand,
            message!("options of the subcommand '{word}' have to follow it", word),
        ),
        _ => hints::with_hint(error.format(&mut command)),
    })
}

/// The subcommand that stands behind options, where it is taken for a PATH.
fn misplaced(command: &Command, arguments: impl Iterator<Item = OsString>) -> Option<&'static str> {
    let mut arguments = arguments.skip(1).peekable();
    arguments.peek().filter(|first| first.as_encoded_bytes().starts_with(b"-"))?;
    let word = loop {
        let argument = arguments.next()?.into_string().ok()?;
        let option = match argument.strip_prefix('-') {
            None => break argument,
            Some("" | "-") => return None,
            Some(option) => option,
        };
        let takes_value = |arg: &Arg| arg.get_action().takes_values() && !arg.is_require_equals_set();
        let is_value_behind = match option.strip_prefix('-') {
            Some(long) => command.get_arguments().any(|arg| arg.get_long() == Some(long) && takes_value(arg)),
            // The first of several that has a value has the rest of the word for it, if there is one.
            None => {
                let with_value =
                    |letter| command.get_arguments().any(|arg| arg.get_short() == Some(letter) && takes_value(arg));
                option.find(with_value).is_some_and(|at| option[at..].chars().nth(1).is_none())
            }
        };
        if is_value_behind {
            arguments.next()?;
        }
    };
    NAMES.into_iter().find(|name| *name == word && !Path::new(name).exists())
}

/// Parses a command line, the first argument of which is the program's name.
pub(crate) fn parsed(
    command: &mut Command,
    arguments: impl Iterator<Item = OsString>,
) -> Result<CommandLine, clap::Error> {
    let mut matches = command.try_get_matches_from_mut(arguments)?;
    let mut line = CommandLine::from_arg_matches_mut(&mut matches)?;
    if matches.subcommand_name().is_some() {
        line.subcommand = Some(Subcommand::from_arg_matches_mut(&mut matches)?);
    }
    Ok(line)
}

/// Whether an argument is the name of a subcommand; it can also be a path or a value then.
fn may_name_subcommand(arguments: impl Iterator<Item = OsString>) -> bool {
    let is_name = |argument: OsString| argument.to_str().is_some_and(|name| name == "help" || NAMES.contains(&name));
    arguments.skip(1).any(is_name)
}

/// The language that `--lang` names, which has to be known before the command line is parsed. A wrong one is an error then.
fn language(arguments: impl Iterator<Item = OsString>) -> Option<Language> {
    value_of("--lang", arguments)?.to_str()?.parse().ok()
}

/// The value of a long option in a line that is not parsed, or that asks for something else.
pub(crate) fn value_of(option: &str, arguments: impl Iterator<Item = OsString>) -> Option<OsString> {
    let mut arguments = arguments.skip(1).take_while(|argument| argument != "--");
    while let Some(argument) = arguments.next() {
        let argument = argument.to_string_lossy();
        match argument.strip_prefix(option) {
            Some("") => return arguments.next(),
            Some(value) if value.starts_with('=') => return Some(value[1..].into()),
            _ => {}
        }
    }
    None
}

/// The arguments without a `--lang` in front of all others, which is known already: behind an option, clap takes a subcommand
/// for a PATH. One whose value is wrong stays, and is an error.
fn without_language(arguments: impl Iterator<Item = OsString>) -> impl Iterator<Item = OsString> {
    let arguments: Vec<_> = arguments.collect();
    let text = |at: usize| arguments.get(at).and_then(|argument: &OsString| argument.to_str()).unwrap_or_default();
    let (value, end) = match text(1).strip_prefix("--lang") {
        Some("") => (text(2), 3),
        Some(value) => (value.strip_prefix('=').unwrap_or_default(), 2),
        None => ("", 1),
    };
    let end = if value.parse::<Language>().is_ok() { end } else { 1 };
    arguments.into_iter().enumerate().filter(move |(at, _)| *at == 0 || *at >= end).map(|(_, argument)| argument)
}

/// Whether `-h` may be among the arguments, also as in `-qh`.
fn asks_for_short_help(arguments: impl Iterator<Item = OsString>) -> bool {
    let is_short =
        |argument: &[u8]| argument.starts_with(b"-") && !argument.starts_with(b"--") && argument.contains(&b'h');
    let mut options = arguments.skip(1).take_while(|argument| argument != "--");
    options.any(|argument| is_short(argument.as_encoded_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_subcommand_is_known_by_its_name() {
        let mut command = help::arguments();
        command.build();
        let names: Vec<_> = command.get_subcommands().map(Command::get_name).collect();
        assert_eq!(names, [&NAMES[..], &["help"]].concat());
        assert!(command.get_subcommands().all(|subcommand| subcommand.get_all_aliases().next().is_none()));
        let may_name = |line: &str| may_name_subcommand(line.split(' ').map(OsString::from));
        assert!(may_name("fanjian help explain") && may_name("fanjian -q man") && !may_name("man -q s2t"));
    }

    #[test]
    fn a_subcommand_behind_options_is_known() {
        let command = help::arguments();
        let misplaced = |line: &str| misplaced(&command, line.split(' ').map(OsString::from));
        for line in [
            "-q fill t --from s",
            "--to zh-TW fill t",
            "--to=zh-TW fill t",
            "-qj 2 fill",
            "-c s2t --quiet fill",
            "-csi fill",
            "-qj2i fill",
        ] {
            assert_eq!(misplaced(&format!("fanjian {line}")), Some("fill"), "{line}");
        }
        for line in
            ["fill -q t", "a.txt fill", "-q a.txt fill", "-q -- fill", "-c fill", "-qc fill", "-q - fill", "-q filled"]
        {
            assert_eq!(misplaced(&format!("fanjian {line}")), None, "{line}");
        }
    }

    #[test]
    fn short_help_is_asked_for_by_a_short_option() {
        let asks = |line: &str| asks_for_short_help(line.split(' ').map(OsString::from));
        assert!(asks("fanjian -h") && asks("fanjian -qh") && asks("fanjian explain -h"));
        assert!(!asks("fanjian --help") && !asks("fanjian -q -- -h") && !asks("fanjian h"));
    }

    #[test]
    fn the_language_is_known_before_the_rest() {
        let language = |line: &str| language(line.split(' ').map(OsString::from));
        assert_eq!(language("fanjian man --lang zh-TW"), Some(Language::Taiwan));
        assert_eq!(language("fanjian --lang=zh_cn -h"), Some(Language::Mainland));
        assert_eq!((language("fanjian --language zh-TW"), language("fanjian -- --lang en")), (None, None));
        assert_eq!((language("fanjian --lang"), language("fanjian --lang fr")), (None, None));
    }

    #[test]
    fn a_language_in_front_is_no_argument_any_more() {
        let without = |line: &str| {
            let arguments = without_language(line.split(' ').map(OsString::from));
            arguments.map(|argument| argument.into_string().unwrap()).collect::<Vec<_>>().join(" ")
        };
        assert_eq!(without("fanjian --lang zh-TW detect x"), "fanjian detect x");
        assert_eq!(without("fanjian --lang=en x --lang zh-CN"), "fanjian x --lang zh-CN");
        for same in
            ["fanjian", "fanjian --lang", "fanjian --lang fr x", "fanjian --language zh-TW", "fanjian -q --lang en"]
        {
            assert_eq!(without(same), same);
        }
    }
}
