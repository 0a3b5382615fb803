//! The cases of Keras: `SimpleRNN`, `LSTM` and `GRU`, of one or two layers, in one direction or both, with and without a
//! mask.

use recurrent_cells::{Bidirectional, Direction, KerasWeights, Recurrence, Recurrent, Stack, Weights};

use super::{Check, Context, Golden, Shape, golden, gradients};

pub(crate) fn compare(context: &Context<'_>, shape: &Shape, check: &mut Check<'_>) {
    let names = |direction| {
        // Of several layers each is named by its place.
        let place = |place| if shape.depth > 1 { format!("{place}/") } else { String::new() };
        (0..shape.depth).map(move |layer| Name { place: place(layer), direction })
    };
    match shape.merge {
        None => {
            let layers = names("").map(|name| layer(context, &name, Direction::Forward));
            let stack = Stack::new(layers.collect(), 0.0);
            run(context, check, &stack, |stack| stack.layers.iter().zip(names("")).collect());
        }
        Some(merge) => {
            let both = |(forward, reverse)| {
                let forward = layer(context, &forward, Direction::Forward);
                Bidirectional::new(forward, layer(context, &reverse, Direction::Reverse), merge)
            };
            let stack = Stack::new(names("forward").zip(names("backward")).map(both).collect(), 0.0);
            run(context, check, &stack, |stack| {
                let forward = stack.layers.iter().map(|both| &both.forward).zip(names("forward"));
                forward.chain(stack.layers.iter().map(|both| &both.reverse).zip(names("backward"))).collect()
            });
        }
    }
}

/// What tells a layer's weights from those of others.
#[derive(Debug)]
struct Name {
    place: String,
    direction: &'static str,
}

/// The names of a layer's weights hold counters: found by their last word, the layer's place and its direction.
fn named(context: &Context<'_>, group: &str, layer: &Name, word: &str) -> Option<Golden> {
    let names = context.case[group].as_object().expect("a table of weights");
    let mut fitting = names.keys().filter(|name| {
        name.starts_with(&layer.place)
            && name.contains(layer.direction)
            && name.rsplit('/').next() == Some(word)
    });
    let name = fitting.next()?;
    assert_eq!(fitting.next(), None, "several weights `{word}` of {layer:?}");
    Some(golden(&context.case[group], name))
}

fn layer(context: &Context<'_>, name: &Name, direction: Direction) -> Recurrent {
    let of = |word: &str| named(context, "weights", name, word).map_or_else(Vec::new, |it| it.data);
    let weights =
        KerasWeights { kernel: of("kernel"), recurrent_kernel: of("recurrent_kernel"), bias: of("bias") };
    let hidden = context.file.hidden;
    let input = weights.kernel.len() / (context.cell.gates() * hidden);
    context.layer(&Weights::from_keras(context.cell, input, hidden, &weights), direction)
}

fn run<L: Recurrence>(
    context: &Context<'_>,
    check: &mut Check<'_>,
    layer: &L,
    layers: impl for<'a> Fn(&'a L) -> Vec<(&'a Recurrent, Name)>,
) {
    let x = context.golden("x").tensor::<3>(context.device).require_grad();
    let expected = context.golden("output");
    let d_output = context.golden("d_output");
    // An output without the axis of time is the last one.
    let loss = if expected.shape.len() == 2 {
        let (last, _) = layer.last(x.clone(), None, &context.pass());
        check.tensor("output", last.clone(), &expected);
        (last * d_output.tensor::<2>(context.device)).sum()
    } else {
        let (output, _) = layer.sequence(x.clone(), None, &context.pass());
        check.tensor("output", output.clone(), &expected);
        (output * d_output.tensor::<3>(context.device)).sum()
    };
    let found = loss.backward();
    check.tensor("grad_x", x.grad(&found).expect("the input has a gradient"), &context.golden("grad_x"));
    for (layer, name) in layers(layer) {
        let found = gradients(layer, &found).to_keras();
        for (word, found) in
            [("kernel", found.kernel), ("recurrent_kernel", found.recurrent_kernel), ("bias", found.bias)]
        {
            let expected = named(context, "grad_weights", &name, word).map_or_else(Vec::new, |it| it.data);
            check.numbers(&format!("gradient of {word} of {name:?}"), &found, &expected);
        }
    }
}
