//! The dictionaries of `fanjian`: parsed from text, compiled to FST maps, searched in place; and the configurations that
//! group them.
//!
//! - [`Entries`]: what a dictionary says, as people write it.
//! - [`Dictionary`]: the compiled form, which finds the longest key that a text begins with.
//! - [`Container`]: several compiled dictionaries in one file or in one static.
//! - [`Config`]: a configuration as written, and its [`Plan`]: a [`Group`] of dictionaries for each thing it does.
//! - What all conversions need: [`utf8`], [`han`], [`pool`], [`processor`].
//!
//! This crate is the one owner of the compiled format; `src/format.rs` describes it. The build script of `fanjian`
//! compiles the built-in dictionaries with it, and programs compile and load their own at run time with the same code.
//!
//! ```
//! use fanjian_dictionary::Dictionary;
//!
//! let dictionary = Dictionary::from_text("mine", "头发\t頭髮\n头\t頭\n").unwrap();
//! let found = dictionary.longest_match("头发干燥").found.unwrap();
//! assert_eq!(found.len, "头发".len());
//! assert_eq!(found.first(), "頭髮");
//! ```

#![deny(clippy::exit, clippy::print_stderr, clippy::print_stdout)]

pub mod bytes;
mod compile;
mod config;
mod container;
mod dictionary;
mod dictionary_format;
mod entries;
mod error;
mod file;
mod first_character;
mod format;
mod group;
pub mod han;
pub mod named;
mod opencc;
mod pairs;
pub mod pool;
pub mod processor;
pub mod seal;
pub mod utf8;
mod validate;
mod values;

pub use crate::config::{Config, Plan, Reference};
pub use crate::container::Container;
pub use crate::dictionary::{Dictionary, Found, Search};
pub use crate::dictionary_format::DictionaryFormat;
pub use crate::entries::{Entries, EntryLine};
pub use crate::error::{Error, ErrorKind};
pub use crate::file::{read_all, read_file};
pub use crate::group::Group;
pub use crate::named::Named;
#[cfg(feature = "serde")]
#[doc(hidden)]
pub use serde;
