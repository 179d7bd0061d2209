//! JSON about the conversion, a record a line, in the form of OpenCC's command.

use std::collections::HashMap;

use fanjian::{Converter, Error, Inspection, InvalidUtf8};
use serde_json::{Value, json};

use crate::{
    error::Failure,
    io::{
        encodings::{Decoder, FileEncoding},
        input::Input,
        output::Output,
    },
    messages::message,
};

/// How much is read at once, in bytes.
const PIECE: usize = 64 * 1024;

/// The lines of an input, read whole one after the other.
pub(crate) struct Lines {
    input: Input,
    decoder: Decoder,
    /// How many bytes of byte order mark are still to be left out.
    skip: usize,
    invalid: InvalidUtf8,
    /// What was last read, as it was.
    piece: Vec<u8>,
    /// What was read, as UTF-8.
    read: Vec<u8>,
    /// Where in `read` the next line begins.
    next: usize,
    /// How many bytes came before the next line.
    offset: usize,
    ended: bool,
}

impl Lines {
    pub(crate) fn new(input: Input, found: FileEncoding, invalid: InvalidUtf8) -> Lines {
        let FileEncoding { encoding, has_mark, .. } = found;
        // Of UTF-8, the mark is a character like others.
        let skip = if has_mark && !encoding.is_utf_8() { encoding.mark().len() } else { 0 };
        let decoder = Decoder::new(encoding, invalid, skip);
        let piece = vec![0; PIECE];
        Lines { input, decoder, skip, invalid, piece, read: Vec::new(), next: 0, offset: 0, ended: false }
    }

    /// Reads another piece, or the end.
    fn read(&mut self) -> Result<(), Failure> {
        let len = self.input.read(&mut self.piece)?;
        let skipped = self.skip.min(len);
        self.skip -= skipped;
        self.ended = len == 0;
        let decoded = self.decoder.push(&self.piece[skipped..len], self.ended, &mut self.read);
        decoded.map_err(|message| Failure::Failed(format!("{}: {message}", self.input.name())))
    }

    /// The next line, with its line break. None at the end.
    fn next(&mut self) -> Result<Option<String>, Failure> {
        let mut searched = self.next;
        let end = loop {
            if let Some(at) = self.read[searched..].iter().position(|&byte| byte == b'\n') {
                break searched + at + 1;
            }
            if self.ended {
                break self.read.len();
            }
            self.read.drain(..self.next);
            self.next = 0;
            searched = self.read.len();
            self.read()?;
        };
        let line = self.read[self.next..end].to_vec();
        if line.is_empty() {
            return Ok(None);
        }
        self.next = end;
        let offset = self.offset;
        self.offset += line.len();
        match String::from_utf8(line) {
            Ok(line) => Ok(Some(line)),
            Err(error) if self.invalid == InvalidUtf8::Replace => {
                Ok(Some(String::from_utf8_lossy(error.as_bytes()).into_owned()))
            }
            Err(error) => {
                let error = Error::invalid_utf8(error.as_bytes(), offset as u64);
                let name = self.input.name();
                Err(Failure::Failed(message!(
                    "{name}: {error} (--invalid-utf8 replace converts the rest)",
                    name,
                    error
                )))
            }
        }
    }
}

/// Writes a record of each line, without its line feed.
pub(crate) fn lines(
    converter: &Converter,
    mut lines: Lines,
    output: &mut Output,
    record: fn(Inspection) -> Value,
) -> Result<(), Failure> {
    while let Some(line) = lines.next()? {
        let line = line.strip_suffix('\n').unwrap_or(&line);
        write(output, &record(converter.inspect(line)))?;
    }
    Ok(())
}

pub(crate) fn segmentation(inspection: Inspection) -> Value {
    json!({ "input": inspection.input, "segments": inspection.segments })
}

/// A pipeline of two, normalization and conversion; or the conversion alone where nothing is normalized.
pub(crate) fn inspection(inspection: Inspection) -> Value {
    let Inspection { input, normalization, segments, stages, output, .. } = inspection;
    let Some(normalized) = normalization.last().cloned() else {
        return pipeline_stage(input, segments, stages, output);
    };
    let normalization = pipeline_stage(
        input.clone(),
        vec![input.clone()],
        normalization.into_iter().map(|text| vec![text]).collect(),
        normalized.clone(),
    );
    let conversion = pipeline_stage(normalized, segments, stages, output.clone());
    json!({
        "input": input, "segments": [], "stages": [], "pipelineStages": [normalization, conversion], "output": output,
    })
}

fn pipeline_stage(input: String, segments: Vec<String>, stages: Vec<Vec<String>>, output: String) -> Value {
    let stages = stages.into_iter().enumerate().map(|(at, segments)| json!({ "index": at + 1, "segments": segments }));
    json!({
        "input": input, "segments": segments, "stages": stages.collect::<Vec<_>>(), "pipelineStages": [],
        "output": output,
    })
}

/// Writes the converted text as records: `def` for a source text with several candidates, the first time it comes;
/// `amb` for its output, with the number of its `def`; `lit` for all other output; and `end`.
pub(crate) fn ambiguities(converter: &Converter, mut lines: Lines, output: &mut Output) -> Result<(), Failure> {
    /// A long text without anything ambiguous is written in literals of about this many bytes.
    const LONGEST_LITERAL: usize = 1024 * 1024;
    let mut sources: HashMap<String, usize> = HashMap::new();
    let (mut ambiguities, mut bytes) = (0, 0);
    let mut literal = String::new();
    let flush = |literal: &mut String, output: &mut Output| {
        let result = if literal.is_empty() { Ok(()) } else { write(output, &json!({ "lit": literal })) };
        literal.clear();
        result
    };
    while let Some(line) = lines.next()? {
        for segment in converter.segments(&line) {
            bytes += segment.output.len();
            if segment.decisions.iter().all(|decision| decision.alternatives.is_empty()) {
                literal.push_str(&segment.output);
                continue;
            }
            ambiguities += 1;
            let source = &line[segment.source];
            let known = sources.len();
            let number = *sources.entry(source.to_owned()).or_insert(known);
            if number == known {
                write(output, &json!({ "def": source }))?;
            }
            flush(&mut literal, output)?;
            write(output, &json!({ "amb": { "t": segment.output, "s": number } }))?;
        }
        if literal.len() > LONGEST_LITERAL {
            flush(&mut literal, output)?;
        }
    }
    flush(&mut literal, output)?;
    let end = json!({ "output_bytes": bytes, "ambiguities": ambiguities, "sources": sources.len() });
    write(output, &json!({ "end": end }))
}

fn write(output: &mut Output, record: &Value) -> Result<(), Failure> {
    output.write(format!("{record}\n").as_bytes())
}
