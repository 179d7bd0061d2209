//! The counts of a detection: one table, from which the struct, its sum, its names and the counting are made.

use std::ops::AddAssign;

use super::classes;

/// The table of counts, given to a macro: `callback! { attributes field Variant "name" "description" [class] … }`. The
/// class is the bit of a character that is counted, if the count is one of characters of a class.
///
/// For the crates of `fanjian`, whose own tables have an entry for each count.
#[doc(hidden)]
#[macro_export]
macro_rules! detection_counts {
    ($callback:ident) => {
        $callback! {
            /// All characters of the text.
            characters Characters "characters" "all characters" []
            /// Chinese characters: ideographs of Unicode's CJK blocks, and the marks 〇 and 々.
            han Han "han" "Chinese characters" [HAN]
            /// Of these, characters in Simplified text only, such as 发.
            simplified Simplified "simplified" "characters in Simplified text only" [SIMPLIFIED]
            /// Characters in Traditional text only, such as 發.
            traditional Traditional "traditional" "characters in Traditional text only" [TRADITIONAL]
            /// Characters that differ between the Traditional standards, such as 裡, 裏 and 着.
            forms Forms "forms" "characters that differ between the Traditional standards" [FORM]
            /// Of these, the forms that Taiwan uses.
            taiwan Taiwan "taiwan" "forms that Taiwan uses" [TAIWAN]
            /// Of the same, the forms that Hong Kong uses; and the characters of written Cantonese.
            hong_kong HongKong "hong_kong" "forms that Hong Kong uses, and characters of written Cantonese" [HONG_KONG]
            /// Of the same, the forms of OpenCC's standard.
            standard Standard "standard" "forms of OpenCC's standard" [STANDARD]
            /// Words of Taiwan that Hong Kong does not use, such as 網路, in Traditional text.
            taiwan_words TaiwanWords "taiwan_words" "words of Taiwan" []
            /// Words of Hong Kong that Taiwan does not use, such as 質素, or 軟件, which is also a word of the mainland.
            hong_kong_words HongKongWords "hong_kong_words" "words of Hong Kong" []
            /// Words in Traditional text whose characters a machine has converted one by one, such as 干部 for 幹部.
            converted Converted "converted" "words converted character by character" []
            /// Hiragana and katakana.
            kana Kana "kana" "hiragana and katakana" [KANA]
            /// New Japanese forms that are not used in Chinese text, such as 発.
            shinjitai Shinjitai "shinjitai" "new Japanese forms that are not used in Chinese" [SHINJITAI]
            /// Chinese characters that are not used in modern Japanese text, such as 发 and 發.
            not_japanese NotJapanese "not_japanese" "characters that are not used in modern Japanese" [NOT_JAPANESE]
        }
    };
}

macro_rules! detection {
    ($($(#[$doc:meta])* $field:ident $variant:ident $name:literal $description:literal [$($class:ident)?])*) => {
        /// The result of [`detect`](crate::detect): counts of the characters (Unicode scalar values) and words that are
        /// evidence for a script or a region.
        ///
        /// [`script`](Self::script) is the conclusion, [`confidence`](Self::confidence) its probability, and
        /// [`scores`](Self::scores) has the alternatives.
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
        #[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(default))]
        #[non_exhaustive]
        pub struct Detection {
            $($(#[$doc])* pub $field: usize,)*
        }

        impl Detection {
            /// All counts with their names, in the order of the fields.
            ///
            /// ```
            /// let counts: Vec<_> = fanjian::detect("头髮").counts().filter(|(_, count)| *count == 1).collect();
            /// assert_eq!(counts, [("simplified", 1), ("traditional", 1), ("not_japanese", 1)]);
            /// ```
            pub fn counts(&self) -> impl Iterator<Item = (&'static str, usize)> + use<> {
                [$(($name, self.$field)),*].into_iter()
            }

            /// Adds the counters of the classes: that of each class is at the place of its bit.
            pub(super) fn add_classes(&mut self, counters: &[u8]) {
                $($(self.$field += usize::from(counters[classes::$class.trailing_zeros() as usize]);)?)*
            }
        }

        /// The sum of the counts of two texts.
        impl AddAssign for Detection {
            fn add_assign(&mut self, other: Detection) {
                $(self.$field = self.$field.saturating_add(other.$field);)*
            }
        }
    };
}

detection_counts!(detection);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_class_is_added_to_its_own_count() {
        let counters: Vec<u8> = (1..=16).collect();
        let mut found = Detection::default();
        found.add_classes(&counters);
        found.add_classes(&counters);
        assert_eq!((found.han, found.simplified, found.forms, found.not_japanese), (2, 4, 8, 20));
        assert_eq!(found.counts().filter(|(_, count)| *count > 0).count(), classes::COUNTED);
        let mut double = found;
        double += found;
        assert!(double.counts().zip(found.counts()).all(|((_, double), (_, once))| double == 2 * once));
    }
}
