//! Text in, converted text out, by several threads: the input is cut where nothing reaches across, and its blocks are
//! converted at the same time.

use std::{
    collections::VecDeque,
    mem,
    sync::{
        Mutex, PoisonError,
        mpsc::{self, Receiver, SyncSender},
    },
    thread::{self, Scope},
};

use fanjian::{Converter, InvalidUtf8};
use simdutf8::compat::from_utf8;

use crate::{convert, input::Input, output::Output, run::Failure};

/// How much is read for one thread at once, in bytes. Of larger blocks, what a thread reads and writes leaves the cache
/// before another thread gets it.
const BLOCK: usize = 1024 * 1024;

/// Converts the whole input with so many threads beside this one, which reads and writes; in memory bounded by their
/// number.
///
/// What is written, and which error comes after it, is the same as with one thread: bytes that are not UTF-8, and text that
/// cannot be cut, are left to a stream, together with all that follows.
pub(crate) fn convert(
    converter: &Converter,
    mut input: Input,
    invalid: InvalidUtf8,
    output: &mut Output,
    flushes: bool,
    threads: usize,
) -> Result<(), Failure> {
    let (jobs, waiting) = mpsc::sync_channel(2 * threads);
    let waiting = Mutex::new(waiting);
    let mut text = Vec::new();
    let mut offset = 0;
    let read = thread::scope(|scope| {
        let mut workers = Workers {
            converter,
            scope,
            threads,
            started: 0,
            jobs,
            waiting: &waiting,
            in_flight: VecDeque::new(),
            free: Vec::new(),
        };
        let read = loop {
            text.reserve_exact(BLOCK - text.len());
            let read = input.fill(&mut text, BLOCK);
            let is_last = text.len() < BLOCK;
            let is_all = is_last && workers.in_flight.is_empty();
            let Some(end) = cut(converter, &text, is_last).filter(|_| read.is_ok() && !is_all) else { break read };
            let mut block = workers.free.pop().unwrap_or_default();
            block.text.clear();
            block.text.extend_from_slice(&text[end..]);
            mem::swap(&mut block.text, &mut text);
            block.text.truncate(end);
            offset += end as u64;
            workers.start(block)?;
            if is_last {
                break Ok(());
            }
            workers.write(2 * threads - 1, &input, output)?;
        };
        workers.write(0, &input, output)?;
        Ok::<_, Failure>(read)
    })?;
    input.put_back(text, read);
    convert::convert(converter.stream().invalid_utf8(invalid).starting_at(offset), input, output, flushes)
}

/// How many bytes at the beginning of `text` can be converted on their own. Nothing where that is not known.
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

/// A part of the input, and what it becomes.
#[derive(Default)]
struct Block {
    text: Vec<u8>,
    converted: Vec<u8>,
}

type Done = Result<Block, fanjian::Error>;

/// A block to convert, and where to give it back.
struct Job {
    block: Block,
    done: SyncSender<Done>,
}

struct Workers<'s, 'e> {
    converter: &'e Converter,
    scope: &'s Scope<'s, 'e>,
    threads: usize,
    started: usize,
    jobs: SyncSender<Job>,
    waiting: &'e Mutex<Receiver<Job>>,
    /// The blocks on their way, in the order of the input.
    in_flight: VecDeque<Receiver<Done>>,
    /// Blocks that are done, kept for their memory.
    free: Vec<Block>,
}

impl Workers<'_, '_> {
    /// Has a block converted. There must be room for it: fewer than two for each thread in flight.
    fn start(&mut self, block: Block) -> Result<(), Failure> {
        if self.started < self.threads {
            let (converter, waiting) = (self.converter, self.waiting);
            let result = thread::Builder::new().spawn_scoped(self.scope, || work(converter, waiting));
            self.started += 1;
            result.map_err(|error| {
                let (number, threads) = (self.started, self.threads);
                Failure::new(format!("cannot start thread {number} of {threads}: {error} (--threads takes fewer, too)"))
            })?;
        }
        let (done, result) = mpsc::sync_channel(1);
        self.jobs.send(Job { block, done }).map_err(|_| ended())?;
        self.in_flight.push_back(result);
        Ok(())
    }

    /// Writes the blocks in flight, the first ones first, until no more than so many are left.
    fn write(&mut self, left: usize, input: &Input, output: &mut Output) -> Result<(), Failure> {
        while self.in_flight.len() > left
            && let Some(first) = self.in_flight.pop_front()
        {
            let block = first.recv().map_err(|_| ended())?.map_err(|error| input.failure(&error))?;
            output.write(&block.converted)?;
            self.free.push(block);
        }
        Ok(())
    }
}

fn ended() -> Failure {
    Failure::new("a thread ended before its work was done")
}

/// Converts blocks until there are no more.
fn work(converter: &Converter, waiting: &Mutex<Receiver<Job>>) {
    let mut stream = converter.stream();
    loop {
        let job = waiting.lock().unwrap_or_else(PoisonError::into_inner).recv();
        let Ok(Job { mut block, done }) = job else { return };
        block.converted.clear();
        let converted = &mut block.converted;
        let result = stream.push(&block.text, converted).and_then(|()| stream.finish(converted));
        // After a failure nobody waits for it.
        let _ = done.send(result.map(|()| block));
    }
}
