//! Accuracy on texts with a known answer, of targets and of other converters, in one run.

use std::{
    collections::BTreeMap,
    fmt::Write,
    fs,
    path::{Path, PathBuf},
};

use clap::Args;
use fanjian::{Config, Converter, Target, Vocabulary};
use import::Result;

use crate::{charts, oracle::Oracle};

mod native;
mod page;
pub(crate) mod peers;
mod score;

use native::{Files, Native};
use page::{Measured, Second};
use score::{Folds, Gold, Score};

#[derive(Args)]
pub(crate) struct Arguments {
    /// The folder of the texts: files NAME.DIRECTION.tsv with a header and the columns id, source, direction, input, expected
    folder: PathBuf,
    /// A table of characters to take for the same: level (glyph or lenient), representative, members. Without it, the strict
    /// figures alone are given
    #[arg(long)]
    variants: Option<PathBuf>,
    /// Labelled places of native Simplified text: genre, occurrences, character, candidates, right ones, left, right
    #[arg(long, requires_all = ["decisions", "variants", "rows", "ambiguous"])]
    places: Option<PathBuf>,
    /// What `cargo train validate` decided about these places
    #[arg(long)]
    decisions: Option<PathBuf>,
    /// How many of the first rows of the places are of texts whose ambiguous characters were counted
    #[arg(long)]
    rows: Option<usize>,
    /// The number of these ambiguous characters
    #[arg(long)]
    ambiguous: Option<usize>,
    /// Files to leave out of the sums, by the beginnings of their names: those of a source that the model was trained on, or
    /// whose answers are not to be trusted
    #[arg(long)]
    apart: Vec<String>,
    /// What the texts are, for the pages
    #[arg(long)]
    note: Option<String>,
    /// Write the tables of all texts and converters here
    #[arg(long)]
    tables: Option<PathBuf>,
    /// Write the page here, and its chart beside it
    #[arg(long, requires_all = ["places", "tables", "date"])]
    page: Option<PathBuf>,
    /// When it was measured, for the pages
    #[arg(long)]
    date: Option<String>,
}

/// What converts: its name, and what it makes of the lines of a direction, where it knows that.
type System<'s> = (String, Box<dyn FnMut(&str, &[String]) -> Result<Option<Vec<String>>> + 's>);

/// The direction of native text: `s2t`, but for what converts to one region alone.
const NATIVE: &str = "native";
/// The name of a target with no other option.
const OWN: &str = "fanjian";

pub(crate) fn run(arguments: &Arguments) -> Result<()> {
    let folds = Folds::read(arguments.variants.as_deref())?;
    let golds = Gold::folder(&arguments.folder)?;
    if golds.is_empty() {
        return Err(format!("no files NAME.DIRECTION.tsv in {}", arguments.folder.display()).into());
    }
    let candidates = score::Candidates::read(&import::root().join("dictionaries"))?;
    let mut oracle = Oracle::start()?;
    let mut systems: Vec<System> = vec![
        (
            format!("OpenCC {}", import::VERSION),
            Box::new(move |direction, lines| opencc(&mut oracle, direction, lines)),
        ),
        (OWN.to_owned(), Box::new(|direction, lines| Ok(ours(direction, false, lines)))),
        (format!("{OWN} --from"), Box::new(|direction, lines| Ok(ours(direction, true, lines)))),
    ];
    for peer in peers::start()? {
        let mut peer = peer;
        systems.push((peer.name(), Box::new(move |direction, lines| peer.convert(direction, lines))));
    }
    let names: Vec<String> = systems.iter().map(|(name, _)| name.clone()).collect();
    let mut rows: BTreeMap<(&str, usize), Vec<(usize, Score)>> = BTreeMap::new();
    let mut second: BTreeMap<(String, usize), Second> = BTreeMap::new();
    for (index, gold) in golds.iter().enumerate() {
        for (system, (name, convert)) in systems.iter_mut().enumerate() {
            let Some(outputs) = convert(&gold.direction, &gold.inputs)? else { continue };
            if outputs.len() != gold.inputs.len() {
                return Err(format!("{name} gave {} lines for {}", outputs.len(), gold.inputs.len()).into());
            }
            for level in folds.levels() {
                let score = Score::of(gold, &outputs, &folds, level, &candidates);
                rows.entry((level, index)).or_default().push((system, score));
            }
            if arguments.page.is_some() {
                let again = convert(&gold.direction, &outputs)?.unwrap_or_default();
                second.entry((gold.direction.clone(), system)).or_default().add(&outputs, &again);
            }
        }
    }
    let tables = tables(arguments, &golds, &names, &folds, &rows)?;
    print!("{tables}");
    if let Some(path) = &arguments.tables {
        fs::write(path, tables)?;
    }
    let Arguments { places: Some(places), decisions: Some(decisions), variants: Some(variants), .. } = arguments else {
        return Ok(());
    };
    let counted = arguments.rows.zip(arguments.ambiguous).ok_or("--places needs --rows and --ambiguous")?;
    let native = Native::measure(&Files { places, decisions, variants, counted }, &mut systems, OWN)?;
    if let (Some(path), Some(tables), Some(date)) = (&arguments.page, &arguments.tables, &arguments.date) {
        let mut regions: BTreeMap<(String, bool, usize), Score> = BTreeMap::new();
        for (index, gold) in golds.iter().enumerate().filter(|(_, gold)| !is_apart(arguments, gold)) {
            let is_cantonese = charts::CANTONESE.contains(&gold.name.as_str());
            for (system, score) in &rows[&("lenient", index)] {
                regions.entry((gold.direction.clone(), is_cantonese, *system)).or_default().add(score);
            }
        }
        let worse = golds.iter().enumerate().filter_map(|(index, gold)| {
            let wrong = |name: &str| {
                let scores = &rows[&("lenient", index)];
                let score = scores.iter().find(|(system, _)| names[*system].starts_with(name))?;
                Some(score.1.ambiguous().1)
            };
            let (theirs, ours) = (wrong("OpenCC")?, wrong(OWN)?);
            (ours > theirs).then(|| (format!("{}.{}", gold.name, gold.direction), theirs, ours))
        });
        let worse = worse.collect();
        let measured =
            Measured { date, note: arguments.note.as_deref(), names: &names, native: &native, regions, worse, second };
        let name = |path: &Path| path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let chart = path.with_extension("svg");
        fs::write(path, measured.page(&name(&chart), &name(tables))?)?;
        fs::write(&chart, measured.chart()?.draw())?;
    }
    Ok(())
}

fn is_apart(arguments: &Arguments, gold: &Gold) -> bool {
    arguments.apart.iter().any(|name| gold.name.starts_with(name.as_str()))
}

fn opencc(oracle: &mut Oracle, direction: &str, lines: &[String]) -> Result<Option<Vec<String>>> {
    let direction = if direction == NATIVE { "s2t" } else { direction };
    let Ok(config) = direction.parse::<Config>() else { return Ok(None) };
    // A line break is in no key.
    let converted = oracle.convert(config, false, &lines.join("\n"))?;
    Ok(Some(converted.split('\n').map(str::to_owned).collect()))
}

/// Converts by the target of a direction, with the source script given or detected: each line as a text of its own.
fn ours(direction: &str, is_given: bool, lines: &[String]) -> Option<Vec<String>> {
    let (target, vocabulary) = match direction {
        "s2t" | NATIVE => (Target::Traditional, Vocabulary::Keep),
        "s2tw" => (Target::Taiwan, Vocabulary::Keep),
        "s2twp" => (Target::Taiwan, Vocabulary::Local),
        "s2hk" => (Target::HongKong, Vocabulary::Keep),
        "t2s" | "tw2s" | "hk2s" => (Target::Simplified, Vocabulary::Keep),
        _ => return None,
    };
    let from = if target == Target::Simplified { Target::Traditional } else { Target::Simplified };
    let builder = Converter::builder().target(target).vocabulary(vocabulary);
    let converter = if is_given { builder.source_script(from) } else { builder }.build().ok()?;
    Some(lines.iter().map(|line| converter.convert(line).into_owned()).collect())
}

fn tables(
    arguments: &Arguments,
    golds: &[Gold],
    names: &[String],
    folds: &Folds,
    rows: &BTreeMap<(&str, usize), Vec<(usize, Score)>>,
) -> Result<String> {
    let mut page =
        "# Errors by text and converter\n\nWritten by `cargo xtask accuracy`; do not edit. The texts are not part of the repository: \
                    any folder of files with the columns id, source, direction, input, expected will do.\n\n"
            .to_owned();
    if let Some(date) = &arguments.date {
        writeln!(page, "Measured on {date}, in one run, with {}. Accuracy depends on no machine.\n", names.join(", "))?;
    }
    if let Some(note) = &arguments.note {
        writeln!(page, "{note}\n")?;
    }
    page += "*fanjian* is a target with no other option; with *--from* it is given the script of the text, as the other \
             converters are.\n\n";
    page += "Columns: *errors*, wrong Chinese characters; *CER*, wrong characters in per cent; *ambiguous*, wrong characters \
             among those with several candidates, and the number of these; *macro*, mean accuracy of such characters that \
             occur at least five times, with equal weights; *lines*, lines without an error, in per cent.\n";
    for level in folds.levels() {
        writeln!(page, "\n## {}\n", score::meaning(level))?;
        page +=
            "| text | converter | errors | CER % | ambiguous | macro % | lines % |\n|---|---|---|---|---|---|---|\n";
        let mut sums: BTreeMap<(&str, usize), Score> = BTreeMap::new();
        for (index, gold) in golds.iter().enumerate() {
            let is_apart = is_apart(arguments, gold);
            for (system, score) in &rows[&(level, index)] {
                let note = if is_apart { " (apart)" } else { "" };
                writeln!(page, "| {}.{}{note} | {} | {} |", gold.name, gold.direction, names[*system], score.cells())?;
                if !is_apart {
                    sums.entry((gold.direction.as_str(), *system)).or_default().add(score);
                }
            }
        }
        writeln!(page, "\nTogether, without those marked as apart:\n")?;
        page += "| direction | converter | errors | CER % | ambiguous | macro % | lines % |\n|---|---|---|---|---|---|---|\n";
        for ((direction, system), score) in &sums {
            writeln!(page, "| {direction} | {} | {} |", names[*system], score.cells())?;
        }
    }
    Ok(page)
}

/// The lines of a file that are rows: without the header.
fn rows(path: &Path) -> Result<Vec<Vec<String>>> {
    let text = fs::read_to_string(path).map_err(|error| format!("cannot read {}: {error}", path.display()))?;
    Ok(text.lines().skip(1).map(|line| line.split('\t').map(str::to_owned).collect()).collect())
}
