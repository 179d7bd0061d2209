//! The ordered thread pool: jobs are done by several threads, and their results are taken in the order of the jobs.
//!
//! It serves files, chunks of records, and blocks of one text.

use std::{
    any::Any,
    cell::Cell,
    collections::BTreeMap,
    env, fmt, mem,
    panic::{self, AssertUnwindSafe},
    sync::{
        Condvar, Mutex, MutexGuard, PoisonError,
        mpsc::{self, Receiver, SyncSender},
    },
    thread::{self, Scope},
};

use crate::error::Failure;

/// How many threads work, and how far they may run ahead.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Limits {
    pub(crate) threads: usize,
    /// How many jobs may be begun whose results have not been taken.
    pub(crate) ahead: usize,
}

/// A panic while one job was done: the others go on.
#[derive(Debug)]
pub(crate) struct Panicked(String);

impl fmt::Display for Panicked {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "internal error: {}", self.0)
    }
}

impl From<Panicked> for Failure {
    fn from(panicked: Panicked) -> Failure {
        Failure::Failed(panicked.to_string())
    }
}

/// A job on its way to a thread, and where its result goes.
type Queued<J, R> = (J, SyncSender<Result<R, Panicked>>);

/// Does `work` on each job, and gives the results to `take` in the order of the jobs.
///
/// With one thread, all is done in this one. With several, a thread of its own gets the next job, and this one takes
/// the results: what `take` sees does not depend on the number of threads. Threads that the system does not allow are
/// done without. The first failure of `take` ends the work.
pub(crate) fn run<J: Send, R: Send>(
    limits: Limits,
    mut jobs: impl Iterator<Item = J> + Send,
    work: impl Fn(J) -> R + Sync,
    mut take: impl FnMut(Result<R, Panicked>) -> Result<(), Failure>,
) -> Result<(), Failure> {
    let work = |job| caught(|| work(job));
    if limits.threads > 1 && in_threads(limits, &mut jobs, &work, &mut take)? {
        return Ok(());
    }
    jobs.try_for_each(|job| take(work(job)))
}

/// Does all jobs in other threads. False if the system allows none; then no job has been begun.
fn in_threads<J: Send, R: Send>(
    limits: Limits,
    jobs: &mut (impl Iterator<Item = J> + Send),
    work: &(impl Fn(J) -> Result<R, Panicked> + Sync),
    take: &mut impl FnMut(Result<R, Panicked>) -> Result<(), Failure>,
) -> Result<bool, Failure> {
    let (queue, waiting) = mpsc::sync_channel::<Queued<J, R>>(limits.threads);
    let waiting = Mutex::new(waiting);
    let (order, results) = mpsc::sync_channel(limits.ahead.max(1));
    thread::scope(|scope| {
        let waiting = &waiting;
        let feed = move || {
            let fed = caught(|| {
                let (mut started, mut wanted) = (0, limits.threads);
                for job in jobs {
                    if started < wanted {
                        match spawn(scope, || serve(waiting, work)) {
                            true => started += 1,
                            false => wanted = started,
                        }
                    }
                    let (send, result) = mpsc::sync_channel(1);
                    // After a failure nobody takes results, and nobody waits for jobs.
                    if order.send(Ok(result)).is_err() {
                        break;
                    }
                    if started == 0 {
                        let _ = send.send(work(job));
                    } else if queue.send((job, send)).is_err() {
                        break;
                    }
                }
            });
            if let Err(panicked) = fed {
                let _ = order.send(Err(panicked));
            }
        };
        if !spawn(scope, feed) {
            return Ok(false);
        }
        for result in results {
            let result: Receiver<_> = result?;
            take(result.recv().unwrap_or_else(|_| Err(Panicked("a thread ended before its work".to_owned()))))?;
        }
        Ok(true)
    })
}

/// Does jobs until there are no more.
fn serve<J, R>(waiting: &Mutex<Receiver<Queued<J, R>>>, work: &impl Fn(J) -> Result<R, Panicked>) {
    loop {
        let job = lock(waiting).recv();
        let Ok((job, done)) = job else { return };
        // After a failure nobody waits for it.
        let _ = done.send(work(job));
    }
}

/// As [`run`], but each thread gets its next job itself, and gives results to `take` where it is their turn: what a job
/// holds stays in the cache of one processor, and no other thread has to be woken.
///
/// `jobs` and `take` are used by one thread at a time. A thread that is done while another one uses `take` leaves its result to that
/// one, and goes on.
pub(crate) fn run_in_turns<J, R: Send>(
    limits: Limits,
    jobs: impl Iterator<Item = J> + Send,
    work: impl Fn(J) -> R + Sync,
    take: impl FnMut(Result<R, Panicked>) -> Result<(), Failure> + Send,
) -> Result<(), Failure> {
    let jobs = Mutex::new(jobs.enumerate());
    let take = Mutex::new(take);
    let results = Mutex::new(Results { early: BTreeMap::new(), turn: 0, is_taking: false, failure: None });
    let has_room = Condvar::new();
    let next = || lock(&results).next();
    let take_turns = || {
        while let Some(result) = next() {
            let outcome = caught(|| (lock(&take))(result)).unwrap_or_else(|panicked| Err(panicked.into()));
            if let Err(failure) = outcome {
                lock(&results).fail(failure);
            }
            has_room.notify_all();
        }
    };
    let serve = || {
        while lock(&results).failure.is_none() {
            let (number, result) = match caught(|| lock(&jobs).next()) {
                Ok(Some((number, job))) => (number, caught(|| work(job))),
                Ok(None) => return,
                Err(panicked) => {
                    lock(&results).fail(panicked.into());
                    return has_room.notify_all();
                }
            };
            if lock(&results).add(number, result) {
                take_turns();
            }
            let mut results = lock(&results);
            while results.early.len() >= limits.ahead && results.failure.is_none() {
                results = has_room.wait(results).unwrap_or_else(PoisonError::into_inner);
            }
        }
    };
    thread::scope(|scope| {
        // Threads that the system does not allow are done without.
        let _ = (1..limits.threads).all(|_| spawn(scope, serve));
        serve();
    });
    results.into_inner().unwrap_or_else(PoisonError::into_inner).failure.map_or(Ok(()), Err)
}

/// The results of jobs, on their way to whoever takes them.
struct Results<R> {
    /// Those whose turn has not come, by their numbers.
    early: BTreeMap<usize, Result<R, Panicked>>,
    /// The number of the next one to be taken.
    turn: usize,
    /// Whether a thread takes them, as long as there are some.
    is_taking: bool,
    /// The first failure, after which nothing is taken.
    failure: Option<Failure>,
}

impl<R> Results<R> {
    /// Adds a result. Returns whether the caller has to take those whose turn it is: as none does.
    fn add(&mut self, number: usize, result: Result<R, Panicked>) -> bool {
        self.early.insert(number, result);
        !mem::replace(&mut self.is_taking, true)
    }

    /// The result whose turn it is, for the thread that takes them. If there is none, it takes no more.
    fn next(&mut self) -> Option<Result<R, Panicked>> {
        let result = self.early.remove(&self.turn).filter(|_| self.failure.is_none());
        self.is_taking = result.is_some();
        self.turn += usize::from(self.is_taking);
        result
    }

    fn fail(&mut self, failure: Failure) {
        self.failure.get_or_insert(failure);
    }
}

/// What is in a mutex, also if a thread that had it has panicked: all that did is caught.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Starts a thread. False if the system does not allow it.
fn spawn<'scope>(scope: &'scope Scope<'scope, '_>, work: impl FnOnce() + Send + 'scope) -> bool {
    thread::Builder::new().spawn_scoped(scope, work).is_ok()
}

/// Does something, a panic in which is its failure.
pub(crate) fn caught<R>(work: impl FnOnce() -> R) -> Result<R, Panicked> {
    panic::catch_unwind(AssertUnwindSafe(work)).map_err(|panic: Box<dyn Any + Send>| {
        let message = panic.downcast_ref::<&str>().map(|message| (*message).to_owned());
        let message = message.or_else(|| panic.downcast_ref::<String>().cloned());
        let message = message.unwrap_or_else(|| "a panic without a message".to_owned());
        let place = PLACE.take().map_or_else(String::new, |place| format!(" ({place})"));
        Panicked(format!("{message}{place}"))
    })
}

thread_local! {
    /// Where the last panic of a thread was.
    static PLACE: Cell<Option<String>> = const { Cell::new(None) };
}

/// Has panics print nothing, as whoever catches them does; unless a backtrace is wanted.
pub(crate) fn quiet_panics() {
    let usual = panic::take_hook();
    panic::set_hook(Box::new(move |panic| {
        PLACE.set(panic.location().map(ToString::to_string));
        if env::var_os("RUST_BACKTRACE").is_some_and(|wanted| wanted != "0") {
            usual(panic);
        }
    }));
}

#[cfg(test)]
mod tests {
    use std::{
        sync::atomic::{AtomicUsize, Ordering},
        time::Duration,
    };

    use super::*;

    fn limits(threads: usize) -> Limits {
        Limits { threads, ahead: 2 * threads }
    }

    #[test]
    fn results_come_in_the_order_of_the_jobs() {
        for threads in [1, 2, 7, 300] {
            let mut taken = Vec::new();
            let work = |job: u64| {
                thread::sleep(Duration::from_micros(job * 37 % 200));
                job * 2
            };
            run(limits(threads), 0..100, work, |result| {
                taken.push(result.unwrap());
                Ok(())
            })
            .unwrap();
            assert_eq!(taken, (0..100).map(|job| job * 2).collect::<Vec<_>>(), "{threads}");
        }
    }

    #[test]
    fn no_more_jobs_are_begun_than_may_be_ahead() {
        let begun = AtomicUsize::new(0);
        let mut taken = 0;
        let jobs = (0..200).inspect(|_| {
            begun.fetch_add(1, Ordering::SeqCst);
        });
        run(
            Limits { threads: 2, ahead: 3 },
            jobs,
            |job| job,
            |_| {
                taken += 1;
                thread::sleep(Duration::from_micros(200));
                // One is being taken, three are ahead, and the next one waits for its place.
                assert!(begun.load(Ordering::SeqCst) <= taken + 3 + 1);
                Ok(())
            },
        )
        .unwrap();
        assert_eq!(taken, 200);
    }

    #[test]
    fn in_turns_results_come_in_the_order_of_the_jobs_and_no_more_are_ahead() {
        for threads in [1, 2, 7] {
            let (begun, mut taken) = (AtomicUsize::new(0), Vec::new());
            let jobs = (0..200_u64).inspect(|_| {
                begun.fetch_add(1, Ordering::SeqCst);
            });
            let work = |job: u64| {
                thread::sleep(Duration::from_micros(job * 37 % 200));
                job * 2
            };
            let limits = limits(threads);
            run_in_turns(limits, jobs, work, |result| {
                // Those that wait for their turn, and those that are worked on.
                assert!(begun.load(Ordering::SeqCst) <= taken.len() + limits.ahead + 2 * threads);
                taken.push(result.unwrap());
                Ok(())
            })
            .unwrap();
            assert_eq!(taken, (0..200).map(|job| job * 2).collect::<Vec<_>>(), "{threads}");
        }
    }

    #[test]
    fn in_turns_a_failure_or_a_panic_outside_of_a_job_ends_the_work() {
        for threads in [1, 3] {
            let mut messages = Vec::new();
            let work = |job| {
                assert!(job != 2, "job {job}");
                job
            };
            let result = run_in_turns(limits(threads), 0_u64.., work, |result| {
                messages.push(result.map_or_else(|panicked| panicked.to_string(), |job| job.to_string()));
                if messages.len() < 5 { Ok(()) } else { Err(Failure::failed("enough")) }
            });
            assert_eq!(result.unwrap_err().to_string(), "enough");
            assert_eq!(messages, ["0", "1", "internal error: job 2", "3", "4"]);
            let jobs = (0..10).inspect(|job| assert!(*job != 5, "no job {job}"));
            let result = run_in_turns(limits(threads), jobs, |job| job, |_| Ok(()));
            assert_eq!(result.unwrap_err().to_string(), "internal error: no job 5");
        }
    }

    /// The message used to be that of the thread which waited, without the reason.
    #[test]
    fn a_panic_of_the_source_of_jobs_ends_the_work_with_its_reason() {
        let jobs = (0..10).inspect(|job| assert!(*job != 5, "no job {job}"));
        let mut taken = 0;
        let result = run(
            limits(3),
            jobs,
            |job| job,
            |_| {
                taken += 1;
                Ok(())
            },
        );
        assert_eq!((result.unwrap_err().to_string(), taken), ("internal error: no job 5".to_owned(), 5));
    }

    #[test]
    fn a_failure_ends_the_work_and_a_panic_one_job() {
        for threads in [1, 4] {
            let mut messages = Vec::new();
            let result = run(
                limits(threads),
                0..,
                |job| {
                    assert!(job != 2, "job {job}");
                    job
                },
                |result| {
                    messages.push(result.map_or_else(|panicked| panicked.to_string(), |job: u64| job.to_string()));
                    if messages.len() < 5 { Ok(()) } else { Err(Failure::failed("enough")) }
                },
            );
            assert_eq!(result.unwrap_err().to_string(), "enough");
            assert_eq!(messages, ["0", "1", "internal error: job 2", "3", "4"]);
        }
    }
}
