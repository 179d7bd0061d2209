//! Stretches that a conversion has met: most that need the long way come again and again.
//!
//! Without it, a text with many regional words (manuals, with `s2twp`) costs 188 instructions a character in place of 70.

/// So many stretches at most, each in the only place that its hash gives it: 128 kB.
const PLACES: usize = 4096;
/// So many are converted before memory is taken for others: short texts do without.
const BEFORE: usize = 32;
/// Up to so many bytes fit beside their number.
const LONGEST: usize = 15;

/// What short stretches become.
#[derive(Clone, Debug, Default)]
pub(crate) struct Cache {
    met: usize,
    places: Vec<[Bytes; 2]>,
}

/// Up to 15 bytes, the first one lowest, and their number in the highest one. 0 for none.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Bytes(u128);

impl Bytes {
    /// The bytes of `text` from `start` to `end`. Nothing where they are too many, or none.
    #[inline]
    pub(crate) fn new(text: &[u8], start: usize, end: usize) -> Option<Bytes> {
        let len = end - start;
        if len > LONGEST || len == 0 {
            return None;
        }
        let word = match text.get(start..).and_then(|rest| rest.first_chunk()) {
            Some(word) => u128::from_le_bytes(*word) & u128::MAX >> (128 - 8 * len),
            None => {
                let mut word = [0; 16];
                word[..len].copy_from_slice(&text[start..end]);
                u128::from_le_bytes(word)
            }
        };
        Some(Bytes(word | (len as u128) << 120))
    }

    #[inline]
    pub(crate) fn len(self) -> usize {
        (self.0 >> 120) as usize
    }

    #[inline]
    pub(crate) fn bytes(self) -> [u8; 16] {
        self.0.to_le_bytes()
    }

    #[inline]
    fn place(self) -> usize {
        let mixed = (self.0 as u64 ^ (self.0 >> 64) as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        (mixed >> 32) as usize % PLACES
    }
}

impl Cache {
    /// What this stretch becomes, if that is known.
    #[inline]
    pub(crate) fn get(&self, stretch: Bytes) -> Option<Bytes> {
        self.places.get(stretch.place()).filter(|[known, _]| *known == stretch).map(|[_, output]| *output)
    }

    /// Keeps what this stretch becomes.
    pub(crate) fn insert(&mut self, stretch: Bytes, output: &[u8]) {
        let Some(output) = Bytes::new(output, 0, output.len()) else { return };
        self.met += 1;
        if self.met > BEFORE {
            self.places.resize(PLACES, <[Bytes; 2]>::default());
            self.places[stretch.place()] = [stretch, output];
        }
    }
}
