//! Hash tables that lie in static bytes: from a 64-bit hash to 32 bits.
//!
//! A slot holds 32 bits of the hash and the value, and a key goes into the first free slot from its place on. The keys are
//! not kept: two that agree in those bits and lie near each other are taken for one, which happens to one search in some
//! thousand million.

/// A table that was compiled.
#[derive(Clone, Debug, Default)]
pub(crate) struct Hashed<'b> {
    slots: &'b [[u8; 8]],
    /// A bit for each hash that may be there, by its upper bits: most searches end here, in memory that stays near.
    filter: Box<[u64]>,
    /// How far a check is shifted to its bit.
    shift: u32,
}

/// A third of the slots stays free, so that searches end soon.
fn slots(entries: usize) -> usize {
    entries + entries / 2 + 1
}

fn check(hash: u64) -> u32 {
    (hash >> 32) as u32 | 1
}

/// Compiles entries. Of several with one hash, the first one counts.
pub(crate) fn compile(entries: &[(u64, u32)]) -> Vec<u8> {
    let mut table = vec![0_u64; slots(entries.len())];
    for &(hash, value) in entries {
        let mut slot = place(hash, table.len());
        while table[slot] != 0 && (table[slot] >> 32) as u32 != check(hash) {
            slot = (slot + 1) % table.len();
        }
        if table[slot] == 0 {
            table[slot] = u64::from(check(hash)) << 32 | u64::from(value);
        }
    }
    table.iter().flat_map(|slot| slot.to_le_bytes()).collect()
}

#[inline]
fn place(hash: u64, slots: usize) -> usize {
    (((hash & 0xffff_ffff) * slots as u64) >> 32) as usize
}

impl<'b> Hashed<'b> {
    pub(crate) fn is_empty(&self) -> bool {
        self.slots.is_empty()
    }

    /// Takes bytes that [`compile`] made.
    pub(crate) fn new(bytes: &'b [u8]) -> Hashed<'b> {
        let slots: &[[u8; 8]] = bytes.as_chunks().0;
        let bits = (8 * slots.len()).next_power_of_two().max(64);
        let shift = 32 - bits.trailing_zeros().min(32);
        let mut filter = vec![0_u64; bits / 64].into_boxed_slice();
        for slot in slots.iter().map(|&slot| u64::from_le_bytes(slot)).filter(|&slot| slot != 0) {
            let bit = ((slot >> 32) as u32).checked_shr(shift).unwrap_or(0) as usize;
            filter[bit / 64] |= 1 << (bit % 64);
        }
        Hashed { slots, filter, shift }
    }

    #[inline]
    pub(crate) fn get(&self, hash: u64) -> Option<u32> {
        if !self.may_have(hash) {
            return None;
        }
        self.find(hash)
    }

    #[inline]
    pub(crate) fn may_have(&self, hash: u64) -> bool {
        let bit = check(hash).checked_shr(self.shift).unwrap_or(0) as usize;
        self.filter.get(bit / 64).is_some_and(|word| word >> (bit % 64) & 1 == 1)
    }

    fn find(&self, hash: u64) -> Option<u32> {
        let mut slot = place(hash, self.slots.len());
        // A third of the slots is free; damaged bytes must not make this run for ever.
        for _ in 0..self.slots.len() {
            let found = u64::from_le_bytes(self.slots[slot]);
            if found == 0 {
                return None;
            }
            if (found >> 32) as u32 == check(hash) {
                return Some(found as u32);
            }
            slot += 1;
            if slot == self.slots.len() {
                slot = 0;
            }
        }
        None
    }
}

/// Spreads the bits of a sum over all of a hash.
#[inline]
pub(crate) fn mix(mut hash: u64) -> u64 {
    hash = (hash ^ hash >> 33).wrapping_mul(0xff51_afd7_ed55_8ccd);
    hash = (hash ^ hash >> 33).wrapping_mul(0xc4ce_b9fe_1a85_ec53);
    hash ^ hash >> 33
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_what_was_compiled_and_nothing_else() {
        let entries: Vec<(u64, u32)> = (0..1000).map(|number| (mix(number), number as u32)).collect();
        let bytes = compile(&entries);
        let table = Hashed::new(&bytes);
        for &(hash, value) in &entries {
            assert_eq!(table.get(hash), Some(value));
        }
        assert!((1000..9000).all(|number| table.get(mix(number)).is_none()));
        assert_eq!(Hashed::default().get(1), None);
    }
}
