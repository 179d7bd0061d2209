//! The thresholds by which glosses of a machine are recognized.

/// The thresholds by which readings in a document are recognized as glosses of a machine.
///
/// A gloss is a character, followed by one of its readings in pinyin, in half-width parentheses without spaces:
/// 中國(guó)臺(tái)灣網(wǎng). Sites that convert their pages for a foreign audience add such glosses to every occurrence of
/// the characters in a list; textbooks, poems and careful authors add them where they help. The thresholds distinguish these
/// cases, by the whole document.
///
/// ```
/// use fanjian_clean::Thresholds;
///
/// let thresholds = Thresholds::default().share(0.5).glosses(3).only_traditional(false);
/// assert_eq!(thresholds.characters, 3);
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(default))]
#[non_exhaustive]
pub struct Thresholds {
    /// The least share of the occurrences of a character that are glossed, from 0 to 1.
    pub share: f64,
    /// The least number of different characters with this share.
    pub characters: usize,
    /// The least number of glosses of such characters.
    pub glosses: usize,
    /// The least share of all glosses in the document that are on characters of Traditional text only, from 0 to 1.
    pub traditional: f64,
    /// Whether only characters of Traditional text count as glossed.
    pub only_traditional: bool,
    /// Whether a gloss has to be a reading of its character, rather than any syllable.
    pub only_readings: bool,
    /// Whether parentheses have to be half-width ones that touch the character and the reading. Otherwise, full-width ones and
    /// spaces are allowed.
    pub only_touching: bool,
}

impl Default for Thresholds {
    fn default() -> Thresholds {
        Thresholds {
            share: 0.9,
            characters: 3,
            glosses: 5,
            traditional: 0.95,
            only_traditional: true,
            only_readings: true,
            only_touching: true,
        }
    }
}

impl Thresholds {
    /// Sets the least share of the occurrences of a character that are glossed, from 0 to 1.
    #[must_use]
    pub fn share(mut self, share: f64) -> Thresholds {
        self.share = share;
        self
    }

    /// Sets the least number of different glossed characters.
    #[must_use]
    pub fn characters(mut self, characters: usize) -> Thresholds {
        self.characters = characters;
        self
    }

    /// Sets the least number of glosses.
    #[must_use]
    pub fn glosses(mut self, glosses: usize) -> Thresholds {
        self.glosses = glosses;
        self
    }

    /// Sets the least share of glosses on characters of Traditional text only, from 0 to 1.
    #[must_use]
    pub fn traditional(mut self, traditional: f64) -> Thresholds {
        self.traditional = traditional;
        self
    }

    /// Sets whether only characters of Traditional text count as glossed.
    #[must_use]
    pub fn only_traditional(mut self, only_traditional: bool) -> Thresholds {
        self.only_traditional = only_traditional;
        self
    }

    /// Sets whether a gloss has to be a reading of its character.
    #[must_use]
    pub fn only_readings(mut self, only_readings: bool) -> Thresholds {
        self.only_readings = only_readings;
        self
    }

    /// Sets whether parentheses have to be half-width and touching.
    #[must_use]
    pub fn only_touching(mut self, only_touching: bool) -> Thresholds {
        self.only_touching = only_touching;
        self
    }
}
