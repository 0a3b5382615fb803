//! Activations by the names that Keras and ONNX give them.

use recurrent_cells::{Activation, Cell, RecurrentConfig};

/// Keras's activations, in lower case; ONNX has some of them in capitals. `hard_sigmoid` is left to the caller: not all
/// mean the same.
pub(crate) fn of_name(name: &str) -> Option<Activation> {
    Some(match name.to_lowercase().as_str() {
        "tanh" => Activation::Tanh,
        "relu" => Activation::Relu,
        "sigmoid" => Activation::Sigmoid,
        "linear" => Activation::Linear,
        "softsign" => Activation::Softsign,
        "silu" | "swish" => Activation::Silu,
        _ => return None,
    })
}

/// The activations of a layer that the kernel does not have, in words; empty where it has all.
pub(crate) fn others(config: &RecurrentConfig) -> String {
    use Activation::{Relu, Sigmoid, Tanh};
    let other = |what: &str, found: Activation, usual: &[Activation]| {
        (!usual.contains(&found)).then(|| format!("{found:?} for the activation of {what}"))
    };
    let gates = [
        other("its gates", config.gate_activation, &[Sigmoid]),
        other("its candidate", config.candidate_activation, &[Tanh]),
        other("its output", config.output_activation, &[Tanh]),
    ];
    let found = match config.cell {
        Cell::Rnn(activation) => vec![other("its sums", activation, &[Tanh, Relu])],
        _ => gates.into(),
    };
    found.into_iter().flatten().collect::<Vec<_>>().join(" and ")
}
