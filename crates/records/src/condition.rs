//! What is found in the texts of a record, and which records are kept by it.

use std::{cmp::Ordering, fmt, str::FromStr};

use fanjian::{Detection, Error, ErrorKind, Script};

/// Something that is found in the texts of a record: their script, or a count. The counts are those of [`Detection`], and
/// those of glosses that a machine made and of damage by them that cannot be undone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Metric {
    /// The name of the [`Script`].
    Script,
    /// [`Detection::characters`].
    Characters,
    /// [`Detection::han`].
    Han,
    /// [`Detection::simplified`].
    Simplified,
    /// [`Detection::traditional`].
    Traditional,
    /// [`Detection::taiwan`].
    Taiwan,
    /// [`Detection::hong_kong`].
    HongKong,
    /// [`Detection::standard`].
    Standard,
    /// [`Detection::kana`].
    Kana,
    /// [`Detection::shinjitai`].
    Shinjitai,
    /// [`Detection::forms`].
    Forms,
    /// [`Detection::taiwan_words`].
    TaiwanWords,
    /// [`Detection::hong_kong_words`].
    HongKongWords,
    /// [`Detection::converted`].
    Converted,
    /// [`Detection::not_japanese`].
    NotJapanese,
    /// Glosses that a machine made.
    Glosses,
    /// Damage by glosses that cannot be undone.
    Orphans,
}

impl Metric {
    /// All of them.
    pub const ALL: [Metric; 17] = [
        Metric::Script,
        Metric::Characters,
        Metric::Han,
        Metric::Simplified,
        Metric::Traditional,
        Metric::Taiwan,
        Metric::HongKong,
        Metric::Standard,
        Metric::Kana,
        Metric::Shinjitai,
        Metric::Forms,
        Metric::TaiwanWords,
        Metric::HongKongWords,
        Metric::Converted,
        Metric::NotJapanese,
        Metric::Glosses,
        Metric::Orphans,
    ];

    /// Its name, such as `hong_kong`.
    pub fn name(self) -> &'static str {
        match self {
            Metric::Script => "script",
            Metric::Characters => "characters",
            Metric::Han => "han",
            Metric::Simplified => "simplified",
            Metric::Traditional => "traditional",
            Metric::Taiwan => "taiwan",
            Metric::HongKong => "hong_kong",
            Metric::Standard => "standard",
            Metric::Kana => "kana",
            Metric::Shinjitai => "shinjitai",
            Metric::Forms => "forms",
            Metric::TaiwanWords => "taiwan_words",
            Metric::HongKongWords => "hong_kong_words",
            Metric::Converted => "converted",
            Metric::NotJapanese => "not_japanese",
            Metric::Glosses => "glosses",
            Metric::Orphans => "unrepaired",
        }
    }

    /// Whether it is a count of characters that speak for a script.
    pub fn is_score(self) -> bool {
        !matches!(self, Metric::Script | Metric::Glosses | Metric::Orphans)
    }

    /// Whether it is found by looking for glosses.
    pub(crate) fn is_of_glosses(self) -> bool {
        matches!(self, Metric::Glosses | Metric::Orphans)
    }
}

impl fmt::Display for Metric {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl FromStr for Metric {
    type Err = Error;

    fn from_str(name: &str) -> Result<Metric, Error> {
        let found = Metric::ALL.into_iter().find(|fact| fact.name() == name);
        let names = Metric::ALL.map(Metric::name).join(", ");
        let wrong = || Error::new(ErrorKind::NotFound, format!("'{name}' is nothing that is found; there are {names}"));
        found.ok_or_else(wrong)
    }
}

/// What was found in the texts of a record.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Metrics {
    pub(crate) detection: Detection,
    pub(crate) glosses: usize,
    pub(crate) unrepaired: usize,
}

/// A fact's value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Value {
    Name(&'static str),
    Count(usize),
}

impl Metrics {
    pub(crate) fn value(&self, fact: Metric) -> Value {
        let found = &self.detection;
        Value::Count(match fact {
            Metric::Script => return Value::Name(found.script().name()),
            Metric::Characters => found.characters,
            Metric::Han => found.han,
            Metric::Simplified => found.simplified,
            Metric::Traditional => found.traditional,
            Metric::Taiwan => found.taiwan,
            Metric::HongKong => found.hong_kong,
            Metric::Standard => found.standard,
            Metric::Kana => found.kana,
            Metric::Shinjitai => found.shinjitai,
            Metric::Forms => found.forms,
            Metric::TaiwanWords => found.taiwan_words,
            Metric::HongKongWords => found.hong_kong_words,
            Metric::Converted => found.converted,
            Metric::NotJapanese => found.not_japanese,
            Metric::Glosses => self.glosses,
            Metric::Orphans => self.unrepaired,
        })
    }
}

/// Which records are kept, by a fact.
///
/// `script=hant,mixed` holds where the script is one of these, and `script!=japanese` where it is none of them; for scripts
/// there are the names that [`Script::name`] gives, and `hant` for Traditional of any region, and `hans` for Simplified.
/// Counts are compared with a number: `han>=20`, `glosses=0`; there are `=`, `!=`, `<`, `<=`, `>` and `>=`.
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
    fact: Metric,
    test: Test,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Test {
    Script { names: Vec<String>, is_negated: bool },
    Count { relation: &'static str, number: usize },
}

/// Longer ones first: `<=` begins with `<`.
const RELATIONS: [&str; 6] = ["!=", "<=", ">=", "<", ">", "="];

const SCRIPTS: [Script; 9] = [
    Script::Simplified,
    Script::Traditional,
    Script::Taiwan,
    Script::HongKong,
    Script::Standard,
    Script::Mixed,
    Script::Japanese,
    Script::Undecided,
    Script::NotChinese,
];

/// Whether a name that stands in a condition covers a script.
fn covers(name: &str, script: Script) -> bool {
    match name {
        "hans" => script == Script::Simplified,
        "hant" => script.is_traditional(),
        name => name == script.name(),
    }
}

impl Condition {
    pub(crate) fn fact(&self) -> Metric {
        self.fact
    }

    pub(crate) fn holds(&self, facts: &Metrics) -> bool {
        match &self.test {
            Test::Script { names, is_negated } => {
                let script = facts.detection.script();
                names.iter().any(|name| covers(name, script)) != *is_negated
            }
            Test::Count { relation, number } => {
                let Value::Count(count) = facts.value(self.fact) else { return false };
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
        let wrong = |why: String| Error::new(ErrorKind::Syntax, format!("'{condition}' is no condition: {why}"));
        let at = condition.find(['!', '<', '>', '=']).ok_or_else(|| {
            wrong("it is a fact, =, and what it must be, such as script=hant,mixed or han>=20".to_owned())
        })?;
        let (fact, rest) = condition.split_at(at);
        let relation = RELATIONS.into_iter().find(|relation| rest.starts_with(relation));
        let relation = relation.ok_or_else(|| wrong(format!("there are {}", RELATIONS.join(", "))))?;
        let fact: Metric = fact.trim().parse()?;
        let values = rest[relation.len()..].trim();
        if fact != Metric::Script {
            let number = values.parse().map_err(|_| wrong(format!("'{values}' is no number")))?;
            return Ok(Condition { fact, test: Test::Count { relation, number } });
        }
        if !["=", "!="].contains(&relation) {
            return Err(wrong("scripts are compared by = and !=".to_owned()));
        }
        let names: Vec<_> = values.split(',').map(|name| name.trim().to_owned()).collect();
        if let Some(name) = names.iter().find(|name| !SCRIPTS.iter().any(|&script| covers(name, script))) {
            let known = SCRIPTS.map(Script::name).join(", ");
            return Err(wrong(format!("no script is named '{name}'; there are hans, hant, {known}")));
        }
        Ok(Condition { fact, test: Test::Script { names, is_negated: relation == "!=" } })
    }
}

impl fmt::Display for Condition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.test {
            Test::Script { names, is_negated } => {
                write!(f, "{}{}{}", self.fact, if *is_negated { "!=" } else { "=" }, names.join(","))
            }
            Test::Count { relation, number } => write!(f, "{}{relation}{number}", self.fact),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use fanjian::detect;

    fn holds(condition: &str, text: &str) -> bool {
        let facts = Metrics { detection: detect(text), ..Metrics::default() };
        condition.parse::<Condition>().unwrap().holds(&facts)
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
    fn what_is_no_condition_is_told() {
        for (condition, message) in [
            ("script", "it is a fact, =, and what it must be"),
            ("script>hant", "scripts are compared by = and !="),
            ("script=hant,elvish", "no script is named 'elvish'; there are hans, hant, simplified"),
            ("han>=many", "'many' is no number"),
            ("language=zh", "'language' is nothing that is found; there are script"),
            ("han!2", "there are !=, <=, >="),
        ] {
            let error = condition.parse::<Condition>().unwrap_err().to_string();
            assert!(error.contains(message), "{error}");
        }
    }
}
