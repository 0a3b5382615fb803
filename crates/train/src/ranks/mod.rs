//! Those who train one model together: a trait for what carries their messages, and the group that the loop works with.

pub(crate) mod exchange;
pub(crate) mod group;
pub(crate) mod tree;

/// The ranks of a training, each a process, as one of them sees the others: what carries messages between them.
///
/// Ranks call the same methods in the same order. Where a rank is lost, no method returns: whoever implements this ends the
/// process, since the others wait for an answer that will not come. `recurrent-mpi` implements it on MPI.
pub trait Ranks: Send + Sync {
    /// This rank, from 0.
    fn rank(&self) -> usize;

    /// How many there are.
    fn count(&self) -> usize;

    /// Sends each of `out` to the rank named beside it and fills each of `into` from the rank named beside it; returns when all of
    /// that is done. Between two ranks at most one message goes each way, and its length is known to both.
    fn swap(&self, out: &[(usize, &[f32])], into: &mut [(usize, &mut [f32])]);

    /// What each rank says, in the order of the ranks, the same on all of them.
    fn gather(&self, own: &[u8]) -> Vec<Vec<u8>>;

    /// Parts from the others, who do so too. No other method is called after it.
    fn leave(&self) {}
}

/// One process, which is all there is.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Alone;

impl Ranks for Alone {
    fn rank(&self) -> usize {
        0
    }

    fn count(&self) -> usize {
        1
    }

    fn swap(&self, _out: &[(usize, &[f32])], _into: &mut [(usize, &mut [f32])]) {}

    fn gather(&self, own: &[u8]) -> Vec<Vec<u8>> {
        vec![own.to_vec()]
    }
}
