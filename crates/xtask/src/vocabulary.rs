//! Precision and recall of regional words, on the marked sentences of `tests/vocabulary/`.

use std::{
    fmt::Write,
    fs,
    path::{Path, PathBuf},
};

use clap::Args;
use fanjian::{Config, Converter, Vocabulary};
use import::Result;

use crate::{
    accuracy::peers::{self, Peer},
    oracle::Oracle,
};

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

    /// Counts the words of a sentence in what became of it; `kept` is the sentence in the target's characters, with its words.
    fn add(&mut self, sentence: &Sentence, kept: &str, output: &str, mut wrong: impl FnMut(&str, &[String])) {
        for mark in &sentence.marks {
            let kept: String = kept.chars().skip(mark.places.start).take(mark.places.len()).collect();
            let has = |word: &String| output.contains(word.as_str());
            let is_right = if mark.values.is_empty() { has(&kept) } else { mark.values.iter().any(has) };
            if mark.values.is_empty() {
                self.others += 1;
                self.kept += usize::from(is_right);
            } else {
                self.words += 1;
                self.right += usize::from(is_right);
                self.missed += usize::from(!is_right && has(&kept));
            }
            if !is_right {
                wrong(&kept, &mark.values);
            }
        }
    }
}

pub(crate) fn run(arguments: &Arguments) -> Result<()> {
    let folder = import::root().join("tests/vocabulary");
    let mut oracle = Oracle::start()?;
    let mut peers = peers::start()?;
    let head = "| from and to | sentences | converter | replaced | wrongly | recall % | precision % |\n|---|---|---|---|---|---|---|\n";
    let mut page = format!(
        "# Regional words\n\nWritten by `cargo xtask vocabulary`; do not edit. Measured on {}, with OpenCC {}. Of the other converters, \
         those that are not in a table do not have its direction.\n\n\
         Columns: *replaced*, words to replace that became a right one; *wrongly*, words that have to stay and were replaced; *recall*, \
         words replaced rightly, of those to replace; *precision*, words replaced rightly, of all that were replaced.\n",
        arguments.date,
        import::VERSION
    );
    for (title, folder) in [(SEEN, folder.clone()), (UNSEEN, folder.join("unseen"))] {
        page += &format!("\n{title}\n\n{head}");
        for name in CONFIGS {
            page += &table(name, &folder, &mut oracle, &mut peers, arguments.failures)?;
        }
    }
    print!("{page}");
    if let Some(path) = &arguments.page {
        fs::write(path, page)?;
    }
    Ok(())
}

const SEEN: &str = "## Sentences of the tests\n\nThose of [tests/vocabulary](../tests/vocabulary). They were written for this project \
                    together with its lists of words: the figures are not for unseen text, and the lists of others were not made for \
                    these sentences.";
const UNSEEN: &str = "## Sentences that no list was made for\n\nThose of [tests/vocabulary/unseen](../tests/vocabulary/unseen): everyday \
                      sentences that were written, with their right words, before any converter had seen them. No list was changed because \
                      of their results.";

/// The rows of a configuration.
fn table(name: &str, folder: &Path, oracle: &mut Oracle, peers: &mut [Peer], is_listed: bool) -> Result<String> {
    let config: Config = name.parse()?;
    let converter = |vocabulary| Converter::builder().target(target(name)).vocabulary(vocabulary).build();
    let (keep, local) = (converter(Vocabulary::Keep)?, converter(Vocabulary::Local)?);
    let sentences = Sentence::read(folder, name)?;
    let texts: Vec<String> = sentences.iter().map(|sentence| sentence.text.clone()).collect();
    // The target's characters, but its words stay: as many as in the text.
    let kept: Vec<_> = texts.iter().map(|text| keep.convert(text)).collect();
    let ours = texts.iter().map(|text| local.convert(text).into_owned()).collect();
    let opencc = texts.iter().map(|text| oracle.convert(config, false, text)).collect::<Result<Vec<String>>>()?;
    let mut systems = vec![("fanjian".to_owned(), ours), (format!("OpenCC {}", import::VERSION), opencc)];
    for peer in peers {
        if let Some(outputs) = peer.convert(name, &texts)? {
            systems.push((peer.name(), outputs));
        }
    }
    let mut rows = String::new();
    for (system, outputs) in systems {
        let mut counts = Counts::default();
        for ((sentence, kept), output) in sentences.iter().zip(&kept).zip(&outputs) {
            counts.add(sentence, kept, output, |word, values| {
                if is_listed {
                    println!("{name}\t{system}\t{word}\t{}\t{output}", values.join("|"));
                }
            });
        }
        writeln!(rows, "| {name} | {} | {system} | {} |", sentences.len(), counts.cells())?;
    }
    Ok(rows)
}
