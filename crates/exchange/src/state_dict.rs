//! Layers by the names of PyTorch's state dicts.

use recurrent_cells::{Cell, Direction, Merge, PyTorchWeights, RecurrentConfig, Reset, Weights};

use crate::{
    dense::{Embedding, Linear},
    error::{Problem, in_words},
    layer::Layer,
    names,
    stored::{Tensors, finite, of_name, weights},
    told::Told,
};

const FIRST: &str = "weight_ih_l0";
/// Of `nn.RNNCell`, `nn.LSTMCell` and `nn.GRUCell`, which are one layer.
const OF_CELL: &str = "weight_ih";

/// The modules that are recurrent.
pub(crate) fn recurrent(tensors: &Tensors) -> Vec<String> {
    prefixes(tensors).map(|prefix| prefix.trim_end_matches('.').to_owned()).collect()
}

/// What the names of recurrent modules begin with.
fn prefixes(tensors: &Tensors) -> impl Iterator<Item = String> {
    names::before(tensors, FIRST).chain(names::before(tensors, OF_CELL))
}

/// All layers of a module.
pub(crate) fn layers(tensors: &Tensors, name: &str, told: &Told) -> Result<Vec<Layer>, Problem> {
    let prefixes: Vec<_> = prefixes(tensors).collect();
    if prefixes.is_empty() {
        return Err(nothing_recurrent(tensors, name));
    }
    let prefix = names::prefix(prefixes.into_iter(), name, "recurrent layer")?;
    let is_cell = !tensors.contains_key(&format!("{prefix}{FIRST}"));
    let module = Module { tensors, prefix: &prefix, is_cell, told };
    let mut layers = vec![module.first()?];
    while module.has(&format!("weight_ih_l{}", layers.len())) {
        let below = layers.last().expect("the first layer");
        let mut config = below.config.clone();
        config.d_input = below.d_output();
        layers.push(module.layer(layers.len(), config, below.merge)?);
    }
    Ok(layers)
}

/// The modules that have a matrix for a weight.
pub(crate) fn dense(tensors: &Tensors) -> Vec<String> {
    matrices(tensors).map(|prefix| prefix.trim_end_matches('.').to_owned()).collect()
}

fn matrices(tensors: &Tensors) -> impl Iterator<Item = String> {
    names::before(tensors, "weight").filter(|prefix| tensors[&format!("{prefix}weight")].shape.len() == 2)
}

/// Vectors of tokens.
pub(crate) fn embedding(tensors: &Tensors, name: &str) -> Result<Embedding, Problem> {
    let (_, full) = weight_of(tensors, name, "embedding")?;
    let stored = of_name(tensors, &full)?;
    match stored.shape[..] {
        [vocabulary, features] if vocabulary > 0 && features > 0 => {
            Ok(Embedding::new(vocabulary, finite(stored, &full)?))
        }
        _ => Err(Problem::Invalid(format!(
            "`{full}` has {}, expected a row for each token: it is no embedding",
            in_words(&stored.shape)
        ))),
    }
}

/// A linear layer.
pub(crate) fn linear(tensors: &Tensors, name: &str) -> Result<Linear, Problem> {
    let (prefix, full) = weight_of(tensors, name, "linear layer")?;
    let stored = of_name(tensors, &full)?;
    let &[output, input] = &stored.shape[..] else {
        let problem = format!(
            "`{full}` has {}, expected a row for each output: it is no linear layer",
            in_words(&stored.shape)
        );
        return Err(Problem::Invalid(problem));
    };
    if output == 0 || input == 0 {
        return Err(Problem::Invalid(format!("`{full}` has {}, expected some", in_words(&stored.shape))));
    }
    let bias = format!("{prefix}bias");
    let bias = match tensors.contains_key(&bias) {
        true => weights(tensors, &bias, &[output], &format!("a bias for each row of `{full}`"))?,
        false => Vec::new(),
    };
    Ok(Linear::transposed(output, &finite(stored, &full)?, bias))
}

/// What a module's names begin with, and the whole name of its weight.
fn weight_of(tensors: &Tensors, name: &str, kind: &'static str) -> Result<(String, String), Problem> {
    let prefix = names::prefix(matrices(tensors), name, kind)?;
    let full = format!("{prefix}weight");
    Ok((prefix, full))
}

fn nothing_recurrent(tensors: &Tensors, name: &str) -> Problem {
    let found = tensors.keys().cloned().collect();
    let shown = if name.is_empty() { FIRST.to_owned() } else { format!("{name}.{FIRST}") };
    Problem::Missing { kind: "recurrent layer, which would have the tensor", name: shown, found }
}

/// One module: what its tensors' names begin with.
struct Module<'a> {
    tensors: &'a Tensors,
    prefix: &'a str,
    /// Whether it is one step of one layer, whose names have no end.
    is_cell: bool,
    told: &'a Told,
}

impl Module<'_> {
    /// What the names of a layer and direction end in.
    fn end(&self, place: usize, direction: &str) -> String {
        if self.is_cell { String::new() } else { format!("_l{place}{direction}") }
    }

    fn has(&self, name: &str) -> bool {
        self.tensors.contains_key(&format!("{}{name}", self.prefix))
    }

    fn shape(&self, name: &str) -> Result<[usize; 2], Problem> {
        let name = format!("{}{name}", self.prefix);
        let shape = &of_name(self.tensors, &name)?.shape;
        match shape[..] {
            [rows, columns] if rows > 0 && columns > 0 => Ok([rows, columns]),
            _ => {
                Err(Problem::Invalid(format!("`{name}` has {}, expected rows and columns", in_words(shape))))
            }
        }
    }

    /// The first layer, which says by its shapes what all of them are.
    fn first(&self) -> Result<Layer, Problem> {
        let end = self.end(0, "");
        let [weight_ih, weight_hh, weight_hr] =
            ["weight_ih", "weight_hh", "weight_hr"].map(|part| format!("{part}{end}"));
        let [rows, input] = self.shape(&weight_ih)?;
        let [_, columns] = self.shape(&weight_hh)?;
        let projection = if self.has(&weight_hr) { Some(self.shape(&weight_hr)?) } else { None };
        let hidden = projection.map_or(columns, |[_, hidden]| hidden);
        let cell = match (rows / hidden, rows % hidden) {
            (1, 0) => Cell::Rnn(self.told.activation.unwrap_or_default()),
            (3, 0) => Cell::Gru(Reset::After),
            (4, 0) => Cell::Lstm,
            _ => {
                let problem = format!(
                    "`{0}{weight_ih}` has {rows} rows and `{0}{weight_hh}` has {columns} columns, expected 1, 3 or 4 \
                     times as many \
                     rows as columns: those of a vanilla cell, a GRU or an LSTM of {hidden} units",
                    self.prefix
                );
                return Err(Problem::Invalid(problem));
            }
        };
        if projection.is_some_and(|[output, _]| output >= hidden)
            || projection.is_some() && cell != Cell::Lstm
        {
            let problem = format!(
                "`{}{weight_hr}` has {}, expected the projection of an LSTM of {hidden} units to fewer",
                self.prefix,
                in_words(&projection.unwrap_or_default())
            );
            return Err(Problem::Invalid(problem));
        }
        let config = RecurrentConfig::new(cell, input, hidden)
            .with_bias(self.has(&format!("bias_ih{end}")))
            .with_projection(projection.map(|[output, _]| output));
        self.layer(0, config, self.has("weight_ih_l0_reverse").then_some(Merge::Concat))
    }

    fn layer(&self, place: usize, config: RecurrentConfig, merge: Option<Merge>) -> Result<Layer, Problem> {
        let ends: &[&str] = if merge.is_some() { &["", "_reverse"] } else { &[""] };
        let weights: Result<_, _> =
            ends.iter().map(|end| self.direction(&config, &self.end(place, end))).collect();
        let config = config.with_direction(Direction::Forward);
        let name = match self.is_cell {
            true => self.prefix.trim_end_matches('.').to_owned(),
            false => format!("{}l{place}", self.prefix),
        };
        Ok(Layer { name, config, merge, weights: weights?, gives: None })
    }

    /// The weights of one layer and direction, whose names end in `end`.
    fn direction(&self, config: &RecurrentConfig, end: &str) -> Result<Weights, Problem> {
        let (input, hidden, output) = (config.d_input, config.d_hidden, config.d_output());
        let width = config.cell.gates() * hidden;
        let why = format!(
            "a layer of {hidden} units with {} gates that reads {input} features and its own {output} outputs",
            config.cell.gates()
        );
        let of = |part: &str, shape: &[usize]| {
            weights(self.tensors, &format!("{}{part}{end}", self.prefix), shape, &why)
        };
        let or_none = |is_there: bool, part: &str, shape: &[usize]| {
            if is_there { of(part, shape) } else { Ok(Vec::new()) }
        };
        let theirs = PyTorchWeights {
            weight_ih: of("weight_ih", &[width, input])?,
            weight_hh: of("weight_hh", &[width, output])?,
            bias_ih: or_none(config.bias, "bias_ih", &[width])?,
            bias_hh: or_none(config.bias, "bias_hh", &[width])?,
            weight_hr: or_none(config.projection.is_some(), "weight_hr", &[output, hidden])?,
        };
        Ok(Weights::from_pytorch(config.cell, input, hidden, &theirs))
    }
}
