//! `fanjian dict export`: the mappings that fold text for search, as files of search engines.

use std::fmt::Write;

use crate::{
    args::{dict::DictExportArgs, values::MappingFormat},
    error::{Failure, Status},
    io::output::Output,
};

pub(crate) fn run(args: &DictExportArgs) -> Result<Status, Failure> {
    let mut output = Output::open(args.output.as_deref())?;
    for (key, value) in fanjian::fold_mappings() {
        let (key, value) = (escape(&key), escape(&value));
        output.write_line(&match args.format {
            MappingFormat::Elasticsearch => format!("{key} => {value}"),
            MappingFormat::Solr => format!("\"{key}\" => \"{value}\""),
        })?;
    }
    output.finish()?;
    Ok(Status::Done)
}

/// Text as both formats read it: what is neither a letter nor a digit, and could be syntax or go unseen, is an escape.
fn escape(text: &str) -> String {
    let mut escaped = String::new();
    for character in text.chars() {
        // Variation selectors beyond 16 bits have no letter to stand for them: an escape is a unit of UTF-16.
        if character.is_alphanumeric() {
            escaped.push(character);
        } else {
            for unit in character.encode_utf16(&mut [0; 2]) {
                // Writing to a String does not fail.
                let _ = write!(escaped, "\\u{unit:04X}");
            }
        }
    }
    escaped
}
