//! Memory that conversions leave to later ones: as much as threads can use at once.

use std::{
    fmt,
    sync::{
        Mutex, MutexGuard, TryLockError,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
};

use crossbeam_utils::{CachePadded, atomic::AtomicCell};

/// Values that are kept for later use, of no more threads than can run at once.
///
/// Nobody waits for one: a process that was forked while another thread had a lock would wait for ever.
///
/// ```
/// use fanjian_dictionary::pool::Pool;
///
/// let pool = Pool::default();
/// assert!(pool.take().is_none());
/// pool.keep(Box::new(vec![1, 2, 3]));
/// assert_eq!(*pool.take().unwrap(), [1, 2, 3]);
/// ```
pub struct Pool<T> {
    /// The last one that was kept: for a thread alone, the others need no look. It is boxed, so that no lock is needed to exchange it;
    /// and apart from what lies beside a pool, which threads only read.
    last: CachePadded<AtomicCell<Option<Box<T>>>>,
    others: Mutex<Vec<Box<T>>>,
}

impl<T> Pool<T> {
    /// One of the values, if there is one that no other thread is just about to keep or to take.
    #[inline]
    pub fn take(&self) -> Option<Box<T>> {
        self.last.take().or_else(|| self.take_other())
    }

    #[cold]
    fn take_other(&self) -> Option<Box<T>> {
        self.free()?.pop()
    }

    /// Keeps a value. The one that was kept last goes to the others, or is dropped: if there are enough, or if another thread is just
    /// about to keep or to take one.
    #[inline]
    pub fn keep(&self, value: Box<T>) {
        if let Some(other) = self.last.swap(Some(value)) {
            self.keep_other(other);
        }
    }

    #[cold]
    fn keep_other(&self, value: Box<T>) {
        if let Some(mut others) = self.free()
            && others.len() + 1 < most()
        {
            others.push(value);
        }
    }

    /// The list, unless another thread has it.
    fn free(&self) -> Option<MutexGuard<'_, Vec<Box<T>>>> {
        match self.others.try_lock() {
            Ok(others) => Some(others),
            Err(TryLockError::Poisoned(error)) => Some(error.into_inner()),
            Err(TryLockError::WouldBlock) => None,
        }
    }
}

impl<T> Default for Pool<T> {
    fn default() -> Self {
        const { assert!(AtomicCell::<Option<Box<T>>>::is_lock_free()) };
        Pool { last: CachePadded::new(AtomicCell::new(None)), others: Mutex::new(Vec::new()) }
    }
}

/// An empty one: what is kept belongs to its pool.
impl<T> Clone for Pool<T> {
    fn clone(&self) -> Self {
        Pool::default()
    }
}

impl<T> fmt::Debug for Pool<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pool").finish_non_exhaustive()
    }
}

/// How many threads can run at once.
fn most() -> usize {
    /// 0 before it is known. Two threads may ask for it at the same time.
    static MOST: AtomicUsize = AtomicUsize::new(0);
    match MOST.load(Ordering::Relaxed) {
        0 => {
            let most = thread::available_parallelism().map_or(1, usize::from);
            MOST.store(most, Ordering::Relaxed);
            most
        }
        most => most,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn as_many_are_kept_as_threads_can_run() {
        let pool = Pool::default();
        (0..most() + 3).for_each(|number| pool.keep(Box::new(number)));
        // The last one, and of the others the first ones.
        let mut kept: Vec<usize> = std::iter::from_fn(|| pool.take().map(|number| *number)).collect();
        kept.sort_unstable();
        let expected: Vec<usize> = (0..most() - 1).chain([most() + 2]).collect();
        assert_eq!(kept, expected);
    }

    #[test]
    fn nobody_waits_for_the_others_and_a_panic_loses_none() {
        let pool = Pool::default();
        let list = pool.others.lock().unwrap();
        (0..3).for_each(|number| pool.keep(Box::new(number)));
        assert_eq!((pool.take(), pool.take()), (Some(Box::new(2)), None));
        drop(list);
        let panic = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
            let _list = pool.others.lock();
            panic!("while the list is held");
        }));
        assert!(panic.is_err() && pool.others.is_poisoned());
        (0..2).for_each(|number| pool.keep(Box::new(number)));
        assert_eq!(pool.take(), Some(Box::new(1)));
        assert_eq!(pool.take(), (most() > 1).then(|| Box::new(0)));
    }

    #[test]
    fn a_clone_is_empty() {
        let pool = Pool::default();
        pool.keep(Box::new(1));
        assert_eq!((pool.clone().take(), pool.take()), (None, Some(Box::new(1))));
    }
}
