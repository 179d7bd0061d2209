//! Values of data that name something, and are no text: addresses, paths, files, patterns, commands.

use crate::{data::keys::Use, escape::Escape};

/// The extensions of files that a value names, if there is no folder before the name: whatever the name is.
const MEDIA: [&str; 22] = [
    "bmp", "eot", "gif", "ico", "jpeg", "jpg", "m4a", "mov", "mp3", "mp4", "ogg", "otf", "pdf", "png", "svg", "ttf",
    "wav", "webm", "webp", "woff", "woff2", "zip",
];

/// Those of files that are also spoken of (`使用Node.js`): a word of ASCII behind other text is none of their names.
const FILES: [&str; 66] = [
    "7z", "apk", "ass", "avi", "bat", "c", "cfg", "cmd", "conf", "cpp", "css", "csv", "db", "dll", "dmg", "doc",
    "docx", "epub", "exe", "flac", "go", "gz", "h", "hpp", "htm", "html", "ini", "ipa", "ipynb", "java", "js", "json",
    "jsx", "kt", "less", "log", "lrc", "lua", "md", "mdx", "mjs", "mkv", "mobi", "php", "po", "ppt", "pptx", "ps1",
    "psd", "py", "rar", "rb", "rs", "scss", "sh", "so", "sql", "srt", "swift", "tar", "toml", "ts", "tsx", "txt",
    "vtt", "vue",
];

/// The same, of three letters of tables and markup.
const TABLES: [&str; 6] = ["tsv", "xls", "xlsx", "xml", "yaml", "yml"];

/// The kinds of Android's resources.
const RESOURCES: [&str; 22] = [
    "anim",
    "animator",
    "array",
    "attr",
    "bool",
    "color",
    "dimen",
    "drawable",
    "font",
    "fraction",
    "id",
    "integer",
    "interpolator",
    "layout",
    "menu",
    "mipmap",
    "navigation",
    "plurals",
    "raw",
    "string",
    "style",
    "xml",
];

/// Whether a value refers to something by its name: it stays, so that what it refers to is found.
///
/// That is a URL or an address of mail; an absolute or relative path (`/static/图片`, `./图片`, `C:\图片`, `图片/`), a path with a
/// folder and an extension (`图片/后台.png`) or with wildcards (`图片/*`); the name of a file with a known extension; a resource of
/// Android (`@string/头发`, `?attr/头发`); a regular expression from `^` to `$`; and an identifier with underscores and letters of
/// ASCII (`user_头发`). Text with spaces or with the punctuation of sentences is none of these.
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
    is_path(value)
        || is_resource(value)
        || is_file(value)
        || is_mail(value)
        || is_identifier(value)
        || is_expression(value)
}

/// A path by its beginning or its end.
fn is_path(value: &str) -> bool {
    let is_folder = value.len() > 2 && value.ends_with(['/', '\\']) && !value.starts_with('<');
    // `$HOME/图片`, `${workspaceFolder}/图片`, `%APPDATA%\图片`.
    let first = value.split(['/', '\\']).next().unwrap_or_default();
    let is_variable = first.len() < value.len()
        && first.is_ascii()
        && (first.starts_with('$') || (first.len() > 2 && first.starts_with('%') && first.ends_with('%')));
    let has_wildcard = value.contains('/') && (value.contains("/*") || value.contains("*/"));
    let is_rooted = value.len() > 1
        && ["/", "./", "../", "~/", "@/", "\\\\", ".\\", "..\\"].iter().any(|start| value.starts_with(start));
    is_rooted || is_folder || is_variable || has_wildcard
}

/// A reference to a resource or a theme attribute of Android: `@string/头发`, `@android:string/ok`, `@+id/头发`, `?attr/头发`.
fn is_resource(value: &str) -> bool {
    let Some((kind, entry)) = value.strip_prefix(['@', '?']).and_then(|rest| rest.split_once('/')) else {
        return false;
    };
    let kind = kind.trim_start_matches(['+', '*']);
    RESOURCES.contains(&kind.rsplit(':').next().unwrap_or(kind)) && !entry.is_empty()
}

/// The name of a file, or a path with a folder and an extension.
fn is_file(value: &str) -> bool {
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
    let is_in = |known: &[&str]| known.iter().any(|known| extension.eq_ignore_ascii_case(known));
    let is_spoken_of = !stem.is_ascii() && stem.ends_with(|c: char| c.is_ascii_alphabetic());
    let is_known = is_in(&MEDIA) || (is_in(&FILES) || is_in(&TABLES)) && !is_spoken_of;
    !stem.is_empty() && is_extension && (!folder.is_empty() || is_known)
}

fn is_mail(value: &str) -> bool {
    let Some((name, host)) = value.split_once('@') else { return false };
    let is_host = host
        .rsplit_once('.')
        .is_some_and(|(_, end)| end.len() > 1 && end.bytes().all(|byte| byte.is_ascii_alphabetic()));
    let is_of_mail = |c: char| c.is_alphanumeric() || matches!(c, '.' | '_' | '-' | '+');
    !name.is_empty() && is_host && name.chars().all(is_of_mail) && host.chars().all(is_of_mail)
}

/// A name with underscores, each beside a letter or a number of ASCII: one between other characters may mark a key to press.
fn is_identifier(value: &str) -> bool {
    let is_of_name = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '.');
    let is_joined = |at: usize| {
        let before = value[..at].ends_with(|c: char| c.is_ascii_alphanumeric());
        let after = value[at + 1..].starts_with(|c: char| c.is_ascii_alphanumeric());
        (before || after) && at > 0 && at + 1 < value.len()
    };
    let mut marks = memchr::memchr_iter(b'_', value.as_bytes()).peekable();
    marks.peek().is_some() && value.chars().all(is_of_name) && marks.all(is_joined)
}

/// A regular expression that is the whole of a text.
fn is_expression(value: &str) -> bool {
    value.len() > 2 && value.starts_with('^') && value.ends_with('$')
}

/// Whether a value that is named so is a regular expression: it has characters that are special in these.
fn is_pattern(value: &str) -> bool {
    value.contains(['\\', '^', '$', '*', '+', '|', '[', '{', '#', '@']) || value.contains("(?")
}

/// Whether a value that is named so is a command: a word of ASCII, and more behind it.
fn is_command(value: &str) -> bool {
    let mut words = value.split_whitespace();
    let first = words.next().unwrap_or_default();
    let is_prose = |c: char| matches!(c, '，' | '。' | '；' | '！' | '？');
    !first.is_empty() && first.is_ascii() && words.next().is_some() && !value.contains(is_prose)
}

/// Whether a value stays by what its key says it is for.
pub(crate) fn stays(of: Use, value: &str) -> bool {
    match of {
        Use::Text => false,
        Use::Name => true,
        Use::Pattern => is_pattern(value),
        Use::Command => is_command(value),
        // A label of an editor is no font.
        Use::Font => !value.contains("字体") && !value.contains("字體") && !value.contains("字型"),
    }
}

/// [`stays`] of a value as it is written.
pub(crate) fn stays_as_written(of: Use, raw: &str, escape: Escape) -> bool {
    if escape.is_plain(raw) {
        return stays(of, raw);
    }
    stays(of, &escape.units(raw).filter_map(|(_, character)| character).collect::<String>())
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
            "图片/",
            "src/组件/**/*.vue",
            "${workspaceFolder}/图片",
            r"%APPDATA%\图片",
            "报表.xlsx",
            "后台2.txt",
            "张三@例子.com",
            "user_头发",
            "^[头发]+$",
            "@string/头发",
            "@android:string/头发",
            "@+id/头发",
            "?attr/头发",
        ] {
            assert!(is_reference(value), "{value}");
        }
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
            "请看readme.md",
            "打_开",
            "打开(_O)",
            "联系@某人",
            "@张三/头发",
            "?头发",
            "<b>头发</",
            "头发_",
        ] {
            assert!(!is_reference(value), "{value}");
        }
        assert!(
            stays(Use::Command, "npm run 构建") && !stays(Use::Command, "运行") && !stays(Use::Command, "运行 npm")
        );
        assert!(stays(Use::Pattern, "(头发|后台)") && !stays(Use::Pattern, "规则"));
        assert!(stays(Use::Font, "微软雅黑") && !stays(Use::Font, "字体大小"));
    }
}
