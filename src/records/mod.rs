//! Records: the texts in [JSON lines](Jsonl) and in [the columns of tables](Table), converted, cleaned and chosen, with every
//! other byte as it was. Columns of Parquet files are in the module `parquet`, of the feature of that name.
//!
//! A [`Recipe`] says what is done with the texts of each record, and a format where they are. [`Jsonl::copy`] converts a whole
//! input; [`Jsonl::blocks`] and [`Jsonl::block`] are for those who have several threads, or another place for the pieces.

mod blocks;
mod condition;
mod jsonl;
mod path;
mod recipe;
mod report;
mod table;

pub use self::{
    blocks::{Block, Blocks},
    condition::{Condition, Fact},
    jsonl::Jsonl,
    path::Path,
    recipe::{Missing, Recipe},
    report::{Broken, Counts, Report},
    table::{Column, Layout, Table},
};
