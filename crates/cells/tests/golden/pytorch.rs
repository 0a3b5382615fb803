//! The cases of PyTorch: `nn.RNN`, `nn.LSTM` and `nn.GRU`, single, bidirectional and two layers deep.

use burn::tensor::{Gradients, Tensor};
use recurrent_cells::{
    BidirectionalState, Direction, Merge, PyTorchWeights, Recurrence, Recurrent, Stack, State, Weights,
};

use super::{Check, Context, Golden, Shape, golden, gradients};

pub(crate) fn compare(context: &Context<'_>, shape: &Shape, check: &mut Check<'_>) {
    match shape {
        Shape::Single => {
            let layer = layer(context, "l0", context.file.input, Direction::Forward);
            run(
                context,
                check,
                &layer,
                |states| one(states, 0),
                |state| vec![state],
                |layer| vec![(layer, "l0")],
            );
        }
        Shape::Bidirectional(merge) => {
            assert_eq!(*merge, Merge::Concat);
            let input = context.file.input;
            let layer = super::bidirectional(
                layer(context, "l0", input, Direction::Forward),
                layer(context, "l0_reverse", input, Direction::Reverse),
                *merge,
            );
            run(
                context,
                check,
                &layer,
                |states| BidirectionalState { forward: one(states, 0), reverse: one(states, 1) },
                |state| vec![state.forward, state.reverse],
                |both| vec![(&both.forward, "l0"), (&both.reverse, "l0_reverse")],
            );
        }
        Shape::TwoLayers => {
            let first = layer(context, "l0", context.file.input, Direction::Forward);
            let second = layer(context, "l1", context.file.hidden, Direction::Forward);
            let stack = Stack::new(vec![first, second], 0.0);
            run(
                context,
                check,
                &stack,
                |states| vec![one(states, 0), one(states, 1)],
                |states| states,
                |stack| stack.layers.iter().zip(["l0", "l1"]).collect(),
            );
        }
    }
}

fn layer(context: &Context<'_>, suffix: &str, input: usize, direction: Direction) -> Recurrent {
    let of = |name: &str| golden(&context.case["weights"], &format!("{name}_{suffix}")).data;
    let weights = PyTorchWeights {
        weight_ih: of("weight_ih"),
        weight_hh: of("weight_hh"),
        bias_ih: of("bias_ih"),
        bias_hh: of("bias_hh"),
        ..PyTorchWeights::default()
    };
    context.layer(&Weights::from_pytorch(context.cell, input, context.file.hidden, &weights), direction)
}

/// The recorded initial states, `[layers * directions, batch, hidden]`.
struct States {
    output: Tensor<3>,
    memory: Option<Tensor<3>>,
}

fn one(states: &States, place: usize) -> State {
    let of = |states: &Tensor<3>| {
        let [_, batch, hidden] = states.dims();
        states.clone().narrow(0, place, 1).reshape([batch, hidden])
    };
    State { output: of(&states.output), memory: states.memory.as_ref().map(of) }
}

/// Runs a layer of any shape: `start` makes its state of the recorded ones, `parts` takes its last state apart, and
/// `layers` names its layers as PyTorch does.
fn run<L: Recurrence>(
    context: &Context<'_>,
    check: &mut Check<'_>,
    layer: &L,
    start: impl Fn(&States) -> L::State,
    parts: impl Fn(L::State) -> Vec<State>,
    layers: impl for<'a> Fn(&'a L) -> Vec<(&'a Recurrent, &'static str)>,
) {
    let leaf = |key: &str| context.golden(key).tensor::<3>(context.device).require_grad();
    let constant = |key: &str| context.golden(key).tensor::<3>(context.device);
    let has_memory = context.cell.has_memory();
    let x = leaf("x");
    let states = States { output: leaf("h0"), memory: has_memory.then(|| leaf("c0")) };
    let (output, last) = layer.sequence(x.clone(), Some(start(&states)), &context.pass());
    let last = parts(last);
    let stack = |tensors: Vec<Tensor<2>>| Tensor::stack::<3>(tensors, 0);
    let hn = stack(last.iter().map(|state| state.output.clone()).collect());
    let cn = has_memory.then(|| stack(last.into_iter().filter_map(|state| state.memory).collect()));

    check.tensor("output", output.clone(), &context.golden("output"));
    check.tensor("hn", hn.clone(), &context.golden("hn"));
    let mut loss = (output * constant("d_output")).sum() + (hn * constant("d_hn")).sum();
    if let Some(cn) = cn {
        check.tensor("cn", cn.clone(), &context.golden("cn"));
        loss = loss + (cn * constant("d_cn")).sum();
    }
    let found = loss.backward();
    let leaf_gradient = |leaf: &Tensor<3>| leaf.grad(&found).expect("every leaf has a gradient");
    check.tensor("grad_x", leaf_gradient(&x), &context.golden("grad_x"));
    check.tensor("grad_h0", leaf_gradient(&states.output), &context.golden("grad_h0"));
    if let Some(memory) = &states.memory {
        check.tensor("grad_c0", leaf_gradient(memory), &context.golden("grad_c0"));
    }
    for (layer, suffix) in layers(layer) {
        compare_weights(context, check, layer, suffix, &found);
    }
}

fn compare_weights(
    context: &Context<'_>,
    check: &mut Check<'_>,
    layer: &Recurrent,
    suffix: &str,
    found: &Gradients,
) {
    let found = gradients(layer, found).to_pytorch();
    // Where there is one bias for PyTorch's two, both of those have its gradient.
    let bias_hh = if context.cell.has_recurrent_bias() { &found.bias_hh } else { &found.bias_ih };
    for (name, found) in [
        ("weight_ih", &found.weight_ih),
        ("weight_hh", &found.weight_hh),
        ("bias_ih", &found.bias_ih),
        ("bias_hh", bias_hh),
    ] {
        let name = format!("{name}_{suffix}");
        let expected: Golden = golden(&context.case["grad_weights"], &name);
        check.numbers(&format!("gradient of {name}"), found, &expected.data);
    }
}
