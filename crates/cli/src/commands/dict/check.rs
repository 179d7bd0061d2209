//! `fanjian dict check`: findings in text dictionaries.

use serde_json::json;

use crate::{
    args::{commands::DictCheckArgs, values::AnswerFormat},
    commands::dict::lint::{Finding, Lint},
    error::{Failure, Status},
    io::output::Output,
    settings::converter,
};

pub(crate) fn run(args: &DictCheckArgs) -> Result<Status, Failure> {
    let (builder, config) = converter::builder(&args.configuration)?;
    // A configuration that cannot be used is found before the files are read.
    builder.clone().build().map_err(|error| converter::failure(&config, error))?;
    let mut lint = Lint::default();
    for path in &args.files {
        lint.read(path)?;
    }
    let findings = lint.findings(&builder, args.configuration.to.map_or(&*config, |target| target.tag()))?;
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
