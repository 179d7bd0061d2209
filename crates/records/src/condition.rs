//! Conditions on the metrics of a record.

use std::{cmp::Ordering, fmt, str::FromStr};

use fanjian::{Detection, Error, ErrorKind, Script, named};

use crate::metric::{Metric, Metrics, Value};

/// A condition on a [`Metric`] by which records are kept.
///
/// `script=hant,mixed` is true if the script is one of these, and `script!=japanese` if it is none of them. Scripts have
/// their [`name`](Script::name); in addition, `hant` is Traditional of any region, and `hans` is Simplified. Counts are compared
/// with a number by `=`, `!=`, `<`, `<=`, `>` or `>=`: `han>=20`, `glosses=0`.
///
/// ```
/// use fanjian_records::Condition;
///
/// let condition: Condition = "script=hant,mixed".parse().unwrap();
/// assert_eq!(condition.to_string(), "script=hant,mixed");
/// assert!("script=klingon".parse::<Condition>().is_err());
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Condition {
    metric: Metric,
    test: Test,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Test {
    Script { names: Vec<String>, is_negated: bool },
    Count { relation: &'static str, number: usize },
}

/// Longer ones first: `<=` begins with `<`.
const RELATIONS: [&str; 6] = ["!=", "<=", ">=", "<", ">", "="];

/// Whether a name in a condition includes a script.
fn includes(name: &str, script: Script) -> bool {
    match name {
        "hans" => script == Script::Simplified,
        "hant" => script.is_traditional(),
        name => name == script.name(),
    }
}

impl Condition {
    /// Whether it is true of a text with this detection, this number of glosses that a machine made, and this number of
    /// damages by them that cannot be repaired.
    ///
    /// ```
    /// use fanjian_records::Condition;
    ///
    /// let condition: Condition = "han>=2".parse().unwrap();
    /// assert!(condition.is_met(&fanjian::detect("头发"), 0, 0));
    /// ```
    #[must_use]
    pub fn is_met(&self, detection: &Detection, glosses: usize, unrepaired: usize) -> bool {
        self.holds(&Metrics { detection: *detection, glosses, unrepaired })
    }

    /// Whether it is about glosses, and not about the script or the characters.
    #[must_use]
    pub fn is_of_cleaning(&self) -> bool {
        self.metric.is_of_cleaning()
    }

    pub(crate) fn metric(&self) -> Metric {
        self.metric
    }

    /// Whether it is true for a record.
    pub(crate) fn holds(&self, metrics: &Metrics) -> bool {
        match &self.test {
            Test::Script { names, is_negated } => {
                let script = metrics.detection.script();
                names.iter().any(|name| includes(name, script)) != *is_negated
            }
            Test::Count { relation, number } => {
                let Value::Count(count) = metrics.value(self.metric) else { return false };
                match count.cmp(number) {
                    Ordering::Less => ["!=", "<", "<="].contains(relation),
                    Ordering::Equal => ["=", "<=", ">="].contains(relation),
                    Ordering::Greater => ["!=", ">", ">="].contains(relation),
                }
            }
        }
    }
}

impl FromStr for Condition {
    type Err = Error;

    fn from_str(condition: &str) -> Result<Condition, Error> {
        let invalid =
            |why: &str| Error::new(ErrorKind::Syntax, format!("'{condition}' is not a valid condition: {why}"));
        let at = condition.find(['!', '<', '>', '=']);
        let at = at.ok_or_else(|| invalid("expected METRIC=VALUE, such as script=hant,mixed or han>=20"))?;
        let (metric, rest) = condition.split_at(at);
        let relation = RELATIONS.into_iter().find(|relation| rest.starts_with(relation));
        let relation = relation.ok_or_else(|| invalid(&format!("expected one of {}", RELATIONS.join(", "))))?;
        let metric: Metric = metric.trim().parse()?;
        let values = rest[relation.len()..].trim();
        if metric != Metric::Script {
            let number = values.parse().map_err(|_| invalid(&format!("'{values}' is not a number")))?;
            return Ok(Condition { metric, test: Test::Count { relation, number } });
        }
        if !["=", "!="].contains(&relation) {
            return Err(invalid("a script can only be compared by = and !="));
        }
        let names: Vec<_> = values.split(',').map(|name| name.trim().to_owned()).collect();
        if let Some(name) = names.iter().find(|name| !Script::ALL.iter().any(|&script| includes(name, script))) {
            let known = ["hans", "hant"].into_iter().chain(Script::ALL.iter().map(|script| script.name()));
            return Err(named::unknown("script", name, known));
        }
        Ok(Condition { metric, test: Test::Script { names, is_negated: relation == "!=" } })
    }
}

serde_as_text!(Condition);

impl fmt::Display for Condition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.test {
            Test::Script { names, is_negated } => {
                write!(f, "{}{}{}", self.metric, if *is_negated { "!=" } else { "=" }, names.join(","))
            }
            Test::Count { relation, number } => write!(f, "{}{relation}{number}", self.metric),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use fanjian::detect;

    fn holds(condition: &str, text: &str) -> bool {
        let metrics = Metrics { detection: detect(text), ..Metrics::default() };
        condition.parse::<Condition>().unwrap().holds(&metrics)
    }

    #[test]
    fn scripts_and_counts_are_compared() {
        for (condition, texts, others) in [
            ("script=hant", ["頭髮", "頭髮裡"].as_slice(), ["头发", "头髮", "a"].as_slice()),
            ("script=traditional", &["頭髮"], &["頭髮裡"]),
            ("script=hans,mixed", &["头发", "头髮"], &["頭髮"]),
            ("script!=hans", &["頭髮", "a"], &["头发"]),
            ("han>=2", &["头发", "头发白"], &["头", ""]),
            ("han!=2", &["头", "头发白"], &["头发"]),
            ("han<2", &["头"], &["头发"]),
        ] {
            for text in texts {
                assert!(holds(condition, text), "{condition} {text}");
            }
            for text in others {
                assert!(!holds(condition, text), "{condition} {text}");
            }
        }
    }

    #[test]
    fn an_invalid_condition_is_an_error_with_the_alternatives() {
        for (condition, message) in [
            ("script", "'script' is not a valid condition: expected METRIC=VALUE"),
            ("script>hant", "a script can only be compared by = and !="),
            ("script=hant,elvish", "unknown script 'elvish'; expected one of hans, hant, simplified"),
            ("han>=many", "'many' is not a number"),
            ("language=zh", "unknown metric 'language'; expected one of script"),
            ("han!2", "expected one of !=, <=, >="),
        ] {
            let error = condition.parse::<Condition>().unwrap_err().to_string();
            assert!(error.contains(message), "{error}");
        }
    }
}
