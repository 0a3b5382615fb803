//! Layer normalisation within the composed form: which sums of a cell are normalised together, and with which gains. The equations
//! stand with [`Normalization`](crate::Normalization); without gains every function here leaves its sums as they are.

use burn::tensor::{Tensor, module::layer_norm};

use super::{Gains, equations::Shape};

/// Keeps a variance of zero from dividing.
pub(super) const EPSILON: f64 = 1e-5;

/// The normalisation of one cell.
pub(super) struct Normalizer {
    /// Of each recurrent product, or of the whole sum.
    recurrent: Vec<Group>,
    /// Of the input's part of the sums.
    input: Vec<Group>,
    normalizes_sum: bool,
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
    pub(super) fn new(shape: &Shape, hidden: usize, gains: Option<Gains>) -> Self {
        let Some(Gains { products, memory }) = gains else {
            return Self { recurrent: Vec::new(), input: Vec::new(), normalizes_sum: false, memory: None };
        };
        let row = |matrix: &Tensor<2>, row: usize, first: usize, width: usize| {
            matrix.clone().narrow(0, row, 1).narrow(1, first, width).reshape([width])
        };
        let groups = |place: usize| {
            let columns = shape.products.iter().map(|product| Shape::columns(&product.gates, hidden));
            let group = |it: std::ops::Range<usize>| Group {
                first: it.start,
                gain: row(&products, place, it.start, it.len()),
            };
            columns.map(group).collect()
        };
        Self {
            recurrent: groups(0),
            input: if shape.normalizes_sum { Vec::new() } else { groups(1) },
            normalizes_sum: shape.normalizes_sum,
            memory: memory.map(|memory| [0, 1].map(|place| row(&memory, place, 0, hidden))),
        }
    }

    /// The part of the input in every step's sums, its bias added; that is added to the whole sum instead, where that is normalised.
    pub(super) fn input_sums(&self, products: Tensor<2>, bias: Option<Tensor<2>>) -> Tensor<2> {
        if self.normalizes_sum { products } else { biased(normalized(products, &self.input), bias) }
    }

    /// The whole sum of a cell that has one product.
    pub(super) fn sum(&self, sums: Tensor<2>, bias: Option<Tensor<2>>) -> Tensor<2> {
        if self.normalizes_sum { biased(normalized(sums, &self.recurrent), bias) } else { sums }
    }

    /// A recurrent product.
    pub(super) fn product(&self, product: usize, products: Tensor<2>) -> Tensor<2> {
        match self.recurrent.get(product).filter(|_| !self.normalizes_sum) {
            Some(group) => layer_norm(products, group.gain.clone(), None, EPSILON),
            None => products,
        }
    }

    /// The LSTM's memory, before its tangent.
    pub(super) fn memory(&self, memory: Tensor<2>) -> Tensor<2> {
        match &self.memory {
            Some([gain, bias]) => layer_norm(memory, gain.clone(), Some(bias.clone()), EPSILON),
            None => memory,
        }
    }
}

fn biased(sums: Tensor<2>, bias: Option<Tensor<2>>) -> Tensor<2> {
    match bias {
        Some(bias) => sums + bias,
        None => sums,
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
