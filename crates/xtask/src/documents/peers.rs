//! Other converters of documents: packages that are installed inside the tree, each a child process.

use std::{fs, path::Path, process::Command};

use fanjian_documents::Format;
use import::Result;
use measure::JsonProcess;
use serde::{Deserialize, Serialize};

use crate::npm;

const PYO3: &str = "0.12.0";
const JS: &str = "1.4.2";
/// What opencc-js has its pages from.
const JSDOM: &str = "26.1.0";

/// A converter of documents.
pub(super) struct Peer {
    process: JsonProcess,
    /// It converts archives, and no pages.
    is_of_archives: bool,
}

#[derive(Serialize)]
struct Request<'r> {
    format: &'r str,
    source: &'r Path,
    result: &'r Path,
}

#[derive(Deserialize)]
struct Answer {
    seconds: f64,
    error: Option<String>,
}

/// Starts all of them.
pub(super) fn start() -> Result<Vec<Peer>> {
    let site = import::install(&format!("opencc-pyo3-{PYO3}"), &[&format!("opencc-pyo3=={PYO3}")])?;
    let mut python = import::python();
    python.args(["-c", include_str!("peers.py")]).env("PYTHONPATH", site);
    let mut node = Command::new("node");
    node.args(["--input-type=module", "--eval", include_str!("peers.mjs")])
        .env("PACKAGES", npm::packages(&[("opencc-js", JS), ("jsdom", JSDOM)])?);
    Ok(vec![
        Peer {
            process: JsonProcess::start(&format!("opencc-pyo3 {PYO3}, `office`"), &mut python)?,
            is_of_archives: true,
        },
        Peer {
            process: JsonProcess::start(&format!("opencc-js {JS}, `HTMLConverter`"), &mut node)?,
            is_of_archives: false,
        },
    ])
}

impl Peer {
    pub(super) fn name(&self) -> &str {
        self.process.name()
    }

    /// Whether it converts documents of this format.
    pub(super) fn takes(&self, format: Format) -> bool {
        self.is_of_archives == format.is_container()
    }

    /// A document converted by s2twp, and the CPU time of that in seconds.
    pub(super) fn convert(&mut self, source: &[u8], format: Format) -> Result<(Vec<u8>, f64)> {
        let folder = tempfile::tempdir()?;
        let paths = ["source", "result"].map(|name| folder.path().join(format!("{name}.{}", format.name())));
        let [source_path, result_path] = &paths;
        fs::write(source_path, source)?;
        let request = Request { format: format.name(), source: source_path, result: result_path };
        let Answer { seconds, error } = self.process.ask(&request)?;
        match error {
            Some(error) => Err(format!("{}: {error}", self.name()).into()),
            None => Ok((fs::read(result_path)?, seconds)),
        }
    }
}
