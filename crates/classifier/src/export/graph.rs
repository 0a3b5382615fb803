//! The classifier as a graph of ONNX: whole texts in, logits and probabilities out.

use recurrent_exchange::{Attribute, Axis, Error, OnnxGraph, Pool as Pooled, States, Value};

use super::cut::Cut;
use crate::classifier::Classifier;
use crate::network::Network;
use crate::outputs::Outputs;
use crate::pooling::Pool;

pub(crate) fn graph(classifier: &Classifier) -> Result<OnnxGraph, Error> {
    let (scorer, classes) = (classifier.scorer(), classifier.settings().classes.len());
    let mut graph = OnnxGraph::new("text classifier");
    let texts = graph.tokens("tokens");
    let cut = Cut::new(&mut graph, &texts, scorer.network.reading());
    let pooling = &classifier.settings().model.pooling;
    let mut members = Vec::new();
    for (place, network) in scorer.network.members.iter().enumerate() {
        members.push(logits(&mut graph, &format!("member_{place}"), network, pooling, &cut)?);
    }
    let mut logits = graph.mean("members", &members);
    if let Some(stacking) = &scorer.stacking {
        logits = stacking.nodes(&mut graph, &texts, &logits);
    }
    graph.output("logits", &logits, &[Axis::Any("batch"), Axis::Of(scorer.outputs().width())]);
    let probabilities = probabilities(&mut graph, &logits, scorer.outputs());
    graph.output("probabilities", &probabilities, &[Axis::Any("batch"), Axis::Of(classes)]);
    Ok(graph)
}

/// The scores of one network.
fn logits(
    graph: &mut OnnxGraph,
    name: &str,
    network: &Network,
    pooling: &[Pool],
    cut: &Cut,
) -> Result<Value, Error> {
    let scope = |part: &str| format!("{name}.{part}");
    let words = graph.embedding(&scope("embedding"), &cut.tokens, &network.exchanged_embedding());
    let lengths = cut.lengths.as_ref();
    let layers = network.exchanged_layers();
    let recurred = graph.layers(&scope("rnn"), &words, &layers, States::Zero, lengths)?;
    let pooled: Vec<Value> = pooling
        .iter()
        .map(|pool| match pool {
            Pool::Last => recurred.last.clone(),
            Pool::Max => graph.pooled(&scope("max"), &recurred.steps, Pooled::Max, lengths),
            Pool::Mean => graph.pooled(&scope("mean"), &recurred.steps, Pooled::Mean, lengths),
        })
        .collect();
    let features = graph.node(
        &scope("pooled"),
        "Concat",
        &pooled.iter().collect::<Vec<_>>(),
        &[("axis", Attribute::Int(1))],
    );
    Ok(graph.linear(&scope("head"), &features, &network.exchanged_head()))
}

/// The probability of each class or label.
fn probabilities(graph: &mut OnnxGraph, logits: &Value, outputs: Outputs) -> Value {
    const SCOPE: &str = "probabilities";
    match outputs {
        Outputs::Labels(_) => graph.node(SCOPE, "Sigmoid", &[logits], &[]),
        Outputs::Classes(_) => graph.node(SCOPE, "Softmax", &[logits], &[("axis", Attribute::Int(1))]),
        Outputs::Two => {
            // Of its own logit, for the digits of a small one.
            let other = graph.node(SCOPE, "Neg", &[logits], &[]);
            let both = graph.node(SCOPE, "Concat", &[&other, logits], &[("axis", Attribute::Int(1))]);
            graph.node(SCOPE, "Sigmoid", &[&both], &[])
        }
    }
}
