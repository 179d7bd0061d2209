//! The conversion itself: longest match over groups of dictionaries, level by level.

pub(crate) mod chain;
pub(crate) mod conversion;
mod description;
pub(crate) mod level;
pub(crate) mod trace;
