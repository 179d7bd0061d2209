//! Converts documents: `cargo run -p fanjian-documents --example convert_document -- CONFIG FILE CONVERTED`.

use std::{env, error::Error, fs, path::Path};

use fanjian::{Config, Converter};
use fanjian_documents::{Format, Languages, Options, convert};

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let [config, source, converted] = arguments.as_slice() else {
        return Err("usage: convert_document CONFIG FILE CONVERTED".into());
    };
    let config: Config = config.parse()?;
    let options = Options::new(Converter::new(config)).languages(Languages::of_config(config));
    let format = Format::of_path(Path::new(source)).ok_or("not the name of a document")?;
    let bytes = fs::read(source)?;
    let result = convert(&bytes, format, &options)?;
    fs::write(converted, &result.bytes)?;
    println!("{} of {} texts changed in {} parts", result.report.changed, result.report.groups, result.report.parts);
    Ok(())
}
