//! Batches that are made while the step before them is computed.

use std::sync::mpsc::{Receiver, Sender, channel, sync_channel};
use std::sync::{Mutex, PoisonError};

use super::batches::{Batches, Shard};

/// Batches from a thread that makes them ahead: see [`fetch_ahead`].
pub struct Ahead<'a, B: Batches> {
    batches: &'a B,
    made: Mutex<Made<B::Batch>>,
}

/// Where a batch is: its epoch and its step in it.
type Place = (usize, usize);

/// What the thread is told and has made.
struct Made<T> {
    /// The place to begin at; taken once that is known.
    first: Option<Sender<Place>>,
    batches: Receiver<(Place, T)>,
}

/// Lets a training take its batches from a thread that makes the next `count` of them ahead, in their order. They are the same
/// batches, so the result is the same to the bit. It pays where making a batch takes time that the training could use: reading
/// and padding while a GPU computes, say.
///
/// ```no_run
/// # fn example<M, B>(config: &recurrent_train::TrainConfig, batches: &B, model: M) -> Result<(), recurrent_train::Error>
/// # where
/// #     M: recurrent_train::Model<Batch = B::Batch>,
/// #     B: recurrent_train::Batches<Batch: Send> + Sync,
/// # {
/// use recurrent_train::{Training, fetch_ahead};
///
/// let outcome = fetch_ahead(batches, 2, |ahead| Training::new(config, ahead).run(model))?;
/// # Ok(())
/// # }
/// ```
///
/// # Panics
/// `count` is 0, or making a batch panics.
pub fn fetch_ahead<B, R>(batches: &B, count: usize, work: impl FnOnce(&Ahead<'_, B>) -> R) -> R
where
    B: Batches<Batch: Send> + Sync,
{
    assert!(count > 0, "at least one batch ahead");
    let (first, begin) = channel();
    // One is in the hands of the thread while it waits for room.
    let (give, made) = sync_channel(count - 1);
    std::thread::scope(|scope| {
        scope.spawn(move || {
            let Ok((mut epoch, mut step)) = begin.recv() else { return };
            while give.send(((epoch, step), batches.batch(epoch, step))).is_ok() {
                step += 1;
                if step == batches.steps_per_epoch() {
                    (epoch, step) = (epoch + 1, 0);
                }
            }
        });
        let ahead = Ahead { batches, made: Mutex::new(Made { first: Some(first), batches: made }) };
        work(&ahead)
    })
}

impl<B: Batches> Batches for Ahead<'_, B> {
    type Batch = B::Batch;

    fn steps_per_epoch(&self) -> usize {
        self.batches.steps_per_epoch()
    }

    /// The batch, from the thread where they are asked for one after the other.
    fn batch(&self, epoch: usize, step_in_epoch: usize) -> B::Batch {
        let mut made = self.made.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(first) = made.first.take() {
            // A thread that is gone is noticed below.
            let _ = first.send((epoch, step_in_epoch));
        }
        match made.batches.recv() {
            Ok((place, batch)) if place == (epoch, step_in_epoch) => batch,
            _ => self.batches.batch(epoch, step_in_epoch),
        }
    }

    /// A shard; of batches that are cut, it is made when it is asked for.
    fn shard(&self, epoch: usize, step_in_epoch: usize, shard: Shard) -> Option<B::Batch> {
        match shard.count() {
            1 => Some(self.batch(epoch, step_in_epoch)),
            _ => self.batches.shard(epoch, step_in_epoch, shard),
        }
    }

    fn continues(&self, epoch: usize, step_in_epoch: usize) -> bool {
        self.batches.continues(epoch, step_in_epoch)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Places;

    impl Batches for Places {
        type Batch = (usize, usize);

        fn steps_per_epoch(&self) -> usize {
            3
        }

        fn batch(&self, epoch: usize, step_in_epoch: usize) -> (usize, usize) {
            (epoch, step_in_epoch)
        }
    }

    #[test]
    fn batches_come_in_order_from_wherever_the_first_is() {
        for count in [1, 2, 7] {
            let found: Vec<_> = fetch_ahead(&Places, count, |ahead| {
                [(4, 1), (4, 2), (5, 0), (5, 1)].map(|(epoch, step)| ahead.batch(epoch, step)).to_vec()
            });
            assert_eq!(found, [(4, 1), (4, 2), (5, 0), (5, 1)], "{count} ahead");
        }
    }

    #[test]
    fn any_order_gives_the_batch_that_is_asked_for_and_none_may_be() {
        let places = [(0, 2), (0, 1), (9, 0), (1, 0), (0, 2)];
        let found = fetch_ahead(&Places, 2, |ahead| places.map(|(epoch, step)| ahead.batch(epoch, step)));
        assert_eq!(found, places);
        assert_eq!(fetch_ahead(&Places, 2, |ahead| ahead.steps_per_epoch()), 3);
    }
}
