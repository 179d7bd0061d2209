//! What the driver and the workers say to each other.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

/// What the driver asks for. All times are CPU seconds of the worker's process.
#[derive(Debug, Serialize, Deserialize)]
#[serde(tag = "task", rename_all = "lowercase")]
pub enum Request {
    /// Which configurations there are.
    Configs,
    /// Make the converter and convert this text: the seconds that both took.
    First {
        /// The name of the configuration.
        config: String,
        /// A short text.
        text: String,
    },
    /// Convert a file, again and again until there is something to measure: the seconds of one conversion.
    Whole {
        /// The name of the configuration.
        config: String,
        /// The file.
        path: PathBuf,
    },
    /// Convert a file once and write the result: the seconds of the conversion.
    Write {
        /// The name of the configuration.
        config: String,
        /// The file.
        path: PathBuf,
        /// Where the result goes.
        output: PathBuf,
    },
    /// Convert each line of a file by a call of its own: the seconds of one call, on average.
    Lines {
        /// The name of the configuration.
        config: String,
        /// The file.
        path: PathBuf,
    },
}

/// What a worker answers.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Answer {
    /// The configurations.
    Configs(Vec<String>),
    /// How long it took.
    Seconds(f64),
    /// Why there is no answer.
    Error(String),
}
