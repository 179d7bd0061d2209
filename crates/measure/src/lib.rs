//! Shared parts of the measuring programs: bar charts, child processes that answer in JSON, and medians.

pub mod chart;
mod process;

pub use process::JsonProcess;

/// An error of a measuring program is only ever printed.
pub type Result<T> = std::result::Result<T, Box<dyn std::error::Error>>;

/// The median of at least one value; of an even number of values, the mean of the two in the middle.
pub fn median(values: &[f64]) -> f64 {
    let mut values = values.to_vec();
    values.sort_by(f64::total_cmp);
    let middle = values.len() / 2;
    if values.len() % 2 == 1 { values[middle] } else { (values[middle - 1] + values[middle]) / 2.0 }
}

#[cfg(test)]
mod tests {
    use super::median;

    #[test]
    fn the_median_is_the_middle_value_or_the_mean_of_two() {
        assert_eq!(median(&[3.0, 1.0, 2.0]), 2.0);
        assert_eq!(median(&[4.0, 1.0, 3.0, 2.0]), 2.5);
    }
}
