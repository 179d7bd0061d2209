//! Style sheets: CSS, and what Sass and Less make of it.

use fanjian::Error;

use crate::{
    escape::Escape,
    scan::{Group, Role, Scan, StandIn},
};

/// The strings that `content` brings into a page are text: those of a declaration are one. All else stays, such as comments and
/// the names of fonts.
pub(crate) fn scan(source: &str, scan: &mut Scan<'_>) -> Result<(), Error> {
    let bytes = source.as_bytes();
    charset(source, scan);
    // Within the value of `content`: how many brackets are open, and the group of its strings.
    let mut content: Option<(usize, Option<Group>)> = None;
    let mut at = 0;
    while at < bytes.len() {
        let rest = &bytes[at..];
        match rest {
            [b'/', b'*', ..] => {
                let end = memchr::memmem::find(&rest[2..], b"*/").map_or(source.len(), |len| at + 2 + len);
                scan.comment(&source[at + 2..end]);
                at = (end + 2).min(source.len());
            }
            // A comment of Sass and Less; in CSS, two slashes are in addresses alone.
            [b'/', b'/', ..] if content.is_none() => {
                let end = memchr::memchr2(b'\n', b'\r', rest).map_or(source.len(), |len| at + len);
                scan.comment(&source[at + 2..end]);
                at = end;
            }
            [quote @ (b'"' | b'\''), ..] => {
                let end = string_end(bytes, at + 1, *quote);
                if let Some((0, group)) = &mut content {
                    let group = *group.get_or_insert_with(|| scan.group(Role::Text));
                    string(source, at + 1, end, group, scan);
                }
                at = end + 1;
            }
            [b'\\', ..] => at += 2,
            [b'(', ..] => {
                let is_address = at >= 3 && bytes[at - 3..at].eq_ignore_ascii_case(b"url");
                let first = rest[1..].iter().find(|byte| !byte.is_ascii_whitespace());
                if is_address && !matches!(first, Some(b'"' | b'\'')) {
                    at += memchr::memchr(b')', rest).unwrap_or(rest.len()) + 1;
                    continue;
                }
                if let Some((depth, group)) = &mut content {
                    *depth += 1;
                    if let Some(group) = group {
                        scan.kept(*group, at..at, StandIn::Number);
                    }
                }
                at += 1;
            }
            [b')', ..] => {
                if let Some((depth, _)) = &mut content {
                    *depth = depth.saturating_sub(1);
                }
                at += 1;
            }
            [b';' | b'{' | b'}', ..] => {
                content = None;
                at += 1;
            }
            [b'c' | b'C', ..] if content.is_none() => {
                let is_begin = at == 0 || !(is_of_name(bytes[at - 1]) || matches!(bytes[at - 1], b'.' | b'#' | b':'));
                let len = rest.iter().take_while(|byte| is_of_name(**byte)).count();
                let blanks = rest[len..].iter().take_while(|byte| byte.is_ascii_whitespace()).count();
                let is_property = is_begin && rest[..len].eq_ignore_ascii_case(b"content");
                if is_property && rest.get(len + blanks) == Some(&b':') {
                    content = Some((0, None));
                }
                at += len + blanks;
            }
            _ => at += 1,
        }
    }
    Ok(())
}

/// The encoding that a style sheet states, which is that of the document that is written.
fn charset(source: &str, scan: &mut Scan<'_>) {
    const START: &str = "@charset \"";
    if let (Some(rest), Some(encoding)) = (source.strip_prefix(START), &scan.options.encoding)
        && let Some(len) = rest.find("\";")
    {
        scan.edits.push((START.len()..START.len() + len, encoding.clone()));
    }
}

fn is_of_name(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'$' | b'@') || !byte.is_ascii()
}

/// Where a string ends: at its quotation mark, or at the end of a line that it does not go on behind.
fn string_end(bytes: &[u8], mut at: usize, quote: u8) -> usize {
    while let Some(&byte) = bytes.get(at) {
        match byte {
            b'\\' => at += 1,
            b'\n' | b'\r' => return at,
            _ if byte == quote => return at,
            _ => {}
        }
        at += 1;
    }
    bytes.len()
}

/// Adds the content of a string. What Sass and Less put into it stays.
fn string(source: &str, mut start: usize, end: usize, group: Group, scan: &mut Scan<'_>) {
    let end = end.min(source.len());
    let mut at = start;
    while let Some(len) = memchr::memchr2(b'#', b'@', &source.as_bytes()[at..end]) {
        let open = at + len;
        at = open + 1;
        if source[at..end].starts_with('{') {
            let Some(len) = source[at..end].find('}') else { break };
            scan.text(group, start..open, Escape::StyleSheet);
            at += len + 1;
            scan.kept(group, open..at, StandIn::Word);
            start = at;
        }
    }
    scan.text(group, start..end, Escape::StyleSheet);
}
