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

/// How much of the end of a block is looked at for a place to cut, in bytes.
const END: usize = 4 * 1024;

/// Converts the whole input by several threads, in memory bounded by their number.
///
/// `prior` is what the input shows of its script at its beginning. What is written, and which error comes after it, is the
/// same as with one thread: text that cannot be cut is left to a stream, together with all that follows.
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
    let stream = |offset, history| converter.stream().invalid_utf8(invalid).starting_at(offset).with_history(history);
    let work = |mut block: Block| {
        let mut stream = stream(block.offset, block.history);
        let pushed = stream.push(&block.text, &mut block.converted);
        let result = pushed.and_then(|()| stream.finish(&mut block.converted));
        (block, result)
    };
    ordered::run_in_turns(Limits { threads, ahead: 2 * threads }, &mut blocks, work, |done| {
        let (block, result) = done?;
        output.write(&block.converted)?;
        result.map_err(|error| Failure::Failed(format!("{name}: {}", invalid_bytes(&error))))?;
        used.lock().unwrap_or_else(PoisonError::into_inner).push(block);
        Ok(())
    })?;
    let Blocks { mut input, text, offset, history, read, .. } = blocks;
    input.put_back(text, read);
    stream::convert(stream(offset, history), input, output, flushes)
}

/// A part of the text, and its conversion.
#[derive(Default)]
struct Block {
    text: Vec<u8>,
    /// Where it begins, in bytes.
    offset: u64,
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
        self.text.reserve_exact(BLOCK - self.text.len());
        self.read = self.input.fill(&mut self.text, BLOCK);
        let is_last = self.text.len() < BLOCK;
        // A text of one block needs no other thread.
        let is_all = is_last && self.offset == 0;
        let end = self.end(is_last).filter(|_| self.read.is_ok() && !is_all);
        self.ended = is_last || end.is_none();
        let end = end?;
        let mut block = self.used.lock().unwrap_or_else(PoisonError::into_inner).pop().unwrap_or_default();
        (block.offset, block.history) = (self.offset, self.history);
        if !is_last && self.converter.depends_on_history() {
            self.history = self.converter.history(from_utf8(&self.text[..end]).ok()?, block.history);
        }
        block.converted.clear();
        block.text.clear();
        block.text.extend_from_slice(&self.text[end..]);
        mem::swap(&mut block.text, &mut self.text);
        block.text.truncate(end);
        self.offset += end as u64;
        Some(block)
    }
}

impl Blocks<'_> {
    /// How many bytes of what has been read are the next block. None if that is not known.
    ///
    /// Whoever converts a block decodes it; so here that is done only with its end, unless more has to be known of it.
    fn end(&self, is_last: bool) -> Option<usize> {
        // The stream has another message for what is no text at all. And what a text shows of its script is seen only in text.
        if self.offset == 0 || self.converter.depends_on_history() {
            self.end_of_text(is_last)
        } else if is_last {
            Some(self.text.len())
        } else {
            self.end_by_last_bytes().or_else(|| self.end_of_text(is_last))
        }
    }

    fn end_of_text(&self, is_last: bool) -> Option<usize> {
        match from_utf8(&self.text) {
            Ok(_) if is_last => Some(self.text.len()),
            Ok(text) => self.converter.boundary(text),
            // It ends within a character.
            Err(error) if error.error_len().is_none() && !is_last => {
                self.converter.boundary(from_utf8(&self.text[..error.valid_up_to()]).ok()?)
            }
            Err(_) => None,
        }
    }

    fn end_by_last_bytes(&self) -> Option<usize> {
        let is_first_of_character = |byte: &u8| byte & 0xc0 != 0x80;
        let from = self.text.len().saturating_sub(END);
        let from = from + self.text[from..].iter().position(is_first_of_character)?;
        let to = from + self.text[from..].iter().rposition(is_first_of_character)?;
        Some(from + self.converter.boundary_of_end(from_utf8(&self.text[from..to]).ok()?)?)
    }
}
