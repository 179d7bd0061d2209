//! Markdown that is converted has the markup that it had: its events are the same, but for text.

mod common;

use std::sync::LazyLock;

use fanjian::{Config, Converter, Dictionary};
use fanjian_documents::{Format, Options, convert_text};
use proptest::prelude::*;
use pulldown_cmark::{Event, Options as Extensions, Parser, Tag};

const EXTENSIONS: Extensions = Extensions::ENABLE_TABLES
    .union(Extensions::ENABLE_FOOTNOTES)
    .union(Extensions::ENABLE_STRIKETHROUGH)
    .union(Extensions::ENABLE_TASKLISTS)
    .union(Extensions::ENABLE_HEADING_ATTRIBUTES)
    .union(Extensions::ENABLE_MATH)
    .union(Extensions::ENABLE_GFM)
    .union(Extensions::ENABLE_DEFINITION_LIST);

/// The events, without text, titles and the values of attributes. Text in a row is one event.
fn shape(source: &str) -> Vec<String> {
    let mut shape: Vec<String> = Vec::new();
    for event in Parser::new_ext(source, EXTENSIONS) {
        let event = match event {
            Event::Text(_) => "text".to_owned(),
            Event::Html(html) => {
                // Before anything else, `<` is text.
                let is_tag =
                    |tag: &&str| tag.starts_with(|first: char| first.is_ascii_alphabetic() || "/!?".contains(first));
                let tags = html.split('<').skip(1).filter(is_tag).filter_map(|tag| tag.split(['>', '=']).next());
                let tags: Vec<_> = tags.collect();
                if tags.is_empty() { "text".to_owned() } else { tags.join(" ") }
            }
            Event::Start(Tag::Link { link_type, dest_url, id, .. }) if !dest_url.starts_with('#') => {
                format!("link {link_type:?} {dest_url} {id}")
            }
            Event::Start(Tag::Link { .. }) => "link to a heading".to_owned(),
            Event::Start(Tag::Image { link_type, dest_url, id, .. }) => format!("image {link_type:?} {dest_url} {id}"),
            event => format!("{event:?}"),
        };
        if event != "text" || shape.last() != Some(&event) {
            shape.push(event);
        }
    }
    shape
}

/// The links to headings, and whether there is such a heading.
fn links_within(source: &str) -> Vec<bool> {
    let mut headings: Vec<String> = Vec::new();
    let mut links = Vec::new();
    let mut is_heading = false;
    for event in Parser::new_ext(source, EXTENSIONS) {
        match event {
            Event::Start(Tag::Heading { .. }) => {
                is_heading = true;
                headings.push(String::new());
            }
            Event::End(pulldown_cmark::TagEnd::Heading(_)) => is_heading = false,
            Event::Text(text) | Event::Code(text) if is_heading => headings.last_mut().unwrap().push_str(&text),
            Event::Start(Tag::Link { dest_url, .. }) => links.extend(dest_url.strip_prefix('#').map(str::to_owned)),
            _ => {}
        }
    }
    links.into_iter().map(|link| headings.contains(&link)).collect()
}

fn words() -> impl Strategy<Value = String> {
    let word = prop::sample::select(vec![
        "头发",
        "用户",
        "软件包",
        "打印机",
        "鼠标",
        "界面",
        "后来",
        "干",
        "发",
        "，",
        "。",
        " ",
        "a",
        "1",
        "“头发”",
        "\\*",
        "\\\\",
        "&#21457;",
        "&amp;",
        "_",
        ":",
        "$",
        "X",
        "国学",
        "用户界面",
    ]);
    prop::collection::vec(word, 1..5).prop_map(|words| words.concat())
}

fn inline() -> impl Strategy<Value = String> {
    let leaf = prop_oneof![
        4 => words(),
        1 => words().prop_map(|text| format!("`{text}`")),
        1 => Just("[头发]".to_owned()),
        1 => Just("[头发][]".to_owned()),
        1 => Just("[^头发]".to_owned()),
        1 => Just("<br>".to_owned()),
        1 => Just("{{< 头发 \"头发\" >}}".to_owned()),
        1 => Just("<https://a.cn/头发>".to_owned()),
        1 => Just("https://a.cn/头发 ".to_owned()),
        1 => Just(" www.a.cn/头发 ".to_owned()),
    ];
    let nested = leaf.prop_recursive(3, 12, 4, |inner| {
        let joined = prop::collection::vec(inner, 1..4).prop_map(|parts| parts.concat());
        prop_oneof![
            joined.clone(),
            joined.clone().prop_map(|text| format!("**{text}**")),
            joined.clone().prop_map(|text| format!("*{text}*")),
            joined.clone().prop_map(|text| format!("~~{text}~~")),
            joined.clone().prop_map(|text| format!("[{text}](头发.md \"头发\")")),
            joined.clone().prop_map(|text| format!("[{text}](#标题的头发)")),
            joined.clone().prop_map(|text| format!("[{text}][头发]")),
            joined.clone().prop_map(|text| format!("![{text}](头发.png)")),
            joined.prop_map(|text| format!("<b class=\"头发\">{text}</b>")),
        ]
    });
    prop::collection::vec(nested, 1..4).prop_map(|parts| parts.concat())
}

fn indented(text: &str, first: &str, rest: &str) -> String {
    text.lines().enumerate().map(|(at, line)| format!("{}{line}\n", if at == 0 { first } else { rest })).collect()
}

fn blocks() -> impl Strategy<Value = String> {
    let block = prop_oneof![
        (inline(), inline()).prop_map(|(first, second)| format!("{first}\n{second}\n\n")),
        inline().prop_map(|text| format!("# {text}\n\n")),
        inline().prop_map(|text| format!("{text}\n---\n\n")),
        Just("## 标题的头发\n\n".to_owned()),
        words().prop_map(|text| format!("```头发\n{text}\n```\n\n")),
        words().prop_map(|text| format!("    {text}\n\n")),
        (inline(), inline())
            .prop_map(|(first, second)| format!("| {first} | {second} |\n|--|--|\n| {second} | {first} |\n\n")),
        words().prop_map(|text| format!("<div title=\"头发\">\n{text}\n</div>\n\n")),
        words().prop_map(|text| format!("[^头发]: {text}\n\n")),
        Just("[头发]: /头发 \"头发\"\n\n".to_owned()),
        Just("---\n\n".to_owned()),
    ];
    let nested = block.prop_recursive(3, 12, 3, |inner| {
        let joined = prop::collection::vec(inner, 1..3).prop_map(|blocks| blocks.concat());
        prop_oneof![
            joined.clone().prop_map(|text| indented(&text, "> ", "> ")),
            joined.clone().prop_map(|text| indented(&text, "- ", "  ")),
            joined.prop_map(|text| indented(&text, "1. ", "   ")),
        ]
    });
    prop::collection::vec(nested, 1..4).prop_map(|blocks| blocks.join("\n"))
}

static OPTIONS: LazyLock<[Options; 2]> = LazyLock::new(|| [common::options("s2twp"), common::options("zh-TW+local")]);

proptest! {
    #![proptest_config(ProptestConfig { cases: 1000, ..ProptestConfig::default() })]

    #[test]
    fn the_markup_stays(source in blocks()) {
        for options in &*OPTIONS {
            let converted = convert_text(&source, Format::Markdown, options).unwrap().text;
            prop_assert_eq!(shape(&source), shape(&converted), "{}", converted);
            prop_assert_eq!(links_within(&source), links_within(&converted), "{}", converted);
        }
        let nothing = Options::new(Converter::new(Config::S2t)).protect(|text| std::iter::once(0..text.len()).collect());
        let unchanged = convert_text(&source, Format::Markdown, &nothing).unwrap().text;
        prop_assert_eq!(&unchanged, &source);
    }

    #[test]
    fn any_source_is_converted(source in "[头发*_`#>\\[\\]()!|~$:{}<&; \n\\\\a1.-]{0,60}") {
        let converted = convert_text(&source, Format::Markdown, &OPTIONS[0]).unwrap().text;
        prop_assert_eq!(shape(&source), shape(&converted), "{}", converted);
    }
}

#[test]
fn own_entries_make_no_markup() {
    let entries = Dictionary::from_text("own", "头发\t*a*[b](c)`d`#_e\n后\t1. a\n打\t- b\n").unwrap();
    let options = Options::new(Converter::builder().config(Config::S2t).dictionary(entries).build().unwrap());
    let source = "头发\n\n后\n\n打\n\n- **头发**";
    let converted = convert_text(source, Format::Markdown, &options).unwrap().text;
    assert_ne!(converted, source);
    assert_eq!(shape(source), shape(&converted), "{converted}");
}

#[test]
fn code_of_mdx_and_sizes_of_pictures_stay() {
    let cases = [
        (
            "a.mdx",
            "<img src={require('./头发.png').default} alt=\"头发\" />\n",
            "<img src={require('./头发.png').default} alt=\"頭髮\" />\n",
        ),
        (
            "a.md",
            "<img src={require('./头发.png').default} alt=\"头发\" />\n",
            "<img src={require('./头发.png').default} alt=\"頭髮\" />\n",
        ),
        (
            "a.mdx",
            "export const 数据 = {名称: \"x\"}\n\n文字 {数据.名称}\n",
            "export const 数据 = {名称: \"x\"}\n\n文字 {数据.名称}\n",
        ),
        (
            "a.mdx",
            "{[\"头发\"].includes(x) ? 1 : 2}\n\n# 头{x.发}发\n",
            "{[\"头发\"].includes(x) ? 1 : 2}\n\n# 頭{x.发}發\n",
        ),
        (
            "a.mdx",
            "<div className={x('头')} title=\"头\">\n头\n</div>\n",
            "<div className={x('头')} title=\"頭\">\n頭\n</div>\n",
        ),
        ("a.mdx", "`{` 头发 `}`\n", "`{` 頭髮 `}`\n"),
        ("a.md", "文字 {头发}\n", "文字 {頭髮}\n"),
        ("a.md", "![头发](头发.png =100x200) [头](头.md)\n", "![頭髮](头发.png =100x200) [頭](头.md)\n"),
        ("a.md", "![头发](头发.png \"x\" =50%x) 头(头 =1)\n", "![頭髮](头发.png \"x\" =50%x) 頭(頭 =1)\n"),
    ];
    for (path, source, expected) in cases {
        let options = Options::new(Converter::new(Config::S2t)).path(path);
        assert_eq!(convert_text(source, Format::Markdown, &options).unwrap().text, expected, "{path}");
    }
}
