//! Messages between ranks: all of an exchange are under way at once, and whoever waits for them looks after them, since MPI may move
//! nothing unless it is called.

use std::fmt;
use std::thread;
use std::time::{Duration, Instant};

use mpi::request;
use mpi::topology::SimpleCommunicator;
use mpi::traits::{Communicator, Destination, Equivalence, Source};

/// Elements of a message: MPI counts them in 32 bits.
const MOST: usize = 1 << 28;

/// How often a wait looks before it sleeps in between.
const LOOKS: usize = 50;

/// How long it sleeps: short beside what a message takes, long beside a look, for another thread may compute on the same core.
const NAP: Duration = Duration::from_micros(50);

/// Ranks that have been waited for in vain.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Lost {
    /// Which.
    pub ranks: Vec<usize>,
    /// How long nothing came from them or went to them.
    pub waited: Duration,
}

impl fmt::Display for Lost {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let ranks: Vec<_> = self.ranks.iter().map(usize::to_string).collect();
        let word = if ranks.len() == 1 { "rank" } else { "ranks" };
        write!(f, "no word from {word} {} for {} s", ranks.join(", "), self.waited.as_secs())
    }
}

/// Sends each of `out` to the rank beside it, and fills each of `into` from the rank beside it.
///
/// # Errors
/// For the whole of `patience` not one of them was done. Then the process cannot go on: MPI still has its hands on the buffers.
pub(crate) fn exchange<T: Equivalence>(
    out: &[(usize, &[T])],
    into: &mut [(usize, &mut [T])],
    patience: Duration,
    give_up: impl Fn(Lost),
) {
    let world = SimpleCommunicator::world();
    let at = |rank: usize| world.process_at_rank(rank as i32);
    request::scope(|scope| {
        let mut open = Vec::new();
        for (from, buffer) in into.iter_mut() {
            for part in buffer.chunks_mut(MOST) {
                open.push((*from, at(*from).immediate_receive_into(scope, part)));
            }
        }
        for (to, numbers) in out {
            for part in numbers.chunks(MOST) {
                open.push((*to, at(*to).immediate_send(scope, part)));
            }
        }
        let (mut since, mut looks) = (Instant::now(), 0);
        while !open.is_empty() {
            let before = open.len();
            open =
                open.into_iter().filter_map(|(rank, request)| Some((rank, request.test().err()?))).collect();
            if open.len() < before {
                (since, looks) = (Instant::now(), 0);
            } else if since.elapsed() > patience {
                let mut ranks: Vec<_> = open.iter().map(|(rank, _)| *rank).collect();
                ranks.sort_unstable();
                ranks.dedup();
                give_up(Lost { ranks, waited: patience });
                world.abort(1);
            } else if looks < LOOKS {
                looks += 1;
                thread::yield_now();
            } else {
                thread::sleep(NAP);
            }
        }
    });
}
