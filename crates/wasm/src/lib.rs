//! The library as WebAssembly: what the npm package `fanjian` in `web/npm` is made from.
//!
//! Types and functions here are those that the package's TypeScript calls. It checks the types of arguments, and makes objects
//! of the results, which come as JSON; places in texts are in UTF-16 code units.

#![deny(clippy::exit, clippy::print_stderr, clippy::print_stdout)]
// JavaScript reaches them, and no other crate.
#![allow(unreachable_pub)]

#[cfg(feature = "targets")]
mod builder;
mod converter;
#[cfg(fanjian_external_data)]
mod data;
#[cfg(feature = "targets")]
mod detect;
#[cfg(feature = "documents")]
mod documents;
mod error;
mod names;
mod output;
#[cfg(feature = "targets")]
mod pieces;
#[cfg(feature = "targets")]
mod segments;
mod stream;
mod units;
#[cfg(feature = "targets")]
mod utf16;
