//! Subtitles, lyrics and transcripts.

pub(crate) mod ass;
pub(crate) mod lrc;
pub(crate) mod srt;
pub(crate) mod ttml;
pub(crate) mod vtt;
pub(crate) mod whisper;
