//! Trials of the command: folders to work on, and what may be in them at any time.

use std::{
    collections::{BTreeMap, BTreeSet},
    env,
    ffi::OsStr,
    fs,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use import::{Result, root};

use crate::metadata::program;

/// The list of finished inputs, which grows by lines.
const FINISHED: &str = ".fanjian-finished.jsonl";
/// The errors file of records, which grows by lines.
pub(crate) const ERRORS: &str = "errors.jsonl";

/// A command line that is tried, and what it works on.
#[derive(Clone, Copy)]
pub(crate) struct Job {
    pub(crate) name: &'static str,
    pub(crate) arguments: &'static [&'static str],
    pub(crate) kind: Kind,
}

/// What the files of a job are.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Text,
    Jsonl,
    Parquet,
}

pub(crate) const IN_PLACE: Job =
    Job { name: "in place", arguments: &["-c", "s2t", "--in-place", "in"], kind: Kind::Text };
pub(crate) const MIRROR: Job =
    Job { name: "output folder", arguments: &["-c", "s2t", "-O", "out", "in"], kind: Kind::Text };
pub(crate) const BACKUP: Job = Job {
    name: "in place, backup",
    arguments: &["-c", "s2t", "--in-place", "--backup", ".bak", "in"],
    kind: Kind::Text,
};
pub(crate) const RENAME: Job =
    Job { name: "in place, rename", arguments: &["-c", "s2t", "--in-place", "--rename", "in"], kind: Kind::Text };
pub(crate) const RECORDS: Job = Job {
    name: "records, in place, errors",
    arguments: &["-c", "s2t", "--jsonl", "--field", "t", "--errors", ERRORS, "--in-place", "in"],
    kind: Kind::Jsonl,
};
pub(crate) const RESUMED: Job = Job {
    name: "records, output folder",
    arguments: &["-c", "s2t", "--jsonl", "--field", "t", "--errors", ERRORS, "-O", "out", "in"],
    kind: Kind::Jsonl,
};

pub(crate) const PARQUET: Job = Job {
    name: "Parquet, in place",
    arguments: &["-c", "s2t", "--parquet", "--column", "text", "--in-place", "in"],
    kind: Kind::Parquet,
};
pub(crate) const PARQUET_RESUMED: Job = Job {
    name: "Parquet, output folder",
    arguments: &["-c", "s2t", "--parquet", "--column", "text", "-O", "out", "in"],
    kind: Kind::Parquet,
};

/// All files of a folder, by their paths in it.
pub(crate) type Files = BTreeMap<PathBuf, Vec<u8>>;

/// A file of each number: its contents are found by nothing else, but for those of Parquet, which are all the same.
pub(crate) fn inputs(kind: Kind, files: usize, lines: usize) -> Result<Files> {
    // The first byte is for the fuzz target.
    let seed = fs::read(root().join("fuzz/corpus/parquet/zstd.parquet"))?;
    let parquet = seed.get(1..).ok_or("fuzz/corpus/parquet/zstd.parquet is empty")?;
    let file = |number: usize| match kind {
        Kind::Text => {
            let text = format!("{number}\n{}", "头发干了里面\n".repeat(lines));
            (format!("in/发{}/头{number}.txt", number % 3), text.into_bytes())
        }
        Kind::Jsonl => {
            let record = |line: usize| match line % 50 {
                49 => format!("{{\"n\":\"{number} {line}\", broken\n"),
                _ => format!("{{\"n\":\"{number} {line}\",\"t\":\"头发干了\"}}\n"),
            };
            let records: String = (0..lines).map(record).collect();
            (format!("in/{}/{number}.jsonl", number % 3), records.into_bytes())
        }
        Kind::Parquet => (format!("in/{}/{number}.parquet", number % 3), parquet.to_vec()),
    };
    Ok((0..files).map(file).map(|(path, contents)| (path.into(), contents)).collect())
}

/// Makes a folder that has these files, and no others.
pub(crate) fn lay_out(folder: &Path, files: &Files) -> Result<()> {
    if folder.exists() {
        fs::remove_dir_all(folder)?;
    }
    for (path, contents) in files {
        let path = folder.join(path);
        fs::create_dir_all(path.parent().unwrap_or(folder))?;
        fs::write(path, contents)?;
    }
    Ok(())
}

/// All files of a folder.
pub(crate) fn read(folder: &Path) -> Result<Files> {
    fn collect(root: &Path, folder: &Path, files: &mut Files) -> Result<()> {
        for entry in fs::read_dir(folder)? {
            let path = entry?.path();
            if path.is_dir() {
                collect(root, &path, files)?;
            } else {
                files.insert(path.strip_prefix(root)?.to_owned(), fs::read(&path)?);
            }
        }
        Ok(())
    }
    let mut files = Files::new();
    collect(folder, folder, &mut files)?;
    Ok(files)
}

/// Whether a file is a temporary one of the command.
pub(crate) fn is_temporary(path: &Path) -> bool {
    let name = path.file_name().and_then(OsStr::to_str).unwrap_or_default();
    name.starts_with(".fanjian-tmp-")
}

/// Whether a file grows by lines, and is complete at no time before the end.
fn grows(path: &Path) -> bool {
    path.ends_with(FINISHED) || path.ends_with(ERRORS)
}

/// What was found in a folder after a run that was disturbed.
#[derive(Default)]
pub(crate) struct Findings {
    pub(crate) temporary: usize,
    /// Files that are neither as before the run nor as after it.
    pub(crate) half: Vec<PathBuf>,
    /// Inputs that are there neither as before the run nor as after it.
    pub(crate) lost: Vec<PathBuf>,
}

/// Compares a folder with the same before and after a run that was not disturbed.
pub(crate) fn compare(now: &Files, before: &Files, after: &Files) -> Findings {
    let whole: BTreeSet<_> = before.values().chain(after.values()).collect();
    let mut findings = Findings::default();
    for (path, contents) in now.iter().filter(|(path, _)| !grows(path)) {
        let is_other = before.get(path).is_some_and(|old| number(old) != number(contents));
        if is_temporary(path) {
            findings.temporary += 1;
        } else if !whole.contains(contents) || is_other {
            findings.half.push(path.clone());
        }
    }
    let present: BTreeSet<_> =
        now.iter().filter(|(path, _)| !is_temporary(path)).map(|(_, contents)| number(contents)).collect();
    let is_lost = |(_, contents): &(&PathBuf, &Vec<u8>)| !present.contains(&number(contents));
    findings.lost.extend(before.iter().filter(is_lost).map(|(path, _)| path.clone()));
    findings
}

/// What no two inputs have in common, and conversion leaves: the digits at the beginning.
fn number(contents: &[u8]) -> &[u8] {
    let begin = contents.iter().position(u8::is_ascii_digit).unwrap_or(contents.len());
    let len = contents[begin..].iter().take_while(|byte| byte.is_ascii_digit()).count();
    &contents[begin..begin + len]
}

/// Where a folder after a restart differs from one after a run that was not disturbed.
pub(crate) fn differences(now: &Files, after: &Files) -> Vec<PathBuf> {
    let lines = |files: &Files| -> BTreeSet<Vec<u8>> {
        files
            .get(Path::new(ERRORS))
            .map_or_else(BTreeSet::new, |all| all.split(|&byte| byte == b'\n').map(<[u8]>::to_vec).collect())
    };
    let is_compared = |path: &&PathBuf| !is_temporary(path) && !grows(path);
    let paths: BTreeSet<_> = now.keys().chain(after.keys()).filter(is_compared).collect();
    let mut different: Vec<_> = paths.into_iter().filter(|path| now.get(*path) != after.get(*path)).cloned().collect();
    if lines(now) != lines(after) {
        different.push(ERRORS.into());
    }
    different
}

/// A run of the command in a folder, whose messages are collected.
pub(crate) fn command(binary: &Path, folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(binary);
    command.args(arguments).current_dir(folder).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped());
    command
}

/// The command: the one given, or one that is built with all formats.
pub(crate) fn binary(given: Option<&Path>) -> Result<PathBuf> {
    if let Some(path) = given {
        return Ok(fs::canonicalize(path)?);
    }
    let build = ["build", "--quiet", "--release", "--package", "fanjian-cli", "--features", "parquet,zstd"];
    let mut cargo = Command::new(env!("CARGO"));
    if !cargo.args(build).current_dir(root()).status()?.success() {
        return Err("the command cannot be built (see above)".into());
    }
    Ok(program("release", "fanjian"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn files(files: &[(&str, &str)]) -> Files {
        files.iter().map(|(path, text)| (PathBuf::from(path), text.as_bytes().to_vec())).collect()
    }

    #[test]
    fn half_files_lost_ones_and_temporary_ones_are_found() {
        let before = files(&[("a", "1 old"), ("b", "2 old"), ("发", "3")]);
        let after = files(&[("a", "1 new"), ("b", "2 new"), ("發", "3")]);
        let found = |now: &[(&str, &str)]| {
            let Findings { temporary, half, lost } = compare(&files(now), &before, &after);
            (temporary, half.len(), lost.len())
        };
        assert_eq!(found(&[("a", "1 old"), ("b", "2 new"), ("發", "3"), ("errors.jsonl", "x")]), (0, 0, 0));
        assert_eq!(found(&[("a", "1 n"), ("b", "2 new"), ("发", "3"), (".fanjian-tmp-x", "1 n")]), (1, 1, 0));
        assert_eq!(found(&[("a", ""), ("发", "3"), (".fanjian-tmp-x", "2 new")]), (1, 1, 2));
    }

    #[test]
    fn a_restart_must_end_as_a_run_that_was_not_disturbed() {
        let after = files(&[("a", "new"), ("errors.jsonl", "x\ny\n")]);
        assert!(
            differences(&files(&[("a", "new"), ("errors.jsonl", "y\nx\n"), (".fanjian-tmp-x", "")]), &after).is_empty()
        );
        assert_eq!(differences(&files(&[("a", "old"), ("errors.jsonl", "x\n")]), &after).len(), 2);
        assert_eq!(differences(&files(&[("a", "new"), ("b", "")]), &after).len(), 2);
    }
}
