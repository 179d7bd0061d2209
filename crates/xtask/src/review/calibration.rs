//! The table of `docs/review.md`: how often a choice is wrong, by how clear it was.

use std::fs;

use import::{Result, root};
use serde::Deserialize;

use crate::generated;

/// What `cargo train calibration` writes.
#[derive(Deserialize)]
pub(crate) struct Calibration {
    pub(crate) bucket: Vec<Bucket>,
}

/// Choices with leads from `from` on, up to the next bucket.
#[derive(Deserialize)]
pub(crate) struct Bucket {
    pub(crate) from: i32,
    pub(crate) places: f64,
    pub(crate) wrong: f64,
    /// The share that is wrong as it was counted.
    pub(crate) share: f64,
    /// The share that is expected.
    pub(crate) probability: f64,
}

/// Writes the table, or with `check` only compares.
pub(crate) fn generate(check: bool) -> Result<()> {
    let calibration: Calibration = toml::from_str(&fs::read_to_string(root().join("models/calibration.toml"))?)?;
    generated::between_marks("docs/review.md", "calibration", &table(&calibration.bucket), check)
}

fn table(buckets: &[Bucket]) -> String {
    let all: f64 = buckets.iter().map(|bucket| bucket.places).sum();
    let wrong: f64 = buckets.iter().map(|bucket| bucket.wrong).sum();
    let mut table = "| lead | places | of these wrong | `probability` | places up to here | errors up to here |\n\
                     |---|--:|--:|--:|--:|--:|\n"
        .to_owned();
    let (mut places_so_far, mut wrong_so_far) = (0.0, 0.0);
    for (number, bucket) in buckets.iter().enumerate() {
        places_so_far += bucket.places;
        wrong_so_far += bucket.wrong;
        let leads = match buckets.get(number + 1) {
            Some(next) => format!("{} to {}", bucket.from, next.from - 1),
            None => format!("{} and more", bucket.from),
        };
        let share = 100.0 * bucket.wrong / bucket.places.max(1.0);
        let (places, errors) = (100.0 * places_so_far / all, 100.0 * wrong_so_far / wrong.max(1.0));
        table += &format!(
            "| {leads} | {} | {share:.2} % | {:.4} | {places:.1} % | {errors:.1} % |\n",
            measure::grouped(bucket.places),
            1.0 - bucket.probability
        );
    }
    table
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_has_a_row_for_each_bucket() {
        let bucket =
            |from, places, wrong, probability| Bucket { from, places, wrong, share: wrong / places, probability };
        let table = table(&[bucket(0, 1000.0, 60.0, 0.06), bucket(5, 3000.0, 20.0, 0.006)]);
        let rows: Vec<_> = table.lines().skip(2).collect();
        assert_eq!(rows[0], "| 0 to 4 | 1,000 | 6.00 % | 0.9400 | 25.0 % | 75.0 % |");
        assert_eq!(rows[1], "| 5 and more | 3,000 | 0.67 % | 0.9940 | 100.0 % | 100.0 % |");
    }
}
