//! OpenCC itself, as a child process.

use fanjian::Config;
use import::Result;
use measure::JsonProcess;
use serde::{Deserialize, Serialize};

pub(crate) struct Oracle(JsonProcess);

#[derive(Serialize)]
struct Request<'r> {
    config: &'r str,
    tofu_risk: bool,
    text: &'r str,
}

#[derive(Deserialize)]
struct Answer {
    text: String,
}

impl Oracle {
    /// Starts the published Python package, which is installed inside the tree where it is not yet.
    pub(crate) fn start() -> Result<Oracle> {
        let mut python = import::python();
        python.args(["-c", include_str!("oracle.py")]).env("PYTHONPATH", import::site(import::VERSION)?);
        Ok(Oracle(JsonProcess::start("OpenCC", &mut python)?))
    }

    pub(crate) fn convert(&mut self, config: Config, tofu_risk: bool, text: &str) -> Result<String> {
        let Answer { text } = self.0.ask(&Request { config: config.name(), tofu_risk, text })?;
        Ok(text)
    }
}
