//! Sources that are made to take long: all formats that are texts read them in a time that grows with their length.

mod common;

use fanjian_documents::{Format, convert, groups};

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
