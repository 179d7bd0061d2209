//! What a text has shown of its script so far: it decides about segments that do not show any.

use crate::characters::flags;

/// How many segments are remembered.
const REMEMBERED: u8 = 16;

/// Which script the last segments of a text were of, of those that show one: at most 16 of them.
///
/// It is about one target: whether they were of the target's script or of the other one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct ScriptHistory {
    /// A bit for each segment, the last one lowest: 1 for one of the other script.
    foreign: u16,
    /// How many are known.
    len: u8,
}

impl ScriptHistory {
    /// Goes on with a segment whose characters have these flags. One with both scripts says nothing.
    #[inline]
    pub(crate) fn push(&mut self, seen: u16) {
        let foreign = match (seen & flags::FOREIGN != 0, seen & flags::NATIVE != 0) {
            (true, false) => 1,
            (false, true) => 0,
            _ => return,
        };
        self.foreign = self.foreign << 1 | foreign;
        self.len = REMEMBERED.min(self.len + 1);
    }

    /// The history of two parts of a text, of which this is the first one's.
    #[must_use]
    pub fn followed_by(self, next: ScriptHistory) -> ScriptHistory {
        let before = self.foreign.checked_shl(next.len.into()).unwrap_or(0);
        ScriptHistory { foreign: before | next.foreign, len: REMEMBERED.min(self.len + next.len) }
    }

    /// Whether what came before does not matter any more.
    pub fn is_full(self) -> bool {
        self.len == REMEMBERED
    }

    /// Whether the text has been of the other script: at least four of five segments. None if it has been of neither so
    /// clearly.
    ///
    /// A conversion leaves no segment of the other script, and those of the target's script are what they were: the second
    /// time, a text that was of the target's script here is so again.
    pub(crate) fn is_foreign(self) -> Option<bool> {
        let foreign = self.foreign.count_ones();
        let native = u32::from(self.len) - foreign;
        match (foreign, native) {
            (0, 0) => None,
            _ if foreign >= 4 * native => Some(true),
            _ if native >= 4 * foreign => Some(false),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn history(segments: &str) -> ScriptHistory {
        let mut history = ScriptHistory::default();
        for segment in segments.chars() {
            history.push(match segment {
                'f' => flags::FOREIGN,
                'n' => flags::NATIVE,
                'b' => flags::FOREIGN | flags::NATIVE,
                _ => 0,
            });
        }
        history
    }

    #[test]
    fn most_of_the_last_segments_decide() {
        for (segments, expected) in [
            ("", None),
            ("b--", None),
            ("f", Some(true)),
            ("--n-", Some(false)),
            ("fn", None),
            ("ffffn", Some(true)),
            ("fffnn", None),
            ("fnnnn", Some(false)),
            ("ffffffffffffffffffffnnnn", None),
            ("ffffffffffffffffffffnnnnnnnnnnnnnn", Some(false)),
        ] {
            assert_eq!(history(segments).is_foreign(), expected, "{segments}");
        }
    }

    #[test]
    fn two_parts_have_the_history_of_the_whole() {
        let segments = "ffnb-fnnnf-nnnnnnnnnfffbfffnfffffff-ffffff";
        for cut in 0..=segments.len() {
            let (before, behind) = segments.split_at(cut);
            assert_eq!(history(before).followed_by(history(behind)), history(segments), "{cut}");
        }
        assert!(history(segments).is_full() && !history("fff").is_full());
    }
}
