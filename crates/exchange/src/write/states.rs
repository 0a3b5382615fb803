//! States of recurrent layers as inputs and outputs of an ONNX graph.

use super::{
    graph::{Attribute, Axis, Number, OnnxGraph, Value},
    onnx::States,
};
use crate::{
    error::Error,
    layer::{Layer, Layers},
};

/// States on their way in and out.
pub(super) struct Carried {
    /// For each layer in turn its first output and memory, where there are inputs.
    pub(super) first: Vec<[Value; 2]>,
    pub(super) last: [Vec<Value>; 2],
    is_given_out: bool,
}

impl Carried {
    pub(super) fn new(
        graph: &mut OnnxGraph,
        name: &str,
        input: &Value,
        layers: &Layers,
        states: States,
    ) -> Result<Self, Error> {
        let count = layers.layers.len();
        let nothing = || [Value::none(), Value::none()];
        let mut carried = Self {
            first: (0..count).map(|_| nothing()).collect(),
            last: [Vec::new(), Vec::new()],
            is_given_out: states != States::Zero,
        };
        if states == States::Zero {
            return Ok(carried);
        }
        let of = |layer: &Layer| (layer.config.cell, layer.config.d_hidden, layer.weights.len());
        let first = &layers.layers[0];
        if layers.layers.iter().any(|layer| of(layer) != of(first)) {
            let problem = "states of unlike layers do not fit into one tensor; write each stack of like layers by \
                itself";
            return Err(Error::not_written(name, problem));
        }
        let (cell, hidden, directions) = of(first);
        let names: &[&str] = if cell.has_memory() { &["h_0", "c_0"] } else { &["h_0"] };
        for (place, state) in names.iter().enumerate() {
            let count = count * directions;
            let all = match states {
                States::Required => graph.input(state, Number::Float, &shape(count, "batch", hidden)),
                _ => optional(graph, state, input, count, hidden),
            };
            for (layer, first) in carried.first.iter_mut().enumerate() {
                first[place] = slice(graph, name, &all, layer * directions, directions);
            }
        }
        Ok(carried)
    }

    pub(super) fn keep(&mut self, output: Value, memory: Value) {
        for (kept, value) in self.last.iter_mut().zip([output, memory]) {
            kept.push(value);
        }
    }

    pub(super) fn give_out(&self, graph: &mut OnnxGraph, name: &str, layer: &Layer) {
        if !self.is_given_out {
            return;
        }
        let count = self.last[0].len() * layer.weights.len();
        let outputs = if layer.config.cell.has_memory() { 2 } else { 1 };
        for (values, output) in self.last.iter().zip(["h_n", "c_n"]).take(outputs) {
            let values: Vec<_> = values.iter().collect();
            let all = graph.node(name, "Concat", &values, &[("axis", Attribute::Int(0))]);
            graph.output(output, &all, &shape(count, "batch", layer.config.d_hidden));
        }
    }
}

fn shape(count: usize, batch: &'static str, hidden: usize) -> [Axis; 3] {
    [Axis::Of(count), Axis::Any(batch), Axis::Of(hidden)]
}

/// A state that may be left out: zeros for one sequence, which serve for all of a batch.
fn optional(graph: &mut OnnxGraph, name: &str, input: &Value, count: usize, hidden: usize) -> Value {
    let shape = shape(count, "batch of states", hidden);
    let state = graph.optional(name, &shape, &[count, 1, hidden]);
    let whole =
        graph.node(name, "Shape", &[input], &[("start", Attribute::Int(0)), ("end", Attribute::Int(1))]);
    let [before, behind] =
        [count, hidden].map(|length| graph.integers(&format!("{name}.shape"), &[length as i64]));
    let shape = graph.node(name, "Concat", &[&before, &whole, &behind], &[("axis", Attribute::Int(0))]);
    graph.node(name, "Expand", &[&state, &shape], &[])
}

fn slice(graph: &mut OnnxGraph, name: &str, all: &Value, start: usize, count: usize) -> Value {
    let ends = [start, start + count, 0];
    let [start, end, axis] = ends.map(|place| graph.integers(&format!("{name}.place"), &[place as i64]));
    graph.node(name, "Slice", &[all, &start, &end, &axis], &[])
}
