//! `fanjian dict check`: findings in text dictionaries.

use serde_json::json;

use crate::{
    args::{dict::DictCheckArgs, values::AnswerFormat},
    commands::dict::lint::{Finding, Lint},
    error::{Failure, Status},
    io::output::Output,
    messages,
    settings::converter,
};

pub(crate) fn run(args: &DictCheckArgs) -> Result<Status, Failure> {
    let (builder, config) = converter::builder(&args.configuration)?;
    // A configuration that cannot be used is found before the files are read.
    builder.clone().build().map_err(|error| converter::failure(&config, error))?;
    let findings = messages::in_english_if(args.format == AnswerFormat::Json, || {
        let mut lint = Lint::default();
        args.files.iter().try_for_each(|path| lint.read(path))?;
        lint.findings(&builder, args.configuration.target.to.map_or(&*config, |target| target.tag()))
            .map_err(Failure::from)
    })?;
    let mut output = Output::open(None)?;
    for Finding { path, line, kind, message, .. } in &findings {
        output.write_line(&match args.format {
            AnswerFormat::Text => format!("{path}:{line}: {kind}: {message}"),
            AnswerFormat::Json => {
                json!({ "path": path, "line": line, "kind": kind.name(), "message": message }).to_string()
            }
        })?;
    }
    output.finish()?;
    Ok(if findings.is_empty() { Status::Done } else { Status::Found })
}
