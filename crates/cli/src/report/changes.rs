//! Changes in a text: a diff for people, a list for programs.

use similar::{ChangeTag, DiffOp, TextDiff};

/// One change within a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Change {
    /// Where it begins: the line, and the character in it, from 1.
    pub(crate) line: usize,
    pub(crate) column: usize,
    pub(crate) source: String,
    pub(crate) output: String,
}

/// A unified diff of two texts, with their names. Nothing for equal ones.
pub(crate) fn diff(old: &str, new: &str, name: &str) -> String {
    TextDiff::from_lines(old, new)
        .unified_diff()
        .context_radius(2)
        .header(&quoted(name), &quoted(&format!("{name} (converted)")))
        .to_string()
}

/// A name as git writes it in a diff: one with control characters in quotes, with octal escapes.
fn quoted(name: &str) -> String {
    if !name.contains(char::is_control) {
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

/// The changes between two texts, from the beginning.
pub(crate) fn changes(old: &str, new: &str) -> Vec<Change> {
    let (before, after): (Vec<_>, Vec<_>) = (old.split('\n').collect(), new.split('\n').collect());
    let mut changes = Vec::new();
    if before.len() != after.len() {
        // Words with line feeds: lines are of no use.
        within(old, new, 1, &mut changes);
        return changes;
    }
    for (line, (before, after)) in before.into_iter().zip(after).enumerate() {
        if before != after {
            within(before, after, line + 1, &mut changes);
        }
    }
    changes
}

fn within(old: &str, new: &str, line: usize, changes: &mut Vec<Change>) {
    let diff = TextDiff::from_chars(old, new);
    for op in diff.ops().iter().filter(|op| !matches!(op, DiffOp::Equal { .. })) {
        let side =
            |tag| diff.iter_changes(op).filter(|change| change.tag() == tag).map(|change| change.value()).collect();
        let (source, output): (String, String) = (side(ChangeTag::Delete), side(ChangeTag::Insert));
        changes.push(Change { line, column: op.old_range().start + 1, source, output });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_with_control_characters_are_quoted_as_git_does() {
        assert_eq!(quoted("a \"b\".txt"), "a \"b\".txt");
        assert_eq!(quoted("头\u{1b}\n\"\\\u{9b}"), r#""头\033\n\"\\\302\233""#);
    }

    #[test]
    fn changes_have_lines_and_columns_of_characters() {
        let change = |line, column, source: &str, output: &str| Change {
            line,
            column,
            source: source.to_owned(),
            output: output.to_owned(),
        };
        let expected = vec![change(1, 2, "头发", "頭髮"), change(3, 3, "里", "裏")];
        assert_eq!(changes("的头发了\n一\n二三里\n", "的頭髮了\n一\n二三裏\n"), expected);
        assert_eq!(changes("一\n", "一\n"), []);
    }
}
