//! Front matter: YAML between `---`, TOML between `+++`, or an object of JSON, before the text.
//!
//! Its values are those of data, at any depth, but for keys by which site generators find something.

use fanjian::Error;

use crate::{
    data::{
        BLANKS, Rules, json,
        json_reader::{Event, read},
        toml, yaml,
    },
    lines::{lines, rest_of_line},
    scan::{Role, Scan},
};

/// The keys whose values stay, in lower case without hyphens and underscores.
const NAMES: [&str; 48] = [
    "alias",
    "aliases",
    "avatar",
    "banner",
    "bibliography",
    "class",
    "classname",
    "component",
    "cover",
    "coverimage",
    "csl",
    "date",
    "email",
    "file",
    "filename",
    "format",
    "github",
    "href",
    "icon",
    "id",
    "identifier",
    "image",
    "images",
    "key",
    "layout",
    "link",
    "logo",
    "mainfont",
    "outputs",
    "path",
    "permalink",
    "prefix",
    "redirect",
    "redirectfrom",
    "redirectto",
    "ref",
    "rel",
    "slug",
    "src",
    "style",
    "target",
    "template",
    "theme",
    "thumbnail",
    "translationkey",
    "type",
    "uid",
    "url",
];

const RULES: Rules = Rules { role: Role::Metadata, is_name, is_file: false };

fn is_name(key: &str) -> bool {
    let key: String = key.chars().filter(|c| !matches!(c, '-' | '_')).flat_map(char::to_lowercase).collect();
    NAMES.contains(&key.as_str())
}

/// Takes the front matter of a source, and returns where it ends: 0 if there is none.
///
/// # Errors
///
/// Front matter that is neither YAML nor TOML nor JSON, with the line.
pub(super) fn scan(source: &str, scan: &mut Scan<'_>) -> Result<usize, Error> {
    if source.starts_with('{') {
        return json(source, scan);
    }
    let mut all = lines(source);
    let fence =
        all.next().map(|line| source[line].trim_end_matches(BLANKS)).filter(|line| matches!(*line, "---" | "+++"));
    let Some(fence) = fence else { return Ok(0) };
    let is_end = |line: &str| line == fence || (fence == "---" && line == "...");
    // A line of text between two rules is no front matter.
    let mut has_key = false;
    let (body, end) = loop {
        let Some(line) = all.next() else { return Ok(0) };
        let text = source[line.clone()].trim_end_matches(BLANKS);
        if is_end(text) {
            break (line.start, line.end);
        }
        has_key = has_key || begins_with_key(text);
        let is_other = !text.is_empty() && !text.starts_with('#') && fence == "---";
        if is_other && !has_key {
            return Ok(0);
        }
    };
    if fence == "---" {
        yaml::scan_by(&source[..body], RULES, scan)?;
    } else {
        // The line of the marks is a comment, so that places are those of the source.
        toml::scan_by(&format!("###{}", &source[3..body]), RULES, scan)?;
    }
    Ok(end)
}

/// Takes an object of JSON that a source begins with, on lines of its own, and returns where it ends: 0 if there is none. Text in
/// braces is none, such as an expression or a shortcode.
fn json(source: &str, scan: &mut Scan<'_>) -> Result<usize, Error> {
    if !source[1..].trim_start_matches(BLANKS).starts_with('"') {
        return Ok(0);
    }
    let (mut depth, mut end) = (0_usize, None);
    let result = read(source, |event| match event {
        Event::Object(_) | Event::Array(_) => depth += 1,
        Event::End(at) => {
            depth -= 1;
            if depth == 0 {
                end.get_or_insert(at + 1);
            }
        }
        _ => {}
    });
    let Some(end) = end else {
        // With its brace on a line of its own, it is meant as such.
        let is_meant = rest_of_line(source).trim_end_matches(BLANKS) == "{";
        return if is_meant { result.map(|()| 0) } else { Ok(0) };
    };
    let rest = rest_of_line(&source[end..]);
    if !rest.trim_end_matches(BLANKS).is_empty() {
        return Ok(0);
    }
    json::scan_by(&source[..end], RULES, scan)?;
    Ok(end + rest.len())
}

/// Whether a line begins with a key of YAML.
fn begins_with_key(line: &str) -> bool {
    let Some((key, rest)) = line.split_once(':') else { return false };
    let is_of_key = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '.' | '"' | '\'' | ' ');
    !key.is_empty()
        && !key.starts_with([' ', '-'])
        && key.chars().all(is_of_key)
        && (rest.is_empty() || rest.starts_with([' ', '\t']))
}
