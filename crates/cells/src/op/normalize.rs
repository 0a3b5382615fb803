//! Layer normalisation within the composed form: which sums of a cell are normalised together, and with which gains.
//! The equations stand with [`Normalization`](crate::Normalization); without gains every function here leaves its sums
//! as they are.

use burn::tensor::{Tensor, module::layer_norm};

use super::Gains;
use crate::cell::Cell;

/// Keeps a variance of zero from dividing.
pub(super) const EPSILON: f64 = 1e-5;

/// The normalisation of one cell.
pub(super) struct Normalizer {
    is_vanilla: bool,
    /// For the recurrent product, or for the vanilla cell's sum: groups of columns that are normalised together.
    recurrent: Vec<Group>,
    /// For the input product.
    input: Vec<Group>,
    /// The gain and the bias of the memory.
    memory: Option<[Tensor<1>; 2]>,
}

/// Neighbouring columns, and their gains.
struct Group {
    first: usize,
    gain: Tensor<1>,
}

impl Normalizer {
    /// Without `gains`, the one that does nothing.
    pub(super) fn new(cell: Cell, hidden: usize, gains: Option<Gains>) -> Self {
        let is_vanilla = matches!(cell, Cell::Rnn(_));
        let Some(Gains { products, memory }) = gains else {
            return Self { is_vanilla, recurrent: Vec::new(), input: Vec::new(), memory: None };
        };
        let row = |matrix: &Tensor<2>, row: usize, first: usize, width: usize| {
            matrix.clone().narrow(0, row, 1).narrow(1, first, width).reshape([width])
        };
        let groups = |place: usize| {
            let widths = match cell {
                Cell::Gru(_) => vec![2 * hidden, hidden],
                Cell::Rnn(_) | Cell::Lstm => vec![cell.gates() * hidden],
            };
            let of = |first: &mut usize, width: usize| {
                let group = Group { first: *first, gain: row(&products, place, *first, width) };
                *first += width;
                Some(group)
            };
            widths.into_iter().scan(0, |first, width| of(first, width)).collect()
        };
        Self {
            is_vanilla,
            recurrent: groups(0),
            input: if is_vanilla { Vec::new() } else { groups(1) },
            memory: memory.map(|memory| [0, 1].map(|place| row(&memory, place, 0, hidden))),
        }
    }

    /// The part of the input in every step's sums, its bias added; the vanilla cell adds that to the whole sum instead,
    /// where it normalises.
    pub(super) fn input_sums(&self, products: Tensor<2>, bias: Tensor<2>) -> Tensor<2> {
        if self.normalizes_sums() { products } else { normalized(products, &self.input) + bias }
    }

    /// The vanilla cell's whole sum.
    pub(super) fn sum(&self, sums: Tensor<2>, bias: &Tensor<2>) -> Tensor<2> {
        if self.normalizes_sums() { normalized(sums, &self.recurrent) + bias.clone() } else { sums }
    }

    /// The recurrent product of the gates: of all, or without the candidate's columns.
    pub(super) fn gates(&self, product: Tensor<2>) -> Tensor<2> {
        let [_, width] = product.dims();
        let count = self.recurrent.iter().take_while(|group| group.first < width).count();
        normalized(product, &self.recurrent[..count])
    }

    /// The recurrent product of the candidate alone.
    pub(super) fn candidate(&self, product: Tensor<2>) -> Tensor<2> {
        match self.recurrent.last() {
            Some(group) => layer_norm(product, group.gain.clone(), None, EPSILON),
            None => product,
        }
    }

    /// What the kernel does itself, as one row: the gains of the LSTM's recurrent product, then its memory's gain and bias.
    pub(super) fn of_kernel(&self) -> Option<Tensor<1>> {
        let [recurrent] = &self.recurrent[..] else { return None };
        let [gain, bias] = self.memory.clone()?;
        Some(Tensor::cat(vec![recurrent.gain.clone(), gain, bias], 0))
    }

    /// The LSTM's memory, before its tangent.
    pub(super) fn memory(&self, memory: Tensor<2>) -> Tensor<2> {
        match &self.memory {
            Some([gain, bias]) => layer_norm(memory, gain.clone(), Some(bias.clone()), EPSILON),
            None => memory,
        }
    }

    fn normalizes_sums(&self) -> bool {
        self.is_vanilla && !self.recurrent.is_empty()
    }
}

/// `g * LN(z)`, group by group; `z` itself where there is no group.
fn normalized(sums: Tensor<2>, groups: &[Group]) -> Tensor<2> {
    let of = |sums: Tensor<2>, gain: &Tensor<1>| layer_norm(sums, gain.clone(), None, EPSILON);
    match groups {
        [] => sums,
        [group] => of(sums, &group.gain),
        _ => {
            let part = |group: &Group| {
                let [width] = group.gain.dims();
                of(sums.clone().narrow(1, group.first, width), &group.gain)
            };
            Tensor::cat(groups.iter().map(part).collect(), 1)
        }
    }
}
