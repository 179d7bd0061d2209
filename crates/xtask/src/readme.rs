//! The READMEs in three languages, which must have the same structure.

use std::{collections::BTreeMap, fs};

use import::{Result, root};

/// What the translations are compared with.
const ORIGINAL: &str = "README.md";
const TRANSLATIONS: [&str; 2] = ["README.zh-TW.md", "README.zh-CN.md"];

/// Checks that all READMEs have the same headings, code, tables, links and pictures, and that each of them states these
/// figures, which belong to the chart of wrong characters.
pub(crate) fn check(figures: &[String]) -> Result<()> {
    let read =
        |name: &str| fs::read_to_string(root().join(name)).map_err(|error| format!("cannot read {name}: {error}"));
    let original = read(ORIGINAL)?;
    let mut found = differences_from_figures(ORIGINAL, &original, figures);
    for name in TRANSLATIONS {
        let translation = read(name)?;
        found.extend(differences_from_figures(name, &translation, figures));
        found.extend(differences(&original, name, &translation));
    }
    if found.is_empty() { Ok(()) } else { Err(found.join("\n").into()) }
}

fn differences_from_figures(name: &str, text: &str, figures: &[String]) -> Vec<String> {
    // Chinese has no space before the sign.
    let is_stated = |figure: &str| text.contains(figure) || text.contains(&figure.replace(' ', ""));
    let missing = figures.iter().filter(|figure| !is_stated(figure));
    missing.map(|figure| format!("{name}: '{figure}' of the chart of wrong characters is missing")).collect()
}

/// A part of a README from one heading to the next.
#[derive(Default)]
struct Section {
    /// The line of the heading, and its text.
    line: usize,
    heading: String,
    level: usize,
    /// What must be the same in all languages, by kind, in the order of the text.
    parts: BTreeMap<&'static str, Vec<String>>,
}

/// Where a translation differs from the original.
fn differences(original: &str, name: &str, translation: &str) -> Vec<String> {
    let (originals, translations) = (sections(original), sections(translation));
    let mut found = Vec::new();
    for (index, section) in originals.iter().enumerate() {
        let Some(translated) = translations.get(index).filter(|other| other.level == section.level) else {
            let place =
                translations.get(index).map_or_else(|| "its end".to_owned(), |other| format!("line {}", other.line));
            found.push(format!(
                "{name}, {place}: a heading of level {} is expected, for '{}' of {ORIGINAL}",
                section.level, section.heading
            ));
            return found;
        };
        let place = format!("{name}, section '{}' (line {})", translated.heading, translated.line);
        for kind in KINDS {
            let (expected, present) = (section.part(kind), translated.part(kind));
            for part in missing(&expected, &present) {
                found.push(format!("{place}: lacks the {kind} {part} of {ORIGINAL}"));
            }
            for part in missing(&present, &expected) {
                found.push(format!("{place}: has the {kind} {part}, which {ORIGINAL} has not"));
            }
        }
    }
    for section in translations.iter().skip(originals.len()) {
        found.push(format!("{name}, line {}: the section '{}' is not in {ORIGINAL}", section.line, section.heading));
    }
    found
}

const KINDS: [&str; 4] = ["code", "inline code", "link", "table"];

impl Section {
    /// Parts of a kind; those of prose are sorted, since languages differ in the order of words.
    fn part(&self, kind: &str) -> Vec<String> {
        let mut parts = self.parts.get(kind).cloned().unwrap_or_default();
        if kind == "inline code" || kind == "link" {
            parts.sort();
        }
        parts
    }
}

/// What `other` lacks of `parts`, each as often as it does.
fn missing(parts: &[String], other: &[String]) -> Vec<String> {
    let mut other = other.to_vec();
    let mut missing = Vec::new();
    for part in parts {
        match other.iter().position(|candidate| candidate == part) {
            Some(place) => drop(other.remove(place)),
            None => missing.push(part.clone()),
        }
    }
    missing
}

fn sections(text: &str) -> Vec<Section> {
    let mut sections = vec![Section { line: 1, ..Section::default() }];
    let (mut in_code, mut rows) = (false, Vec::new());
    let headings: Vec<_> = text.lines().filter_map(heading).map(|(_, heading)| anchor(heading)).collect();
    for (index, line) in text.lines().chain([""]).enumerate() {
        let line_heading = heading(line).filter(|_| !in_code);
        if let Some((level, heading)) = line_heading {
            sections.push(Section { line: index + 1, heading: heading.to_owned(), level, parts: BTreeMap::new() });
            continue;
        }
        let Some(section) = sections.last_mut() else { continue };
        let mut add = |kind, part: String| section.parts.entry(kind).or_default().push(part);
        let is_fence = line.trim_start().starts_with("```");
        in_code ^= is_fence;
        if is_fence || in_code {
            // A comment is prose.
            add("code", format!("'{}'", line.split("  # ").next().unwrap_or_default().trim_end()));
            continue;
        }
        if line.starts_with('|') {
            rows.push(line.trim_matches('|').split('|').count());
        } else if !rows.is_empty() {
            add("table", format!("of {} rows with {:?} columns", rows.len(), rows));
            rows.clear();
        }
        for code in line.split('`').skip(1).step_by(2).filter(|code| code.is_ascii()) {
            add("inline code", format!("'{code}'"));
        }
        for (before, target) in line.split("](").zip(line.split("](").skip(1)) {
            let target = target.split(')').next().unwrap_or_default();
            // A heading of the same page has another name in another language: its number is compared.
            let target = match target.strip_prefix('#') {
                Some(name) => match headings.iter().position(|heading| heading == name) {
                    Some(number) => format!("#{number}"),
                    None => format!("#{name} (no such heading)"),
                },
                None => in_original(target),
            };
            let is_picture = before.rsplit('[').next().is_some_and(|label| before.ends_with(&format!("![{label}")));
            add("link", format!("'{}{target}'", if is_picture { "!" } else { "" }));
        }
    }
    sections
}

/// The link to the page of `docs/` that a translated page is of. A heading has another name in another language: its number is
/// compared.
fn in_original(target: &str) -> String {
    let (page, name) = target.split_once('#').map_or((target, None), |(page, name)| (page, Some(name)));
    let original = page.replacen("docs/zh-TW/", "docs/", 1).replacen("docs/zh-CN/", "docs/", 1);
    let Some(name) = name.filter(|_| page.starts_with("docs/")) else { return target.replacen(page, &original, 1) };
    let text = fs::read_to_string(root().join(page)).unwrap_or_default();
    match text.lines().filter_map(heading).position(|(_, heading)| anchor(heading) == name) {
        Some(number) => format!("{original}#{number}"),
        None => format!("{page}#{name} (no such heading)"),
    }
}

/// Level and text of a heading.
fn heading(line: &str) -> Option<(usize, &str)> {
    let text = line.trim_start_matches('#');
    let level = line.len() - text.len();
    text.strip_prefix(' ').filter(|_| (1..=6).contains(&level)).map(|text| (level, text))
}

/// The name that a heading has in links.
fn anchor(heading: &str) -> String {
    let kept = heading.to_lowercase().replace(' ', "-");
    kept.chars().filter(|character| character.is_alphanumeric() || *character == '-').collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const ENGLISH: &str = "# A\n\nSee [the library](#the-library) and `--to zh-TW`, [b](b.md).\n\n\
                           ```sh\nrun it  # a comment\n```\n\n## The library\n\n| a | b |\n|---|---|\n| c | d |\n\n![p](p.svg)\n";
    const CHINESE: &str = "# 甲\n\n[乙](b.md)、`--to zh-TW` 與`頭髮`：[函式庫](#函式庫)\n\n\
                           ```sh\nrun it  # 註解\n```\n\n## 函式庫\n\n| 甲 | 乙 |\n|---|---|\n| 丙 | 丁 |\n\n![圖](p.svg)\n";

    #[test]
    fn translations_with_the_same_structure_pass() {
        assert_eq!(differences(ENGLISH, "zh", CHINESE), Vec::<String>::new());
    }

    #[test]
    fn each_drift_is_reported_with_its_place() {
        let drift = |from: &str, to: &str| differences(ENGLISH, "zh", &CHINESE.replacen(from, to, 1)).join("; ");
        assert_eq!(
            drift("run it", "run them"),
            "zh, section '甲' (line 1): lacks the code 'run it' of README.md; \
             zh, section '甲' (line 1): has the code 'run them', which README.md has not"
        );
        assert!(drift("`--to zh-TW`", "").contains("lacks the inline code '--to zh-TW'"));
        assert!(drift("b.md", "c.md").contains("lacks the link 'b.md'"));
        assert!(drift("](#函式庫)", "](#庫)").contains("has the link '#庫 (no such heading)'"));
        assert!(drift("| 丙 | 丁 |\n", "").contains("section '函式庫' (line 9): lacks the table of 3 rows"));
        assert!(drift("![圖](p.svg)", "[圖](p.svg)").contains("lacks the link '!p.svg'"));
        assert!(
            drift("## 函式庫", "### 函式庫")
                .contains("zh, line 9: a heading of level 2 is expected, for 'The library'")
        );
        assert!(drift("![圖](p.svg)\n", "![圖](p.svg)\n\n## 丙\n").contains("the section '丙' is not in README.md"));
    }

    #[test]
    fn a_figure_of_the_chart_must_be_stated() {
        let figures = ["28 %".to_owned()];
        assert_eq!(differences_from_figures("a", "28 % fewer", &figures), Vec::<String>::new());
        assert_eq!(
            differences_from_figures("a", "27 % fewer", &figures),
            ["a: '28 %' of the chart of wrong characters is missing"]
        );
    }
}
