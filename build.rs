//! Compiles the text dictionaries under `dictionaries/` into the one container that the library embeds.

use std::{env, error::Error, fs, path::Path};

use fanjian_dictionary::{Container, Entries};

fn main() -> Result<(), Box<dyn Error>> {
    let folder = Path::new("dictionaries");
    println!("cargo::rerun-if-changed={}", folder.display());
    let mut dictionaries = Vec::new();
    for file in fs::read_dir(folder)? {
        let path = file?.path();
        if path.extension().is_some_and(|extension| extension == "txt") {
            let name = path.file_stem().and_then(|name| name.to_str()).ok_or("a dictionary's name is not UTF-8")?;
            let entries = Entries::parse(&path.display().to_string(), &fs::read_to_string(&path)?)?;
            dictionaries.push((name.to_owned(), entries));
        }
    }
    dictionaries.sort_by(|(one, _), (other, _)| one.cmp(other));
    let compiled = Container::compile(dictionaries.iter().map(|(name, entries)| (name.as_str(), entries)))?;
    fs::write(Path::new(&env::var("OUT_DIR")?).join("dictionaries.bin"), compiled)?;
    Ok(())
}
