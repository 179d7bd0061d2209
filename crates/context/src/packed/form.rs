//! What both sides of packed tables agree in.

use crate::characters::{CANDIDATES, EntryRecord};

/// The bytes of a character's entry: the first table of a target.
pub(super) const ENTRY: usize = size_of::<EntryRecord>();

/// The classes of a feature's key, from the highest on.
pub(super) const CLASSES: usize = 4;

/// The byte for a candidate that counts as nothing else does is behind those of the others.
pub(super) const DECIDES: u8 = CANDIDATES as u8;
