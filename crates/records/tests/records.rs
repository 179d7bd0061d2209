//! JSON lines: chosen texts are converted, and every other byte is preserved.

use std::io::{self, Read};

use fanjian::{Config, Converter};
#[cfg(feature = "clean")]
use fanjian_clean::GlossMode;
use fanjian_records::{Chunk, Condition, Jsonl, Metric, Missing, Presence, ReadOptions, RecordOptions, RejectedRecord};
use proptest::prelude::*;

const PATHS: [&str; 5] = ["text", "meta.title", "list[].text", r#"["a.b"][]"#, "pages[1]"];

fn jsonl(options: RecordOptions) -> Jsonl {
    Jsonl::new(options, PATHS.map(|path| path.parse().unwrap()))
}

fn to_traditional() -> Jsonl {
    jsonl(RecordOptions::default().convert(Converter::new(Config::S2t)))
}

#[track_caller]
fn becomes(jsonl: &Jsonl, record: &str, converted: &str) {
    assert_eq!(jsonl.record(record).unwrap().as_deref(), Some(converted));
}

#[test]
fn chosen_texts_are_converted_and_nothing_else() {
    for (record, converted) in [
        (r#"{"text":"头发"}"#, r#"{"text":"頭髮"}"#),
        (r#" { "text" : "头发" , "id":1.50e+2 } "#, r#" { "text" : "頭髮" , "id":1.50e+2 } "#),
        (r#"{"text":"头","text":"发"}"#, r#"{"text":"頭","text":"發"}"#),
        (r#"{"meta":{"title":"头","x":"头"},"title":"头"}"#, r#"{"meta":{"title":"頭","x":"头"},"title":"头"}"#),
        (r#"{"list":[{"text":"头"},7,{"text":["头"]}]}"#, r#"{"list":[{"text":"頭"},7,{"text":["头"]}]}"#),
        (r#"{"a.b":["头",["头"]],"a":{"b":["头"]}}"#, r#"{"a.b":["頭",["头"]],"a":{"b":["头"]}}"#),
        (r#"{"pages":["头","头","头"]}"#, r#"{"pages":["头","頭","头"]}"#),
        (r#"{"\u0074ext":"头"}"#, r#"{"\u0074ext":"頭"}"#),
        (r#"{"text":null,"头":"头"}"#, r#"{"text":null,"头":"头"}"#),
        ("[]", "[]"),
        ("\"头\"", "\"头\""),
    ] {
        becomes(&to_traditional(), record, converted);
    }
}

#[test]
fn the_spelling_of_a_text_is_preserved_if_possible() {
    for (record, converted) in [
        // Nothing changes.
        (r#"{"text":"\u4e00\/\ud800\u0000"}"#, r#"{"text":"\u4e00\/\ud800\u0000"}"#),
        // As Python writes it, and as .NET does.
        (r#"{"text":"a/b \/ 头 \u5934 \u00e9é"}"#, r#"{"text":"a/b \/ 頭 \u982d \u00e9é"}"#),
        (r#"{"text":"\u5934\u53d1 x\n"}"#, r#"{"text":"\u982d\u9aee x\n"}"#),
        (r#"{"text":"\u53D1\u5F20"}"#, r#"{"text":"\u767C\u5F35"}"#),
        (r#"{"text":"\ud83d\ude00\u5934"}"#, r#"{"text":"\ud83d\ude00\u982d"}"#),
        // As PHP and Go do.
        (r#"{"text":"头\/头\u003cb>"}"#, r#"{"text":"頭\/頭\u003cb>"}"#),
        (r#"{"text":"头\u0000\u001f\"\\\b"}"#, r#"{"text":"頭\u0000\u001f\"\\\b"}"#),
        // Lone surrogates, between two characters like their replacement.
        ("{\"text\":\"\u{fffd}头\\udc00\\ud83d\u{fffd}\"}", "{\"text\":\"\u{fffd}頭\\udc00\\ud83d\u{fffd}\"}"),
        (r#"{"text":"\uD83D\u5934"}"#, r#"{"text":"\uD83D\u982D"}"#),
    ] {
        becomes(&to_traditional(), record, converted);
    }
    // Words of another length, of which each is written as it was.
    let to_taiwan = jsonl(RecordOptions::default().convert(Converter::new(Config::S2twp)));
    for (record, converted) in [
        (r#"{"text":"a/b \/ 用户, \u7528\u6237"}"#, r#"{"text":"a/b \/ 使用者, \u4f7f\u7528\u8005"}"#),
        // Lone surrogates around them.
        (r#"{"text":"\ud800博客\udc01"}"#, r#"{"text":"\ud800部落格\udc01"}"#),
        (r#"{"text":"\udc02\uD800\u535A\u5ba2\udc01a"}"#, r#"{"text":"\udc02\uD800\u90E8\u843D\u683C\udc01a"}"#),
    ] {
        becomes(&to_taiwan, record, converted);
    }
}

#[test]
fn a_long_text_of_words_of_another_length_is_written_as_it_was() {
    let count = 20_000;
    let record = format!(r#"{{"text":"{}"}}"#, r"\u535a\u5ba2\u53d1\u5934".repeat(count));
    let converted = format!(r#"{{"text":"{}"}}"#, r"\u90e8\u843d\u683c\u767c\u982d".repeat(count));
    becomes(&jsonl(RecordOptions::default().convert(Converter::new(Config::S2twp))), &record, &converted);
}

#[test]
fn a_record_may_be_a_text_or_an_array() {
    let convert = || RecordOptions::default().convert(Converter::new(Config::S2t));
    becomes(&Jsonl::new(convert(), [".".parse().unwrap()]), " \"头\" ", " \"頭\" ");
    becomes(&Jsonl::new(convert(), ["[0]".parse().unwrap()]), r#"["头","头"]"#, r#"["頭","头"]"#);
    // Two paths to one text.
    let both = ["[]", "[0]"].map(|path| path.parse().unwrap());
    becomes(&Jsonl::new(convert(), both), r#"["头","头"]"#, r#"["頭","頭"]"#);
}

#[test]
fn deeply_nested_arrays_do_not_overflow_the_stack() {
    let deep = format!("{{\"x\":{}{},\"text\":\"头\"}}", "[".repeat(100_000), "]".repeat(100_000));
    becomes(&to_traditional(), &deep, &deep.replace('头', "頭"));
}

#[test]
fn metrics_are_added_in_the_style_of_the_record() {
    let options = RecordOptions::default().add(Metric::Script, "script").add(Metric::Simplified, "n");
    let jsonl = jsonl(options);
    for (record, converted) in [
        (r#"{"text":"头发"}"#, r#"{"text":"头发","script":"simplified","n":2}"#),
        (r#"{"text": "头发"}"#, r#"{"text": "头发", "script": "simplified", "n": 2}"#),
        (r#"{ "text": "a" ,"b" :1 }"#, r#"{ "text": "a" ,"b" :1 ,"script" :"not-chinese" ,"n" :0 }"#),
        ("{}", r#"{"script": "not-chinese", "n": 0}"#),
        // Of all texts together.
        (
            r#"{"text":"头发","meta":{"title":"頭髮"}}"#,
            r#"{"text":"头发","meta":{"title":"頭髮"},"script":"mixed","n":2}"#,
        ),
    ] {
        becomes(&jsonl, record, converted);
    }
    for (record, message) in [
        ("[1]", "cannot add to the record: it is not an object"),
        (r#"{"script":1}"#, "the record already has 'script': choose another name"),
    ] {
        assert_eq!(jsonl.record(record).unwrap_err().to_string(), message);
    }
}

#[test]
fn records_are_dropped_by_their_original_script() {
    let options = RecordOptions::default().keep_if("script=hant".parse().unwrap()).convert(Converter::new(Config::S2t));
    let jsonl = jsonl(options);
    assert_eq!(jsonl.record(r#"{"text":"头发"}"#).unwrap(), None);
    becomes(&jsonl, r#"{"text":"頭髮"}"#, r#"{"text":"頭髮"}"#);
}

#[cfg(feature = "clean")]
const PAGE: &str = "中國(guó)臺(tái)灣網(wǎng)，國(guó)際(jì)網(wǎng)臺(tái)發(fā)自?xún)?nèi)心";

#[cfg(feature = "clean")]
#[test]
fn glosses_are_found_in_all_texts_of_a_record_together() {
    let parts: Vec<_> = PAGE.split_inclusive('，').collect();
    let record = format!(r#"{{"list":[{{"text":"{}"}},{{"text":"{}"}}]}}"#, parts[0], parts[1]);
    let clean = r#"{"list":[{"text":"中國臺灣網，"},{"text":"國際網臺發自內心"}]}"#;
    becomes(&jsonl(RecordOptions::default().gloss(GlossMode::Repair)), &record, clean);
    becomes(&jsonl(RecordOptions::default().gloss(GlossMode::Report)), &record, &record);
    assert_eq!(jsonl(RecordOptions::default().gloss(GlossMode::Drop)).record(&record).unwrap(), None);
    let counted = record.replace("]}", r#"],"glosses":8}"#);
    becomes(&jsonl(RecordOptions::default().add(Metric::Glosses, "glosses")), &record, &counted);
    let condition: Condition = "glosses=0".parse().unwrap();
    let without = Jsonl::new(RecordOptions::default().keep_if(condition), ["text".parse().unwrap()]);
    let page = format!(r#"{{"text":"{PAGE}"}}"#);
    assert_eq!(without.record(&page).unwrap(), None);
}

#[cfg(not(feature = "clean"))]
#[test]
fn metrics_of_cleaning_need_the_feature() {
    let condition: Condition = "glosses=0".parse().unwrap();
    let jsonl = jsonl(RecordOptions::default().keep_if(condition));
    let error = jsonl.record(r#"{"text":"头"}"#).unwrap_err();
    assert_eq!(error.to_string(), "the metrics glosses and unrepaired need the feature `clean`");
}

#[test]
fn a_record_without_text_is_counted_dropped_or_broken() {
    let records = "{\"text\":\"头\"}\n{\"text\":null}\n{}\n{\"text\":[\"头\"]}\n".as_bytes();
    let counts = |missing| {
        let jsonl = Jsonl::new(RecordOptions::default().missing(missing), ["text".parse().unwrap()]);
        let counts = jsonl.copy(records, io::sink(), |_| true).unwrap();
        (counts.kept, counts.dropped, counts.broken, counts.without_text)
    };
    assert_eq!(counts(Missing::Keep), (4, 0, 0, vec![3]));
    assert_eq!(counts(Missing::Drop), (1, 3, 0, vec![3]));
    assert_eq!(counts(Missing::Error), (1, 0, 3, vec![3]));
}

fn chunk(jsonl: &Jsonl, lines: &[u8]) -> (Vec<u8>, Vec<RejectedRecord>) {
    let mut out = Vec::new();
    let report = jsonl.chunk(&Chunk::new(lines, 1), &mut out);
    (out, report.broken)
}

#[test]
fn broken_records_have_their_line_and_byte() {
    for (line, reason) in [
        ("{\"text\":\"头\"", "not JSON: unexpected end at byte 13"),
        ("{\"text\":\"头\"}}", "not JSON: syntax error at byte 15"),
        ("{\"text\":\"\\x\"}", "not JSON: syntax error at byte 11"),
        ("text", "not JSON: syntax error at byte 2"),
        ("{\"text\" \"头\"}", "not JSON: syntax error at byte 9"),
    ] {
        let lines = format!("\u{feff}{{}}\r\n \r\n{line}\r\n{{\"text\":\"头\"}}");
        let (out, broken) = chunk(&to_traditional(), lines.as_bytes());
        assert_eq!(String::from_utf8(out).unwrap(), "\u{feff}{}\r\n \r\n{\"text\":\"頭\"}");
        let [broken] = broken.as_slice() else { panic!("{broken:?}") };
        assert_eq!((broken.line, broken.reason.as_str(), broken.record.as_slice()), (3, reason, line.as_bytes()));
    }
}

#[test]
fn invalid_bytes_break_only_their_record() {
    let lines = b"{\"x\":\"\xff\",\"text\":\"\xe5\xa4\xb4\"}\n{\"text\":\"\xe5\xa4\xb4\"}\n";
    let (out, broken) = chunk(&to_traditional(), lines);
    assert_eq!(out, "{\"text\":\"頭\"}\n".as_bytes());
    assert_eq!(broken[0].reason, "not UTF-8: invalid byte 0xFF at offset 6");
    let (out, broken) = chunk(&to_traditional().read_options(ReadOptions::default().replace_invalid(true)), lines);
    assert_eq!(String::from_utf8(out).unwrap(), "{\"x\":\"\u{fffd}\",\"text\":\"頭\"}\n{\"text\":\"頭\"}\n");
    assert_eq!(broken, []);
}

#[test]
fn a_chunk_can_end_at_the_first_broken_record() {
    let (out, broken) =
        chunk(&to_traditional().read_options(ReadOptions::default().stop_at_broken(true)), b"{}\n{\n{}\n{\n");
    assert_eq!((out.as_slice(), broken.len()), (b"{}\n".as_slice(), 1));
}

/// A value in its spelling.
#[derive(Clone, Debug)]
enum Json {
    Other(String),
    Text(String),
    Array(Vec<Json>, String),
    Object(Vec<(String, Json)>, String),
}

/// A JSON string, with some unnecessary escapes.
fn string() -> impl Strategy<Value = String> {
    let part = prop_oneof![
        "[头发里后面软件一a ]{0,6}",
        Just(r#"\""#.to_owned()),
        Just(r"\n\\\/".to_owned()),
        Just(r"\u5934\u53D1".to_owned()),
        Just(r"\ud83d\ude00".to_owned()),
        Just(r"\ud800".to_owned()),
        Just(r"\u0000".to_owned()),
        Just("\u{fffd}".to_owned()),
        "[^\\\\\"\u{0}-\u{1f}]{0,3}",
    ];
    prop::collection::vec(part, 0..4).prop_map(|parts| format!("\"{}\"", parts.concat()))
}

fn name() -> impl Strategy<Value = String> {
    let known = vec!["text", "meta", "title", "list", "a.b", "a", "pages", "te\\u0078t"];
    prop_oneof![4 => prop::sample::select(known).prop_map(|name| format!("\"{name}\"")), 1 => string()]
}

fn json() -> impl Strategy<Value = Json> {
    let other = prop::sample::select(vec!["1", "-0", "1.50E+400", "true", "false", "null", "12345678901234567890.0"]);
    let leaf =
        prop_oneof![1 => other.prop_map(|other| Json::Other(other.to_owned())), 3 => string().prop_map(Json::Text)];
    leaf.prop_recursive(4, 40, 5, |inner| {
        prop_oneof![
            1 => (prop::collection::vec(inner.clone(), 0..4), "[ \t]{0,2}").prop_map(|(all, space)| Json::Array(all, space)),
            2 => (prop::collection::vec((name(), inner), 0..5), "[ \t]{0,2}")
                .prop_map(|(all, space)| Json::Object(all, space)),
        ]
    })
}

/// A part of a record: whether it is a chosen string, and its text.
type Part = (bool, String);

/// Writes a value. `place` is the path to it.
fn write(json: &Json, place: &str, parts: &mut Vec<Part>) {
    let mut fixed = |text: &str| parts.push((false, text.to_owned()));
    match json {
        Json::Other(text) => fixed(text),
        Json::Text(text) => {
            let is_chosen = ["/text", "/meta/title", "/list/#/text", "/a.b/#", "/pages/#1"].iter().any(|chosen| {
                let (chosen, place): (Vec<_>, Vec<_>) = (chosen.split('/').collect(), place.split('/').collect());
                let is_step =
                    |(&chosen, step): (&&str, &&str)| chosen == *step || (chosen == "#" && step.starts_with('#'));
                chosen.len() == place.len() && chosen.iter().zip(&place).all(is_step)
            });
            parts.push((is_chosen, text.clone()));
        }
        Json::Array(all, space) => {
            fixed(&format!("[{space}"));
            for (at, value) in all.iter().enumerate() {
                parts.push((false, if at > 0 { format!("{space},") } else { String::new() }));
                write(value, &format!("{place}/#{at}"), parts);
            }
            parts.push((false, format!("{space}]")));
        }
        Json::Object(all, space) => {
            fixed(&format!("{{{space}"));
            for (at, (name, value)) in all.iter().enumerate() {
                parts.push((false, format!("{}{name}{space}:{space}", if at > 0 { "," } else { "" })));
                // No path has a name with a lone surrogate.
                let name = serde_json::from_str::<String>(name).unwrap_or_else(|_| "?".to_owned());
                let name = if name.contains(['/', '#']) { "?".to_owned() } else { name };
                write(value, &format!("{place}/{name}"), parts);
            }
            parts.push((false, format!("{space}}}")));
        }
    }
}

/// The text of a JSON string with U+FFFD for lone surrogates, by serde_json alone.
fn text(string: &str) -> String {
    match serde_json::from_str(string) {
        Ok(text) => text,
        Err(_) => text(&string.replacen("\\ud800", "\\ufffd", 1)),
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(500))]

    #[test]
    fn any_value_keeps_every_byte_but_the_chosen_texts(json in json()) {
        let mut parts = Vec::new();
        write(&json, "", &mut parts);
        let record: String = parts.iter().map(|(_, text)| text.as_str()).collect();
        let converter = Converter::new(Config::S2t);
        let converted = to_traditional().record(&record).unwrap().unwrap();
        let mut rest = &*converted;
        for (is_chosen, part) in &parts {
            let expected = is_chosen.then(|| converter.convert(&text(part)).into_owned());
            let Some(expected) = expected.filter(|expected| *expected != text(part)) else {
                prop_assert!(rest.starts_with(part), "{record}\n{converted}\n{part}");
                rest = &rest[part.len()..];
                continue;
            };
            let mut strings = serde_json::Deserializer::from_str(rest).into_iter::<&serde_json::value::RawValue>();
            let string = strings.next().unwrap().unwrap().get();
            prop_assert_eq!(text(string), expected);
            prop_assert_eq!(string.matches("\\ud800").count(), part.matches("\\ud800").count());
            prop_assert!(!part.is_ascii() || string.is_ascii());
            rest = &rest[string.len()..];
        }
        prop_assert_eq!(rest, "");
    }

    #[test]
    fn the_size_of_chunks_changes_nothing(
        lines in prop::collection::vec(
            (
                prop_oneof![
                    4 => json().prop_map(|json| {
                        let mut parts = Vec::new();
                        write(&json, "", &mut parts);
                        parts.into_iter().map(|(_, text)| text).collect::<String>().into_bytes()
                    }),
                    1 => Just(b"  ".to_vec()),
                    1 => Just("{\"text\":\"头".as_bytes().to_vec()),
                    1 => prop::collection::vec(any::<u8>().prop_filter("a line", |&byte| byte != b'\n'), 0..100),
                ],
                prop_oneof![Just("\n"), Just("\r\n")],
            ),
            0..12,
        ),
        size in 1_usize..200,
        limit in 20_usize..200,
        is_ended in any::<bool>(),
        piece in 1_usize..50,
    ) {
        let mut input: Vec<u8> = lines.iter().flat_map(|(line, end)| [line.as_slice(), end.as_bytes()].concat()).collect();
        if !is_ended {
            input.pop();
        }
        let jsonl = to_traditional().read_options(ReadOptions::default().max_record(limit));
        let mut whole = Vec::new();
        let report = jsonl.chunk(&Chunk::new(input.clone(), 1), &mut whole);
        let mut chunks = jsonl.chunks(Pieces(&input, piece)).size(size);
        let (mut parts, mut broken, mut read) = (Vec::new(), Vec::new(), 0);
        while let Some(chunk) = chunks.read_next(Chunk::default()).unwrap() {
            let report = jsonl.chunk(&chunk, &mut parts);
            broken.extend(report.broken);
            read += report.counts.read;
        }
        prop_assert_eq!(parts, whole);
        prop_assert_eq!(broken, report.broken);
        prop_assert_eq!(read, report.counts.read);
        prop_assert_eq!(read, report.counts.kept + report.counts.dropped + report.counts.broken);
    }
}

/// A reader that returns at most this number of bytes at once.
struct Pieces<'p>(&'p [u8], usize);

impl Read for Pieces<'_> {
    fn read(&mut self, piece: &mut [u8]) -> io::Result<usize> {
        let len = self.1.min(piece.len());
        self.0.read(&mut piece[..len])
    }
}

#[test]
fn a_byte_order_mark_is_kept_before_a_record_that_is_too_long() {
    // It used to be lost if the record was skipped in pieces, and to count for its length.
    let jsonl = jsonl(RecordOptions::default()).read_options(ReadOptions::default().max_record(4));
    for (input, output, broken) in
        [("\u{feff}[1,2]\n[3]\n", "\u{feff}[3]\n", 1), ("\u{feff}[12]\n[3]\n", "\u{feff}[12]\n[3]\n", 0)]
    {
        for size in [1, 1000] {
            let mut chunks = jsonl.chunks(input.as_bytes()).size(size);
            let (mut out, mut found) = (Vec::new(), 0);
            while let Some(chunk) = chunks.read_next(Chunk::default()).unwrap() {
                found += jsonl.chunk(&chunk, &mut out).broken.len();
            }
            assert_eq!((String::from_utf8(out).unwrap().as_str(), found), (output, broken), "{size}");
        }
    }
}

#[test]
fn it_is_known_whether_a_field_is_there() {
    let presence = |path: &str, input: &str| {
        let jsonl = Jsonl::new(RecordOptions::default(), [path.parse().unwrap()]);
        let counts = jsonl.copy(input.as_bytes(), io::sink(), |_| true).unwrap();
        match &counts.presence[0] {
            Presence::Absent { instead } => instead.join(" "),
            other => format!("{other:?}"),
        }
    };
    let record = r#"{"id":1,"a":{"b":"x","c d":["y",{"e":"z"},"y"]},"n":null,"l":[]}"#;
    for path in ["a", "a.b", "id", "n", "n.x", "l[].x", "l[3]", r#"a["c d"][7]"#] {
        assert_eq!(presence(path, record), "Present", "{path}");
    }
    for path in ["x", "a.x", "a.b.x", "id.x", "id[]", "a[]", r#"a["c d"][].x"#] {
        assert_eq!(presence(path, record), r#"a.b a["c d"][] a["c d"][].e"#, "{path}");
        // Of the first record; and one record that has it is enough.
        assert_eq!(presence(path, &format!("{{\"first\":\"\"}}\n{record}")), "first", "{path}");
    }
    assert_eq!(presence("x", &format!("{record}\n{{\"x\":1}}\n")), "Present");
    assert_eq!(presence("x", "broken\n"), "Unknown");
    assert_eq!(presence("x", "7"), "");
    let many = format!("{{{}}}", (0..100).map(|at| format!("\"k{at}\":\"\"")).collect::<Vec<_>>().join(","));
    assert_eq!(presence("x", &many), (0..12).map(|at| format!("k{at}")).collect::<Vec<_>>().join(" "));
}

#[test]
fn a_record_is_whole_unless_it_is_too_long() {
    let jsonl = jsonl(RecordOptions::default()).read_options(ReadOptions::default().max_record(2000));
    let (long, longer) = ("x".repeat(1999), "x".repeat(2001));
    let report = jsonl.chunk(&Chunk::new(format!("{long}\n{longer}\n"), 1), &mut Vec::new());
    let broken: Vec<_> = report.broken.iter().map(|broken| (broken.record.len(), broken.is_whole)).collect();
    assert_eq!(broken, [(1999, true), (1024, false)]);
}
