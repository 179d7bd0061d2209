//! The contexts of doubtful places: each once, with all of its places.

use std::{
    collections::HashMap,
    path::{Component, Path, PathBuf},
};

use super::places::{Found, Place};
use crate::{
    error::Failure, messages::message, print, settings::resolver::FileSettings, text::decisions::DecidedOptions,
};

/// How many places of a context are listed.
const LISTED: usize = 50;

/// A context, and where it is.
pub(super) struct Context {
    /// The most doubtful of its places.
    pub(super) place: Place,
    pub(super) count: usize,
    /// The first of its places, with the numbers of their files.
    pub(super) places: Vec<(usize, Place)>,
}

/// All contexts of a review.
#[derive(Default)]
pub(super) struct Contexts {
    pub(super) contexts: Vec<Context>,
    /// The files with places: their paths, and the fingerprints of their texts.
    pub(super) files: Vec<(String, String)>,
    /// The options of the conversion. None: there was no file.
    pub(super) options: Option<DecidedOptions>,
    /// The number of a context, by what makes it one.
    known: HashMap<Key, usize>,
}

/// The character, what it becomes, and what is near it.
type Key = (String, String, (String, String));

impl Contexts {
    /// The conversion of a file, which is to a target: the one of the files before.
    pub(super) fn options_of(&self, path: &Path, settings: &FileSettings) -> Result<DecidedOptions, Failure> {
        let effective = &settings.effective;
        let Some(to) = effective.to else {
            return Err(Failure::usage("review needs a target, as configurations do not decide by context: use --to"));
        };
        let options = DecidedOptions {
            to,
            from: effective.from,
            vocabulary: effective.vocabulary,
            keep_words: effective.keep_words.clone(),
            punctuation: effective.punctuation,
            prefer: effective.prefer.clone(),
        };
        match &self.options {
            Some(first) if *first != options => Err(Failure::Usage(message!(
                "{path}: its fanjian.toml asks for another conversion ({to}) than that of the files before ({before}): review \
                 the files of one conversion at a time, or use --isolated",
                path = print::name(path),
                to,
                before = first.to
            ))),
            _ => Ok(options),
        }
    }

    /// Adds the places of a file.
    pub(super) fn add(&mut self, path: &Path, found: Found, options: DecidedOptions) {
        self.options = Some(options);
        if found.places.is_empty() {
            return;
        }
        let file = self.files.len();
        self.files.push((shown(path), found.hash));
        for place in found.places {
            let key = (place.source.clone(), place.output.clone(), place.near.clone());
            let number = *self.known.entry(key).or_insert(self.contexts.len());
            match self.contexts.get_mut(number) {
                None => self.contexts.push(Context { place: place.clone(), count: 1, places: vec![(file, place)] }),
                Some(context) => {
                    context.count += 1;
                    if place.lead < context.place.lead {
                        context.place = place.clone();
                    }
                    if context.places.len() < LISTED {
                        context.places.push((file, place));
                    }
                }
            }
        }
    }

    pub(super) fn len(&self) -> usize {
        self.contexts.len()
    }

    /// How many places there are.
    pub(super) fn places(&self) -> usize {
        self.contexts.iter().map(|context| context.count).sum()
    }

    /// The most doubtful ones, up to this number; 0 is all.
    pub(super) fn most_doubtful(mut self, limit: usize) -> Contexts {
        self.contexts.sort_by(|one, other| {
            let (a, b) = (&one.place, &other.place);
            a.probability.total_cmp(&b.probability).then(a.lead.cmp(&b.lead)).then(other.count.cmp(&one.count))
        });
        if limit > 0 {
            self.contexts.truncate(limit);
        }
        self
    }
}

/// A path, as the answer has it.
fn shown(path: &Path) -> String {
    let plain: PathBuf = path.components().filter(|part| *part != Component::CurDir).collect();
    if plain.as_os_str().is_empty() { path.display().to_string() } else { plain.display().to_string() }
}
