//! NEON of arm64, which every processor of that kind has. Its tables of 64 bytes are what buckets are made for.

use std::arch::aarch64::{
    uint8x16_t, uint8x16x4_t, vandq_u8, vceqq_u8, vdupq_n_u8, vgetq_lane_u64, vld1q_u8, vmaxq_u8, vpaddq_u8,
    vqtbl1q_u8, vqtbl4q_u8, vreinterpretq_u64_u8, vtstq_u8,
};

use fanjian_dictionary::{processor::Vectors as Neon, utf8::Utf8};

use crate::{
    scan::{Answer, BEFORE, Hit, Output, Scan, Stop, Text, WINDOW, walk},
    tables::{Buckets, FusedTables},
};

/// See [`walk`].
#[inline(never)]
pub(in crate::scan) fn walk_neon<const CHANGES: bool, const SHORT: bool>(
    neon: Neon,
    tables: &FusedTables<'_>,
    text: Text<'_>,
    at: usize,
    left: Utf8,
    out: &mut [u8],
    convert: &mut impl FnMut(Hit, Output<'_>) -> Answer,
) -> (usize, Stop) {
    walk::<CHANGES, SHORT>(neon, tables, text, at, left, out, convert)
}

impl Scan for Neon {
    #[inline(always)]
    fn first_bytes(self, window: &[u8; WINDOW]) -> (u64, u64) {
        let bytes = QUARTERS.map(|quarter| load(&window[BEFORE + quarter..]));
        // SAFETY: arm64 has NEON, which is all that these need.
        unsafe {
            let [high, three, more] = [0xf0, 0xe0, 0xc0].map(|byte| vdupq_n_u8(byte));
            let of_three = mask(bytes.map(|bytes| vceqq_u8(vandq_u8(bytes, high), three)));
            let all = mask(bytes.map(|bytes| vceqq_u8(vmaxq_u8(bytes, more), bytes)));
            (of_three, all ^ of_three)
        }
    }

    #[inline(always)]
    fn in_buckets(self, buckets: &Buckets<'_>, window: &[u8; WINDOW]) -> Option<u64> {
        let first = load(buckets.first);
        let [second, third] =
            [buckets.second, buckets.third].map(|[a, b, c, d]| uint8x16x4_t(load(a), load(b), load(c), load(d)));
        let common = QUARTERS.map(|quarter| {
            let [firsts, seconds, thirds] = [0, 1, 2].map(|place| load(&window[BEFORE + quarter + place..]));
            // SAFETY: as above.
            unsafe {
                let (low_four, low_six) = (vdupq_n_u8(0xf), vdupq_n_u8(0x3f));
                let firsts = vqtbl1q_u8(first, vandq_u8(firsts, low_four));
                let seconds = vqtbl4q_u8(second, vandq_u8(seconds, low_six));
                let thirds = vqtbl4q_u8(third, vandq_u8(thirds, low_six));
                vtstq_u8(vandq_u8(firsts, seconds), thirds)
            }
        });
        Some(mask(common))
    }
}

/// Where the vectors of a chunk begin in it.
const QUARTERS: [usize; 4] = [0, 16, 32, 48];

/// The first 16 of these bytes.
#[inline(always)]
fn load(bytes: &[u8]) -> uint8x16_t {
    let bytes: &[u8; 16] = bytes.first_chunk().expect("16 bytes are there");
    // SAFETY: the pointer is to 16 bytes, and need not be aligned.
    unsafe { vld1q_u8(bytes.as_ptr()) }
}

/// A bit for each byte of a chunk, of which each is 0 or 255.
#[inline(always)]
fn mask(chunk: [uint8x16_t; 4]) -> u64 {
    let bits = load(&[1, 2, 4, 8, 16, 32, 64, 128, 1, 2, 4, 8, 16, 32, 64, 128]);
    // SAFETY: as above.
    unsafe {
        let [a, b, c, d] = chunk.map(|bytes| vandq_u8(bytes, bits));
        let sums = vpaddq_u8(vpaddq_u8(a, b), vpaddq_u8(c, d));
        vgetq_lane_u64::<0>(vreinterpretq_u64_u8(vpaddq_u8(sums, sums)))
    }
}
