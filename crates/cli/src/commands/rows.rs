//! Table of dictionary entries, with aligned columns.

use unicode_width::UnicodeWidthStr;

use crate::{
    messages::{message, text},
    print::escape,
};

/// An entry to write.
pub(crate) struct Row<'r> {
    pub(crate) dictionary: &'r str,
    pub(crate) key: &'r str,
    pub(crate) value: &'r str,
    pub(crate) others: &'r [String],
}

/// A line for each entry, after `indent` spaces: dictionary, key and value, and the other candidates.
pub(crate) fn rows(rows: &[Row], indent: usize) -> String {
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

pub(crate) fn change(from: &str, to: &str) -> String {
    format!("{} → {}", printable(from), printable(to))
}

fn others(candidates: &[String]) -> String {
    let candidates: Vec<_> = candidates.iter().map(|candidate| printable(candidate)).collect();
    if candidates.is_empty() {
        String::new()
    } else {
        message!("  also: {candidates}", candidates = candidates.join(" "))
    }
}

pub(crate) fn printable(shown: &str) -> String {
    if shown.is_empty() { text("(nothing)") } else { escape(shown) }
}

/// The text, padded with spaces to a width in columns of a terminal, of which a Chinese character takes two.
fn pad(text: &str, columns: usize) -> String {
    format!("{text}{}", " ".repeat(columns.saturating_sub(text.width())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_aligned() {
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
