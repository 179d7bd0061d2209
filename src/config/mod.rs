//! Configurations: the built-in ones, and OpenCC's JSON files.

mod builtin;
mod json;
pub(crate) mod plan;

pub use builtin::Config;
pub(crate) use json::{Dict, File, Policy};
