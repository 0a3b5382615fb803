//! Work that is done side by side without changing what comes of it.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::thread::{self, ScopedJoinHandle};
use std::time::Duration;

/// How long a thread rests that has nothing to compute for others.
const IDLE: Duration = Duration::from_millis(1);

/// What `work` makes of each of `count` places, in their order, on as many threads as compute: the caller's, and others of their
/// own. On the pool's, a training would take up another while it waits, and so on without end. The caller's may be one of the
/// pool's, so it computes for the others where it would only wait for them. After a failure no further place is begun.
///
/// # Errors
/// A place failed: the error of the first of them.
pub(crate) fn side_by_side<T: Send, E: Send>(
    count: usize,
    work: impl Fn(usize) -> Result<T, E> + Sync,
) -> Result<Vec<T>, E> {
    let (next, failed) = (AtomicUsize::new(0), AtomicBool::new(false));
    let done: Vec<Mutex<Option<Result<T, E>>>> = (0..count).map(|_| Mutex::new(None)).collect();
    let worker = || {
        while !failed.load(Ordering::Relaxed) {
            let place = next.fetch_add(1, Ordering::Relaxed);
            let Some(slot) = done.get(place) else { break };
            let result = work(place);
            failed.fetch_or(result.is_err(), Ordering::Relaxed);
            *slot.lock().unwrap_or_else(PoisonError::into_inner) = Some(result);
        }
    };
    let others = rayon::current_num_threads().min(count).saturating_sub(1);
    thread::scope(|scope| {
        let others: Vec<_> = (0..others).map(|_| scope.spawn(worker)).collect();
        worker();
        while !others.iter().all(ScopedJoinHandle::is_finished) {
            if rayon::yield_now() != Some(rayon::Yield::Executed) {
                thread::sleep(IDLE);
            }
        }
    });
    // A failure leaves later places undone, so it is met before them.
    let result =
        |slot: Mutex<Option<Result<T, E>>>| slot.into_inner().unwrap_or_else(PoisonError::into_inner);
    done.into_iter().map_while(result).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_come_in_the_order_of_their_places() {
        let squares = side_by_side(50, |place| Ok::<_, String>(place * place)).unwrap();
        assert_eq!(squares, (0..50).map(|place| place * place).collect::<Vec<_>>());
        assert_eq!(side_by_side(0, Ok::<usize, String>).unwrap(), [0usize; 0]);
    }

    /// The pool's threads are not waited on by each other, however few they are.
    #[test]
    fn work_that_needs_the_pool_is_done_from_within_it() {
        for threads in [1, 2, 3] {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
            let work = |place| Ok::<_, String>(rayon::join(|| place, || place + 1));
            let pairs = pool.install(|| side_by_side(20, work)).unwrap();
            assert_eq!(pairs, (0..20).map(|place| (place, place + 1)).collect::<Vec<_>>());
        }
    }

    #[test]
    fn a_failure_is_told() {
        let work = |place: usize| if place == 7 { Err(place) } else { Ok(place) };
        assert_eq!(side_by_side(50, work), Err(7));
    }
}
