//! How probable it is that a target's choice is right: by how clear it was, as measured.

use std::sync::OnceLock;

use crate::segments::{Decision, Step};

/// What `cargo train calibration` measured, with how and when.
const TABLE: &str = include_str!("../models/calibration.toml");

/// The least lead of a bucket, and the probability that a choice with such a lead is wrong.
type Bucket = (i32, f64);

/// The buckets of the table, in the order of their leads.
fn buckets() -> &'static [Bucket] {
    static BUCKETS: OnceLock<Vec<Bucket>> = OnceLock::new();
    BUCKETS.get_or_init(|| {
        let values = |name: &'static str| {
            let value =
                move |line: &str| line.strip_prefix(name)?.trim_start().strip_prefix('=')?.trim().parse::<f64>().ok();
            TABLE.lines().filter_map(value)
        };
        values("from").map(|from| from as i32).zip(values("probability")).collect()
    })
}

/// The probability that a choice with this lead is right.
fn probability(lead: i32) -> f64 {
    let buckets = buckets();
    let next = buckets.partition_point(|&(from, _)| from <= lead);
    1.0 - buckets.get(next.saturating_sub(1)).map_or(0.0, |&(_, wrong)| wrong)
}

impl Decision {
    /// By how much a target's choice could have been missed: how much higher the chosen candidate scores than the best other
    /// one, from 0, with what a character has in advance that may be right already (the margin of [`Step::Choice`]). None for
    /// decisions that are no choice, or of one candidate.
    #[must_use]
    pub fn lead(&self) -> Option<i32> {
        let Step::Choice { margin } = self.step else { return None };
        let best = |is_chosen: bool| {
            let of = self.candidates.iter().filter(|candidate| (candidate.text == self.value) == is_chosen);
            of.map(|one| one.score.saturating_add(if one.text == self.key { margin } else { 0 })).max()
        };
        Some(best(true)?.saturating_sub(best(false)?).max(0))
    }

    /// The probability that a target's choice is right, from 0 to 1: the share of choices with such a [lead](Self::lead) that
    /// were right in Simplified texts that were labelled by reading. Both spellings of a doublet count as right there. None for
    /// decisions that are no choice or of one candidate, and without the feature `model`, for which nothing was measured.
    ///
    /// The table is `models/calibration.toml`, measured by `cargo train calibration` of conversions to Traditional; for
    /// [`Target::Simplified`](crate::Target::Simplified) it is an estimate.
    ///
    /// ```
    /// use fanjian::{Converter, Target};
    ///
    /// let segments = Converter::for_target(Target::Taiwan).segments("头发");
    /// let choice = &segments[1].decisions[0];
    /// assert_eq!((choice.key.as_str(), choice.value.as_str()), ("发", "髮"));
    /// # #[cfg(feature = "model")]
    /// assert!(choice.probability().unwrap() > 0.99);
    /// ```
    #[must_use]
    pub fn probability(&self) -> Option<f64> {
        self.lead().filter(|_| cfg!(feature = "model")).map(probability)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_whole_and_a_clearer_choice_is_no_less_often_right() {
        let buckets = buckets();
        assert_eq!(buckets.len(), TABLE.matches("[[bucket]]").count());
        assert!(buckets.len() > 5 && buckets[0].0 == 0);
        assert!(buckets.is_sorted_by(|one, next| one.0 < next.0 && one.1 >= next.1), "{buckets:?}");
        assert!(buckets.iter().all(|&(_, wrong)| (0.0..=0.6).contains(&wrong)), "{buckets:?}");
        assert!((probability(3) - (1.0 - buckets[0].1)).abs() < 1e-9 && probability(3) < probability(i32::MAX));
    }
}
