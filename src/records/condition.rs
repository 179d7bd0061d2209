//! What is found in the texts of a record, and which records are kept by it.

use std::{cmp::Ordering, fmt, str::FromStr};

use crate::{Detection, Error, ErrorKind, Script};

/// Something that is found in the texts of a record: their script, or a count. The counts are those of [`Detection`], and
/// those of glosses that a machine made and of damage by them that cannot be undone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Fact {
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

impl Fact {
    /// All of them.
    pub const ALL: [Fact; 17] = [
        Fact::Script,
        Fact::Characters,
        Fact::Han,
        Fact::Simplified,
        Fact::Traditional,
        Fact::Taiwan,
        Fact::HongKong,
        Fact::Standard,
        Fact::Kana,
        Fact::Shinjitai,
        Fact::Forms,
        Fact::TaiwanWords,
        Fact::HongKongWords,
        Fact::Converted,
        Fact::NotJapanese,
        Fact::Glosses,
        Fact::Orphans,
    ];

    /// Its name, such as `hong_kong`.
    pub fn name(self) -> &'static str {
        match self {
            Fact::Script => "script",
            Fact::Characters => "characters",
            Fact::Han => "han",
            Fact::Simplified => "simplified",
            Fact::Traditional => "traditional",
            Fact::Taiwan => "taiwan",
            Fact::HongKong => "hong_kong",
            Fact::Standard => "standard",
            Fact::Kana => "kana",
            Fact::Shinjitai => "shinjitai",
            Fact::Forms => "forms",
            Fact::TaiwanWords => "taiwan_words",
            Fact::HongKongWords => "hong_kong_words",
            Fact::Converted => "converted",
            Fact::NotJapanese => "not_japanese",
            Fact::Glosses => "glosses",
            Fact::Orphans => "orphans",
        }
    }

    /// Whether it is a count of characters that speak for a script.
    pub fn is_score(self) -> bool {
        !matches!(self, Fact::Script | Fact::Glosses | Fact::Orphans)
    }

    /// Whether it is found by looking for glosses.
    pub(super) fn is_of_glosses(self) -> bool {
        matches!(self, Fact::Glosses | Fact::Orphans)
    }
}

impl fmt::Display for Fact {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl FromStr for Fact {
    type Err = Error;

    fn from_str(name: &str) -> Result<Fact, Error> {
        let found = Fact::ALL.into_iter().find(|fact| fact.name() == name);
        let names = Fact::ALL.map(Fact::name).join(", ");
        let wrong = || Error::new(ErrorKind::NotFound, format!("'{name}' is nothing that is found; there are {names}"));
        found.ok_or_else(wrong)
    }
}

/// What was found in the texts of a record.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Facts {
    pub(super) detection: Detection,
    pub(super) glosses: usize,
    pub(super) orphans: usize,
}

/// A fact's value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Value {
    Name(&'static str),
    Count(usize),
}

impl Facts {
    pub(super) fn value(&self, fact: Fact) -> Value {
        let found = &self.detection;
        Value::Count(match fact {
            Fact::Script => return Value::Name(found.script().name()),
            Fact::Characters => found.characters,
            Fact::Han => found.han,
            Fact::Simplified => found.simplified,
            Fact::Traditional => found.traditional,
            Fact::Taiwan => found.taiwan,
            Fact::HongKong => found.hong_kong,
            Fact::Standard => found.standard,
            Fact::Kana => found.kana,
            Fact::Shinjitai => found.shinjitai,
            Fact::Forms => found.forms,
            Fact::TaiwanWords => found.taiwan_words,
            Fact::HongKongWords => found.hong_kong_words,
            Fact::Converted => found.converted,
            Fact::NotJapanese => found.not_japanese,
            Fact::Glosses => self.glosses,
            Fact::Orphans => self.orphans,
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
/// use fanjian::records::Condition;
///
/// let condition: Condition = "script=hant,mixed".parse().unwrap();
/// assert_eq!(condition.to_string(), "script=hant,mixed");
/// assert!("script=klingon".parse::<Condition>().is_err());
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Condition {
    fact: Fact,
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
    pub(super) fn fact(&self) -> Fact {
        self.fact
    }

    pub(super) fn holds(&self, facts: &Facts) -> bool {
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
        let fact: Fact = fact.trim().parse()?;
        let values = rest[relation.len()..].trim();
        if fact != Fact::Script {
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
    use crate::detect;

    fn holds(condition: &str, text: &str) -> bool {
        let facts = Facts { detection: detect(text), ..Facts::default() };
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
