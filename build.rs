//! Compiles what lies under `dictionaries/` into what the library embeds: the dictionaries, and the tables that spare most
//! of a text from being searched in them.

use std::{env, error::Error, fs, path::Path};

use fanjian_dictionary::{Config, Container, Entries};

#[path = "src/fold/compile.rs"]
mod fold;

fn main() -> Result<(), Box<dyn Error>> {
    let folder = Path::new("dictionaries");
    println!("cargo::rerun-if-changed={}", folder.display());
    let mut dictionaries = Vec::new();
    for (name, place, text) in files(folder, "txt")? {
        dictionaries.push((name, Entries::parse(&place, &text)?));
    }
    let compiled = Container::compile(dictionaries.iter().map(|(name, entries)| (name.as_str(), entries)))?;
    let output = env::var("OUT_DIR")?;
    fs::write(Path::new(&output).join("dictionaries.bin"), &compiled)?;

    let container = Container::from_untrusted(compiled)?;
    let mut plans = Vec::new();
    for (name, place, text) in files(&folder.join("config"), "json")? {
        let config = Config::parse(&text).map_err(|error| error.at(&place))?;
        for (tofu_risk, suffix) in [(false, ""), (true, "+tofu")] {
            let plan = config.plan(tofu_risk, &mut |reference| container.dictionary(reference.name()));
            plans.push((format!("{name}{suffix}"), plan.map_err(|error| error.at(&place))?));
        }
    }
    if has_external_data() {
        external(Path::new(&output), folder, &dictionaries, &plans)?;
    } else {
        fs::write(Path::new(&output).join("tables.bin"), fanjian_engine::tables::compile(&plans)?)?;
    }

    let table = fold::compile(&mut |name| {
        let path = folder.join(name).with_extension("txt");
        Ok(Entries::parse(&path.display().to_string(), &fs::read_to_string(&path)?)?)
    })?;
    fs::write(Path::new(&output).join("fold.rs"), table)?;

    let words = fs::read_to_string(folder.join("detection/Converted.txt"))?;
    let words = words.lines().filter(|line| !line.starts_with('#')).filter_map(|line| line.split_once('\t'));
    let words: Vec<&str> = words.map(|(word, _)| word).collect();
    fs::write(Path::new(&output).join("converted.txt"), words.join("\n"))?;

    #[cfg(feature = "targets")]
    targets(folder, Path::new(&output))?;
    Ok(())
}

/// Whether the program is given its data when it runs.
fn has_external_data() -> bool {
    env::var_os("CARGO_CFG_FANJIAN_EXTERNAL_DATA").is_some()
}

/// The tables of all targets.
#[cfg(feature = "targets")]
fn targets(dictionaries: &Path, output: &Path) -> Result<(), Box<dyn Error>> {
    use fanjian_context::{Compiled, Model, Sources, Target};

    let path = Path::new("models/context.bin");
    println!("cargo::rerun-if-changed={}", path.display());
    let model = if cfg!(feature = "model") { Model::read(&fs::read(path)?)? } else { Model::dictionary() };
    let compiled = Compiled::new(&Sources::from_folder(dictionaries)?, &model)?;
    if has_external_data() {
        let mut files = vec![("targets.bin".to_owned(), compiled.pack(Target::ALL)?)];
        for &target in Target::ALL {
            files.push((format!("{target}.bin"), compiled.pack(&[target])?));
        }
        write_stamped(output, "targets", &files)?;
    } else {
        fs::write(output.join("targets.bin"), compiled.tables()?)?;
    }

    let mut layers = Vec::new();
    for (name, place, text) in files(&dictionaries.join("targets"), "txt")? {
        layers.push((format!("targets/{name}"), Entries::parse(&place, &text)?));
    }
    let layers = Container::compile(layers.iter().map(|(name, entries)| (name.as_str(), entries)))?;
    fs::write(output.join("layers.bin"), layers)?;
    Ok(())
}

/// The files that a program is given in the place of embedded data: the tables of each configuration and
/// of all, the dictionary of their normalization, and all dictionaries.
fn external(
    output: &Path,
    folder: &Path,
    dictionaries: &[(String, Entries)],
    plans: &[(String, fanjian_dictionary::Plan)],
) -> Result<(), Box<dyn Error>> {
    use fanjian_engine::tables::{compile, pack};

    // Those with tofu-risk dictionaries are left to the dictionaries.
    let plans: Vec<_> = plans.iter().filter(|(name, _)| !name.contains('+')).cloned().collect();
    let mut files = vec![("configs.bin".to_owned(), pack(&compile(&plans)?)?)];
    for plan in plans.chunks(1) {
        files.push((format!("{}.bin", plan[0].0), pack(&compile(plan)?)?));
    }
    // Without comments, and with the candidates in their order.
    let text = |(name, entries): &(String, Entries)| {
        let lines = entries.iter().map(|(key, candidates)| format!("{key}\t{}\n", candidates.join(" ")));
        format!("\u{1c}{name}\n{}", lines.collect::<String>())
    };
    let (normalization, others): (Vec<_>, Vec<_>) =
        dictionaries.iter().partition(|(name, _)| name == "CJK_Compatibility_Ideographs");
    for (name, dictionaries) in [("normalization", normalization), ("dictionaries", others)] {
        let text: String = dictionaries.into_iter().map(text).collect();
        files.push((format!("{name}.txt"), text.into_bytes()));
    }
    write_stamped(output, "tables", &files)?;
    println!("cargo::rerun-if-changed={}", folder.display());
    Ok(())
}

/// Writes files into the folder `external`, each behind their stamp, and the stamp for the program: that of the version and of all
/// contents. Builds with the same data have the same one, which those of the npm package rely on: they share one folder of data.
fn write_stamped(output: &Path, name: &str, files: &[(String, Vec<u8>)]) -> Result<(), Box<dyn Error>> {
    use std::hash::{DefaultHasher, Hash, Hasher};

    let mut hasher = DefaultHasher::new();
    (env!("CARGO_PKG_VERSION"), files).hash(&mut hasher);
    // A mark, by which a file is known to be data at all, and 16 digits.
    let stamp = format!("fanjian data {:016x}", hasher.finish());
    fs::write(output.join(format!("{name}.stamp")), &stamp)?;
    let folder = output.join("external");
    fs::create_dir_all(&folder)?;
    for (name, contents) in files {
        fs::write(folder.join(name), [stamp.as_bytes(), contents].concat())?;
    }
    Ok(())
}

/// A file's name, path and text.
type File = (String, String, String);

/// The files with this extension, sorted by name.
fn files(folder: &Path, extension: &str) -> Result<Vec<File>, Box<dyn Error>> {
    let mut files = Vec::new();
    for file in fs::read_dir(folder)? {
        let path = file?.path();
        if path.extension().is_some_and(|found| found == extension) {
            let name = path.file_stem().and_then(|name| name.to_str()).ok_or("a file's name is not UTF-8")?;
            files.push((name.to_owned(), path.display().to_string(), fs::read_to_string(&path)?));
        }
    }
    files.sort();
    Ok(files)
}
