use std::str::FromStr;

use fanjian_dictionary::{
    Error, Named, named,
    named::{is_name, unknown, unknown_but},
};

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

named! {
    /// The treatment of words for which the target's region has others.
    #[derive(Default)]
    pub enum Vocabulary: "vocabulary" {
        /// They stay; only characters change.
        #[default]
        Keep "keep" "words stay as they are",
        /// They become the region's words, names included: in text of the target's script only those that the region never
        /// uses, elsewhere also those with a second sense, by the topic of their segment. Traditional without a region has
        /// none.
        Local "local" "words become those of the target's region",
    }
}

named! {
    /// A layer of the words that [`Vocabulary::Local`] replaces, which may stay where others are replaced.
    pub enum WordLayer: "layer of words" {
        /// Names of persons, real or not: 特朗普, 蜘蛛侠.
        Persons "persons" "names of persons",
        /// Names of countries, regions and towns: 悉尼, 新西兰.
        Places "places" "names of places",
        /// Names of companies, makes, works and events: 奔驰, 泰坦尼克号.
        Works "works" "names of companies, makes and works",
        /// Food and drink: 土豆, 酸奶.
        Food "food" "food and drink",
    }
}

/// A set of [layers](WordLayer), one bit for each.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct WordLayers(u8);

impl WordLayers {
    /// How many sets there are.
    pub const SETS: usize = 1 << WordLayer::ALL.len();

    /// The place of this set among all of them, less than [`SETS`](Self::SETS).
    pub fn index(self) -> usize {
        self.0.into()
    }

    /// Whether a layer, as a number from 1 on, is in the set. 0 is none.
    #[inline]
    pub(crate) fn has(self, number: u32) -> bool {
        u32::from(self.0) << 1 >> number & 1 == 1
    }
}

impl FromIterator<WordLayer> for WordLayers {
    fn from_iter<I: IntoIterator<Item = WordLayer>>(layers: I) -> WordLayers {
        WordLayers(layers.into_iter().fold(0, |bits, layer| bits | 1 << layer as u8))
    }
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

impl Named for Target {
    const KIND: &'static str = "target";
    const ALL: &'static [Target] = Target::ALL;

    fn name(self) -> &'static str {
        self.tag()
    }

    fn description(self) -> &'static str {
        Target::description(self)
    }

    fn from_name(tag: &str) -> Result<Target, Error> {
        let is_tag = |known: &&str| is_name(tag, known);
        let found = TAGS.iter().find(|(_, tags)| tags.iter().any(is_tag)).map(|&(target, _)| target);
        found.ok_or_else(|| {
            // A region or a script alone, such as `tw`.
            let is_end = |known: &&str| known.rsplit_once('-').is_some_and(|(_, end)| is_name(tag, end));
            let tags = || TAGS.iter().flat_map(|(_, tags)| tags.iter().copied());
            match tags().find(is_end) {
                Some(meant) => unknown_but("target", tag, meant, tags()),
                None => unknown("target", tag, tags()),
            }
        })
    }
}

named!(@text Target);

impl FromStr for Target {
    type Err = Error;

    /// Takes a BCP 47 tag, in any case, with `-` or `_`.
    ///
    /// # Errors
    ///
    /// [`NotFound`](fanjian_dictionary::ErrorKind::NotFound) for any other text.
    fn from_str(tag: &str) -> Result<Target, Error> {
        Target::from_name(tag)
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
        assert_eq!("zh_tw".parse::<Target>().unwrap(), Target::Taiwan);
        let error = "TW".parse::<Target>().unwrap_err().to_string();
        assert!(error.starts_with("unknown target 'TW': did you mean 'zh-TW'? Expected one of zh-Hans, "), "{error}");
        let error = "zh".parse::<Target>().unwrap_err().to_string();
        assert!(error.contains("'zh'") && error.contains("zh-HK"), "{error}");
    }
}
