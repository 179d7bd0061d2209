//! Conversion between Traditional and Simplified Chinese: by the configurations of
//! [OpenCC](https://github.com/BYVoid/OpenCC) 1.4.2, byte for byte, and to *targets*, which take any Chinese text and decide
//! by context.
//!
//! ```
//! use fanjian::{Config, Converter, Target};
//!
//! // To a script and region, from any Chinese text.
//! let taiwan = Converter::for_target(Target::Taiwan);
//! assert_eq!(taiwan.convert("他不是只有一只猫，頭髮干了"), "他不是只有一隻貓，頭髮乾了");
//!
//! // As OpenCC does it.
//! let s2t = Converter::new(Config::S2t);
//! assert_eq!(s2t.convert("皇后后来把头发剪短了"), "皇后後來把頭髮剪短了");
//! ```
//!
//! Nothing is read or built when a program starts: dictionaries and tables are part of it.
//!
//! # The types
//!
//! - [`Converter`] converts strings, bytes, readers, writers and streams.
//! - [`Target`] is a script and a region; [`Config`] is one of OpenCC's 16 configurations.
//! - [`ConverterBuilder`], from [`Converter::builder`], is for choices: own words, protected terms, configuration files.
//! - [`Stream`] converts a text that comes in pieces, exactly, in bounded memory; [`Reader`] and [`Writer`] adapt it.
//! - [`Segment`], from [`Converter::segments`], explains why a part of a text became what it did.
//! - [`detect()`] returns the script and region of a text, and whether it is machine-converted; [`detect_spans`] and
//!   [`DetectStream`] do so for parts and for streams.
//! - [`fold()`] returns one key for all forms of a word, for search; [`fold_with_offsets`] also where its parts come from.
//! - [`Dictionary`] is an own dictionary, from text or compiled; [`builtin_dictionaries`] returns the built-in ones.
//! - [`Error`] is the only error type, and [`ErrorKind`] its kinds.
//!
//! # Which function
//!
//! | input | function | cost beside the conversion |
//! |---|---|---|
//! | a string | [`convert`](Converter::convert) | one allocation; none if nothing changes |
//! | many strings in a row | [`convert_into`](Converter::convert_into) | none: the caller's buffer |
//! | many short strings, such as the rows of a table | [`convert_each`](Converter::convert_each) | less than one call each |
//! | the same in one string with separators | [`convert_separated`](Converter::convert_separated) | none |
//! | bytes that may not be UTF-8 | [`convert_bytes`](Converter::convert_bytes) | a check of UTF-8 |
//! | a file, a socket | [`reader`](Converter::reader), [`writer`](Converter::writer) | 64 KiB of memory |
//! | pieces, cut anywhere | [`stream`](Converter::stream) | the bytes of the longest key; to a target, of a sentence |
//! | a text with its reasons | [`segments`](Converter::segments) | many times the conversion |
//! | one large text, several threads | [`boundary`](Converter::boundary) | a look at some hundred bytes |
//!
//! # Cost and threads
//!
//! | | |
//! |---|---|
//! | [`Converter::new`] | tens of nanoseconds; the first use of a configuration in a process up to 0.1 ms |
//! | [`Converter::for_target`] | the first use of a target up to 0.25 ms, any later one nanoseconds |
//! | [`ConverterBuilder::build`] with own dictionaries | time by their size; conversion then costs more by how often their words are in a text |
//! | [`ConverterBuilder::config_file`] of a configuration that is not built in | time by its dictionaries; conversion begins as slow as OpenCC's, and is fast once tables pay ([`Converter::prepare`]) |
//! | [`Converter::prepare`] | does all first-use work now |
//! | memory | up to 360 KiB per configuration in use and thread that can run at once; half a megabyte for each target in use, with local words twice that, and 45 KiB for each thread that can run at once; with own words, as much for each converter, and half a megabyte; with tables of a configuration file, one to three megabytes for each converter that makes them |
//! | `Converter` | [`Send`], [`Sync`], cheap to clone: one for all threads, without locks that wait |
//! | `Stream`, `Reader`, `Writer` | one for each text; they can move between threads |
//!
//! # Convert to a region
//!
//! A [`Target`] takes Simplified, Traditional of any region, and both in a line. It decides by the characters around, and
//! leaves unchanged what is right already; converting its output again changes nothing.
//!
//! ```
//! use fanjian::{Converter, Target, Vocabulary};
//!
//! # fn main() -> Result<(), fanjian::Error> {
//! let converter = Converter::for_target(Target::Taiwan);
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
//! Pieces may be cut anywhere, within a phrase or within a character; the output is that of the whole text.
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
//! An own [`Dictionary`] is searched before the built-in ones, and nothing changes a protected term.
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
//! # Explain a conversion
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
//! # How a configuration converts
//!
//! 1. *Protected terms* leave the conversion; the texts between them are converted on their own.
//! 2. *Normalization* replaces compatibility ideographs.
//! 3. *Segmentation*, in configurations that have one, cuts the text: from left to right, the longest key of its
//!    dictionaries is a segment, and so is a run of characters at which no key begins.
//! 4. The *conversion chain*: each segment goes through each stage on its own. At each place the longest key is replaced
//!    by its first candidate; a character at which no key begins is copied. An ideographic description sequence is
//!    copied whole.
//!
//! A stage searches a dictionary or a *group* of them, by one of two *match policies*: `short_circuit`, by which the first
//! dictionary with any hit wins, and `union`, by which the longest hit of all wins.
//!
//! # Limits
//!
//! The configurations are OpenCC's, and so are their errors: the longest match sees no context (被发明 becomes 被髮明),
//! vocabulary is replaced within longer words, and `s2t` damages text that is Traditional already. Targets make fewer
//! errors, and are slower. The repository's pages list them: `docs/compatibility.md` for the configurations and the few
//! places where this library differs from OpenCC, `docs/targets.md` for targets, and `docs/detection.md`.
//!
//! # Features
//!
//! - `model` (default): the model of context that targets decide by, 1.2 MB of the program. Implies `targets`.
//! - `targets`: [`Target`], 1.9 MB. Without `model`, its longest phrase decides, with many more errors.
//! - `serde`: `Serialize` and `Deserialize` for the public types that are data.
//!
//! The configurations and detection, 5.4 MB of data, are always there; a program that needs no targets switches the default
//! features off. JSON lines, tables and Parquet files are in the crate `fanjian-records`, cleaning of machine-converted pages
//! is in `fanjian-clean`, and the command in `fanjian-cli`.
//!
//! The minimum supported Rust version is 1.91.

#![deny(clippy::exit, clippy::print_stderr, clippy::print_stdout)]

mod batch;
mod builder;
mod bytes;
#[cfg(feature = "targets")]
mod confidence;
mod config;
mod conversion;
mod converter;
#[cfg(all(fanjian_tables_alone, not(fanjian_external_data)))]
compile_error!("--cfg fanjian_tables_alone needs --cfg fanjian_external_data: its data is given at run time");
#[cfg(not(fanjian_external_data))]
mod data;
mod detect;
#[cfg(fanjian_external_data)]
#[doc(hidden)]
pub mod external_data;
mod fold;
mod own_words;
mod preferences;
mod punctuation;
mod release;
mod resolve;
mod segments;
mod stream;
#[cfg(feature = "targets")]
mod target;
mod text;

#[cfg(all(feature = "targets", not(fanjian_external_data)))]
pub use crate::data::target_dictionaries;
#[cfg(fanjian_external_data)]
use crate::external_data as data;
#[cfg(feature = "targets")]
pub use crate::segments::Replacement;
#[cfg(feature = "targets")]
pub use fanjian_context::{Candidate, Feature, KeptReason, KeptWord, ScriptHistory, Target, Vocabulary, WordLayer};
#[doc(hidden)]
pub use fanjian_dictionary::named;
pub use fanjian_dictionary::{
    Dictionary, DictionaryFormat, Entries, EntryLine, Error, ErrorKind, Found, Named, Search,
};

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
    fold::{Folded, fold, fold_into, fold_mappings, fold_with_offsets},
    own_words::spellings,
    preferences::{check_preferable, preferable_characters},
    punctuation::Punctuation,
    release::Dictionaries,
    segments::{Decision, Inspection, Segment, Step},
    stream::{Reader, Stream, Writer},
};

/// The release of OpenCC that the dictionaries and configurations come from.
pub const OPENCC_VERSION: &str = include_str!("../dictionaries/VERSION").trim_ascii();

/// The code in the README is run with the other examples.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;

/// So is that of the page about search.
#[cfg(doctest)]
#[doc = include_str!("../docs/search.md")]
struct SearchEngines;
