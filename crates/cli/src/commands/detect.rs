//! `fanjian detect`: script and region of texts.

use std::{mem, ops::Range, path::Path};

use fanjian::{DetectStream, Detection, Script, Span, SpanStream};
use serde_json::json;

use crate::{
    args::{commands::DetectArgs, values::AnswerFormat},
    commands::{inputs::Inputs, text::document_texts},
    error::{Failure, Status},
    io::{
        documents,
        encodings::{self, Decoder, NotFound},
        output::Output,
        source::Source,
    },
    messages::{self, message, translatable},
    print,
    text::document::LIMIT,
};

/// How much is read at once, in bytes.
const PIECE: usize = 64 * 1024;

pub(crate) fn run(args: &DetectArgs) -> Result<Status, Failure> {
    let (mut inputs, files) = Inputs::find("detect", &args.paths, &args.filter)?;
    let mut output = Output::open(None)?;
    let mut count = inputs.failed();
    for file in files {
        // To look at a backup changes nothing.
        if let Some(why) = file.left_out.filter(|why| *why != encodings::NoText::Backup) {
            print::note(format_args!("fanjian: {}: {}", print::name(&file.path), why.skipped()));
            continue;
        }
        count += 1;
        match detect(args, &file.path, &mut output) {
            Ok(()) => {}
            Err(Stop::File(message)) => inputs.fail(&file.path, message),
            Err(Stop::All(failure)) => return Err(failure),
        }
    }
    output.finish()?;
    inputs.finish(count)
}

/// Why detection stops.
enum Stop {
    /// This file cannot be read; others can.
    File(String),
    /// The answer cannot be written.
    All(Failure),
}

/// Reports one file.
fn detect(args: &DetectArgs, path: &Path, output: &mut Output) -> Result<(), Stop> {
    let unreadable = |failure: Failure| Stop::File(failure.to_string());
    let mut source = Source::open(path, false).map_err(unreadable)?;
    let mut piece = Vec::new();
    source.read(&mut piece, encodings::HEAD).map_err(unreadable)?;
    let name = path.display().to_string();
    if let Some(format) = documents::format(path, &piece, None).filter(|_| !args.filter.text) {
        let mut rest = Vec::new();
        source.read(&mut rest, LIMIT).map_err(unreadable)?;
        piece.extend_from_slice(&rest);
        let (groups, _) = document_texts(&piece, format, args.from_encoding).map_err(Stop::File)?;
        let mut detector = Detector::new(args, name);
        for group in groups {
            detector.push(&group.text, output).map_err(Stop::All)?;
            detector.push("\n", output).map_err(Stop::All)?;
        }
        return detector.finish(output).map_err(Stop::All);
    }
    let is_whole = piece.len() < encodings::HEAD;
    let found = match encodings::find(&piece, is_whole, Some(args.from_encoding), args.filter.text) {
        Ok(found) => found,
        Err(NotFound::Uncertain(message)) => return Err(Stop::File(message)),
        Err(NotFound::NoText(_)) => {
            let answer = match args.format {
                AnswerFormat::Text => format!("{}: {}", print::escape(&name), messages::text("binary")),
                AnswerFormat::Json => json!({ "path": name, "script": null, "binary": true }).to_string(),
            };
            return output.write_line(&answer).map_err(Stop::All);
        }
    };
    let mut decoder = Decoder::lossy(found.encoding);
    let mut detector = Detector::new(args, name);
    let mut text = Vec::new();
    loop {
        let is_last = piece.is_empty();
        text.clear();
        decoder.push(&piece, is_last, &mut text).map_err(Stop::File)?;
        detector.push(&String::from_utf8_lossy(&text), output).map_err(Stop::All)?;
        if is_last {
            return detector.finish(output).map_err(Stop::All);
        }
        source.read(&mut piece, PIECE).map_err(unreadable)?;
    }
}

/// Detection of a text that comes in pieces, and its report.
struct Detector {
    name: String,
    format: AnswerFormat,
    scope: Scope,
}

/// What is reported.
enum Scope {
    Text(DetectStream),
    /// The line that has begun, its number, and whether it has any text.
    Lines(DetectStream, usize, bool),
    Spans(Box<SpanStream>),
}

/// A part of a text, and its detection.
struct Part {
    line: Option<usize>,
    range: Option<Range<usize>>,
    found: Detection,
}

impl Detector {
    fn new(args: &DetectArgs, name: String) -> Detector {
        let scope = match args {
            DetectArgs { lines: true, .. } => Scope::Lines(DetectStream::new(), 1, false),
            DetectArgs { spans: true, .. } => Scope::Spans(Box::default()),
            _ => Scope::Text(DetectStream::new()),
        };
        Detector { name, format: args.format, scope }
    }

    fn push(&mut self, text: &str, output: &mut Output) -> Result<(), Failure> {
        let mut parts = Vec::new();
        match &mut self.scope {
            Scope::Text(stream) => stream.push(text),
            Scope::Lines(stream, line, is_begun) => {
                for text in text.split_inclusive('\n') {
                    stream.push(text);
                    *is_begun = !text.ends_with('\n');
                    if !*is_begun {
                        parts.push(Part::line(*line, mem::take(stream)));
                        *line += 1;
                    }
                }
            }
            Scope::Spans(stream) => {
                let mut spans = Vec::new();
                stream.push(text, &mut spans);
                parts.extend(spans.into_iter().map(Part::span));
            }
        }
        parts.iter().try_for_each(|part| write(&self.name, self.format, part, output))
    }

    fn finish(self, output: &mut Output) -> Result<(), Failure> {
        let parts = match self.scope {
            Scope::Text(stream) => vec![Part { line: None, range: None, found: stream.finish() }],
            Scope::Lines(stream, line, is_begun) => is_begun.then(|| Part::line(line, stream)).into_iter().collect(),
            Scope::Spans(stream) => {
                let mut spans = Vec::new();
                stream.finish(&mut spans);
                spans.into_iter().map(Part::span).collect()
            }
        };
        parts.iter().try_for_each(|part| write(&self.name, self.format, part, output))
    }
}

impl Part {
    fn line(line: usize, stream: DetectStream) -> Part {
        Part { line: Some(line), range: None, found: stream.finish() }
    }

    fn span(span: Span) -> Part {
        Part { line: Some(span.line), range: Some(span.range), found: span.detection }
    }
}

fn write(name: &str, format: AnswerFormat, part: &Part, output: &mut Output) -> Result<(), Failure> {
    output.write_line(&match format {
        AnswerFormat::Json => json_record(name, part),
        AnswerFormat::Text => text_record(name, part),
    })
}

/// The record of a detection for programs, to which others may be added.
fn json_record(name: &str, part: &Part) -> String {
    let found = &part.found;
    let scores = found.scores();
    // Three digits are all that the figures are good for.
    let round = |score: f64| (score * 1000.0).round() / 1000.0;
    let mut record = json!({
        "path": name, "script": found.script().name(), "confidence": round(found.confidence()),
        "scores": {
            "simplified": round(scores.simplified), "traditional": round(scores.traditional), "taiwan": round(scores.taiwan),
            "hong_kong": round(scores.hong_kong), "standard": round(scores.standard), "japanese": round(scores.japanese),
        },
        "machine_converted": found.is_machine_converted(),
    });
    // The last count is evidence against Japanese, which the script shows.
    for (name, count) in found.counts().filter(|(name, _)| *name != "not_japanese") {
        record[name] = count.into();
    }
    if let Some(line) = part.line {
        record["line"] = line.into();
    }
    if let Some(range) = &part.range {
        record["start"] = range.start.into();
        record["end"] = range.end.into();
    }
    record.to_string()
}

fn text_record(name: &str, part: &Part) -> String {
    let found = &part.found;
    let name = print::escape(name);
    let at = match (part.line, &part.range) {
        (Some(line), Some(range)) => {
            message!("{name}:{line}: bytes {start}-{end}", name, line, start = range.start, end = range.end)
        }
        (Some(line), None) => format!("{name}:{line}"),
        _ => name,
    };
    let script = found.script();
    let confidence = match script {
        Script::Undecided | Script::NotChinese => String::new(),
        _ => format!(" {:.2}", found.confidence()),
    };
    let converted = if found.is_machine_converted() { messages::text(", machine-converted") } else { String::new() };
    let counts = [
        (found.han, translatable("Chinese")),
        (found.simplified, translatable("only Simplified")),
        (found.traditional, translatable("only Traditional")),
        (found.taiwan, translatable("as in Taiwan")),
        (found.hong_kong, translatable("as in Hong Kong")),
        (found.taiwan_words, translatable("words of Taiwan")),
        (found.hong_kong_words, translatable("words of Hong Kong")),
        (found.converted, translatable("converted by characters")),
        (found.kana, translatable("kana")),
    ];
    let counts = counts.into_iter().filter(|(count, _)| *count > 0);
    let counts: Vec<_> =
        counts.map(|(count, what)| message!("{count} {what}", count, what = messages::text(what))).collect();
    let counts = if counts.is_empty() { String::new() } else { format!(" ({})", counts.join(", ")) };
    format!("{at}: {script}{confidence}{converted}{counts}")
}
