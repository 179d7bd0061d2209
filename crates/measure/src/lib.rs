//! Shared parts of the measuring programs: bar charts, child processes that answer in JSON, medians, and numbers as text.

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

/// A number with commas between thousands; one below a hundred that is not whole, with three significant digits.
pub fn grouped(number: f64) -> String {
    if number < 100.0 && number.fract() != 0.0 {
        return format!("{number:.*}", if number < 10.0 { 2 } else { 1 });
    }
    let digits = format!("{number:.0}");
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::{grouped, median};

    #[test]
    fn the_median_is_the_middle_value_or_the_mean_of_two() {
        assert_eq!(median(&[3.0, 1.0, 2.0]), 2.0);
        assert_eq!(median(&[4.0, 1.0, 3.0, 2.0]), 2.5);
    }

    #[test]
    fn thousands_are_grouped() {
        assert_eq!([1_234_567.4, 999.6, 100.0, 45.67, 1.0].map(grouped), ["1,234,567", "1,000", "100", "45.7", "1"]);
    }
}
