//! Large buffers, used again from step to step: an allocator hands such memory back to the system at once, and faulting in
//! fresh pages and filling them with zeros was a tenth of a training step in profiles.

use std::sync::{Mutex, PoisonError};

/// Bytes that are kept for later at most. A training step of two layers of 800 units over 160 steps of 100 sequences uses 0.7 GiB.
const LIMIT: usize = 2 << 30;

/// Buffers given, after which one that nobody took is freed. A step gives some five for each direction of a layer.
const PATIENCE: u64 = 256;

/// Floats from which on a buffer is kept here: 128 KiB, from which on allocators turn to the system.
const LARGE: usize = 1 << 15;

static POOL: Pool = Pool::new();

/// A buffer of `len` numbers of any value.
pub(super) fn take(len: usize) -> Vec<f32> {
    POOL.take(len)
}

/// Keeps a buffer for later.
pub(super) fn give(buffer: Vec<f32>) {
    POOL.give(buffer);
}

/// Frees the buffers that the layers on the CPU keep from one step to the next, 2 GiB at most. Between steps they are freed by
/// themselves once they are not used any more; this is for a process that goes on after its last step.
pub fn free_buffers() {
    *POOL.0.lock().unwrap_or_else(PoisonError::into_inner) = Free::new();
}

struct Pool(Mutex<Free>);

/// The free buffers, the longest free first.
struct Free {
    buffers: Vec<(u64, Vec<f32>)>,
    /// Buffers given so far.
    given: u64,
}

impl Free {
    const fn new() -> Self {
        Self { buffers: Vec::new(), given: 0 }
    }

    fn bytes(&self) -> usize {
        self.buffers.iter().map(|(_, buffer)| bytes(buffer)).sum()
    }
}

fn bytes(buffer: &Vec<f32>) -> usize {
    buffer.capacity() * size_of::<f32>()
}

impl Pool {
    const fn new() -> Self {
        Self(Mutex::new(Free::new()))
    }

    fn take(&self, len: usize) -> Vec<f32> {
        let mut buffer = if len < LARGE { Vec::new() } else { self.find(len) };
        buffer.resize(len, 0.0);
        buffer
    }

    /// The smallest free buffer that holds `len` numbers without wasting more than half of itself.
    fn find(&self, len: usize) -> Vec<f32> {
        let mut free = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let fitting = free.buffers.iter().map(|(_, buffer)| buffer.capacity()).enumerate();
        let fitting = fitting.filter(|(_, capacity)| (len..=2 * len).contains(capacity));
        match fitting.min_by_key(|(_, capacity)| *capacity) {
            Some((place, _)) => free.buffers.remove(place).1,
            None => Vec::new(),
        }
    }

    fn give(&self, buffer: Vec<f32>) {
        if buffer.capacity() < LARGE || bytes(&buffer) > LIMIT {
            return;
        }
        let mut free = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        free.given += 1;
        let now = free.given;
        free.buffers.push((now, buffer));
        free.buffers.retain(|(given, _)| now - given < PATIENCE);
        while free.bytes() > LIMIT {
            free.buffers.remove(0);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_buffer_that_was_given_is_taken_again() {
        // A pool of its own: other tests take from the process's.
        let pool = Pool::new();
        let len = LARGE + 12_345;
        let mut buffer = pool.take(len);
        buffer[7] = 7.0;
        let place = buffer.as_ptr();
        pool.give(buffer);
        let again = pool.take(len - 10);
        assert_eq!((again.len(), again.as_ptr()), (len - 10, place));
    }

    #[test]
    fn a_buffer_that_nobody_takes_is_freed() {
        let pool = Pool::new();
        pool.give(Vec::with_capacity(9 * LARGE));
        for _ in 0..PATIENCE {
            let buffer = pool.take(LARGE);
            pool.give(buffer);
        }
        assert_eq!(pool.0.lock().unwrap().bytes(), LARGE * size_of::<f32>());
    }

    #[test]
    fn no_more_is_kept_than_the_limit() {
        let pool = Pool::new();
        // Memory that is never touched.
        for _ in 0..5 {
            pool.give(Vec::with_capacity(LIMIT / 16));
        }
        assert_eq!(pool.0.lock().unwrap().buffers.len(), 4);
        pool.give(Vec::with_capacity(LIMIT / 3));
        assert_eq!(pool.0.lock().unwrap().buffers.len(), 4);
    }
}
