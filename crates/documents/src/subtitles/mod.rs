//! Subtitles and lyrics.

pub(crate) mod srt;
