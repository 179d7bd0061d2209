//! How probable it is that a decision by context is right: by its lead, as it was measured.

use std::sync::OnceLock;

use fanjian_context::Target;

use crate::segments::{Decision, Step};

/// What `cargo train calibration` measured: for each range of leads, the share of decisions that were wrong.
static CALIBRATION: &str = include_str!("../models/calibration.toml");

/// The lead from which on each probability of an error counts, the greatest lead last.
fn errors() -> &'static [(i32, f64)] {
    static ERRORS: OnceLock<Vec<(i32, f64)>> = OnceLock::new();
    ERRORS.get_or_init(|| {
        let value = |line: &'static str, name: &str| line.strip_prefix(name)?.trim().strip_prefix('=').map(str::trim);
        let mut errors = Vec::new();
        let mut from = 0;
        for line in CALIBRATION.lines() {
            if let Some(lead) = value(line, "from") {
                from = lead.parse().unwrap_or(from);
            } else if let Some(error) = value(line, "probability").and_then(|error| error.parse().ok()) {
                errors.push((from, error));
            }
        }
        errors
    })
}

/// The probability that a decision with this lead is right, from 0 to 1.
fn probability(lead: i32) -> f64 {
    let known = errors().iter().take_while(|&&(from, _)| from <= lead);
    1.0 - known.last().map_or(0.0, |&(_, error)| error)
}

impl Decision {
    /// How much higher the chosen candidate scores than the best other one, where a target chose by context. Below 0: the
    /// character stayed as it was written, since another one did not score higher by the [margin](Step::Choice).
    ///
    /// None for other steps, and where there is no other candidate.
    #[must_use]
    pub fn lead(&self) -> Option<i32> {
        let (chosen, others) = self.candidates.split_first().filter(|_| matches!(self.step, Step::Choice { .. }))?;
        others.iter().map(|other| other.score).max().map(|best| chosen.score - best)
    }

    /// The probability that a choice by context is right, from 0 to 1: the share of right ones among choices with such a
    /// [lead](Self::lead) in native Simplified text, as `models/calibration.toml` has it. Both spellings of a doublet count as
    /// right there.
    ///
    /// None for other steps, for a character that stayed although another one scored higher, and for
    /// [`Target::Simplified`](crate::Target::Simplified) and without the feature `model`, for which nothing was measured.
    ///
    /// ```
    /// use fanjian::{Converter, Target};
    ///
    /// let segments = Converter::for_target(Target::Taiwan).segments("头发");
    /// let choice = &segments[1].decisions[0];
    /// assert_eq!((choice.key.as_str(), choice.value.as_str()), ("发", "髮"));
    /// assert!(choice.probability().unwrap() > 0.99);
    /// ```
    #[must_use]
    pub fn probability(&self) -> Option<f64> {
        let is_measured = cfg!(feature = "model") && self.dictionary != Target::Simplified.tag();
        self.lead().filter(|&lead| lead >= 0 && is_measured).map(probability)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_greater_lead_is_never_less_probable() {
        let errors = errors();
        assert!(errors.len() > 5 && errors[0].0 == 0);
        assert!(errors.windows(2).all(|pair| pair[0].0 < pair[1].0 && pair[0].1 >= pair[1].1));
        assert!((0.0..0.5).contains(&errors[0].1) && probability(0) < probability(100));
        assert!((probability(1_000_000) - 1.0).abs() < 0.001);
    }
}
