//! How `fanjian` converts by a configuration: longest match over groups of dictionaries, stage by stage.
//!
//! - [`Stages`] are what a configuration does, in its order; [`Stage::new`] makes one of them.
//! - [`ReferenceChain`] runs them in turn, as OpenCC describes it. It is the reference: short, and slow.
//! - [`FastConversion`] does the same with [`FusedTables`] made from the stages, at ten to twenty times the speed.
//! - [`Overlay`] lays a user's own words and protected terms over such tables; [`WordTable`] finds words of a user.
//! - `Deferred`, with the feature `compile`, makes the tables of a user's configuration, once there is enough text for them to pay.
//! - [`last_boundary`] finds a place where a text can be cut; [`trace()`] records which entries made what.
//!
//! # Why the fast way is exact
//!
//! Most keys give what their characters give one by one; they matter only because they keep other keys from matching. So
//! text that holds none of the others can be converted character by character, if nothing reaches into it from outside. The
//! module [`tables`] defines both conditions, and argues that they suffice; the property test in `fast.rs` compares both
//! ways on random configurations and texts, and the tests of the library do on the built-in ones.

#![deny(clippy::exit, clippy::print_stderr, clippy::print_stdout)]

mod block;
mod boundary;
mod cache;
mod chain;
mod cursor;
#[cfg(feature = "compile")]
mod deferred;
pub mod description;
mod explanation;
mod fallback;
mod fast;
mod fast_tables;
mod overlay;
mod piece;
mod scan;
mod short;
mod stage;
pub mod tables;
mod trace;
mod word_table;

#[cfg(feature = "compile")]
pub use crate::deferred::Deferred;
#[cfg(fanjian_tables_alone)]
pub use crate::fallback::set_normalization;
pub use crate::{
    boundary::{Given, is_boundary, last_boundary},
    chain::{Output, ReferenceChain},
    explanation::{AppliedEntry, Part, Step, Trace},
    fallback::normalization,
    fast::FastConversion,
    fast_tables::FastTables,
    overlay::Overlay,
    short::convert_short,
    stage::{MakeStages, Stage, StageKind, Stages},
    tables::FusedTables,
    trace::trace,
    word_table::WordTable,
};
