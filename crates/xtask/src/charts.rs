//! The charts of the repository, drawn from committed records: how many characters each converter gets wrong, and how fast
//! the Python package is.

use std::{collections::BTreeMap, fs, path::PathBuf};

use import::{Result, root};
use measure::{
    chart::{Bar, Chart, Panel, Role},
    grouped,
};
use serde::Deserialize;

use crate::generated;

/// The record of accuracy, a page that `cargo xtask accuracy` writes, and its chart.
const ACCURACY: (&str, &str) = ("docs/accuracy-unseen.md", "docs/accuracy-unseen.svg");
/// The texts of pages of accuracy that are Cantonese, which are shown apart.
pub(crate) const CANTONESE: [&str; 5] = ["common_voice_yue", "gpl_cantomap", "gpl_mediawiki_yue", "hkcancor", "ud_yue"];
/// Panels: heading, direction of the texts, and whether they are Cantonese.
const PANELS: [(&str, &str, bool); 4] = [
    ("Mandarin to zh-Hant", "s2t", false),
    ("Mandarin to zh-TW", "s2tw", false),
    ("Mandarin to zh-HK", "s2hk", false),
    ("Cantonese to zh-HK", "s2hk", true),
];
/// A converter whose bars would hide all others: it maps characters one by one.
const OFF_SCALE: &str = "hanziconv";

/// Draws all charts, or with `check` only compares them.
pub(crate) fn generate(check: bool) -> Result<()> {
    let page = fs::read_to_string(root().join(ACCURACY.0))?;
    generated::whole(ACCURACY.1, &accuracy(&page)?.draw(), check)?;
    for path in python_records()? {
        let record: PythonRecord = serde_json::from_str(&fs::read_to_string(&path)?)?;
        let chart = path.with_extension("svg");
        let chart = chart.strip_prefix(root())?.to_string_lossy().into_owned();
        generated::whole(&chart, &python(&record)?.draw(), check)?;
    }
    Ok(())
}

/// The share of OpenCC's errors on native text, for the READMEs: of the page that `cargo xtask accuracy` writes.
pub(crate) fn share_of_errors() -> Result<Vec<String>> {
    const PAGE: &str = "docs/accuracy.md";
    let page = fs::read_to_string(root().join(PAGE))?;
    let share = page.lines().filter(|line| line.starts_with("- Native Simplified text")).find_map(|line| {
        let (before, _) = line.split_once(" % of OpenCC's errors")?;
        before.rsplit(' ').next()
    });
    let share = share.ok_or_else(|| format!("{PAGE} has no share of OpenCC's errors on native text"))?;
    Ok(vec![format!("{share} %")])
}

/// The chart of a page of accuracy: wrong characters on its first level, which is the lenient one.
fn accuracy(page: &str) -> Result<Chart> {
    let date = page.split_once("Measured on ").and_then(|(_, rest)| rest.split_once(',')).map(|(date, _)| date);
    let date = date.ok_or_else(|| format!("{} has no date", ACCURACY.0))?;
    let level = page.split("\n## ").find(|level| level.starts_with("Lenient"));
    let level = level.and_then(|level| level.split_once("\nTogether")).map(|(rows, _)| rows);
    let rows = level.ok_or_else(|| format!("{} has no lenient figures", ACCURACY.0))?;
    let mut sums: BTreeMap<(&str, bool), Vec<(String, usize)>> = BTreeMap::new();
    // How many characters with several candidates the texts have.
    let mut ambiguous: BTreeMap<(&str, bool), usize> = BTreeMap::new();
    let mut off_scale = 0;
    for row in rows.lines().filter(|line| line.starts_with("| ")) {
        let cells: Vec<_> = row.trim_matches('|').split('|').map(str::trim).collect();
        // Neither the header nor a text apart has a direction at its end.
        let (Some((text, direction)), Some(Ok(errors))) =
            (cells[0].rsplit_once('.'), cells.get(2).map(|cell| cell.parse::<usize>()))
        else {
            continue;
        };
        let Some((converter, is_given)) = cells.get(1).map(|name| (*name, name.ends_with("--from"))) else { continue };
        if is_given || direction.ends_with("(apart)") {
            continue;
        }
        let is_cantonese = CANTONESE.contains(&text);
        if converter.starts_with(OFF_SCALE) {
            off_scale += if (direction, is_cantonese) == ("s2t", false) { errors } else { 0 };
            continue;
        }
        if converter == "fanjian" {
            let count = cells.get(4).and_then(|cell| cell.split(' ').next_back()?.parse::<usize>().ok());
            *ambiguous.entry((direction, is_cantonese)).or_default() +=
                count.ok_or("a row has no ambiguous characters")?;
        }
        let converters = sums.entry((direction, is_cantonese)).or_default();
        match converters.iter_mut().find(|(name, _)| name == converter) {
            Some((_, sum)) => *sum += errors,
            None => converters.push((converter.to_owned(), errors)),
        }
    }
    let panels = PANELS.iter().map(|&(title, direction, is_cantonese)| {
        let mut converters =
            sums.remove(&(direction, is_cantonese)).ok_or_else(|| format!("no figures for {title}"))?;
        converters.sort_by_key(|(name, _)| name != "fanjian");
        let bars = converters.into_iter().map(|(name, errors)| bar(&name, errors as f64, grouped(errors as f64)));
        let count = ambiguous.get(&(direction, is_cantonese)).copied().unwrap_or_default() as f64;
        Ok(Panel { title: format!("{title}: {} ambiguous characters", grouped(count)), bars: bars.collect() })
    });
    Ok(Chart {
        description: format!("Wrong characters of each converter on unseen text, {date}"),
        title: "Wrong characters on unseen text: fewer is better".to_owned(),
        notes: vec![
            format!("{date}; whole sources that neither the model nor any dictionary entry was made from; fanjian is --to alone"),
            "Variant glyphs, and spellings that are both in use, count as equal. The regional words that zhconv puts in \
             for zh-TW and zh-HK"
                .to_owned(),
            format!(
                "count as wrong. Not shown: {OFF_SCALE}, which maps characters one by one ({} wrong in the first panel)",
                grouped(off_scale as f64)
            ),
        ],
        columns: 2,
        label_width: 226,
        bar_width: 174,
        number_width: 70,
        panels: panels.collect::<Result<_>>()?,
    })
}

/// What `crates/python/benches/compare.py` writes for its chart.
#[derive(Deserialize)]
struct PythonRecord {
    date: String,
    config: String,
    processor: String,
    rounds: u32,
    /// What was converted, with strings per CPU second for each package.
    panels: Vec<PythonPanel>,
}

#[derive(Deserialize)]
struct PythonPanel {
    title: String,
    rates: Vec<(String, f64)>,
}

fn python(record: &PythonRecord) -> Result<Chart> {
    let (config, processor, date, rounds) = (&record.config, &record.processor, &record.date, record.rounds);
    let panel = |panel: &PythonPanel| Panel {
        title: panel.title.clone(),
        bars: panel.rates.iter().map(|(name, rate)| bar(name, *rate, grouped(*rate))).collect(),
    };
    Ok(Chart {
        description: format!("Strings converted in a CPU second from Python, {date}"),
        title: "Strings converted in a CPU second, from Python".to_owned(),
        notes: vec![format!("{config}, {processor}, one thread, {date}, median of {rounds} rounds")],
        columns: 1,
        label_width: 210,
        bar_width: 420,
        number_width: 130,
        panels: record.panels.iter().map(panel).collect(),
    })
}

/// The records of the Python package's speed.
fn python_records() -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for file in fs::read_dir(root().join("benches/record"))? {
        let path = file?.path();
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        if name.starts_with("python-") && name.ends_with(".json") {
            found.push(path);
        }
    }
    found.sort();
    Ok(found)
}

fn bar(name: &str, value: f64, text: String) -> Bar {
    let role = if name == "fanjian" { Role::Own } else { Role::Peer };
    Bar { label: name.to_owned(), role, value: Some(value), text }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wrong_characters_are_summed_without_texts_apart_and_without_those_that_are_given_the_script() {
        let row =
            |text: &str, converter, errors| format!("| {text} | {converter} | {errors} | 0.1 | 1 of 2 | 9 | 9 |\n");
        let mut page = "Measured on 2026-01-01, in one run\n## Lenient: x\n\n".to_owned();
        for (text, direction) in [("a", "s2t"), ("b", "s2t"), ("a", "s2tw"), ("a", "s2hk"), ("hkcancor", "s2hk")] {
            for (converter, errors) in [("OpenCC 1", 5), ("fanjian", 3), ("fanjian --from", 2)] {
                page += &row(&format!("{text}.{direction}"), converter, errors);
            }
        }
        page += &row("c.s2t (apart)", "fanjian", 100);
        page += &row("a.s2t", "hanziconv 0", 1000);
        page += "\nTogether\n";
        page += &row("a.s2t", "fanjian", 100);
        let chart = accuracy(&page).unwrap();
        let bars = |panel: usize| {
            let bars = &chart.panels[panel].bars;
            bars.iter().map(|bar| format!("{} {}", bar.label, bar.text)).collect::<Vec<_>>()
        };
        assert_eq!(bars(0), ["fanjian 6", "OpenCC 1 10"]);
        assert_eq!(bars(3), ["fanjian 3", "OpenCC 1 5"]);
        assert!(chart.notes[2].ends_with("(1,000 wrong in the first panel)"));
        assert_eq!(chart.panels[0].title, "Mandarin to zh-Hant: 4 ambiguous characters");
        assert!(accuracy("Measured on 2026-01-01, x\n## Lenient: x\n\nTogether").is_err());
    }

    #[test]
    fn the_record_of_the_python_package_has_a_panel_for_each_measurement() {
        let record = r#"{"date": "2026-01-01", "config": "s2t", "processor": "P", "rounds": 7, "figures": {},
            "panels": [{"title": "list", "rates": [["fanjian", 2284870.1], ["opencc", 45.67]]}]}"#;
        let chart = python(&serde_json::from_str(record).unwrap()).unwrap();
        assert_eq!(chart.notes, ["s2t, P, one thread, 2026-01-01, median of 7 rounds"]);
        let bars = &chart.panels[0].bars;
        assert_eq!(bars.iter().map(|bar| bar.text.as_str()).collect::<Vec<_>>(), ["2,284,870", "45.7"]);
        assert_eq!(bars[0].role, Role::Own);
    }
}
