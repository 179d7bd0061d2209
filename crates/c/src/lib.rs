//! The library for C: `include/fanjian.h` documents it, for users.
//!
//! Everything here is the edge between the languages. A pointer becomes a reference in [`ffi`] alone, a panic becomes
//! `FANJIAN_INTERNAL`, and what is returned to C is memory of `malloc`, or an object with a function that frees it.

#![deny(clippy::exit, clippy::print_stderr, clippy::print_stdout)]

mod ffi;
