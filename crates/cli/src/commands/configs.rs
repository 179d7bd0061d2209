//! `fanjian configs`: list of the built-in configurations.

use fanjian::{Config, Dictionaries};
use jsonc_parser::ParseOptions;
use serde_json::{Map, Value, json};

use crate::{
    args::{commands::ConfigsArgs, values::AnswerFormat},
    error::{Failure, Status},
    io::output::Output,
    messages,
    settings::dictionaries::ReleasePath,
};

pub(crate) fn run(args: &ConfigsArgs) -> Result<Status, Failure> {
    let release = args.dictionaries.clone().map(|path| ReleasePath::from(path).open()).transpose()?.flatten();
    let release = release.unwrap_or_else(Dictionaries::builtin);
    let mut output = Output::open(None)?;
    for config in release.configs() {
        let line = match args.format {
            AnswerFormat::Text => format!("{:<6} {}", config.name(), messages::text(config.description())),
            AnswerFormat::Json => object(config, &release)?.to_string(),
        };
        output.write_line(&line)?;
    }
    output.finish()?;
    Ok(Status::Done)
}

fn object(config: Config, release: &Dictionaries) -> Result<Value, Failure> {
    // A release may have comments in it, which the built-in ones have not.
    let as_written: Map<String, Value> =
        jsonc_parser::parse_to_serde_value(release.json(config)?, &ParseOptions::default())
            .map_err(|error| Failure::Failed(format!("{}, {config}: {error}", release.name())))?;
    let mut object = json!({ "name": config.name(), "description": config.description() });
    if !release.is_builtin() {
        object["dictionaries"] = release.name().into();
    }
    for (field, value) in as_written {
        if object.get(&field).is_none() {
            object[field] = value;
        }
    }
    Ok(object)
}
