//! Conversion of the texts in records: in [JSON lines](Jsonl), in [columns of tables](Table), and with the feature `parquet`
//! in columns of Parquet files (`Parquet`). The texts are cleaned, selected and converted; every other byte is preserved.
//!
//! [`RecordOptions`] is the processing of the texts of each record; a format has the places of these texts. [`Jsonl::copy`]
//! converts a whole input. [`Jsonl::chunks`] and [`Jsonl::chunk`] are for several threads, or for other destinations.
//!
//! # Features
//!
//! - `clean` (on by default): cleaning of texts with glosses made by a machine.
//! - `documents`: fields whose texts are documents, such as HTML.
//! - `parquet`: Parquet files.
//! - `serde`: `Serialize` and `Deserialize` for the types that are data.

#![deny(clippy::exit, clippy::print_stderr, clippy::print_stdout)]

#[macro_use]
mod serde_as_text;

mod chunks;
#[cfg(feature = "clean")]
mod cleaning;
#[cfg(not(feature = "clean"))]
#[path = "no_cleaning.rs"]
mod cleaning;
mod condition;
mod copy;
#[cfg(feature = "documents")]
mod documents;
#[cfg(not(feature = "documents"))]
#[path = "no_documents.rs"]
mod documents;
mod header;
mod jsonl;
mod metric;
mod options;
#[cfg(feature = "parquet")]
mod parquet;
mod path;
mod read;
mod report;
mod table;
mod text;

#[cfg(feature = "parquet")]
pub use crate::parquet::Parquet;
pub use crate::{
    chunks::{Chunk, Chunks},
    condition::Condition,
    jsonl::Jsonl,
    metric::Metric,
    options::{Missing, RecordOptions},
    path::Path,
    read::ReadOptions,
    report::{Counts, DetectedRecord, Presence, RejectedRecord, Report},
    table::{Column, Layout, Table},
};
