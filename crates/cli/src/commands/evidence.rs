//! What speaks for a candidate, by the names of features.

/// What a feature is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Evidence<'n> {
    /// A word of the dictionary or of texts.
    Phrase(&'n str),
    /// The characters around: how many to the left, and how many to the right.
    Around(usize, usize),
    /// The character by itself.
    Alone,
    /// The text before.
    Cantonese,
    Other,
}

/// Names of features begin with these; the characters behind them may be spaces.
const KINDS: [(&str, Evidence<'_>); 8] = [
    ("two left, one right ", Evidence::Around(2, 1)),
    ("one left, two right ", Evidence::Around(1, 2)),
    ("left and right ", Evidence::Around(1, 1)),
    ("two left ", Evidence::Around(2, 0)),
    ("two right ", Evidence::Around(0, 2)),
    ("left ", Evidence::Around(1, 0)),
    ("right ", Evidence::Around(0, 1)),
    ("alone ", Evidence::Alone),
];

impl<'n> Evidence<'n> {
    /// What the feature of this name is about, and its characters.
    pub(super) fn of(name: &'n str) -> (Evidence<'n>, &'n str) {
        if let Some(phrase) = name.strip_prefix("phrase ") {
            // Behind the comma is what part of the score it is.
            let phrase = phrase.split_once(", ").map_or(phrase, |(phrase, _)| phrase);
            return (Evidence::Phrase(phrase), phrase);
        }
        let of_kind = |(prefix, kind): (&str, Evidence<'n>)| Some((kind, name.strip_prefix(prefix)?));
        match KINDS.into_iter().find_map(of_kind) {
            Some(found) => found,
            None if name == "Cantonese" => (Evidence::Cantonese, ""),
            None => (Evidence::Other, name),
        }
    }
}

#[cfg(test)]
mod tests {
    use fanjian::{Converter, Target};

    use super::*;

    #[test]
    fn evidence_is_known_by_its_name() {
        assert_eq!(Evidence::of("phrase 头发, the longest"), (Evidence::Phrase("头发"), "头发"));
        assert_eq!(Evidence::of("phrase 头发"), (Evidence::Phrase("头发"), "头发"));
        assert_eq!(Evidence::of("two left, one right 一头发亮"), (Evidence::Around(2, 1), "一头发亮"));
        assert_eq!(Evidence::of("alone 发"), (Evidence::Alone, "发"));
        assert_eq!(Evidence::of("Cantonese"), (Evidence::Cantonese, ""));
        assert_eq!(Evidence::of("new"), (Evidence::Other, "new"));
    }

    /// A feature of a new name would have no words in `explain` and in the review.
    #[test]
    fn every_feature_of_a_text_has_a_kind() {
        let converter = Converter::for_target(Target::Taiwan);
        let segments = converter.segments("他的头发干了，只有一只猫在里面发现面条和后台的系统。佢哋喺屋企食饭。");
        let candidates =
            segments.iter().flat_map(|segment| &segment.decisions).flat_map(|decision| &decision.candidates);
        let kinds: Vec<_> =
            candidates.flat_map(|candidate| &candidate.features).map(|feature| Evidence::of(&feature.name)).collect();
        assert!(kinds.len() > 20 && kinds.iter().all(|(kind, _)| *kind != Evidence::Other), "{kinds:?}");
    }
}
