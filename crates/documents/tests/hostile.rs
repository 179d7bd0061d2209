//! Sources that are made to take long: all formats that are texts read them in a time that grows with their length.

mod common;

use fanjian_documents::{Format, convert, convert_text, groups};

/// What comes before a source, so that it is of the format.
const FORMATS: [(Format, &str); 11] = [
    (Format::Srt, "1\n00:00:01,000 --> 00:00:02,000\n"),
    (Format::Vtt, "WEBVTT\n\n00:01.000 --> 00:02.000\n"),
    (Format::Ass, "[Events]\nDialogue: 0,0:00:01.00,0:00:02.00,,,0,0,0,,"),
    (Format::Lrc, "[00:01.00]"),
    (Format::Ttml, "<tt><p>"),
    (Format::Whisper, "{\"text\": "),
    (Format::Markdown, ""),
    (Format::Wiki, "{|\n|"),
    (Format::Css, "a { content: "),
    (Format::Vcard, "BEGIN:VCARD\r\nNOTE;QUOTED-PRINTABLE:"),
    (Format::Ics, "BEGIN:VCALENDAR\r\nSUMMARY:"),
];

#[test]
fn hostile_sources_are_converted_or_errors() {
    let options = common::options("s2twp");
    let parts = [
        "{\\",
        "{",
        "{{",
        "{%",
        "<a",
        "<A ",
        "<!--\n",
        "<div\n",
        "<b>",
        "</b>",
        "<v 头>",
        "<rt>",
        "\\",
        "[",
        "![",
        "[[",
        "[[a|",
        "](",
        "*a ",
        "**a",
        "_a",
        "`",
        "$",
        "> ",
        "- ",
        "1. ",
        "[a]: ",
        "[^a]: ",
        "|a",
        "~",
        "#",
        ":",
        "头:",
        "https://",
        "[00:",
        "<00:",
        "{\"a\":",
        "[1,",
        "&",
        "&#",
        "\u{200b}",
        "--- \n",
        "a\n: ",
        "import a\n",
        "-{",
        "{|\n|",
        "||",
        "[http://a ",
        "[[a|[http://a ]]",
        "{{a|b=",
        "{{{",
        "<ref>",
        "<nowiki>",
        "<i lang=ja>",
        "[[File:a|",
        "=\n",
        "=e5",
        "\n a",
        "\n",
        "\r",
    ];
    for part in parts {
        let many = part.repeat(16_000 / part.len());
        for (format, before) in FORMATS {
            for source in [format!("{before}{many}"), format!("{before}<x>{many}头发</x>\n\n头发")] {
                let _ = convert(source.as_bytes(), format, &options);
                let _ = groups(source.as_bytes(), format, &options);
            }
        }
    }
}

/// An ideographic space is text for the formats that have their own white space; and what looks like a title, a header or a mark at
/// other places is none. Some of these ended in a panic.
#[test]
fn what_only_looks_like_markup_is_converted_as_text() {
    let cases = [
        (Format::Wiki, "{|\n\u{3000}|- 头发\n|}\n\u{3000}# 头发", "{|\n\u{3000}|- 頭髮\n|}\n\u{3000}# 頭髮"),
        (
            Format::Svg,
            "\u{feff}\u{feff}\u{feff}<svg><text>头a</text></svg>",
            "\u{feff}\u{feff}\u{feff}<svg><text>頭a</text></svg>",
        ),
        (Format::Markdown, "[头 \"发](b\")", "[頭 \"發](b\")"),
        (Format::Markdown, "[a]( (发))", "[a]( (发))"),
        (Format::Markdown, "[发](发 \"发\")", "[發](发 \"發\")"),
        (Format::Markdown, "<div><!-->头发</div>\n", "<div><!-->頭髮</div>\n"),
        (Format::Markdown, "<div><!a =\">头发</div>\n", "<div><!a =\">頭髮</div>\n"),
        (
            Format::Vtt,
            "WEBVTT\n00:00.000 --> 00:01.000\nLanguage: zh-CN.头\n",
            "WEBVTT\n00:00.000 --> 00:01.000\nLanguage: zh-CN.頭\n",
        ),
        (Format::Toml, "a = \"\"\"头\\\n\u{3000}发\"\"\"\n", "a = \"\"\"頭\\\n\u{3000}發\"\"\"\n"),
        (Format::Yaml, "- &甲\u{3000}发 头\n- *甲\u{3000}发\n", "- &甲\u{3000}发 頭\n- *甲\u{3000}发\n"),
        (
            Format::Ics,
            "BEGIN:VCALENDAR\nSUMMARY;X-LANGUAGE=zh-CN;LANGUAGE=zh-CN:头发\nEND:VCALENDAR\n",
            "BEGIN:VCALENDAR\nSUMMARY;X-LANGUAGE=zh-CN;LANGUAGE=zh-TW:頭髮\nEND:VCALENDAR\n",
        ),
    ];
    let options = common::options("zh-TW");
    let converted = |source, format| convert_text(source, format, &options).map(|converted| converted.text);
    let wrong: Vec<_> = cases
        .iter()
        .map(|&(format, source, expected)| (converted(source, format), expected))
        .filter(|(converted, expected)| converted.as_deref().ok() != Some(expected))
        .collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}
