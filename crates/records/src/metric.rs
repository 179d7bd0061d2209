//! Metrics of the texts of a record: the script, the counts of detection, and those of cleaning.

use fanjian::{Detection, detection_counts, named};

/// Makes the metrics, with one for each count of a detection.
macro_rules! metrics {
    ($($(#[$doc:meta])* $field:ident $count:ident $name:literal $description:literal [$($class:ident)?])*) => {
        named! {
            /// A metric of the texts of a record: their script, a count of [`Detection`], or a count of glosses.
            pub enum Metric: "metric" {
                /// The name of the [`Script`](fanjian::Script).
                Script "script" "the script",
                $(
                    #[doc = concat!("[`Detection::", stringify!($field), "`]: ", $description, ".")]
                    $count $name $description,
                )*
                /// Glosses made by a machine.
                Glosses "glosses" "glosses made by a machine",
                /// Damage by glosses that cannot be repaired.
                Unrepaired "unrepaired" "damage by glosses that cannot be repaired",
            }
        }

        impl Metric {
            /// Whether it is a count of [`Detection`].
            #[must_use]
            pub const fn is_score(self) -> bool {
                matches!(self, $(Metric::$count)|*)
            }
        }

        impl Metrics {
            pub(crate) fn value(&self, metric: Metric) -> Value {
                Value::Count(match metric {
                    Metric::Script => return Value::Name(self.detection.script().name()),
                    $(Metric::$count => self.detection.$field,)*
                    Metric::Glosses => self.glosses,
                    Metric::Unrepaired => self.unrepaired,
                })
            }
        }
    };
}

detection_counts!(metrics);

impl Metric {
    /// Whether it is a result of cleaning.
    pub(crate) fn is_of_cleaning(self) -> bool {
        matches!(self, Metric::Glosses | Metric::Unrepaired)
    }
}

/// The metrics of the texts of a record.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Metrics {
    pub(crate) detection: Detection,
    pub(crate) glosses: usize,
    pub(crate) unrepaired: usize,
}

/// The value of a metric.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Value {
    Name(&'static str),
    Count(usize),
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_count_of_a_detection_is_a_metric_of_its_name() {
        let metrics = Metrics {
            detection: fanjian::detect("党員干部的網絡の質素裡の発"), glosses: 3, unrepaired: 2
        };
        let counts: Vec<_> = metrics.detection.counts().collect();
        let scores: Vec<_> = Metric::ALL.iter().filter(|metric| metric.is_score()).collect();
        assert_eq!(counts.len(), scores.len());
        for ((name, count), &metric) in counts.into_iter().zip(scores) {
            assert_eq!((metric.name(), metrics.value(metric)), (name, Value::Count(count)));
        }
        assert_eq!(metrics.value(Metric::Unrepaired), Value::Count(2));
        let message = "unknown metric 'language'; expected one of script, characters, han, ";
        assert!("language".parse::<Metric>().unwrap_err().to_string().starts_with(message));
    }
}
