//! What the networks read of whole texts, cut and padded by nodes of ONNX as [`Reading`] has it.

use recurrent_data::reviews::Side;
use recurrent_exchange::{Attribute, Number, OnnxGraph, Value};

use crate::reading::{Masking, Reading};

const SCOPE: &str = "cut";

/// Texts as the networks read them.
pub(super) struct Cut {
    /// Their indices, `[batch, width]`.
    pub(super) tokens: Value,
    /// How many of them are no padding, `[batch]` of 32 bits; none where padding is read as a word.
    pub(super) lengths: Option<Value>,
}

impl Cut {
    /// Cuts whole texts, `[batch, time]`, filled up at the back with 0. Where padding is passed over, it is put to the back, whichever
    /// side it had in training: it says nothing there.
    pub(super) fn new(graph: &mut OnnxGraph, whole: &Value, reading: &Reading) -> Self {
        let [zero, one, most] =
            [0, 1, reading.length as i64].map(|number| graph.integer("cut.number", number));
        let axis = graph.integers("cut.axis", &[1]);
        let is_word = graph.node(SCOPE, "Greater", &[whole, &zero], &[]);
        let is_word = cast(graph, &is_word, Number::Int64);
        // `[batch, 1]`, as all below.
        let lengths = graph.node(SCOPE, "ReduceSum", &[&is_word, &axis], &[("keepdims", Attribute::Int(1))]);
        let kept = graph.node(SCOPE, "Min", &[&lengths, &most], &[]);
        let start = match reading.truncating {
            Side::Pre => graph.node(SCOPE, "Sub", &[&lengths, &kept], &[]),
            Side::Post => zero.clone(),
        };
        let width = match reading.masking {
            Masking::Padding => graph.node(SCOPE, "ReduceMax", &[&kept], &[("keepdims", Attribute::Int(0))]),
            Masking::None => most.clone(),
        };
        let mut places = graph.node(SCOPE, "Range", &[&zero, &width, &one], &[]);
        if (reading.masking, reading.padding) == (Masking::None, Side::Pre) {
            let padding = graph.node(SCOPE, "Sub", &[&most, &kept], &[]);
            places = graph.node(SCOPE, "Sub", &[&places, &padding], &[]);
        }
        let is_after = graph.node(SCOPE, "GreaterOrEqual", &[&places, &zero], &[]);
        let is_before = graph.node(SCOPE, "Less", &[&places, &kept], &[]);
        let is_read = graph.node(SCOPE, "And", &[&is_after, &is_before], &[]);
        let places = graph.node(SCOPE, "Add", &[&places, &start], &[]);
        // Places of padding are any that there are.
        let places = graph.node(SCOPE, "Where", &[&is_read, &places, &zero], &[]);
        let found = graph.node(SCOPE, "GatherElements", &[whole, &places], &[("axis", Attribute::Int(1))]);
        let tokens = graph.node(SCOPE, "Where", &[&is_read, &found, &zero], &[]);
        let lengths = (reading.masking == Masking::Padding).then(|| {
            let kept = graph.node(SCOPE, "Squeeze", &[&kept, &axis], &[]);
            cast(graph, &kept, Number::Int32)
        });
        Self { tokens, lengths }
    }
}

fn cast(graph: &mut OnnxGraph, value: &Value, to: Number) -> Value {
    graph.node(SCOPE, "Cast", &[value], &[("to", Attribute::Int(to.code()))])
}
