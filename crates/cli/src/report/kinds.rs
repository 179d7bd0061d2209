//! Kinds of changes: what is wrong with a place for the reader of the text.

use fanjian::{Decision, Step, detect};
use fanjian_dictionary::named;

named! {
    /// What is wrong at a place. Its name is that of the rule in reports, behind `fanjian/`.
    pub(crate) enum Kind: "kind of change" {
        Script "script" "Characters of the other script, such as Simplified ones in a zh-TW file",
        RegionForm "region-form" "Forms of characters that another region writes, such as 衞 in a zh-TW file",
        Vocabulary "vocabulary" "Words that another region uses, such as 软件 for 軟體 in a zh-TW file",
        OwnWord "own-word" "Words that an own dictionary (--dict) replaces",
        Decision "decision" "Places that a person has decided (--decisions)",
        Punctuation "punctuation" "Quotation marks that another region writes",
        LanguageTag "language-tag" "Names of the other language in a document, such as zh-CN in a zh-TW file",
        Doubtful "doubtful" "Characters that the context does not decide clearly: look at the place",
    }
}

/// The rule of a change whose kind is not known.
pub(crate) const OTHER_RULE: (&str, &str) = ("change", "Text that the conversion changes");

/// The probability from which on a choice is no doubtful one: of choices that are about as clear, this share is right.
pub(crate) const CLEAR: f64 = 0.98;

/// OpenCC's dictionaries of words that a region has in place of others.
const WORDS: [&str; 4] = ["HKPhrases", "HKPhrasesRev", "TWPhrases", "TWPhrasesRev"];

/// Marks that are quotation marks in one of the regions.
const QUOTATION_MARKS: &[char] = &['“', '”', '‘', '’', '「', '」', '『', '』', '"', '\''];

impl Kind {
    /// The identifier of the rule that a change of this kind breaks.
    pub(crate) fn rule(kind: Option<Kind>) -> String {
        format!("fanjian/{}", kind.map_or(OTHER_RULE.0, Kind::name))
    }

    /// The kind of a change of `source` to `output`, by the decisions that made it, as far as they are known. None if neither
    /// they nor the characters show it.
    pub(crate) fn of(source: &str, output: &str, decisions: &[Decision]) -> Option<Kind> {
        let decided = decisions.iter().find_map(|decision| match decision.step {
            Step::OwnEntry => Some(Kind::OwnWord),
            Step::Word => Some(Kind::Vocabulary),
            Step::Conversion(_) if WORDS.contains(&decision.dictionary.as_str()) => Some(Kind::Vocabulary),
            Step::Punctuation => Some(Kind::Punctuation),
            Step::Choice { .. } if is_doubtful(decision) => Some(Kind::Doubtful),
            _ => None,
        });
        // 干 and 乾 are of both scripts: only the conversion shows that one of them is what the other script writes.
        let is_of_scripts = |decision: &Decision| match decision.step {
            Step::Choice { .. } => true,
            Step::Conversion(_) => decision.dictionary.starts_with("ST") || decision.dictionary.starts_with("TS"),
            _ => false,
        };
        let by_dictionary = || decisions.iter().any(is_of_scripts).then_some(Kind::Script);
        decided.or_else(|| Kind::of_characters(source, output)).or_else(by_dictionary)
    }

    fn of_characters(source: &str, output: &str) -> Option<Kind> {
        let has_marks = |text: &str| !text.is_empty() && text.chars().all(|mark| QUOTATION_MARKS.contains(&mark));
        if has_marks(source) && has_marks(output) {
            return Some(Kind::Punctuation);
        }
        if source.is_ascii() && output.is_ascii() {
            let is_tag = |text: &str| text.to_ascii_lowercase().starts_with("zh") || text.len() == 2 || text.len() == 4;
            return (is_tag(source) && is_tag(output)).then_some(Kind::LanguageTag);
        }
        let (before, after) = (detect(source), detect(output));
        match () {
            _ if before.simplified > 0 => Some(Kind::Script),
            _ if before.forms > 0 && after.forms > 0 => Some(Kind::RegionForm),
            // 后 is of both scripts, and 後 of one: there, 后 is what the other one writes.
            _ if before.traditional + after.traditional + after.simplified > 0 => Some(Kind::Script),
            _ => None,
        }
    }
}

/// Whether a choice is one that `fanjian review` shows, too.
fn is_doubtful(decision: &Decision) -> bool {
    decision.probability().is_some_and(|probability| probability < CLEAR)
}

#[cfg(test)]
mod tests {
    use fanjian::{Converter, Segment, Target};

    use super::*;

    #[test]
    fn characters_show_what_is_wrong_with_them() {
        for (source, output, kind) in [
            ("与后", "與後", Some(Kind::Script)),
            ("后", "後", Some(Kind::Script)),
            ("後", "后", Some(Kind::Script)),
            ("裏", "里", Some(Kind::Script)),
            ("衞", "衛", Some(Kind::RegionForm)),
            ("裏", "裡", Some(Kind::RegionForm)),
            ("臺", "台", Some(Kind::RegionForm)),
            ("“", "「", Some(Kind::Punctuation)),
            ("zh-CN", "zh-TW", Some(Kind::LanguageTag)),
            ("Hans", "Hant", Some(Kind::LanguageTag)),
            ("a", "b", None),
            ("一", "二", None),
            ("", "一", None),
        ] {
            assert_eq!(Kind::of(source, output, &[]), kind, "{source} {output}");
        }
    }

    /// Nothing is around 干 that would decide between 乾, 幹 and 干; 头发 is clear.
    #[test]
    fn a_choice_without_context_is_doubtful() {
        let kinds = |text: &str| {
            let segments = Converter::for_target(Target::Taiwan).segments(text);
            let kind = |segment: &Segment| Kind::of(&text[segment.source.clone()], &segment.output, &segment.decisions);
            segments.iter().map(kind).collect::<Vec<_>>()
        };
        assert_eq!(kinds("干"), [Some(Kind::Doubtful)]);
        assert_eq!(kinds("头发"), [Some(Kind::Script), Some(Kind::Script)]);
    }

    #[test]
    fn each_kind_is_a_rule() {
        assert_eq!(Kind::rule(Some(Kind::RegionForm)), "fanjian/region-form");
        assert_eq!(Kind::rule(None), "fanjian/change");
    }
}
