//! Inference from counts: the script and the region, with probabilities.

use fanjian_dictionary::named;

use super::counts::Detection;

named! {
    /// The script of a text.
    pub enum Script: "script" {
        /// Simplified Chinese.
        Simplified "simplified" "Simplified Chinese",
        /// Traditional Chinese, of no region in particular.
        Traditional "traditional" "Traditional Chinese, of no region in particular",
        /// Traditional Chinese, as Taiwan writes it.
        Taiwan "taiwan" "Traditional Chinese, as Taiwan writes it",
        /// Traditional Chinese, as Hong Kong writes it.
        HongKong "hong-kong" "Traditional Chinese, as Hong Kong writes it",
        /// Traditional Chinese in the forms of OpenCC's standard that neither region prefers, such as 爲 and 衆.
        Standard "opencc-standard" "Traditional Chinese in the forms of OpenCC's standard",
        /// Simplified and Traditional characters.
        Mixed "mixed" "Simplified and Traditional characters",
        /// Japanese.
        Japanese "japanese" "Japanese",
        /// Chinese characters, all of which both scripts use.
        Undecided "undecided" "Chinese characters, all of which both scripts use",
        /// No Chinese characters.
        NotChinese "not-chinese" "no Chinese characters",
    }
}

impl Script {
    /// Whether it is Traditional Chinese, of any region or none.
    #[must_use]
    pub const fn is_traditional(self) -> bool {
        matches!(self, Script::Traditional | Script::Taiwan | Script::HongKong | Script::Standard)
    }
}

/// The probability of each script and region, from 0 to 1. All are 0 for a text without evidence.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(default))]
#[non_exhaustive]
pub struct Scores {
    /// Simplified Chinese. The sum with the next one is 1 if there is a character of one script.
    pub simplified: f64,
    /// Traditional Chinese.
    pub traditional: f64,
    /// The usage of Taiwan. The sum with the next two is 1 if there is a form or a word of a region.
    pub taiwan: f64,
    /// The usage of Hong Kong.
    pub hong_kong: f64,
    /// OpenCC's standard.
    pub standard: f64,
    /// Japanese: 1 or 0.
    pub japanese: f64,
}

/// The pseudocount of each script, a prior for texts of one script. Half a character would predict, after three characters
/// of one script, that the next one is of the other script one time in eight. This value is calibrated: see
/// `docs/detection.md`.
const PURE: f64 = 0.02;
/// The likelihood ratio of a form or a word that a region does not use.
const AGAINST: f64 = 7.0;
/// The prior odds of Taiwan, Hong Kong and OpenCC's standard.
const REGIONS: [f64; 3] = [1.0, 1.0, 0.2];
/// The least probability of a region that is named.
const LIKELY: f64 = 0.7;
/// The number of Chinese characters per word converted by a machine, at most, in machine-converted text.
const CONVERTED: usize = 1000;

impl Detection {
    /// The most likely script.
    ///
    /// One in twenty of the characters of one script may be of the other script, as in a quotation or a name; with more of
    /// them, the text is mixed. A region is named if its score is 0.7 or more. A text is Japanese if a third of its
    /// characters is kana, or a tenth and none is Simplified; if it has kana and shinjitai; and if it has no kana, but
    /// shinjitai, or characters of both scripts, all of which Japanese uses as well (東京国際空港).
    #[must_use]
    pub fn script(&self) -> Script {
        if self.is_japanese() {
            return Script::Japanese;
        }
        if self.han == 0 {
            return Script::NotChinese;
        }
        match (self.simplified, self.traditional) {
            (0, 0) => Script::Undecided,
            (simplified, traditional) if traditional.saturating_mul(20) <= simplified => Script::Simplified,
            (simplified, traditional) if simplified.saturating_mul(20) <= traditional => {
                self.region().unwrap_or(Script::Traditional)
            }
            _ => Script::Mixed,
        }
    }

    /// The confidence in [`script`](Self::script), from 0 (always that of [`Undecided`](Script::Undecided)) to 1.
    ///
    /// For Simplified and Traditional it is the [score](Self::scores) of the script; if a region is named, multiplied by that
    /// of the region; for mixed text, it grows with the number of characters of the rarer script. By the prior, texts of one
    /// script have hardly any characters of the other one: a single character results in 0.98, three in 0.99.
    #[must_use]
    pub fn confidence(&self) -> f64 {
        let scores = self.scores();
        match self.script() {
            Script::Undecided => 0.0,
            Script::Simplified => scores.simplified,
            Script::Traditional => scores.traditional,
            Script::Taiwan => scores.taiwan * self.share_of_traditional(),
            Script::HongKong => scores.hong_kong * self.share_of_traditional(),
            Script::Standard => scores.standard * self.share_of_traditional(),
            Script::Mixed => {
                let rarer = self.simplified.min(self.traditional) as f64;
                rarer / (rarer + 1.0)
            }
            Script::Japanese | Script::NotChinese => 1.0,
        }
    }

    /// The probability of each script and region.
    ///
    /// For the scripts it is their share of the characters of one script; for the regions it follows Bayes' rule: each form
    /// or word that a region does not use makes it seven times less likely, and OpenCC's standard is five times rarer than
    /// the regions.
    ///
    /// ```
    /// let scores = fanjian::detect("皇后的頭髮").scores();
    /// assert!(scores.traditional > 0.98 && scores.simplified < 0.02);
    /// assert_eq!(scores.taiwan, 0.0); // There is no form or word of a region.
    ///
    /// let scores = fanjian::detect("心裏很着急").scores();
    /// assert!(scores.hong_kong > 0.8 && scores.taiwan < 0.1);
    /// ```
    #[must_use]
    pub fn scores(&self) -> Scores {
        if self.is_japanese() {
            return Scores { japanese: 1.0, ..Scores::default() };
        }
        let mut scores = Scores::default();
        if self.simplified > 0 || self.traditional > 0 {
            scores.traditional = self.share_of_traditional();
            scores.simplified = 1.0 - scores.traditional;
        }
        let words = self.taiwan_words.saturating_add(self.hong_kong_words);
        let against = [
            self.forms.saturating_sub(self.taiwan).saturating_add(self.hong_kong_words),
            self.forms.saturating_sub(self.hong_kong).saturating_add(self.taiwan_words),
            self.forms.saturating_sub(self.standard).saturating_add(words),
        ];
        if self.forms > 0 || words > 0 {
            let least = against.into_iter().min().unwrap_or_default();
            let weigh = |index: usize| REGIONS[index] * AGAINST.powf(-((against[index] - least) as f64));
            let [taiwan, hong_kong, standard] = [0, 1, 2].map(weigh);
            let all = taiwan + hong_kong + standard;
            (scores.taiwan, scores.hong_kong, scores.standard) = (taiwan / all, hong_kong / all, standard / all);
        }
        scores
    }

    /// Whether the text looks machine-converted from Simplified text, character by character: whether one in a thousand
    /// Chinese characters, or more, begins a word such as 干部 (for 幹部), 最后 or 心里, in Traditional text.
    ///
    /// ```
    /// assert!(fanjian::detect("黨員干部的腳步聲").is_machine_converted());
    /// assert!(!fanjian::detect("黨員幹部的腳步聲").is_machine_converted());
    /// assert!(!fanjian::detect("党员干部的脚步声").is_machine_converted());
    /// ```
    #[must_use]
    pub fn is_machine_converted(&self) -> bool {
        self.converted > 0 && self.converted.saturating_mul(CONVERTED) >= self.han
    }

    fn is_japanese(&self) -> bool {
        let letters = self.han.saturating_add(self.kana);
        let times = |count: usize, times: usize| count.saturating_mul(times);
        if self.kana > 0 {
            let has_much_kana =
                times(self.kana, 3) >= letters || (times(self.kana, 10) >= letters && self.simplified == 0);
            return has_much_kana || self.shinjitai > 0;
        }
        let has_both = self.simplified > 0 && self.traditional > 0;
        self.not_japanese == 0 && (has_both || times(self.shinjitai, 8) > letters)
    }

    /// The region, if one is likely enough.
    fn region(&self) -> Option<Script> {
        let Scores { taiwan, hong_kong, standard, .. } = self.scores();
        let regions = [(taiwan, Script::Taiwan), (hong_kong, Script::HongKong), (standard, Script::Standard)];
        regions.into_iter().find(|(score, _)| *score >= LIKELY).map(|(_, script)| script)
    }

    /// The share of Traditional ones among the characters of one script.
    fn share_of_traditional(&self) -> f64 {
        (self.traditional as f64 + PURE) / (self.simplified as f64 + self.traditional as f64 + 2.0 * PURE)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Counts may come from anywhere, as from JSON.
    #[test]
    fn no_count_is_too_great() {
        const MOST: usize = usize::MAX;
        let mut all = Detection { han: MOST, kana: 1, simplified: MOST, traditional: MOST, ..Detection::default() };
        (all.forms, all.taiwan_words, all.hong_kong_words) = (MOST, MOST, MOST);
        for (kana, converted, shinjitai) in [(0, MOST, 0), (MOST, 0, 0), (0, 0, MOST), (1, 1, 0)] {
            (all.kana, all.converted, all.shinjitai) = (kana, converted, shinjitai);
            assert!((0.0..=1.0).contains(&all.confidence()), "{all:?}");
            assert_eq!(all.is_machine_converted(), converted == MOST, "{all:?}");
            let mut twice = all;
            twice += all;
            assert_eq!(twice.script(), all.script(), "{all:?}");
        }
    }
}
