//! Counts of many texts by script, length and confidence, and the most suspicious ones, in bounded memory.

use std::{
    cmp::{Ordering, Reverse},
    collections::BinaryHeap,
};

use fanjian::{Detection, Script, Target};

/// The lower ends of the buckets of confidence, up to 1. Most texts are above 0.97: see `docs/detection.md`.
const CONFIDENCE: [f64; 6] = [0.0, LOW, 0.85, 0.97, 0.985, 0.992];
/// Texts with a lower confidence are suspicious. A region is only named from this probability on, so that they are mixed by one
/// or two characters, or of a region with some characters of the other script.
const LOW: f64 = 0.7;
/// How many powers of ten a length can have.
const POWERS: usize = 20;

/// A text, or a place of one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Place {
    pub(super) path: String,
    /// Of a record: its line, or its row, from 1.
    pub(super) line: Option<u64>,
    /// Of a record: the beginning of its texts.
    pub(super) beginning: String,
}

/// Why a text is suspicious.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reason {
    /// It is of another script or region than the path of its file says.
    OtherThanNamed(Target),
    MachineConverted,
    Mixed,
    LowConfidence,
}

impl Reason {
    /// The name of its kind.
    pub(super) fn name(self) -> &'static str {
        match self {
            Reason::OtherThanNamed(_) => "other_than_named",
            Reason::MachineConverted => "machine_converted",
            Reason::Mixed => "mixed",
            Reason::LowConfidence => "low_confidence",
        }
    }

    fn kind(self) -> usize {
        match self {
            Reason::OtherThanNamed(_) => 0,
            Reason::MachineConverted => 1,
            Reason::Mixed => 2,
            Reason::LowConfidence => 3,
        }
    }
}

/// A suspicious text.
#[derive(Clone, Debug)]
pub(super) struct Suspicious {
    pub(super) place: Place,
    pub(super) found: Detection,
    pub(super) reasons: Vec<Reason>,
    /// Which text it is, from 0.
    number: u64,
}

impl Suspicious {
    /// Those with graver reasons are first, of these the ones with more Chinese, of these the ones that came first.
    fn rank(&self) -> (usize, usize, Reverse<u64>) {
        let weight = self.reasons.iter().map(|reason| 8 >> reason.kind()).sum();
        (weight, self.found.han, Reverse(self.number))
    }
}

impl PartialEq for Suspicious {
    fn eq(&self, other: &Suspicious) -> bool {
        self.rank() == other.rank()
    }
}

impl Eq for Suspicious {}

impl PartialOrd for Suspicious {
    fn partial_cmp(&self, other: &Suspicious) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Suspicious {
    fn cmp(&self, other: &Suspicious) -> Ordering {
        self.rank().cmp(&other.rank())
    }
}

/// A count of texts, and of the Chinese characters in them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Count {
    pub(super) texts: u64,
    pub(super) han: u64,
}

/// The summary of many texts.
pub(super) struct Summary {
    /// Whether the texts are records, rather than files.
    pub(super) is_of_records: bool,
    pub(super) texts: u64,
    pub(super) characters: u64,
    pub(super) han: u64,
    /// Files that are no text.
    pub(super) binary: u64,
    /// Files that cannot be read, and records that are broken.
    pub(super) failed: u64,
    /// By script, in the order of [`Script`].
    pub(super) scripts: Vec<(Script, Count)>,
    /// By the power of ten of the length in characters. The first one is of empty texts.
    pub(super) lengths: [u64; POWERS + 1],
    /// By confidence. Texts without Chinese, and those without evidence, have none.
    pub(super) confidence: [u64; CONFIDENCE.len()],
    pub(super) machine_converted: Count,
    /// By the target that the path names: all texts, and those that are of another script.
    pub(super) named: Vec<(Target, u64, u64)>,
    pub(super) suspicious: u64,
    /// By [`Reason::name`]: a text may have several.
    pub(super) reasons: [u64; 4],
    top: usize,
    heap: BinaryHeap<Reverse<Suspicious>>,
}

/// The names of the reasons, in order.
pub(super) const REASONS: [Reason; 4] =
    [Reason::OtherThanNamed(Target::Traditional), Reason::MachineConverted, Reason::Mixed, Reason::LowConfidence];

impl Summary {
    /// An empty one, which lists at most `top` suspicious texts.
    pub(super) fn new(is_of_records: bool, top: usize) -> Summary {
        Summary {
            is_of_records,
            texts: 0,
            characters: 0,
            han: 0,
            binary: 0,
            failed: 0,
            scripts: <Script as fanjian::Named>::ALL.iter().map(|script| (*script, Count::default())).collect(),
            lengths: [0; POWERS + 1],
            confidence: [0; CONFIDENCE.len()],
            machine_converted: Count::default(),
            named: Vec::new(),
            suspicious: 0,
            reasons: [0; 4],
            top,
            heap: BinaryHeap::new(),
        }
    }

    /// Adds a text. `named` is the target that the path of its file names.
    pub(super) fn add(&mut self, found: Detection, named: Option<Target>, place: impl FnOnce() -> Place) {
        let number = self.texts;
        let script = found.script();
        let han = found.han as u64;
        self.texts += 1;
        self.characters += found.characters as u64;
        self.han += han;
        if let Some((_, count)) = self.scripts.iter_mut().find(|(known, _)| *known == script) {
            count.texts += 1;
            count.han += han;
        }
        self.lengths[power(found.characters)] += 1;
        if has_confidence(script) {
            let confidence = found.confidence();
            let bucket = CONFIDENCE.iter().rposition(|from| *from <= confidence).unwrap_or(0);
            self.confidence[bucket] += 1;
        }
        if found.is_machine_converted() {
            self.machine_converted.texts += 1;
            self.machine_converted.han += han;
        }
        let reasons = reasons(&found, named);
        if let Some(target) = named {
            let is_other = reasons.iter().any(|reason| matches!(reason, Reason::OtherThanNamed(_)));
            match self.named.iter_mut().find(|(known, ..)| *known == target) {
                Some((_, texts, others)) => {
                    *texts += 1;
                    *others += u64::from(is_other);
                }
                None => self.named.push((target, 1, u64::from(is_other))),
            }
        }
        if reasons.is_empty() {
            return;
        }
        self.suspicious += 1;
        for reason in &reasons {
            self.reasons[reason.kind()] += 1;
        }
        let place_holder = Place { path: String::new(), line: None, beginning: String::new() };
        let mut suspicious = Suspicious { place: place_holder, found, reasons, number };
        let is_full = self.heap.len() >= self.top;
        if is_full && self.heap.peek().is_none_or(|least| suspicious <= least.0) {
            return;
        }
        suspicious.place = place();
        if is_full {
            self.heap.pop();
        }
        self.heap.push(Reverse(suspicious));
    }

    /// The most suspicious texts, the worst first.
    pub(super) fn worst(&self) -> Vec<&Suspicious> {
        let mut worst: Vec<_> = self.heap.iter().map(|suspicious| &suspicious.0).collect();
        worst.sort_by(|one, other| other.cmp(one));
        worst
    }

    /// The buckets of length that have texts, and those between them: the least and the greatest length, and the texts.
    pub(super) fn by_length(&self) -> Vec<(u64, u64, u64)> {
        let first = self.lengths.iter().position(|&texts| texts > 0).unwrap_or(0);
        let last = self.lengths.iter().rposition(|&texts| texts > 0).map_or(0, |last| last + 1);
        let range = |power: usize| match power {
            0 => (0, 0),
            power => {
                let from = 10_u64.saturating_pow(power as u32 - 1);
                (from, from.saturating_mul(10).saturating_sub(1))
            }
        };
        let bucket = |power: usize| (range(power).0, range(power).1, self.lengths[power]);
        (first..last.max(first)).map(bucket).collect()
    }

    /// The buckets of confidence: from, to, and the texts. Empty if no text has a confidence.
    pub(super) fn by_confidence(&self) -> Vec<(f64, f64, u64)> {
        if self.confidence.iter().all(|&texts| texts == 0) {
            return Vec::new();
        }
        let ends = CONFIDENCE.iter().skip(1).copied().chain([1.0]);
        CONFIDENCE.iter().zip(ends).zip(self.confidence).map(|((&from, to), texts)| (from, to, texts)).collect()
    }
}

/// 0 for an empty text, 1 for up to 9 characters, 2 for up to 99.
fn power(characters: usize) -> usize {
    characters.checked_ilog10().map_or(0, |log| log as usize + 1).min(POWERS)
}

fn has_confidence(script: Script) -> bool {
    !matches!(script, Script::NotChinese | Script::Undecided | Script::Japanese)
}

/// Why a text is suspicious, the gravest reason first. Empty if it is not.
fn reasons(found: &Detection, named: Option<Target>) -> Vec<Reason> {
    let script = found.script();
    let mut reasons = Vec::new();
    if let Some(target) = named.filter(|target| has_confidence(script) && !is_of(script, *target)) {
        reasons.push(Reason::OtherThanNamed(target));
    }
    if found.is_machine_converted() {
        reasons.push(Reason::MachineConverted);
    }
    if script == Script::Mixed {
        reasons.push(Reason::Mixed);
    }
    if has_confidence(script) && found.confidence() < LOW {
        reasons.push(Reason::LowConfidence);
    }
    reasons
}

/// Whether text of a script can be of a target. Mixed text is suspicious by itself, whatever the path says.
fn is_of(script: Script, target: Target) -> bool {
    match target {
        _ if script == Script::Mixed => true,
        Target::Simplified => script == Script::Simplified,
        Target::Taiwan => matches!(script, Script::Taiwan | Script::Traditional),
        Target::HongKong => matches!(script, Script::HongKong | Script::Traditional),
        _ => script.is_traditional(),
    }
}

#[cfg(test)]
mod tests {
    use fanjian::detect;
    use proptest::prelude::*;

    use super::*;

    fn place(number: usize) -> Place {
        Place { path: number.to_string(), line: None, beginning: String::new() }
    }

    #[test]
    fn texts_are_suspicious_for_what_they_are_and_for_what_their_path_says() {
        let names = |text: &str, named: Option<Target>| {
            reasons(&detect(text), named).into_iter().map(Reason::name).collect::<Vec<_>>()
        };
        assert!(names("我们的头发", None).is_empty());
        assert!(names("我们的头发", Some(Target::Simplified)).is_empty());
        assert_eq!(names("我们的头发", Some(Target::Taiwan)), ["other_than_named"]);
        assert_eq!(names("我們心裏", Some(Target::Taiwan)), ["other_than_named"]);
        assert!(names("我們的頭髮", Some(Target::Taiwan)).is_empty());
        assert!(names("一二三", Some(Target::Taiwan)).is_empty());
        assert_eq!(names("我们的頭髮", Some(Target::Taiwan)), ["mixed", "low_confidence"]);
        assert_eq!(names("黨員干部", None), ["machine_converted"]);
    }

    #[test]
    fn lengths_are_in_powers_of_ten() {
        let mut summary = Summary::new(false, 3);
        for length in [1, 9, 10, 100_000] {
            summary.add(detect(&"a".repeat(length)), None, || place(0));
        }
        assert_eq!(
            summary.by_length(),
            [(1, 9, 2), (10, 99, 1), (100, 999, 0), (1000, 9999, 0), (10_000, 99_999, 0), (100_000, 999_999, 1)]
        );
        assert!(summary.by_confidence().is_empty() && Summary::new(true, 0).by_length().is_empty());
    }

    proptest! {
        #[test]
        fn the_worst_are_those_of_a_sorted_list(lengths in prop::collection::vec(1_usize..9, 0..40), top in 0_usize..9) {
            let mut summary = Summary::new(false, top);
            for (number, length) in lengths.iter().enumerate() {
                summary.add(detect(&"头髮".repeat(*length)), None, || place(number));
            }
            let mut sorted: Vec<_> = lengths.iter().enumerate().collect();
            // Those with one pair are less certain.
            sorted.sort_by_key(|(number, length)| (**length >= 3, Reverse(**length), *number));
            let expected: Vec<_> = sorted.iter().take(top).map(|(number, _)| number.to_string()).collect();
            let worst: Vec<_> = summary.worst().iter().map(|suspicious| suspicious.place.path.clone()).collect();
            prop_assert_eq!(worst, expected);
            prop_assert_eq!(summary.suspicious, lengths.len() as u64);
        }
    }
}
