//! guide
mod bytes;
mod config;
mod converter;
mod dictionary;
mod engine;
mod segments;
mod stream;

pub use fanjian_dictionary::{Dictionary, Entries, Error, ErrorKind};

pub use crate::{
    bytes::InvalidUtf8,
    config::Config,
    converter::{Converter, ConverterBuilder},
    segments::{Decision, Inspection, Segment, Step},
    stream::{Reader, Stream, Writer},
};
