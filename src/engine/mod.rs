//! The conversion itself: longest match over groups of dictionaries, level by level.

pub(crate) mod chain;
mod description;
pub(crate) mod group;
pub(crate) mod level;
pub(crate) mod trace;
