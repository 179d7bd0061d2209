//! Unified diffs: their text, and their lines with the changes within.

use std::ops::Range;

use similar::{ChangeTag, TextDiff};

use crate::{report::changes::Change, text::lines::MARK};

/// A unified diff of two texts, with their names. Nothing for equal ones. Lines end with a line feed alone, as `patch` and git count
/// them.
pub(crate) fn diff(old: &str, new: &str, name: &str) -> String {
    let old: Vec<_> = old.split_inclusive('\n').collect();
    let new: Vec<_> = new.split_inclusive('\n').collect();
    let diff = TextDiff::from_slices(&old, &new);
    let mut text = String::new();
    for hunk in diff.unified_diff().context_radius(2).iter_hunks() {
        if text.is_empty() {
            text = format!("--- {}\n+++ {}\n", header(name, ""), header(name, "(converted)"));
        }
        text += &format!("{}\n", hunk.header());
        for line in hunk.iter_changes() {
            text.push(match line.tag() {
                ChangeTag::Equal => ' ',
                ChangeTag::Delete => '-',
                ChangeTag::Insert => '+',
            });
            text += line.value();
            if !line.value().ends_with('\n') {
                text += "\n\\ No newline at end of file\n";
            }
        }
    }
    text
}

/// A name with a note, which a tab separates where the name is quoted or has a space, so that `patch` and git read all of it.
fn header(name: &str, note: &str) -> String {
    let quoted = quoted(name);
    let is_plain = quoted == name && !name.contains(' ');
    match (is_plain, note) {
        (true, "") => quoted,
        (true, _) => quoted + " " + note,
        (false, _) => quoted + "\t" + note,
    }
}

/// A name as git writes it in a diff: one with control characters, quotation marks or backslashes in quotes, with escapes.
fn quoted(name: &str) -> String {
    if !name.contains(|character: char| character.is_control() || matches!(character, '"' | '\\')) {
        return name.to_owned();
    }
    let mut quoted = String::from("\"");
    for character in name.chars() {
        match character {
            '"' | '\\' => quoted.extend(['\\', character]),
            '\n' => quoted.push_str("\\n"),
            '\t' => quoted.push_str("\\t"),
            _ if character.is_control() => {
                character.encode_utf8(&mut [0; 4]).bytes().for_each(|byte| quoted += &format!("\\{byte:03o}"));
            }
            _ => quoted.push(character),
        }
    }
    quoted + "\""
}

/// What a line of a diff is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum LineKind {
    /// A name of a file, or the remark that a line feed is missing.
    Head,
    /// The place of the lines that follow.
    Place,
    Kept,
    Removed,
    Added,
}

/// A line of a diff.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Line<'d> {
    pub(crate) kind: LineKind,
    /// Its number in the old text, or in the new one if it is added, from 1.
    pub(crate) number: usize,
    /// Its number in the new text, if it is in both.
    pub(crate) new_number: usize,
    /// All of it, with its sign and its line feed.
    pub(crate) text: &'d str,
    /// What is changed in it, in bytes of `text`, if the same line is in the other text, with these changes.
    pub(crate) changed: Vec<Range<usize>>,
    /// Whether the line of the same number in the other text is what became of it.
    pub(crate) is_paired: bool,
}

/// The lines of a diff, with these changes within them, which are in the order of the text. Lines are paired by their
/// numbers: a conversion keeps the number of lines, as a rule; where it does not, none has changes.
pub(crate) fn lines<'d>(diff: &'d str, changes: &[Change]) -> Vec<Line<'d>> {
    let (mut old, mut new) = (0, 0);
    let mut lines = Vec::new();
    let mut in_hunk = false;
    for text in diff.split_inclusive('\n') {
        let (kind, number) = match text.as_bytes() {
            [b'@', ..] => {
                (old, new) = numbers(text).unwrap_or((1, 1));
                in_hunk = true;
                (LineKind::Place, 0)
            }
            [b' ', ..] if in_hunk => {
                (old, new) = (old + 1, new + 1);
                (LineKind::Kept, old - 1)
            }
            [b'-', ..] if in_hunk => {
                old += 1;
                (LineKind::Removed, old - 1)
            }
            [b'+', ..] if in_hunk => {
                new += 1;
                (LineKind::Added, new - 1)
            }
            _ => (LineKind::Head, 0),
        };
        let new_number = if kind == LineKind::Kept { new - 1 } else { 0 };
        lines.push(Line { kind, number, new_number, text, changed: Vec::new(), is_paired: false });
    }
    mark(&mut lines, changes);
    lines
}

/// The numbers of the first lines behind `@@ -1,3 +1,3 @@`.
fn numbers(place: &str) -> Option<(usize, usize)> {
    let mut numbers = place.split(['-', '+']).skip(1).map(|part| part.split([',', ' ']).next()?.parse().ok());
    Some((numbers.next()??, numbers.next()??))
}

/// Marks the changes within lines.
fn mark(lines: &mut [Line<'_>], changes: &[Change]) {
    for line in lines {
        let is_added = match line.kind {
            LineKind::Removed => false,
            LineKind::Added => true,
            _ => continue,
        };
        let first = changes.partition_point(|change| change.line < line.number);
        let within = changes[first..].iter().take_while(|change| change.line == line.number);
        // The byte where each character begins, and the end.
        let begin = 1 + mark_len(line.number, &line.text[1..]);
        let content = &line.text[begin..];
        let starts: Vec<usize> = content.char_indices().map(|(at, _)| at + begin).chain([line.text.len()]).collect();
        // How many more characters the new line has before a place than the old one.
        let mut longer = 0_isize;
        for Change { column, source, output, .. } in within {
            let (old, new) = (source.chars().count(), output.chars().count());
            let (column, text, len) = if is_added {
                ((column - 1).wrapping_add_signed(longer), output, new)
            } else {
                (column - 1, source, old)
            };
            longer += new as isize - old as isize;
            let range = starts.get(column).zip(starts.get(column + len)).map(|(&start, &end)| start..end);
            let Some(range) = range.filter(|range| line.text[range.clone()] == **text) else {
                // Changes of another division into lines.
                line.changed.clear();
                line.is_paired = false;
                break;
            };
            line.is_paired = true;
            if !range.is_empty() {
                line.changed.push(range);
            }
        }
    }
}

/// How long the byte order mark at the beginning of a text is, in bytes, if this is its first line.
fn mark_len(number: usize, line: &str) -> usize {
    if number == 1 && line.starts_with(MARK) { MARK.len_utf8() } else { 0 }
}

/// A diff of words: each changed part as `[-old-]{+new+}`, as git writes it, and each line once.
pub(crate) fn word_diff(diff: &str, changes: &[Change]) -> String {
    let lines = lines(diff, changes);
    let mut words = String::with_capacity(diff.len());
    for line in &lines {
        let content =
            if line.kind == LineKind::Head || line.kind == LineKind::Place { line.text } else { &line.text[1..] };
        let (text, end) = content.split_at(content.trim_end_matches(['\n', '\r']).len());
        match line.kind {
            LineKind::Removed if line.is_paired => {
                let first = changes.partition_point(|change| change.line < line.number);
                let within = changes[first..].iter().take_while(|change| change.line == line.number);
                let (mark, mut rest) = text.split_at(mark_len(line.number, text));
                words.push_str(mark);
                let mut column = 1;
                for change in within {
                    let kept: usize = rest.chars().take(change.column - column).map(char::len_utf8).sum();
                    words.push_str(&rest[..kept]);
                    rest = rest.get(kept + change.source.len()..).unwrap_or_default();
                    column = change.column + change.source.chars().count();
                    words.push_str(&marked(&change.source, &change.output));
                }
                words.push_str(rest);
                words.push_str(end);
            }
            LineKind::Added if line.is_paired => {}
            LineKind::Removed => words.extend([&marked(text, ""), end]),
            LineKind::Added => words.extend([&marked("", text), end]),
            LineKind::Kept | LineKind::Head | LineKind::Place => words.push_str(content),
        }
    }
    words
}

fn marked(old: &str, new: &str) -> String {
    let old = if old.is_empty() { String::new() } else { format!("[-{old}-]") };
    if new.is_empty() { old } else { format!("{old}{{+{new}+}}") }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::changes::changes;

    #[test]
    fn names_with_control_characters_are_quoted_as_git_does() {
        assert_eq!(quoted("a b.txt"), "a b.txt");
        assert_eq!(quoted("a \"b\".txt"), r#""a \"b\".txt""#);
        assert_eq!(quoted("头\u{1b}\n\"\\\u{9b}"), r#""头\033\n\"\\\302\233""#);
    }

    /// A carriage return used to end a line, which `patch` and git do not count.
    #[test]
    fn lines_end_with_line_feeds_alone() {
        for (old, new, expected) in [
            ("a\r头发\rb\n后\r\n", "a\r頭髮\rb\n後\r\n", "@@ -1,2 +1,2 @@\n-a\r头发\rb\n-后\r\n+a\r頭髮\rb\n+後\r\n"),
            ("头\r", "頭\r", "@@ -1 +1 @@\n-头\r\n\\ No newline at end of file\n+頭\r\n\\ No newline at end of file\n"),
            ("头", "頭\n", "@@ -1 +1 @@\n-头\n\\ No newline at end of file\n+頭\n"),
            ("头\u{2028}\u{c}头\n", "頭\u{2028}\u{c}頭\n", "@@ -1 +1 @@\n-头\u{2028}\u{c}头\n+頭\u{2028}\u{c}頭\n"),
        ] {
            assert_eq!(diff(old, new, "a"), format!("--- a\n+++ a (converted)\n{expected}"));
        }
        assert_eq!(diff("头\r", "头\r", "a"), "");
    }

    #[test]
    fn changes_within_lines_are_marked_in_both() {
        let (old, new) = ("一\n他的头发和用户\n二\n", "一\n他的頭髮和使用者\n二\n");
        let diff = diff(old, new, "a");
        let changes = changes(old, new, None, &[]);
        let lines = lines(&diff, &changes);
        let marked = |kind| {
            let line = lines.iter().find(|line| line.kind == kind).unwrap();
            assert!(line.is_paired && line.number == 2);
            line.changed.iter().map(|range| &line.text[range.clone()]).collect::<Vec<_>>()
        };
        assert_eq!(marked(LineKind::Removed)[0], "头发");
        assert_eq!(marked(LineKind::Added)[0], "頭髮");
    }

    #[test]
    fn a_diff_of_words_has_each_line_once() {
        let (old, new) = ("一\n他的头发和里\n", "一\n他的頭髮和裏\n");
        let text = word_diff(&diff(old, new, "a"), &changes(old, new, None, &[]));
        assert!(text.ends_with("@@ -1,2 +1,2 @@\n一\n他的[-头发-]{+頭髮+}和[-里-]{+裏+}\n"), "{text}");
        // A line more: the lines have no pairs.
        let text = word_diff(&diff("一\n", "二\n三\n", "a"), &[]);
        assert!(text.ends_with("[-一-]\n{+二+}\n{+三+}\n"), "{text}");
    }

    #[test]
    fn a_byte_order_mark_is_no_character() {
        let (old, new) = ("\u{feff}的头\n", "\u{feff}的頭\n");
        let (diff, changes) = (diff(old, new, "a"), changes(old, new, None, &[]));
        assert!(word_diff(&diff, &changes).ends_with("\u{feff}的[-头-]{+頭+}\n"));
        assert!(lines(&diff, &changes).iter().filter(|line| line.is_paired).count() == 2);
    }

    #[test]
    fn lines_without_a_line_feed_are_paired_too() {
        let text = word_diff(&diff("头", "頭", "a"), &changes("头", "頭", None, &[]));
        assert!(text.contains("[-头-]{+頭+}"), "{text}");
    }
}
