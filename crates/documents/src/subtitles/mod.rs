//! Subtitles and lyrics.

pub(crate) mod ass;
pub(crate) mod lrc;
pub(crate) mod srt;
pub(crate) mod vtt;
