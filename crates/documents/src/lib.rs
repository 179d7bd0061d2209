//! Conversion of documents that stay whole: pages, books, Office documents, subtitles, Markdown and catalogues of messages.
//!
//! [`convert`] converts the text of a document between Traditional and Simplified Chinese, and the names of its language;
//! every other byte is preserved. Words are converted over markup: a paragraph is one text.
//!
//! ```
//! use fanjian::{Config, Converter};
//! use fanjian_documents::{Format, Options, convert};
//!
//! # fn main() -> Result<(), fanjian::Error> {
//! let options = Options::new(Converter::new(Config::S2twp));
//! let subtitles = "1\n00:00:01,000 --> 00:00:02,000\n<i>头</i>发很干\n";
//! let converted = convert(subtitles.as_bytes(), Format::Srt, &options)?;
//! assert_eq!(converted.bytes, "1\n00:00:01,000 --> 00:00:02,000\n<i>頭</i>髮很乾\n".as_bytes());
//! # Ok(())
//! # }
//! ```
//!
//! # How it works
//!
//! A format is a scanner, from a source to pieces of text and names of languages; it never writes. Pieces are in groups: what
//! a reader reads on without a break. The text of a group is converted, and its characters are put back to where they came
//! from. Where a word that crosses markup becomes one of another length, what is different is put where its first character
//! was; [`Report::moved`] counts these.
//!
//! Six properties hold for every format, and are tested: a converter that changes nothing gives the same bytes; the text of
//! the result is, by group, the conversion of the text; bytes outside of pieces and names are the same; the result parses to
//! the same tree; a second conversion to a target changes nothing; input that is cut anywhere is converted or is an error.

#![deny(clippy::exit, clippy::print_stderr, clippy::print_stdout)]

mod align;
mod archives;
mod cards;
mod catalogues;
mod container;
mod convert;
mod data;
mod decode;
mod encoding;
mod entities;
mod epub;
mod escape;
mod fill;
mod fonts;
mod format;
mod group;
mod language;
mod lines;
mod markdown;
mod markup;
mod office;
mod options;
mod part;
mod placeholders;
mod report;
mod scalar;
mod scan;
mod scanners;
mod style_sheets;
mod subtitles;
mod wiki;
mod windows;
mod write;
mod xml;

pub use crate::{
    cards::whole_characters,
    convert::{Converted, ConvertedText, convert, convert_text, differences, groups, groups_of_text, segments},
    decode::stated_encoding,
    encoding::lacks_gbk,
    fill::{Filled, fill, named_target},
    format::Format,
    group::{Group, Role, SegmentedGroup},
    language::{Languages, target_of_path},
    options::Options,
    report::{FontGap, Report},
};
