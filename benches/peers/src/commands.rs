//! Whole processes: the command `fanjian`, OpenCC's, and `cat`.

use std::{
    env,
    ffi::OsString,
    fs,
    path::PathBuf,
    process::{Command, Stdio},
    time::Instant,
};

use serde::{Deserialize, Serialize};
use wait4::Wait4;
use worker::Result;

use crate::{
    figures::{Kind, Record},
    processes::{build, opencc_folder},
    texts::Texts,
};

/// The configurations that commands are run with.
const CHOSEN: [&str; 2] = ["s2t", "s2twp"];
/// A small file is converted so many times in each round.
const TIMES: usize = 10;

/// What a process used.
#[derive(Serialize, Deserialize)]
struct Usage {
    wall: f64,
    cpu: f64,
    peak: u64,
}

/// Runs the command without its output and prints what it used.
///
/// A child starts with its parent's memory counted as its own peak, so a small process of its own has to do this.
pub(crate) fn launch(command: &[OsString]) -> Result<()> {
    let (program, arguments) = command.split_first().ok_or("no command")?;
    let start = Instant::now();
    let child = Command::new(program).args(arguments).stdin(Stdio::null()).stdout(Stdio::null()).spawn()?;
    let used = child.wait4()?;
    let wall = start.elapsed().as_secs_f64();
    if !used.status.success() {
        return Err(format!("{} failed (see above)", program.display()).into());
    }
    let cpu = (used.rusage.utime + used.rusage.stime).as_secs_f64();
    println!("{}", serde_json::to_string(&Usage { wall, cpu, peak: used.rusage.maxrss })?);
    Ok(())
}

/// A command with its arguments but for the file.
struct Entry {
    name: &'static str,
    scenario: String,
    command: Vec<OsString>,
}

pub(crate) fn measure(rounds: u32, configs: &[&str], texts: &Texts, record: &mut Record) -> Result<()> {
    let fanjian = build(&import::root().join("Cargo.toml"), &["--package", "fanjian-cli", "--bin", "fanjian"], &[])?;
    record.program = fs::metadata(&fanjian)?.len();
    let opencc = opencc_folder()?;
    let mut entries = Vec::new();
    for config in CHOSEN.into_iter().filter(|config| configs.contains(config)) {
        let path = opencc.join("share/opencc").join(config).with_extension("json");
        let command = vec![fanjian.clone().into(), "-c".into(), config.into(), "-i".into()];
        let threads = command.iter().take(3).cloned().chain(["-j".into(), "2".into(), "-i".into()]).collect();
        entries.push(Entry { name: "fanjian", scenario: config.to_owned(), command });
        entries.push(Entry { name: "fanjian -j 2", scenario: config.to_owned(), command: threads });
        let command = vec![opencc.join("bin/opencc").into(), "-c".into(), path.into(), "-i".into()];
        entries.push(Entry { name: "opencc", scenario: config.to_owned(), command });
    }
    entries.push(Entry { name: "cat", scenario: "no conversion".to_owned(), command: vec!["cat".into()] });

    eprintln!("commands: a small file");
    for _ in 0..rounds as usize * TIMES {
        for entry in &entries {
            let used = usage(entry, texts.path("small"))?;
            let scenario = format!("{}, 1 KB", entry.scenario);
            record.add(Kind::CommandMilliseconds, &scenario, entry.name, used.wall * 1e3);
            record.add(Kind::CommandPeakMebibytes, &scenario, entry.name, used.peak as f64 / 1024.0 / 1024.0);
        }
    }
    eprintln!("commands: a large file");
    let path = texts.path("large");
    let megabytes = fs::metadata(&path)?.len() as f64 / 1e6;
    for _ in 0..rounds {
        // OpenCC's would take minutes, and its speed is that of its library.
        for entry in entries.iter().filter(|entry| entry.name != "opencc") {
            let used = usage(entry, path.clone())?;
            let scenario = format!("{}, {megabytes:.0} MB", entry.scenario);
            record.add(Kind::CommandMegabytesPerSecond, &scenario, entry.name, megabytes / used.wall);
            record.add(Kind::CommandMegabytesPerCpuSecond, &scenario, entry.name, megabytes / used.cpu);
            record.add(Kind::CommandPeakMebibytes, &scenario, entry.name, used.peak as f64 / 1024.0 / 1024.0);
        }
    }
    Ok(())
}

fn usage(entry: &Entry, path: PathBuf) -> Result<Usage> {
    let mut launcher = Command::new(env::current_exe()?);
    let output = launcher.args(["launch", "--"]).args(&entry.command).arg(path).stderr(Stdio::inherit()).output()?;
    if !output.status.success() {
        return Err(format!("cannot run the command {} (see above)", entry.name).into());
    }
    Ok(serde_json::from_slice(&output.stdout)?)
}
