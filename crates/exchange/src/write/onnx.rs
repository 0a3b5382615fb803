//! Recurrent layers, embeddings and linear layers as nodes of ONNX.

use recurrent_cells::{Cell, Direction, Merge, Reset};

use super::{
    graph::{Attribute, OnnxGraph, Value},
    onnx_weights::{activations, factors, onnx_name, onnx_weights},
    plain::{Extra, lacking},
    states::Carried,
};
use crate::{
    dense::{Embedding, Linear},
    error::Error,
    layer::{Layer, Layers},
};

/// The states of recurrent layers in a graph.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum States {
    /// Sequences begin with zeros, and states are not given out.
    #[default]
    Zero,
    /// Inputs `h_0` and, of an LSTM, `c_0`, which may be left out and are then zero, and outputs `h_n` and `c_n`, all
    /// `[layers * directions, batch, units]`, as in PyTorch.
    InAndOut,
    /// The same, where the inputs have to be given: ONNX Runtime Web takes none that may be left out.
    Required,
}

/// What recurrent layers give.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Recurred {
    /// The outputs of all steps, `[batch, time, features]`. At padded steps they are zero, whereas layers of one
    /// direction repeat the last output here.
    pub steps: Value,
    /// The output when all was read, `[batch, features]`, as [`last`](recurrent_cells::Recurrence::last).
    pub last: Value,
}

impl OnnxGraph {
    /// Adds recurrent layers on an input `[batch, time, features]`, as `RNN`, `LSTM` and `GRU` nodes; with `lengths`,
    /// `[batch]`, steps from there on are padding.
    ///
    /// # Errors
    /// ONNX does not have what a layer is, or states of layers of unequal sizes are asked for.
    pub fn layers(
        &mut self,
        name: &str,
        input: &Value,
        layers: &Layers,
        states: States,
        lengths: Option<&Value>,
    ) -> Result<Recurred, Error> {
        for layer in &layers.layers {
            check(name, layer)?;
        }
        let (Some(first), Some(top)) = (layers.layers.first(), layers.layers.last()) else {
            return Err(Error::not_written(name, "there is no layer"));
        };
        let mut states = Carried::new(self, name, input, layers, states)?;
        let time_major = self.node(name, "Transpose", &[input], &[("perm", Attribute::Ints(vec![1, 0, 2]))]);
        let mut below = time_major;
        let mut last = Value::none();
        for layer in &layers.layers {
            let node = Node { scope: name, layer, lengths };
            let [all, output, memory] = node.add(self, &below, &mut states);
            below = node.merge_steps(self, &all);
            if std::ptr::eq(layer, top) {
                last = node.merge_last(self, &output);
            }
            states.keep(output, memory);
        }
        states.give_out(self, name, first);
        let steps = self.node(name, "Transpose", &[&below], &[("perm", Attribute::Ints(vec![1, 0, 2]))]);
        Ok(Recurred { steps, last })
    }

    /// Adds the vectors of tokens, `[batch, time]` to `[batch, time, features]`.
    pub fn embedding(&mut self, name: &str, tokens: &Value, embedding: &Embedding) -> Value {
        let shape = [embedding.vocabulary, embedding.features];
        let table = self.floats(&format!("{name}.weight"), &shape, &embedding.vectors);
        self.node(name, "Gather", &[&table, tokens], &[])
    }

    /// Adds ones at the places of tokens, `[batch, time]` to `[batch, time, vocabulary]`, for layers that read tokens
    /// without an embedding.
    pub fn one_hot(&mut self, name: &str, tokens: &Value, vocabulary: usize) -> Value {
        let depth = self.integers(&format!("{name}.vocabulary"), &[vocabulary as i64]);
        let values = self.floats(&format!("{name}.values"), &[2], &[0.0, 1.0]);
        self.node(name, "OneHot", &[tokens, &depth, &values], &[])
    }

    /// Adds the vectors of tokens that are the columns of a linear layer's [weight](Self::weight), `[batch, time]` to
    /// `[batch, time, features]`: what scores a token is what is read of it.
    pub fn tied_embedding(&mut self, name: &str, tokens: &Value, weight: &Value) -> Value {
        let columns = self.node(name, "Gather", &[weight, tokens], &[("axis", Attribute::Int(1))]);
        self.node(name, "Transpose", &[&columns], &[("perm", Attribute::Ints(vec![1, 2, 0]))])
    }

    /// Adds a linear layer over the last axis of any value, and its activation, where it has one.
    pub fn linear(&mut self, name: &str, input: &Value, linear: &Linear) -> Value {
        let weight = self.weight(name, linear);
        self.linear_by(name, input, &weight, linear)
    }

    /// The weight of a linear layer, `[input, output]`, for [`linear_by`](Self::linear_by) and whatever else reads it.
    pub fn weight(&mut self, name: &str, linear: &Linear) -> Value {
        self.floats(&format!("{name}.weight"), &[linear.input, linear.output], &linear.weight)
    }

    /// Adds a linear layer whose weight is there already.
    pub fn linear_by(&mut self, name: &str, input: &Value, weight: &Value, linear: &Linear) -> Value {
        let mut value = self.node(name, "MatMul", &[input, weight], &[]);
        if !linear.bias.is_empty() {
            let bias = self.floats(&format!("{name}.bias"), &[linear.output], &linear.bias);
            value = self.node(name, "Add", &[&value, &bias], &[]);
        }
        match linear.activation.as_deref() {
            Some("sigmoid") => self.node(name, "Sigmoid", &[&value], &[]),
            Some("softmax") => self.node(name, "Softmax", &[&value], &[("axis", Attribute::Int(-1))]),
            Some("tanh") => self.node(name, "Tanh", &[&value], &[]),
            Some("relu") => self.node(name, "Relu", &[&value], &[]),
            _ => value,
        }
    }
}

/// One layer.
struct Node<'a> {
    scope: &'a str,
    layer: &'a Layer,
    lengths: Option<&'a Value>,
}

impl Node<'_> {
    /// Adds the node; its outputs are all steps `[time, directions, batch, units]`, the last output and memory
    /// `[directions, batch, units]`.
    fn add(&self, graph: &mut OnnxGraph, input: &Value, states: &mut Carried) -> [Value; 3] {
        let config = &self.layer.config;
        let place = states.last[0].len();
        let (operator, outputs) = match config.cell {
            Cell::Lstm => ("LSTM", 3),
            Cell::Gru(_) => ("GRU", 2),
            _ => ("RNN", 2),
        };
        let [kernel, recurrent, bias, peepholes] = self.tensors(graph, place);
        let none = Value::none();
        let [output, memory] = &states.first[place];
        let lengths = self.lengths.unwrap_or(&none);
        let mut inputs = vec![input, &kernel, &recurrent, &bias, lengths, output];
        if config.cell.has_memory() {
            inputs.extend([memory, &peepholes]);
        }
        while inputs.last().is_some_and(|input| input.name().is_empty()) {
            inputs.pop();
        }
        let mut values = graph.nodes(self.scope, operator, &inputs, outputs, &self.attributes());
        values.resize(3, Value::none());
        values.try_into().expect("three outputs")
    }

    fn attributes(&self) -> Vec<(&'static str, Attribute)> {
        let config = &self.layer.config;
        let direction = match (self.layer.merge, config.direction) {
            (Some(_), _) => "bidirectional",
            (None, Direction::Reverse) => "reverse",
            (None, Direction::Forward) => "forward",
        };
        let activations = activations(self.layer).repeat(self.layer.weights.len());
        let named =
            activations.iter().map(|activation| onnx_name(*activation).unwrap_or_default().to_owned());
        let mut attributes = vec![
            ("hidden_size", Attribute::Int(config.d_hidden as i64)),
            ("direction", Attribute::Text(direction.to_owned())),
            ("activations", Attribute::Texts(named.collect())),
        ];
        let factors: Vec<_> = activations.iter().filter_map(|activation| factors(*activation)).collect();
        if !factors.is_empty() {
            let of = |part: fn(&(f32, f32)) -> f32| Attribute::Floats(factors.iter().map(part).collect());
            attributes.push(("activation_alpha", of(|factors| factors.0)));
            attributes.push(("activation_beta", of(|factors| factors.1)));
        }
        if config.coupled_gates {
            attributes.push(("input_forget", Attribute::Int(1)));
        }
        if let Cell::Gru(reset) = config.cell {
            let is_after = i64::from(reset == Reset::After);
            attributes.push(("linear_before_reset", Attribute::Int(is_after)));
        }
        attributes
    }

    /// Kernel, recurrent kernel, biases and peepholes of all directions.
    fn tensors(&self, graph: &mut OnnxGraph, place: usize) -> [Value; 4] {
        let config = &self.layer.config;
        let directions = self.layer.weights.len();
        let (input, hidden) = (config.d_input, config.d_hidden);
        let width = config.cell.gates() * hidden;
        let mut parts: [Vec<f32>; 4] = Default::default();
        for weights in &self.layer.weights {
            for (part, numbers) in parts.iter_mut().zip(onnx_weights(weights)) {
                part.extend(numbers);
            }
        }
        let names = ["W", "R", "B", "P"];
        let shapes = [
            vec![directions, width, input],
            vec![directions, width, hidden],
            vec![directions, 2 * width],
            vec![directions, 3 * hidden],
        ];
        let mut values = [Value::none(), Value::none(), Value::none(), Value::none()];
        for (((value, name), shape), numbers) in values.iter_mut().zip(names).zip(shapes).zip(parts) {
            if !numbers.is_empty() {
                *value = graph.floats(&format!("{}.{name}_l{place}", self.scope), &shape, &numbers);
            }
        }
        values
    }

    /// `[time, directions, batch, units]` to `[time, batch, features]`.
    fn merge_steps(&self, graph: &mut OnnxGraph, all: &Value) -> Value {
        if self.layer.merge == Some(Merge::Concat) {
            let perm = ("perm", Attribute::Ints(vec![0, 2, 1, 3]));
            let rows = graph.node(self.scope, "Transpose", &[all], &[perm]);
            let shape = graph.integers(&format!("{}.shape", self.scope), &[0, 0, -1]);
            return graph.node(self.scope, "Reshape", &[&rows, &shape], &[]);
        }
        self.reduce(graph, all, 1)
    }

    /// `[directions, batch, units]` to `[batch, features]`.
    fn merge_last(&self, graph: &mut OnnxGraph, last: &Value) -> Value {
        if self.layer.merge == Some(Merge::Concat) {
            let rows =
                graph.node(self.scope, "Transpose", &[last], &[("perm", Attribute::Ints(vec![1, 0, 2]))]);
            let shape = graph.integers(&format!("{}.shape", self.scope), &[0, -1]);
            return graph.node(self.scope, "Reshape", &[&rows, &shape], &[]);
        }
        self.reduce(graph, last, 0)
    }

    /// Takes the axis of directions away.
    fn reduce(&self, graph: &mut OnnxGraph, value: &Value, axis: i64) -> Value {
        let settings = [("axes", Attribute::Ints(vec![axis])), ("keepdims", Attribute::Int(0))];
        match self.layer.merge {
            Some(Merge::Average) => graph.node(self.scope, "ReduceMean", &[value], &settings),
            Some(Merge::Multiply) => graph.node(self.scope, "ReduceProd", &[value], &settings),
            merge => {
                let axes = graph.integers(&format!("{}.axis", self.scope), &[axis]);
                match merge {
                    Some(_) => graph.node(self.scope, "ReduceSum", &[value, &axes], &settings[1..]),
                    None => graph.node(self.scope, "Squeeze", &[value, &axes], &[]),
                }
            }
        }
    }
}

/// What ONNX lacks, and what stands in its place.
fn check(name: &str, layer: &Layer) -> Result<(), Error> {
    let config = &layer.config;
    if let Some(lacking) = lacking(config, &[Extra::Peepholes, Extra::CoupledGates]) {
        let problem = format!("the recurrent nodes of ONNX have no {}", lacking.trim_start_matches("a "));
        return Err(Error::not_written(name, problem));
    }
    match activations(layer).into_iter().find(|activation| onnx_name(*activation).is_none()) {
        None => Ok(()),
        Some(activation) => {
            let problem = format!("the recurrent nodes of ONNX do not have the activation {activation:?}");
            Err(Error::not_written(name, problem))
        }
    }
}
