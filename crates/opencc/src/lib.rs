//! The C functions of libopencc (`opencc.h`) with their semantics, for programs that were linked with it.
//!
//! `link.sh` makes a shared library of this and of `cpp/`, under the SONAME that a program asks for.

#![deny(clippy::exit, clippy::print_stderr, clippy::print_stdout)]

mod ffi;
