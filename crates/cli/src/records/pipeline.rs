//! Chunks of records through several threads, in order.

use std::{
    io::Read,
    mem,
    sync::{
        Mutex, PoisonError,
        mpsc::{self, SyncSender},
    },
    thread,
};

use fanjian_records::{Chunk, Chunks, Report};

use crate::run::Failure;

/// A chunk, and what became of it.
pub(crate) struct Done {
    pub(crate) out: Vec<u8>,
    pub(crate) report: Report,
    pub(crate) is_changed: bool,
}

/// Converts chunks by so many threads, beside one that reads and this one, which is given the results in order: what is
/// written does not depend on the number of threads. With one, all is done in this thread, and memory used again.
pub(crate) fn run<R: Read + Send>(
    mut chunks: Chunks<R>,
    threads: usize,
    convert: impl Fn(&Chunk, &mut Vec<u8>) -> Report + Sync,
    mut write: impl FnMut(&mut Done) -> Result<(), Failure>,
) -> Result<(), Failure> {
    let convert = |chunk: &Chunk, mut out: Vec<u8>| {
        out.clear();
        let report = convert(chunk, &mut out);
        Done { is_changed: out != chunk.bytes(), out, report }
    };
    if threads <= 1 {
        let (mut used, mut out) = (Chunk::default(), Vec::new());
        while let Some(chunk) = chunks.read_next(mem::take(&mut used))? {
            let mut done = convert(&chunk, mem::take(&mut out));
            write(&mut done)?;
            (used, out) = (chunk, done.out);
        }
        return Ok(());
    }
    type Job = (Chunk, SyncSender<Done>);
    let (jobs, waiting) = mpsc::sync_channel::<Job>(threads);
    let waiting = Mutex::new(waiting);
    let (order, results) = mpsc::sync_channel(2 * threads);
    thread::scope(|scope| {
        for number in 0..threads {
            let (waiting, convert) = (&waiting, &convert);
            let work = move || {
                loop {
                    let job = waiting.lock().unwrap_or_else(PoisonError::into_inner).recv();
                    let Ok((chunk, done)) = job else { return };
                    // After a failure nobody waits for it.
                    let _ = done.send(convert(&chunk, Vec::new()));
                }
            };
            spawn(scope, number, threads, work)?;
        }
        let read = move || {
            loop {
                let (send, result) = mpsc::sync_channel(1);
                let ok = match chunks.read_next(Chunk::default()) {
                    Ok(Some(chunk)) => order.send(Ok(result)).is_ok() && jobs.send((chunk, send)).is_ok(),
                    Ok(None) => false,
                    Err(error) => {
                        let _ = order.send(Err(error));
                        false
                    }
                };
                if !ok {
                    return;
                }
            }
        };
        spawn(scope, threads, threads, read)?;
        for result in results {
            let result = result?;
            let mut done = result.recv().map_err(|_| Failure::new("a thread ended before its work was done"))?;
            write(&mut done)?;
        }
        Ok(())
    })
}

fn spawn<'s>(
    scope: &'s thread::Scope<'s, '_>,
    number: usize,
    threads: usize,
    work: impl FnOnce() + Send + 's,
) -> Result<(), Failure> {
    let result = thread::Builder::new().spawn_scoped(scope, work);
    result.map(drop).map_err(|error| {
        Failure::new(format!("cannot start thread {} of {threads}: {error} (--threads takes fewer, too)", number + 1))
    })
}
