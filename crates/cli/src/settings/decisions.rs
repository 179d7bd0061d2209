//! The decisions of a person that a command line names, and the conversion that they are about.

use std::{path::Path, sync::Arc};

use crate::{
    error::Failure,
    messages::message,
    print,
    settings::config_file::ConfigFile,
    text::decisions::{DecidedOptions, Decisions},
};

/// Reads a file of decisions. Returns the settings with the conversion that was decided about, where nothing else is given.
pub(crate) fn read(path: &Path, given: ConfigFile) -> Result<(Arc<Decisions>, ConfigFile), Failure> {
    let decisions = Decisions::read(path)?;
    let DecidedOptions { to, from, vocabulary, keep_words, punctuation } = decisions.options.clone();
    if let Some(other) = given.to.filter(|other| *other != to) {
        return Err(Failure::Usage(message!(
            "{path}: these decisions are about a conversion to {to}, and not to {other}: use --to {to}, or leave it out",
            path = print::name(path),
            to,
            other
        )));
    }
    let vocabulary = given.vocabulary.or(vocabulary);
    let keep_words = if given.keep_words.is_empty() { keep_words } else { given.keep_words.clone() };
    let given = ConfigFile {
        to: Some(to),
        from: given.from.or(from),
        vocabulary,
        keep_words,
        punctuation: given.punctuation.or(punctuation),
        ..given
    };
    Ok((Arc::new(decisions), given))
}
