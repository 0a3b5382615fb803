//! One recurrent layer of Keras, from its settings and its weights.

use recurrent_cells::{
    Activation, Cell, Direction, GateMasks, KerasWeights, Merge, RecurrentConfig, Reset, Weights,
};
use serde_json::Value;

use super::{Described, Model, config};
use crate::{
    error::{Problem, in_words},
    layer::{Gives, Layer},
    read::activations,
    stored::{Tensors, of_name, weights},
    told::Told,
};

/// The layer, whose weights are `NAME/kernel`, or in both directions `NAME/forward/kernel`.
pub(super) fn layer(
    layer: &Described,
    tensors: &Tensors,
    model: &Model,
    told: &Told,
) -> Result<Layer, Problem> {
    let is_both = match model.is_described {
        true => layer.class == "Bidirectional",
        false => tensors.contains_key(&format!("{}/forward/kernel", layer.name)),
    };
    let paths = match is_both {
        true => vec![format!("{}/forward", layer.name), format!("{}/backward", layer.name)],
        false => vec![layer.name.clone()],
    };
    let sizes = Sizes::of(tensors, &paths[0])?;
    let config = match model.is_described {
        true => described(layer, &sizes, model.is_keras_3)?,
        false => sizes.config(&layer.name, told)?,
    };
    let weights: Result<Vec<_>, _> = paths.iter().map(|path| direction(&config, tensors, path)).collect();
    let merge = match (is_both, model.is_described) {
        (false, _) => None,
        (true, false) => Some(told.merge.unwrap_or_default()),
        (true, true) => Some(merge(layer)?),
    };
    let gives = config::inner(layer)["return_sequences"].as_bool();
    let gives = gives.map(|all| if all { Gives::Steps } else { Gives::Last });
    Ok(Layer { name: layer.name.clone(), config, merge, weights: weights?, gives })
}

/// What the shapes of a layer's weights say.
struct Sizes {
    input: usize,
    hidden: usize,
    /// Columns of the kernel.
    width: usize,
    /// The shape of the biases, where there are some.
    bias: Option<Vec<usize>>,
}

impl Sizes {
    fn of(tensors: &Tensors, path: &str) -> Result<Self, Problem> {
        let shape = |variable: &str| {
            let name = format!("{path}/{variable}");
            let shape = &of_name(tensors, &name)?.shape;
            match shape[..] {
                [rows, columns] if rows > 0 && columns > 0 => Ok([rows, columns]),
                _ => Err(Problem::Invalid(format!(
                    "`{name}` has {}, expected rows and columns",
                    in_words(shape)
                ))),
            }
        };
        let ([input, width], [hidden, _]) = (shape("kernel")?, shape("recurrent_kernel")?);
        let bias = tensors.get(&format!("{path}/bias")).map(|stored| stored.shape.clone());
        Ok(Self { input, hidden, width, bias })
    }

    /// What a layer is of which there are weights alone.
    fn config(&self, name: &str, told: &Told) -> Result<RecurrentConfig, Problem> {
        let reset = match self.bias.as_deref() {
            Some([2, _]) => Reset::After,
            Some(_) => Reset::Before,
            None => told.reset.unwrap_or_default(),
        };
        let Self { input, hidden, width, .. } = *self;
        let cell = match (width / hidden, width % hidden) {
            (1, 0) => Cell::Rnn(told.activation.unwrap_or_default()),
            (3, 0) => Cell::Gru(reset),
            (4, 0) => Cell::Lstm,
            _ => {
                let problem = format!(
                    "`{name}` has a kernel of {width} columns and a recurrent kernel of {hidden} rows, expected 1, 3 \
                     or 4 times as \
                     many columns as rows: those of a vanilla cell, a GRU or an LSTM"
                );
                return Err(Problem::Invalid(problem));
            }
        };
        Ok(RecurrentConfig::new(cell, input, hidden).with_bias(self.bias.is_some()))
    }
}

/// What a layer's settings say.
fn described(layer: &Described, sizes: &Sizes, is_keras_3: bool) -> Result<RecurrentConfig, Problem> {
    let settings = config::inner(layer);
    let activation = |key: &str, usual: Activation| match &settings[key] {
        Value::Null => Ok(usual),
        Value::String(name) => activation(layer, name, is_keras_3),
        _ => Err(Problem::Unsupported(format!("`{}` has an activation that is a program", layer.name))),
    };
    let main = activation("activation", Activation::Tanh)?;
    let cell = match config::inner_class(layer) {
        "SimpleRNN" => Cell::Rnn(main),
        "LSTM" => Cell::Lstm,
        _ if settings["reset_after"] == Value::Bool(true) => Cell::Gru(Reset::After),
        _ => Cell::Gru(Reset::Before),
    };
    let units = settings["units"].as_u64().unwrap_or(0);
    if units != sizes.hidden as u64 {
        let problem = format!(
            "`{}` has {units} units by its settings, and a recurrent kernel of {} rows; take a whole copy",
            layer.name, sizes.hidden
        );
        return Err(Problem::Invalid(problem));
    }
    let mut config = RecurrentConfig::new(cell, sizes.input, sizes.hidden)
        .with_bias(settings["use_bias"].as_bool().unwrap_or(true))
        .with_input_dropout(rate(layer, settings, "dropout")?)
        .with_recurrent_dropout(rate(layer, settings, "recurrent_dropout")?);
    if config.recurrent_dropout > 0.0 {
        config.gate_masks = GateMasks::Untied;
    }
    if settings["go_backwards"] == Value::Bool(true) {
        if layer.class == "Bidirectional" {
            let problem = format!("the forward layer of `{}` reads in reverse", layer.name);
            return Err(Problem::Unsupported(problem));
        }
        config.direction = Direction::Reverse;
    }
    if !matches!(cell, Cell::Rnn(_)) {
        config.candidate_activation = main;
        config.gate_activation = activation("recurrent_activation", Activation::Sigmoid)?;
    }
    if cell == Cell::Lstm {
        config.output_activation = main;
    }
    Ok(config)
}

fn rate(layer: &Described, settings: &Value, key: &str) -> Result<f64, Problem> {
    let rate = settings[key].as_f64().unwrap_or(0.0);
    match (0.0..1.0).contains(&rate) {
        true => Ok(rate),
        false => Err(Problem::Invalid(format!(
            "`{}` has a {key} of {rate}, expected a share from 0 to below 1",
            layer.name
        ))),
    }
}

fn activation(layer: &Described, name: &str, is_keras_3: bool) -> Result<Activation, Problem> {
    match (name, is_keras_3) {
        ("hard_sigmoid", true) => Ok(Activation::HardSigmoid),
        ("hard_sigmoid", false) => Err(Problem::Unsupported(format!(
            "`{}` has the activation `hard_sigmoid` of Keras 2, `x / 5 + 1/2` cut to 0 and 1, which no layer here \
             has; train it with \
             `sigmoid`",
            layer.name
        ))),
        _ => activations::of_name(name).ok_or_else(|| {
            Problem::Unsupported(format!(
                "`{}` has the activation `{name}`, which no layer here has; there are tanh, relu, sigmoid, \
                 hard_sigmoid, linear, \
                 softsign and silu",
                layer.name
            ))
        }),
    }
}

fn merge(layer: &Described) -> Result<Merge, Problem> {
    Ok(match layer.config["merge_mode"].as_str() {
        Some("concat") => Merge::Concat,
        Some("sum") => Merge::Sum,
        Some("ave") => Merge::Average,
        Some("mul") => Merge::Multiply,
        _ => {
            let problem = format!(
                "`{}` gives the outputs of its directions apart (`merge_mode` is {}), which no layer here does",
                layer.name, layer.config["merge_mode"]
            );
            return Err(Problem::Unsupported(problem));
        }
    })
}

/// The weights of one direction.
fn direction(config: &RecurrentConfig, tensors: &Tensors, path: &str) -> Result<Weights, Problem> {
    let (input, hidden) = (config.d_input, config.d_hidden);
    let width = config.cell.gates() * hidden;
    let why =
        format!("a layer of {hidden} units with {} gates that reads {input} features", config.cell.gates());
    let of = |variable: &str, shape: &[usize]| weights(tensors, &format!("{path}/{variable}"), shape, &why);
    let rows = config.cell.bias_rows();
    let bias_shape = if rows > 1 { vec![rows, width] } else { vec![width] };
    let theirs = KerasWeights {
        kernel: of("kernel", &[input, width])?,
        recurrent_kernel: of("recurrent_kernel", &[hidden, width])?,
        bias: if config.bias { of("bias", &bias_shape)? } else { Vec::new() },
    };
    Ok(Weights::from_keras(config.cell, input, hidden, &theirs))
}
