use std::str::FromStr;

use fanjian_dictionary::{
    Error, ErrorKind, Named, named,
    named::{is_name, similar, unknown, unknown_but},
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
/// assert_eq!("台灣".parse::<Target>().unwrap(), Target::Taiwan);
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

/// What people write in place of a tag, where it has one meaning: a script or a region alone, their names, and the tags of
/// Windows before version 6. A region is no tag of BCP 47 (`tw` is the tag of Twi), but Twi is no target.
const WORDS: [(Target, &str); 4] = [
    (
        Target::Simplified,
        "hans simplified zh-chs chs cn sg my china mainland singapore malaysia 简体 簡體 简体中文 簡體中文 简体字 簡體字 \
         简化字 簡化字 大陆 大陸 中国 中國 中国大陆 中國大陸 内地 內地 新加坡 马来西亚 馬來西亞",
    ),
    (Target::Traditional, "hant"),
    (
        Target::Taiwan,
        "tw taiwan 台灣 臺灣 台湾 臺湾 台灣正體 臺灣正體 台湾正体 台灣繁體 臺灣繁體 台湾繁体 正體 正体 正體中文 正体中文",
    ),
    (Target::HongKong, "hk mo hong-kong hongkong macao macau 香港 澳門 澳门 港澳 香港繁體 香港繁体"),
];

/// What can mean each target.
const ANY: &str = "zh chinese 中文";

/// What can mean each Traditional target.
const ANY_TRADITIONAL: &str = "traditional zh-cht cht 繁體 繁体 繁體中文 繁体中文 繁體字 繁体字";

fn is_among(name: &str, words: &str) -> bool {
    words.split(' ').any(|word| is_name(name, word))
}

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

    /// The targets that a name can mean which stands for more than one, and which is therefore no name of a target: all for
    /// `zh`, the Traditional ones for `繁體`. None for any other text.
    ///
    /// ```
    /// use fanjian_context::Target;
    ///
    /// let tags: Vec<_> = Target::several("繁體").map(Target::tag).collect();
    /// assert_eq!(tags, ["zh-Hant", "zh-TW", "zh-HK"]);
    /// assert_eq!(Target::several("zh-TW").count(), 0);
    /// ```
    pub fn several(name: &str) -> impl Iterator<Item = Target> {
        let (is_any, is_any_traditional) = (is_among(name, ANY), is_among(name, ANY_TRADITIONAL));
        let meant = move |target: &&Target| is_any || (is_any_traditional && target.is_traditional());
        Target::ALL.iter().filter(meant).copied()
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
        let has_tag = |target: &Target| target.tags().iter().any(|known| is_name(tag, known));
        let has_word = |target: &Target| is_among(tag, WORDS[*target as usize].1);
        let found = Target::ALL.iter().find(|target| has_tag(target) || has_word(target));
        found.copied().ok_or_else(|| match Target::several(tag).next() {
            None => {
                let tags = TAGS.iter().flat_map(|(_, tags)| tags.iter().copied());
                let own_tags = Target::ALL.iter().map(|target| target.tag());
                match similar(tag, tags.chain(WORDS.iter().flat_map(|(_, words)| words.split(' ')))) {
                    Some(meant) => unknown_but("target", tag, meant, own_tags),
                    None => unknown("target", tag, own_tags),
                }
            }
            _ => {
                let targets =
                    Target::several(tag).map(|target| format!("{} for {}", target.tag(), target.description()));
                let targets = targets.collect::<Vec<_>>().join("; ");
                Error::new(ErrorKind::NotFound, format!("'{tag}' can be several targets: {targets}"))
            }
        })
    }
}

named!(@text Target);

impl FromStr for Target {
    type Err = Error;

    /// Takes a BCP 47 tag, in any case, with `-` or `_`; a region or a script alone, such as `tw` or `hans`; or their names
    /// in English and Chinese, such as `taiwan`, `台灣` or `简体`.
    ///
    /// # Errors
    ///
    /// [`NotFound`](fanjian_dictionary::ErrorKind::NotFound) for any other text, also for one that can mean several targets,
    /// such as `zh` or `繁體`.
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
        for (written, target) in [
            ("TW", Target::Taiwan),
            ("臺灣", Target::Taiwan),
            ("hk", Target::HongKong),
            ("Hong_Kong", Target::HongKong),
            ("cn", Target::Simplified),
            ("简体", Target::Simplified),
            ("大陆", Target::Simplified),
            ("Hant", Target::Traditional),
        ] {
            assert_eq!(written.parse::<Target>().unwrap(), target, "{written}");
        }
        assert!("taiwna".parse::<Target>().unwrap_err().to_string().contains("did you mean 'taiwan'?"));
        let error = "zh-TV".parse::<Target>().unwrap_err().to_string();
        assert!(
            error.starts_with("unknown target 'zh-TV': did you mean 'zh-TW'? Expected one of zh-Hans, "),
            "{error}"
        );
        let error = "繁體".parse::<Target>().unwrap_err().to_string();
        assert_eq!(
            error,
            "'繁體' can be several targets: zh-Hant for Traditional, of no region; zh-TW for Traditional (Taiwan); zh-HK for \
             Traditional (Hong Kong)"
        );
        assert!("zh".parse::<Target>().unwrap_err().to_string().contains("several targets: zh-Hans for Simplified; "));
    }

    #[test]
    fn no_name_has_two_meanings() {
        let words = WORDS.iter().flat_map(|(_, words)| words.split(' ')).chain(ANY.split(' '));
        let tags = TAGS.iter().flat_map(|(_, tags)| tags.iter().copied());
        let names: Vec<_> = words.chain(ANY_TRADITIONAL.split(' ')).chain(tags).collect();
        for (place, name) in names.iter().enumerate() {
            assert!(!names[..place].iter().any(|other| is_name(name, other)), "{name}");
        }
        assert!(WORDS.iter().enumerate().all(|(place, &(target, _))| target as usize == place));
    }
}
