//! OpenCC's binary dictionaries: those of its releases, entry by entry, and written ones in OpenCC itself; and conversions with
//! the dictionaries of a release, against that release.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use fanjian::{Config, Converter, Dictionaries, DictionaryFormat, Entries};
use import::Result;

use crate::process;

#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// Releases of the Python package opencc, which are installed inside the tree
    #[arg(value_name = "RELEASE", default_values = [import::VERSION])]
    releases: Vec<String>,
}

pub(crate) fn run(arguments: &Arguments) -> Result<()> {
    arguments.releases.iter().try_for_each(|release| {
        check(release)?;
        compare(release)
    })
}

/// The folder of the Python package opencc, of this release.
fn package(release: &str) -> Result<PathBuf> {
    if release == import::VERSION {
        return import::site(release);
    }
    import::install(&format!("opencc-package-{release}"), &[&format!("opencc=={release}")])
}

/// Compares conversions with the dictionaries of a release with those by that release, of all words of its dictionaries.
fn compare(release: &str) -> Result<()> {
    let package = package(release)?;
    let data = package.join("opencc/clib/share/opencc");
    let mut files = Vec::new();
    for path in listed(&data)? {
        files.push((path.display().to_string(), fs::read(&path)?));
    }
    let dictionaries = Dictionaries::from_files(&format!("opencc-{release}"), files)?;
    let mut words = String::new();
    for dictionary in dictionaries.dictionaries() {
        words += &dictionary.to_entries().to_text();
    }
    let mut ours = String::new();
    let mut configs: Vec<Config> = dictionaries.configs().collect();
    configs.sort_by_key(|config| format!("{config}.json"));
    for &config in &configs {
        // As OpenCC's packages do by default.
        let builder = Converter::builder().config(config).dictionaries(dictionaries.clone()).tofu_risk(true);
        ours += &builder.build()?.convert(&words);
    }
    let theirs = convert(&package, &data, &words)?;
    if ours != theirs {
        let line = ours.lines().zip(theirs.lines()).find(|(ours, theirs)| ours != theirs);
        return Err(format!("with the dictionaries of OpenCC {release}, {line:?} differ").into());
    }
    println!(
        "{} configurations with the dictionaries of OpenCC {release} give its {} bytes",
        configs.len(),
        ours.len()
    );
    Ok(())
}

/// Compares what is read from the dictionaries of a release with what its `opencc_dict` reads, and with the text dictionaries of
/// this tree if they are of that release; then has OpenCC convert with the same dictionaries, as they are and as they are
/// written.
pub(crate) fn check(release: &str) -> Result<()> {
    let package = package(release)?;
    let data = package.join("opencc/clib/share/opencc");
    let tool = package.join("opencc/clib/bin/opencc_dict");
    let own = tempfile::tempdir()?;
    let (mut files, mut count) = (0, 0);
    let mut words = String::new();
    for path in listed(&data)? {
        let copy = own.path().join(path.file_name().ok_or("a file without a name")?);
        if path.extension().is_none_or(|extension| extension != "ocd2") {
            fs::copy(&path, copy)?;
            continue;
        }
        let entries = DictionaryFormat::Ocd2.read(&path, fs::read(&path)?)?;
        same(&path, &entries, &by_opencc(&tool, &path, own.path())?)?;
        let text = import::root().join("dictionaries").join(copy.file_name().unwrap_or_default()).with_extension("txt");
        if release == import::VERSION {
            same(&path, &entries, &DictionaryFormat::Text.read(&text, fs::read(&text)?)?)?;
        }
        fs::write(&copy, DictionaryFormat::Ocd2.write("", &entries)?)?;
        same(&copy, &entries, &by_opencc(&tool, &copy, own.path())?)?;
        files += 1;
        count += entries.len();
        for (key, candidates) in entries.iter() {
            words.extend([key, "\t", &candidates.join(" "), "\n"]);
        }
    }
    let (theirs, ours) = (convert(&package, &data, &words)?, convert(&package, own.path(), &words)?);
    if theirs != ours || theirs.is_empty() {
        return Err(format!("OpenCC {release} converts otherwise with the .ocd2 that are written here").into());
    }
    println!(
        "{count} entries of {files} .ocd2 of OpenCC {release} are read as it reads them, and OpenCC converts {} bytes alike with \
         those that are written here",
        theirs.len()
    );
    Ok(())
}

fn listed(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut paths = Vec::new();
    for file in fs::read_dir(folder)? {
        paths.push(file?.path());
    }
    paths.sort();
    Ok(paths)
}

/// The entries of a file, as the release's own tool reads them.
fn by_opencc(tool: &Path, path: &Path, folder: &Path) -> Result<Entries> {
    let text = folder.join("by-opencc.txt");
    let arguments = [Path::new("--input"), path, Path::new("--output"), &text];
    process::run(Command::new(tool).args(arguments).args(["--from", "ocd2", "--to", "text"]))?;
    let entries = DictionaryFormat::Text.read(&text, fs::read(&text)?)?;
    fs::remove_file(text)?;
    Ok(entries)
}

fn same(path: &Path, one: &Entries, other: &Entries) -> Result<()> {
    match one.iter().zip(other.iter()).find(|(one, other)| one != other) {
        Some((one, other)) => Err(format!("{}: {one:?} is {other:?} elsewhere", path.display()).into()),
        None if one.len() == other.len() => Ok(()),
        None => Err(format!("{}: {} entries are {} elsewhere", path.display(), one.len(), other.len()).into()),
    }
}

/// What OpenCC makes of a text by all configurations in a folder.
fn convert(package: &Path, folder: &Path, text: &str) -> Result<String> {
    const PROGRAM: &str = "import glob, sys, opencc\n\
        text = open(sys.argv[2], encoding='utf-8', newline='').read()\n\
        for config in sorted(glob.glob(sys.argv[1] + '/*.json')):\n\
        \x20   sys.stdout.buffer.write(opencc.OpenCC(config).convert(text).encode())\n";
    let file = tempfile::NamedTempFile::new()?;
    fs::write(file.path(), text)?;
    let mut python = import::python();
    python.args(["-c", PROGRAM]).arg(folder).arg(file.path()).env("PYTHONPATH", package);
    process::text(&mut python)
}
