//! A network that begins with the weights of another one, whose tokens are the first of its own.

use burn::{
    module::{Module, ModuleMapper, ModuleVisitor, Param},
    tensor::{Tensor, TensorData},
};

use crate::network::{Network, numbers};

impl Network {
    /// The same network with the weights of another one, whose tokens are the first of its own. Weights that read further tokens
    /// stay as they were, but those of an embedding that scores them too are zeros, as are those that score them; the bias for them is that
    /// of the unlikeliest token.
    ///
    /// # Panics
    /// The other network is of another shape, or knows more tokens.
    pub fn beginning_as(self, first: &Self) -> Self {
        let mut reader = Reader(Vec::new());
        first.visit(&mut reader);
        self.map(&mut Heir(reader.0.into_iter()))
    }
}

/// The shape and the numbers of each weight, in the order in which a network shows them.
struct Reader(Vec<(Vec<usize>, Vec<f32>)>);

impl ModuleVisitor for Reader {
    fn visit_float<const D: usize>(&mut self, parameter: &Param<Tensor<D>>) {
        self.0.push((parameter.val().dims().to_vec(), numbers(parameter.val())));
    }
}

struct Heir(std::vec::IntoIter<(Vec<usize>, Vec<f32>)>);

impl ModuleMapper for Heir {
    fn map_float<const D: usize>(&mut self, parameter: Param<Tensor<D>>) -> Param<Tensor<D>> {
        let (dims, first) = self.0.next().expect("a network of the same shape");
        let own = parameter.val().dims();
        let values = match (&own[..], &dims[..]) {
            (own, dims) if own == dims => first,
            ([own], [known]) if known < own => {
                let unlikeliest = first.iter().copied().fold(f32::INFINITY, f32::min);
                let mut values = first;
                values.resize(*own, unlikeliest);
                values
            }
            // One side, and one alone, is that of the tokens.
            ([rows, columns], [known_rows, known])
                if known_rows == rows && known < columns || known_rows < rows && known == columns =>
            {
                let mut values = numbers(parameter.val());
                for (row, first) in values.chunks_exact_mut(*columns).zip(first.chunks_exact(*known)) {
                    row[..*known].copy_from_slice(first);
                    row[*known..].fill(0.0);
                }
                values
            }
            (own, dims) => panic!("a weight of shape {dims:?} cannot become one of {own:?}"),
        };
        parameter.map(|tensor| {
            let heir = Tensor::from_data(TensorData::new(values, own), &tensor.device());
            if tensor.is_require_grad() { heir.require_grad() } else { heir }
        })
    }
}
