//! The conversion itself: longest match over groups of dictionaries, level by level.

pub(crate) mod boundary;
mod cache;
pub(crate) mod chain;
mod characters;
pub(crate) mod conversion;
pub(crate) mod description;
pub(crate) mod level;
pub(crate) mod trace;
