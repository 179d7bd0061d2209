//! Vectors that not every processor of a kind has, or that no portable code is compiled to: the one place of this package with
//! unsafe code.
//!
//! Each function does what [`Portable`](super::Portable) does, or more; the tests of `fast.rs` compare whole conversions by both. On
//! 3 MB of manuals and an AMD EPYC, before and behind in runs with the same peers, `t2tw` went from 1500 to 4800 MB/s with AVX2 and
//! buckets, `hk2t` from 1300 to 3000, and `tw2t` from 1200 to 2500. NEON has been run by an emulator, but not measured: there was no
//! such machine.

#![allow(unsafe_code)]

#[cfg(target_arch = "x86_64")]
mod avx2;
#[cfg(all(target_arch = "aarch64", target_endian = "little", target_feature = "neon"))]
mod neon;

/// For processors of other kinds.
#[cfg(not(any(
    target_arch = "x86_64",
    all(target_arch = "aarch64", target_endian = "little", target_feature = "neon")
)))]
mod none {
    use fanjian_dictionary::utf8::Utf8;

    use crate::{
        processor::Vectors,
        scan::{Answer, Hit, Output, Stop},
        tables::FusedTables,
    };

    impl Vectors {
        pub(in crate::scan) fn walk<const CHANGES: bool>(
            self,
            _: &FusedTables<'_>,
            _: &[u8],
            _: usize,
            _: Utf8,
            _: &mut [u8],
            _: &mut impl FnMut(Hit, Output<'_>) -> Answer,
        ) -> (usize, Stop) {
            match self {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::*;
    use crate::{processor::Vectors, tables::Buckets};

    /// All bytes there are, at every place of a chunk.
    #[test]
    fn masks_are_those_of_the_portable_code() {
        let Some(vectors) = Vectors::detect() else { return };
        for start in 0..256 {
            let window: [u8; WINDOW] = std::array::from_fn(|place| (start + place * 7) as u8);
            assert_eq!(Scan::first_bytes(vectors, &window), Portable.first_bytes(&window), "{window:x?}");
        }
    }

    #[test]
    fn what_is_in_buckets_is_found() {
        let Some(vectors) = Vectors::detect() else { return };
        let table: [u8; 9 * 16] = std::array::from_fn(|index| (index * 37 % 256) as u8 & (index * 11 % 256) as u8);
        let buckets = Buckets::new(&table).expect("the table has the right length");
        let in_one = |window: &[u8; WINDOW], at: usize| {
            let [first, second, third] = [0, 1, 2].map(|place| usize::from(window[BEFORE + at + place]));
            table[first & 0xf] & table[16 + (second & 0x3f)] & table[80 + (third & 0x3f)] != 0
        };
        for start in 0..256 {
            let window: [u8; WINDOW] = std::array::from_fn(|place| (start + place * 13) as u8);
            let expected = (0..CHUNK).fold(0, |mask, at| mask | u64::from(in_one(&window, at)) << at);
            assert_eq!(vectors.in_buckets(&buckets, &window), Some(expected), "{window:x?}");
        }
    }
}
