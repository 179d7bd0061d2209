//! Which peers there are, and where their programs and versions are found.

use worker::Result;

/// A peer, before it runs.
#[derive(Clone, Copy)]
pub(crate) struct Listing {
    pub(crate) name: &'static str,
    /// What reports call it.
    pub(crate) title: &'static str,
    pub(crate) program: Program,
}

/// What runs the peer. The string is the crate that it is about, whose version is in the lock file.
#[derive(Clone, Copy)]
pub(crate) enum Program {
    /// This program.
    Own(Option<&'static str>),
    /// The package here of this name.
    Package(&'static str, &'static str),
    /// The package here that is linked with OpenCC.
    OpenCc(&'static str),
    /// The Python package of OpenCC.
    OpenCcPython,
    /// Packages of Python, the first of which is the peer.
    Python(&'static [&'static str]),
    Node,
}

/// The version of opencc-js to compare with.
pub(crate) const OPENCC_JS: &str = "1.4.2";

pub(crate) const NAMES: [&str; 14] = {
    let mut names = [""; 14];
    let mut place = 0;
    while place < names.len() {
        names[place] = LISTINGS[place].name;
        place += 1;
    }
    names
};

pub(crate) const LISTINGS: [Listing; 14] = [
    own("fanjian", "fanjian", Some("fanjian")),
    own("bare-loop", "bare character loop, no phrases", None),
    own("zhconv", "zhconv, MediaWiki tables", Some("zhconv")),
    Listing {
        name: "zhconv-opencc",
        title: "zhconv, OpenCC tables",
        program: Program::Package("zhconv-opencc", "zhconv"),
    },
    own("daachorse", "ten lines over daachorse, OpenCC tables", Some("daachorse")),
    own("simplecc", "simplecc", Some("simplecc")),
    own("opencc-fmmseg", "opencc-fmmseg, one thread", Some("opencc-fmmseg")),
    own("ferrous-opencc", "ferrous-opencc", Some("ferrous-opencc")),
    own("zhhz", "zhhz", Some("zhhz")),
    Listing { name: "opencc-rust", title: "OpenCC, C++, by opencc-rust", program: Program::OpenCc("opencc-rust") },
    Listing { name: "opencc-python", title: "OpenCC, C++, by Python", program: Program::OpenCcPython },
    Listing { name: "opencc-js", title: "opencc-js", program: Program::Node },
    Listing {
        name: "icu",
        title: "ICU's transliterator, by Python",
        program: Program::Python(&["pyicu-wheels==2.15.2"]),
    },
    Listing {
        name: "zhtw",
        title: "zhtw, Python",
        program: Program::Python(&["zhtw==4.5.0", "pyahocorasick==2.3.1", "click==8.3.1", "charset-normalizer==3.4.4"]),
    },
];

const fn own(name: &'static str, title: &'static str, package: Option<&'static str>) -> Listing {
    Listing { name, title, program: Program::Own(package) }
}

impl Listing {
    /// The version of what is measured, as a report shows it.
    pub(crate) fn version(&self) -> Result<String> {
        Ok(match self.program {
            Program::Own(None) => String::new(),
            Program::Own(Some(package)) | Program::Package(_, package) => locked_version(package)?,
            Program::OpenCc(package) => format!("{} (OpenCC {})", locked_version(package)?, import::VERSION),
            Program::OpenCcPython => import::VERSION.to_owned(),
            Program::Python(packages) => {
                let version = packages.first().and_then(|package| package.split_once("=="));
                version.ok_or_else(|| format!("{} has no version", self.name))?.1.to_owned()
            }
            Program::Node => OPENCC_JS.to_owned(),
        })
    }
}

/// The version that the packages here depend on, of which there may be others for dependencies.
fn locked_version(package: &str) -> Result<String> {
    let lock: toml::Table = include_str!("../Cargo.lock").parse()?;
    let packages = lock["package"].as_array().ok_or("the lock file lists no packages")?;
    let named = |name: &str| packages.iter().find(|entry| entry["name"].as_str() == Some(name));
    let own = named(env!("CARGO_PKG_NAME")).and_then(|entry| entry["dependencies"].as_array());
    // A dependency has its version there only where the name alone is ambiguous.
    let mut ambiguous =
        own.into_iter().flatten().filter_map(|entry| entry.as_str()?.strip_prefix(package)?.strip_prefix(' '));
    let sole = named(package).and_then(|entry| entry["version"].as_str());
    Ok(ambiguous.next().or(sole).ok_or_else(|| format!("{package} is not in the lock file"))?.to_owned())
}
