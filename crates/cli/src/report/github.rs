//! Report as commands of GitHub's workflows, which show a change at its place.
//!
//! The format: <https://docs.github.com/actions/reference/workflow-commands-for-github-actions>.

use std::path::Path;

use crate::report::{
    changes::Change,
    kinds::{Kind, OTHER_RULE},
    paths::slashed,
};

/// The command about a change in a file.
pub(super) fn command(path: &Path, change: &Change) -> String {
    let level = if change.kind == Some(Kind::Doubtful) { "warning" } else { "error" };
    let title = Kind::rule(change.kind);
    let (place, message) = match &change.part {
        Some(part) => (String::new(), format!("{part}: {} in: {}", change.message(), change.text)),
        None => {
            let (line, column) = (change.line, change.column);
            // A place of no characters is one before a character.
            let end = change.end_column().max(column + 1);
            (format!(",line={line},endLine={line},col={column},endColumn={end}"), change.message())
        }
    };
    format!("::{level} file={}{place},title={}::{}", property(&slashed(path)), property(&title), data(&message))
}

/// The command about a file of which no place is known.
pub(super) fn whole(path: &Path) -> String {
    let title = format!("fanjian/{}", OTHER_RULE.0);
    format!("::error file={},title={}::{}", property(&slashed(path)), property(&title), data("would change"))
}

/// A message, escaped.
fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// A value of a property, escaped.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::changes::changes;

    #[test]
    fn names_and_texts_are_escaped() {
        let change = &changes("一\n的头发,", "一\n的頭髮,", None, &[])[0];
        let expected = "::error file=a%2C b%3A50%25.txt,line=2,endLine=2,col=2,endColumn=4,title=fanjian/script::\
                        '头发' should be '頭髮'";
        assert_eq!(command(Path::new("a, b:50%.txt"), change), expected);
        let change =
            Change { source: "a\n".into(), output: "50%".into(), kind: Some(Kind::Doubtful), ..change.clone() };
        let command = command(Path::new("a"), &change);
        assert!(command.starts_with("::warning ") && command.ends_with("::'a%0A' should be '50%25'"), "{command}");
        assert_eq!(whole(Path::new("a")), "::error file=a,title=fanjian/change::would change");
    }
}
