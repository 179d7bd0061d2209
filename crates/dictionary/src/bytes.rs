//! Bytes that many dictionaries share.

use std::{ops::Range, sync::Arc};

/// Bytes that many dictionaries share: in the program itself, or in memory.
#[derive(Clone)]
pub(crate) struct Bytes {
    owner: Owner,
    range: Range<usize>,
}

#[derive(Clone)]
enum Owner {
    Static(&'static [u8]),
    Shared(Arc<[u8]>),
}

impl Bytes {
    pub(crate) fn from_static(bytes: &'static [u8]) -> Bytes {
        Bytes { owner: Owner::Static(bytes), range: 0..bytes.len() }
    }

    pub(crate) fn from_vec(bytes: Vec<u8>) -> Bytes {
        Bytes { range: 0..bytes.len(), owner: Owner::Shared(bytes.into()) }
    }

    /// The part of these bytes at `offset`, `len` long, where it lies within them.
    pub(crate) fn part(&self, offset: usize, len: usize) -> Option<Bytes> {
        let start = self.range.start.checked_add(offset)?;
        let end = start.checked_add(len)?;
        (end <= self.range.end).then(|| Bytes { owner: self.owner.clone(), range: start..end })
    }
}

impl AsRef<[u8]> for Bytes {
    #[inline]
    fn as_ref(&self) -> &[u8] {
        match &self.owner {
            Owner::Static(bytes) => &bytes[self.range.clone()],
            Owner::Shared(bytes) => &bytes[self.range.clone()],
        }
    }
}

/// The little-endian number at `offset`. None if the bytes end before it does.
#[inline]
#[must_use]
pub fn u32_at(bytes: &[u8], offset: usize) -> Option<u32> {
    let bytes = bytes.get(offset..)?.first_chunk::<4>()?;
    Some(u32::from_le_bytes(*bytes))
}

/// Appends a number as LEB128: seven bits a byte, the lowest first, and a bit for each byte that is not the last.
///
/// ```
/// use fanjian_dictionary::bytes::{read_number, write_number};
///
/// let mut bytes = Vec::new();
/// write_number(&mut bytes, 300);
/// assert_eq!(bytes, [0xac, 0x02]);
/// assert_eq!(read_number(&mut &bytes[..]), Some(300));
/// assert_eq!(read_number(&mut &bytes[..1]), None);
/// ```
pub fn write_number(out: &mut Vec<u8>, mut number: usize) {
    while number >= 0x80 {
        out.push(number as u8 | 0x80);
        number >>= 7;
    }
    out.push(number as u8);
}

/// The number of at most 32 bits that [`write_number`] wrote at the beginning of these bytes, which this goes over. None if
/// the bytes end before it does.
#[must_use]
#[inline]
pub fn read_number(bytes: &mut &[u8]) -> Option<usize> {
    let mut number = 0;
    for shift in [0, 7, 14, 21, 28] {
        let (&byte, rest) = bytes.split_first()?;
        *bytes = rest;
        number |= usize::from(byte & 0x7f) << shift;
        if byte & 0x80 == 0 {
            return Some(number);
        }
    }
    None
}
