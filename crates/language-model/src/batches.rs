//! Batches of text: shuffled windows that stand for themselves, or contiguous streams whose state goes on.

use std::ops::Range;
use std::path::Path;

use recurrent_backend::Seed;
use recurrent_data::text::{CutFault, Id, Streams, Tokens, Vocabulary, Windows};
use recurrent_report::significant;
use recurrent_train::{Batches, OutOfRange, Shard, ShuffledOrder, check_fraction};
use serde::{Deserialize, Serialize};

use crate::network::{Batch, Carried};

/// How a text is fed to the network.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Feed {
    /// Shuffled windows, each from an empty state.
    Windows,
    /// Contiguous rows whose state is carried on (truncated backpropagation through time).
    Streams,
}

/// How a text is cut into batches.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct BatchSettings {
    /// Windows or streams.
    pub feed: Feed,
    /// Tokens in a window, or read by a row of a stream in one step.
    pub window: usize,
    /// Windows or rows in a batch.
    pub batch_size: usize,
    /// Of streams, the share of rows that begin anew, from an empty state, at each step: see [`Carried::State`].
    pub restarts: f64,
}

impl BatchSettings {
    /// Checks the share of rows that begin anew; what the sizes may be depends on the text. `file` is the one that it was read
    /// from, for the message.
    ///
    /// # Errors
    /// It is no share.
    pub fn check(&self, file: &Path) -> Result<(), OutOfRange> {
        check_fraction(file, "restarts", self.restarts)
    }

    /// The same with no more rows, and no longer ones, than so many tokens to learn from have room for. First a batch has fewer rows,
    /// then a row of a very short text fewer tokens.
    pub fn fitting(self, tokens: usize) -> Self {
        // The last token of a row is a target only.
        let room = tokens.saturating_sub(1).max(1);
        let rows = if self.feed == Feed::Streams { self.batch_size } else { 1 };
        if rows.saturating_mul(self.window) <= room {
            return self;
        }
        let window = self.window.min(room / 4).max(1);
        let batch_size =
            if self.feed == Feed::Streams { rows.min(room / window).max(1) } else { self.batch_size };
        Self { window, batch_size, ..self }
    }

    /// The same in words, of a text that is read in such tokens.
    pub fn words(&self, tokens: Tokens) -> String {
        let of = format!("of {} {}", self.window, tokens.name());
        match self.feed {
            Feed::Windows => format!("windows {of}"),
            Feed::Streams if self.restarts == 0.0 => format!("streams {of}"),
            Feed::Streams => {
                let share = significant(100.0 * self.restarts, 3);
                format!("streams {of}, {share}% of the rows anew at each step")
            }
        }
    }
}

/// A training text in batches, a pure function of epoch and step.
#[derive(Debug)]
pub struct TextBatches<'a> {
    rows: Rows<'a>,
    vocabulary: &'a Vocabulary,
}

#[derive(Debug)]
enum Rows<'a> {
    /// In another order each epoch; the last batch of an epoch may be smaller.
    Windows { windows: Windows<'a>, batch_size: usize, order: ShuffledOrder },
    /// They go on from batch to batch.
    Streams { streams: Streams<'a>, restarts: f64 },
}

impl<'a> TextBatches<'a> {
    /// Cuts a text, whose ids are of `vocabulary`. The order of windows follows from `seed`.
    ///
    /// # Errors
    /// The text is too short, or a size is 0.
    pub fn new(
        ids: &'a [Id],
        vocabulary: &'a Vocabulary,
        settings: BatchSettings,
        seed: Seed,
    ) -> Result<Self, CutFault> {
        let BatchSettings { feed, window, batch_size, restarts } = settings;
        let counted = |fault: CutFault| fault.counted_in(vocabulary.tokens());
        let rows = match feed {
            Feed::Windows if batch_size == 0 => return Err(CutFault::Batch),
            Feed::Windows => {
                let windows = Windows::new(ids, window).map_err(counted)?;
                Rows::Windows { windows, batch_size, order: ShuffledOrder::new(windows.len(), seed) }
            }
            Feed::Streams => {
                Rows::Streams { streams: Streams::new(ids, batch_size, window).map_err(counted)?, restarts }
            }
        };
        Ok(Self { rows, vocabulary })
    }

    /// What stands for itself in the batches of an epoch: windows, or the stretches that rows read in a step.
    pub fn stretches(&self) -> usize {
        match &self.rows {
            Rows::Windows { windows, .. } => windows.len(),
            Rows::Streams { streams, .. } => streams.steps() * streams.batch(),
        }
    }
}

impl Batches for TextBatches<'_> {
    type Batch = Batch;

    fn steps_per_epoch(&self) -> usize {
        match &self.rows {
            Rows::Windows { windows, batch_size, .. } => windows.len().div_ceil(*batch_size),
            Rows::Streams { streams, .. } => streams.steps(),
        }
    }

    fn batch(&self, epoch: usize, step: usize) -> Batch {
        self.of_rows(epoch, step, 0..self.rows_of(step))
    }

    fn shard(&self, epoch: usize, step: usize, shard: Shard) -> Option<Batch> {
        Some(self.of_rows(epoch, step, shard.rows(self.rows_of(step))?))
    }
}

impl TextBatches<'_> {
    /// The number of rows of a batch.
    fn rows_of(&self, step: usize) -> usize {
        match &self.rows {
            Rows::Windows { windows, batch_size, .. } => (windows.len() - step * batch_size).min(*batch_size),
            Rows::Streams { streams, .. } => streams.batch(),
        }
    }

    /// Some rows of a batch.
    fn of_rows(&self, epoch: usize, step: usize, rows: Range<usize>) -> Batch {
        match &self.rows {
            Rows::Windows { windows, batch_size, order } => {
                let order = order.of(epoch);
                let places = &order[step * batch_size..][rows];
                self.made(
                    places.iter().map(|place| windows.input(*place)),
                    places.iter().map(|place| windows.target(*place)),
                    [places.len(), windows.window()],
                    Carried::Nothing,
                )
            }
            Rows::Streams { streams, restarts } => {
                let (skipped, count) = (rows.start, rows.len());
                self.made(
                    streams.inputs(step).skip(skipped).take(count),
                    streams.targets(step).skip(skipped).take(count),
                    [count, streams.time()],
                    Carried::State { restarts: *restarts },
                )
            }
        }
    }

    fn made<'a>(
        &self,
        inputs: impl Iterator<Item = &'a [Id]>,
        targets: impl Iterator<Item = &'a [Id]> + Clone,
        shape: [usize; 2],
        carried: Carried,
    ) -> Batch {
        let characters = targets.clone().map(|row| self.vocabulary.length_of(row)).sum();
        Batch { inputs: wide(inputs), targets: wide(targets), shape, characters, carried }
    }
}

fn wide<'a>(rows: impl Iterator<Item = &'a [Id]>) -> Vec<i64> {
    rows.flatten().map(|id| i64::from(*id)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shards_are_the_rows_of_a_batch() {
        let vocabulary = Vocabulary::of("abcdefg").unwrap();
        let ids: Vec<Id> = (0..200).map(|place| (place * place / 3 % 7) as Id).collect();
        for feed in [Feed::Windows, Feed::Streams] {
            let settings = BatchSettings { feed, window: 9, batch_size: 5, restarts: 0.0 };
            let batches = TextBatches::new(&ids, &vocabulary, settings, Seed(3)).unwrap();
            for step in 0..batches.steps_per_epoch() {
                let whole = batches.batch(1, step);
                for count in [1, 2, 3, 7] {
                    let shards: Vec<_> = (0..count)
                        .filter_map(|index| batches.shard(1, step, Shard::new(index, count)))
                        .collect();
                    let inputs: Vec<_> = shards.iter().flat_map(|shard| shard.inputs.clone()).collect();
                    let targets: Vec<_> = shards.iter().flat_map(|shard| shard.targets.clone()).collect();
                    assert_eq!((&inputs, &targets), (&whole.inputs, &whole.targets), "{feed:?}, step {step}");
                    assert_eq!(shards.iter().map(|shard| shard.shape[0]).sum::<usize>(), whole.shape[0]);
                    assert_eq!(shards.iter().map(|shard| shard.characters).sum::<usize>(), whole.characters);
                }
            }
        }
    }
}
