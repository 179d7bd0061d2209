//! The list of the built-in configurations.

use std::process::ExitCode;

use clap::Args;
use fanjian::Config;
use serde_json::{Map, Value, json};

use super::Format;
use crate::{output::Output, run::Failure};

/// List the built-in configurations
#[derive(Args)]
pub(crate) struct Arguments {
    /// How to answer: lines for people, or a JSON object a line for each configuration
    ///
    /// The fields of an object are name, description, and those of OpenCC's configurations, which name the dictionaries of
    /// each step: normalization, segmentation, conversion_chain.
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    format: Format,
}

pub(super) fn run(arguments: &Arguments) -> Result<ExitCode, Failure> {
    let mut output = Output::open(None)?;
    for &config in Config::ALL {
        let line = match arguments.format {
            Format::Text => format!("{:<6} {}", config.name(), config.description()),
            Format::Json => object(config)?.to_string(),
        };
        output.write(format!("{line}\n").as_bytes())?;
    }
    output.finish()?;
    Ok(ExitCode::SUCCESS)
}

fn object(config: Config) -> Result<Value, Failure> {
    let as_written: Map<String, Value> =
        serde_json::from_str(config.json()).map_err(|error| Failure::new(format!("{config}: {error}")))?;
    let mut object = json!({ "name": config.name(), "description": config.description() });
    for (field, value) in as_written {
        if object.get(&field).is_none() {
            object[field] = value;
        }
    }
    Ok(object)
}
