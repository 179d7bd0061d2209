//! Properties of markup that nobody wrote by hand: HTML of any order, which browsers read nevertheless.

use std::iter;

use fanjian::{Config, Converter, Target};
use fanjian_documents::{Format, Languages, Options, convert, convert_text, groups};
use html5gum::{Token, Tokenizer};
use proptest::prelude::*;

/// What pages are made of, and what breaks them.
const PARTS: [&str; 92] = [
    "头",
    "发",
    "头发",
    "软件",
    "用鼠标",
    "干&#29157;",
    "&#x53d1;",
    "头\u{ad}发",
    "\u{200b}",
    "&shy;",
    "&nbsp",
    "&头发;",
    "&",
    " ",
    "\n",
    "\r\n",
    "\r",
    "\0",
    "<p>",
    "</p>",
    "<b>",
    "</b>",
    "<I>",
    "</I>",
    "<div title=\"头发\">",
    "</div>",
    "<br>",
    "</br>",
    "<img alt=头发>",
    "<a title='头发' href=头发>",
    "</a>",
    "<span lang=ja>",
    "<span lang=zh-CN>",
    "</span>",
    "<p translate=no>",
    "<li class=notranslate>",
    "<ul>",
    "</ul>",
    "<table>",
    "</table>",
    "<tr>",
    "<td>",
    "<ruby>",
    "<rt>",
    "<rp>",
    "</ruby>",
    "<pre>",
    "</pre>",
    "<code>",
    "</code>",
    "<script>",
    "</script>",
    "<style>",
    "</style>",
    "<title>",
    "</title>",
    "<textarea>",
    "</textarea>",
    "<xmp>",
    "</xmp>",
    "<plaintext>",
    "<noscript>",
    "</noscript>",
    "<template>",
    "</template>",
    "<svg>",
    "</svg>",
    "<text>",
    "<tspan y=1>",
    "<path/>",
    "<foreignObject>",
    "<math>",
    "</math>",
    "<mtext>",
    "<![CDATA[",
    "]]>",
    "<!--",
    "-->",
    "<!-- fanjian:off -->",
    "<!-- fanjian:on -->",
    "<!doctype html>",
    "<?php",
    "?>",
    "<%",
    "%>",
    "{{",
    "}}",
    "{%",
    "%}",
    "<meta content='软件' name=keywords>",
    "<input value=软件 type=submit>",
    "<p alt=\"",
];

fn soup() -> impl Strategy<Value = String> {
    prop::collection::vec(prop::sample::select(PARTS.as_slice()), 0..32).prop_map(|parts| parts.concat())
}

/// The tags and attributes of a page, with what is ASCII in them and in the text. The tokenizer does not know which elements
/// have no tags in them: what it takes for comments may be text.
fn structure(page: &str) -> String {
    let mut structure = String::new();
    let ascii =
        |bytes: &[u8]| bytes.iter().filter(|byte| byte.is_ascii()).map(|&byte| byte as char).collect::<String>();
    for token in Tokenizer::new(page) {
        let Ok(token) = token;
        match token {
            Token::StartTag(tag) => {
                structure.push_str(&format!("<{}", ascii(&tag.name)));
                for (name, value) in &tag.attributes {
                    structure.push_str(&format!(" {}={}", ascii(name), ascii(value)));
                }
                structure.push_str(if tag.self_closing { "/>" } else { ">" });
            }
            Token::EndTag(tag) => structure.push_str(&format!("</{}>", ascii(&tag.name))),
            Token::Comment(_) => structure.push_str("<!-->"),
            Token::String(text) => structure.push_str(&ascii(&text)),
            Token::Doctype(_) => structure.push_str("<!>"),
            Token::Error(_) => {}
        }
    }
    structure
}

/// The page in the description of a feed.
fn page_of_feed(feed: &str) -> String {
    let start = feed.find("<description>").unwrap() + "<description>".len();
    let text = &feed[start..feed.rfind("</description>").unwrap()];
    match text.strip_prefix("<![CDATA[") {
        Some(text) => text.strip_suffix("]]>").unwrap().to_owned(),
        None => text.replace("&lt;", "<").replace("&amp;", "&"),
    }
}

/// All Chinese text, to Taiwan, without names of languages, so that the structure stays.
fn options() -> Options {
    Options::new(Converter::new(Config::S2twp))
}

fn check(page: &str, format: Format) -> Result<(), TestCaseError> {
    let structure = |page: &str| if format == Format::Feed { structure(&page_of_feed(page)) } else { structure(page) };
    let nothing = options().protect(|text| iter::once(0..text.len()).collect());
    prop_assert_eq!(&*convert_text(page, format, &nothing).unwrap().text, page);

    let converted = convert_text(page, format, &options()).unwrap().text;
    prop_assert_eq!(structure(&converted), structure(page));

    let converter = Converter::new(Config::S2twp);
    let (old, new) =
        (groups(page.as_bytes(), format, &options()).unwrap(), groups(converted.as_bytes(), format, &options()));
    let new: Vec<_> = new.unwrap().into_iter().map(|group| group.text).collect();
    let expected: Vec<_> = old.iter().map(|group| converter.convert(&group.text).into_owned()).collect();
    prop_assert_eq!(new, expected);

    let to_hong_kong = options().languages(Languages::to_target(Target::HongKong, None));
    let once = convert_text(page, format, &to_hong_kong).unwrap().text;
    let twice = convert_text(&once, format, &to_hong_kong).unwrap().text;
    prop_assert_eq!(structure(&once), structure(&twice));
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn pages_of_any_order_keep_their_structure(page in soup()) {
        check(&page, Format::Html)?;
        check(&page, Format::Xhtml)?;
    }

    #[test]
    fn feeds_with_pages_of_any_order_keep_their_structure(page in soup(), is_cdata: bool) {
        let text = if is_cdata {
            format!("<![CDATA[{}]]>", page.replace("]]>", ""))
        } else {
            page.replace('&', "&amp;").replace('<', "&lt;").replace("]]>", "")
        };
        let feed = format!("<rss><channel><description>{}</description></channel></rss>", text.replace('\0', ""));
        check(&feed, Format::Feed)?;
    }

    #[test]
    fn any_source_is_converted_or_an_error(source: Vec<u8>, text: String) {
        for format in [Format::Html, Format::Xhtml, Format::Svg, Format::Feed, Format::Epub] {
            let _ = convert(&source, format, &options());
            let _ = convert(text.as_bytes(), format, &options());
        }
    }
}

#[test]
fn hostile_pages_are_converted() {
    let n = 40_000;
    let pages = [
        "<div lang=ja>".repeat(n),
        "<b><p>".repeat(n),
        "<p><table>".repeat(n) + &"</p>".repeat(n),
        "<svg><foreignObject>".repeat(n),
        "<ruby>头<rt>".repeat(n),
        format!("<i>{}{}", "<div>".repeat(n), "</i>".repeat(n)),
        "{{".repeat(n) + "}}",
        "{{ </".repeat(n),
        "<%".repeat(n) + "?>",
        "{# {% <?= ".repeat(n),
        "&".repeat(n) + &"&a".repeat(n),
        "<a ".to_owned() + &"title=头发 ".repeat(n),
        "<".repeat(n) + &"<!".repeat(n) + &"</".repeat(n),
        "<link rel=alternate href=a hreflang=zh-CN>".repeat(n) + "<link rel=canonical href=b>",
    ];
    for page in pages {
        let nothing = options().protect(|text| iter::once(0..text.len()).collect());
        assert!(convert_text(&page, Format::Html, &nothing).unwrap().text == page);
        let _ = groups(page.as_bytes(), Format::Html, &options()).unwrap();
    }
}

#[test]
fn the_stated_encoding_follows() {
    let cases = [
        (Format::Html, "<meta charset=gb2312>头", "<meta charset=big5>頭"),
        (
            Format::Html,
            "<META HTTP-EQUIV='Content-Type' content='text/html; charset=GBK'>",
            "<META HTTP-EQUIV='Content-Type' content='text/html; charset=Big5'>",
        ),
        (
            Format::Xhtml,
            "<?xml version='1.0' encoding='GBK'?><html><meta charset='GBK'/></html>",
            "<?xml version='1.0' encoding='Big5'?><html><meta charset='Big5'/></html>",
        ),
        (Format::Svg, "<?xml version='1.0' encoding='GBK'?><svg/>", "<?xml version='1.0' encoding='Big5'?><svg/>"),
        (
            Format::Feed,
            "<?xml version='1.0' encoding='GBK'?><rss><description><![CDATA[<meta charset=GBK>]]></description></rss>",
            "<?xml version='1.0' encoding='Big5'?><rss><description><![CDATA[<meta charset=GBK>]]></description></rss>",
        ),
    ];
    for (format, page, expected) in cases {
        assert_eq!(convert_text(page, format, &options()).unwrap().text, page.replace('头', "頭"));
        let options = options().encoding(Some("Big5".to_owned()));
        assert_eq!(convert_text(page, format, &options).unwrap().text, expected);
    }
}

#[test]
fn the_line_of_an_unclosed_mark_is_that_of_its_comment() {
    let options = options();
    for (format, source, line) in [
        (Format::Html, "<p>头\n<!-- fanjian:off -->\n<p>fanjian:off\n<!-- fanjian:off --><p>发", 2),
        (Format::Html, "\u{feff}<!--\nfanjian:off --><p title='fanjian:off'>发", 2),
        (Format::Yaml, "a: 头\n# fanjian:off\n# fanjian:on\nb: c # fanjian:off\nc: fanjian:off\n", 4),
        (Format::Markdown, "头\n\n> <!-- fanjian:off\n> -->\n\n发\n", 3),
    ] {
        let report = convert_text(source, format, &options).unwrap().report;
        assert_eq!(report.unclosed_mark, Some(line), "{source}");
    }
}
