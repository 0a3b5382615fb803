//! The weights as a walk reads them.

use std::ops::Range;

use super::{
    Operands, Source,
    isa::Isa,
    pack::Packed,
    product::{Onto, Panels, Rows, Target, product},
    stream::{Plain, streamed},
};
use crate::op::options::DropoutMasks;

/// The weights of one walk, laid out somehow: parts of the columns, each with the gates that it is of.
pub(super) struct Weights<W> {
    /// The input kernel; nothing for tokens, or where nobody reads it.
    pub(super) input: Vec<(Range<usize>, W)>,
    /// Of each recurrent product.
    pub(super) recurrent: Vec<Vec<(Range<usize>, W)>>,
}

impl<W> Weights<W> {
    /// Lays out every part: `lay_out` is given the weights from its first column on, their rows, and the number of its gates.
    pub(super) fn new<'a>(
        operands: &Operands<'a>,
        reads_input: bool,
        lay_out: impl Fn(&'a [f32], usize, usize) -> W,
    ) -> Self {
        let (sizes, options) = (operands.sizes, operands.options);
        let all = |weights: &'a [f32], depth: usize, gates: &Range<usize>, dropout: Option<&DropoutMasks>| {
            let part = |gates: Range<usize>| {
                let weights = lay_out(&weights[gates.start * sizes.hidden..], depth, gates.len());
                (gates, weights)
            };
            parts(gates, dropout).into_iter().map(part).collect()
        };
        let products = operands.shape().products.iter();
        let recurrent = products.map(|product| {
            // What a step stores has gone through its dropout.
            let dropout = options.state_dropout.as_ref().filter(|_| !product.reads_stored);
            all(operands.recurrent, sizes.hidden, &product.gates, dropout)
        });
        let gates = 0..operands.shape().gates.len();
        let input = match operands.source {
            Source::Dense { .. } if reads_input => {
                all(operands.kernel, sizes.input, &gates, options.input_dropout.as_ref())
            }
            _ => Vec::new(),
        };
        Self { input, recurrent: recurrent.collect() }
    }
}

/// The gates that are multiplied together: all, or, with masks of their own, each.
pub(super) fn parts(gates: &Range<usize>, dropout: Option<&DropoutMasks>) -> Vec<Range<usize>> {
    match dropout.is_some_and(DropoutMasks::is_untied) {
        true => gates.clone().map(|gate| gate..gate + 1).collect(),
        false => vec![gates.clone()],
    }
}

/// One matrix of weights on the way forward: packed for many uses, or as it lies for one.
pub(super) enum Weight<'a> {
    Packed(Packed),
    Plain(Plain<'a>),
}

impl<'a> Weight<'a> {
    pub(super) fn new(
        isa: Isa,
        is_used_once: bool,
        data: &'a [f32],
        [depth, columns]: [usize; 2],
        stride: usize,
    ) -> Self {
        match is_used_once {
            true => Self::Plain(Plain { isa, data, depth, columns, stride }),
            false => Self::Packed(Packed::new(isa, depth, columns, data, stride, 1)),
        }
    }

    /// `out = a * weight (+ out, or + a row)`, for `rows` rows that are `stride` apart in `out`.
    #[inline]
    pub(super) fn product(&self, rows: usize, a: Rows<'_>, out: &mut [f32], stride: usize, into: Onto<'_>) {
        match self {
            Self::Packed(packed) => {
                product(a, packed, Target::new(rows, packed.dims()[1], out, stride), into)
            }
            Self::Plain(plain) => streamed(a, *plain, Target::new(rows, plain.columns, out, stride), into),
        }
    }
}
