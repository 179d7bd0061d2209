//! What all public types promise.

use std::panic::{RefUnwindSafe, UnwindSafe};

use fanjian::*;

fn assert<T: Send + Sync + UnwindSafe + RefUnwindSafe>() {}

#[test]
fn all_types_can_be_shared_by_threads_and_outlive_a_panic() {
    assert::<Candidate>();
    assert::<Config>();
    assert::<Converter>();
    assert::<ConverterBuilder>();
    assert::<Decision>();
    assert::<DetectStream>();
    assert::<Detection>();
    assert::<Dictionaries>();
    assert::<Dictionary>();
    assert::<DictionaryFormat>();
    assert::<Entries>();
    assert::<EntryLine<'_>>();
    assert::<Error>();
    assert::<ErrorKind>();
    assert::<Feature>();
    assert::<Folded>();
    assert::<Found<'_>>();
    assert::<Inspection>();
    assert::<InvalidUtf8>();
    assert::<KeptReason>();
    assert::<KeptWord>();
    assert::<Punctuation>();
    assert::<Reader<Vec<u8>>>();
    assert::<Replacement>();
    assert::<Scores>();
    assert::<Script>();
    assert::<ScriptHistory>();
    assert::<Search<'_>>();
    assert::<Segment>();
    assert::<Span>();
    assert::<SpanStream>();
    assert::<Step>();
    assert::<Stream>();
    assert::<Target>();
    assert::<Vocabulary>();
    assert::<WordLayer>();
    assert::<Writer<Vec<u8>>>();
}

#[test]
fn data_goes_to_json_and_back() {
    let segments = Converter::for_target(Target::Taiwan).segments("头发干了");
    let json = serde_json::to_string(&segments).unwrap();
    assert_eq!(serde_json::from_str::<Vec<Segment>>(&json).unwrap(), segments);
    let inspection = Converter::new(Config::S2twp).inspect("鼠标");
    let json = serde_json::to_string(&inspection).unwrap();
    assert_eq!(serde_json::from_str::<Inspection>(&json).unwrap(), inspection);
    assert_eq!(
        serde_json::to_string(&(Config::S2twp, Target::HongKong, Vocabulary::Local)).unwrap(),
        r#"["s2twp","zh-HK","local"]"#
    );
    let error = serde_json::from_str::<Config>(r#""s2wtp""#).unwrap_err().to_string();
    assert!(error.contains("did you mean 's2twp'?"), "{error}");
}

#[test]
fn a_failed_stream_reports_its_error_again_with_its_offset() {
    let mut stream = Converter::new(Config::S2t).stream();
    let mut out = Vec::new();
    for _ in 0..3 {
        let error = stream.push(b"a\xff", &mut out).unwrap_err();
        assert_eq!((error.kind(), error.offset()), (ErrorKind::InvalidUtf8, Some(1)));
    }
    assert_eq!(stream.finish(&mut out).unwrap_err().offset(), Some(1));
}

#[test]
fn a_configuration_and_a_target_exclude_each_other() {
    let both = Converter::builder().config(Config::S2t).target(Target::Taiwan);
    let reversed = Converter::builder().target(Target::Taiwan).config_file("own/mine.json");
    let vocabulary = Converter::builder().config(Config::S2t).vocabulary(Vocabulary::Local);
    let script = Converter::builder().source_script(Target::Simplified);
    for (builder, part) in [
        (both, "the target zh-TW cannot be combined with the configuration 's2t': choose one of them"),
        (reversed, "the target zh-TW cannot be combined with the configuration file own/mine.json: choose one of them"),
        (vocabulary, "needs a target"),
        (script, "needs a target"),
    ] {
        let error = builder.build().unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Conflict);
        assert!(error.to_string().contains(part), "{error}");
    }
}

#[test]
fn preparation_changes_nothing() {
    for converter in [Converter::new(Config::S2t), Converter::for_target(Target::Taiwan)] {
        converter.prepare();
        assert_eq!(converter.convert("头发"), "頭髮");
    }
}
