//! What a classifier makes of the outputs of all steps, and an ensemble of its members, as nodes of ONNX.

use super::graph::{Attribute, OnnxGraph, Value};

/// How the outputs of steps become one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pool {
    /// Their mean.
    Mean,
    /// The largest of each feature.
    Max,
}

impl OnnxGraph {
    /// Adds a pooling of the outputs of steps, `[batch, time, features]` to `[batch, features]`; with `lengths`,
    /// `[batch]`, of the steps before each alone. For the last of them, take [`last`](super::Recurred::last).
    pub fn pooled(&mut self, name: &str, steps: &Value, pool: Pool, lengths: Option<&Value>) -> Value {
        let over_time = [("axes", Attribute::Ints(vec![1])), ("keepdims", Attribute::Int(0))];
        let Some(lengths) = lengths else {
            let operator = if pool == Pool::Mean { "ReduceMean" } else { "ReduceMax" };
            return self.node(name, operator, &[steps], &over_time);
        };
        let is_step = self.is_step(name, steps, lengths);
        match pool {
            Pool::Max => {
                let least = self.floats(&format!("{name}.least"), &[1], &[f32::MIN]);
                let steps = self.node(name, "Where", &[&is_step, steps, &least], &[]);
                self.node(name, "ReduceMax", &[&steps], &over_time)
            }
            Pool::Mean => {
                let nothing = self.floats(&format!("{name}.nothing"), &[1], &[0.0]);
                let steps = self.node(name, "Where", &[&is_step, steps, &nothing], &[]);
                let axis = self.integers(&format!("{name}.time"), &[1]);
                let sum = self.node(name, "ReduceSum", &[&steps, &axis], &over_time[1..]);
                let count = self.node(name, "Cast", &[lengths], &[("to", Attribute::Int(1))]);
                // A sequence without steps has the mean zero.
                let one = self.floats(&format!("{name}.one"), &[1], &[1.0]);
                let count = self.node(name, "Max", &[&count, &one], &[]);
                let count = self.node(name, "Unsqueeze", &[&count, &axis], &[]);
                self.node(name, "Div", &[&sum, &count], &[])
            }
        }
    }

    /// Adds the mean of values of the same shape: of an ensemble's members.
    pub fn mean(&mut self, name: &str, values: &[Value]) -> Value {
        self.node(name, "Mean", &values.iter().collect::<Vec<_>>(), &[])
    }

    /// Whether a step is no padding, `[batch, time, 1]`.
    fn is_step(&mut self, name: &str, steps: &Value, lengths: &Value) -> Value {
        let time =
            self.node(name, "Shape", &[steps], &[("start", Attribute::Int(1)), ("end", Attribute::Int(2))]);
        let time = self.node(name, "Squeeze", &[&time], &[]);
        let [zero, one] = [0, 1].map(|number| self.integer(&format!("{name}.number"), number));
        let places = self.node(name, "Range", &[&zero, &time, &one], &[]);
        let axis = self.integers(&format!("{name}.behind"), &[1]);
        let lengths = self.node(name, "Cast", &[lengths], &[("to", Attribute::Int(7))]);
        let lengths = self.node(name, "Unsqueeze", &[&lengths, &axis], &[]);
        let is_step = self.node(name, "Less", &[&places, &lengths], &[]);
        let axis = self.integers(&format!("{name}.features"), &[2]);
        self.node(name, "Unsqueeze", &[&is_step, &axis], &[])
    }
}
