use std::{
    io::{self, Read},
    sync::OnceLock,
};

use fanjian::{Config, Converter, Vocabulary};
use fanjian_clean::GlossMode;
use fanjian_records::{Chunk, Jsonl, Metric, Missing, Path, ReadOptions, RecordOptions, Report};
use serde::de::IgnoredAny;
use serde_json::Value;

use crate::Source;

const PATHS: [&str; 4] = ["text", "a.b", "tags[]", "list[1].text"];

pub(super) fn run(bytes: &[u8]) {
    let mut source = Source::new(bytes);
    let choices = source.byte();
    if source.one_in(2) {
        let converter = converter();
        let jsonl = Jsonl::new(RecordOptions::default().convert(converter.clone()), paths(&PATHS));
        let (record, expected) = record(&mut source, converter);
        let (record, expected) = (format!("{record}\n"), format!("{expected}\n"));
        assert_eq!(whole(&jsonl, record.as_bytes()).0, expected.as_bytes(), "{record}");
        cut(&jsonl, record.as_bytes(), &mut source);
        return;
    }
    let size = source.byte();
    let lines = source.rest();
    let options = match choices % 4 {
        // Nothing changes: every record that is sound is output as it is.
        0 => {
            let jsonl =
                Jsonl::new(RecordOptions::default().convert_by(|text| Ok(Some(text.to_owned()))), paths(&PATHS));
            let (out, report) = whole(&jsonl, lines);
            let mut rest = lines.strip_prefix(b"\xef\xbb\xbf").unwrap_or(lines);
            let mut out = out.strip_prefix(&lines[..lines.len() - rest.len()]).expect("the byte order mark");
            let mut broken = report.broken.iter().map(|broken| broken.line).peekable();
            for number in 1.. {
                let end = rest.iter().position(|&byte| byte == b'\n').map_or(rest.len(), |at| at + 1);
                let (line, behind) = rest.split_at(end);
                if line.is_empty() {
                    break;
                }
                rest = behind;
                let record = line.strip_suffix(b"\n").unwrap_or(line);
                let record = record.strip_suffix(b"\r").unwrap_or(record);
                let is_sound = record.trim_ascii().is_empty()
                    || str::from_utf8(record).is_ok_and(|record| serde_json::from_str::<IgnoredAny>(record).is_ok());
                let is_broken = broken.next_if_eq(&number).is_some();
                assert!(is_sound || is_broken, "line {number} is not JSON, and not rejected");
                if !is_broken {
                    out = out.strip_prefix(line).expect("the line as it is");
                }
            }
            assert!(out.is_empty() && broken.next().is_none(), "output of no line");
            return;
        }
        1 => RecordOptions::default().convert(converter().clone()),
        2 => RecordOptions::default()
            .convert(converter().clone())
            .gloss(GlossMode::Repair)
            .add(Metric::Script, "script")
            .add(Metric::Han, "n"),
        _ => RecordOptions::default()
            .convert(converter().clone())
            .keep_if("han>=1".parse().expect("a condition"))
            .missing(if choices >= 128 { Missing::Drop } else { Missing::Error }),
    };
    let read =
        ReadOptions::default().replace_invalid(choices & 4 > 0).max_record(if choices & 8 > 0 { 40 } else { 1 << 20 });
    let jsonl = Jsonl::new(options, paths(&PATHS[..1 + choices as usize / 16 % 4])).read_options(read);
    let (out, report) = cut(&jsonl, lines, &mut Source::new(&[size]));
    let counts = &report.counts;
    assert_eq!(counts.read, counts.kept + counts.dropped + counts.broken);
    assert_eq!(counts.broken, report.broken.len() as u64);
    // Each output line is JSON again.
    let out = String::from_utf8(out).expect("output is UTF-8");
    for line in out.trim_start_matches('\u{feff}').split('\n').filter(|line| !line.trim_ascii().is_empty()) {
        assert!(serde_json::from_str::<IgnoredAny>(line).is_ok(), "not JSON: {line:?}");
    }
    // The values that the texts become.
    if choices % 4 == 1 && !read.replace_invalid && counts.read == 1 && counts.kept == 1 && jsonl.paths().len() == 1 {
        let value = |text: &str| serde_json::from_str::<Value>(text.trim_start_matches('\u{feff}'));
        if let (Ok(mut before), Ok(after)) = (value(str::from_utf8(lines).unwrap_or_default()), value(&out)) {
            let is_twice =
                str::from_utf8(lines).unwrap_or_default().matches("text").count() > 1 || lines.contains(&b'\\');
            if let Some(Value::String(text)) = before.get_mut("text") {
                *text = converter().convert(text).into_owned();
            }
            assert!(is_twice || before == after, "{after} instead of {before}");
        }
    }
}

fn converter() -> &'static Converter {
    static FOUND: OnceLock<Converter> = OnceLock::new();
    FOUND.get_or_init(|| {
        Source::new(&[]).by_target(Vocabulary::Keep);
        Converter::new(Config::S2twp)
    })
}

fn paths(paths: &[&str]) -> Vec<Path> {
    paths.iter().map(|path| path.parse().expect("a path")).collect()
}

fn whole(jsonl: &Jsonl, lines: &[u8]) -> (Vec<u8>, Report) {
    let mut out = Vec::new();
    let report = jsonl.chunk(&Chunk::new(lines, 1), &mut out);
    (out, report)
}

/// Converts lines as a whole and in chunks, and compares.
fn cut(jsonl: &Jsonl, lines: &[u8], source: &mut Source<'_>) -> (Vec<u8>, Report) {
    let (out, report) = whole(jsonl, lines);
    let size = 1 + source.below(64);
    let mut chunks = jsonl.chunks(Slow { bytes: lines, most: 1 + source.below(9) }).size(size);
    let (mut cut, mut broken, mut chunk) = (Vec::new(), Vec::new(), Chunk::default());
    while let Some(next) = chunks.read_next(chunk).expect("memory can be read") {
        broken.extend(jsonl.chunk(&next, &mut cut).broken);
        chunk = next;
    }
    assert_eq!(String::from_utf8_lossy(&cut), String::from_utf8_lossy(&out), "in chunks of {size}");
    assert_eq!(broken, report.broken, "in chunks of {size}");
    (out, report)
}

/// A reader of a few bytes at once.
pub(super) struct Slow<'b> {
    pub(super) bytes: &'b [u8],
    pub(super) most: usize,
}

impl Read for Slow<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let len = self.most.min(self.bytes.len()).min(buffer.len());
        let (read, rest) = self.bytes.split_at(len);
        buffer[..len].copy_from_slice(read);
        self.bytes = rest;
        Ok(len)
    }
}

/// A record in any spelling, and what it becomes.
fn record(source: &mut Source<'_>, converter: &Converter) -> (String, String) {
    let mut both = (String::new(), String::new());
    both.push("{");
    for member in 0..source.below(6) {
        if member > 0 {
            both.push(source.pick(&[",", ", ", " ,\t"]));
        }
        let name = source.pick(&["text", "a", "tags", "list", "raw", "te\\u0078t"]);
        both.push(&format!("\"{name}\"{}", source.pick(&[":", ": ", " : "])));
        match name {
            "a" => {
                both.push("{\"b\":");
                value(source, converter, &mut both, true);
                both.push(", \"c\": ");
                value(source, converter, &mut both, false);
                both.push("}");
            }
            "tags" => {
                both.push("[ ");
                for element in 0..source.below(4) {
                    both.push(if element > 0 { "," } else { "" });
                    value(source, converter, &mut both, true);
                }
                both.push("]");
            }
            "list" => {
                both.push("[{\"text\": ");
                value(source, converter, &mut both, false);
                both.push("} , {\"text\": ");
                value(source, converter, &mut both, true);
                both.push("}]");
            }
            "raw" => value(source, converter, &mut both, false),
            _ => value(source, converter, &mut both, true),
        }
    }
    both.push("}");
    both
}

trait Push {
    fn push(&mut self, text: &str);
}

impl Push for (String, String) {
    fn push(&mut self, text: &str) {
        self.0.push_str(text);
        self.1.push_str(text);
    }
}

fn value(source: &mut Source<'_>, converter: &Converter, both: &mut (String, String), is_chosen: bool) {
    if source.one_in(3) {
        both.push(source.pick(&[
            "null",
            "1.0",
            "-1E+2",
            "true",
            "[\"头发\", []]",
            "{\"x\": \"头发\"}",
            "\"\"",
            "12345678901234567890",
        ]));
        return;
    }
    // An escape in a text that changes is that of all its characters of the same kind.
    let text = source.text(4).replace('/', "");
    let converted = if is_chosen { converter.convert(&text).into_owned() } else { text.clone() };
    let spell = |text: &str| serde_json::to_string(text).unwrap_or_default();
    // With an escape that is not needed, which stays. A description sequence would take it in.
    let is_open = text.contains(|character| ('\u{2ff0}'..='\u{2fff}').contains(&character));
    let end = if is_open { "" } else { source.pick(&["", "", "\\/"]) };
    let with_end = |text: String| format!("{}{end}\"", text.strip_suffix('"').unwrap_or_default());
    both.0.push_str(&with_end(spell(&text)));
    both.1.push_str(&with_end(spell(&converted)));
}
