//! Precision and recall of regional words, on the marked sentences of `tests/vocabulary/`.

use std::{fmt::Write, fs, path::PathBuf};

use clap::Args;
use fanjian::{Config, Converter, Vocabulary};
use import::Result;

use crate::oracle::Oracle;

#[path = "../../../tests/library/marked.rs"]
mod marked;

use marked::{CONFIGS, Sentence, target};

#[derive(Args)]
pub(crate) struct Arguments {
    /// Write the page here
    #[arg(long)]
    page: Option<PathBuf>,
    /// When it was measured, for the page
    #[arg(long, default_value = "")]
    date: String,
    /// Print what each converter gets wrong
    #[arg(long)]
    failures: bool,
}

/// What became of the marked words.
#[derive(Default)]
struct Counts {
    /// Words to replace: all; those with a right value; those that stayed.
    words: usize,
    right: usize,
    missed: usize,
    /// Words that have to stay, and those that did.
    others: usize,
    kept: usize,
}

impl Counts {
    fn cells(&self) -> String {
        let wrong = self.words - self.right - self.missed + self.others - self.kept;
        let percent = |part: usize, whole: usize| 100.0 * part as f64 / whole.max(1) as f64;
        format!(
            "{} of {} | {} of {} | {:.2} | {:.2}",
            self.right,
            self.words,
            self.others - self.kept,
            self.others,
            percent(self.right, self.words),
            percent(self.right, self.right + wrong)
        )
    }
}

pub(crate) fn run(arguments: &Arguments) -> Result<()> {
    let folder = import::root().join("tests/vocabulary");
    let mut oracle = Oracle::start()?;
    let mut page = format!(
        "# Regional words\n\nWritten by `cargo xtask vocabulary`; do not edit. Measured on {}, with OpenCC {}, on the sentences of \
         [tests/vocabulary](../tests/vocabulary). They were written for this project together with its lists of words: the figures \
         are not for unseen text, and OpenCC's lists were not made for these sentences.\n\n\
         Columns: *replaced*, words to replace that became a right one; *wrongly*, words that have to stay and were replaced; *recall*, \
         words replaced rightly, of those to replace; *precision*, words replaced rightly, of all that were replaced.\n\n\
         | from and to | sentences | converter | replaced | wrongly | recall % | precision % |\n|---|---|---|---|---|---|---|\n",
        arguments.date,
        import::VERSION
    );
    for name in CONFIGS {
        let config: Config = name.parse()?;
        let converter = |vocabulary| Converter::builder().target(target(name)).vocabulary(vocabulary).build();
        let (keep, local) = (converter(Vocabulary::Keep)?, converter(Vocabulary::Local)?);
        let (mut ours, mut opencc) = (Counts::default(), Counts::default());
        let sentences = Sentence::read(&folder, name)?;
        for sentence in &sentences {
            // The target's characters, but its words stay: as many as in the text.
            let kept = keep.convert(&sentence.text);
            let theirs = oracle.convert(config, false, &sentence.text)?.text;
            let converted =
                [("fanjian", local.convert(&sentence.text).into_owned(), &mut ours), ("OpenCC", theirs, &mut opencc)];
            for (system, output, counts) in converted {
                for mark in &sentence.marks {
                    let kept: String = kept.chars().skip(mark.places.start).take(mark.places.len()).collect();
                    let has = |word: &String| output.contains(word.as_str());
                    let is_right = if mark.values.is_empty() { has(&kept) } else { mark.values.iter().any(has) };
                    match mark.values.is_empty() {
                        true => {
                            counts.others += 1;
                            counts.kept += usize::from(is_right);
                        }
                        false => {
                            counts.words += 1;
                            counts.right += usize::from(is_right);
                            counts.missed += usize::from(!is_right && has(&kept));
                        }
                    }
                    if arguments.failures && !is_right {
                        println!("{name}\t{system}\t{kept}\t{}\t{output}", mark.values.join("|"));
                    }
                }
            }
        }
        for (system, counts) in [("fanjian", ours), ("OpenCC", opencc)] {
            writeln!(page, "| {name} | {} | {system} | {} |", sentences.len(), counts.cells())?;
        }
    }
    print!("{page}");
    if let Some(path) = &arguments.page {
        fs::write(path, page)?;
    }
    Ok(())
}
