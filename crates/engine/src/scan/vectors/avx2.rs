//! AVX2 of x86-64, which has vectors of 32 bytes.

use std::arch::x86_64::{
    __m256i, _mm_loadu_si128, _mm256_and_si256, _mm256_blendv_epi8, _mm256_broadcastsi128_si256, _mm256_cmpeq_epi8,
    _mm256_loadu_si256, _mm256_max_epu8, _mm256_movemask_epi8, _mm256_set1_epi8, _mm256_setzero_si256,
    _mm256_shuffle_epi8, _mm256_slli_epi16,
};

use fanjian_dictionary::{processor::Avx2, utf8::Utf8};

use crate::{
    scan::{Answer, BEFORE, Hit, Output, Scan, Stop, Text, WINDOW, walk},
    tables::{Buckets, FusedTables},
};

/// See [`walk`].
#[target_feature(enable = "avx2,bmi1,bmi2,lzcnt")]
pub(super) fn walk_avx2<const CHANGES: bool, const SHORT: bool>(
    avx2: Avx2,
    tables: &FusedTables<'_>,
    text: Text<'_>,
    at: usize,
    left: Utf8,
    out: &mut [u8],
    convert: &mut impl FnMut(Hit, Output<'_>) -> Answer,
) -> (usize, Stop) {
    walk::<CHANGES, SHORT>(avx2, tables, text, at, left, out, convert)
}

impl Scan for Avx2 {
    #[inline(always)]
    fn first_bytes(self, window: &[u8; WINDOW]) -> (u64, u64) {
        // SAFETY: `self` was made by `detect`, which has found the feature.
        unsafe { first_bytes(window) }
    }

    #[inline(always)]
    fn in_buckets(self, buckets: &Buckets<'_>, window: &[u8; WINDOW]) -> Option<u64> {
        // SAFETY: as above.
        Some(unsafe { in_buckets(buckets, window) })
    }
}

#[inline]
#[target_feature(enable = "avx2")]
fn first_bytes(window: &[u8; WINDOW]) -> (u64, u64) {
    let (mut three, mut all) = (0, 0);
    for half in [0, 1] {
        let bytes = load(window, BEFORE + half * 32);
        let is_of_three = _mm256_cmpeq_epi8(_mm256_and_si256(bytes, splat(0xf0)), splat(0xe0));
        let is_first = _mm256_cmpeq_epi8(_mm256_max_epu8(bytes, splat(0xc0)), bytes);
        three |= mask(is_of_three) << (32 * half);
        all |= mask(is_first) << (32 * half);
    }
    (three, all ^ three)
}

#[inline]
#[target_feature(enable = "avx2")]
fn in_buckets(buckets: &Buckets<'_>, window: &[u8; WINDOW]) -> u64 {
    let first = broadcast(buckets.first);
    let [second, third] = [buckets.second, buckets.third].map(|table| table.each_ref().map(|part| broadcast(part)));
    let mut found = 0;
    for half in [0, 1] {
        let at = BEFORE + half * 32;
        let firsts = _mm256_shuffle_epi8(first, _mm256_and_si256(load(window, at), splat(0xf)));
        let seconds = lookup(&second, load(window, at + 1));
        let thirds = lookup(&third, load(window, at + 2));
        let common = _mm256_and_si256(_mm256_and_si256(firsts, seconds), thirds);
        found |= mask(_mm256_cmpeq_epi8(common, _mm256_setzero_si256())) << (32 * half);
    }
    !found
}

/// What a table of 64 bytes has at the places of the low six bits of these bytes.
#[inline]
#[target_feature(enable = "avx2")]
fn lookup(table: &[__m256i; 4], bytes: __m256i) -> __m256i {
    let index = _mm256_and_si256(bytes, splat(0xf));
    // The highest bit of each byte says which of two.
    let (bit4, bit5) = (_mm256_slli_epi16::<3>(bytes), _mm256_slli_epi16::<2>(bytes));
    let [a, b, c, d] = table.map(|part| _mm256_shuffle_epi8(part, index));
    _mm256_blendv_epi8(_mm256_blendv_epi8(a, b, bit4), _mm256_blendv_epi8(c, d, bit4), bit5)
}

#[inline]
#[target_feature(enable = "avx2")]
fn load(window: &[u8; WINDOW], at: usize) -> __m256i {
    let bytes: &[u8; 32] = window[at..].first_chunk().expect("they are in the window");
    // SAFETY: the pointer is to 32 bytes, and need not be aligned.
    unsafe { _mm256_loadu_si256(bytes.as_ptr().cast()) }
}

/// 16 bytes, twice.
#[inline]
#[target_feature(enable = "avx2")]
fn broadcast(bytes: &[u8; 16]) -> __m256i {
    // SAFETY: the pointer is to 16 bytes, and need not be aligned.
    _mm256_broadcastsi128_si256(unsafe { _mm_loadu_si128(bytes.as_ptr().cast()) })
}

#[inline]
#[target_feature(enable = "avx2")]
fn splat(byte: u8) -> __m256i {
    _mm256_set1_epi8(byte as i8)
}

/// The highest bits of the bytes.
#[inline]
#[target_feature(enable = "avx2")]
fn mask(bytes: __m256i) -> u64 {
    u64::from(_mm256_movemask_epi8(bytes) as u32)
}
