//! Instructions of the conversions of `crates/instructions`, counted by callgrind, against a record: no clock decides whether
//! a change has made a conversion slower.

use std::{
    collections::BTreeMap,
    env::consts,
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use import::{Result, root};
use serde::{Deserialize, Serialize};

use crate::{machine, metadata::program, process};

/// The record, from the root.
const RECORD: &str = "benches/instructions.toml";
const HEADER: &str = "# Instructions for each byte of input, as `cargo xtask instructions --record` has counted them. Others are counted where\n\
     # the processor has other vectors: each kind has its own table.\n\n";
/// How many times the instructions of the record a conversion may take.
const LIMIT: f64 = 1.03;

#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// Write the counts into benches/instructions.toml, for machines like this one, instead of comparing them
    #[arg(long)]
    record: bool,
}

/// The counts of one kind of machine.
#[derive(Debug, Default, Deserialize, Serialize)]
struct Counts {
    /// The compiler that made the program.
    rustc: String,
    /// Instructions for each byte of input, by the conversion.
    conversions: BTreeMap<String, f64>,
}

pub(crate) fn run(arguments: &Arguments) -> Result<()> {
    if !arguments.record {
        return check();
    }
    let mut record = read()?;
    record.insert(kind(), count()?);
    fs::write(root().join(RECORD), format!("{HEADER}{}", toml::to_string(&record)?))?;
    println!("{RECORD} is written");
    Ok(())
}

/// Compares the counts of all conversions with the record.
pub(crate) fn check() -> Result<()> {
    let (kind, record) = (kind(), read()?);
    let recorded = record.get(&kind).ok_or_else(|| {
        format!("{RECORD} has no counts for {kind}: make them of the last commit, by cargo xtask instructions --record")
    })?;
    let faults = faults(&count()?, recorded);
    if faults.is_empty() { Ok(()) } else { Err(faults.join("\n").into()) }
}

/// The kind of machine: the architecture, and the vectors that conversions choose at run time.
fn kind() -> String {
    #[cfg(target_arch = "x86_64")]
    if std::arch::is_x86_feature_detected!("avx2") {
        return format!("{}-avx2", consts::ARCH);
    }
    consts::ARCH.to_owned()
}

fn read() -> Result<BTreeMap<String, Counts>> {
    let text = fs::read_to_string(root().join(RECORD)).map_err(|error| format!("cannot read {RECORD}: {error}"))?;
    Ok(toml::from_str(&text).map_err(|error| format!("{RECORD}: {error}"))?)
}

/// Counts all conversions, and prints the counts.
fn count() -> Result<Counts> {
    install_valgrind()?;
    let program = build()?;
    let names = process::text(&mut Command::new(&program))?;
    let folder = tempfile::tempdir()?;
    let mut counts = Counts { rustc: machine::rustc("rustc")?, conversions: BTreeMap::new() };
    for name in names.lines() {
        let count = instructions(&program, name, folder.path()).map_err(|error| format!("{name}: {error}"))?;
        println!("{count:8.3} instructions a byte: {name}");
        counts.conversions.insert(name.to_owned(), count);
    }
    Ok(counts)
}

/// Instructions a byte of one conversion, in thousandths.
fn instructions(program: &Path, name: &str, folder: &Path) -> Result<f64> {
    let file = folder.join("counts");
    let mut command = Command::new("valgrind");
    command.args(["--tool=callgrind", "--quiet", "--toggle-collect=instructions::measured"]);
    command.arg(format!("--callgrind-out-file={}", file.display())).arg(program).arg(name);
    let bytes: f64 = process::text(&mut command)?.trim().parse()?;
    let counted = fs::read_to_string(&file)?;
    let total =
        counted.lines().find_map(|line| line.strip_prefix("totals: ")).ok_or("callgrind has written no total")?;
    match total.trim().parse::<f64>()? {
        0.0 => Err("callgrind has not met the function `measured`, which has to have that name in the program".into()),
        total => Ok((1e3 * total / bytes).round() / 1e3),
    }
}

/// The conversions whose counts are above the limit, or are missing in one of both.
fn faults(counts: &Counts, record: &Counts) -> Vec<String> {
    let mut faults = Vec::new();
    for (name, &count) in &counts.conversions {
        match record.conversions.get(name) {
            Some(recorded) if count > recorded * LIMIT => faults.push(format!(
                "{name}: {count:.3} instructions a byte, {:+.1} % of the {recorded:.3} in {RECORD}",
                100.0 * (count / recorded - 1.0)
            )),
            Some(recorded) if count < recorded / LIMIT => {
                println!(
                    "{name}: less than the {recorded:.3} in {RECORD}: keep that, by cargo xtask instructions --record"
                );
            }
            Some(_) => {}
            None => faults.push(format!("{name}: not in {RECORD}")),
        }
    }
    let is_gone = |name: &&String| !counts.conversions.contains_key(*name);
    faults.extend(record.conversions.keys().filter(is_gone).map(|name| format!("{name}: in {RECORD} only")));
    if !faults.is_empty() {
        let (then, now) = (&record.rustc, &counts.rustc);
        let compilers =
            if then == now { String::new() } else { format!(" (the record is of {then}, this build of {now})") };
        faults.push(format!(
            "make it faster, or, where the cost is meant, run cargo xtask instructions --record, and state it in the commit{compilers}"
        ));
    }
    faults
}

/// Builds the program as the command is built for users, but with the names of its functions.
fn build() -> Result<PathBuf> {
    let mut command = Command::new(env!("CARGO"));
    command.args(["build", "--quiet", "--profile", "bench", "--package", "instructions"]).current_dir(root());
    process::run(&mut command)?;
    Ok(program("bench", "instructions"))
}

/// Installs valgrind by Debian's client where it lacks.
pub(crate) fn install_valgrind() -> Result<()> {
    let is_there = || Command::new("valgrind").arg("--version").output().is_ok_and(|output| output.status.success());
    if is_there() {
        return Ok(());
    }
    println!("apt-get install valgrind");
    let installed = Command::new("apt-get").args(["install", "--yes", "--quiet", "valgrind"]).output();
    if installed.is_ok_and(|output| output.status.success()) && is_there() {
        return Ok(());
    }
    Err("valgrind counts the instructions, and is not installed: apt-get install valgrind, as root, after apt-get update".into())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counts(conversions: &[(&str, f64)]) -> Counts {
        let conversions = conversions.iter().map(|&(name, count)| (name.to_owned(), count)).collect();
        Counts { rustc: "rustc 1.91.0".into(), conversions }
    }

    #[test]
    fn three_per_cent_more_are_a_fault_that_names_both_counts_and_the_way_out() {
        let record = counts(&[("s2t", 2.0), ("t2s", 1.0)]);
        assert!(faults(&counts(&[("s2t", 2.059), ("t2s", 0.5)]), &record).is_empty());
        let found = faults(&counts(&[("s2t", 2.08), ("t2s", 1.0)]), &record).join("\n");
        for part in ["s2t: 2.080", "2.000", "+4.0 %", "--record"] {
            assert!(found.contains(part), "{part}: {found}");
        }
        assert!(!found.contains("t2s"), "{found}");
    }

    #[test]
    fn a_conversion_that_is_missing_in_one_of_both_is_a_fault() {
        let found = faults(&counts(&[("new", 1.0)]), &counts(&[("old", 1.0)]));
        assert_eq!(
            (found.len(), &*found[0], &*found[1]),
            (3, "new: not in benches/instructions.toml", "old: in benches/instructions.toml only")
        );
    }
}
