//! Data and catalogues: the result has the structure and the keys of the source, whatever the source is, and hostile sources
//! are errors or are converted in a short time.

mod common;

use std::path::Path;

use fanjian::{Config, Converter, ErrorKind, Target};
use fanjian_documents::{Format, Languages, Options, convert, groups};
use proptest::prelude::*;
use serde_json::{Map, Value};

/// Text with characters that change, placeholders, and what formats give a meaning to.
fn text() -> impl Strategy<Value = String> {
    let part = prop_oneof![
        4 => "[头发干后台里只一a-z ，。]{0,4}",
        1 => prop::sample::select(vec![
            "鼠标", "{n}", "{name}", "%d", "%%", "{{x}}", "${x}", "$t(头)", "<b>", "</b>", "<br/>", "&amp;", "&", "_", "'", "\"", "\\",
            "\n", "\r\n", "\t", ": ", " #", "- ", "{", "}", "[", "]", "{a, plural, other {头", "}}", "@:头", "%(", "=", ";", "\u{200b}",
            "\u{ad}", "\u{feff}", "\u{85}", "𠮷", "/", "图/a.png", "@", "*", "|", ">", "!", "~", "\u{1e}", "zh-CN", "\0",
        ])
        .prop_map(str::to_owned),
    ];
    prop::collection::vec(part, 0..6).prop_map(|parts| parts.concat())
}

fn key() -> impl Strategy<Value = String> {
    prop_oneof![text(), prop::sample::select(vec!["lang", "ja", "a", "头发"]).prop_map(str::to_owned)]
}

fn value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        4 => text().prop_map(Value::String),
        1 => Just(Value::Null),
        1 => any::<bool>().prop_map(Value::Bool),
        1 => any::<i32>().prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 24, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::Array),
            prop::collection::vec((key(), inner), 0..4)
                .prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    })
}

/// Options by which no key changes.
fn options() -> Options {
    Options::new(Converter::new(Config::S2twp)).languages(Languages::default())
}

/// A value without its texts: what is not to change.
fn shape(value: &Value) -> Value {
    match value {
        Value::String(_) => Value::String(String::new()),
        Value::Array(items) => Value::Array(items.iter().map(shape).collect()),
        Value::Object(members) => {
            members.iter().map(|(key, value)| (key.clone(), shape(value))).collect::<Map<_, _>>().into()
        }
        other => other.clone(),
    }
}

/// What a parser of YAML reads, without the text of the scalars that are values.
fn yaml_shape(source: &str) -> Result<Vec<String>, String> {
    use saphyr_parser::{Event, Parser};
    let (mut shape, mut open): (Vec<String>, Vec<Option<bool>>) = (Vec::new(), Vec::new());
    for read in Parser::new_from_str(source) {
        let (event, _) = read.map_err(|error| error.to_string())?;
        let is_node =
            matches!(event, Event::Scalar(..) | Event::Alias(_) | Event::MappingStart(..) | Event::SequenceStart(..));
        let mut is_key = false;
        if let Some(Some(has_key)) = open.last_mut().filter(|_| is_node) {
            is_key = !*has_key;
            *has_key = is_key;
        }
        match &event {
            Event::MappingStart(..) => open.push(Some(false)),
            Event::SequenceStart(..) => open.push(None),
            Event::MappingEnd | Event::SequenceEnd => _ = open.pop(),
            _ => {}
        }
        shape.push(match event {
            Event::Scalar(_, style, ..) if !is_key => format!("{style:?}"),
            other => format!("{other:?}"),
        });
    }
    Ok(shape)
}

fn converted(source: &str, format: Format) -> String {
    String::from_utf8(common::converted(source.as_bytes(), format, &options())).unwrap()
}

/// A string between quotation marks, as gettext writes it.
fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n").replace('\r', "\\r"))
}

proptest! {
    #[test]
    fn json_keeps_its_structure(value in value(), is_pretty: bool) {
        let source = if is_pretty { serde_json::to_string_pretty(&value) } else { serde_json::to_string(&value) }.unwrap();
        let result = converted(&source, Format::Json);
        prop_assert_eq!(shape(&serde_json::from_str(&result).unwrap()), shape(&value));
        common::check_laws(source.as_bytes(), Format::Json, &source);
    }

    #[test]
    fn json_is_yaml(value in value()) {
        let source = serde_json::to_string_pretty(&value).unwrap();
        if let Ok(shape) = yaml_shape(&source) {
            prop_assert_eq!(yaml_shape(&converted(&source, Format::Yaml)).unwrap(), shape);
            common::check_laws(source.as_bytes(), Format::Yaml, &source);
        }
    }

    #[test]
    fn yaml_keeps_its_structure(lines in prop::collection::vec(("( ){0,4}(- |[a头]: |[?] |[|]\n|>-\n|\"|'|# )?", text()), 0..8)) {
        let source: String = lines.into_iter().flat_map(|(start, text)| [start, text, "\n".to_owned()]).collect();
        match yaml_shape(&source) {
            Ok(shape) => {
                prop_assert_eq!(yaml_shape(&converted(&source, Format::Yaml)).unwrap(), shape, "{}", source);
                common::check_laws(source.as_bytes(), Format::Yaml, &source);
            }
            Err(_) => {
                let error = convert(source.as_bytes(), Format::Yaml, &options()).unwrap_err();
                prop_assert_eq!(error.kind(), ErrorKind::Syntax);
            }
        }
    }

    #[test]
    fn toml_keeps_its_structure(members in prop::collection::btree_map(key(), prop::collection::vec(text(), 0..3), 0..4)) {
        let members: toml::Table = members
            .into_iter()
            .map(|(key, texts)| (key, texts.into_iter().map(toml::Value::String).collect::<Vec<_>>().into()))
            .collect();
        let source = toml::to_string(&members).unwrap();
        let result: toml::Table = toml::from_str(&converted(&source, Format::Toml)).unwrap();
        let shape = |table: &toml::Table| -> Vec<(String, usize)> {
            table.iter().map(|(key, value)| (key.clone(), value.as_array().unwrap().len())).collect()
        };
        prop_assert_eq!(shape(&result), shape(&members));
        common::check_laws(source.as_bytes(), Format::Toml, &source);
    }

    #[test]
    fn catalogues_keep_what_is_no_translation(entries in prop::collection::vec((text(), prop::collection::vec(text(), 1..4)), 0..5)) {
        let mut source = String::new();
        for (id, lines) in &entries {
            source += &format!("# {}\nmsgid {}\nmsgstr ", id.replace(['\n', '\r', '\u{85}'], " "), quoted(&format!("头{id}")));
            source += &lines.iter().map(|line| quoted(line) + "\n").collect::<String>();
            source += "\n";
        }
        let result = converted(&source, Format::Po);
        let kept = |text: &str| -> Vec<String> {
            text.split('\n').filter(|line| line.starts_with(['#', 'm'])).map(|line| {
                if line.starts_with("msgstr") { "msgstr".to_owned() } else { line.to_owned() }
            }).collect()
        };
        prop_assert_eq!(kept(&result), kept(&source));
        common::check_laws(source.as_bytes(), Format::Po, &source);
    }

    #[test]
    fn any_text_is_converted_or_an_error(text in text(), number in 0..11_usize) {
        use Format::{Android, Arb, Fluent, Json, Po, Properties, Resx, Strings, Toml, Xcstrings, Xliff, Yaml};
        let format = [Json, Yaml, Toml, Po, Xliff, Android, Strings, Xcstrings, Properties, Arb, Fluent, Resx][number];
        let framed = match format {
            Json | Arb | Xcstrings => format!("{{\"a\": \"{text}\"}}"),
            Xliff => format!("<xliff><file><trans-unit><target>{text}</target></trans-unit></file></xliff>"),
            Android => format!("<resources><string name='a'>{text}</string></resources>"),
            Resx => format!("<root><data name='a'><value>{text}</value></data></root>"),
            Strings => format!("a = \"{text}\";"),
            Po => format!("msgid \"a\"\nmsgstr \"{text}\"\n"),
            Properties | Fluent => format!("a = {text}\nb = 头\n"),
            _ => format!("a = \"\"\"{text}\"\"\""),
        };
        for source in [&text, &framed] {
            if groups(source.as_bytes(), format, &options()).is_ok() {
                common::check_laws(source.as_bytes(), format, source);
            }
        }
    }
}

/// The tag had a hyphen in every format: the tools of Flutter refuse it, and those of gettext do not find it.
#[test]
fn a_language_alone_becomes_what_the_tools_of_the_format_read() {
    let cases = [
        (Format::Arb, r#"{"@@locale": "zh", "a": "头"}"#, r#"{"@@locale": "zh_TW", "a": "頭"}"#),
        (Format::Po, "msgid \"\"\nmsgstr \"Language: zh\\n\"\n", "msgid \"\"\nmsgstr \"Language: zh_TW\\n\"\n"),
        (Format::Po, "msgid \"\"\nmsgstr \"Language: zh-CN\\n\"\n", "msgid \"\"\nmsgstr \"Language: zh-TW\\n\"\n"),
        (Format::Yaml, "zh:\n  a: 头\n", "zh-TW:\n  a: 頭\n"),
        (Format::Yaml, "zh: 头\n", "zh: 頭\n"),
        (Format::Yaml, "zh:\n  a: 头\nother: 头\n", "zh:\n  a: 頭\nother: 頭\n"),
        (Format::Yaml, "name:\n  zh:\n    a: 头\n", "name:\n  zh:\n    a: 頭\n"),
        // Each document of a source counts by itself.
        (Format::Yaml, "- a: b\n---\nzh: 头\n", "- a: b\n---\nzh: 頭\n"),
        (Format::Yaml, "a:\n  b: c\n---\nzh: 头\n", "a:\n  b: c\n---\nzh: 頭\n"),
        (Format::Yaml, "zh: 头\n---\nzh:\n  a: 头\n", "zh: 頭\n---\nzh-TW:\n  a: 頭\n"),
        (Format::Yaml, "zh: 头\n? {a: b}\n: c\n", "zh: 頭\n? {a: b}\n: c\n"),
        (Format::Markdown, "---\nzh:\n  a: 头\n---\n", "---\nzh:\n  a: 頭\n---\n"),
        (Format::Markdown, "{\n\"zh\": {\"a\": \"头\"}\n}\n", "{\n\"zh\": {\"a\": \"頭\"}\n}\n"),
        (Format::Json, r#"{"zh": {"a": "头"}}"#, r#"{"zh-TW": {"a": "頭"}}"#),
        (Format::Json, r#"{"zh": "头"}"#, r#"{"zh": "頭"}"#),
        (Format::Html, "<meta property=og:locale content=zh>", "<meta property=og:locale content=zh_TW>"),
        (Format::Html, "<html lang=zh>", "<html lang=zh-TW>"),
    ];
    for (format, source, expected) in cases {
        let result = common::converted(source.as_bytes(), format, &common::options("zh-TW"));
        assert_eq!(String::from_utf8(result).unwrap(), expected, "{format}");
        common::check_laws(source.as_bytes(), format, source);
    }
}

/// XLIFF had the underscore of the name, which is in no tag of BCP 47. Tools compare keys and `@@locale` with the name.
#[test]
fn a_tag_has_its_own_form_and_a_key_that_of_the_name() {
    let xliff = |tag: &str| format!("<xliff version='1.2'><file target-language='{tag}'/></xliff>");
    let cases = [
        ("messages.zh_TW.xlf", Format::Xliff, xliff("zh-CN"), xliff("zh-TW")),
        ("zh_TW.yml", Format::Yaml, "zh-CN:\n  lang: zh-CN\n".into(), "zh_TW:\n  lang: zh-TW\n".into()),
        (
            "zh_TW.json",
            Format::Json,
            r#"{"zh-CN": {"lang": "zh-CN"}}"#.into(),
            r#"{"zh_TW": {"lang": "zh-TW"}}"#.into(),
        ),
        ("zh-tw.yml", Format::Yaml, "zh-CN:\n  lang: zh-CN\n".into(), "zh-tw:\n  lang: zh-TW\n".into()),
        ("app_zh_Hant.arb", Format::Arb, r#"{"@@locale": "zh"}"#.into(), r#"{"@@locale": "zh_Hant"}"#.into()),
    ];
    for (path, format, source, expected) in cases {
        let languages = Languages::to_target(Target::Taiwan, None).of_path(Path::new(path));
        let result = common::converted(source.as_bytes(), format, &common::options("zh-TW").languages(languages));
        assert_eq!(String::from_utf8(result).unwrap(), expected, "{path}");
    }
}

/// Only data and properties had this rule: elsewhere, links were dead and resources not found.
#[test]
fn a_message_that_names_something_stays_in_every_format() {
    let templates = [
        (Format::Po, "msgid \"a\"\nmsgstr \"M\"\n"),
        (Format::Strings, "\"a\" = \"M\";"),
        (Format::Xcstrings, r#"{"strings": {"a": {"localizations": {"zh-Hans": {"stringUnit": {"value": "M"}}}}}}"#),
        (Format::Arb, r#"{"a": "M"}"#),
        (Format::Fluent, "a = M\n    .b = M\n"),
        (Format::Resx, "<root><data name='a'><value>M</value></data></root>"),
        (Format::Android, "<resources><string name='a'>M</string><item type='string'>\"M\"</item></resources>"),
        (Format::Xliff, "<xliff><file><trans-unit><target>\n  M\n</target></trans-unit></file></xliff>"),
        (Format::Properties, "a = M\n"),
        (Format::Json, r#"{"a": "M"}"#),
        (Format::Yaml, "a: \"M\"\nb: |\n  M\n"),
        (Format::Toml, "a = \"M\"\n"),
    ];
    for (format, template) in templates {
        let is_kept = |message: &str| {
            let source = template.replace('M', message);
            let texts = groups(source.as_bytes(), format, &options()).unwrap();
            common::check_laws(source.as_bytes(), format, &source);
            texts.is_empty()
        };
        for message in
            ["https://a.com/头发", "mailto:头@a.com", "图片/头发.png", "头发.png", "@string/头发", "?attr/头发"]
        {
            assert!(is_kept(message), "{format}: {message}");
        }
        for message in ["头发", "请看 https://a.com/头发", "男/女", "头发。", "@张三/头发"] {
            assert!(!is_kept(message), "{format}: {message}");
        }
    }
    // What stays in a message is a part of the address, but no line break is.
    for (format, source, is_text) in [
        (Format::Fluent, "a = https://a.com/{ $n }/头发\n", false),
        (Format::Po, "msgid \"a\"\nmsgstr \"\"\n\"https://a.com/\"\n\"头发\"\n", false),
        (Format::Po, "msgid \"a\"\nmsgstr \"https:\\/\\/a.com\\/头发\"\n", false),
        (Format::Android, "<resources><string name='a'>https://a.com/?a=1&amp;b=头发</string></resources>", false),
        (Format::Android, "<resources><string name='a'>./头发<br/>头发</string></resources>", true),
        (Format::Android, "<resources><string name='a'>\\@string/头发</string></resources>", true),
        (Format::Yaml, "a: ./头发\n  头发\n", true),
    ] {
        assert_eq!(!groups(source.as_bytes(), format, &options()).unwrap().is_empty(), is_text, "{source}");
    }
}

#[test]
fn control_characters_by_number_are_text() {
    for source in [r#"["\r\n\u001e", "头发"]"#, r#"["头发\n\u001e\n", "\u001e\n头发\u001d"]"#] {
        let result = converted(source, Format::Json);
        assert_eq!(result, source.replace("头发", "頭髮"));
        common::check_laws(source.as_bytes(), Format::Json, source);
    }
}

#[test]
fn hostile_sources_end() {
    let many = 100_000;
    let cases = [
        (Format::Json, "[".repeat(many)),
        (Format::Json, format!("{}{}", "[".repeat(many), "]".repeat(many))),
        (Format::Json, format!("[\"{}\"]", "{头".repeat(many))),
        (Format::Json, format!("[\"{}\"]", "<头 <b ' <% __头_ %#@".repeat(many / 4))),
        (Format::Json, format!("[\"{}\"]", "{a, select, b {头".repeat(many))),
        (Format::Json, format!("[\"{}{}\"]", "{a, select, b {头".repeat(20), "}}".repeat(20))),
        (Format::Yaml, "[".repeat(many)),
        (Format::Yaml, "- ".repeat(many / 10)),
        (Format::Yaml, format!("a: &a [头, 头]\nb: &b [{}]", "*a, ".repeat(many))),
        (Format::Toml, format!("a = {}", "[".repeat(many))),
        (Format::Toml, format!("a = {}", "{b = ".repeat(many))),
        (Format::Fluent, format!("a = {}", "{".repeat(many))),
        (Format::Fluent, format!("a = {}", "{ A(".repeat(many))),
        (Format::Fluent, format!("a = {{ {}", "A(".repeat(many))),
        (Format::Fluent, format!("a = {{\n{}", "A(\n".repeat(many))),
        (Format::Fluent, format!("a = {}", "{ $n ->\n *[a] ".repeat(many))),
        (Format::Xliff, "<xliff>".repeat(many)),
        (Format::Android, format!("<resources><string>{}", "<b>".repeat(many))),
        (Format::Android, format!("<resources><string>{}</string></resources>", "&a".repeat(many))),
        (Format::Strings, "/*".repeat(many)),
        (Format::Properties, "a\\\n".repeat(many)),
        (Format::Po, "\"".repeat(many)),
    ];
    for (format, source) in cases {
        let start = std::time::Instant::now();
        let _ = convert(source.as_bytes(), format, &options());
        let seconds = start.elapsed().as_secs_f64();
        assert!(seconds < 20.0, "{format}: {seconds} s for {:?}", &source.chars().take(20).collect::<String>());
    }
}

#[test]
fn what_is_not_in_its_format_is_an_error_with_its_line() {
    let cases = [
        (Format::Json, "{\n\"a\": }", "line 2: not JSON"),
        (Format::Json, "{\"a\": 1}\n{}", "line 2: not JSON"),
        (Format::Json, "", "line 1: not JSON"),
        (Format::Json, "头发", "line 1: not JSON"),
        (Format::Yaml, "a: 1\nb: [头", "not YAML"),
        (Format::Toml, "a = 1\nb = '头", "line 2: not TOML"),
        (Format::Toml, "a = 1\nb = 头发\n", "line 2: not TOML"),
        (Format::Markdown, "+++\na = 头发\n+++\n头发\n", "line 2: not TOML"),
        (Format::Po, "msgid \"a\"\nmsgstr 头发\n", "line 2: not PO"),
        (Format::Po, "msgid \"a\"\nmsgstr \"a\" \"头", "line 2: not PO"),
        (Format::Xliff, "<xliff>\n<file></xliff>", "line 2: not well-formed XML"),
        (Format::Strings, "a = b;\nc = \"头", "line 2: not .strings"),
        (Format::Fluent, "a = 头\nb = { 头 }\n", "line 2: not Fluent"),
        (Format::Arb, "{\"a\"\n: }", "line 2: not JSON"),
    ];
    for (format, source, expected) in cases {
        let error = convert(source.as_bytes(), format, &options()).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Syntax, "{format}: {source}");
        assert!(error.to_string().contains(expected), "{format}: {error}");
    }
}
