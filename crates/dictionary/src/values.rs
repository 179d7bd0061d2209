//! The value pool: for each entry, in the order of the keys, its candidates.
//!
//! A record is the number of candidates, then each candidate's length in bytes and its bytes; numbers are LEB128. The
//! FST's output for a key is the offset of its record.

use crate::bytes::{read_number, write_number};

/// Appends the record of these candidates.
pub(crate) fn write(pool: &mut Vec<u8>, candidates: &[String]) {
    write_number(pool, candidates.len());
    for candidate in candidates {
        write_number(pool, candidate.len());
        pool.extend_from_slice(candidate.as_bytes());
    }
}

/// The candidates of the record at an offset.
#[derive(Clone, Debug)]
pub(crate) struct Candidates<'p> {
    pool: &'p [u8],
    left: usize,
}

impl<'p> Candidates<'p> {
    /// None if the record does not lie within the pool.
    #[inline]
    pub(crate) fn at(pool: &'p [u8], offset: usize) -> Option<Candidates<'p>> {
        let mut pool = pool.get(offset..)?;
        let left = read_number(&mut pool)?;
        Some(Candidates { pool, left })
    }

    /// How many candidates are left.
    pub(crate) fn len(&self) -> usize {
        self.left
    }

    /// What follows the last candidate read.
    pub(crate) fn rest(&self) -> &'p [u8] {
        self.pool
    }
}

impl<'p> Iterator for Candidates<'p> {
    type Item = &'p str;

    /// Ends early where the record does not lie within the pool or is not UTF-8.
    #[inline]
    fn next(&mut self) -> Option<&'p str> {
        self.left = self.left.checked_sub(1)?;
        let len = read_number(&mut self.pool)?;
        let (candidate, rest) = self.pool.split_at_checked(len)?;
        self.pool = rest;
        str::from_utf8(candidate).ok()
    }
}
