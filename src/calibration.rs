//! How often a target's choice is right, by how clear it was.

use std::sync::OnceLock;

use fanjian_context::Candidate;

/// What `cargo train calibration` measured, with how and when.
const TABLE: &str = include_str!("../models/calibration.toml");

/// The least margin of a bucket, and the probability that a choice of such a margin is wrong.
type Bucket = (i32, f64);

/// The buckets of the table, in the order of their margins.
fn buckets() -> &'static [Bucket] {
    static BUCKETS: OnceLock<Vec<Bucket>> = OnceLock::new();
    BUCKETS.get_or_init(|| read(TABLE))
}

fn read(table: &str) -> Vec<Bucket> {
    let values = |name: &'static str| {
        let value =
            move |line: &str| line.strip_prefix(name)?.trim_start().strip_prefix('=')?.trim().parse::<f64>().ok();
        table.lines().filter_map(value)
    };
    values("from").map(|from| from as i32).zip(values("probability")).collect()
}

/// By how much the choice of `output` for `key` could have been missed: how much higher it scores than the best candidate of
/// another text. `bonus` is what the character itself has in advance.
pub(crate) fn margin(key: &str, output: &str, candidates: &[Candidate], bonus: i32) -> Option<i32> {
    let score = |candidate: &Candidate| candidate.score.saturating_add(if candidate.text == key { bonus } else { 0 });
    let best = |is_chosen: bool| {
        let of = candidates.iter().filter(|candidate| (candidate.text == output) == is_chosen);
        of.map(score).max()
    };
    Some(best(true)?.saturating_sub(best(false)?).max(0))
}

/// The probability that a choice of this margin is right.
pub(crate) fn confidence(margin: i32) -> f64 {
    let buckets = buckets();
    let next = buckets.partition_point(|&(from, _)| from <= margin);
    1.0 - buckets.get(next.saturating_sub(1)).map_or(0.0, |&(_, wrong)| wrong)
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
        assert!((confidence(3) - (1.0 - buckets[0].1)).abs() < 1e-9 && confidence(3) < confidence(i32::MAX));
    }
}
