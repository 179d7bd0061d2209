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

use crate::oracle::Oracle;

mod peers;
mod score;

use score::{Folds, Gold, Score};

#[derive(Args)]
pub(crate) struct Arguments {
    /// The folder of the texts: files NAME.DIRECTION.tsv with a header and the columns id, source, direction, input, expected
    folder: PathBuf,
    /// A table of characters to take for the same: level (glyph or lenient), representative, members. Without it, the strict
    /// figures alone are given
    #[arg(long)]
    variants: Option<PathBuf>,
    /// Files to leave out of the sums, by the beginnings of their names: those of a source that the model was trained on, or
    /// whose answers are not to be trusted
    #[arg(long)]
    apart: Vec<String>,
    /// What the texts are, for the page
    #[arg(long)]
    note: Option<String>,
    /// Write the page here
    #[arg(long)]
    page: Option<PathBuf>,
    /// When it was measured, for the page
    #[arg(long)]
    date: Option<String>,
}

/// What converts: its name, and what it makes of the lines of a direction, where it knows that.
type System<'s> = (String, Box<dyn FnMut(&str, &[String]) -> Result<Option<Vec<String>>> + 's>);

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
        ("fanjian".to_owned(), Box::new(|direction, lines| Ok(ours(direction, false, lines)))),
        ("fanjian --from".to_owned(), Box::new(|direction, lines| Ok(ours(direction, true, lines)))),
    ];
    for peer in peers::start()? {
        let mut peer = peer;
        systems.push((peer.name(), Box::new(move |direction, lines| peer.convert(direction, lines))));
    }
    let names: Vec<String> = systems.iter().map(|(name, _)| name.clone()).collect();
    let mut rows: BTreeMap<(&str, usize), Vec<(usize, Score)>> = BTreeMap::new();
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
        }
    }
    let page = page(arguments, &golds, &names, &folds, &rows)?;
    print!("{page}");
    if let Some(path) = &arguments.page {
        fs::write(path, page)?;
    }
    Ok(())
}

fn opencc(oracle: &mut Oracle, direction: &str, lines: &[String]) -> Result<Option<Vec<String>>> {
    let Ok(config) = direction.parse::<Config>() else { return Ok(None) };
    // A line break is in no key.
    let converted = oracle.convert(config, false, &lines.join("\n"))?.text;
    Ok(Some(converted.split('\n').map(str::to_owned).collect()))
}

/// Converts by the target of a direction, with the source script given or detected: each line as a text of its own.
fn ours(direction: &str, is_given: bool, lines: &[String]) -> Option<Vec<String>> {
    let (target, vocabulary) = match direction {
        "s2t" => (Target::Traditional, Vocabulary::Keep),
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

fn page(
    arguments: &Arguments,
    golds: &[Gold],
    names: &[String],
    folds: &Folds,
    rows: &BTreeMap<(&str, usize), Vec<(usize, Score)>>,
) -> Result<String> {
    let mut page =
        "# Accuracy\n\nWritten by `cargo xtask accuracy`; do not edit. The texts are not part of the repository: \
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
            let is_apart = arguments.apart.iter().any(|name| gold.name.starts_with(name.as_str()));
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
