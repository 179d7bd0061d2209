//! Cases as data, and every way to convert a text.

use std::{fs, path::Path};

use std::io::{Read, Write};

use fanjian::{Converter, InvalidUtf8};
use serde::Deserialize;

#[derive(Debug, Deserialize)]
struct File {
    case: Vec<Case>,
}

/// One case: see `tests/cases/README.md`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Case {
    pub(crate) name: String,
    config: Option<String>,
    json: Option<String>,
    to: Option<String>,
    #[serde(default)]
    tofu_risk: bool,
    punctuation: Option<String>,
    pub(crate) input: String,
    pub(crate) output: String,
}

impl Case {
    pub(crate) fn converter(&self) -> fanjian::ConverterBuilder {
        let mut builder = Converter::builder().tofu_risk(self.tofu_risk);
        if let Some(punctuation) = &self.punctuation {
            builder = builder.punctuation(punctuation.parse().unwrap());
        }
        match (&self.config, &self.json, &self.to) {
            (Some(name), None, None) => builder.config(name.parse().unwrap()),
            (None, Some(json), None) => builder.config_json(json),
            (None, None, Some(target)) => builder.target(target.parse().unwrap()),
            _ => panic!("case '{}' needs one of 'config', 'json' and 'to'", self.name),
        }
    }
}

/// All cases, by the file that they are in.
pub(crate) fn cases() -> Vec<(String, Vec<Case>)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases");
    let mut files = Vec::new();
    for file in fs::read_dir(folder).unwrap() {
        let path = file.unwrap().path();
        if path.extension().is_some_and(|extension| extension == "toml") {
            let name = path.file_stem().unwrap().to_string_lossy().into_owned();
            let file: File = toml::from_str(&fs::read_to_string(&path).unwrap()).unwrap_or_else(|error| {
                panic!("{}: {error}", path.display());
            });
            files.push((name, file.case));
        }
    }
    assert!(!files.is_empty(), "no cases found");
    files
}

/// Every way to convert a text, by name.
pub(crate) type Way = (&'static str, fn(&Converter, &str) -> String);

pub(crate) const WAYS: [Way; 14] = [
    ("the reference chain", |converter, text| converter.reference().convert(text).into_owned()),
    ("convert", |converter, text| converter.convert(text).into_owned()),
    ("convert_into", |converter, text| {
        let mut out = String::from("before");
        converter.convert_into(text, &mut out);
        out.strip_prefix("before").unwrap().to_owned()
    }),
    ("convert_each", |converter, text| {
        // Between texts that begin keys and that end within them, and after one that needs the chain.
        let mut texts = Vec::new();
        let mut out = String::new();
        converter.convert_each(["头", "⿰", "皇", text, "发"], &mut out, |out| texts.push(std::mem::take(out)));
        assert!(out.is_empty());
        texts.swap_remove(3)
    }),
    ("convert_separated", |converter, text| {
        // As above, and by a separator that nothing can reach across, by any one, and where nothing needs the chain.
        let mut outputs = ['\0', '\n', '\u{fdd0}', '\u{1f}'].into_iter().filter(|&separator| !text.contains(separator));
        let separated = |separator: char, before: &str| {
            let texts = ["头", before, "皇", text, "发"].join(&separator.to_string());
            let converted = converter.convert_separated(&texts, separator).into_owned();
            let outputs: Vec<_> = converted.split(separator).collect();
            assert_eq!(outputs.len(), 5, "each text has its place");
            outputs[3].to_owned()
        };
        let first = separated(outputs.next().expect("no case has all separators"), "⿰");
        for separator in outputs {
            assert_eq!(separated(separator, "⿰"), first, "separated by {separator:?}");
            assert_eq!(separated(separator, "皇"), first, "separated by {separator:?}");
        }
        first
    }),
    ("convert_bytes", |converter, text| {
        let converted = converter.convert_bytes(text.as_bytes(), InvalidUtf8::Strict).unwrap();
        String::from_utf8(converted.into_owned()).unwrap()
    }),
    ("segments", |converter, text| {
        let mut at = 0;
        let mut out = String::new();
        for segment in converter.segments(text) {
            assert_eq!(segment.source.start, at, "segments leave no gap");
            at = segment.source.end;
            out.push_str(&segment.output);
        }
        assert_eq!(at, text.len(), "segments cover the text");
        out
    }),
    ("inspect", |converter, text| {
        let inspection = converter.inspect(text);
        if let Some(stage) = inspection.stages.last() {
            assert_eq!(stage.concat(), inspection.output);
        }
        inspection.output
    }),
    ("stream by 1 byte", |converter, text| stream(converter, text.as_bytes().chunks(1))),
    ("stream by 2 bytes", |converter, text| stream(converter, text.as_bytes().chunks(2))),
    ("stream by 7 bytes", |converter, text| stream(converter, text.as_bytes().chunks(7))),
    ("stream with empty pieces", |converter, text| {
        stream(converter, text.as_bytes().chunks(4).flat_map(|piece| [piece, &[]]))
    }),
    ("reader", |converter, text| {
        let mut out = Vec::new();
        let mut reader = converter.reader(text.as_bytes());
        let mut buffer = [0; 5];
        loop {
            match reader.read(&mut buffer).unwrap() {
                0 => break String::from_utf8(out).unwrap(),
                len => out.extend_from_slice(&buffer[..len]),
            }
        }
    }),
    ("writer", |converter, text| {
        let mut writer = converter.writer(Vec::new());
        for piece in text.as_bytes().chunks(5) {
            writer.write_all(piece).unwrap();
            writer.flush().unwrap();
        }
        String::from_utf8(writer.finish().unwrap()).unwrap()
    }),
];

/// Converts a text in these pieces.
pub(crate) fn stream<'p>(converter: &Converter, pieces: impl Iterator<Item = &'p [u8]>) -> String {
    let mut stream = converter.stream();
    let mut out = Vec::new();
    for piece in pieces {
        stream.push(piece, &mut out).unwrap();
    }
    stream.finish(&mut out).unwrap();
    String::from_utf8(out).unwrap()
}
