//! Records: the texts in [JSON lines](Jsonl) and in [the columns of tables](Table), converted, cleaned and chosen, with every
//! other byte as it was; and, with the feature `parquet`, those in the columns of Parquet files (`Parquet`).
//!
//! A [`Recipe`] says what is done with the texts of each record, and a format where they are. [`Jsonl::copy`] converts a whole
//! input; [`Jsonl::blocks`] and [`Jsonl::block`] are for those who have several threads, or another place for the pieces.

mod blocks;
mod condition;
mod jsonl;
#[cfg(feature = "parquet")]
mod parquet;
mod path;
mod recipe;
mod report;
mod table;

#[cfg(feature = "parquet")]
pub use self::parquet::Parquet;
pub use self::{
    blocks::{Block, Blocks},
    condition::{Condition, Fact},
    jsonl::Jsonl,
    path::Path,
    recipe::{Missing, Recipe},
    report::{Broken, Counts, Report},
    table::{Column, Layout, Table},
};
