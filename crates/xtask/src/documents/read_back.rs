//! Other programs read documents before and after the conversion: the same structure, and the text that is expected.

use std::{collections::BTreeMap, env, path::Path, process::Command};

use import::{Result, root};

use crate::metadata::built;

/// The packages of Python that read documents, with what these need.
const PACKAGES: [&str; 26] = [
    "python-docx==1.2.0",
    "openpyxl==3.1.5",
    "et_xmlfile==2.0.0",
    "python-pptx==1.0.2",
    "pillow==13.0.0",
    "xlsxwriter==3.3.1",
    "typing_extensions==4.15.0",
    "odfpy==1.4.1",
    "defusedxml==0.7.1",
    "ebooklib==0.20",
    "six==1.17.0",
    "lxml==6.1.3",
    "html5lib==1.1",
    "webencodings==0.5.1",
    "polib==1.2.0",
    "babel==2.19.0",
    "pysubs2==1.8.1",
    "webvtt-py==0.6.0",
    "srt==3.5.3",
    "ruamel.yaml==0.19.1",
    "ruamel.yaml.clib==0.2.15",
    "pyyaml==6.0.3",
    "feedparser==6.0.14",
    "feedparser-sgmllib==2.1.0",
    "fluent.syntax==0.19.0",
    "javaproperties==0.8.2",
];

/// Runs the programs. Returns a table, and whether all of them read what is expected.
///
/// `pages` is a folder of pages that a browser reads, too.
pub(super) fn run(pages: Option<&Path>) -> Result<(String, bool)> {
    let packages = import::install("read-back", &PACKAGES)?;
    let status = Command::new(env!("CARGO"))
        .args(["build", "--quiet", "--package", "fanjian-documents", "--example", "convert_document"])
        .current_dir(root())
        .status()?;
    if !status.success() {
        return Err("cannot build the example convert_document (see above)".into());
    }
    let converter = built("dev").join("examples/convert_document");
    let tests = root().join("crates/documents/tests");
    let (office, ffmpeg) = (find("soffice"), find("ffprobe").and(find("ffmpeg")));
    let mut counts: BTreeMap<String, [usize; 2]> = BTreeMap::new();
    let mut scripts = vec![
        ("crates/documents/tests/office/read_back.py", office.is_some()),
        ("crates/xtask/src/documents/read_back.py", false),
    ];
    scripts.extend(ffmpeg.as_ref().map(|_| ("crates/xtask/src/documents/subtitles.py", false)));
    let (mut is_good, mut absent) = (true, String::new());
    for (script, with_office) in scripts {
        let mut python = import::python();
        python.arg(root().join(script)).arg(&converter).env("PYTHONPATH", &packages);
        match with_office {
            true => python.arg(office.as_deref().unwrap_or("soffice")),
            false if script.starts_with("crates/xtask") => python.arg(&tests).args(pages),
            false => &mut python,
        };
        let output = python.output()?;
        eprint!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
        is_good &= output.status.success();
        for line in String::from_utf8(output.stdout)?.lines() {
            if let Some(what) = line.strip_prefix("-- ") {
                absent += &format!("\n{what}.\n");
            }
            if let Some((verdict, what)) = line.split_at_checked(3)
                && let Some((name, _)) = what.trim_start().split_once(": ")
                && ["ok ", "NO "].contains(&verdict)
            {
                let program = program(name);
                let count = counts.entry(program).or_default();
                count[0] += 1;
                count[1] += usize::from(verdict == "ok ");
            }
        }
    }
    let mut table = "| read by | checks | as expected |\n|---|---|---|\n".to_owned();
    for (program, [checks, good]) in counts {
        table += &format!("| {program} | {checks} | {good} |\n");
    }
    if ffmpeg.is_none() {
        table += "\nffmpeg is not installed, and was not run.\n";
    }
    if office.is_none() {
        table += "\nLibreOffice is not installed, and was not run.\n";
    }
    table += &absent;
    Ok((table, is_good))
}

/// The program that a check is of.
fn program(name: &str) -> String {
    let first = name.split([' ', ',']).next().unwrap_or_default();
    let package = match first {
        _ if name.ends_with("by LibreOffice") => return "LibreOffice".to_owned(),
        "ffmpeg" => return version_of_ffmpeg(),
        "chromium" => return "Chromium".to_owned(),
        "epubcheck" => return "epubcheck".to_owned(),
        "docx" => "python-docx",
        "xlsx" => "openpyxl",
        "pptx" => "python-pptx",
        "odt" | "ods" | "odp" => "odfpy",
        other => other,
    };
    let is_it = |listed: &&&str| listed.split("==").next() == Some(package);
    PACKAGES.iter().find(is_it).map_or_else(|| format!("{package}, of Python"), |listed| listed.replace("==", " "))
}

/// The name of ffmpeg with its version.
fn version_of_ffmpeg() -> String {
    let output = Command::new("ffmpeg").arg("-version").output();
    let first = output.ok().and_then(|output| Some(String::from_utf8(output.stdout).ok()?.lines().next()?.to_owned()));
    let version = first.as_deref().and_then(|line| line.split(' ').nth(2)).unwrap_or_default();
    format!("ffmpeg {}", version.split('-').next().unwrap_or_default())
}

/// A program on the path.
fn find(program: &str) -> Option<String> {
    let path = env::var_os("PATH")?;
    let found = env::split_paths(&path).map(|folder| folder.join(program)).find(|path| Path::is_file(path))?;
    found.to_str().map(str::to_owned)
}
