//! Settings: the command line joined with `fanjian.toml`, checked once, as a [`Task`](task::Task).
//!
//! Whatever cannot be asked for is a [`Failure::Usage`](crate::error::Failure::Usage) here, before anything is opened.

pub(crate) mod clean;
pub(crate) mod config_file;
pub(crate) mod convert;
pub(crate) mod converter;
pub(crate) mod decisions;
pub(crate) mod dictionaries;
pub(crate) mod join;
pub(crate) mod meant;
pub(crate) mod project;
mod project_file;
mod regular;
pub(crate) mod resolver;
pub(crate) mod task;
