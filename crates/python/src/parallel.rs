//! An ordered thread pool: several threads do the tasks, and the calling thread takes the results in order.
//!
//! The threads live as long as the call: a process that is forked between two calls lacks none of them.

use std::{
    io,
    num::NonZero,
    sync::{
        Mutex,
        mpsc::{Receiver, channel},
    },
    thread,
};

use pyo3::{
    exceptions::{PyOverflowError, PyRuntimeError, PyValueError},
    prelude::*,
};

/// The most threads per processor: more of them would only wait for each other.
const THREADS: usize = 4;
/// The number of tasks that each thread has at once, so that it need not wait for the next one.
const AHEAD: usize = 2;

/// The number of threads that an argument `threads` asks for.
pub(crate) fn threads_of(argument: &Bound<'_, PyAny>) -> PyResult<usize> {
    let processors = thread::available_parallelism().map_or(1, NonZero::get);
    let most = THREADS * processors;
    match argument.extract::<usize>() {
        Ok(0) => Ok(processors),
        Ok(threads) => Ok(threads.min(most)),
        Err(error) if !error.is_instance_of::<PyOverflowError>(argument.py()) => Err(error),
        Err(_) if argument.gt(0)? => Ok(most),
        Err(_) => Err(PyValueError::new_err(format!(
            "threads must be a number of threads, or 0 for the number of processors, not {argument}"
        ))),
    }
}

/// The system cannot start another thread.
#[derive(Debug)]
pub(crate) struct NoThread(io::Error);

impl From<NoThread> for PyErr {
    /// The exception of Python's own `threading`.
    fn from(NoThread(error): NoThread) -> PyErr {
        PyRuntimeError::new_err(format!("can't start new thread ({error}): ask for fewer threads"))
    }
}

/// Does tasks with this number of threads, and takes the results in the order of the tasks.
///
/// The calling thread makes the tasks, a few ahead of the results, and takes the results; with fewer than two threads, it does
/// the work, too. With `py`, it releases the interpreter's lock while it waits.
///
/// # Panics
///
/// If `work` panics, after the results before that have been taken.
pub(crate) fn in_order<T: Send, R: Send, E: From<NoThread>>(
    py: Option<Python<'_>>,
    threads: usize,
    tasks: impl Iterator<Item = T>,
    work: impl Fn(T) -> R + Sync,
    mut take: impl FnMut(R) -> Result<(), E>,
) -> Result<(), E> {
    if threads < 2 {
        return tasks.map(work).try_for_each(take);
    }
    thread::scope(|scope| {
        let start = |_| {
            let (tasks, own_tasks) = channel();
            let (own_results, results) = channel();
            let work = &work;
            let run = move || {
                for task in own_tasks {
                    // Nobody takes it if an earlier result ended the call.
                    if own_results.send(work(task)).is_err() {
                        break;
                    }
                }
            };
            let started = thread::Builder::new().spawn_scoped(scope, run).map_err(NoThread);
            started.map(|_| (tasks, Mutex::new(results)))
        };
        let workers: Vec<_> = (0..threads).map(start).collect::<Result<_, _>>()?;
        // Each worker gets every n-th task, so that the next result is always that of the next worker.
        let mut tasks = tasks.fuse();
        let (mut receivers, mut waiting) = (workers.iter().cycle(), 0);
        let mut senders = workers.iter().cycle();
        loop {
            while waiting < AHEAD * threads
                && let Some(task) = tasks.next()
                && let Some((sender, _)) = senders.next()
            {
                // A worker that panicked takes none.
                let _ = sender.send(task);
                waiting += 1;
            }
            let Some((_, results)) = receivers.next().filter(|_| waiting > 0) else { return Ok(()) };
            let result = match py {
                Some(py) => py.detach(|| receive(results)),
                None => receive(results),
            };
            // Without a result, the worker panicked, and so does the scope.
            let Some(result) = result else { return Ok(()) };
            waiting -= 1;
            take(result)?;
        }
    })
}

/// The next result of a worker. None if it panicked.
fn receive<R>(results: &Mutex<Receiver<R>>) -> Option<R> {
    results.lock().ok()?.recv().ok()
}
