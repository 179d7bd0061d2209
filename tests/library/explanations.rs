//! What a conversion tells about itself.

use fanjian::{Config, Converter, Dictionary, Segment, Step, Target};

fn decisions(segment: &Segment) -> Vec<(Step, &str, &str, &str)> {
    let decisions = segment.decisions.iter();
    decisions.map(|d| (d.step, d.dictionary.as_str(), d.key.as_str(), d.value.as_str())).collect()
}

#[test]
fn each_part_names_its_entries() {
    let text = "abc头发，鼠标!";
    let segments = Converter::new(Config::S2twp).segments(text);
    let parts: Vec<_> = segments.iter().map(|segment| (&text[segment.source.clone()], &*segment.output)).collect();
    assert_eq!(parts, [("abc", "abc"), ("头发", "頭髮"), ("，", "，"), ("鼠标", "滑鼠"), ("!", "!")]);
    assert!(segments[0].decisions.is_empty());
    assert_eq!(decisions(&segments[1]), [(Step::Conversion(1), "STPhrases", "头发", "頭髮")]);
    // The first stage converts 标 alone; the second sees 鼠標 and replaces it whole.
    assert_eq!(
        decisions(&segments[3]),
        [(Step::Conversion(1), "STCharacters", "标", "標"), (Step::Conversion(2), "TWPhrases", "鼠標", "滑鼠"),]
    );
}

#[test]
fn other_candidates_are_told() {
    let segments = Converter::new(Config::S2t).segments("干");
    assert_eq!(segments.len(), 1);
    assert_eq!(segments[0].decisions[0].value, "幹");
    assert!(segments[0].decisions[0].alternatives.iter().any(|other| other == "乾"), "{segments:?}");
}

#[test]
fn normalization_and_protection_are_told() {
    let converter = Converter::builder().config(Config::T2s).protect(["頭髮"]).build().unwrap();
    let segments = converter.segments("頭髮\u{f92f}動");
    assert_eq!(segments.iter().map(|segment| &*segment.output).collect::<Vec<_>>(), ["頭髮", "劳", "动"]);
    assert_eq!(decisions(&segments[0]), [(Step::Protected, "protected", "頭髮", "頭髮")]);
    assert_eq!(
        decisions(&segments[1]),
        [
            (Step::Normalization(1), "CJK_Compatibility_Ideographs", "\u{f92f}", "勞"),
            (Step::Conversion(1), "TSCharacters", "勞", "劳"),
        ]
    );
}

#[test]
fn own_entries_are_told() {
    let own = Dictionary::from_text("mine", "鼠标\t鼠標器\n").unwrap();
    let converter = Converter::builder().config(Config::S2twp).dictionary(own).build().unwrap();
    let segments = converter.segments("鼠标");
    assert_eq!(decisions(&segments[0]), [(Step::OwnEntry, "mine", "鼠标", "鼠標器")]);
}

#[test]
fn deleted_and_lengthened_text_keeps_its_place() {
    let json = r#"{"conversion_chain": [
        {"dict": {"type": "inline", "entries": {"ab": "xyz"}}},
        {"dict": {"type": "inline", "entries": {"zc": "1", "x": "22"}}}]}"#;
    let own = Dictionary::from_text("mine", "d\t\n").unwrap();
    let converter = Converter::builder().config_json(json).dictionary(own).build().unwrap();
    let segments = converter.segments("dabcded");
    let parts: Vec<_> = segments.iter().map(|segment| (segment.source.clone(), segment.output.as_str())).collect();
    assert_eq!(parts, [(0..1, ""), (1..4, "22y1"), (4..5, ""), (5..6, "e"), (6..7, "")]);
    assert_eq!(segments[1].decisions.len(), 3);
}

#[test]
fn an_inspection_shows_every_step() {
    let inspection = Converter::new(Config::Tw2sp).inspect("\u{f92f}動者的滑鼠");
    assert_eq!(inspection.input, "\u{f92f}動者的滑鼠");
    assert_eq!(inspection.normalization, ["勞動者的滑鼠"]);
    assert_eq!(inspection.segments, ["勞動者的滑鼠"]);
    assert_eq!(inspection.stages, [["勞動者的鼠標"], ["劳动者的鼠标"]]);
    assert_eq!(inspection.output, "劳动者的鼠标");
}

#[test]
fn an_empty_text_has_no_segments() {
    let builtin = Config::ALL.iter().map(|&config| Converter::new(config));
    for converter in builtin.chain([Converter::for_target(Target::Taiwan)]) {
        assert_eq!(converter.segments(""), [], "{converter:?}");
    }
    let converter = Converter::new(Config::S2tw);
    assert_eq!(converter.inspect("").segments, [] as [&str; 0]);
    assert_eq!(converter.inspect("").output, "");
}
