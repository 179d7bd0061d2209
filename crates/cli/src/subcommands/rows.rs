//! Entries of dictionaries in lines, with columns that stand below each other.

use unicode_width::UnicodeWidthStr;

/// An entry to be told.
pub(super) struct Row<'r> {
    pub(super) dictionary: &'r str,
    pub(super) key: &'r str,
    pub(super) value: &'r str,
    pub(super) others: &'r [String],
}

/// A line for each entry, after so many spaces: dictionary, key and value, and the other candidates.
pub(super) fn rows(rows: &[Row], indent: usize) -> String {
    let columns: Vec<_> =
        rows.iter().map(|row| (printable(row.dictionary), change(row.key, row.value), others(row.others))).collect();
    let widest = |column: fn(&(String, String, String)) -> &str| columns.iter().map(|row| column(row).width()).max();
    let (dictionary, change) = (widest(|row| &row.0).unwrap_or(0), widest(|row| &row.1).unwrap_or(0));
    let mut lines = String::new();
    for row in &columns {
        let line = format!("{}{}  {}", " ".repeat(indent), pad(&row.0, dictionary), pad(&row.1, change) + &row.2);
        lines.push_str(line.trim_end());
        lines.push('\n');
    }
    lines
}

pub(super) fn change(from: &str, to: &str) -> String {
    format!("{} → {}", printable(from), printable(to))
}

fn others(candidates: &[String]) -> String {
    let candidates: Vec<_> = candidates.iter().map(|candidate| printable(candidate)).collect();
    if candidates.is_empty() { String::new() } else { format!("  also: {}", candidates.join(" ")) }
}

fn printable(text: &str) -> String {
    if text.is_empty() { "(nothing)".to_owned() } else { escape(text) }
}

/// The text as it can stand within a line: line feeds and other control characters by their names.
pub(super) fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        if character.is_control() {
            escaped.extend(character.escape_default());
        } else {
            escaped.push(character);
        }
    }
    escaped
}

/// The text with spaces behind it, up to so many columns of a terminal, of which a Chinese character takes two.
fn pad(text: &str, columns: usize) -> String {
    format!("{text}{}", " ".repeat(columns.saturating_sub(text.width())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_stand_below_each_other() {
        let others = ["乾".to_owned(), "干".to_owned()];
        let lines = rows(
            &[
                Row { dictionary: "字", key: "干", value: "幹", others: &others },
                Row { dictionary: "abc", key: "a\nb", value: "", others: &[] },
                Row { dictionary: "", key: "头发", value: "頭髮", others: &others[..1] },
            ],
            2,
        );
        assert_eq!(
            lines,
            [
                "  字         干 → 幹           also: 乾 干\n",
                "  abc        a\\nb → (nothing)\n",
                "  (nothing)  头发 → 頭髮       also: 乾\n",
            ]
            .concat()
        );
    }
}
