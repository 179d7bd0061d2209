//! Other converters: packages of Python, installed inside the tree, each a child process.

use std::{
    io::{BufRead, BufReader, Write},
    process::{Child, ChildStdin, ChildStdout, Stdio},
};

use import::Result;

/// A converter's package and release, and the Python that makes `convert(text)` of it by direction.
const PEERS: [(&str, &str, &str); 6] = [
    (
        "zhconv",
        "1.4.3",
        "import zhconv\nTAGS = {'s2t': 'zh-hant', 's2tw': 'zh-tw', 's2twp': 'zh-tw', 's2hk': 'zh-hk', 't2s': 'zh-hans'}\n\
         def convert(direction, text): return zhconv.convert(text, TAGS[direction])",
    ),
    (
        "zhconv-rs",
        "0.4.2",
        "import zhconv_rs\nTAGS = {'s2t': 'zh-hant', 's2tw': 'zh-tw', 's2twp': 'zh-tw', 's2hk': 'zh-hk', 't2s': 'zh-hans'}\n\
         def convert(direction, text): return zhconv_rs.zhconv(text, TAGS[direction])",
    ),
    (
        "opencc-pyo3",
        "0.12.0",
        "from opencc_pyo3 import OpenCC\nTAGS = {name: OpenCC(name) for name in ('s2t', 's2tw', 's2twp', 's2hk', 't2s')}\n\
         def convert(direction, text): return TAGS[direction].convert(text)",
    ),
    (
        "opencc-purepy",
        "1.5.0",
        "from opencc_purepy import OpenCC\nTAGS = {name: OpenCC(name) for name in ('s2t', 's2tw', 's2twp', 's2hk', 't2s')}\n\
         def convert(direction, text): return TAGS[direction].convert(text)",
    ),
    (
        "opencc-python-reimplemented",
        "0.1.7",
        "from opencc import OpenCC\nTAGS = {name: OpenCC(name) for name in ('s2t', 's2tw', 's2twp', 's2hk', 't2s')}\n\
         def convert(direction, text): return TAGS[direction].convert(text)",
    ),
    (
        "hanziconv",
        "0.3.2",
        "from hanziconv import HanziConv\nTAGS = {'s2t': HanziConv.toTraditional, 't2s': HanziConv.toSimplified}\n\
         def convert(direction, text): return TAGS[direction](text)",
    ),
];

/// Reads JSON lines of direction and text, and answers each with its conversion, or null.
const SERVE: &str = "\nimport json, sys\nfor line in sys.stdin:\n    direction, text = json.loads(line)\n    \
                     answer = convert(direction, text) if direction in TAGS else None\n    \
                     sys.stdout.write(json.dumps(answer) + '\\n')\n    sys.stdout.flush()\n";

pub(crate) struct Peer {
    name: String,
    child: Child,
    requests: Option<ChildStdin>,
    answers: BufReader<ChildStdout>,
}

/// Starts all of them.
pub(crate) fn start() -> Result<Vec<Peer>> {
    PEERS.iter().map(|&(package, version, program)| Peer::start(package, version, program)).collect()
}

impl Peer {
    fn start(package: &str, version: &str, program: &str) -> Result<Peer> {
        let site = import::install(
            &format!("{package}-{version}"),
            &[&format!("{package}=={version}"), "setuptools==80.9.0"],
        )?;
        let mut child = import::python()
            .args(["-W", "ignore", "-c", &format!("{program}{SERVE}")])
            .env("PYTHONPATH", site)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()?;
        let requests = child.stdin.take();
        let answers = BufReader::new(child.stdout.take().ok_or("a peer has no standard output")?);
        Ok(Peer { name: format!("{package} {version}"), child, requests, answers })
    }

    pub(crate) fn name(&self) -> String {
        self.name.clone()
    }

    /// Converts lines, each as a text of its own. Nothing where it does not know the direction.
    pub(crate) fn convert(&mut self, direction: &str, lines: &[String]) -> Result<Option<Vec<String>>> {
        let mut converted = Vec::new();
        for line in lines {
            let mut request = serde_json::to_string(&(direction, line))?;
            request.push('\n');
            self.requests.as_mut().ok_or("a peer has no standard input")?.write_all(request.as_bytes())?;
            let mut answer = String::new();
            self.answers.read_line(&mut answer)?;
            match serde_json::from_str::<Option<String>>(&answer) {
                Ok(Some(answer)) => converted.push(answer),
                Ok(None) => return Ok(None),
                Err(error) => return Err(format!("{} stopped (see above): {error}", self.name).into()),
            }
        }
        Ok(Some(converted))
    }
}

impl Drop for Peer {
    fn drop(&mut self) {
        drop(self.requests.take());
        let _ = self.child.wait();
    }
}
