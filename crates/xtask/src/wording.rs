//! Plain English in the documents and in `--help`: phrases that readers stumbled over must not come back.

use std::{fs, process::Command};

use import::{Result, root};

/// Words of a phrase, and what to write instead.
const DENIED: [(&str, &str); 32] = [
    ("tells", "reports, shows, explains, describes"),
    ("told", "reported, shown, given"),
    ("tell which", "report, name"),
    ("what holds", "what is valid, the settings"),
    ("goes with", "can be combined with, belongs to"),
    ("go with", "can be combined with, belong to"),
    ("goes by", "is decided by"),
    ("so many", "that number of, N"),
    ("so much", "that much, the share"),
    ("stands", "is, is written"),
    ("stand apart", "are listed separately"),
    ("becomes of", "happens to, is converted to"),
    ("become of", "happen to"),
    ("nothing where", "None if"),
    ("none where", "None if"),
    ("which else", "which is otherwise"),
    ("sees to it", "ensures"),
    ("somebody", "someone, or the role: a user, a site"),
    ("whoever", "anyone who"),
    ("who knows that", "if you know that"),
    ("for himself", "private"),
    ("manners", "Output, Options"),
    ("in the place of", "instead of"),
    ("of whatever", "of any"),
    ("makes right", "fixes, corrects"),
    ("takes out", "removes"),
    ("mends", "repairs"),
    ("no telling", "undecidable"),
    ("beside that", "also"),
    ("twice and more", "at least twice"),
    ("take for text", "treat as text"),
    ("as one would", "as expected"),
];

/// Files, and folders with a slash at the end, whose language has not been edited yet: their phrases are counted, not refused.
const NOT_YET: &[&str] = &[
    // Its table of places.
    "CONTRIBUTING.md",
    "crates/cli/",
    "docs/cleaning.md",
    "docs/command.md",
    "docs/design.md",
    "docs/detection.md",
    "docs/records.md",
];

/// Checks the documents, and the sources that `--help` is made of.
pub(crate) fn check() -> Result<()> {
    let mut refused = Vec::new();
    let mut waiting = 0;
    for file in files()? {
        let text = fs::read_to_string(root().join(&file)).map_err(|error| format!("cannot read {file}: {error}"))?;
        let hits = hits(&text, file.ends_with(".rs"));
        if let Some(exception) =
            NOT_YET.iter().find(|name| file == **name || name.ends_with('/') && file.starts_with(*name))
        {
            waiting += hits.len();
            if hits.is_empty() && file == *exception {
                println!("{file} needs no exception in crates/xtask/src/wording.rs any more");
            }
            continue;
        }
        refused
            .extend(hits.iter().map(|(line, phrase, better)| format!("{file}:{line}: not '{phrase}', but: {better}")));
    }
    if waiting > 0 {
        println!("{waiting} phrases in files that crates/xtask/src/wording.rs excepts");
    }
    if refused.is_empty() { Ok(()) } else { Err(refused.join("\n").into()) }
}

/// The tracked documents but the change log, and the tracked sources with options and subcommands.
fn files() -> Result<Vec<String>> {
    let list = |arguments: &[&str]| -> Result<Vec<String>> {
        let output = Command::new("git").args(arguments).current_dir(root()).output()?;
        Ok(String::from_utf8(output.stdout)?.lines().map(str::to_owned).collect())
    };
    let mut files = list(&["ls-files", "*.md"])?;
    files.retain(|file| file != "CHANGELOG.md");
    let derived = "derive\\(.*(Args|Parser|Subcommand|ValueEnum)";
    files.extend(list(&["grep", "--files-with-matches", "--extended-regexp", derived, "--", "*.rs"])?);
    if files.is_empty() { Err("git lists no files to check for wording".into()) } else { Ok(files) }
}

/// Line, phrase and advice for each denied phrase in the prose of a document, or in a source: comments, texts and names.
fn hits(text: &str, is_source: bool) -> Vec<(usize, &'static str, &'static str)> {
    let mut in_code = false;
    let mut lines = Vec::new();
    for line in text.lines() {
        let is_fence = !is_source && line.trim_start().starts_with("```");
        in_code ^= is_fence;
        lines.push(if is_fence || in_code { String::new() } else { prose(line) });
    }
    let mut hits = Vec::new();
    for (index, line) in lines.iter().enumerate() {
        // A phrase may go on in the next line.
        let with_next = format!(
            "{} {}",
            line.trim_end_matches(['\\', ' ']),
            lines.get(index + 1).map_or("", |next| next.trim_start_matches(['/', '!', ' ']))
        );
        for (phrase, better) in DENIED {
            let starts_here = |place: usize| place < line.trim_end_matches(['\\', ' ']).len();
            if places(&with_next, phrase).any(starts_here) {
                hits.push((index + 1, phrase, better));
            }
        }
    }
    hits
}

/// A line in small letters, without what is between backticks.
fn prose(line: &str) -> String {
    line.split('`').step_by(2).collect::<Vec<_>>().join(" ").to_lowercase()
}

/// Where a phrase begins and ends at the edge of a word.
fn places<'t>(text: &'t str, phrase: &'t str) -> impl Iterator<Item = usize> + 't {
    let is_letter = |character: char| character.is_ascii_alphanumeric() || character == '_';
    text.match_indices(phrase).map(|(place, _)| place).filter(move |&place| {
        !text[..place].ends_with(is_letter) && !text[place + phrase.len()..].starts_with(is_letter)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str, is_source: bool) -> Vec<(usize, &'static str)> {
        hits(text, is_source).into_iter().map(|(line, phrase, _)| (line, phrase)).collect()
    }

    #[test]
    fn phrases_are_found_in_prose_at_the_edges_of_words_and_over_line_ends() {
        assert_eq!(found("It tells this.\nTells: so\nmany.", false), [(1, "tells"), (2, "tells"), (2, "so many")]);
        assert_eq!(found("standstill, `told`, foretold\n```\ntold\n```\nbeing told", false), [(5, "told")]);
    }

    #[test]
    fn of_a_source_all_lines_are_read() {
        let source = "/// So\n/// many\nlet told = \"what holds\";\nlet so = many;\nlet is_told = `told`;";
        assert_eq!(found(source, true), [(1, "so many"), (3, "told"), (3, "what holds")]);
    }
}
