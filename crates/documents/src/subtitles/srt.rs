//! SubRip: numbers, times and lines of text, with tags of HTML or of SubStation Alpha in them.

use std::ops::Range;

use fanjian::Error;

use crate::{
    escape::Escape,
    lines::lines,
    scan::{Role, Scan, StandIn},
};

/// What would end a line, or begin a tag.
const MARKUP: &str = "\n\r<{";

/// Each line of a cue is a part of one group. A line break separates words: speakers and sentences often end with a line, and
/// those who break lines do not break words. Numbers and lines with times are no text.
pub(crate) fn scan(source: &str, scan: &mut Scan<'_>) -> Result<(), Error> {
    let mut cue = None;
    let mut all = lines(source).peekable();
    while let Some(line) = all.next() {
        let text = source[line.clone()].trim_start_matches('\u{feff}').trim();
        let is_number = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        let is_before_times = all.peek().is_some_and(|next| is_times(&source[next.clone()]));
        if text.is_empty() || is_times(text) || (is_number && is_before_times) {
            cue = None;
        } else {
            let group = match cue {
                Some(group) => {
                    scan.kept(group, line.start..line.start, StandIn::Break);
                    group
                }
                None => *cue.insert(scan.group(Role::Text)),
            };
            for range in text_between_tags(source, line) {
                scan.text(group, range, Escape::Bare(MARKUP));
            }
        }
    }
    Ok(())
}

fn is_times(line: &str) -> bool {
    let is_time = |time: &str| time.trim_start().starts_with(|c: char| c.is_ascii_digit()) && time.contains(':');
    line.split_once("-->").is_some_and(|(start, end)| is_time(start) && is_time(end))
}

/// The ranges of a line outside of tags such as `<i>`, and of `{\an8}`.
fn text_between_tags(source: &str, line: Range<usize>) -> Vec<Range<usize>> {
    let mut ranges = Vec::new();
    let (mut start, mut at) = (line.start, line.start);
    let bytes = source.as_bytes();
    // Whether tags of the kind still have an end in the line.
    let (mut has_angle, mut has_brace) = (true, true);
    while at < line.end {
        let rest = &bytes[at..line.end];
        let close = match rest {
            [b'<', ..] if has_angle && is_tag(rest) => b'>',
            [b'{', b'\\', ..] if has_brace => b'}',
            _ => {
                at += 1;
                continue;
            }
        };
        match memchr::memchr(close, rest) {
            Some(len) => {
                ranges.push(start..at);
                at += len + 1;
                start = at;
            }
            None => {
                *(if close == b'>' { &mut has_angle } else { &mut has_brace }) = false;
                at += 1;
            }
        }
    }
    ranges.push(start..line.end);
    ranges
}

/// Whether a tag begins here: `<` before anything but a name of ASCII is text.
fn is_tag(rest: &[u8]) -> bool {
    let name = rest[1..].strip_prefix(b"/").unwrap_or(&rest[1..]);
    let len = name.iter().take_while(|byte| byte.is_ascii_alphanumeric()).count();
    len > 0 && matches!(name.get(len), Some(b'>' | b'/' | b' ' | b'\t'))
}
