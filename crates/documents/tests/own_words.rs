//! What own words and decisions put into a document: it is written so that the document has the same tree, or refused.

use fanjian::{Converter, ErrorKind, Replacement, Target};
use fanjian_documents::{Format, Group, Options, convert, groups};

/// Options by which 毒 becomes a text.
fn options(text: &str) -> Options {
    let text = text.to_owned();
    let replace = move |group: &Group| {
        let places = group.text.match_indices('毒');
        places.map(|(at, word)| Replacement { source: at..at + word.len(), output: text.clone() }).collect()
    };
    Options::new(Converter::for_target(Target::Taiwan)).replace(replace)
}

#[test]
fn texts_are_escaped_or_quoted() {
    let cases = [
        // Scalars without quotation marks get them where they need them.
        (Format::Yaml, "a: 毒发 # b\nc: 发\n", "{x}", "a: \"{x}發\" # b\nc: 發\n"),
        (Format::Yaml, "- 毒\n- &a !!str 毒 # b\n", "x: y", "- \"x: y\"\n- &a !!str \"x: y\" # b\n"),
        (Format::Yaml, "a: 发毒\\发\"%d\n", " #", "a: \"發 #\\\\發\\\"%d\"\n"),
        (Format::Yaml, "a: 毒\n  发\n", "x, y", "a: \"x, y\n  發\"\n"),
        (Format::Yaml, "a: 毒\nb: [毒, 发]\n", "true", "a: \"true\"\nb: [\"true\", 發]\n"),
        (Format::Yaml, "a: 毒发\n", "R&D", "a: R&D發\n"),
        (Format::Yaml, "a: 毒\n", "x\ny", "a: \"x\\ny\"\n"),
        (Format::Yaml, "a: '毒''发'\n", "x\ny'", "a: \"x\\ny''發\"\n"),
        (Format::Yaml, "a: '毒发'\n", "x: 'y", "a: 'x: ''y發'\n"),
        (Format::Yaml, "毒 发\n", "---", "\"--- 發\"\n"),
        (Format::Yaml, "a: 毒\n", "", "a: \"\"\n"),
        (Format::Yaml, "a: |\n  毒发\n", "x: 'y #", "a: |\n  x: 'y #發\n"),
        (Format::Markdown, "---\na: 毒\n---\n\n毒\n", "a: *b*", "---\na: \"a: *b*\"\n---\n\na: \\*b\\*\n"),
        (Format::Markdown, "+++\na = '毒'\n+++\n", "b'", "+++\na = \"b'\"\n+++\n"),
        (Format::Markdown, "毒\\发 & 毒", "*", "\\*\\發 & \\*"),
        (Format::Toml, "a = '毒\\发\"'\nb = '发'\n", "McDonald's", "a = \"McDonald's\\\\發\\\"\"\nb = '發'\n"),
        (Format::Toml, "a = '毒'\n", "x\ny", "a = \"x\\ny\"\n"),
        (Format::Toml, "a = '毒'\n", "{x: \"y\"}", "a = '{x: \"y\"}'\n"),
        (Format::Toml, "a = '''\n发\\毒'''\n", "x'", "a = \"\"\"\n發\\\\x'\"\"\"\n"),
        (Format::Toml, "a = '''毒'''\n", "\nx", "a = \"\"\"\\nx\"\"\"\n"),
        (Format::Strings, "\"a\" = 毒;\n\"b\" = 发;\n", "R&D; \"x\"", "\"a\" = \"R&D; \\\"x\\\"\";\n\"b\" = 發;\n"),
        (Format::Strings, "\"a\" = 毒;\n", "x.y", "\"a\" = x.y;\n"),
        // Others have escapes.
        (
            Format::Android,
            "<resources><string name=\"a\">毒 发</string></resources>",
            "R&D <'>",
            "<resources><string name=\"a\">R&amp;D &lt;\\'&gt; 發</string></resources>",
        ),
        (
            Format::Android,
            "<resources><string name=\"a\">毒</string></resources>",
            "@x",
            "<resources><string name=\"a\">\\@x</string></resources>",
        ),
        (Format::Fluent, "a = 毒发\n    毒\n", "{x}", "a = {\"{\"}x{\"}\"}發\n    {\"{\"}x{\"}\"}\n"),
        (Format::Fluent, "a =\n    毒\n", "[x]\ny.", "a =\n    {\"[\"}x]{\"\\u000A\"}y.\n"),
        (
            Format::Xhtml,
            "<html><p><![CDATA[毒]]></p></html>",
            "]]>x",
            "<html><p><![CDATA[]]]]><![CDATA[>x]]></p></html>",
        ),
        (Format::Svg, "<svg><text>毒 毒></text></svg>", "]]>", "<svg><text>]]&gt; ]]&gt;></text></svg>"),
        (Format::Xhtml, "<html><p>发毒</p></html>", "]]>", "<html><p>發]]&gt;</p></html>"),
        (
            Format::Resx,
            "<root><data name=\"a\"><value>毒</value></data></root>",
            "]]>",
            "<root><data name=\"a\"><value>]]&gt;</value></data></root>",
        ),
        // What stays would be markup behind it.
        (Format::Xhtml, "<html><p>毒> ]毒]></p></html>", "]]", "<html><p>]]&gt; ]]]]&gt;</p></html>"),
        (
            Format::Xhtml,
            "<html><p><![CDATA[毒> 毒]>]]></p></html>",
            "x]]",
            "<html><p><![CDATA[x]]]]><![CDATA[> x]]]]]><![CDATA[>]]></p></html>",
        ),
        (
            Format::Xhtml,
            "<html><p><![CDATA[]]毒>发]]></p></html>",
            "",
            "<html><p><![CDATA[]]]]><![CDATA[>發]]></p></html>",
        ),
        (
            Format::Android,
            "<resources><string name=\"a\"><![CDATA[毒>]]></string></resources>",
            "]]",
            "<resources><string name=\"a\"><![CDATA[]]\\u003e]]></string></resources>",
        ),
        (Format::Wiki, "毒'发\n", "x'", "x'&#39;發\n"),
        (Format::Wiki, "毒* 发\n", "", "&#42; 發\n"),
        (Format::Markdown, "毒. 发\n", "1", "1\\. 發\n"),
        (Format::Markdown, "毒# 发\n", "", "\\# 發\n"),
        (Format::Fluent, "a = 毒.发\n", "", "a = {\".\"}發\n"),
        // Control characters are written by number.
        (Format::Toml, "a = \"毒\"\nb = '毒'\n", "\u{7f}", "a = \"\\u007f\"\nb = \"\\u007f\"\n"),
        (Format::Po, "msgid \"a\"\nmsgstr \"毒\"\n", "\u{1}2", "msgid \"a\"\nmsgstr \"\\0012\"\n"),
        (Format::Strings, "\"a\" = \"毒\";\nb = 毒;\n", "\u{1}2", "\"a\" = \"\\0012\";\nb = \"\\0012\";\n"),
        (Format::Xhtml, "<html><p title=\"毒\"/></html>", "x\ny", "<html><p title=\"x&#10;y\"/></html>"),
        (Format::Json, "[\"毒\"]", "\u{1}\n", "[\"\\u0001\\n\"]"),
        (Format::Wiki, "毒[[a|毒]]\n", "[[x|y]]", "&#91;&#91;x&#124;y&#93;&#93;[[a|&#91;&#91;x&#124;y&#93;&#93;]]\n"),
        (Format::Wiki, "毒\n", "McDonald's", "McDonald's\n"),
        (
            Format::Vtt,
            "WEBVTT\n\n00:01.000 --> 00:02.000\n毒\n",
            "a\n\n-->",
            "WEBVTT\n\n00:01.000 --> 00:02.000\na&#10;&#10;--&gt;\n",
        ),
    ];
    for (format, source, text, expected) in cases {
        let result = convert(source.as_bytes(), format, &options(text));
        let result = result.unwrap_or_else(|error| panic!("{format}: {source:?}, {text:?}: {error}"));
        assert_eq!(String::from_utf8_lossy(&result.bytes), expected, "{format}: {source:?}, {text:?}");
    }
}

#[test]
fn texts_that_cannot_be_written_are_refused_with_their_line() {
    let event = "[Events]\nDialogue: 0,0:00:01.00,0:00:02.00,x,毒,0,0,0,,毒\n";
    let cases = [
        (Format::Ass, event, "Smith,J"),
        (Format::Ass, event, "a\nb"),
        (Format::Ass, "[Events]\nDialogue: 0,0:00:01.00,0:00:02.00,x,发,0,0,0,,毒\n", "{a}"),
        (Format::Srt, "1\n00:00:01,000 --> 00:00:02,000\n毒\n", "a\n\nb"),
        (Format::Lrc, "[ti:发]\n毒", "a\nb"),
        (Format::Yaml, "a: |\n  发毒\n", "a\nb"),
    ];
    for (format, source, text) in cases {
        let error = convert(source.as_bytes(), format, &options(text)).unwrap_err();
        let line = source[..source.find('毒').unwrap()].matches('\n').count() + 1;
        let message = error.to_string();
        assert_eq!(error.kind(), ErrorKind::Unsupported, "{format}: {message}");
        assert!(message.contains(&format!("'{}' cannot be written", text.escape_debug())), "{message}");
        assert!(message.contains(&format!("line {line}")), "{message}");
    }
}

#[test]
fn no_text_changes_what_stands_behind_it() {
    let documents = [
        (Format::Yaml, "a: 毒\nb: 毒发\nc: 'x毒'\nd: >\n  毒\ne: [毒, 发毒]\nf: 发\n"),
        (Format::Toml, "a = '毒'\nb = '''发毒'''\nc = \"毒\"\nd = '发'\n"),
        (Format::Json, "{\"a\":\"毒\",\"b\":\"发\"}"),
        (
            Format::Android,
            "<resources><string name=\"a\">毒</string><string name=\"b\"><![CDATA[毒]]></string><string name=\"c\">发</string></resources>",
        ),
        (
            Format::Resx,
            "<root><data name=\"a\"><value>毒</value></data><data name=\"b\"><value>发</value></data></root>",
        ),
        (Format::Fluent, "a = 毒\n    毒 发\nb = { \"毒\" }\nc = 发\n"),
        (Format::Strings, "a = 毒;\n\"b\" = '毒';\nc = 发;\n"),
        (Format::Properties, "a=毒\nb=发\n"),
        (Format::Po, "msgid \"a\"\nmsgstr \"毒\"\n\nmsgid \"b\"\nmsgstr \"发\"\n"),
        (Format::Xhtml, "<html><p>毒<![CDATA[毒]]></p><p title='毒'></p><p>发</p></html>"),
        (Format::Html, "<p>毒<p title='毒'><p title=毒><p>发"),
        (
            Format::Ass,
            "[Events]\nDialogue: 0,0:00:01.00,0:00:02.00,x,a,0,0,0,,毒\nDialogue: 0,0:00:01.00,0:00:02.00,x,毒,0,0,0,,发\n",
        ),
        (Format::Srt, "1\n00:00:01,000 --> 00:00:02,000\n毒\n\n2\n00:00:01,000 --> 00:00:02,000\n发\n"),
        (Format::Vtt, "WEBVTT\n\n00:01.000 --> 00:02.000\n毒\n\n00:01.000 --> 00:02.000\n发\n"),
        (Format::Lrc, "[ti:毒]\n[00:01.00]毒\n[00:02.00]发\n"),
        (Format::Vcard, "BEGIN:VCARD\nFN:毒\nORG:毒;毒\nNOTE:发\nEND:VCARD\n"),
        (Format::Css, "a { content: \"毒\" } b { content: \"发\" }"),
        (Format::Markdown, "毒\n\n- 毒\n\n| 毒 | b |\n|---|---|\n| a | b |\n\n发\n"),
        (Format::Wiki, "毒\n\n* 毒\n\n{|\n| 毒 || b\n|}\n\n发\n"),
    ];
    let texts = [
        "",
        " ",
        "R&D",
        "McDonald's",
        "{x}",
        "{",
        "}",
        "a: b",
        "- a",
        " #b",
        "#",
        "]]>",
        "]]",
        "a,b",
        ",",
        "a\nb",
        "a\n\nb",
        "\r",
        "\t",
        "<b>",
        "</p>",
        "\"",
        "\\",
        "'''",
        "'",
        "true",
        "1",
        "|",
        "[[a]]",
        "[a",
        "@a",
        "*a",
        "// a",
        "/* a",
        "=",
        ";",
        "```",
        "]",
        "&amp;",
        "&",
        "!a",
        "%a",
        "> a",
        ">",
        "---",
        "...",
        "-->",
        "\u{1}",
        "~",
        "?",
        ": ",
        "== a ==",
        "{{a",
        "''",
        "\n",
    ];
    for (format, source) in documents {
        let mut written = 0;
        for text in texts {
            let Ok(result) = convert(source.as_bytes(), format, &options(text)) else { continue };
            written += 1;
            let shown = String::from_utf8_lossy(&result.bytes);
            let read = groups(&result.bytes, format, &options(""));
            let read = read.unwrap_or_else(|error| panic!("{format}: {text:?} gives {shown}: {error}"));
            assert_eq!(read.last().map(|group| group.text.trim()), Some("發"), "{format}: {text:?} gives {shown}");
            let has_placeholder = text.contains(['{', '%', '&', '<', '@', '\\', '#', ':']);
            let has_space = text.contains(|c: char| c.is_whitespace() || c.is_control());
            if !has_placeholder && !has_space {
                let all: String = read.iter().map(|group| group.text.as_str()).collect();
                assert!(all.contains(text), "{format}: {text:?} gives {shown}, with {all:?}");
            }
        }
        assert!(written > texts.len() / 2, "{format}: too many are refused");
    }
}
