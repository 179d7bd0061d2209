//! The targets.

use fanjian::Converter;

use crate::Target;

mod clean;
mod config;
mod container;
mod convert;
mod detect;
mod dictionary;
mod documents;
mod fill;
mod jsonl;
mod opencc;
#[cfg(feature = "parquet")]
mod parquet;
mod settings;
mod stream;
mod table;
mod target;

/// All targets.
pub const TARGETS: &[Target] = &[
    Target {
        name: "dictionary",
        description: "text dictionaries: entries, their compiled form, lookups against a plain search, conversion",
        run: dictionary::run,
        weight: 270,
        longest: 160,
    },
    Target {
        name: "container",
        description: "changed compiled dictionaries, most with a right checksum: accepted ones are searched",
        run: container::run,
        weight: 300,
        longest: 64,
    },
    Target {
        name: "opencc",
        description: "changed binary dictionaries of OpenCC's: accepted ones are written and read back",
        run: opencc::run,
        weight: 300,
        longest: 64,
    },
    Target {
        name: "config",
        description: "configuration files: those that are accepted convert, as a whole and as a stream",
        run: config::run,
        weight: 500,
        longest: 120,
    },
    Target {
        name: "convert",
        description: "16 configurations, with and without tofu risk: every way to convert against the reference chain",
        run: convert::run,
        weight: 500,
        longest: 96,
    },
    Target {
        name: "stream",
        description: "any cut of any bytes by streams, readers and writers, with each policy: as the whole text",
        run: stream::run,
        weight: 800,
        longest: 120,
    },
    Target {
        name: "target",
        description: "targets: with `keep`, a second run changes nothing and ASCII stays; parts and streams as the whole",
        run: target::run,
        weight: 2500,
        longest: 96,
    },
    Target {
        name: "clean",
        description: "cleaning: ranges of glosses and damage, each way to treat them",
        run: clean::run,
        weight: 700,
        longest: 160,
    },
    Target {
        name: "detect",
        description: "detection: streams of any cut as the whole text, spans without gaps",
        run: detect::run,
        weight: 3000,
        longest: 120,
    },
    Target {
        name: "jsonl",
        description: "JSON lines: what is not converted stays byte for byte, any chunk, broken lines are rejected",
        run: jsonl::run,
        weight: 1278,
        longest: 160,
    },
    Target {
        name: "table",
        description: "CSV and TSV: what is not converted stays byte for byte, any chunk",
        run: table::run,
        weight: 3000,
        longest: 160,
    },
    #[cfg(feature = "parquet")]
    Target {
        name: "parquet",
        description: "changed Parquet files: converted, or an error",
        run: parquet::run,
        weight: 10,
        longest: 4096,
    },
    Target {
        name: "documents",
        description: "documents in all formats that are texts: the laws of `fanjian-documents`, or an error",
        run: documents::run,
        weight: 500,
        longest: 160,
    },
    Target {
        name: "fill",
        description: "catalogues filled from a sibling: what is there stays, a second run adds nothing, or an error",
        run: fill::run,
        weight: 500,
        longest: 160,
    },
    Target {
        name: "settings",
        description: "`fanjian.toml`, by the command with `--show-config`: settings, or an error",
        run: settings::run,
        weight: 2,
        longest: 200,
    },
];

/// Converts a text that comes in pieces of these lengths.
fn streamed(converter: &Converter, text: &[u8], cuts: &[usize]) -> Vec<u8> {
    let mut stream = converter.stream();
    let (mut out, mut at) = (Vec::new(), 0);
    for cut in cuts {
        stream.push(&text[at..at + cut], &mut out).expect("text");
        at += cut;
    }
    stream.finish(&mut out).expect("text");
    out
}

/// What the segments of a text put out, one after the other. They cover the text.
fn joined(converter: &Converter, text: &str) -> String {
    let mut at = 0;
    let mut joined = String::new();
    for segment in converter.segments(text) {
        assert_eq!(segment.source.start, at, "segments leave a gap");
        at = segment.source.end;
        joined.push_str(&segment.output);
    }
    assert_eq!(at, text.len(), "segments end before the text");
    joined
}
