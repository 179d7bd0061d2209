//! The conversion that the decisions of a person are about, beside what is given otherwise.

use std::path::Path;

use crate::{
    error::Failure,
    messages::message,
    print,
    settings::config_file::ConfigFile,
    text::decisions::{DecidedOptions, Decisions},
};

/// The options of the command line, with those of the conversion that was decided about where nothing else is given. It is an
/// error if the command line names another target.
pub(super) fn with_options(decisions: &Decisions, given: &ConfigFile) -> Result<ConfigFile, Failure> {
    let DecidedOptions { to, from, vocabulary, keep_words, punctuation, prefer } = decisions.options.clone();
    if let Some(other) = given.to.filter(|other| *other != to) {
        return Err(Failure::Usage(message!(
            "{path}: these decisions are about a conversion to {to}, and not to {other}: use --to {to}, or leave it out",
            path = decisions.name(),
            to,
            other
        )));
    }
    Ok(ConfigFile {
        to: Some(to),
        from: given.from.or(from),
        vocabulary: given.vocabulary.or(vocabulary),
        keep_words: if given.keep_words.is_empty() { keep_words } else { given.keep_words.clone() },
        punctuation: given.punctuation.or(punctuation),
        prefer: if given.prefer.is_empty() { prefer } else { given.prefer.clone() },
        ..given.clone()
    })
}

/// An error if the `fanjian.toml` of a file asks for another conversion than the one that was decided about: the file would
/// become a text of the wrong script. A target on the command line is for all files.
pub(super) fn check(decisions: &Decisions, project: &ConfigFile, path: Option<&Path>) -> Result<(), Failure> {
    let to = decisions.options.to;
    let other = match (&project.config, project.to) {
        (Some(config), _) => config.clone(),
        (None, Some(other)) if other != to => other.to_string(),
        _ => return Ok(()),
    };
    let path = path.map_or_else(|| message!("standard input"), print::name);
    Err(Failure::Usage(message!(
        "{path}: its fanjian.toml asks for another conversion ({other}) than that of the decisions in {name} ({to}): name the files that were reviewed, or use --to {to} for all",
        path,
        other,
        name = decisions.name(),
        to
    )))
}
