//! Where batches come from: a function of the epoch and the step, so that the place of a resumed run in its
//! data is the step count, and nothing else has to be stored.

/// The training data, cut into batches.
///
/// A batch is a pure function of the epoch and the step: asked twice, it is the same. Shuffling goes
/// through [`shuffled_order`](crate::shuffled_order), which is keyed by seed and epoch.
pub trait Batches {
    /// What [`Model::loss`](crate::Model::loss) takes.
    type Batch;

    /// The number of batches in an epoch; the same for every epoch.
    fn steps_per_epoch(&self) -> usize;

    /// One batch. Both `epoch` and `step_in_epoch` count from 0.
    fn batch(&self, epoch: usize, step_in_epoch: usize) -> Self::Batch;

    /// Whether a batch continues the sequences of the batch before it, so that the carried state of
    /// truncated backpropagation through time is handed on. By default every batch does but the first of
    /// an epoch.
    fn continues(&self, _epoch: usize, step_in_epoch: usize) -> bool {
        step_in_epoch > 0
    }
}
