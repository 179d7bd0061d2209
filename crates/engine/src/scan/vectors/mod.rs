//! Vectors that not every processor of a kind has, or that no portable code is compiled to: the one place of this package with
//! unsafe code.
//!
//! Each function does what [`Portable`](super::Portable) does, or more; the tests of `fast.rs` compare whole conversions by both. On
//! 3 MB of manuals and an AMD EPYC, before and behind in runs with the same peers, `t2tw` went from 1500 to 4800 MB/s with AVX2 and
//! buckets, `hk2t` from 1300 to 3000, and `tw2t` from 1200 to 2500. NEON has been run by an emulator, but not measured: there was no
//! such machine.
//!
//! Where too many characters are notable for buckets, AVX-512 moves the characters of a chunk together and computes where the table
//! has them; the reads are one by one. On the same texts and processor (CPU time, old and new in one process), `t2s` of Simplified text
//! went from 1800 to 3000 MB/s, `s2t` of Traditional text from 1300 to 1600; a copy that simdutf8 checks has 12,000. What is between the
//! two: one anchor in a chunk, whose pairs cost three tenths of the time, and a hit in one of 28 chunks, which costs a fifth. The
//! masks alone, in MB/s:
//!
//! - one character after the other, 2500; eight without a branch between them, 2450 to 3200, as the compiler has it;
//! - places by `pext` rather than by a multiplication, 3600; but AMD's processors before Zen 3 take tens of cycles for each;
//! - `vpgatherdd`, 2300 with AVX2, 3400 with AVX-512; the reads one by one of places that AVX-512 computed, 6000;
//! - the whole set by `vpermi2b`, 1024 characters at a time, for 192 bytes of text together: 5900, and no anchors;
//! - 256 frequent characters that are not notable by two of these, the others one by one: 3000.
//!
//! To ask for three pairs in each chunk, anchors or not, gained nothing with `s2t`, and took a fifth of the speed from HTML; to
//! convert eight characters that change, or the last one again, gained nothing either.

#![allow(unsafe_code)]

#[cfg(target_arch = "x86_64")]
mod avx2;
#[cfg(target_arch = "x86_64")]
mod avx512;
#[cfg(all(target_arch = "aarch64", target_endian = "little", target_feature = "neon"))]
mod neon;

#[cfg(all(target_arch = "aarch64", target_endian = "little", target_feature = "neon"))]
pub(super) use self::neon::walk_neon as walk;
#[cfg(not(any(
    target_arch = "x86_64",
    all(target_arch = "aarch64", target_endian = "little", target_feature = "neon")
)))]
pub(super) use self::none::walk;
#[cfg(target_arch = "x86_64")]
pub(super) use self::x86_64::walk;

#[cfg(target_arch = "x86_64")]
mod x86_64 {
    use fanjian_dictionary::{processor::Vectors, utf8::Utf8};

    use super::{avx2::walk_avx2, avx512::walk_avx512};
    use crate::{
        scan::{Answer, Hit, Output, Stop, Text},
        tables::FusedTables,
    };

    /// See [`walk`](crate::scan::walk).
    #[inline]
    pub(in crate::scan) fn walk<const CHANGES: bool, const SHORT: bool>(
        vectors: Vectors,
        tables: &FusedTables<'_>,
        text: Text<'_>,
        at: usize,
        left: Utf8,
        out: &mut [u8],
        convert: &mut impl FnMut(Hit, Output<'_>) -> Answer,
    ) -> (usize, Stop) {
        match vectors {
            // SAFETY: it was made by `detect`, which has found all features of the function.
            Vectors::Avx2(avx2) => unsafe { walk_avx2::<CHANGES, SHORT>(avx2, tables, text, at, left, out, convert) },
            // SAFETY: as above.
            Vectors::Avx512(avx512) => unsafe {
                walk_avx512::<CHANGES, SHORT>(avx512, tables, text, at, left, out, convert)
            },
        }
    }
}

/// For processors of other kinds.
#[cfg(not(any(
    target_arch = "x86_64",
    all(target_arch = "aarch64", target_endian = "little", target_feature = "neon")
)))]
mod none {
    use fanjian_dictionary::{processor::Vectors, utf8::Utf8};

    use crate::{
        scan::{Answer, Hit, Output, Stop, Text},
        tables::FusedTables,
    };

    pub(in crate::scan) fn walk<const CHANGES: bool, const SHORT: bool>(
        vectors: Vectors,
        _: &FusedTables<'_>,
        _: Text<'_>,
        _: usize,
        _: Utf8,
        _: &mut [u8],
        _: &mut impl FnMut(Hit, Output<'_>) -> Answer,
    ) -> (usize, Stop) {
        match vectors {}
    }
}

#[cfg(test)]
mod tests {
    use fanjian_dictionary::processor::Vectors;

    use super::super::*;
    use crate::tables::{Buckets, NotableWords};

    #[cfg(target_arch = "x86_64")]
    impl Scan for Vectors {
        fn first_bytes(self, window: &[u8; WINDOW]) -> (u64, u64) {
            match self {
                Vectors::Avx2(avx2) => avx2.first_bytes(window),
                Vectors::Avx512(avx512) => avx512.first_bytes(window),
            }
        }

        fn in_buckets(self, buckets: &Buckets<'_>, window: &[u8; WINDOW]) -> Option<u64> {
            match self {
                Vectors::Avx2(avx2) => avx2.in_buckets(buckets, window),
                Vectors::Avx512(avx512) => avx512.in_buckets(buckets, window),
            }
        }

        fn notable(self, words: &NotableWords, window: &[u8; WINDOW], three: u64) -> Option<[u64; 2]> {
            match self {
                Vectors::Avx2(avx2) => avx2.notable(words, window, three),
                Vectors::Avx512(avx512) => avx512.notable(words, window, three),
            }
        }
    }

    /// All bytes there are, at every place of a chunk.
    #[test]
    fn masks_are_those_of_the_portable_code() {
        for start in 0..256 {
            let window: [u8; WINDOW] = std::array::from_fn(|place| (start + place * 7) as u8);
            for vectors in Vectors::all() {
                assert_eq!(vectors.first_bytes(&window), Portable.first_bytes(&window), "{vectors:?}: {window:x?}");
            }
        }
    }

    #[test]
    fn what_is_in_buckets_is_found() {
        let table: [u8; 9 * 16] = std::array::from_fn(|index| (index * 37 % 256) as u8 & (index * 11 % 256) as u8);
        let buckets = Buckets::new(&table).expect("the table has the right length");
        let in_one = |window: &[u8; WINDOW], at: usize| {
            let [first, second, third] = [0, 1, 2].map(|place| usize::from(window[BEFORE + at + place]));
            table[first & 0xf] & table[16 + (second & 0x3f)] & table[80 + (third & 0x3f)] != 0
        };
        for start in 0..256 {
            let window: [u8; WINDOW] = std::array::from_fn(|place| (start + place * 13) as u8);
            let expected = (0..CHUNK).fold(0, |mask, at| mask | u64::from(in_one(&window, at)) << at);
            for vectors in Vectors::all() {
                assert_eq!(vectors.in_buckets(&buckets, &window), Some(expected), "{vectors:?}: {window:x?}");
            }
        }
    }

    /// Characters of the whole basic plane, with ASCII between them or without, from every place of a chunk on.
    #[test]
    fn notable_characters_are_those_of_the_words() {
        let words = NotableWords::new(std::array::from_fn(|place| (place as u32).wrapping_mul(0x9e37_79b9)));
        let notable = |character: char| {
            let code = character as usize;
            let word = words.get((code >> 12 | (code >> 6 & 0x3f) << 4 | (code >> 4 & 3) << 10) as u16);
            [word >> (code & 0xf) & 1, word >> (code & 0xf) >> 16 & 1].map(u64::from)
        };
        let characters: Vec<char> = ('\u{800}'..='\u{ffff}').step_by(7).collect();
        for (number, piece) in characters.chunks_exact(26).enumerate() {
            let between = |place: usize| ["", "", "a", "\n\n"][(place * number) >> 3 & 3];
            let begin = "-".repeat(number % 7);
            let text = piece
                .iter()
                .enumerate()
                .fold(begin, |text, (place, &character)| format!("{text}{character}{}", between(place)));
            let window: &[u8; WINDOW] =
                text.as_bytes().first_chunk().expect("there are 72 bytes of characters and more");
            let (three, _) = Portable.first_bytes(window);
            let chunk = text.char_indices().filter(|(at, _)| (BEFORE..BEFORE + CHUNK).contains(at));
            let mut expected = [0; 2];
            for (at, character) in chunk.filter(|(_, character)| character.len_utf8() == 3) {
                let found = notable(character);
                expected.iter_mut().zip(found).for_each(|(mask, bit)| *mask |= bit << (at - BEFORE));
            }
            for vectors in Vectors::all() {
                let found = vectors.notable(&words, window, three);
                assert!(found.is_none_or(|found| found == expected), "{vectors:?}: {text}");
            }
        }
    }
}
