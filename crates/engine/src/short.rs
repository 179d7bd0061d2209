//! Short texts, for which what a conversion sets up would cost more than all else: they are converted on the stack, with room around
//! them, so that every part of them is read and written as one in the middle of a long text.
//!
//! Strings of ten characters take 0.6 to 0.7 of the CPU time with it, those of a hundred 0.8 (AVX2, `s2twp` and `s2t`, old and new in
//! one process).

use crate::{
    block::{Blocks, Pause},
    cursor::{Block, Place},
    fast_tables::FastTables,
    piece::Piece,
    scan::{self, CHUNK},
    stage::Stages,
};

/// The greatest length of short texts, in bytes.
pub(crate) const SHORT: usize = 512;

/// How many bytes before and behind a text may be read, at least.
const BEFORE: usize = 16;
const BEHIND: usize = 80;
/// The room for output beyond the length of the text.
const ROOM: usize = 128;

/// Converts a whole short text, by these tables, or by those of what is laid over some, and has `take` take the output, as UTF-8. None if
/// the text is longer, or if it is one for [`FastConversion`](crate::FastConversion): with a span that has fallback characters, with
/// too little room for what it becomes, or without tables.
#[inline]
pub fn convert_short<R>(
    shared: Option<&'static FastTables>,
    stages: &Stages,
    text: &str,
    take: impl FnOnce(&[u8]) -> R,
) -> Option<R> {
    // WebAssembly has more to pay for each call, and code that is fetched.
    if cfg!(fanjian_tables_alone) || text.len() > SHORT {
        return None;
    }
    let extended;
    let (tables, caches, overlay) = match shared {
        Some(FastTables { tables, caches, .. }) => (tables, caches, None),
        None => {
            let overlay = stages.overlay()?;
            extended = overlay.tables();
            (&extended, &overlay.caches, Some(overlay))
        }
    };
    let piece = Piece::new(tables, caches, overlay, stages, text, true);
    // The memory is to be no larger than needed, since it is 0 at first.
    if text.len() <= CHUNK {
        convert::<{ BEFORE + CHUNK + BEHIND }, { CHUNK + ROOM }, R>(piece, take)
    } else if text.len() <= 3 * CHUNK {
        convert::<{ BEFORE + 3 * CHUNK + BEHIND }, { 3 * CHUNK + ROOM }, R>(piece, take)
    } else {
        convert::<{ BEFORE + SHORT + BEHIND }, { SHORT + ROOM }, R>(piece, take)
    }
}

fn convert<const AROUND: usize, const OUT: usize, R>(piece: Piece<'_>, take: impl FnOnce(&[u8]) -> R) -> Option<R> {
    let mut bytes = [0; AROUND];
    scan::copy(piece.bytes, bytes.get_mut(BEFORE..BEFORE + piece.bytes.len())?);
    let piece = Piece { bytes: &bytes, start: BEFORE, ..piece };
    let mut out = [0; OUT];
    let mut blocks = Blocks::default();
    let (len, pause) = if AROUND <= BEFORE + CHUNK + BEHIND {
        blocks.convert_chunk(&piece, &mut out)
    } else {
        let mut place = Place { at: BEFORE, edge: BEFORE };
        blocks.convert(&piece, &mut place, 0, Block { end: piece.end(), out: &mut out })
    };
    blocks.release_cache(piece.caches);
    match pause {
        Pause::End => out.get(..len).map(take),
        Pause::Room(_) | Pause::Span(_) => None,
    }
}
