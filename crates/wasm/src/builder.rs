//! The choices of a converter.

use fanjian::{Config, ConverterBuilder, Dictionaries, Dictionary, Entries, Error, ErrorKind, Target};
use wasm_bindgen::prelude::wasm_bindgen;

use crate::{error::Failure, names::config_named};

/// Takes the choices of a converter one by one. Each function returns an error for a value that is none of those it has.
#[wasm_bindgen]
#[derive(Debug, Default)]
pub struct Builder {
    pub(crate) builder: ConverterBuilder,
    pub(crate) config: Option<Config>,
    pub(crate) target: Option<Target>,
    pub(crate) source_script: Option<Target>,
    /// Whether a choice needs the dictionaries, and not only the tables that were made from them.
    pub(crate) needs_dictionaries: bool,
    pub(crate) matches_both_scripts: bool,
    /// Whether the dictionaries are those of a release.
    pub(crate) has_release: bool,
}

#[wasm_bindgen]
impl Builder {
    /// No choice yet.
    #[wasm_bindgen(constructor)]
    pub fn new() -> Builder {
        Builder::default()
    }

    /// A configuration: the name of a built-in one, or the JSON text of one.
    pub fn config(&mut self, config: &str) -> Result<(), Failure> {
        if config.trim_ascii_start().starts_with('{') {
            self.choose(|builder| builder.config_json(config));
            return Ok(());
        }
        let config = config_named(config)?;
        self.config = Some(config);
        self.choose(|builder| builder.config(config));
        Ok(())
    }

    /// A target, by one of its tags or names.
    pub fn to(&mut self, target: &str) -> Result<(), Failure> {
        let target = target.parse()?;
        self.target = Some(target);
        self.choose(|builder| builder.target(target));
        Ok(())
    }

    /// The script of the text, by a tag or name of a target.
    pub fn from(&mut self, script: &str) -> Result<(), Failure> {
        let script = script.parse()?;
        self.source_script = Some(script);
        self.choose(|builder| builder.source_script(script));
        Ok(())
    }

    /// `keep` or `local`.
    pub fn vocabulary(&mut self, vocabulary: &str) -> Result<(), Failure> {
        let vocabulary = vocabulary.parse()?;
        self.choose(|builder| builder.vocabulary(vocabulary));
        Ok(())
    }

    /// A layer of words that stay.
    #[wasm_bindgen(js_name = keepWords)]
    pub fn keep_words(&mut self, layer: &str) -> Result<(), Failure> {
        let layer = layer.parse()?;
        self.choose(|builder| builder.keep_words([layer]));
        Ok(())
    }

    /// `keep` or `local`.
    pub fn punctuation(&mut self, punctuation: &str) -> Result<(), Failure> {
        let punctuation = punctuation.parse()?;
        self.choose(|builder| builder.punctuation(punctuation));
        Ok(())
    }

    /// A character that is preferred to others.
    pub fn prefer(&mut self, character: &str) -> Result<(), Failure> {
        let mut characters = character.chars();
        let (Some(preferred), None) = (characters.next(), characters.next()) else {
            let message = format!("a preferred character is one character, and '{character}' is not");
            return Err(Error::new(ErrorKind::Config, message).into());
        };
        self.needs_dictionaries = true;
        self.choose(|builder| builder.prefer([preferred]));
        Ok(())
    }

    /// A term that stays.
    pub fn protect(&mut self, term: &str) {
        self.needs_dictionaries = true;
        self.choose(|builder| builder.protect([term]));
    }

    /// An own dictionary in the text format.
    pub fn dictionary(&mut self, text: &str) -> Result<(), Failure> {
        let dictionary = Dictionary::from_text("dict", text)?;
        self.needs_dictionaries = true;
        self.choose(|builder| builder.dictionary(dictionary));
        Ok(())
    }

    /// An own dictionary of pairs: keys and values in turn.
    pub fn pairs(&mut self, pairs: Vec<String>) -> Result<(), Failure> {
        let mut entries = Entries::new();
        for pair in pairs.as_chunks::<2>().0 {
            let [key, value] = pair;
            entries.insert(key, [value.as_str()]).map_err(|error| error.at("dict"))?;
        }
        let dictionary = Dictionary::from_entries("dict", &entries)?;
        self.needs_dictionaries = true;
        self.choose(|builder| builder.dictionary(dictionary));
        Ok(())
    }

    /// The dictionaries of a release: the file that `fanjian dict import` made.
    pub fn dictionaries(&mut self, bytes: Vec<u8>) -> Result<(), Failure> {
        let release = Dictionaries::from_bytes(bytes).map_err(|error| error.at("dictionaries"))?;
        self.has_release = true;
        self.choose(|builder| builder.dictionaries(release));
        Ok(())
    }

    /// Whether own words match in both scripts.
    #[wasm_bindgen(js_name = bothScripts)]
    pub fn both_scripts(&mut self, both: bool) {
        self.matches_both_scripts = both;
        self.choose(|builder| builder.dictionary_in_both_scripts(both));
    }

    /// Whether dictionaries take part whose output many fonts lack.
    #[wasm_bindgen(js_name = tofuRisk)]
    pub fn tofu_risk(&mut self, included: bool) {
        self.needs_dictionaries |= included;
        self.choose(|builder| builder.tofu_risk(included));
    }
}

impl Builder {
    fn choose(&mut self, choice: impl FnOnce(ConverterBuilder) -> ConverterBuilder) {
        self.builder = choice(std::mem::take(&mut self.builder));
    }
}
