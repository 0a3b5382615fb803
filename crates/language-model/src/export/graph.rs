//! The model as a graph of ONNX: tokens and states in, logits and states out.

use recurrent_exchange::{Axis, Error, OnnxGraph, States};

use crate::model::LanguageModel;
use crate::network_settings::Reading;

pub(crate) fn graph(model: &LanguageModel, states: States) -> Result<OnnxGraph, Error> {
    let (vocabulary, head) = (model.vocabulary().len(), model.head());
    let mut graph = OnnxGraph::new("language model");
    let tokens = graph.tokens("tokens");
    let weight = graph.weight("head", &head);
    let read = match model.settings().network.reading {
        Reading::OneHot => graph.one_hot("rnn", &tokens, vocabulary),
        Reading::Tied => graph.tied_embedding("embedding", &tokens, &weight),
    };
    let recurred = graph.layers("rnn", &read, &model.layers(), states, None)?;
    let logits = graph.linear_by("head", &recurred.steps, &weight, &head);
    graph.output("logits", &logits, &[Axis::Any("batch"), Axis::Any("time"), Axis::Of(vocabulary)]);
    Ok(graph)
}
