//! The charts of the repository, drawn from committed records: how many characters each converter gets wrong, how sure a
//! decision is, how well scripts are detected, and how fast the Python package is.

use std::{collections::BTreeMap, fs, path::PathBuf};

use import::{Result, root};
use measure::{
    chart::{Bar, Chart, Panel, Role},
    grouped,
};
use serde::Deserialize;

use crate::{generated, review::calibration::Calibration};

/// The record of accuracy, a page that `cargo xtask accuracy` writes, and its chart.
const ACCURACY: (&str, &str) = ("docs/accuracy-unseen.md", "docs/accuracy-unseen.svg");
/// The figures of detection, a page that `cargo xtask detection` writes, their chart, and the page that has the summary.
const DETECTION: (&str, &str, &str) = ("docs/detection-tables.md", "docs/detection.svg", "docs/detection.md");
/// How often decisions of the model are wrong, which `cargo train calibration` writes, and its chart.
const CALIBRATION: (&str, &str) = ("models/calibration.toml", "docs/calibration.svg");
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
    let record = toml::from_str(&fs::read_to_string(root().join(CALIBRATION.0))?)?;
    generated::whole(CALIBRATION.1, &calibration(&record).draw(), check)?;
    detection_pages(check)?;
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

/// Draws the chart of detection, and writes its summary, by the page with the figures.
pub(crate) fn detection_pages(check: bool) -> Result<()> {
    let figures = DetectionFigures::read(&fs::read_to_string(root().join(DETECTION.0))?)?;
    generated::whole(DETECTION.1, &figures.chart().draw(), check)?;
    generated::between_marks(DETECTION.2, "detection", &figures.summary()?, check)
}

/// What the page with the figures of detection has for its readers.
struct DetectionFigures {
    date: String,
    /// How many lines there are.
    lines: usize,
    /// For each package: its name, and the percentages of lines that are right, undecided and wrong.
    scripts: Vec<(String, [f64; 3])>,
    /// For each region, of lines and of documents: right, no region, and wrong, by the name of the text.
    regions: Vec<(String, String, [f64; 3])>,
    /// By the confidence in the script, and in the region: lines, and the percentage that is right.
    script_confidence: Vec<(String, usize, f64)>,
    region_confidence: Vec<(String, usize, f64)>,
    /// Of natural Traditional documents, the percentage that is taken for machine-converted, by the name of the text.
    natural: Vec<(String, f64)>,
}

impl DetectionFigures {
    fn read(page: &str) -> Result<DetectionFigures> {
        let lacks = |what: &str| format!("{} has no {what}", DETECTION.0);
        let date = page.split_once("Measured on ").and_then(|(_, rest)| rest.split_once(" by "));
        let (date, _) = date.ok_or_else(|| lacks("date"))?;
        let lines = page.lines().filter_map(|line| line.strip_prefix("- ")?.split_once(": ")?.1.split_once(" lines"));
        let lines = lines.filter_map(|(lines, _)| lines.parse::<usize>().ok()).sum();
        let section = |heading: &str| {
            let rest = page.split_once(&format!("## {heading}\n")).ok_or_else(|| lacks(heading))?.1;
            Ok::<_, String>(rest.split("\n## ").next().unwrap_or_default())
        };
        let scripts = section("Scripts")?;
        let [names, all] = ["| text |", "| all |"].map(|start| scripts.lines().find(|line| line.starts_with(start)));
        let (names, all) = names.zip(all).ok_or_else(|| lacks("sum of scripts"))?;
        let shares = cells(all).into_iter().map(|cell| numbers::<3>(cell.split('/')));
        let scripts = cells(names).into_iter().map(str::to_owned).zip(shares).skip(2);
        let scripts = scripts.map(|(name, shares)| Some((name, shares?))).collect::<Option<Vec<_>>>();
        let regions = cells_of(section("Regions")?).filter_map(|row| {
            Some((row.first()?.to_string(), row.get(1)?.to_string(), numbers(row.iter().skip(2).copied())?))
        });
        let confidence = section("Confidence")?;
        let (of_scripts, of_regions) = confidence.split_once("| region |").ok_or_else(|| lacks("regions"))?;
        let buckets = |table: &str| -> Vec<(String, usize, f64)> {
            let bucket =
                |row: Vec<&str>| Some((row.first()?.to_string(), row.get(1)?.parse().ok()?, row.get(2)?.parse().ok()?));
            cells_of(table).filter_map(bucket).collect()
        };
        let natural = cells_of(section("Machine-converted text")?).filter(|row| {
            row.first().is_some_and(|name| name.starts_with("Taiwan, ") || name.starts_with("Hong Kong, "))
        });
        let natural = natural.filter_map(|row| Some((row[0].to_owned(), row.get(2)?.parse().ok()?)));
        Ok(DetectionFigures {
            date: date.to_owned(),
            lines,
            scripts: scripts.ok_or_else(|| lacks("shares of scripts"))?,
            regions: regions.collect(),
            script_confidence: buckets(of_scripts),
            region_confidence: buckets(of_regions),
            natural: natural.collect(),
        })
    }

    /// The lines of the page that a reader sees first.
    fn summary(&self) -> Result<String> {
        let (name, ours) = self.scripts.first().ok_or("no package")?;
        let others = self.scripts.iter().skip(1).map(|(name, shares)| format!("{name} {:.1} %", shares[2]));
        let worst = |kind: &str| {
            let wrong = self.regions.iter().filter(|(_, of, _)| of == kind).map(|(_, _, shares)| shares[2]);
            wrong.fold(0.0, f64::max)
        };
        let [of_scripts, of_regions] = [&self.script_confidence, &self.region_confidence].map(|buckets| {
            let sure = buckets.iter().skip(2);
            let (right, all) =
                sure.fold((0.0, 0), |(right, all), (_, lines, share)| (right + *lines as f64 * share, all + lines));
            (all, 100.0 - right / all.max(1) as f64)
        });
        let natural: Vec<f64> = self.natural.iter().map(|(_, share)| *share).collect();
        Ok(format!(
            "\n![Wrong and undecided lines of each package, and wrong lines by confidence](detection.svg)\n\n\
             - **Script**: of lines of catalogues, reviews and speech, {name} is right on {:.1} %, leaves {:.1} % undecided, and is \
             wrong on {:.1} %. Wrong are: {}.\n\
             - **Region**: most lines have no form of a region. A wrong region is reported for at most {:.1} % of the lines of a \
             text, and {:.1} % of its documents of twenty lines.\n\
             - **Confidence**: of {} lines with a confidence of 0.97 or more in the script, {:.2} % are wrong; of {} with 0.85 or \
             more in the region, {:.2} %.\n\
             - **Machine conversion**: of natural Traditional documents of twenty lines, {:.1} % to {:.1} % are taken for machine-converted, by text.\n\
             - Measured on {} on {} lines of packages that anybody can install. All figures: [detection-tables.md](detection-tables.md).\n\n",
            ours[0],
            ours[1],
            ours[2],
            others.collect::<Vec<_>>().join(", "),
            worst("lines"),
            worst("documents"),
            grouped(of_scripts.0 as f64),
            of_scripts.1,
            grouped(of_regions.0 as f64),
            of_regions.1,
            natural.iter().copied().fold(f64::MAX, f64::min),
            natural.iter().copied().fold(0.0, f64::max),
            self.date,
            grouped(self.lines as f64),
        ))
    }

    fn chart(&self) -> Chart {
        let of_packages = |title: &str, which: usize| Panel {
            title: title.to_owned(),
            bars: self
                .scripts
                .iter()
                .map(|(name, shares)| bar(name, shares[which], format!("{:.1} %", shares[which])))
                .collect(),
        };
        let of_confidence = |title: &str, buckets: &[(String, usize, f64)]| Panel {
            title: title.to_owned(),
            bars: buckets
                .iter()
                .map(|(range, lines, right)| Bar {
                    label: range.clone(),
                    role: Role::Own,
                    value: Some(100.0 - right),
                    text: format!("{:.2} % of {}", 100.0 - right, grouped(*lines as f64)),
                })
                .collect(),
        };
        Chart {
            description: format!(
                "Wrong and undecided lines of each package, and wrong lines by confidence, {}",
                self.date
            ),
            title: "Detection of scripts and regions: fewer is better".to_owned(),
            notes: vec![format!(
                "{}; {} lines of catalogues, reviews and speech, most of them short",
                self.date,
                grouped(self.lines as f64)
            )],
            columns: 2,
            label_width: 150,
            bar_width: 180,
            number_width: 130,
            panels: vec![
                of_packages("Lines whose script is wrong", 2),
                of_packages("Lines without an answer", 1),
                of_confidence("Wrong script, by confidence", &self.script_confidence),
                of_confidence("Wrong region, by confidence", &self.region_confidence),
            ],
        }
    }
}

/// The cells of a row of a table.
fn cells(row: &str) -> Vec<&str> {
    row.trim().trim_matches('|').split('|').map(str::trim).collect()
}

/// The cells of each row of the tables in a text.
fn cells_of(text: &str) -> impl Iterator<Item = Vec<&str>> {
    text.lines().filter(|line| line.starts_with("| ")).map(cells)
}

/// This many numbers. None if there are fewer, or if one is no number.
fn numbers<'t, const N: usize>(cells: impl Iterator<Item = &'t str>) -> Option<[f64; N]> {
    cells.take(N).map(|cell| cell.trim().parse().ok()).collect::<Option<Vec<f64>>>()?.try_into().ok()
}

fn calibration(record: &Calibration) -> Chart {
    let buckets = &record.bucket;
    let bars = buckets.iter().enumerate().flat_map(|(at, bucket)| {
        let lead = match buckets.get(at + 1) {
            Some(next) => format!("lead {} to {}", bucket.from, next.from - 1),
            None => format!("lead {} and more", bucket.from),
        };
        let measured = Bar {
            label: lead,
            role: Role::Own,
            value: Some(bucket.share),
            text: format!("{:.2} %: {} of {}", 100.0 * bucket.share, grouped(bucket.wrong), grouped(bucket.places)),
        };
        let expected = Bar {
            label: "expected".to_owned(),
            role: Role::Bound,
            value: Some(bucket.probability),
            text: format!("{:.2} %", 100.0 * bucket.probability),
        };
        [measured, expected]
    });
    Chart {
        description: "How often a decision of the model is wrong, by its lead: measured and expected".to_owned(),
        title: "How often a decision is wrong, by its lead".to_owned(),
        notes: vec![
            "The lead is by how much the chosen candidate scores higher than the next one. Measured on native"
                .to_owned(),
            "Simplified text, each genre by a model that has not learned its labels; expected is what the command says"
                .to_owned(),
        ],
        columns: 1,
        label_width: 170,
        bar_width: 380,
        number_width: 180,
        panels: vec![Panel { title: "Decisions that are wrong".to_owned(), bars: bars.collect() }],
    }
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
    fn the_figures_of_detection_are_read_from_their_page() {
        let page = "Measured on 2026-01-01 by `x`. Lines:\n\n- Taiwan, a: 700 lines, 9 Chinese\n- Japanese, b: 300 lines, 9\n\
             \n## Scripts\n\n| text | lines | fanjian | other 1 |\n|---|---|---|---|\n| Taiwan, a | 1 short | 9.0 / 1.0 / 0.0 | 1.0 / 1.0 / 8.0 |\n\
             | all | | 90.5 / 7.6 / 1.9 | 70.0 / 0.0 / 30.0 |\n\
             \n## Regions\n\n| text | | right | no region | wrong |\n|---|---|---|---|---|\n| Taiwan, a | lines | 10.00 | 88.00 | 2.00 |\n\
             | Taiwan, a | documents | 60.00 | 39.00 | 1.00 |\n\
             \n## Confidence\n\n| script | lines | right |\n|---|---|---|\n| 0 to 0.9 | 10 | 75.00 |\n| 0.9 to 0.97 | 10 | 90.00 |\n| 0.97 to 1 | 200 | 99.50 |\n\
             \n| region | lines | right |\n|---|---|---|\n| 0 to 0.75 | 10 | 60.00 |\n| 0.75 to 0.85 | 10 | 60.00 |\n| 0.85 to 1 | 100 | 98.00 |\n\
             \n## Machine-converted text\n\n| text | lines | documents | words |\n|---|---|---|---|\n| Taiwan, a | 0.300 | 5.56 | 276 |\n\
             | a, by s2t | 3.000 | 50.00 | 9 |\n";
        let figures = DetectionFigures::read(page).unwrap();
        let summary = figures.summary().unwrap();
        for part in [
            "right on 90.5 %, leaves 7.6 % undecided, and is wrong on 1.9 %. Wrong are: other 1 30.0 %.",
            "at most 2.0 % of the lines of a text, and 1.0 % of its documents",
            "of 200 lines with a confidence of 0.97 or more in the script, 0.50 % are wrong; of 100 with 0.85 or more in the region, 2.00 %",
            "5.6 % to 5.6 % are taken",
            "on 1,000 lines",
        ] {
            assert!(summary.contains(part), "{part}: {summary}");
        }
        let chart = figures.chart();
        let bars = |panel: usize| chart.panels[panel].bars.iter().map(|bar| bar.text.clone()).collect::<Vec<_>>();
        assert_eq!(
            (bars(0), bars(1)),
            (vec!["1.9 %".to_owned(), "30.0 %".into()], vec!["7.6 %".to_owned(), "0.0 %".into()])
        );
        assert_eq!(bars(2), ["25.00 % of 10", "10.00 % of 10", "0.50 % of 200"]);
        assert!(DetectionFigures::read("Measured on 2026-01-01 by `x`").is_err());
    }

    #[test]
    fn what_is_expected_of_a_lead_is_below_what_was_measured() {
        let record = "[[bucket]]\nfrom = 0\nplaces = 4170\nwrong = 252\nshare = 0.06043\nprobability = 0.06\n\
                      [[bucket]]\nfrom = 5\nplaces = 10\nwrong = 0\nshare = 0\nprobability = 0.01\n";
        let chart = calibration(&toml::from_str(record).unwrap());
        let bars: Vec<_> = chart.panels[0].bars.iter().map(|bar| format!("{}: {}", bar.label, bar.text)).collect();
        let expected = [
            "lead 0 to 4: 6.04 %: 252 of 4,170",
            "expected: 6.00 %",
            "lead 5 and more: 0.00 %: 0 of 10",
            "expected: 1.00 %",
        ];
        assert_eq!(bars, expected);
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
