//! `fanjian configs`: list of the built-in configurations.

use fanjian::Config;
use serde_json::{Map, Value, json};

use crate::{
    args::{commands::ConfigsArgs, values::AnswerFormat},
    error::{Failure, Status},
    io::output::Output,
    messages,
};

pub(crate) fn run(args: &ConfigsArgs) -> Result<Status, Failure> {
    let mut output = Output::open(None)?;
    for &config in Config::ALL {
        let line = match args.format {
            AnswerFormat::Text => format!("{:<6} {}", config.name(), messages::text(config.description())),
            AnswerFormat::Json => object(config)?.to_string(),
        };
        output.write_line(&line)?;
    }
    output.finish()?;
    Ok(Status::Done)
}

fn object(config: Config) -> Result<Value, Failure> {
    let as_written: Map<String, Value> =
        serde_json::from_str(config.json()).map_err(|error| Failure::Failed(format!("{config}: {error}")))?;
    let mut object = json!({ "name": config.name(), "description": config.description() });
    for (field, value) in as_written {
        if object.get(&field).is_none() {
            object[field] = value;
        }
    }
    Ok(object)
}
