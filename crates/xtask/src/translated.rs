//! The tables of translated pages: their figures are those of the original page, some of which this program makes.

use std::{fs, ops::Range};

use import::{Result, root};

use crate::generated;

/// The folders of the translations, below `docs`.
const LANGUAGES: [&str; 2] = ["zh-TW", "zh-CN"];

/// Writes the figures of the tables of all original pages into their translations, or with `check` only compares.
pub(crate) fn generate(check: bool) -> Result<()> {
    let docs = root().join("docs");
    for language in LANGUAGES {
        let mut pages: Vec<_> =
            fs::read_dir(docs.join(language))?.map(|entry| Ok(entry?.file_name())).collect::<Result<_>>()?;
        pages.sort();
        for page in pages {
            let (original, file) = (docs.join(&page), format!("docs/{language}/{}", page.to_string_lossy()));
            let translation = fs::read_to_string(root().join(&file))?;
            let renewed = renewed(&fs::read_to_string(original)?, &translation)
                .map_err(|message| format!("{file}: {message}: translate the table anew"))?;
            generated::whole(&file, &renewed, check)?;
        }
    }
    Ok(())
}

/// The translation with the figures of the original in its tables. An error if the tables have other rows.
fn renewed(original: &str, translation: &str) -> std::result::Result<String, String> {
    let originals: Vec<_> = rows(original).collect();
    let mut lines: Vec<String> = translation.split('\n').map(str::to_owned).collect();
    let translations: Vec<_> = rows(translation).map(|(number, _)| number).collect();
    if originals.len() != translations.len() {
        return Err(format!("{} rows of tables, and {} in the original", translations.len(), originals.len()));
    }
    for ((of_original, row), number) in originals.into_iter().zip(translations) {
        lines[number] = with_figures(row, &lines[number]).ok_or_else(|| {
            let (number, of_original) = (number + 1, of_original + 1);
            format!("line {number} has other cells or figures than line {of_original} of the original, '{row}'")
        })?;
    }
    Ok(lines.join("\n"))
}

/// The rows of all tables, with the numbers of their lines from 0. Code has none.
fn rows(page: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut is_code = false;
    page.split('\n').enumerate().filter(move |(_, line)| {
        is_code ^= line.trim_start().starts_with("```");
        !is_code && line.starts_with('|')
    })
}

/// The translated row with the figures of the original one, cell by cell. None if a cell has another number of them.
fn with_figures(original: &str, translation: &str) -> Option<String> {
    let (cells, translated) = (original.split('|'), translation.split('|').collect::<Vec<_>>());
    if cells.clone().count() != translated.len() {
        return None;
    }
    let cells: Option<Vec<_>> = cells.zip(translated).map(|(cell, translated)| cell_with(cell, translated)).collect();
    Some(cells?.join("|"))
}

fn cell_with(original: &str, translation: &str) -> Option<String> {
    let (old, new) = (figures(translation), figures(original));
    if old.len() != new.len() {
        // In a sentence, one language may write a number that the other one has a word for.
        return original.contains(char::is_alphabetic).then(|| translation.to_owned());
    }
    let sorted = |text: &str, figures: &[Range<usize>]| {
        let mut figures: Vec<_> = figures.iter().map(|figure| text[figure.clone()].to_owned()).collect();
        figures.sort_unstable();
        figures
    };
    // A translation may name them in another order.
    if sorted(translation, &old) == sorted(original, &new) {
        return Some(translation.to_owned());
    }
    let (mut renewed, mut at) = (String::new(), 0);
    for (old, new) in old.into_iter().zip(new) {
        renewed += &translation[at..old.start];
        renewed += &original[new];
        at = old.end;
    }
    Some(renewed + &translation[at..])
}

/// Where the numbers of a cell are, each with its separators; those in names, such as UTF-8, are none.
fn figures(cell: &str) -> Vec<Range<usize>> {
    let is_of_name = |character: char| character.is_ascii_alphanumeric() || "-_.,".contains(character);
    let mut figures = Vec::new();
    let mut start = 0;
    for word in cell.split(|character| !is_of_name(character)) {
        let figure = word.trim_end_matches(['.', ',']);
        if figure.starts_with(|first: char| first.is_ascii_digit())
            && !figure.contains(|character: char| character.is_ascii_alphabetic() || "-_".contains(character))
        {
            figures.push(start..start + figure.len());
        }
        start += word.len() + cell[start + word.len()..].chars().next().map_or(0, char::len_utf8);
    }
    figures
}

#[cfg(test)]
mod tests {
    use super::*;

    const ORIGINAL: &str =
        "# A\n| lead | places |\n|---|--:|\n| 0 to 5 | 1,234 |\n```\n| code |\n```\n| a 3 | 2.5 % |\n";

    fn figures_of(cell: &str) -> Vec<&str> {
        super::figures(cell).into_iter().map(|figure| &cell[figure]).collect()
    }

    #[test]
    fn figures_are_renewed_and_words_stay() {
        let old = "# 甲\n\n| 領先 | 地方 |\n|---|--:|\n| 0 到 4 | 999 |\n| 甲 3 | 2.5 % |\n";
        let new = "# 甲\n\n| 領先 | 地方 |\n|---|--:|\n| 0 到 5 | 1,234 |\n| 甲 3 | 2.5 % |\n";
        assert_eq!(renewed(ORIGINAL, old).unwrap(), new);
        assert_eq!(renewed(ORIGINAL, new).unwrap(), new);
        assert_eq!(cell_with(" 2 of 5 ", " 5 中的 2 "), Some(" 5 中的 2 ".to_owned()));
    }

    #[test]
    fn other_rows_and_other_cells_are_errors() {
        assert!(renewed(ORIGINAL, "| 領先 | 地方 |\n").unwrap_err().starts_with("1 rows of tables, and 4 in"));
        let cells = "| 領先 | 地方 |\n|---|--:|\n| 0 到 4 |\n| 甲 3 | 2.5 % |\n";
        assert!(renewed(ORIGINAL, cells).unwrap_err().contains("line 3 has other cells or figures than line 4"));
        let figures = "| 領先 | 地方 |\n|---|--:|\n| 零到五 | 九 |\n| 甲 3 | 2.5 % |\n";
        assert!(renewed(ORIGINAL, figures).is_err());
        assert_eq!(cell_with(" 0 to 5 ", " 零到五 "), Some(" 零到五 ".to_owned()));
        assert_eq!(figures_of("UTF-8, s2twp: 1,234 and 2.5%, 1.4.2."), ["1,234", "2.5", "1.4.2"]);
    }
}
