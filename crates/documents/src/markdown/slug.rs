//! The names of headings that links within a page have.

/// The name of a heading, as GitHub makes it: letters, marks, numbers, `_` and `-` of its text in lower case, and hyphens for
/// spaces.
///
/// Source: the filter for tables of contents of [html-pipeline](https://github.com/gjtorikian/html-pipeline), as GitHub
/// published it.
pub(super) fn slug(text: &str) -> String {
    let kept = text.trim().chars().filter(|&c| c.is_alphanumeric() || matches!(c, '_' | '-' | ' ') || is_mark(c));
    kept.flat_map(|c| if c == ' ' { '-' } else { c }.to_lowercase()).collect()
}

/// The combining marks that stand in Latin text.
fn is_mark(character: char) -> bool {
    matches!(character, '\u{300}'..='\u{36f}')
}

/// A fragment of an address, with its percent signs decoded. None if they are not UTF-8.
pub(super) fn decoded(fragment: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(fragment.len());
    let mut rest = fragment.as_bytes();
    while let [first, tail @ ..] = rest {
        let digits = tail.get(..2).and_then(|digits| std::str::from_utf8(digits).ok());
        let digits = digits.filter(|digits| digits.bytes().all(|digit| digit.is_ascii_hexdigit()));
        let byte = digits.filter(|_| *first == b'%').and_then(|digits| u8::from_str_radix(digits, 16).ok());
        bytes.push(byte.unwrap_or(*first));
        rest = if byte.is_some() { &tail[2..] } else { tail };
    }
    String::from_utf8(bytes).ok()
}

/// A fragment in which all that is beyond ASCII is written with percent signs, with letters of this case.
pub(super) fn encoded(fragment: &str, is_upper: bool) -> String {
    let byte = |byte: u8| match (byte.is_ascii(), is_upper) {
        (true, _) => char::from(byte).to_string(),
        (false, true) => format!("%{byte:02X}"),
        (false, false) => format!("%{byte:02x}"),
    };
    fragment.bytes().map(byte).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_those_of_github() {
        assert_eq!(slug("使用 Docker Compose（推荐）"), "使用-docker-compose推荐");
        assert_eq!(slug("Q&A: what's_new -- v1.0"), "qa-whats_new----v10");
    }

    #[test]
    fn fragments_are_decoded_and_encoded() {
        assert_eq!(decoded("%E5%A4%B4-a").as_deref(), Some("头-a"));
        assert_eq!(encoded("头-a", true), "%E5%A4%B4-a");
        assert_eq!(decoded("100%").as_deref(), Some("100%"));
        assert_eq!(decoded("%ff"), None);
    }
}
