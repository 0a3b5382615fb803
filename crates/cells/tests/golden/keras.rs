//! The cases of Keras: `SimpleRNN`, `LSTM` and `GRU`, single and bidirectional, with and without a mask.

use burn::tensor::Tensor;
use recurrent_cells::{Direction, KerasWeights, Recurrence, Recurrent, Weights};

use super::{Check, Context, Golden, Shape, golden, gradients};

pub(crate) fn compare(context: &Context<'_>, shape: &Shape, check: &mut Check<'_>) {
    match shape {
        Shape::Single => {
            let layer = layer(context, "", Direction::Forward);
            run(context, check, &layer, |layer| vec![(layer, "")]);
        }
        Shape::Bidirectional(merge) => {
            let forward = layer(context, "forward", Direction::Forward);
            let reverse = layer(context, "backward", Direction::Reverse);
            let layer = super::bidirectional(forward, reverse, *merge);
            run(context, check, &layer, |both| vec![(&both.forward, "forward"), (&both.reverse, "backward")]);
        }
        Shape::TwoLayers => unreachable!("Keras has no layer of two"),
    }
}

/// The names of a layer's weights hold counters: found by their last word and the direction.
fn named(context: &Context<'_>, group: &str, direction: &str, word: &str) -> Golden {
    let names = context.case[group].as_object().expect("a table of weights");
    let mut fitting =
        names.keys().filter(|name| name.contains(direction) && name.rsplit('/').next() == Some(word));
    let name = fitting.next().unwrap_or_else(|| panic!("no weight `{direction} {word}` in {group}"));
    assert_eq!(fitting.next(), None, "several weights `{direction} {word}`");
    golden(&context.case[group], name)
}

fn layer(context: &Context<'_>, name: &str, direction: Direction) -> Recurrent {
    let of = |word: &str| named(context, "weights", name, word).data;
    let weights =
        KerasWeights { kernel: of("kernel"), recurrent_kernel: of("recurrent_kernel"), bias: of("bias") };
    context.layer(
        &Weights::from_keras(context.cell, context.file.input, context.file.hidden, &weights),
        direction,
    )
}

fn run<L: Recurrence>(
    context: &Context<'_>,
    check: &mut Check<'_>,
    layer: &L,
    layers: impl for<'a> Fn(&'a L) -> Vec<(&'a Recurrent, &'static str)>,
) {
    let x = context.golden("x").tensor::<3>(context.device).require_grad();
    let (output, _) = layer.sequence(x.clone(), None, &context.pass());
    check.tensor("output", output.clone(), &context.golden("output"));
    let d_output: Tensor<3> = context.golden("d_output").tensor(context.device);
    let found = (output * d_output).sum().backward();
    check.tensor("grad_x", x.grad(&found).expect("the input has a gradient"), &context.golden("grad_x"));
    for (layer, name) in layers(layer) {
        let found = gradients(layer, &found).to_keras();
        for (word, found) in
            [("kernel", found.kernel), ("recurrent_kernel", found.recurrent_kernel), ("bias", found.bias)]
        {
            let expected = named(context, "grad_weights", name, word);
            check.numbers(&format!("gradient of {name} {word}"), &found, &expected.data);
        }
    }
}
