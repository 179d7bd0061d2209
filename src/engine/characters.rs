//! The loop that most of a text goes through: characters converted one by one.
//!
//! With all that is around it, a character costs 24 instructions where few change (`t2tw`), 41 where many do (`t2s`), and 59
//! where each pair has to be looked up, too (`s2t`); callgrind, on 600 kB of manuals, of which three characters in ten are
//! ASCII. What did not help:
//!
//! - marking the beginning of each stretch on the way, without branches, rather than looking back for it: 120 instructions
//!   with `t2tw`;
//! - two characters at a time where each pair has to be looked up (`s2t`): 4 more, for often one of them is not plain;
//! - with `s2t`, to ask first what each character says of its pairs: half of them say that they may be in one, and the
//!   processor's guesses go wrong: 85 instructions, at two thirds of the speed.

use fanjian_dictionary::stretches::{Before, Stretches, Utf8};

/// After so many bytes, it is tried whether nothing happens to the next; after fewer of these, it takes twice as many to the
/// next try.
const QUIET: usize = 48;

/// Where the loop stopped, and why.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Stop {
    /// At a character that may be in an effective key together with the one before it, and is not special: at these two.
    Pair(Utf8, Utf8),
    /// At a character that may be anything: mostly one that becomes longer or shorter, that is special, or of the last two
    /// bytes.
    Other,
}

/// Converts characters of `text` from `at` on, in `out`, which holds the same bytes. Tells where it stopped. `left` is the
/// character before `at`.
pub(crate) fn convert(stretches: &Stretches<'_>, text: &[u8], at: usize, left: Utf8, out: &mut [u8]) -> (usize, Stop) {
    match stretches.is_seldom_effective() {
        true => walk::<true, true>(stretches, text, at, left, out),
        false => walk::<true, false>(stretches, text, at, left, out),
    }
}

/// As [`convert`], but stops at any character that changes, and tells no reason.
pub(crate) fn same(stretches: &Stretches<'_>, text: &[u8], at: usize, left: Utf8) -> usize {
    let (at, _) = match stretches.is_seldom_effective() {
        true => walk::<false, true>(stretches, text, at, left, &mut []),
        false => walk::<false, false>(stretches, text, at, left, &mut []),
    };
    at
}

/// Where pairs of effective keys are `SELDOM`, the filter is asked only about characters that say that they may be in one, and
/// two characters of three bytes are done at a time, where there are two. Otherwise it is asked about each pair.
#[inline(never)]
fn walk<const CHANGES: bool, const SELDOM: bool>(
    stretches: &Stretches<'_>,
    text: &[u8],
    at: usize,
    left: Utf8,
    out: &mut [u8],
) -> (usize, Stop) {
    if CHANGES && text.len() != out.len() {
        return (at, Stop::Other);
    }
    let skips_ascii = stretches.skips_ascii();
    let (mut at, mut left) = (at, left);
    let mut before = Before::UNKNOWN;
    let (mut wait, mut quiet_from) = (QUIET, at + QUIET);
    while let Some(word) = text.get(at..).and_then(three_or_four) {
        if SELDOM && at >= quiet_from {
            let quiet = quiet(stretches, &text[at..]);
            wait = if quiet < QUIET { 2 * wait } else { QUIET };
            quiet_from = at + quiet + wait;
            if quiet > 0 {
                at += quiet;
                before = Before::UNKNOWN;
                left = Utf8::before(text, at);
                continue;
            }
        }
        if SELDOM && let Some(two) = text.get(at..).and_then(|rest| rest.first_chunk::<8>()) {
            let two = u64::from_le_bytes(*two);
            if two & 0xf000_00f0 == 0xe000_00e0 {
                let (first, second) = (word, (two >> 24) as u32);
                let (first, second) = (stretches.three_bytes(first), stretches.three_bytes(second));
                let needs = first.needs_a_look(before) | second.needs_a_look(Before::new(first));
                let bits = u64::from(first.bits()) | u64::from(second.bits()) << 24;
                if !needs && (CHANGES || bits == 0) {
                    if CHANGES && let Some(out) = out.get_mut(at..).and_then(|rest| rest.first_chunk_mut::<8>()) {
                        *out = (two ^ bits).to_le_bytes();
                    }
                    before = Before::new(second);
                    left = Utf8::from_three((two >> 24) as u32 & 0xff_ffff);
                    at += 6;
                    continue;
                }
            }
        }
        if word & 0xf0 == 0xe0 {
            let right = Utf8::from_three(word & 0xff_ffff);
            let character = stretches.three_bytes(word);
            if character.is_general() {
                break;
            }
            if stretches.is_effective(left, right) {
                return (at, Stop::Pair(left, right));
            }
            if CHANGES {
                let bytes = (word ^ character.bits()).to_le_bytes();
                match out.get_mut(at..).and_then(|rest| rest.first_chunk_mut::<4>()) {
                    Some(out) => *out = bytes,
                    None => out[at..at + 3].copy_from_slice(&bytes[..3]),
                }
            } else if character.bits() != 0 {
                break;
            }
            before = Before::new(character);
            left = right;
            at += 3;
            continue;
        }
        let right = Utf8::at(text, at);
        if stretches.is_effective(left, right) {
            break;
        }
        before = Before::UNKNOWN;
        if skips_ascii && right.len() == 1 {
            at += ascii(&text[at..]);
            left = Utf8::at(text, at - 1);
        } else if stretches.alone(right) == Some(right) {
            left = right;
            at += right.len();
        } else {
            break;
        }
    }
    (at, Stop::Other)
}

/// The first four bytes, the first one lowest; the last three where there are no more.
#[inline]
fn three_or_four(rest: &[u8]) -> Option<u32> {
    match rest.first_chunk() {
        Some(four) => Some(u32::from_le_bytes(*four)),
        None => rest.first_chunk().map(|&[first, second, third]| u32::from_le_bytes([first, second, third, 0])),
    }
}

/// How many bytes of `text`, at its beginning, are characters that nothing can happen to: some of those there are.
#[inline]
fn quiet(stretches: &Stretches<'_>, text: &[u8]) -> usize {
    let skips_ascii = stretches.skips_ascii();
    let mut at = 0;
    while let Some(two) = text.get(at..).and_then(|rest| rest.first_chunk::<8>()) {
        let two = u64::from_le_bytes(*two);
        if two & 0xf000_00f0 == 0xe000_00e0 {
            if stretches.involves(two as u32) | stretches.involves((two >> 24) as u32) {
                break;
            }
            at += 6;
        } else if two & 0x80 == 0 && skips_ascii {
            at += ascii(&text[at..]);
        } else if two & 0xf0 == 0xe0 && !stretches.involves(two as u32) {
            at += 3;
        } else {
            break;
        }
    }
    at
}

/// How many bytes of ASCII `text` begins with.
#[inline]
fn ascii(text: &[u8]) -> usize {
    let (words, _) = text.as_chunks::<8>();
    let mut len = 0;
    for word in words {
        let others = u64::from_le_bytes(*word) & 0x8080_8080_8080_8080;
        if others != 0 {
            return len + others.trailing_zeros() as usize / 8;
        }
        len += 8;
    }
    len + text[len..].iter().take_while(|byte| byte.is_ascii()).count()
}

/// The end of the last whole character within so many bytes.
pub(crate) fn floor(text: &[u8], len: usize) -> usize {
    let mut len = len.min(text.len());
    while text.get(len).is_some_and(|byte| byte & 0xc0 == 0x80) {
        len -= 1;
    }
    len
}
