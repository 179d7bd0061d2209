//! Other converters: packages of Python, installed inside the tree, each a child process.

use import::Result;
use measure::JsonProcess;

/// A converter's name, its package and release, what that needs, and the Python that makes `convert(direction, text)` of it
/// for the directions of `TAGS`.
const PEERS: [(&str, &str, &[&str], &str); 9] = [
    (
        "zhconv",
        "zhconv==1.4.3",
        &[],
        "import zhconv\nTAGS = {'s2t': 'zh-hant', 's2tw': 'zh-tw', 's2twp': 'zh-tw', 's2hk': 'zh-hk', 't2s': 'zh-hans'}\n\
         def convert(direction, text): return zhconv.convert(text, TAGS[direction])",
    ),
    (
        "zhconv-rs",
        "zhconv-rs==0.4.2",
        &[],
        "import zhconv_rs\nTAGS = {'s2t': 'zh-hant', 's2tw': 'zh-tw', 's2twp': 'zh-tw', 's2hk': 'zh-hk', 't2s': 'zh-hans'}\n\
         def convert(direction, text): return zhconv_rs.zhconv(text, TAGS[direction])",
    ),
    (
        "opencc-pyo3",
        "opencc-pyo3==0.12.0",
        &[],
        "from opencc_pyo3 import OpenCC\nTAGS = {name: OpenCC(name) for name in ('s2t', 's2tw', 's2twp', 's2hk', 't2s')}\n\
         def convert(direction, text): return TAGS[direction].convert(text)",
    ),
    (
        "opencc-purepy",
        "opencc-purepy==1.5.0",
        &[],
        "from opencc_purepy import OpenCC\nTAGS = {name: OpenCC(name) for name in ('s2t', 's2tw', 's2twp', 's2hk', 't2s')}\n\
         def convert(direction, text): return TAGS[direction].convert(text)",
    ),
    (
        "opencc-python-reimplemented",
        "opencc-python-reimplemented==0.1.7",
        &[],
        "from opencc import OpenCC\nTAGS = {name: OpenCC(name) for name in ('s2t', 's2tw', 's2twp', 's2hk', 't2s')}\n\
         def convert(direction, text): return TAGS[direction].convert(text)",
    ),
    (
        "hanziconv",
        "hanziconv==0.3.2",
        &[],
        "from hanziconv import HanziConv\nTAGS = {'s2t': HanziConv.toTraditional, 't2s': HanziConv.toSimplified}\n\
         def convert(direction, text): return TAGS[direction](text)",
    ),
    (
        // It replaces words as well, so that it is compared where words are, and at single places.
        "zhtw",
        "zhtw==4.5.0",
        &["pyahocorasick==2.3.1", "click==8.3.1", "charset-normalizer==3.4.4"],
        "import zhtw\nTAGS = {'s2twp': None, 'native': None}\n\
         def convert(direction, text): return zhtw.convert(text, ambiguity_mode='balanced')",
    ),
    ("jieba with OpenCC's phrases,", "jieba==0.42.1", &[], include_str!("jieba.py")),
    (
        // ICU 77.1 with its binding.
        "pyicu-wheels",
        "pyicu-wheels==2.15.2",
        &[],
        "import icu\nTAGS = {'s2t': icu.Transliterator.createInstance('Hans-Hant'), 't2s': icu.Transliterator.createInstance('Hant-Hans')}\n\
         def convert(direction, text): return TAGS[direction].transliterate(text)",
    ),
];

/// Reads JSON lines of direction and text, and answers each with its conversion, or null.
const SERVE: &str = "\nimport json, sys\nfor line in sys.stdin:\n    direction, text = json.loads(line)\n    \
                     direction = 's2t' if direction == 'native' and direction not in TAGS else direction\n    \
                     answer = convert(direction, text) if direction in TAGS else None\n    \
                     sys.stdout.write(json.dumps(answer) + '\\n')\n    sys.stdout.flush()\n";

pub(crate) struct Peer(JsonProcess);

/// Starts all of them.
pub(crate) fn start() -> Result<Vec<Peer>> {
    PEERS.iter().map(|&(name, package, needs, program)| Peer::start(name, package, needs, program)).collect()
}

impl Peer {
    fn start(name: &str, package: &str, needs: &[&str], program: &str) -> Result<Peer> {
        let (_, version) = package.split_once("==").unwrap_or((package, ""));
        let requirements: Vec<&str> = [package, "setuptools==80.9.0"].iter().chain(needs).copied().collect();
        let site = import::install(&package.replace("==", "-"), &requirements)?;
        let mut python = import::python();
        python
            .args(["-W", "ignore", "-c", &format!("{program}{SERVE}")])
            .env("PYTHONPATH", site)
            .env("DICTIONARIES", import::root().join("dictionaries"));
        Ok(Peer(JsonProcess::start(&format!("{name} {version}"), &mut python)?))
    }

    pub(crate) fn name(&self) -> String {
        self.0.name().to_owned()
    }

    /// Converts lines, each as a text of its own; `None` if it does not know the direction.
    pub(crate) fn convert(&mut self, direction: &str, lines: &[String]) -> Result<Option<Vec<String>>> {
        // A direction that it does not know has no conversion, of whatever line.
        lines.iter().map(|line| self.0.ask::<Option<String>>(&(direction, line))).collect()
    }
}
