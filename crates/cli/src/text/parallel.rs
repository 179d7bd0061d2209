//! Conversion of one text by several threads: it is cut where nothing reaches across, and its blocks are converted at
//! the same time.

use std::{
    io, mem,
    sync::{Mutex, PoisonError},
};

use fanjian::{Converter, InvalidUtf8, ScriptHistory};
use simdutf8::compat::from_utf8;

use crate::{
    error::Failure,
    io::{input::Input, output::Output},
    ordered::{self, Limits},
    text::{invalid_bytes, stream},
};

/// How much a thread reads at once, in bytes. It converts and writes that itself, and both the block and its conversion fit
/// into the cache of its processor: blocks of a megabyte take 5 % more CPU time with `s2t` (28 November 2026).
const BLOCK: usize = 128 * 1024;

/// Converts the whole input by several threads, in memory bounded by their number.
///
/// `prior` is what the input shows of its script at its beginning. What is written, and which error comes after it, is the
/// same as with one thread: bytes that are not UTF-8, and text that cannot be cut, are left to a stream, together with all
/// that follows.
pub(crate) fn convert(
    converter: &Converter,
    input: Input,
    invalid: InvalidUtf8,
    prior: ScriptHistory,
    (output, flushes): (&mut Output, bool),
    threads: usize,
) -> Result<(), Failure> {
    let name = input.name().to_owned();
    let used = Mutex::new(Vec::new());
    let mut blocks = Blocks {
        converter,
        input,
        text: Vec::new(),
        offset: 0,
        history: prior,
        ended: false,
        read: Ok(()),
        used: &used,
    };
    let work = |mut block: Block| {
        let mut stream = converter.stream().with_history(block.history);
        let result = stream.push(&block.text, &mut block.converted);
        result.and_then(|()| stream.finish(&mut block.converted)).map(|()| block)
    };
    ordered::run_in_turns(Limits { threads, ahead: 2 * threads }, &mut blocks, work, |block| {
        let block = block?.map_err(|error| Failure::Failed(format!("{name}: {}", invalid_bytes(&error))))?;
        output.write(&block.converted)?;
        used.lock().unwrap_or_else(PoisonError::into_inner).push(block);
        Ok(())
    })?;
    let Blocks { mut input, text, offset, history, read, .. } = blocks;
    input.put_back(text, read);
    let rest = converter.stream().invalid_utf8(invalid).starting_at(offset).with_history(history);
    stream::convert(rest, input, output, flushes)
}

/// A part of the text, and its conversion.
#[derive(Default)]
struct Block {
    text: Vec<u8>,
    /// Of the text before it.
    history: ScriptHistory,
    converted: Vec<u8>,
}

/// The blocks of a text, up to the first place where it cannot be cut.
struct Blocks<'b> {
    converter: &'b Converter,
    input: Input,
    /// What has been read, and is in no block yet.
    text: Vec<u8>,
    /// Where that begins, in bytes.
    offset: u64,
    /// Of the text before that.
    history: ScriptHistory,
    ended: bool,
    /// The error that ended the reading, if one did.
    read: io::Result<()>,
    /// Blocks that are done, for their memory.
    used: &'b Mutex<Vec<Block>>,
}

impl Iterator for Blocks<'_> {
    type Item = Block;

    fn next(&mut self) -> Option<Block> {
        if self.ended {
            return None;
        }
        let Blocks { text, .. } = self;
        text.reserve_exact(BLOCK - text.len());
        self.read = self.input.fill(text, BLOCK);
        let is_last = text.len() < BLOCK;
        // A text of one block needs no other thread.
        let is_all = is_last && self.offset == 0;
        let end = cut(self.converter, text, is_last).filter(|_| self.read.is_ok() && !is_all);
        self.ended = is_last || end.is_none();
        let end = end?;
        let history = self.history;
        if !is_last {
            self.history = self.converter.history(from_utf8(&text[..end]).unwrap_or_default(), history);
        }
        let mut block = self.used.lock().unwrap_or_else(PoisonError::into_inner).pop().unwrap_or_default();
        block.history = history;
        block.converted.clear();
        block.text.clear();
        block.text.extend_from_slice(&text[end..]);
        mem::swap(&mut block.text, text);
        block.text.truncate(end);
        self.offset += end as u64;
        Some(block)
    }
}

/// How many bytes at the beginning of `text` can be converted on their own. None if that is not known.
fn cut(converter: &Converter, text: &[u8], is_last: bool) -> Option<usize> {
    match from_utf8(text) {
        Ok(_) if is_last => Some(text.len()),
        Ok(text) => converter.boundary(text),
        // It ends within a character.
        Err(error) if error.error_len().is_none() && !is_last => {
            converter.boundary(from_utf8(&text[..error.valid_up_to()]).ok()?)
        }
        Err(_) => None,
    }
}
