//! The documented differences from OpenCC: checked on both sides, and written into the documentation.

use std::{
    fmt::Write as _,
    fs,
    io::{Read as _, Write as _},
    process::Stdio,
};

use fanjian::Converter;
use import::Result;
use serde::Deserialize;

use crate::{generated, oracle::Oracle};

#[derive(Deserialize)]
struct File {
    difference: Vec<Difference>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Difference {
    name: String,
    via: Via,
    config: String,
    input: Text,
    theirs: Text,
    ours: Text,
    why: String,
}

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Via {
    Api,
    Command,
}

/// Parts, each with the number of its repetitions.
#[derive(Deserialize)]
struct Text(Vec<(String, usize)>);

impl Text {
    fn whole(&self) -> String {
        self.0.iter().map(|(part, times)| part.repeat(*times)).collect()
    }

    fn for_table(&self) -> String {
        let parts = self.0.iter().map(|(part, times)| match times {
            1 => part.replace('\0', "␀"),
            _ => format!("{part}×{times} "),
        });
        parts.collect::<String>().trim().to_owned()
    }
}

fn read() -> Result<Vec<Difference>> {
    let file: File = toml::from_str(&fs::read_to_string(import::root().join("tests/differences.toml"))?)?;
    Ok(file.difference)
}

/// Asks both sides about every documented difference.
pub(crate) fn check(oracle: &mut Oracle) -> Result<()> {
    let differences = read()?;
    for difference in &differences {
        let input = difference.input.whole();
        let theirs = match difference.via {
            Via::Api => oracle.convert(difference.config.parse()?, false, &input)?,
            Via::Command => command(&difference.config, &input)?,
        };
        let mut ours = String::new();
        let converter = Converter::new(difference.config.parse()?);
        match difference.via {
            Via::Api => converter.convert_into(&input, &mut ours),
            // As our command does.
            Via::Command => drop(converter.reader(input.as_bytes()).read_to_string(&mut ours)?),
        }
        for (side, given, documented) in
            [("OpenCC", theirs, difference.theirs.whole()), ("fanjian", ours, difference.ours.whole())]
        {
            if given != documented {
                return Err(format!("'{}': {side} does not give what is documented", difference.name).into());
            }
        }
    }
    println!("{} documented differences are as documented, on both sides", differences.len());
    Ok(())
}

/// What upstream's command gives for a text on standard input.
pub(crate) fn command(config: &str, input: &str) -> Result<String> {
    let clib = import::site(import::VERSION)?.join("opencc/clib");
    let mut child = std::process::Command::new(clib.join("bin/opencc"))
        .arg("--path")
        .arg(clib.join("share/opencc/"))
        .args(["-c", &format!("{config}.json")])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()?;
    let mut stdin = child.stdin.take().ok_or("no standard input")?;
    let input = input.to_owned();
    let writer = std::thread::spawn(move || stdin.write_all(input.as_bytes()));
    let output = child.wait_with_output()?;
    writer.join().map_err(|_| "the writing thread failed")??;
    Ok(String::from_utf8(output.stdout)?)
}

/// Writes the table in docs/compatibility.md, or with `check` only compares it.
pub(crate) fn table(check: bool) -> Result<()> {
    let mut table =
        String::from("| what | configuration | input | OpenCC 1.4.2 | fanjian | why |\n|---|---|---|---|---|---|\n");
    for difference in read()? {
        let Difference { name, config, why, .. } = &difference;
        let [input, theirs, ours] = [&difference.input, &difference.theirs, &difference.ours].map(Text::for_table);
        writeln!(table, "| {name} | {config} | {input} | {theirs} | {ours} | {why} |")?;
    }
    generated::between_marks("docs/compatibility.md", "differences", &table, check)
}
