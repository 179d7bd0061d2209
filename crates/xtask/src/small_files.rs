//! Time of many small files, next to `cp -r` of the same.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
    time::Instant,
};

use import::Result;
use measure::median;

use crate::trial;

#[derive(clap::Args)]
pub(crate) struct Arguments {
    #[arg(long, default_value_t = 3000)]
    files: usize,
    /// How often each is measured, in turn
    #[arg(long, default_value_t = 5)]
    rounds: usize,
    /// The command, rather than one that is built with all formats
    #[arg(long)]
    binary: Option<PathBuf>,
}

/// Measures wall time. Before each run, the disk has nothing left to write.
pub(crate) fn run(arguments: &Arguments) -> Result<()> {
    let binary = trial::binary(arguments.binary.as_deref())?;
    let folder = tempfile::tempdir_in(import::root().join("target"))?;
    let text = "头发干了里面的东西\n".repeat(715);
    let write = |name: &str| -> Result<()> {
        let path = folder.path().join(name);
        fs::create_dir(&path)?;
        (0..arguments.files).try_for_each(|file| fs::write(path.join(format!("{file}.txt")), &text))?;
        Ok(())
    };
    write("in")?;
    let fanjian = binary.to_str().ok_or("the path of the command is not UTF-8")?;
    let lines: [&[&str]; 5] = [
        &["cp", "-r", "in", "out"],
        &[fanjian, "-q", "-c", "s2t", "-O", "out", "-j", "1", "in"],
        &[fanjian, "-q", "-c", "s2t", "-O", "out", "in"],
        &[fanjian, "-q", "-c", "s2t", "--in-place", "out"],
        &[fanjian, "-q", "-c", "s2t", "--in-place", "--backup", ".bak", "out"],
    ];
    let mut times = [const { Vec::new() }; 5];
    for _ in 0..arguments.rounds {
        for (line, times) in lines.iter().zip(&mut times) {
            if line.contains(&"--in-place") {
                write("out")?;
            }
            times.push(seconds(folder.path(), line)?);
            fs::remove_dir_all(folder.path().join("out"))?;
        }
    }
    let copy = median(&times[0]);
    println!("| | seconds, median of {} | of `cp -r` |\n|---|---|---|", arguments.rounds);
    for (line, times) in lines.iter().zip(&times) {
        let name = line.join(" ").replace(fanjian, "fanjian");
        println!("| `{name}` | {:.2} | {:.1} |", median(times), median(times) / copy);
    }
    Ok(())
}

fn seconds(folder: &Path, line: &[&str]) -> Result<f64> {
    Command::new("sync").status()?;
    let begin = Instant::now();
    let status = Command::new(line[0]).args(&line[1..]).current_dir(folder).status()?;
    let seconds = begin.elapsed().as_secs_f64();
    if status.success() { Ok(seconds) } else { Err(format!("{} fails", line.join(" ")).into()) }
}
