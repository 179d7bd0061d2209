//! Quotation marks in documents: a group is a text of its own, and words over markup stay in their places.

use fanjian::{Converter, Punctuation, Target, Vocabulary};
use fanjian_documents::{Format, Options, convert_text, groups};
use proptest::prelude::*;

fn converter(target: Target) -> Converter {
    let builder = Converter::builder().target(target).vocabulary(Vocabulary::Local);
    builder.punctuation(Punctuation::Local).build().unwrap()
}

fn converted(text: &str, target: Target) -> String {
    convert_text(text, Format::Srt, &Options::new(converter(target))).unwrap().text.into_owned()
}

/// A subtitle for each text.
fn subtitles<'t>(texts: impl IntoIterator<Item = &'t str>) -> String {
    let subtitle = |(at, text)| format!("{at}\n00:00:01,000 --> 00:00:02,000\n{text}\n\n");
    (1..).zip(texts).map(subtitle).collect()
}

#[test]
fn words_and_quotations_go_over_markup() {
    for (old, new) in [
        ("“<i>头</i>发”", "「<i>頭</i>髮」"),
        ("<i>“头发</i>‘干<b>了’”</b>", "<i>「頭髮</i>『乾<b>了』」</b>"),
        ("“<i>‘</i>头’”", "「<i>『</i>頭』」"),
        // A word that becomes longer, beside marks.
        ("“这个<i>信</i>息”和“软<i>件</i>”", "「這個<i>資</i>訊」和「軟<i>體</i>」"),
        ("“程<i>序</i>员‘头’”", "「程<i>式設計師</i>『頭』」"),
    ] {
        assert_eq!(converted(&subtitles([old]), Target::Taiwan), subtitles([new]));
    }
}

#[test]
fn a_quotation_ends_with_its_group() {
    assert_eq!(converted(&subtitles(["“头发", "‘头’"]), Target::Taiwan), subtitles(["「頭髮", "「頭」"]));
    assert_eq!(converted(&subtitles(["「頭髮", "『頭』"]), Target::Simplified), subtitles(["“头发", "“头”"]));
}

proptest! {
    /// The marks of each group are those of its own conversion.
    #[test]
    fn each_group_is_converted_on_its_own(texts in prop::collection::vec("[头发頭髮里的软件數據a“”‘’「」『』の]{1,8}(</?[ib]>[头发里软件“”‘’「」]{1,4}){0,4}", 1..5)) {
        let source = subtitles(texts.iter().map(String::as_str));
        for target in [Target::Taiwan, Target::Simplified] {
            let options = Options::new(converter(target));
            let result = converted(&source, target);
            let old = groups(source.as_bytes(), Format::Srt, &options).unwrap();
            let new = groups(result.as_bytes(), Format::Srt, &options).unwrap();
            prop_assert_eq!(old.len(), new.len());
            for (old, new) in old.iter().zip(&new) {
                let marks = |text: &str| text.chars().filter(|mark| "“”‘’「」『』".contains(*mark)).collect::<String>();
                prop_assert_eq!(marks(&new.text), marks(&converter(target).convert(&old.text)));
            }
        }
    }
}
