//! An ONNX model that is put together node by node.
//!
//! Everything is a value with a name. What this crate knows of layers adds nodes through [`OnnxGraph::node`], and so
//! can anybody else.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
};

use prost::Message;

use super::write_whole;
use crate::{
    error::Error,
    onnx::messages::{
        AttributeProto, Dimension, Entry, GraphProto, Length, ModelProto, NodeProto, OperatorSetId,
        TensorProto, TensorShape, TensorType, TypeProto, ValueInfo, attribute, number,
    },
};

/// Operators of 2021: every runtime has them, and means by them the same.
const OPERATORS: i64 = 17;
/// The version of the format that came with them.
const FORMAT: i64 = 8;

/// What a node reads and gives.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Value {
    pub(super) name: String,
}

impl Value {
    /// Its name in the graph.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// An input that a node is not given.
    pub(super) fn none() -> Self {
        Self { name: String::new() }
    }
}

/// A length of an input or output.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Axis {
    /// A number.
    Of(usize),
    /// Any, but the same wherever the name stands: `batch`, `time`.
    Any(&'static str),
}

/// The kind of numbers of an input or output.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Number {
    /// 32-bit floats.
    Float,
    /// 64-bit floats.
    Double,
    /// Whole numbers of 32 bits.
    Int32,
    /// Whole numbers of 64 bits.
    Int64,
}

impl Number {
    /// What it is called in ONNX, which is also what `Cast` takes.
    pub fn code(self) -> i64 {
        i64::from(match self {
            Self::Float => number::FLOAT,
            Self::Double => number::DOUBLE,
            Self::Int32 => number::INT32,
            Self::Int64 => number::INT64,
        })
    }
}

/// A setting of a node.
#[derive(Clone, Debug, PartialEq)]
pub enum Attribute {
    /// A whole number.
    Int(i64),
    /// Whole numbers.
    Ints(Vec<i64>),
    /// A number.
    Float(f32),
    /// Numbers.
    Floats(Vec<f32>),
    /// A text.
    Text(String),
    /// Texts.
    Texts(Vec<String>),
}

/// An ONNX model under construction.
///
/// ```
/// use recurrent_backend::{BackendKind, Seed};
/// use recurrent_cells::{Cell, RecurrentConfig, StackConfig};
/// use recurrent_exchange::{Axis, Layers, Linear, OnnxGraph, States};
///
/// let gru = StackConfig::new(RecurrentConfig::new(Cell::Gru(Default::default()), 4, 6), 2);
/// let gru = gru.init(Seed(1), &BackendKind::Flex.open()?);
///
/// let mut graph = OnnxGraph::new("forecaster");
/// let x = graph.features("x", 4); // [batch, time, 4], both of any length
/// let recurred = graph.layers("gru", &x, &Layers::from(&gru), States::Zero, None)?;
/// let y = graph.linear("head", &recurred.last, &Linear::new(6, vec![0.1; 6], vec![0.0]));
/// graph.output("y", &y, &[Axis::Any("batch"), Axis::Of(1)]);
///
/// let folder = tempfile::tempdir()?;
/// graph.write(folder.path().join("forecaster.onnx"))?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct OnnxGraph {
    graph: GraphProto,
    names: BTreeSet<String>,
    metadata: BTreeMap<String, String>,
}

impl OnnxGraph {
    /// A model without inputs, nodes and outputs.
    pub fn new(name: &str) -> Self {
        // A graph has a name.
        let name = if name.is_empty() { "model" } else { name };
        let graph = GraphProto { name: name.to_owned(), ..GraphProto::default() };
        Self { graph, names: BTreeSet::new(), metadata: BTreeMap::new() }
    }

    /// Says something of the model, for whoever uses the file: a key and a text.
    pub fn describe(&mut self, key: &str, text: impl Into<String>) {
        self.metadata.insert(key.to_owned(), text.into());
    }

    /// An input of sequences of features, `[batch, time, features]`.
    pub fn features(&mut self, name: &str, features: usize) -> Value {
        self.input(name, Number::Float, &[Axis::Any("batch"), Axis::Any("time"), Axis::Of(features)])
    }

    /// An input of sequences of tokens, `[batch, time]`, 64-bit.
    pub fn tokens(&mut self, name: &str) -> Value {
        self.input(name, Number::Int64, &[Axis::Any("batch"), Axis::Any("time")])
    }

    /// An input of how many steps of each sequence are no padding, `[batch]`, 32-bit.
    pub fn lengths(&mut self, name: &str) -> Value {
        self.input(name, Number::Int32, &[Axis::Any("batch")])
    }

    /// An input of any shape.
    pub fn input(&mut self, name: &str, number: Number, shape: &[Axis]) -> Value {
        let name = self.unique(name);
        self.graph.input.push(info(&name, number, shape));
        Value { name }
    }

    /// An output of 32-bit floats.
    pub fn output(&mut self, name: &str, value: &Value, shape: &[Axis]) {
        self.output_of(name, value, Number::Float, shape);
    }

    /// An output of other numbers.
    pub fn output_of(&mut self, name: &str, value: &Value, number: Number, shape: &[Axis]) {
        let name = self.unique(name);
        self.graph.node.push(NodeProto {
            name: format!("/{name}"),
            op_type: "Identity".to_owned(),
            input: vec![value.name.clone()],
            output: vec![name.clone()],
            ..NodeProto::default()
        });
        self.graph.output.push(info(&name, number, shape));
    }

    /// A tensor of 32-bit floats, row-major.
    ///
    /// # Panics
    /// The numbers are not as many as the shape says.
    pub fn floats(&mut self, name: &str, shape: &[usize], numbers: &[f32]) -> Value {
        assert_eq!(shape.iter().product::<usize>(), numbers.len(), "the numbers of `{name}`");
        let bytes = numbers.iter().flat_map(|number| number.to_le_bytes()).collect();
        self.tensor(name, number::FLOAT, shape, bytes)
    }

    /// A row of whole numbers.
    pub fn integers(&mut self, name: &str, numbers: &[i64]) -> Value {
        let bytes = numbers.iter().flat_map(|number| number.to_le_bytes()).collect();
        self.tensor(name, number::INT64, &[numbers.len()], bytes)
    }

    /// One whole number.
    pub fn integer(&mut self, name: &str, number: i64) -> Value {
        self.tensor(name, number::INT64, &[], number.to_le_bytes().into())
    }

    /// A node with one output, under a name such as `/encoder/Transpose`.
    pub fn node(
        &mut self,
        scope: &str,
        operator: &str,
        inputs: &[&Value],
        attributes: &[(&str, Attribute)],
    ) -> Value {
        let mut outputs = self.nodes(scope, operator, inputs, 1, attributes);
        outputs.pop().expect("an output")
    }

    /// A node with several outputs.
    pub fn nodes(
        &mut self,
        scope: &str,
        operator: &str,
        inputs: &[&Value],
        outputs: usize,
        attributes: &[(&str, Attribute)],
    ) -> Vec<Value> {
        let name = self.unique(&format!("/{}/{operator}", scope.replace('.', "/")));
        let values: Vec<_> =
            (0..outputs).map(|place| self.unique(&format!("{name}_output_{place}"))).collect();
        self.graph.node.push(NodeProto {
            name,
            op_type: operator.to_owned(),
            input: inputs.iter().map(|input| input.name.clone()).collect(),
            output: values.clone(),
            attribute: attributes.iter().map(|(name, value)| proto(name, value)).collect(),
            domain: String::new(),
        });
        values.into_iter().map(|name| Value { name }).collect()
    }

    /// The model as bytes.
    pub fn to_bytes(&self) -> Vec<u8> {
        let model = ModelProto {
            ir_version: FORMAT,
            producer_name: "recurrent".to_owned(),
            producer_version: env!("CARGO_PKG_VERSION").to_owned(),
            graph: Some(self.graph.clone()),
            opset_import: vec![OperatorSetId { domain: String::new(), version: OPERATORS }],
            metadata_props: self.metadata.iter().map(entry).collect(),
        };
        model.encode_to_vec()
    }

    /// Writes the model, whole or not at all.
    ///
    /// # Errors
    /// It cannot be written.
    pub fn write(&self, path: impl AsRef<Path>) -> Result<(), Error> {
        write_whole(path.as_ref(), &self.to_bytes())
    }

    /// An input that may be left out, and is then these numbers.
    pub(super) fn optional(&mut self, name: &str, shape: &[Axis], default: &[usize]) -> Value {
        let value = self.floats(name, default, &vec![0.0; default.iter().product()]);
        self.graph.input.push(info(&value.name, Number::Float, shape));
        value
    }

    fn tensor(&mut self, name: &str, data_type: i32, shape: &[usize], raw_data: Vec<u8>) -> Value {
        let name = self.unique(name);
        let dims = shape.iter().map(|length| *length as i64).collect();
        let tensor = TensorProto { name: name.clone(), dims, data_type, raw_data, ..TensorProto::default() };
        self.graph.initializer.push(tensor);
        Value { name }
    }

    /// The name, or where that is taken, the name and a number.
    fn unique(&mut self, name: &str) -> String {
        let numbered = (1..).map(|number| format!("{name}_{number}"));
        let free = std::iter::once(name.to_owned()).chain(numbered).find(|name| !self.names.contains(name));
        let free = free.expect("a number that is free");
        self.names.insert(free.clone());
        free
    }
}

fn entry((key, value): (&String, &String)) -> Entry {
    Entry { key: key.clone(), value: value.clone() }
}

fn info(name: &str, number: Number, shape: &[Axis]) -> ValueInfo {
    let length = |axis: &Axis| match axis {
        Axis::Of(number) => Length::Number(*number as i64),
        Axis::Any(name) => Length::Name((*name).to_owned()),
    };
    let dim = shape.iter().map(|axis| Dimension { length: Some(length(axis)) }).collect();
    let elem_type = number.code() as i32;
    let tensor_type = Some(TensorType { elem_type, shape: Some(TensorShape { dim }) });
    ValueInfo { name: name.to_owned(), kind: Some(TypeProto { tensor_type }) }
}

fn proto(name: &str, value: &Attribute) -> AttributeProto {
    let mut proto = AttributeProto { name: name.to_owned(), ..AttributeProto::default() };
    match value {
        Attribute::Int(i) => (proto.kind, proto.i) = (attribute::INT, *i),
        Attribute::Ints(ints) => (proto.kind, proto.ints) = (attribute::INTS, ints.clone()),
        Attribute::Float(f) => (proto.kind, proto.f) = (attribute::FLOAT, *f),
        Attribute::Floats(floats) => (proto.kind, proto.floats) = (attribute::FLOATS, floats.clone()),
        Attribute::Text(text) => (proto.kind, proto.s) = (attribute::STRING, text.clone().into_bytes()),
        Attribute::Texts(texts) => {
            let texts = texts.iter().map(|text| text.clone().into_bytes()).collect();
            (proto.kind, proto.strings) = (attribute::STRINGS, texts);
        }
    }
    proto
}
