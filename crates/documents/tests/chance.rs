//! The laws, on texts that are made of parts by chance.

mod common;

use fanjian_documents::{Format, convert};
use proptest::prelude::*;

fn source(parts: &'static [&'static str]) -> impl Strategy<Value = String> {
    const TEXT: &[&str] = &[
        "头发",
        "用户",
        "软件包",
        "打印机",
        "鼠标",
        "干",
        "\n",
        "\n\n",
        "\r\n",
        " ",
        "a",
        "1",
        "，",
        "\u{200b}",
        "国学",
    ];
    let text = prop::sample::select(TEXT);
    prop::collection::vec(prop_oneof![text, prop::sample::select(parts)], 0..40).prop_map(|parts| parts.concat())
}

fn check(source: &str, format: Format) {
    if convert(source.as_bytes(), format, &common::options("s2twp")).is_ok() {
        common::check_laws(source.as_bytes(), format, &format!("{source:?}"));
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, ..ProptestConfig::default() })]

    #[test]
    fn srt(source in source(&["\n00:00:01,000 --> 00:00:02,000\n", "<i>", "</i>", "{\\an8}", "{\\", "<font a='头'>", "<", "\n2\n"])) {
        check(&source, Format::Srt);
    }

    #[test]
    fn vtt(source in source(&[
        "\n00:01.000 --> 00:02.000\n", "NOTE ", "STYLE\n", "<v 头>", "<rt>", "</rt>", "<ruby>", "</ruby>", "<lang ja>", "</lang>",
        "<00:01.000>", "&amp;", "&#21457;", "<", ">", "<lang zh-CN>", "fanjian:off",
    ])) {
        check(&format!("WEBVTT{source}"), Format::Vtt);
    }

    #[test]
    fn ass(source in source(&[
        "\nDialogue: 0,0,0,头,头发,0,0,0,,", "\nComment: 0,0,0,,,0,0,0,code,", "{\\p1}", "{\\p0}", "{\\k20}", "{", "}", "\\N", "\\h", ",",
        "\n[Events]\n", "\n[Script Info]\nTitle: ", "\n;", "\nFormat: Start, Text\n",
    ])) {
        check(&format!("[Events]\n{source}"), Format::Ass);
    }

    #[test]
    fn lrc(source in source(&["\n[00:01.00]", "<00:01.00>", "[ti:头发]", "\n[la:zh-CN]", "[", "]", "<", "\n#"])) {
        check(&source, Format::Lrc);
    }

    #[test]
    fn ttml(source in source(&["<p>", "</p>", "<br/>", "<span tts:ruby='text'>", "</span>", "&amp;", "<!-- 头 -->", "<p xml:lang='ja'>"])) {
        check(&format!("<tt><p>{source}</p></tt>"), Format::Ttml);
    }

    #[test]
    fn whisper(texts in prop::collection::vec(source(&["\\n", "\\u53d1", "\\\""]), 1..4)) {
        let texts: Vec<_> = texts.iter().map(|text| text.replace(['\n', '\r'], "\\n")).collect();
        let segment = |text: &String| {
            let middle = text.char_indices().find(|&(at, c)| at > 0 && !c.is_ascii()).map_or(0, |(at, _)| at);
            let (first, second) = text.split_at(middle);
            format!("{{\"text\":\"{text}\",\"words\":[{{\"word\":\"{first}\"}},{{\"word\":\"{second}\"}}]}}")
        };
        let segments: Vec<_> = texts.iter().map(segment).collect();
        check(&format!("{{\"text\":\"{}\",\"segments\":[{}]}}", texts.concat(), segments.join(",")), Format::Whisper);
    }

    #[test]
    fn wiki(source in source(&[
        "''", "'''", "[[", "]]", "[[a|", "|", "||", "\n|", "\n|-\n", "\n{|\n", "\n|}\n", "\n! ", "!!", "{{", "}}", "{{{", "}}}", "{{a|b=",
        "-{", "}-", "-{H|", "[http://a ", "]", "https://a.cn/头", "<ref>", "</ref>", "<ref name=a/>", "<nowiki>", "</nowiki>", "<br>",
        "<i lang=ja>", "</i>", "<p title='头' lang=zh-CN>", "\n== ", " ==\n", "\n* ", "[[File:头|", "[[分类:头]]", "[[#头发|", "<gallery>\n",
        "</gallery>", "__头__", "&#21457;", "&", "<", "<!-- fanjian:off -->", "<!--", "-->", "<pre>", "</pre>",
    ])) {
        check(&source, Format::Wiki);
    }

    #[test]
    fn style_sheets(source in source(&[
        "content:", "\"", "'", "\\", "\\5934", "\\5934 ", "\\53D1", ";", "{", "}", "(", ")", "url(", "/*", "*/", "//", "#{", "@{", "counter(",
    ])) {
        check(&format!("a{{content:\"{source}"), Format::Css);
    }

    #[test]
    fn content_lines(source in source(&[
        "\r\n ", "\n\t", "\\n", "\\,", "\\;", ",", ";", "=E5=A4=B4", "=e5=8f=91", "=E5=A4=\r\n=B4", "=\r\n", "=", "\r\nN:",
        "\r\nFN;LANGUAGE=zh-CN:", "\r\nNOTE;ENCODING=QUOTED-PRINTABLE:", "\r\nSUMMARY;LANGUAGE=ja:", "\r\nCATEGORIES:", ":", "\"",
    ])) {
        check(&format!("BEGIN:VCARD\r\nNOTE;ENCODING=QUOTED-PRINTABLE:{source}"), Format::Vcard);
        check(&format!("BEGIN:VCARD\r\nADR:{source}"), Format::Vcard);
        check(&format!("BEGIN:VCALENDAR\r\nSUMMARY:{source}"), Format::Ics);
    }

    #[test]
    fn markdown(source in source(&[
        "# ", "\n## ", "**", "*", "`", "\n- ", "\n> ", "[", "](#头发)", "](a \"头发\")", "![", "|", "\n|--|--|\n", "<b>", "</b>", "<rt>", "</rt>",
        "\\*", "&#21457;", "{{< 头 >}}", "[[头]]", "[[头|", "]]", ":头:", "https://a.cn/头", "<!-- fanjian:off -->", "<code>", "</code>",
        "\n```\n", "\n!!! note\n    ", "<br>", "\n[头]: /头 '头发'\n", "\n---\n", "\ntitle: ", "\ntags: [", "\nlang: zh-CN\n", "$", "<div>\n",
    ])) {
        // A piece that has a character is left with one: the text is then not always the conversion of the text.
        let options = common::options("zh-TW");
        let converted = common::converted(source.as_bytes(), Format::Markdown, &options);
        prop_assert_eq!(common::converted(&converted, Format::Markdown, &options), converted);
    }
}
