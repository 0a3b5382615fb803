//! Sequences of unequal length as one batch, and back.

use burn::tensor::{Int, Tensor};

use crate::{
    input::Input,
    pass::{Mask, Pass},
};

/// Sequences of unequal length, padded to one batch with the longest first; the order that they came in is restored on the way out.
///
/// It serves what `pack_padded_sequence` and `pad_packed_sequence` are for in PyTorch.
///
/// ```
/// use burn::tensor::Tensor;
/// use recurrent_backend::{BackendKind, Seed};
/// use recurrent_cells::{Cell, Packed, Pass, Recurrence, RecurrentConfig};
///
/// let device = BackendKind::Flex.open()?;
/// let lstm = RecurrentConfig::new(Cell::Lstm, 4, 6).init(Seed(1), &device);
/// let sequences = [2, 5, 1].map(|time| Tensor::<2>::ones([time, 4], &device)); // [time, input] each
/// let packed = Packed::from_sequences(sequences.to_vec());
/// let (outputs, state) = lstm.sequence(packed.input(), None, &packed.pass(Pass::evaluation()));
/// let last = packed.to_rows(lstm.last_of(&state)); // [3, 6], in the order that they came in
/// let outputs = packed.to_sequences(outputs); // [time, 6] each
/// assert_eq!(outputs.iter().map(|output| output.dims()[0]).collect::<Vec<_>>(), [2, 5, 1]);
/// # Ok::<(), recurrent_backend::OpenError>(())
/// ```
#[derive(Clone, Debug)]
pub struct Packed {
    input: Input,
    /// Of the rows of the batch.
    lengths: Vec<usize>,
    /// The row of each sequence, in the order that they came in.
    rows: Vec<usize>,
}

impl Packed {
    /// Packs sequences of features, `[time, input]` each.
    ///
    /// # Panics
    /// There is no sequence, one has no step, or they differ in their features.
    pub fn from_sequences(sequences: Vec<Tensor<2>>) -> Self {
        let (lengths, rows) = sorted(sequences.iter().map(|sequence| sequence.dims()[0]).collect());
        let time = lengths[0];
        let mut batch: Vec<_> = rows.iter().zip(sequences).collect();
        batch.sort_by_key(|(row, _)| **row);
        let padded = batch.into_iter().map(|(_, sequence)| {
            let [length, features] = sequence.dims();
            let padding = (length < time)
                .then(|| Tensor::zeros([time - length, features], (&sequence.device(), sequence.dtype())));
            let parts = std::iter::once(sequence).chain(padding).collect();
            Tensor::<2>::cat(parts, 0).unsqueeze_dim::<3>(0)
        });
        Self { input: Input::Dense(Tensor::cat(padded.collect(), 0)), lengths, rows }
    }

    /// Packs sequences of tokens, `[time]` each; they are padded with token 0, which is not read.
    ///
    /// # Panics
    /// There is no sequence, or one has no step.
    pub fn from_token_sequences(sequences: Vec<Tensor<1, Int>>) -> Self {
        let (lengths, rows) = sorted(sequences.iter().map(|sequence| sequence.dims()[0]).collect());
        let time = lengths[0];
        let mut batch: Vec<_> = rows.iter().zip(sequences).collect();
        batch.sort_by_key(|(row, _)| **row);
        let padded = batch.into_iter().map(|(_, sequence)| {
            let [length] = sequence.dims();
            let padding = (length < time).then(|| Tensor::zeros([time - length], &sequence.device()));
            let parts = std::iter::once(sequence).chain(padding).collect();
            Tensor::<1, Int>::cat(parts, 0).unsqueeze_dim::<2>(0)
        });
        Self { input: Input::Tokens(Tensor::cat(padded.collect(), 0)), lengths, rows }
    }

    /// The batch, `[batch, time, input]` or tokens `[batch, time]`, the longest sequence first.
    pub fn input(&self) -> Input {
        self.input.clone()
    }

    /// The lengths of the batch's rows, the longest first.
    pub fn lengths(&self) -> &[usize] {
        &self.lengths
    }

    /// The mask of the batch.
    pub fn mask(&self) -> Mask {
        Mask::from_lengths(&self.lengths, self.lengths[0])
    }

    /// The same pass over this batch.
    pub fn pass(&self, pass: Pass) -> Pass {
        pass.with_mask(self.mask())
    }

    /// Outputs of the batch, `[batch, time, output]`, as sequences of their own lengths, `[time, output]`, in the order in which the
    /// inputs came.
    ///
    /// # Panics
    /// The outputs are of another batch.
    pub fn to_sequences(&self, outputs: Tensor<3>) -> Vec<Tensor<2>> {
        let [batch, time, output] = outputs.dims();
        assert_eq!((batch, time), (self.lengths.len(), self.lengths[0]), "sequences and steps of the batch");
        let of_row = |row: &usize| {
            let length = self.lengths[*row];
            outputs.clone().narrow(0, *row, 1).narrow(1, 0, length).reshape([length, output])
        };
        self.rows.iter().map(of_row).collect()
    }

    /// A row for each sequence, `[batch, width]`, such as a last output or a state, in the order in which the inputs came.
    pub fn to_rows(&self, rows: Tensor<2>) -> Tensor<2> {
        chosen(rows, &self.rows)
    }

    /// The other way: a row for each sequence in the order in which the inputs came, such as a first state, in the batch's.
    pub fn from_rows(&self, rows: Tensor<2>) -> Tensor<2> {
        let mut places = vec![0; self.rows.len()];
        self.rows.iter().enumerate().for_each(|(place, row)| places[*row] = place);
        chosen(rows, &places)
    }
}

fn chosen(rows: Tensor<2>, places: &[usize]) -> Tensor<2> {
    let places: Vec<_> = places.iter().map(|place| *place as i64).collect();
    let places = Tensor::<1, Int>::from_data(&places[..], &rows.device());
    rows.select(0, places)
}

/// The lengths, the longest first, and the place of each there; equal ones stay in their order.
fn sorted(lengths: Vec<usize>) -> (Vec<usize>, Vec<usize>) {
    assert!(!lengths.is_empty(), "there is no sequence to pack");
    assert!(lengths.iter().all(|length| *length > 0), "a sequence without a step cannot be packed");
    let mut order: Vec<usize> = (0..lengths.len()).collect();
    order.sort_by_key(|place| std::cmp::Reverse(lengths[*place]));
    let mut rows = vec![0; lengths.len()];
    order.iter().enumerate().for_each(|(row, place)| rows[*place] = row);
    (order.into_iter().map(|place| lengths[place]).collect(), rows)
}
