//! What anybody writes first: OpenCC's tables in an Aho-Corasick automaton, leftmost and longest. It can do
//! configurations of one stage only; own words are entries before all others.

use std::{borrow::Cow, collections::HashSet, fs, path::Path};

use daachorse::{CharwiseDoubleArrayAhoCorasick, CharwiseDoubleArrayAhoCorasickBuilder, MatchKind};
use serde_json::Value;
use worker::{OWN_WORDS, Peer, Result, own_words};

pub(super) const PEER: Peer = Peer {
    configs: &["s2t", "t2s", "t2tw", "tw2t", "t2hk", "hk2t", "t2jp", "jp2t", OWN_WORDS[0].0],
    load: |config| {
        let (keys, values): (Vec<String>, Vec<String>) = entries(config)?.into_iter().unzip();
        let builder = CharwiseDoubleArrayAhoCorasickBuilder::new().match_kind(MatchKind::LeftmostLongest);
        let automaton: CharwiseDoubleArrayAhoCorasick<u32> = builder.build(keys).map_err(|error| error.to_string())?;
        Ok(Box::new(move |text| {
            let mut out = String::with_capacity(text.len());
            let mut end = 0;
            for found in automaton.leftmost_find_iter(text) {
                out.push_str(&text[end..found.start()]);
                out.push_str(&values[found.value() as usize]);
                end = found.end();
            }
            out.push_str(&text[end..]);
            Cow::Owned(out)
        }))
    },
};

/// The entries of the configuration's only stage; of entries with the same key, the one of the first dictionary.
fn entries(config: &str) -> Result<Vec<(String, String)>> {
    let mut entries = Vec::new();
    let config = match OWN_WORDS.iter().find(|(known, _)| *known == config) {
        Some((_, config)) => {
            entries = own_words()?;
            config
        }
        None => config,
    };
    let mut seen = entries.iter().map(|(key, _)| key.clone()).collect();
    let folder = import::root().join("dictionaries");
    let json = fs::read_to_string(folder.join("config").join(config).with_extension("json"))?;
    let config: Value = serde_json::from_str(&json)?;
    collect(&folder, &config["conversion_chain"][0]["dict"], &mut seen, &mut entries)?;
    Ok(entries)
}

fn collect(
    folder: &Path,
    dictionary: &Value,
    seen: &mut HashSet<String>,
    entries: &mut Vec<(String, String)>,
) -> Result<()> {
    if dictionary["may_output_tofu"] == true {
        return Ok(());
    }
    for part in dictionary["dicts"].as_array().into_iter().flatten() {
        collect(folder, part, seen, entries)?;
    }
    if let Some(file) = dictionary["file"].as_str() {
        for line in fs::read_to_string(folder.join(file))?.lines() {
            if let Some((key, values)) = line.split_once('\t')
                && seen.insert(key.to_owned())
            {
                let first = values.split(' ').next().unwrap_or_default();
                entries.push((key.to_owned(), first.to_owned()));
            }
        }
    }
    Ok(())
}
