//! Lyrics: lines with times in brackets, and in the extended form with times before words.
//!
//! Source: [LRC (file format)](https://en.wikipedia.org/wiki/LRC_(file_format)), with the A2 extension.

use std::ops::Range;

use fanjian::Error;

use crate::{
    escape::Escape,
    lines::lines,
    scan::{Role, Scan},
};

/// The tags whose values are text: title, artist, album, author, lyricist, who made the file.
const METADATA: [&str; 6] = ["ti", "ar", "al", "au", "lr", "by"];

/// What would end a line, or begin a tag or a time.
const MARKUP: &str = "\n\r[]<";

/// A line is a group: times of words do not end words. Lyrics without times are taken, too.
pub(crate) fn scan(source: &str, scan: &mut Scan<'_>) -> Result<(), Error> {
    let mut is_taken = true;
    for line in lines(source) {
        let text = &source[line.clone()];
        if let Some(comment) = text.strip_prefix('#') {
            scan.comment(comment);
            continue;
        }
        if let Some((key, value)) = tag(text) {
            let start = line.start + text.len() - text.trim_start().len() + 1 + key.len() + 1;
            let value = start..start + value.len();
            if METADATA.contains(&key.to_ascii_lowercase().as_str()) {
                scan.whole(Role::Metadata, value, Escape::Bare(MARKUP));
            } else if key.eq_ignore_ascii_case("la") {
                is_taken = scan.options.languages.takes(&source[value.clone()]);
                scan.tag(value);
            }
            continue;
        }
        if is_taken {
            let group = scan.group(Role::Text);
            for range in text_between_times(text) {
                scan.text(group, line.start + range.start..line.start + range.end, Escape::Bare(MARKUP));
            }
        }
    }
    Ok(())
}

/// The key and the value of a line such as `[ti:Title]`.
fn tag(line: &str) -> Option<(&str, &str)> {
    let (key, value) = line.trim().strip_prefix('[')?.strip_suffix(']')?.split_once(':')?;
    let is_key = |byte: u8| byte.is_ascii_alphabetic() || byte == b'_';
    (!key.is_empty() && key.bytes().all(is_key)).then_some((key, value))
}

/// The ranges of a line outside of times such as `[00:12.34]` and `<00:12.34>`.
fn text_between_times(line: &str) -> Vec<Range<usize>> {
    let bytes = line.as_bytes();
    let (mut ranges, mut start, mut at) = (Vec::new(), 0, 0);
    while let Some(found) = memchr::memchr2(b'[', b'<', &bytes[at..]) {
        at += found;
        let close = if bytes[at] == b'[' { b']' } else { b'>' };
        let len = bytes[at + 1..].iter().take_while(|byte| byte.is_ascii_digit() || b":.,".contains(byte)).count();
        if bytes[at + 1..][..len].contains(&b':') && bytes.get(at + 1 + len) == Some(&close) {
            ranges.push(start..at);
            at += len + 2;
            start = at;
        } else {
            at += 1;
        }
    }
    ranges.push(start..line.len());
    ranges
}
