//! Fields whose texts are documents: in JSON lines and in tables.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use fanjian::{Config, Converter, ErrorKind};
use fanjian_documents::{Format, Languages, Options, convert_text};
use fanjian_records::{Chunk, Jsonl, Layout, RecordOptions, Table};
use proptest::prelude::*;

fn documents() -> Options {
    Options::new(Converter::new(Config::S2twp)).languages(Languages::of_config(Config::S2twp))
}

fn converted() -> RecordOptions {
    RecordOptions::default().convert(Converter::new(Config::S2twp))
}

fn jsonl<const FIELDS: usize>(options: RecordOptions, paths: [(&str, Option<Format>); FIELDS]) -> Jsonl {
    let formats = paths.iter().enumerate().filter_map(|(number, (_, format))| Some((number, (*format)?)));
    let options = options.documents(formats, documents()).unwrap();
    Jsonl::new(options, paths.map(|(path, _)| path.parse().unwrap()))
}

fn table(options: RecordOptions, layout: Layout, input: &str) -> Result<String, String> {
    let options = options.documents([(0, Format::Html)], documents()).unwrap();
    let table = Table::new(options, ["page", "title"].map(|column| column.parse().unwrap()), layout);
    let mut out = Vec::new();
    table.copy(input.as_bytes(), &mut out, |_| true).map_err(|error| error.to_string())?;
    Ok(String::from_utf8(out).unwrap())
}

#[track_caller]
fn becomes(jsonl: &Jsonl, record: &str, converted: &str) {
    assert_eq!(jsonl.record(record).unwrap().as_deref(), Some(converted));
}

#[test]
fn each_field_is_read_in_its_format() {
    let fields = [("html", Some(Format::Html)), ("pages[].md", Some(Format::Markdown)), ("text", None)];
    let jsonl = jsonl(converted(), fields);
    // Words over markup, attributes and the name of the language; and plain text that has the same signs.
    becomes(
        &jsonl,
        r#"{"html":"<p lang=\"zh-CN\" class='头'>头<b>发</b>\n</p>","text":"<p class='头'>头<b>发</b>"}"#,
        r#"{"html":"<p lang=\"zh-TW\" class='头'>頭<b>髮</b>\n</p>","text":"<p class='頭'>頭<b>發</b>"}"#,
    );
    becomes(
        &jsonl,
        r#"{ "pages": [{"md": "[头发](头.md)\n\n    头"}, {"md": null}, {"md": "`软件` 软*件*"}], "x": "头"}"#,
        r#"{ "pages": [{"md": "[頭髮](头.md)\n\n    头"}, {"md": null}, {"md": "`软件` 軟*體*"}], "x": "头"}"#,
    );
    // The spelling of what stays, and of what changes, place by place.
    becomes(
        &jsonl,
        r#"{"html":"<b>头</b> \u5934 <a href=\"头\">x<\/a></p>"}"#,
        r#"{"html":"<b>頭</b> \u982d <a href=\"头\">x<\/a></p>"}"#,
    );
    // The spelling of a JSON string, and a lone surrogate.
    becomes(
        &jsonl,
        r#"{"html":"\u003cb>\u5934\u003c\/b>&#x5934;\ud800"}"#,
        r#"{"html":"\u003cb>\u982d\u003c\/b>&#x982d;\ud800"}"#,
    );
    for same in [r#"{"html":""}"#, r#"{"html":"<p lang=ja>国学</p>"}"#, r#"{"html":"<pre>头</pre>"}"#] {
        becomes(&jsonl, same, same);
    }
}

#[test]
fn columns_of_tables_are_documents() {
    let input = "id,page,title\r\n头,\"<a href=\"\"头\"\">头</a>\",<头>\r\n1,<i>头</i>,\r\n2,,头\r\n";
    let output = "id,page,title\r\n头,\"<a href=\"\"头\"\">頭</a>\",<頭>\r\n1,<i>頭</i>,\r\n2,,頭\r\n";
    assert_eq!(table(converted(), Layout::CSV, input).as_deref(), Ok(output));
    let (input, output) = ("title\tpage\n<头>\t<a href=头>头\n", "title\tpage\n<頭>\t<a href=头>頭\n");
    assert_eq!(table(converted(), Layout::TSV, input).as_deref(), Ok(output));
}

#[test]
fn a_text_that_is_not_in_its_format_makes_a_broken_record() {
    let jsonl = jsonl(converted(), [("title", None), ("meta.data", Some(Format::Json))]);
    let record = r#"{"title":"头","meta":{"data":"[\"头\",\n\"头]"}}"#;
    let error = jsonl.record(record).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Syntax);
    assert!(error.to_string().starts_with("meta.data: not json: line 2: "), "{error}");
    let mut out = Vec::new();
    let report = jsonl.chunk(&Chunk::new(format!("{{\"title\":\"头\"}}\n{record}\n"), 7), &mut out);
    assert_eq!(String::from_utf8(out).unwrap(), "{\"title\":\"頭\"}\n");
    assert_eq!((report.broken.len(), report.broken[0].line, &*report.broken[0].record), (1, 8, record.as_bytes()));
}

#[test]
fn metrics_are_those_of_what_is_read() {
    let with = |options: RecordOptions| jsonl(options, [("html", Some(Format::Html)), ("text", None)]);
    let counting = with(RecordOptions::default().add("han".parse().unwrap(), "han"));
    // A reader does not see the class, and sees a title; text of each script counts.
    becomes(
        &counting,
        r#"{"html":"<p class=头头头>头<b title=发>&#x53d1;</b><p lang=zh-TW>髮</p>","text":"<头>"}"#,
        r#"{"html":"<p class=头头头>头<b title=发>&#x53d1;</b><p lang=zh-TW>髮</p>","text":"<头>","han":5}"#,
    );
    let chosen = with(converted().keep_if("script=hans".parse().unwrap()));
    becomes(&chosen, r#"{"html":"<p id=頭髮>头发"}"#, r#"{"html":"<p id=頭髮>頭髮"}"#);
    assert_eq!(chosen.record(r#"{"html":"<p id=头发>頭髮"}"#).unwrap(), None);
}

#[cfg(feature = "clean")]
#[test]
fn glosses_are_counted_but_not_searched_for() {
    use fanjian_clean::GlossMode;
    let fields = [("html", Some(Format::Html))];
    let error = jsonl(converted().gloss(GlossMode::Repair), fields).record(r#"{"html":"头"}"#).unwrap_err();
    assert_eq!(error.to_string(), "glosses cannot be searched for in fields that are documents");
    let counting = jsonl(RecordOptions::default().add("glosses".parse().unwrap(), "n"), fields);
    let record = r#"{"html":"中<b>國(guó)</b>臺(tái)灣網(wǎng)，國(guó)際(jì)網(wǎng)臺(tái)發(fā)"}"#;
    let record = counting.record(record).unwrap().unwrap();
    assert!(record.ends_with(r#","n":8}"#), "{record}");
}

#[test]
fn formats_that_cannot_be_are_errors() {
    let error = RecordOptions::default().documents([(0, Format::Epub)], documents()).unwrap_err();
    assert_eq!(error.to_string(), "a text cannot be of the format epub, which is an archive");
    // Two fields that are one text.
    let fields = [("a[]", Some(Format::Html)), ("a[1]", None)];
    let jsonl = jsonl(converted(), fields);
    becomes(&jsonl, r#"{"a":["<b 头>"]}"#, r#"{"a":["<b 头>"]}"#);
    let error = jsonl.record(r#"{"a":["头","头"]}"#).unwrap_err().to_string();
    assert_eq!(error, "'a[]' and 'a[1]' are one text, but differ in its format");
    let options = converted().documents([(0, Format::Html)], documents()).unwrap();
    let table = Table::new(options, ["page", "2"].map(|column| column.parse().unwrap()), Layout::CSV);
    let error = table.copy("id,page\n".as_bytes(), Vec::new(), |_| true).unwrap_err().to_string();
    assert_eq!(error, "'page' and '2' are one text, but differ in its format");
}

#[test]
fn without_a_conversion_documents_stay() {
    let jsonl = jsonl(RecordOptions::default(), [("html", Some(Format::Html))]);
    becomes(&jsonl, r#"{"html":"<p lang=zh-CN>头"}"#, r#"{"html":"<p lang=zh-CN>头"}"#);
}

#[test]
fn each_conversion_of_a_document_is_observed() {
    let marks = Arc::new(AtomicUsize::new(0));
    let seen = Arc::clone(&marks);
    let options = converted().observe_documents(move |text, report| {
        assert!(text.starts_with('<'));
        seen.fetch_add(usize::from(report.unclosed_mark.is_some()), Ordering::Relaxed);
    });
    let jsonl = jsonl(options, [("html", Some(Format::Html)), ("text", None)]);
    let record = r#"{"html":"<p>头<!-- fanjian:off --><p>头","text":"头"}"#;
    becomes(&jsonl, record, r#"{"html":"<p>頭<!-- fanjian:off --><p>头","text":"頭"}"#);
    becomes(&jsonl, r#"{"html":"<p>头"}"#, r#"{"html":"<p>頭"}"#);
    assert_eq!(marks.load(Ordering::Relaxed), 1);
}

/// A page, or something like one.
fn page() -> impl Strategy<Value = String> {
    let part = prop_oneof![
        Just("头发".to_owned()),
        Just("<b>".to_owned()),
        Just("</b>".to_owned()),
        Just("<p lang=\"zh-CN\">".to_owned()),
        Just("<img alt='软件' src=软件>".to_owned()),
        Just("&#x5934;\r\n".to_owned()),
        Just("<!-- 头 -->".to_owned()),
        Just("[\"头\"]".to_owned()),
        ".{0,6}",
    ];
    prop::collection::vec(part, 0..12).prop_map(|parts| parts.concat())
}

proptest! {
    #[test]
    fn a_field_becomes_what_its_document_becomes(page in page(), other in ".{0,12}") {
        let expected = convert_text(&page, Format::Html, &documents()).unwrap().text.into_owned();
        let record = serde_json::json!({"a": other, "page": page}).to_string();
        let jsonl = jsonl(converted(), [("page", Some(Format::Html))]);
        let converted = jsonl.record(&record).unwrap().unwrap().into_owned();
        let read: serde_json::Value = serde_json::from_str(&converted).unwrap();
        prop_assert_eq!(&read["page"], &expected);
        prop_assert_eq!(&read["a"], &other);
        let before = record.len() - serde_json::json!({"page": page}).to_string().len();
        prop_assert_eq!(&record[..before], &converted[..before]);
    }

    #[test]
    fn the_size_of_chunks_changes_nothing(
        pages in prop::collection::vec(page(), 0..12),
        cuts in prop::collection::vec(0..12usize, 0..4),
    ) {
        let jsonl = jsonl(converted(), [("page", Some(Format::Json)), ("text", None)]);
        let line = |page: &String| serde_json::json!({"page": page, "text": page}).to_string() + "\n";
        let lines: Vec<_> = pages.iter().map(line).collect();
        let chunk = |from: usize, to: usize, out: &mut Vec<u8>| {
            jsonl.chunk(&Chunk::new(lines[from..to].concat(), from as u64 + 1), out).broken
        };
        let (mut out, mut in_pieces) = (Vec::new(), Vec::new());
        let broken = chunk(0, lines.len(), &mut out);
        let mut cuts: Vec<_> = cuts.into_iter().map(|cut| cut.min(lines.len())).chain([0, lines.len()]).collect();
        cuts.sort_unstable();
        let pieces: Vec<_> = cuts.windows(2).flat_map(|cut| chunk(cut[0], cut[1], &mut in_pieces)).collect();
        prop_assert_eq!(pieces, broken);
        prop_assert_eq!(in_pieces, out);
    }
}
