use std::{fmt, str::FromStr};

use fanjian_dictionary::{Error, ErrorKind};

/// What a text is converted to: a script, and the region whose forms it takes.
///
/// ```
/// use fanjian_context::Target;
///
/// let target: Target = "zh-tw".parse().unwrap();
/// assert_eq!(target, Target::Taiwan);
/// assert_eq!(target.to_string(), "zh-TW");
/// assert_eq!("zh-Hant-MO".parse::<Target>().unwrap(), Target::HongKong);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Target {
    /// Simplified, as in mainland China, Singapore and Malaysia.
    Simplified,
    /// Traditional of no region: the forms of every region stay, and Simplified becomes OpenCC's standard.
    Traditional,
    /// Traditional, as in Taiwan.
    Taiwan,
    /// Traditional, as in Hong Kong and Macao.
    HongKong,
}

/// What becomes of words for which the target's region has others.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Vocabulary {
    /// They stay; only characters change.
    #[default]
    Keep,
    /// They become the region's words, where they are words of their own. Traditional without a region has none.
    Local,
}

/// The BCP 47 tags of each target, its own first.
const TAGS: [(Target, &[&str]); 4] = [
    (
        Target::Simplified,
        &["zh-Hans", "zh-CN", "zh-SG", "zh-MY", "zh-Hans-CN", "zh-Hans-SG", "zh-Hans-MY", "cmn-Hans", "cmn-Hans-CN"],
    ),
    (Target::Traditional, &["zh-Hant", "cmn-Hant"]),
    (Target::Taiwan, &["zh-TW", "zh-Hant-TW", "cmn-Hant-TW"]),
    (Target::HongKong, &["zh-HK", "zh-MO", "zh-Hant-HK", "zh-Hant-MO", "yue-Hant", "yue-Hant-HK"]),
];

impl Target {
    /// All of them.
    pub const ALL: &'static [Target] = &[Target::Simplified, Target::Traditional, Target::Taiwan, Target::HongKong];

    /// The target's own BCP 47 tag, such as `zh-TW`.
    pub fn tag(self) -> &'static str {
        self.tags()[0]
    }

    /// All BCP 47 tags that [`from_str`](Target::from_str) takes for it, its own first.
    pub fn tags(self) -> &'static [&'static str] {
        TAGS[self as usize].1
    }

    /// What it is, in one line.
    pub fn description(self) -> &'static str {
        match self {
            Target::Simplified => "Simplified",
            Target::Traditional => "Traditional, of no region",
            Target::Taiwan => "Traditional (Taiwan)",
            Target::HongKong => "Traditional (Hong Kong)",
        }
    }

    pub(crate) fn is_traditional(self) -> bool {
        self != Target::Simplified
    }
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.tag())
    }
}

impl FromStr for Target {
    type Err = Error;

    /// Takes a BCP 47 tag, in any case.
    ///
    /// # Errors
    ///
    /// [`NotFound`](ErrorKind::NotFound) for any other text.
    fn from_str(tag: &str) -> Result<Target, Error> {
        let is_tag = |known: &&str| known.eq_ignore_ascii_case(tag);
        TAGS.iter().find(|(_, tags)| tags.iter().any(is_tag)).map(|&(target, _)| target).ok_or_else(|| {
            let known = TAGS.iter().flat_map(|(_, tags)| tags.iter().copied()).collect::<Vec<_>>().join(", ");
            Error::new(ErrorKind::NotFound, format!("no target has the tag '{tag}'; the tags are {known}"))
        })
    }
}

impl Vocabulary {
    /// All of them.
    pub const ALL: &'static [Vocabulary] = &[Vocabulary::Keep, Vocabulary::Local];

    /// The name: `keep` or `local`.
    pub fn name(self) -> &'static str {
        match self {
            Vocabulary::Keep => "keep",
            Vocabulary::Local => "local",
        }
    }
}

impl fmt::Display for Vocabulary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Vocabulary {
    type Err = Error;

    /// Takes the name.
    ///
    /// # Errors
    ///
    /// [`NotFound`](ErrorKind::NotFound) for any other text.
    fn from_str(name: &str) -> Result<Vocabulary, Error> {
        Vocabulary::ALL.iter().copied().find(|vocabulary| vocabulary.name() == name).ok_or_else(|| {
            Error::new(
                ErrorKind::NotFound,
                format!("no choice of vocabulary is named '{name}': there are keep and local"),
            )
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_tag_finds_its_target() {
        for (place, &(target, tags)) in TAGS.iter().enumerate() {
            assert_eq!(target as usize, place);
            for tag in tags {
                assert_eq!(tag.to_uppercase().parse::<Target>().unwrap(), target);
            }
        }
        let error = "zh".parse::<Target>().unwrap_err().to_string();
        assert!(error.contains("'zh'") && error.contains("zh-HK"), "{error}");
    }
}
