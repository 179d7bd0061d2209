//! Marks, which switch conversion off and on by a comment.

use std::{fmt, sync::LazyLock};

use memchr::memmem;
use regex::bytes::Regex;

/// What all marks begin with.
const BEGINNING: &[u8] = b"fanjian:o";
/// The longest mark, in bytes.
pub(super) const LONGEST: usize = BEGINNING.len() + 2;
/// How far before a mark its comment begins at most, in bytes: no line is searched again and again for it.
pub(super) const OPENER: usize = 32;

/// What begins a comment, directly before a mark: in quotes, it is prose about marks; of those that go on to the end of the
/// line, a part of a word can look like one.
static COMMENT: LazyLock<Regex> = LazyLock::new(|| {
    let comment = r#"(?x)
        (?: (?: ^ | [^`'"‘’“”「『《（] )
            (?: <!--+ | /\*+!? | \{\#-? | \(\* | \{- | @\* | <\#-- | <%-- | \{\{!(?:--)? | --\[=*\[ | \#\| | "{3} | '{3} )
          | (?: ^ | [\s;{})\],>] ) (?: //+!? | \#+ | --+ | ;+ | %+ )
          | ^ \s* (?: (?i:rem|dnl) \s | \.\. )
        ) \s* $"#;
    Regex::new(comment).expect("the pattern is a constant")
});

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mark {
    Off,
    On,
}

impl fmt::Display for Mark {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if *self == Mark::Off { "fanjian:off" } else { "fanjian:on" })
    }
}

/// Whether text may have a mark that switches conversion off.
pub(super) fn may_switch_off(text: &[u8]) -> bool {
    memmem::find(text, b"fanjian:off").is_some()
}

/// The last mark in a line that counts: all do where the line has nothing else but the punctuation of a comment; elsewhere
/// those do that a comment begins with. What is between backquotes never counts.
pub(super) fn last(line: &[u8]) -> Option<Mark> {
    let marks = all(line);
    if marks.is_empty() {
        return None;
    }
    let is_alone = is_alone(line, &marks);
    let last_backquote = memchr::memrchr(b'`', line).unwrap_or(0);
    let (mut from, mut backquotes, mut last) = (0, 0, None);
    for (at, mark) in marks {
        backquotes += memchr::memchr_iter(b'`', &line[from..at]).count();
        from = at;
        let is_quoted = backquotes % 2 == 1 && last_backquote > at;
        if is_alone || (!is_quoted && COMMENT.is_match_at(&line[..at], at.saturating_sub(OPENER))) {
            last = Some(mark);
        }
    }
    last
}

/// What a line of comment begins with.
static COMMENT_LINE: LazyLock<Regex> = LazyLock::new(|| {
    let beginning = r#"^(?:\xEF\xBB\xBF)?\s*(?:[#%;]|//|/\*|\*|<!--|--|\{#|\(\*|\{-|"{3}|'{3}|\.\.|(?i:rem|dnl)\s)"#;
    Regex::new(&format!("(?-u){beginning}")).expect("the pattern is a constant")
});

/// Whether a line of which no mark counts is a comment with such a mark, which has other words beside it. Between
/// backquotes, it is meant so.
pub(super) fn is_overlooked(line: &[u8], wanted: Mark) -> bool {
    let is_quoted = |at: usize| memchr::memchr_iter(b'`', &line[..at]).count() % 2 == 1;
    // The first one is enough: a line may be full of them.
    let first = all(line).into_iter().find(|&(_, mark)| mark == wanted);
    first.is_some_and(|(at, _)| !is_quoted(at)) && COMMENT_LINE.is_match(line)
}

/// Where the last mark ends in this part of a line, of those with something behind them, whether they count or not.
pub(super) fn last_end(line: &[u8]) -> Option<usize> {
    all(line).into_iter().map(|(at, mark)| at + mark.len()).rfind(|&end| end < line.len())
}

/// All marks, whether they count or not.
fn all(line: &[u8]) -> Vec<(usize, Mark)> {
    let mark = |at: usize| {
        let mark = match &line[at + BEGINNING.len()..] {
            [b'f', b'f', ..] => Mark::Off,
            [b'n', ..] => Mark::On,
            _ => return None,
        };
        let behind = line.get(at + mark.len()).is_some_and(|byte| byte.is_ascii_alphanumeric() || *byte == b'_');
        (!behind).then_some((at, mark))
    };
    memmem::find_iter(line, BEGINNING).filter_map(mark).collect()
}

/// Whether a line has only marks and the punctuation of a comment.
fn is_alone(line: &[u8], marks: &[(usize, Mark)]) -> bool {
    let is_comment = |text: &[u8]| {
        text.iter().all(|&byte| byte.is_ascii_whitespace() || (byte.is_ascii_punctuation() && byte != b'`'))
    };
    let mut from = if line.starts_with("\u{feff}".as_bytes()) { 3 } else { 0 };
    marks.iter().all(|&(at, mark)| {
        let before = &line[from..at];
        from = at + mark.len();
        is_comment(before)
    }) && is_comment(&line[from..])
}

impl Mark {
    fn len(self) -> usize {
        BEGINNING.len() + if self == Mark::Off { 2 } else { 1 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(line: &str, expected: Option<Mark>) {
        assert_eq!(last(line.as_bytes()), expected, "{line}");
    }

    #[test]
    fn a_mark_counts_alone_on_its_line_with_the_punctuation_of_any_comment() {
        for line in [
            "fanjian:off",
            "\u{feff}  fanjian:off\r\n",
            "// fanjian:off\n",
            "<!-- fanjian:off -->",
            "<!--fanjian:off-->",
            "/* fanjian:off */",
            " * fanjian:off",
            "-- fanjian:off",
            "; fanjian:off",
            "% fanjian:off",
            "# -*- fanjian:off -*-",
            "\"\"\" fanjian:off \"\"\"",
            "{# fanjian:off #}",
            ".. fanjian:off",
            "[//]: # (fanjian:off)",
        ] {
            check(line, Some(Mark::Off));
            check(&line.replace("fanjian:off", "fanjian:on"), Some(Mark::On));
        }
    }

    #[test]
    fn a_mark_counts_where_a_comment_begins_with_it() {
        for line in [
            "头 // fanjian:off",
            "call();// fanjian:off 头",
            "头<!-- fanjian:off -->发",
            "{/* fanjian:off */} 头",
            "x = 1  # fanjian:off：头",
            "select 1; -- fanjian:off 头",
            "REM fanjian:off 头",
            ".. fanjian:off 头",
            "`头` // fanjian:off 头",
            "终` // fanjian:off",
            "头 {% raw %}{# fanjian:off #}",
        ] {
            check(line, Some(Mark::Off));
        }
    }

    #[test]
    fn prose_about_marks_is_no_mark() {
        for line in [
            "头 fanjian:off",
            "fanjian:off 头",
            "从含有 `fanjian:off` 的一行到含有 `fanjian:on` 的一行",
            "写 `// fanjian:off` 或 `<!-- fanjian:off -->`",
            "写“// fanjian:off”或「<!-- fanjian:off -->」",
            "`fanjian:off`",
            "- `fanjian:off`：关",
            "// 用 fanjian:off 关",
            "// fanjian:offset",
            "https://fanjian:off",
            "print(\"// fanjian:off\")",
        ] {
            check(line, None);
        }
    }

    #[test]
    fn a_mark_in_the_prose_of_a_comment_is_overlooked() {
        for line in [
            "# 以下 fanjian:off",
            "  // please fanjian:off here",
            "<!-- 关：fanjian:off -->",
            "\u{feff}; see fanjian:off",
            " * and fanjian:off",
        ] {
            assert!(is_overlooked(line.as_bytes(), Mark::Off), "{line}");
            assert!(!is_overlooked(line.as_bytes(), Mark::On), "{line}");
            assert!(is_overlooked(line.replace("off", "on").as_bytes(), Mark::On), "{line}");
        }
        for line in ["头 fanjian:off", "# 用 `fanjian:off` 关", "# 头", ""] {
            assert!(!is_overlooked(line.as_bytes(), Mark::Off), "{line}");
        }
    }

    #[test]
    fn of_several_marks_the_last_that_counts_does() {
        check("fanjian:off fanjian:on", Some(Mark::On));
        check("/* fanjian:on */ 头 /* fanjian:off */", Some(Mark::Off));
        check("// fanjian:off 到 fanjian:on", Some(Mark::Off));
    }

    #[test]
    fn a_line_full_of_marks_is_searched_once() {
        check(&"头 fanjian:off `".repeat(60_000), None);
    }
}
