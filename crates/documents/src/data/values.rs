//! Values of data that name something, and are no text: URLs, paths and files.

use crate::escape::Escape;

/// The extensions of files that a value names, if there is no folder before the name.
const MEDIA: [&str; 22] = [
    "bmp", "eot", "gif", "ico", "jpeg", "jpg", "m4a", "mov", "mp3", "mp4", "ogg", "otf", "pdf", "png", "svg", "ttf",
    "wav", "webm", "webp", "woff", "woff2", "zip",
];

/// Whether a value refers to something by its name: it stays, so that what it refers to is found.
///
/// That is a URL, an absolute or relative path (`/static/图片`, `./图片`, `C:\图片`), a path with a folder and an extension
/// (`图片/后台.png`), or the name of a media file.
pub(crate) fn is_reference(value: &str) -> bool {
    let value = value.trim();
    let is_prose =
        |c: char| c.is_whitespace() || matches!(c, '，' | '。' | '、' | '；' | '：' | '！' | '？' | '“' | '「');
    if value.is_empty() || value.chars().any(is_prose) {
        return false;
    }
    if let Some((scheme, rest)) = value.split_once(':') {
        let is_scheme = scheme.starts_with(|c: char| c.is_ascii_alphabetic())
            && scheme.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte));
        let is_opaque = matches!(scheme, "data" | "mailto" | "tel" | "urn" | "file");
        let is_drive = scheme.len() == 1 && rest.starts_with(['\\', '/']);
        if is_scheme && (rest.starts_with("//") || is_opaque || is_drive) {
            return true;
        }
    }
    if value.len() > 1 && ["/", "./", "../", "~/", "@/", "\\\\"].iter().any(|start| value.starts_with(start)) {
        return true;
    }
    let (folder, name) = match value.rfind(['/', '\\']) {
        Some(at) => (&value[..at], &value[at + 1..]),
        None => ("", value),
    };
    // Behind a query or a fragment, the value is still a path.
    let name = &name[..name.find(['?', '#']).unwrap_or(name.len())];
    let Some((stem, extension)) = name.rsplit_once('.') else { return false };
    let is_extension = (1..=5).contains(&extension.len())
        && extension.bytes().all(|byte| byte.is_ascii_alphanumeric())
        && extension.bytes().any(|byte| byte.is_ascii_alphabetic());
    let is_media = MEDIA.iter().any(|media| extension.eq_ignore_ascii_case(media));
    !stem.is_empty() && is_extension && (!folder.is_empty() || is_media)
}

/// [`is_reference`] of a value as it is written.
pub(crate) fn is_written_reference(raw: &str, escape: Escape) -> bool {
    if escape.is_plain(raw) {
        return is_reference(raw);
    }
    is_reference(&escape.units(raw).filter_map(|(_, character)| character).collect::<String>())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_are_known() {
        for value in [
            "https://例子.com/头发",
            "mailto:头发@example.com",
            "/static/图片/a.png",
            "./头发",
            "图片/后台.png",
            "图片\\后台.png",
            "图片/a.png?头=1",
            "头发.png",
            r"C:\图片",
        ] {
            assert!(is_reference(value), "{value}");
        }
        assert!(is_written_reference(r"\/static\/\u56fe", Escape::Backslash));
        assert!(!is_written_reference(r"\u5934\n\u53d1", Escape::Backslash));
        for value in [
            "男/女",
            "头发",
            "/",
            "1.5/头发",
            "头发：图片/后台.png",
            "请打开 ./头发",
            "使用Node.js",
            "头发。",
            "时间:头发",
        ] {
            assert!(!is_reference(value), "{value}");
        }
    }
}
