//! Large buffers, used again from step to step: an allocator hands such memory back to the system at once, and faulting in
//! fresh pages and filling them with zeros was a tenth of a training step in profiles.

use std::sync::{Mutex, PoisonError};

/// Buffers kept for later. A step needs some five for each direction of a layer; what is beyond that is freed.
const KEPT: usize = 32;

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

/// The free buffers.
struct Pool(Mutex<Vec<Vec<f32>>>);

impl Pool {
    const fn new() -> Self {
        Self(Mutex::new(Vec::new()))
    }

    fn take(&self, len: usize) -> Vec<f32> {
        let mut buffer = if len < LARGE { Vec::new() } else { self.find(len) };
        buffer.resize(len, 0.0);
        buffer
    }

    /// The smallest free buffer that holds `len` numbers without wasting more than half of itself.
    fn find(&self, len: usize) -> Vec<f32> {
        let mut free = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let fitting =
            free.iter().enumerate().filter(|(_, buffer)| (len..=2 * len).contains(&buffer.capacity()));
        match fitting.min_by_key(|(_, buffer)| buffer.capacity()).map(|(place, _)| place) {
            Some(place) => free.swap_remove(place),
            None => Vec::new(),
        }
    }

    fn give(&self, buffer: Vec<f32>) {
        if buffer.capacity() < LARGE {
            return;
        }
        let mut free = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if free.len() == KEPT {
            free.remove(0);
        }
        free.push(buffer);
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
}
