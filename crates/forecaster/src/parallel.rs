//! Work that is done side by side without changing what comes of it.

use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

/// What `work` makes of each of `count` places, in their order, on as many threads as compute. These are threads of their own: a
/// training on one of the pool's would take up another while it waits, and so on without end. The first place to fail, in order of
/// time, ends the others after what they are at.
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
            *slot.lock().unwrap_or_else(std::sync::PoisonError::into_inner) = Some(result);
        }
    };
    let threads = rayon::current_num_threads().min(count);
    std::thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(worker);
        }
    });
    // A failure leaves later places undone, so it is met before them.
    let result = |slot: Mutex<Option<Result<T, E>>>| slot.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner);
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

    #[test]
    fn a_failure_is_told() {
        let work = |place: usize| if place == 7 { Err(place) } else { Ok(place) };
        assert_eq!(side_by_side(50, work), Err(7));
    }
}
