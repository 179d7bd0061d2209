//! A peer as a process: it answers requests on standard input, a line of JSON each, and times itself.

mod protocol;
mod serve;

use std::{borrow::Cow, env, error::Error, fs};

pub use protocol::{Answer, Request};
pub use serve::serve;

/// What can go wrong in a benchmark is only ever shown.
pub type Result<T> = std::result::Result<T, Box<dyn Error>>;

/// A conversion, in the plainest way that the peer offers: from a string to a string.
pub type Convert = Box<dyn for<'t> Fn(&'t str) -> Cow<'t, str>>;

/// A converter to compare with.
pub struct Peer {
    /// The names of the configurations that it has, or that it has the nearest of.
    pub configs: &'static [&'static str],
    /// Makes the converter for one of them.
    pub load: fn(&str) -> Result<Convert>,
}

/// The configurations of OpenCC.
pub const CONFIGS: [&str; 16] = [
    "s2t", "t2s", "s2tw", "tw2s", "s2hk", "hk2s", "s2twp", "tw2sp", "s2hkp", "hk2sp", "t2tw", "tw2t", "t2hk", "hk2t",
    "t2jp", "jp2t",
];

/// Conversions to a target, which take any Chinese text, and the configuration that is nearest to each.
pub const TARGETS: [(&str, &str); 6] = [
    ("zh-TW", "s2tw"),
    ("zh-TW, local words", "s2twp"),
    ("zh-HK", "s2hk"),
    ("zh-HK, local words", "s2hkp"),
    ("zh-CN", "t2s"),
    ("zh-CN, local words", "tw2sp"),
];

/// Configurations with own words, of the file that [`OWN_WORDS_FILE`] names, and each configuration without them.
pub const OWN_WORDS: [(&str, &str); 2] = [("s2t, 1,000 own words", "s2t"), ("s2twp, 1,000 own words", "s2twp")];

/// The variable of the environment that names the file of own words, with `key<TAB>value` on each line.
pub const OWN_WORDS_FILE: &str = "FANJIAN_PEERS_OWN_WORDS";

/// The own words: keys and values.
pub fn own_words() -> Result<Vec<(String, String)>> {
    let path = env::var_os(OWN_WORDS_FILE).ok_or_else(|| format!("{OWN_WORDS_FILE} is not set"))?;
    let text = fs::read_to_string(path)?;
    Ok(text.lines().filter_map(|line| line.split_once('\t')).map(|(key, value)| (key.into(), value.into())).collect())
}
