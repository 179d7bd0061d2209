//! Conversion between Traditional and Simplified Chinese, by the configurations of
//! [OpenCC](https://github.com/BYVoid/OpenCC) 1.4.2: the same output byte for byte, without its losses at NUL, in
//! streams and at bad bytes.
//!
//! # The types
//!
//! - [`Converter`] converts: strings, bytes, readers, writers, streams. [`Converter::new`] takes a [`Config`], such as
//!   [`Config::S2twp`], and needs no file: the dictionaries are part of the program.
//! - [`Target`] is a script and a region: [`Converter::for_target`] converts any Chinese text to it, as well as can be done.
//! - [`ConverterBuilder`], from [`Converter::builder`], is for choices: own words, protected terms, configuration files.
//! - [`Stream`] converts a text that comes in pieces, exactly, in bounded memory; [`Reader`] and [`Writer`] are adapters
//!   on it.
//! - [`Segment`], from [`Converter::segments`], tells why a part of a text became what it did.
//! - [`detect`] tells which script and region a text is in, and whether a machine has converted it; [`detect_spans`] where
//!   that changes.
//! - [`Dictionary`] is a dictionary of one's own, from text or compiled. [`builtin_dictionaries`] gives those that are part
//!   of the program.
//! - [`Error`] is the only error type; [`ErrorKind`] tells programs what kind of error it is.
//!
//! # Convert a string
//!
//! ```
//! use fanjian::{Config, Converter};
//!
//! let converter = Converter::new(Config::S2t);
//! assert_eq!(converter.convert("皇后后来把头发剪短了"), "皇后後來把頭髮剪短了");
//! ```
//!
//! Make a converter once and use it for every text: it is `Send` and `Sync`, and its clones share their tables. Where
//! nothing changes, [`convert`](Converter::convert) gives the text itself; for many texts in a row,
//! [`convert_into`](Converter::convert_into) uses one buffer, and [`convert_each`](Converter::convert_each) is for the short
//! texts of a table, or [`convert_separated`](Converter::convert_separated) where they stand in one string.
//!
//! # Convert any Chinese text to what a region reads
//!
//! A configuration needs to be told what its text is, and does what OpenCC does. A [`Target`] takes Simplified, Traditional
//! of any region, and both in a line; decides about characters by what stands around them; and leaves alone what is right.
//!
//! ```
//! use fanjian::{Converter, Target, Vocabulary};
//!
//! # fn main() -> Result<(), fanjian::Error> {
//! let converter = Converter::for_target(Target::Taiwan);
//! assert_eq!(converter.convert("他不是只有一只猫"), "他不是只有一隻貓");
//! assert_eq!(converter.convert("這里的头发很乾净"), "這裡的頭髮很乾淨");
//! assert_eq!(converter.convert("皇后來了"), "皇后來了");
//!
//! let target: Target = "zh-HK".parse()?;
//! let converter = Converter::builder().target(target).vocabulary(Vocabulary::Local).build()?;
//! assert_eq!(converter.convert("佢系我朋友，我唔识用呢个鼠标"), "佢係我朋友，我唔識用呢個滑鼠");
//! # Ok(())
//! # }
//! ```
//!
//! The page `docs/targets.md` in the repository tells how it decides, and what it cannot do.
//!
//! # Convert a file
//!
//! ```no_run
//! # fn main() -> std::io::Result<()> {
//! use std::{fs::File, io};
//! use fanjian::{Config, Converter};
//!
//! let mut reader = Converter::new(Config::S2twp).reader(File::open("page.txt")?);
//! io::copy(&mut reader, &mut File::create("page.zh-TW.txt")?)?;
//! # Ok(())
//! # }
//! ```
//!
//! # Convert a stream
//!
//! Pieces may be cut anywhere, within a phrase or within a character; what comes out is what the conversion of the whole
//! text gives.
//!
//! ```
//! # fn main() -> Result<(), fanjian::Error> {
//! use fanjian::{Config, Converter};
//!
//! let mut stream = Converter::new(Config::S2t).stream();
//! let mut out = Vec::new();
//! for piece in "头发".as_bytes().chunks(1) {
//!     stream.push(piece, &mut out)?;
//! }
//! stream.finish(&mut out)?;
//! assert_eq!(out, "頭髮".as_bytes());
//! # Ok(())
//! # }
//! ```
//!
//! # Convert bytes that may not be UTF-8
//!
//! ```
//! # fn main() -> Result<(), fanjian::Error> {
//! use fanjian::{Config, Converter, InvalidUtf8};
//!
//! let converter = Converter::new(Config::S2t);
//! assert!(converter.convert_bytes(b"\xff", InvalidUtf8::Strict).is_err());
//! assert_eq!(converter.convert_bytes(b"\xff", InvalidUtf8::Pass)?, &b"\xff"[..]);
//! assert_eq!(converter.convert_bytes(b"\xff", InvalidUtf8::Replace)?, "\u{fffd}".as_bytes());
//! # Ok(())
//! # }
//! ```
//!
//! # Use own words
//!
//! A [`Dictionary`] of one's own comes before the built-in ones, and nothing changes a protected term.
//!
//! ```
//! # fn main() -> Result<(), fanjian::Error> {
//! use fanjian::{Config, Converter, Dictionary};
//!
//! let converter = Converter::builder()
//!     .config(Config::S2twp)
//!     .dictionary(Dictionary::from_text("own words", "云原生\t雲端原生\n")?)
//!     .protect(["钉钉"])
//!     .build()?;
//! assert_eq!(converter.convert("钉钉的云原生软件"), "钉钉的雲端原生軟體");
//! # Ok(())
//! # }
//! ```
//!
//! # Use an OpenCC configuration
//!
//! ```
//! # fn main() -> Result<(), fanjian::Error> {
//! use fanjian::Converter;
//!
//! let json = r#"{
//!     // Comments and trailing commas are allowed.
//!     "conversion_chain": [
//!         { "dict": { "type": "text", "file": "STCharacters.txt" } },
//!     ],
//! }"#;
//! let converter = Converter::builder().config_json(json).build()?;
//! assert_eq!(converter.convert("头发"), "頭發");
//! # Ok(())
//! # }
//! ```
//!
//! [`config_file`](ConverterBuilder::config_file) reads one from a file, with the dictionaries beside it.
//!
//! # See why
//!
//! ```
//! use fanjian::{Config, Converter};
//!
//! let segments = Converter::new(Config::S2t).segments("头发和干");
//! let last = &segments[2].decisions[0];
//! assert_eq!((last.dictionary.as_str(), last.key.as_str(), last.value.as_str()), ("STCharacters", "干", "幹"));
//! assert_eq!(last.alternatives, ["乾", "干", "榦"]);
//! ```
//!
//! # How a text is converted
//!
//! 1. *Protected terms* leave the conversion; the texts between them are converted on their own.
//! 2. *Normalization* replaces compatibility ideographs.
//! 3. *Segmentation*, in configurations that have one, cuts the text: from left to right, the longest key of its
//!    dictionaries is a segment, and so is a run of characters at which no key begins.
//! 4. The *conversion chain*: each segment goes through each stage on its own. At each place the longest key is replaced
//!    by its first candidate; where no key begins, the character is copied. An ideographic description sequence is
//!    copied whole.
//!
//! A stage searches a dictionary or a *group* of them, by one of two *match policies*: `short_circuit`, where the first
//! dictionary with any hit wins, and `union`, where the longest hit of all wins.
//!
//! # What it does not do
//!
//! The configurations are OpenCC's, and so are their errors: the longest match sees no context (被发明 becomes 被髮明),
//! vocabulary is replaced within longer words, and a text that is Traditional already suffers from `s2t`. Targets do
//! better. The page `docs/compatibility.md` in the repository lists them, and the few places where this library differs.
//!
//! # Features
//!
//! - `context` (on by default): the model by which targets decide, 780 kB of the program. Without it their longest phrase
//!   decides.

mod batch;
mod builder;
mod bytes;
mod config;
mod conversion;
mod converter;
mod data;
mod detect;
mod resolve;
mod segments;
mod stream;
#[cfg(feature = "targets")]
mod target;
mod text;

#[cfg(feature = "targets")]
pub use fanjian_context::{Candidate, Feature, Target, Vocabulary};
#[doc(hidden)]
pub use fanjian_dictionary::named;
pub use fanjian_dictionary::{Dictionary, Entries, EntryLine, Error, ErrorKind, Named};

pub use crate::{
    builder::ConverterBuilder,
    bytes::InvalidUtf8,
    config::Config,
    converter::Converter,
    data::builtin_dictionaries,
    detect::{
        DetectStream, Detection, Scores, Script, Span, SpanStream, detect, has_simplified_form, is_han,
        spans as detect_spans,
    },
    segments::{Decision, Inspection, Segment, Step},
    stream::{Reader, Stream, Writer},
};

/// The release of OpenCC that the dictionaries and configurations come from.
pub const OPENCC_VERSION: &str = include_str!("../dictionaries/VERSION").trim_ascii();

/// The code in the README is run with the other examples.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
