//! A peer as a process: it answers requests on standard input, a line of JSON each, and times itself.

mod protocol;
mod serve;

use std::{borrow::Cow, error::Error};

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
