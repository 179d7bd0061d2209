//! Names that MediaWiki knows, in English and in Chinese: they stay in whatever script they are in.

use crate::markup::elements::{Class, Name, class};

/// The namespace of a link's target, without a colon before it that makes it a plain link. None if it has none.
fn namespace(target: &str) -> Option<String> {
    let (namespace, _) = target.split_once(':')?;
    Some(namespace.trim().to_lowercase())
}

/// Whether a link is that of a file that is shown.
pub(crate) fn is_file(target: &str) -> bool {
    const NAMES: [&str; 8] = ["file", "image", "文件", "檔案", "档案", "图像", "圖像", "图片"];
    namespace(target).is_some_and(|name| NAMES.contains(&name.as_str()))
}

/// Whether a link puts the page into a category.
pub(crate) fn is_category(target: &str) -> bool {
    namespace(target).is_some_and(|name| ["category", "分类", "分類"].contains(&name.as_str()))
}

/// Whether the target of a link is a page of a wiki in another language, by its prefix: `ja:` or `:zh-yue:`.
pub(crate) fn is_of_language(target: &str) -> bool {
    let Some((prefix, _)) = target.trim_start().trim_start_matches(':').split_once(':') else { return false };
    let mut subtags = prefix.trim().split('-');
    let is_language = |tag: &str| (2..=3).contains(&tag.len()) && tag.bytes().all(|byte| byte.is_ascii_lowercase());
    subtags.next().is_some_and(is_language) && subtags.all(|tag| tag.bytes().all(|byte| byte.is_ascii_lowercase()))
}

/// What a parameter of a file is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum FileParameter {
    Caption,
    /// The text in place of the picture, which begins at this byte.
    Alternative(usize),
    Other,
}

pub(crate) fn file_parameter(parameter: &str) -> FileParameter {
    const WORDS: [&str; 43] = [
        "thumb",
        "thumbnail",
        "frame",
        "framed",
        "frameless",
        "border",
        "left",
        "right",
        "center",
        "centre",
        "none",
        "baseline",
        "sub",
        "super",
        "top",
        "text-top",
        "middle",
        "bottom",
        "text-bottom",
        "upright",
        "缩略图",
        "縮圖",
        "缩图",
        "縮略圖",
        "有框",
        "无框",
        "無框",
        "边框",
        "邊框",
        "左",
        "右",
        "居中",
        "置中",
        "中",
        "无",
        "無",
        "右上",
        "垂直居中",
        "垂直置中",
        "上标",
        "上標",
        "下标",
        "下標",
    ];
    const KEYS: [&str; 14] = [
        "link",
        "class",
        "page",
        "lang",
        "thumb",
        "thumbnail",
        "upright",
        "链接",
        "鏈接",
        "連結",
        "页数",
        "頁數",
        "缩略图",
        "縮圖",
    ];
    let text = parameter.trim();
    if let Some((key, _)) = parameter.split_once('=') {
        let start = key.len() + 1;
        let key = key.trim().to_ascii_lowercase();
        if ["alt", "替代", "替代文本", "替代文字"].contains(&key.as_str()) {
            return FileParameter::Alternative(start);
        }
        if KEYS.contains(&key.as_str()) {
            return FileParameter::Other;
        }
    }
    let size = text.strip_suffix("px").or_else(|| text.strip_suffix("像素"));
    let is_size = size.is_some_and(|size| size.bytes().all(|byte| byte.is_ascii_digit() || byte == b'x'));
    if text.is_empty() || is_size || WORDS.contains(&text.to_ascii_lowercase().as_str()) {
        return FileParameter::Other;
    }
    FileParameter::Caption
}

/// Whether the values of a template stay: those of parser functions and variables, of templates for text in another language or
/// for conversion, and of those whose values are the titles of pages.
pub(crate) fn keeps_values(name: &str) -> bool {
    const TITLES: [&str; 24] = [
        "about",
        "cgroup",
        "details",
        "for",
        "further",
        "ilh",
        "illm",
        "ill",
        "interlanguage link",
        "itagroup",
        "lang",
        "le",
        "link",
        "main",
        "noteta",
        "other uses",
        "redirect",
        "ruby-ja",
        "see",
        "see also",
        "seealso",
        "translink",
        "tsl",
        "nihongo",
    ];
    let name = name.trim().to_lowercase().replace('_', " ");
    let is_function = name.contains(':') || name.contains('#') || name.contains(['{', '<', '[']);
    is_function
        || TITLES.contains(&name.as_str())
        || ["lang-", "link-", "noteta", "cgroup"].iter().any(|start| name.starts_with(start))
}

/// Whether an element begins something else that is read, or ends it: one of HTML, or of MediaWiki's own.
pub(crate) fn is_block(name: &str) -> bool {
    const NAMES: [&str; 7] = ["gallery", "imagemap", "includeonly", "noinclude", "onlyinclude", "poem", "references"];
    NAMES.contains(&name) || class(Name::new(name), false) == Class::Block
}
