//! Fuzz targets: for each of them a function that takes any bytes, and panics if it finds a fault.
//!
//! `cargo xtask fuzz` runs them on stable Rust (see [`run`]), and `cargo +nightly fuzz run NAME` by coverage (see the folder
//! `fuzz`). The bytes choose what is tried: see [`Source`]. The same bytes always try the same.

mod corpus;
mod mutate;
pub mod run;
mod source;
mod targets;

pub use crate::{corpus::corpus, source::Source, targets::TARGETS};

/// A fuzz target.
#[derive(Clone, Copy, Debug)]
pub struct Target {
    /// Its name, and that of its folder of seeds.
    pub name: &'static str,
    /// What is compared or checked.
    pub description: &'static str,
    /// Tries these bytes, and panics if that finds a fault.
    pub run: fn(&[u8]),
    /// The number of executions in a round of all targets.
    pub weight: usize,
    /// The longest random input, in bytes.
    pub longest: usize,
}
