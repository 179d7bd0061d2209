//! Texts of files: read in pieces, decoded, and without the markup of documents.

use std::path::Path;

use crate::{
    args::detect::DetectArgs,
    commands::text::document_texts,
    error::Failure,
    io::{
        documents,
        encodings::{self, Decoder, NotFound},
        progress::Meter,
        source::Source,
    },
    text::document::LIMIT,
};

/// How much is read at once, in bytes.
const PIECE: usize = 64 * 1024;

/// What a file is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Text,
    Binary,
}

/// Why detection stops.
pub(super) enum Stop {
    /// This file cannot be read; others can.
    File(String),
    /// The answer cannot be written.
    All(Failure),
}

/// Reads a file, and gives its text in pieces.
pub(super) fn read(
    args: &DetectArgs,
    path: &Path,
    meter: &Meter<'_>,
    take: &mut dyn FnMut(&str) -> Result<(), Failure>,
) -> Result<Kind, Stop> {
    let unreadable = |failure: Failure| Stop::File(failure.to_string());
    let mut source = Source::open(path, false).map_err(unreadable)?;
    let mut piece = Vec::new();
    source.read(&mut piece, encodings::HEAD).map_err(unreadable)?;
    meter.bytes(piece.len() as u64);
    if let Some(format) = documents::format(path, &piece, None).filter(|_| !args.filter.text) {
        let mut rest = Vec::new();
        source.read(&mut rest, LIMIT).map_err(unreadable)?;
        meter.bytes(rest.len() as u64);
        piece.extend_from_slice(&rest);
        let (groups, _) = document_texts(&piece, format, args.from_encoding).map_err(Stop::File)?;
        for group in groups {
            take(&group.text).map_err(Stop::All)?;
            take("\n").map_err(Stop::All)?;
        }
        return Ok(Kind::Text);
    }
    let is_whole = piece.len() < encodings::HEAD;
    let found = match encodings::find(&piece, is_whole, Some(args.from_encoding), args.filter.text) {
        Ok(found) => found,
        Err(NotFound::Uncertain(message)) => return Err(Stop::File(message)),
        Err(NotFound::NoText(_)) => return Ok(Kind::Binary),
    };
    let mut decoder = Decoder::lossy(found.encoding);
    let mut text = Vec::new();
    loop {
        let is_last = piece.is_empty();
        text.clear();
        decoder.push(&piece, is_last, &mut text).map_err(Stop::File)?;
        take(&String::from_utf8_lossy(&text)).map_err(Stop::All)?;
        if is_last {
            return Ok(Kind::Text);
        }
        source.read(&mut piece, PIECE).map_err(unreadable)?;
        meter.bytes(piece.len() as u64);
    }
}
