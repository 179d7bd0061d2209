//! Fingerprints of findings: by them, tools know a finding again in another version of the file.

use std::{collections::HashMap, hash::Hasher, path::Path};

use siphasher::sip128::{Hasher128, SipHasher13};

use crate::report::{changes::Change, kinds::Kind, paths::slashed};

/// Gives the fingerprints of a run.
#[derive(Debug, Default)]
pub(super) struct Fingerprints {
    /// How often each finding was there.
    seen: HashMap<u128, u64>,
}

impl Fingerprints {
    /// The fingerprint of a change: by the path, the rule, the texts, and the line around it, whatever its number. Of equal
    /// ones, each has its own. None is a change of the file of which no place is known.
    pub(super) fn of(&mut self, path: &Path, change: Option<&Change>) -> String {
        let first = hash(path, change, 0);
        let count = self.seen.entry(first).or_default();
        *count += 1;
        let hash = if *count == 1 { first } else { hash(path, change, *count) };
        format!("{hash:032x}")
    }
}

/// The text before and behind a change in its line, near it: a line can be as long as a file.
fn around(Change { source, text, start, .. }: &Change) -> (&str, &str) {
    const NEAR: usize = 120;
    let (before, rest) = text.split_at((*start).min(text.len()));
    let behind = rest.get(source.len()..).unwrap_or_default();
    let from = before.floor_char_boundary(before.len().saturating_sub(NEAR));
    (&before[from..], &behind[..behind.floor_char_boundary(NEAR)])
}

/// A hash that is the same in all versions of this program and on all machines.
fn hash(path: &Path, change: Option<&Change>, number: u64) -> u128 {
    let mut hasher = SipHasher13::new();
    let mut add = |text: &str| {
        hasher.write(text.as_bytes());
        // No text of a line has it.
        hasher.write_u8(b'\n');
    };
    add(&slashed(path));
    if let Some(change) = change {
        let Change { source, output, kind, part, .. } = change;
        let (before, behind) = around(change);
        let texts = [&*Kind::rule(*kind), source, output, before, behind, part.as_deref().unwrap_or_default()];
        texts.into_iter().for_each(&mut add);
    }
    hasher.write(&number.to_le_bytes());
    hasher.finish128().as_u128()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::changes::changes;

    #[test]
    fn a_fingerprint_is_of_the_line_and_not_of_its_number() {
        let of = |old: &str, new: &str| {
            let mut fingerprints = Fingerprints::default();
            let changes = changes(old, new, None, &[]);
            changes.iter().map(|change| fingerprints.of(Path::new("a"), Some(change))).collect::<Vec<_>>()
        };
        let one = of("头\n", "頭\n");
        assert_eq!(one, of("一\n头\n", "一\n頭\n"));
        assert_ne!(one, of("一头\n", "一頭\n"));
        let two = of("头\n头\n", "頭\n頭\n");
        assert!(two[0] == one[0] && two[1] != two[0]);
        // Fixed: findings keep their fingerprints when the program changes.
        assert_eq!(one, ["2ccbc3d4cdac2bfa69ee18b1141155ba"]);
    }
}
