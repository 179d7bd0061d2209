//! How often a decision is wrong, by how much its candidate scores higher than the next one.

use std::fmt;

/// A decision whose outcome is known, or that stands for others like it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Outcome {
    /// How much higher its candidate scores than the next one.
    pub margin: i32,
    /// How many decisions of a text it stands for.
    pub places: f64,
    /// Whether its candidate is not right.
    pub is_wrong: bool,
}

/// The margins from one on, up to those of the next.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Bucket {
    /// The least margin.
    pub from: i32,
    /// How many decisions of a text have these margins.
    pub places: f64,
    /// How many of these are wrong.
    pub wrong: f64,
    /// The probability that one is wrong: `wrong` of `places`, where that does not grow with the margin; else that of the
    /// buckets together that it grows over (isotonic regression).
    pub probability: f64,
}

/// What margins say of the probability that a decision is wrong.
#[derive(Clone, Debug, PartialEq)]
pub struct Calibration {
    /// In the order of their margins.
    pub buckets: [Bucket; STARTS.len()],
}

/// Where the buckets begin.
const STARTS: [i32; 12] = [0, 5, 10, 15, 20, 30, 40, 60, 80, 100, 150, 200];

impl Calibration {
    /// Of decisions, the same in any order but for rounding.
    pub fn new(outcomes: &[Outcome]) -> Calibration {
        let mut buckets = STARTS.map(|from| Bucket { from, ..Bucket::default() });
        for outcome in outcomes {
            let place = STARTS.partition_point(|&from| from <= outcome.margin).saturating_sub(1);
            buckets[place].places += outcome.places;
            buckets[place].wrong += if outcome.is_wrong { outcome.places } else { 0.0 };
        }
        fall(&mut buckets);
        Calibration { buckets }
    }
}

/// Sets the probabilities, so that none is above that of a smaller margin.
fn fall(buckets: &mut [Bucket]) {
    // Runs of buckets that have one probability: their places, their wrong ones, and how many buckets they are.
    let mut runs: Vec<(f64, f64, usize)> = Vec::new();
    let share = |&(places, wrong, _): &(f64, f64, usize)| if places > 0.0 { wrong / places } else { 0.0 };
    for bucket in buckets.iter() {
        runs.push((bucket.places, bucket.wrong, 1));
        while let [.., before, last] = runs[..]
            && share(&last) > share(&before)
        {
            runs.truncate(runs.len() - 2);
            runs.push((before.0 + last.0, before.1 + last.1, before.2 + last.2));
        }
    }
    let shares = runs.iter().flat_map(|run| std::iter::repeat_n(share(run), run.2));
    for (bucket, share) in buckets.iter_mut().zip(shares) {
        bucket.probability = share;
    }
}

/// As TOML.
impl fmt::Display for Calibration {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (number, Bucket { from, places, wrong, probability }) in self.buckets.iter().enumerate() {
            if number > 0 {
                writeln!(f)?;
            }
            let share = if *places > 0.0 { wrong / places } else { 0.0 };
            writeln!(
                f,
                "[[bucket]]\nfrom = {from}\nplaces = {places:.0}\nwrong = {wrong:.0}\nshare = {share:.5}\n\
                 probability = {probability:.5}"
            )?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn outcome(margin: i32, places: f64, is_wrong: bool) -> Outcome {
        Outcome { margin, places, is_wrong }
    }

    #[test]
    fn probabilities_fall_and_keep_the_number_of_errors() {
        let outcomes = [
            outcome(2, 6.0, true),
            outcome(3, 4.0, false),
            outcome(7, 1.0, true),
            outcome(7, 9.0, false),
            outcome(12, 3.0, true),
            outcome(12, 7.0, false),
            outcome(500, 90.0, false),
        ];
        let Calibration { buckets } = Calibration::new(&outcomes);
        assert_eq!(buckets[..3].iter().map(|bucket| bucket.probability).collect::<Vec<_>>(), [0.6, 0.2, 0.2]);
        assert!(buckets.is_sorted_by(|one, other| one.probability >= other.probability));
        let wrong: f64 = buckets.iter().map(|bucket| bucket.probability * bucket.places).sum();
        assert!((wrong - 10.0).abs() < 1e-9, "{wrong}");
        assert_eq!(buckets[STARTS.len() - 1].places, 90.0);
    }
}
