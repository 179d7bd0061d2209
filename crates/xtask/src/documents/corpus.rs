//! Real documents: the laws, on all files of a folder that are documents.

use std::{
    collections::BTreeMap,
    fs, iter,
    panic::{AssertUnwindSafe, catch_unwind},
    path::{Path, PathBuf},
};

use fanjian::{Config, Converter, Target};
use fanjian_documents::{Format, Languages, Options, convert, groups};
use import::Result;

/// What became of the documents of a format.
#[derive(Default)]
struct Count {
    files: usize,
    bytes: usize,
    /// Groups of text that s2twp changed.
    changed: usize,
    moved: usize,
    /// Files that are not in their format or not in UTF-8, and encrypted or signed ones.
    refused: usize,
    failed: usize,
}

/// Checks all documents below a folder. Returns a table, and whether none failed.
pub(super) fn run(folder: &Path) -> Result<(String, bool)> {
    let mut files = Vec::new();
    find(folder, &mut files)?;
    files.sort();
    let laws = Laws::new();
    let mut counts: BTreeMap<&str, Count> = BTreeMap::new();
    for path in &files {
        let bytes = fs::read(path)?;
        let Some(format) = Format::of_content(&bytes[..bytes.len().min(1 << 16)], path) else { continue };
        let count = counts.entry(format.name()).or_default();
        count.files += 1;
        count.bytes += bytes.len();
        let outcome = catch_unwind(AssertUnwindSafe(|| laws.check(&bytes, format)));
        match outcome.unwrap_or_else(|_| Err(Fault::Failed("panics".to_owned()))) {
            Ok((changed, moved)) => {
                count.changed += changed;
                count.moved += moved;
            }
            Err(Fault::Refused(message)) => {
                count.refused += 1;
                eprintln!("refused {}: {message}", path.display());
            }
            Err(Fault::Failed(message)) => {
                count.failed += 1;
                eprintln!("FAILED {}: {message}", path.display());
            }
        }
    }
    let mut table =
        "| format | files | MB | texts changed by s2twp | moved | refused | failed |\n|---|---|---|---|---|---|---|\n"
            .to_owned();
    for (format, Count { files, bytes, changed, moved, refused, failed }) in &counts {
        let size = *bytes as f64 / 1e6;
        table += &format!("| {format} | {files} | {size:.1} | {changed} | {moved} | {refused} | {failed} |\n");
    }
    match counts.is_empty() {
        true => Err(format!("no document in {}", folder.display()).into()),
        false => Ok((table, counts.values().all(|count| count.failed == 0))),
    }
}

fn find(folder: &Path, files: &mut Vec<PathBuf>) -> Result<()> {
    let entries = fs::read_dir(folder).map_err(|error| format!("cannot read {}: {error}", folder.display()))?;
    for entry in entries {
        let entry = entry?;
        let kind = entry.file_type()?;
        if kind.is_dir() {
            find(&entry.path(), files)?;
        } else if kind.is_file() {
            files.push(entry.path());
        }
    }
    Ok(())
}

enum Fault {
    /// The document is an error.
    Refused(String),
    /// A law does not hold.
    Failed(String),
}

struct Laws {
    nothing: Options,
    by_config: Options,
    config: Converter,
    to_target: Options,
}

impl Laws {
    fn new() -> Laws {
        let config = Converter::new(Config::S2twp);
        Laws {
            nothing: Options::new(config.clone()).protect(|text| iter::once(0..text.len()).collect()),
            // Of both scripts: what has been converted is read again, under its new name.
            by_config: Options::new(config.clone()).languages(Languages::to_target(Target::Taiwan, None)),
            config,
            to_target: Options::new(Converter::for_target(Target::Taiwan))
                .languages(Languages::to_target(Target::Taiwan, None)),
        }
    }

    /// Checks the laws on a document. Returns how many texts s2twp changed and moved.
    fn check(&self, source: &[u8], format: Format) -> std::result::Result<(usize, usize), Fault> {
        let failed = |message: &str| Err(Fault::Failed(message.to_owned()));
        let refused = |error: fanjian::Error| Fault::Refused(error.to_string());
        let unchanged = convert(source, format, &self.nothing).map_err(refused)?;
        if *unchanged.bytes != *source {
            return failed("a conversion that changes nothing changes it");
        }
        let again = |error: fanjian::Error| Fault::Failed(format!("the result is an error: {error}"));
        let converted = convert(source, format, &self.by_config).map_err(again)?;
        let old = groups(source, format, &self.by_config).map_err(again)?;
        let new = groups(&converted.bytes, format, &self.by_config).map_err(again)?;
        if old.len() != new.len() {
            return failed("the result has another number of texts");
        }
        for (old, new) in old.iter().zip(&new) {
            if self.config.convert(&old.text) != new.text {
                return Err(Fault::Failed(format!("'{}' becomes '{}'", old.text, new.text)));
            }
        }
        let once = convert(source, format, &self.to_target).map_err(again)?;
        let twice = convert(&once.bytes, format, &self.to_target).map_err(again)?;
        if once.bytes != twice.bytes {
            return failed("a second conversion to zh-TW changes it");
        }
        Ok((converted.report.changed, converted.report.moved))
    }
}
