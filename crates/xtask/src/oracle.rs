//! OpenCC itself, as a child process.

use std::{
    io::{BufRead, BufReader, Write},
    process::{Child, ChildStdin, ChildStdout, Stdio},
};

use fanjian::Config;
use import::Result;
use serde::{Deserialize, Serialize};

pub(crate) struct Oracle {
    child: Child,
    requests: Option<ChildStdin>,
    answers: BufReader<ChildStdout>,
}

#[derive(Serialize)]
struct Request<'r> {
    config: &'r str,
    tofu_risk: bool,
    text: &'r str,
}

#[derive(Deserialize)]
pub(crate) struct Answer {
    pub(crate) text: String,
    /// CPU time of the conversion alone.
    pub(crate) seconds: f64,
}

impl Oracle {
    /// Starts the published Python package, which is installed inside the tree where it is not yet.
    pub(crate) fn start() -> Result<Oracle> {
        let mut child = import::python()
            .args(["-c", include_str!("oracle.py")])
            .env("PYTHONPATH", import::site(import::VERSION)?)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()?;
        let requests = child.stdin.take();
        let answers = BufReader::new(child.stdout.take().ok_or("the oracle has no standard output")?);
        Ok(Oracle { child, requests, answers })
    }

    pub(crate) fn convert(&mut self, config: Config, tofu_risk: bool, text: &str) -> Result<Answer> {
        let mut request = serde_json::to_string(&Request { config: config.name(), tofu_risk, text })?;
        request.push('\n');
        self.requests.as_mut().ok_or("the oracle has no standard input")?.write_all(request.as_bytes())?;
        let mut answer = String::new();
        self.answers.read_line(&mut answer)?;
        if answer.is_empty() {
            return Err("the oracle stopped (see above)".into());
        }
        Ok(serde_json::from_str(&answer)?)
    }
}

impl Drop for Oracle {
    fn drop(&mut self) {
        drop(self.requests.take());
        let _ = self.child.wait();
    }
}
