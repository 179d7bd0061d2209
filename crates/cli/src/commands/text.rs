//! `fanjian text`: the texts of documents, without their markup.

use std::path::Path;

use fanjian::{Config, Converter, InvalidUtf8};
use fanjian_documents::{Format, Group, Options, Role, groups, groups_of_text, whole_characters};
use serde_json::json;

use crate::{
    args::{commands::TextArgs, values::AnswerFormat},
    commands::inputs::Inputs,
    error::{Failure, Status},
    io::{
        documents,
        encodings::{self, Decoder, FromEncoding},
        output::Output,
        source::Source,
    },
    messages::message,
    text::{
        document::{self, LIMIT},
        lines::Lines,
    },
};

pub(crate) fn run(args: &TextArgs) -> Result<Status, Failure> {
    let (mut inputs, files) = Inputs::find("text", &args.paths, &args.filter, None)?;
    let mut output = Output::open(None)?;
    let mut count = inputs.failed();
    for file in files {
        count += 1;
        match texts(args, &file.path, file.is_given) {
            Ok(Some(texts)) => write(args, &file.path, &texts, &mut output)?,
            Ok(None) => {}
            Err(failure) => inputs.fail(&file.path, failure.to_string()),
        }
    }
    output.finish()?;
    inputs.finish(count)
}

/// The texts of a document, with the document as a text, in which their places are. None for a file in a folder that is
/// none.
fn texts(args: &TextArgs, path: &Path, is_given: bool) -> Result<Option<(Vec<Group>, String)>, Failure> {
    let mut bytes = Vec::new();
    Source::open(path, false)?.read(&mut bytes, LIMIT + 1)?;
    if bytes.len() > LIMIT {
        return Err(Failure::Failed(message!("a document of more than {limit} MiB", limit = LIMIT >> 20)));
    }
    match documents::format(path, &bytes, args.format_of_input).filter(|format| *format != Format::Zip || is_given) {
        Some(format) => document_texts(&bytes, format, args.from_encoding).map(Some).map_err(Failure::Failed),
        None if is_given => Err(Failure::failed("it is no document that is known by its name: --as names its format")),
        None => Ok(None),
    }
}

/// The texts of a document, and the source in which their places are: nothing for an archive.
pub(crate) fn document_texts(bytes: &[u8], format: Format, from: FromEncoding) -> Result<(Vec<Group>, String), String> {
    let find = move |bytes: &[u8]| encodings::label(bytes, from);
    let options = Options::new(Converter::new(Config::default())).find_encoding(find);
    let message = |error| document::message(&error, format, bytes);
    if format.is_container() {
        return Ok((groups(bytes, format, &options).map_err(message)?, String::new()));
    }
    let found = documents::find_encoding(Some(format), bytes, true, Some(from), true).map_err(|why| why.to_string())?;
    let whole = whole_characters(bytes);
    let bytes = whole.as_ref().map_or(bytes, String::as_bytes);
    let mut text = Vec::new();
    Decoder::new(found.encoding, InvalidUtf8::Replace, 0).push(bytes, true, &mut text)?;
    let text = String::from_utf8_lossy(&text).into_owned();
    Ok((groups_of_text(&text, format, &options).map_err(message)?, text))
}

fn write(
    args: &TextArgs,
    path: &Path,
    (groups, source): &(Vec<Group>, String),
    output: &mut Output,
) -> Result<(), Failure> {
    let lines = Lines::new(source.as_str());
    for group in groups {
        let text = group.text.trim();
        if text.is_empty() {
            continue;
        }
        if args.format == AnswerFormat::Text {
            output.write_line(&text.lines().map(str::trim).collect::<Vec<_>>().join(" "))?;
            continue;
        }
        let mut object = json!({ "path": path.display().to_string(), "role": role(group.role), "text": text });
        if let Some(part) = &group.part {
            object["part"] = part.clone().into();
        } else {
            object["line"] = lines.position(group.start).0.into();
        }
        output.write_line(&object.to_string())?;
    }
    Ok(())
}

fn role(role: Role) -> &'static str {
    match role {
        Role::Text => "text",
        Role::Attribute => "attribute",
        Role::Metadata => "metadata",
        Role::Note => "note",
        Role::Name => "name",
        _ => "other",
    }
}
