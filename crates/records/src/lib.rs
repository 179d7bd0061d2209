//! Records: the texts in [JSON lines](Jsonl) and in [the columns of tables](Table), converted, cleaned and chosen, with every
//! other byte as it was; and, with the feature `parquet`, those in the columns of Parquet files (`Parquet`).
//!
//! A [`RecordOptions`] says what is done with the texts of each record, and a format where they are. [`Jsonl::copy`] converts a whole
//! input; [`Jsonl::chunks`] and [`Jsonl::chunk`] are for those who have several threads, or another place for the pieces.

mod chunks;
mod condition;
mod jsonl;
mod options;
#[cfg(feature = "parquet")]
mod parquet;
mod path;
mod report;
mod table;

#[cfg(feature = "parquet")]
pub use crate::parquet::Parquet;
pub use crate::{
    chunks::{Chunk, Chunks},
    condition::{Condition, Metric},
    jsonl::Jsonl,
    options::{Missing, RecordOptions},
    path::Path,
    report::{Counts, RejectedRecord, Report},
    table::{Column, Layout, Table},
};
