//! Errors of the command line in another language than English, in which clap has them.

use std::error::Error;

use clap::error::{ContextKind, ContextValue, ErrorKind};

use crate::messages::{self, message};

/// The message about a wrong command line: what is wrong, tips, the usage.
pub(crate) fn text(error: &clap::Error) -> String {
    let english = error.render().to_string();
    // This is the help of a command without its subcommand.
    if error.kind() == ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand {
        return english;
    }
    let (first, rest) = english.trim_end().split_once("\n\n").unwrap_or((english.trim_end(), ""));
    let first = match wrong(error) {
        Some(wrong) => wrong,
        None => first.strip_prefix("error: ").unwrap_or(first).to_owned(),
    };
    let mut text = format!("{}{first}\n\n{rest}", messages::text("error: "));
    for phrase in ["\n  tip: ", "Usage:", "For more information, try '--help'."] {
        text = text.replace(phrase, &messages::text(phrase));
    }
    text
}

/// What is wrong, for the kinds of errors that clap has the words of.
fn wrong(error: &clap::Error) -> Option<String> {
    let context = |kind| match error.get(kind)? {
        ContextValue::String(value) => Some(format!("'{value}'")),
        ContextValue::Strings(values) => {
            Some(values.iter().map(|value| format!("'{value}'")).collect::<Vec<_>>().join(", "))
        }
        _ => None,
    };
    let argument = context(ContextKind::InvalidArg);
    match error.kind() {
        ErrorKind::UnknownArgument => Some(message!("there is no option {argument}", argument = argument?)),
        ErrorKind::InvalidValue if context(ContextKind::InvalidValue).is_some_and(|value| value == "''") => {
            Some(message!("{argument} needs a value", argument = argument?))
        }
        ErrorKind::InvalidSubcommand => {
            let subcommand = context(ContextKind::InvalidSubcommand)?;
            Some(message!("there is no subcommand {subcommand}", subcommand))
        }
        ErrorKind::ArgumentConflict => {
            let (argument, prior) = (argument?, context(ContextKind::PriorArg)?);
            Some(match argument == prior {
                true => message!("{argument} cannot be given twice", argument),
                false => message!("{argument} cannot be used with {prior}", argument, prior),
            })
        }
        ErrorKind::ValueValidation => {
            let (value, reason) = (context(ContextKind::InvalidValue)?, error.source()?);
            Some(message!("{value} is no value of {argument}: {reason}", value, argument = argument?, reason))
        }
        ErrorKind::MissingRequiredArgument => Some(message!("{argument} is needed", argument = argument?)),
        ErrorKind::TooManyValues => Some(message!("{argument} takes no more values", argument = argument?)),
        _ => None,
    }
}
