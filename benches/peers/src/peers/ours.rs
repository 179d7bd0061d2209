//! fanjian: configurations, targets, own words.

use fanjian::{Config, Converter, Dictionary, Entries, Target, Vocabulary};
use worker::{OWN_WORDS, Peer, Result, TARGETS, own_words};

pub(super) const PEER: Peer = Peer {
    configs: &[
        "s2t",
        "t2s",
        "s2tw",
        "tw2s",
        "s2hk",
        "hk2s",
        "s2twp",
        "tw2sp",
        "s2hkp",
        "hk2sp",
        "t2tw",
        "tw2t",
        "t2hk",
        "hk2t",
        "t2jp",
        "jp2t",
        TARGETS[0].0,
        TARGETS[1].0,
        TARGETS[2].0,
        TARGETS[3].0,
        TARGETS[4].0,
        TARGETS[5].0,
        OWN_WORDS[0].0,
        OWN_WORDS[1].0,
    ],
    load: |name| {
        let converter = converter(name)?;
        Ok(Box::new(move |text| converter.convert(text)))
    },
};

fn converter(name: &str) -> Result<Converter> {
    if let Some((_, config)) = OWN_WORDS.iter().find(|(known, _)| *known == name) {
        let mut entries = Entries::new();
        for (key, value) in own_words()? {
            entries.insert(key, [value])?;
        }
        let words = Dictionary::from_entries("own words", &entries)?;
        return Ok(Converter::builder().config(config.parse::<Config>()?).dictionary(words).build()?);
    }
    if TARGETS.iter().any(|(known, _)| *known == name) {
        let (tag, vocabulary) = match name.split_once(',') {
            Some((tag, _)) => (tag, Vocabulary::Local),
            None => (name, Vocabulary::Keep),
        };
        return Ok(Converter::builder().target(tag.parse::<Target>()?).vocabulary(vocabulary).build()?);
    }
    Ok(Converter::new(name.parse::<Config>()?))
}
