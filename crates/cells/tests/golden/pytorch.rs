//! The cases of PyTorch: `nn.RNN`, `nn.LSTM` and `nn.GRU`, of one or two layers, in one direction or both.

use burn::tensor::{Gradients, Tensor};
use recurrent_cells::{
    Bidirectional, BidirectionalState, Direction, PyTorchWeights, Recurrence, Recurrent, Stack, State,
    Weights,
};

use super::{Check, Context, Golden, Shape, golden, gradients};

pub(crate) fn compare(context: &Context<'_>, shape: &Shape, check: &mut Check<'_>) {
    let places = 0..shape.depth;
    match shape.merge {
        None => {
            let layers = places.map(|place| layer(context, &format!("l{place}"), Direction::Forward));
            let stack = Stack::new(layers.collect(), 0.0);
            run(
                context,
                check,
                &stack,
                |states| (0..shape.depth).map(|place| one(states, place)).collect(),
                |states| states,
                |stack| named(&stack.layers),
            );
        }
        Some(merge) => {
            let both = |place| {
                let forward = layer(context, &format!("l{place}"), Direction::Forward);
                let reverse = layer(context, &format!("l{place}_reverse"), Direction::Reverse);
                Bidirectional::new(forward, reverse, merge)
            };
            let stack = Stack::new(places.map(both).collect(), 0.0);
            run(
                context,
                check,
                &stack,
                |states| {
                    let both = |place| BidirectionalState {
                        forward: one(states, 2 * place),
                        reverse: one(states, 2 * place + 1),
                    };
                    (0..shape.depth).map(both).collect()
                },
                |states| states.into_iter().flat_map(|both| [both.forward, both.reverse]).collect(),
                |stack| {
                    let forward = stack.layers.iter().map(|both| &both.forward);
                    let reverse = stack.layers.iter().map(|both| &both.reverse);
                    let reverse = named(reverse).into_iter().map(|(layer, name)| (layer, name + "_reverse"));
                    named(forward).into_iter().chain(reverse).collect()
                },
            );
        }
    }
}

/// Layers and what PyTorch puts behind the names of their weights.
fn named<'a>(layers: impl IntoIterator<Item = &'a Recurrent>) -> Vec<(&'a Recurrent, String)> {
    layers.into_iter().enumerate().map(|(place, layer)| (layer, format!("l{place}"))).collect()
}

fn layer(context: &Context<'_>, suffix: &str, direction: Direction) -> Recurrent {
    let recorded = &context.case["weights"];
    let of = |name: &str| {
        let key = format!("{name}_{suffix}");
        recorded.get(&key).map_or_else(Vec::new, |_| golden(recorded, &key).data)
    };
    let weights = PyTorchWeights {
        weight_ih: of("weight_ih"),
        weight_hh: of("weight_hh"),
        bias_ih: of("bias_ih"),
        bias_hh: of("bias_hh"),
        weight_hr: of("weight_hr"),
    };
    let hidden = context.file.hidden;
    let input = weights.weight_ih.len() / (context.cell.gates() * hidden);
    context.layer(&Weights::from_pytorch(context.cell, input, hidden, &weights), direction)
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
    layers: impl for<'a> Fn(&'a L) -> Vec<(&'a Recurrent, String)>,
) {
    let leaf = |key: &str| context.golden(key).tensor::<3>(context.device).require_grad();
    let constant = |key: &str| context.golden(key).tensor::<3>(context.device);
    let has_memory = context.cell.has_memory();
    let x = leaf("x");
    let states = States { output: leaf("h0"), memory: has_memory.then(|| leaf("c0")) };
    let (output, last) = layer.sequence(x.clone(), Some(start(&states)), &context.pass());
    // Unpacked, a padded output is zero; a layer in one direction repeats its last.
    let output = context.real_steps().into_iter().fold(output, |output, real| output * real);
    if context.case.get("last").is_some() {
        let (last, _) = layer.last(x.clone(), Some(start(&states)), &context.pass());
        check.tensor("last", last, &context.golden("last"));
    }
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
        compare_weights(context, check, layer, &suffix, &found);
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
    let weights = [
        ("weight_ih", &found.weight_ih),
        ("weight_hh", &found.weight_hh),
        ("bias_ih", &found.bias_ih),
        ("bias_hh", bias_hh),
        ("weight_hr", &found.weight_hr),
    ];
    for (name, found) in weights.into_iter().filter(|(_, found)| !found.is_empty()) {
        let name = format!("{name}_{suffix}");
        let expected: Golden = golden(&context.case["grad_weights"], &name);
        check.numbers(&format!("gradient of {name}"), found, &expected.data);
    }
}
