//! AVX-512 of x86-64, which has vectors of 64 bytes, and moves the bytes of a mask together.

use std::arch::x86_64::{
    __m256i, __m512i, _mm_loadu_si128, _mm512_add_epi16, _mm512_and_si512, _mm512_broadcast_i32x4,
    _mm512_castsi512_si256, _mm512_cmpeq_epi8_mask, _mm512_cmpge_epu8_mask, _mm512_cvtepu8_epi16,
    _mm512_cvtepu16_epi32, _mm512_extracti64x4_epi64, _mm512_loadu_si512, _mm512_maskz_compress_epi8,
    _mm512_permutexvar_epi8, _mm512_set1_epi8, _mm512_set1_epi16, _mm512_set1_epi32, _mm512_shuffle_epi8,
    _mm512_slli_epi16, _mm512_srlv_epi32, _mm512_storeu_si512, _mm512_test_epi8_mask, _mm512_test_epi32_mask,
    _pdep_u64,
};

use fanjian_dictionary::{processor::Avx512, utf8::Utf8};

use crate::{
    scan::{Answer, BEFORE, CHUNK, Hit, Output, Scan, Stop, Text, WINDOW, walk},
    tables::{Buckets, FusedTables, NotableWords},
};

/// See [`walk`].
#[target_feature(enable = "avx2,bmi1,bmi2,lzcnt,popcnt,avx512f,avx512bw,avx512vbmi,avx512vbmi2")]
pub(super) fn walk_avx512<const CHANGES: bool, const SHORT: bool>(
    avx512: Avx512,
    tables: &FusedTables<'_>,
    text: Text<'_>,
    at: usize,
    left: Utf8,
    out: &mut [u8],
    convert: &mut impl FnMut(Hit, Output<'_>) -> Answer,
) -> (usize, Stop) {
    walk::<CHANGES, SHORT>(avx512, tables, text, at, left, out, convert)
}

impl Scan for Avx512 {
    #[inline(always)]
    fn first_bytes(self, window: &[u8; WINDOW]) -> (u64, u64) {
        // SAFETY: `self` was made by `detect`, which has found the features.
        unsafe { first_bytes(window) }
    }

    #[inline(always)]
    fn in_buckets(self, buckets: &Buckets<'_>, window: &[u8; WINDOW]) -> Option<u64> {
        // SAFETY: as above.
        Some(unsafe { in_buckets(buckets, window) })
    }

    #[inline(always)]
    fn notable(self, words: &NotableWords, window: &[u8; WINDOW], three: u64) -> Option<[u64; 2]> {
        // SAFETY: as above.
        (three.count_ones() > FEW).then(|| unsafe { notable(words, window, three) })
    }
}

/// Up to this number of characters, to look them up one by one takes less time.
const FEW: u32 = 10;

#[inline]
#[target_feature(enable = "avx512f,avx512bw")]
fn first_bytes(window: &[u8; WINDOW]) -> (u64, u64) {
    let bytes = load(window, BEFORE);
    let three = _mm512_cmpeq_epi8_mask(_mm512_and_si512(bytes, splat(0xf0)), splat(0xe0));
    (three, _mm512_cmpge_epu8_mask(bytes, splat(0xc0)) ^ three)
}

#[inline]
#[target_feature(enable = "avx512f,avx512bw,avx512vbmi")]
fn in_buckets(buckets: &Buckets<'_>, window: &[u8; WINDOW]) -> u64 {
    let [second, third] = [buckets.second, buckets.third].map(|table| load(table.as_flattened(), 0));
    // SAFETY: the pointer is to 16 bytes, and need not be aligned.
    let first = _mm512_broadcast_i32x4(unsafe { _mm_loadu_si128(buckets.first.as_ptr().cast()) });
    let firsts = _mm512_shuffle_epi8(first, _mm512_and_si512(load(window, BEFORE), splat(0xf)));
    // These are looked up by the low six bits.
    let seconds = _mm512_permutexvar_epi8(load(window, BEFORE + 1), second);
    let thirds = _mm512_permutexvar_epi8(load(window, BEFORE + 2), third);
    _mm512_test_epi8_mask(_mm512_and_si512(firsts, seconds), thirds)
}

/// The characters of a chunk side by side, as numbers of 16 bits, of which there are ten more than characters can be.
#[inline]
#[target_feature(enable = "bmi2,avx512f,avx512bw,avx512vbmi2")]
fn notable(words: &NotableWords, window: &[u8; WINDOW], three: u64) -> [u64; 2] {
    let [first, second, third] = [0, 1, 2].map(|place| {
        let bytes = _mm512_maskz_compress_epi8(three, load(window, BEFORE + place));
        _mm512_cvtepu8_epi16(_mm512_castsi512_si256(bytes))
    });
    let part = |bytes: __m512i, mask: i16| _mm512_and_si512(bytes, _mm512_set1_epi16(mask));
    let first_and_second = _mm512_add_epi16(part(first, 0xf), _mm512_slli_epi16::<4>(part(second, 0x3f)));
    let mut places = [0_u16; LANES];
    let vector = _mm512_add_epi16(first_and_second, _mm512_slli_epi16::<6>(part(third, 0x30)));
    // SAFETY: the pointer is to 64 bytes, and need not be aligned.
    unsafe { _mm512_storeu_si512(places.as_mut_ptr().cast(), vector) };
    let mut found = [0; LANES];
    for (word, &place) in found.iter_mut().zip(&places[..CHUNK.div_ceil(3)]) {
        *word = words.get(place);
    }
    let bit = part(third, 0xf);
    let halves = [_mm512_castsi512_si256(bit), _mm512_extracti64x4_epi64::<1>(bit)];
    let [low, high]: [&[u32; LANES / 2]; 2] = [found[..LANES / 2].first_chunk(), found[LANES / 2..].first_chunk()]
        .map(|half| half.expect("it is half of them"));
    let [low, high] = [bits(low, halves[0]), bits(high, halves[1])];
    [0, 1].map(|number| _pdep_u64(low[number] | high[number] << (LANES / 2), three))
}

/// The numbers of 16 bits in a vector.
const LANES: usize = 32;

/// Of each of these words, the bit of this number, and the one 16 places above it.
#[inline]
#[target_feature(enable = "avx512f")]
fn bits(words: &[u32; LANES / 2], numbers: __m256i) -> [u64; 2] {
    // SAFETY: the pointer is to 64 bytes, and need not be aligned.
    let words = unsafe { _mm512_loadu_si512(words.as_ptr().cast()) };
    let words = _mm512_srlv_epi32(words, _mm512_cvtepu16_epi32(numbers));
    [1, 1 << 16].map(|bit| u64::from(_mm512_test_epi32_mask(words, _mm512_set1_epi32(bit))))
}

#[inline]
#[target_feature(enable = "avx512f")]
fn load(bytes: &[u8], at: usize) -> __m512i {
    let bytes: &[u8; 64] = bytes[at..].first_chunk().expect("64 bytes are there");
    // SAFETY: the pointer is to 64 bytes, and need not be aligned.
    unsafe { _mm512_loadu_si512(bytes.as_ptr().cast()) }
}

#[inline]
#[target_feature(enable = "avx512f")]
fn splat(byte: u8) -> __m512i {
    _mm512_set1_epi8(byte as i8)
}
