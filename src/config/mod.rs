//! Configurations: the built-in ones, and where others are found.

mod builtin;
pub(crate) mod plan;

pub use builtin::Config;
