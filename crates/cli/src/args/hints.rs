//! Tips for what is no option: what was meant.

use clap::{
    builder::StyledStr,
    error::{ContextKind, ContextValue, ErrorKind},
};
use fanjian::{Config, Target};
use fanjian_dictionary::named;

use crate::{
    args::commands::NAMES,
    io::encodings::Encoding,
    messages::{self, message, translatable},
};

/// Options of other commands, and what does the same here.
const ELSEWHERE: [(&str, &str); 16] = [
    ("-t", translatable("use --to, or --threads for the number of threads")),
    ("-f", translatable("use --from-encoding for an encoding, or -i for a file to read")),
    ("-w", translatable("use --in-place")),
    ("--write", translatable("use --in-place")),
    ("--overwrite", translatable("use --in-place")),
    ("--fix", translatable("use --in-place")),
    ("-r", translatable("folders are converted with all that is in them: name one as PATH")),
    ("-R", translatable("folders are converted with all that is in them: name one as PATH")),
    ("--recursive", translatable("folders are converted with all that is in them: name one as PATH")),
    ("-d", translatable("use --output-dir, or --diff")),
    ("--encoding", translatable("use --from-encoding")),
    ("--target", translatable("use --to")),
    ("--preview", translatable("use --diff")),
    ("-n", translatable("use --dry-run")),
    ("-p", translatable("use -c with a configuration that has a p, such as s2twp, or --to with --vocabulary local")),
    ("--exclude", translatable("use --glob, with ! before what is left out")),
];

/// The same error, with a tip where it is known what was meant.
pub(crate) fn with_hint(mut error: clap::Error) -> clap::Error {
    let wrong = |kind| match error.get(kind) {
        Some(ContextValue::String(wrong)) => wrong.clone(),
        _ => String::new(),
    };
    let hint = match error.kind() {
        ErrorKind::UnknownArgument => of_argument(&wrong(ContextKind::InvalidArg)),
        ErrorKind::TooManyValues if wrong(ContextKind::InvalidArg).starts_with("--in-place") => {
            Some(messages::text("to keep the old files, use --in-place --backup .bak"))
        }
        ErrorKind::InvalidSubcommand if error.get(ContextKind::SuggestedSubcommand).is_none() => {
            let meant = named::similar(&wrong(ContextKind::InvalidSubcommand), NAMES.into_iter());
            meant.map(|meant| message!("did you mean '{meant}'?", meant))
        }
        _ => None,
    };
    if let Some(hint) = hint {
        // What clap finds similar is not what was meant.
        error.remove(ContextKind::SuggestedArg);
        error.insert(ContextKind::Suggested, ContextValue::StyledStrs(vec![StyledStr::from(hint)]));
    }
    error
}

/// What was meant by an option that is none.
fn of_argument(option: &str) -> Option<String> {
    if let Some((_, hint)) = ELSEWHERE.iter().find(|(other, _)| *other == option) {
        return Some(messages::text(hint));
    }
    let word = option.strip_prefix("--")?;
    if word.parse::<Target>().is_ok() {
        return Some(message!("'{word}' is a target: use --to {word}", word));
    }
    if let Ok(config) = word.parse::<Config>() {
        return Some(message!("'{word}' is a configuration: use -c {config}", word, config));
    }
    if Encoding::parse(word).is_ok() {
        return Some(message!("'{word}' is an encoding: use --from-encoding {word}", word));
    }
    NAMES.contains(&word).then(|| message!("'{word}' is a subcommand: fanjian {word}", word))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::args::help;

    fn tip(arguments: &[&str]) -> String {
        let error = help::command().try_get_matches_from([&["fanjian"], arguments].concat()).unwrap_err();
        with_hint(error).to_string()
    }

    #[test]
    fn what_is_no_option_gets_a_tip() {
        for (arguments, hint) in [
            (&["--tw"][..], "tip: 'tw' is a target: use --to tw\n"),
            (&["--S2TW"], "tip: 'S2TW' is a configuration: use -c s2tw\n"),
            (&["--gbk"], "tip: 'gbk' is an encoding: use --from-encoding gbk\n"),
            (&["--explain"], "tip: 'explain' is a subcommand: fanjian explain\n"),
            (&["-r", "."], "tip: folders are converted"),
            (&["--in-place=.bak", "."], "tip: to keep the old files, use --in-place --backup .bak\n"),
            (&["help", "explian"], "tip: did you mean 'explain'?"),
            (&["--encoding", "gbk"], "\n\n  tip: use --from-encoding\n\n"),
            (&["--in-plase"], "tip: a similar argument exists: '--in-place'"),
            // A negative number used to be taken for an option, and the tip made a file of it.
            (&["--threads", "-1", "a"], "invalid value '-1' for '--threads <N>'"),
            (&["detect", "-j", "-1"], "invalid value '-1' for '--threads <N>'"),
            (&["clean", "--gate-share", "-1"], "invalid value '-1' for '--gate-share <SHARE>'"),
            (&["--zzz"], "tip: to pass '--zzz' as a value, use '-- --zzz'"),
        ] {
            let tip = tip(arguments);
            assert!(tip.contains(hint), "{arguments:?}: {tip}");
        }
    }
}
