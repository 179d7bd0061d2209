//! `fanjian dict convert`: a dictionary in another format.

use std::path::Path;

use fanjian::DictionaryFormat;
use fanjian_dictionary::read_file;

use crate::{
    args::dict::DictConvertArgs,
    error::{Failure, Status},
    io::output::Output,
    messages::message,
    print,
    settings::join::check_same_file,
};

pub(crate) fn run(args: &DictConvertArgs) -> Result<Status, Failure> {
    let to = match args.to_format {
        Some(format) => format,
        None => by_extension(&args.output)?,
    };
    convert(&args.file, &args.output, args.from_format, to)
}

/// Converts a file, from this format or the one that its contents show.
pub(super) fn convert(
    file: &Path,
    output: &Path,
    from: Option<DictionaryFormat>,
    to: DictionaryFormat,
) -> Result<Status, Failure> {
    check_same_file(Some(file), Some(output), false, "name another file to write")?;
    let bytes = read_file(file)?;
    let from = from.unwrap_or_else(|| DictionaryFormat::of(&bytes));
    let entries = from.read(file, bytes)?;
    let name = file.file_stem().unwrap_or_default().to_string_lossy();
    let written = to.write(&name, &entries).map_err(|error| error.at_path(file))?;
    let mut output = Output::open(Some(output))?;
    output.write(&written)?;
    output.finish()?;
    Ok(Status::Done)
}

/// The format that the name of a file says.
fn by_extension(path: &Path) -> Result<DictionaryFormat, Failure> {
    match path.extension().and_then(|extension| extension.to_str()) {
        Some("txt") => Ok(DictionaryFormat::Text),
        Some("ocd2") => Ok(DictionaryFormat::Ocd2),
        Some("ocd") => Ok(DictionaryFormat::Ocd),
        _ => Err(Failure::Usage(message!(
            "the name {path} does not say its format: use --to-format with one of {formats}",
            path = print::name(path),
            formats = named_formats()
        ))),
    }
}

fn named_formats() -> String {
    let written = DictionaryFormat::ALL.iter().filter(|&&format| format != DictionaryFormat::Ocd);
    written.map(|format| format.name()).collect::<Vec<_>>().join(", ")
}
