//! How surprised a network is by each token of a text, all tokens before it read.
//!
//! A text is read in rows side by side, which is many times as fast as one token after the other. Each row first reads
//! a stretch of the text before it that is not scored, so that its first tokens are judged with what came before
//! them, as all others are.

use burn::tensor::Tensor;
use recurrent_cells::{Pass, Recurrence, State};
use recurrent_data::text::{Id, Vocabulary};

use crate::network::{Network, States, numbers, surprise};
use crate::score::per_character;

/// Tokens that a row reads before those that it scores. A network's memory of a text seldom reaches back further.
const BEFORE: usize = 256;
/// The most rows: more would be no faster.
const ROWS: usize = 64;
/// Tokens that all rows read at once.
const TIME: usize = 128;

/// The surprise of each token but the first, in nats: `ids.len() - 1` numbers. Without dropout.
///
/// # Panics
/// An id is none of the network's.
pub fn surprises(network: &Network, ids: &[Id]) -> Vec<f32> {
    surprises_watched(network, ids, |_| ())
}

/// As [`surprises`]; `watch` is told now and then which share has been read.
///
/// # Panics
/// As [`surprises`].
pub(crate) fn surprises_watched(network: &Network, ids: &[Id], mut watch: impl FnMut(f64)) -> Vec<f32> {
    let Some(count) = ids.len().checked_sub(1).filter(|count| *count > 0) else { return Vec::new() };
    // Reading before may take a tenth of the work.
    let rows = (count / (10 * BEFORE)).clamp(1, ROWS);
    let length = count.div_ceil(rows);
    // A last row without any character would be one too many.
    let rows = count.div_ceil(length);
    let mut states = warmed_up(network, ids, rows, length);
    let mut scores = vec![Vec::with_capacity(length); rows];
    for start in (0..length).step_by(TIME) {
        let time = TIME.min(length - start);
        // Past the text's end a row reads what does not matter: nothing follows it.
        let at = |row: usize, step: usize, later: usize| {
            ids.get(row * length + start + step + later).map_or(0, |id| i64::from(*id))
        };
        let gather = |later: usize| {
            (0..rows).flat_map(|row| (0..time).map(move |step| at(row, step, later))).collect::<Vec<_>>()
        };
        let inputs = network.place(gather(0), [rows, time]);
        let targets = network.place(gather(1), [rows, time]);
        let (logits, next) = network.forward(inputs, Some(states), &Pass::evaluation(), None);
        states = next;
        let nats = numbers(surprise(logits, targets));
        scores.iter_mut().zip(nats.chunks_exact(time)).for_each(|(row, nats)| row.extend_from_slice(nats));
        watch((start + time) as f64 / length as f64);
    }
    let mut scores = scores.concat();
    scores.truncate(count);
    scores
}

/// The mean surprise of each character in nats, all tokens but the first predicted. `None` for a text of fewer than two tokens.
///
/// # Panics
/// As [`surprises`].
pub fn mean_surprise(network: &Network, vocabulary: &Vocabulary, ids: &[Id]) -> Option<f64> {
    per_character(vocabulary, ids, &surprises(network, ids))
}

/// The states at the beginning of each row: zeros for the first, and what the text before leaves behind for the others.
fn warmed_up(network: &Network, ids: &[Id], rows: usize, length: usize) -> States {
    let first = network.layers.zero_state(1);
    if rows == 1 {
        return first;
    }
    let before = BEFORE.min(length);
    let inputs: Vec<i64> = (1..rows)
        .flat_map(|row| &ids[row * length - before..row * length])
        .map(|id| i64::from(*id))
        .collect();
    let inputs = network.place(inputs, [rows - 1, before]);
    let (_, others) = network.forward(inputs, None, &Pass::evaluation(), None);
    let join = |first: Tensor<2>, others: Tensor<2>| Tensor::cat(vec![first, others], 0);
    let join = |(first, others): (State, State)| State {
        output: join(first.output, others.output),
        memory: first.memory.zip(others.memory).map(|(first, others)| join(first, others)),
    };
    first.into_iter().zip(others).map(join).collect()
}
