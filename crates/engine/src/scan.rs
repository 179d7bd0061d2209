//! The loop that most of a text goes through: characters converted one by one.
//!
//! Text is taken in chunks of 64 bytes. The places where characters of three bytes begin are found for a whole chunk at once,
//! as a mask of bits, so that ASCII between them costs nothing, and no branch that a processor could guess wrongly.
//!
//! With all that is around it, a character costs 19 instructions where few change (`t2tw`), 29 where many do (`t2s`), and 45
//! where each pair has to be looked up, too (`s2t`); callgrind, on 600 kB of manuals, of which three characters in ten are
//! ASCII. One character after the other, without chunks, it was 24, 41 and 59. What did not help:
//!
//! - the mask by arithmetic on words of 64 bits rather than by `wide`'s vectors: 3 more, nine tenths of the speed;
//! - marking the beginning of each span on the way, without branches, rather than looking back for it;
//! - with `s2t`, to ask first what each character says of its pairs: half of them say that they may be in one, and the
//!   processor's guesses go wrong: two thirds of the speed;
//! - to look first, four characters at a time, whether they are changing in anything, where a tenth of them are (`t2jp`, `t2s`);
//! - blocks (in `conversion`) of 1 or 2 kB rather than 4.

use fanjian_dictionary::utf8::{self, Utf8};
use wide::u8x16;

use crate::tables::{AsciiStops, Before, FusedTables, Pair};

/// Where the loop stopped, and why.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Stop {
    /// At a character that may be in an non_compositional key together with the one before it, and is not special: at these two.
    Pair(Utf8, Utf8),
    /// At a character that may be anything: mostly one that becomes longer or shorter, or that is special.
    Other,
}

/// Converts characters of `text` from `at` on, in `out`, which holds the same bytes. Tells where it stopped. `left` is the
/// character before `at`.
pub(crate) fn convert(tables: &FusedTables<'_>, text: &[u8], at: usize, left: Utf8, out: &mut [u8]) -> (usize, Stop) {
    match tables.is_mostly_compositional() {
        true if tables.changes_few() => walk::<true, true, true>(tables, text, at, left, out),
        true => walk::<true, true, false>(tables, text, at, left, out),
        false => walk::<true, false, false>(tables, text, at, left, out),
    }
}

/// As [`convert`], but stops at any character that changes, and returns no reason.
pub(crate) fn same(tables: &FusedTables<'_>, text: &[u8], at: usize, left: Utf8) -> usize {
    let (at, _) = match tables.is_mostly_compositional() {
        true if tables.changes_few() => walk::<false, true, true>(tables, text, at, left, &mut []),
        true => walk::<false, true, false>(tables, text, at, left, &mut []),
        false => walk::<false, false, false>(tables, text, at, left, &mut []),
    };
    at
}

/// Where pairs of non_compositional keys are `SELDOM`, the filter is asked only about characters that say that they may be in one,
/// otherwise about each pair. Where `FEW` characters are changing in anything, some are skipped together.
#[inline(never)]
fn walk<const CHANGES: bool, const SELDOM: bool, const FEW: bool>(
    tables: &FusedTables<'_>,
    text: &[u8],
    at: usize,
    left: Utf8,
    out: &mut [u8],
) -> (usize, Stop) {
    if CHANGES && text.len() != out.len() {
        return (at, Stop::Other);
    }
    let skips_ascii = tables.skips_ascii();
    let (mut at, mut left) = (at, left);
    while at < text.len() {
        // What the chunks take for the character before them has one byte or three.
        if skips_ascii && matches!(left.len(), 1 | 3) {
            let window = at.checked_sub(BEFORE).and_then(|start| text[start..].first_chunk());
            let done = match (window, out.get_mut(at..).and_then(|rest| rest.first_chunk_mut())) {
                (Some(window), Some(out)) => chunk::<CHANGES, SELDOM, FEW>(tables, window, CHUNK, out),
                (Some(window), None) if !CHANGES => {
                    chunk::<CHANGES, SELDOM, FEW>(tables, window, CHUNK, &mut [0; CHUNK + BEHIND])
                }
                _ => {
                    last_chunk::<CHANGES, SELDOM, FEW>(tables, &text[at..], left, out.get_mut(at..).filter(|_| CHANGES))
                }
            };
            let (len, stop) = done;
            at += len;
            if let Some(stop) = stop {
                return (at, stop);
            }
            if len > 0 {
                left = Utf8::before(text, at);
                continue;
            }
        }
        let right = Utf8::at(text, at);
        let output = tables.map_char(right).filter(|output| output.len() == right.len());
        let Some(output) = output.filter(|&output| CHANGES || output == right) else { break };
        if tables.is_non_compositional(left, right) {
            break;
        }
        if CHANGES {
            out[at..at + right.len()].copy_from_slice(&output.bytes().to_le_bytes()[..right.len()]);
        }
        left = right;
        at += right.len();
    }
    (at, Stop::Other)
}

/// The bytes that are converted together; and those before and behind them that are looked at.
const CHUNK: usize = 64;
const BEFORE: usize = 4;
const BEHIND: usize = 4;
const WINDOW: usize = BEFORE + CHUNK + BEHIND;

/// The characters that are skipped together, or not.
const GROUP: usize = 4;

/// As [`chunk`], of less text than a chunk.
#[inline]
fn last_chunk<const CHANGES: bool, const SELDOM: bool, const FEW: bool>(
    tables: &FusedTables<'_>,
    text: &[u8],
    left: Utf8,
    out: Option<&mut [u8]>,
) -> (usize, Option<Stop>) {
    let len = utf8::floor(text, CHUNK);
    let mut window = [0; WINDOW];
    let before = left.bytes() << (8 * (BEFORE - left.len()));
    window[..BEFORE].copy_from_slice(&before.to_le_bytes());
    window[BEFORE..BEFORE + len].copy_from_slice(&text[..len]);
    let mut converted = [0; CHUNK + BEHIND];
    converted.copy_from_slice(&window[BEFORE..]);
    let (done, stop) = chunk::<CHANGES, SELDOM, FEW>(tables, &window, len, &mut converted);
    if let Some(out) = out {
        out[..done].copy_from_slice(&converted[..done]);
    }
    (done, stop)
}

/// Converts the characters of a chunk as far as they have one byte or three, and the last one to its end. `len` is the length of
/// what is to be converted, which may be less than a chunk if it ends with a character and has 0 behind it. `out` holds the
/// same bytes.
#[inline]
fn chunk<const CHANGES: bool, const SELDOM: bool, const FEW: bool>(
    tables: &FusedTables<'_>,
    window: &[u8; WINDOW],
    len: usize,
    out: &mut [u8; CHUNK + BEHIND],
) -> (usize, Option<Stop>) {
    let (mut three, mut others) = first_bytes(window);
    if let Some(stops) = tables.ascii_stops() {
        others |= ascii_stops(stops, window) & 1_u64.checked_shl(len as u32).map_or(u64::MAX, |end| end - 1);
    }
    let mut len = len;
    if others != 0 {
        len = others.trailing_zeros() as usize;
        three &= (1 << len) - 1;
    } else if len == CHUNK {
        len = len.max(CHUNK + 2 - three.leading_zeros() as usize);
    }
    let mut previous = Before::UNKNOWN;
    let mut looks = 0;
    while three != 0 {
        if FEW && looks == 0 {
            let mut rest = three;
            let mut may_change = false;
            for _ in 0..GROUP {
                let [_, character] = around(window, rest.trailing_zeros());
                may_change |= tables.may_change(character);
                rest &= rest.wrapping_sub(1);
            }
            if !may_change {
                three = rest;
                previous = Before::UNKNOWN;
                continue;
            }
            looks = GROUP;
        }
        looks -= usize::from(FEW);
        let place = three.trailing_zeros();
        three &= three - 1;
        let [before, bytes] = around(window, place);
        let place = place as usize % CHUNK;
        let character = tables.three_bytes(bytes);
        let follows_ascii = before >> 31 == 0;
        if !SELDOM || character.needs_lookup(if follows_ascii { Before::UNKNOWN } else { previous }) {
            if character.is_general() {
                return (place, Some(Stop::Other));
            }
            let pair = Pair::around(before, bytes);
            if tables.is_non_compositional_pair(pair) {
                let left = Utf8::from_bytes(if follows_ascii { before >> 24 } else { before >> 8 });
                return (place, Some(Stop::Pair(left, Utf8::from_bytes(bytes & 0xff_ffff))));
            }
        }
        previous = Before::new(character);
        if CHANGES {
            *out[place..].first_chunk_mut().expect("four bytes are behind the chunk") =
                (bytes ^ character.bits()).to_le_bytes();
        } else if character.bits() != 0 {
            return (place, Some(Stop::Other));
        }
    }
    (len, None)
}

/// Which of these bytes are ASCII that keys were added for.
#[cold]
fn ascii_stops(stops: &AsciiStops, window: &[u8; WINDOW]) -> u64 {
    let mut ascii = 0;
    for (index, &bytes) in window[BEFORE..BEFORE + CHUNK].as_chunks().0.iter().enumerate() {
        ascii |= u64::from(!u8x16::new(bytes).to_bitmask() & 0xffff) << (16 * index);
    }
    let mut found = 0;
    while ascii != 0 {
        let place = ascii.trailing_zeros() as usize;
        ascii &= ascii - 1;
        let is_stop = stops.contains(window[BEFORE - 1 + place], window[BEFORE + place]);
        found |= u64::from(is_stop) << place;
    }
    found
}

/// The four bytes before a place of the chunk, and those behind it; the first one lowest.
#[inline]
fn around(window: &[u8; WINDOW], place: u32) -> [u32; 2] {
    let eight = window[place as usize % CHUNK..].first_chunk().expect("eight bytes are in the window");
    let eight = u64::from_le_bytes(*eight);
    [eight as u32, (eight >> 32) as u32]
}

/// Which of these bytes begin a character of three bytes, as bits, the first one lowest; and which begin one of two or four.
#[inline]
fn first_bytes(window: &[u8; WINDOW]) -> (u64, u64) {
    let (mut three, mut all) = (0, 0);
    for (index, &bytes) in window[BEFORE..BEFORE + CHUNK].as_chunks().0.iter().enumerate() {
        let bytes = u8x16::new(bytes);
        let is_of_three = (bytes & u8x16::splat(0xf0)).simd_eq(u8x16::splat(0xe0));
        let is_first = (bytes & u8x16::splat(0xc0)).simd_eq(u8x16::splat(0xc0));
        three |= u64::from(is_of_three.to_bitmask()) << (16 * index);
        all |= u64::from(is_first.to_bitmask()) << (16 * index);
    }
    (three, all ^ three)
}
