//! The graph of a model for TensorBoard's page Graphs, with the field numbers of TensorFlow's `graph.proto`.
//!
//! It is the chain that a model's summary tells: from the inputs through the layers to the loss. The operations of a
//! backend are not in it.

use std::collections::{BTreeMap, BTreeSet};

use prost::{Message, Oneof};
use recurrent_report::ModelSummary;

use super::event::Shape;

#[derive(Clone, PartialEq, Message)]
pub(super) struct GraphDef {
    #[prost(message, repeated, tag = "1")]
    pub(super) node: Vec<Node>,
}

#[derive(Clone, PartialEq, Message)]
pub(super) struct Node {
    #[prost(string, tag = "1")]
    pub(super) name: String,
    #[prost(string, tag = "2")]
    pub(super) op: String,
    #[prost(string, repeated, tag = "3")]
    pub(super) input: Vec<String>,
    #[prost(btree_map = "string, message", tag = "5")]
    pub(super) attr: BTreeMap<String, Attribute>,
}

#[derive(Clone, PartialEq, Message)]
pub(super) struct Attribute {
    #[prost(oneof = "Kind", tags = "1, 3")]
    pub(super) kind: Option<Kind>,
}

#[derive(Clone, PartialEq, Oneof)]
pub(super) enum Kind {
    #[prost(message, tag = "1")]
    Shapes(Shapes),
    #[prost(int64, tag = "3")]
    Whole(i64),
}

#[derive(Clone, PartialEq, Message)]
pub(super) struct Shapes {
    #[prost(message, repeated, tag = "7")]
    pub(super) shape: Vec<Shape>,
}

/// The graph of a model that turns inputs and targets into a loss.
pub(super) fn graph(model: &ModelSummary) -> GraphDef {
    let placeholder = |name: &str| Node::new(name, "Placeholder", &[], Shape::unknown());
    let mut taken: BTreeSet<String> = ["input", "target", "loss"].map(str::to_owned).into();
    let mut graph = vec![placeholder("input")];
    let mut last = "input".to_owned();
    for row in &model.rows {
        let name = free_name(&row.name, &mut taken);
        let mut layer = Node::new(&name, &row.kind, &[&last], shape(&row.output_shape));
        let parameters = i64::try_from(row.parameters).unwrap_or(i64::MAX);
        layer.attr.insert("parameters".to_owned(), Attribute { kind: Some(Kind::Whole(parameters)) });
        graph.push(layer);
        last = name;
    }
    graph.push(placeholder("target"));
    graph.push(Node::new("loss", "loss", &[&last, "target"], Shape::of(&[])));
    GraphDef { node: graph }
}

impl Node {
    fn new(name: &str, op: &str, input: &[&str], shape: Shape) -> Self {
        let shapes = Attribute { kind: Some(Kind::Shapes(Shapes { shape: vec![shape] })) };
        Self {
            name: name.to_owned(),
            op: op.to_owned(),
            input: input.iter().map(|name| (*name).to_owned()).collect(),
            attr: BTreeMap::from([("_output_shapes".to_owned(), shapes)]),
        }
    }
}

/// A name of the letters that TensorFlow's names may have, which no other node has.
fn free_name(name: &str, taken: &mut BTreeSet<String>) -> String {
    let letter = |letter: char| {
        if letter.is_ascii_alphanumeric() || matches!(letter, '.' | '-' | '_') { letter } else { '_' }
    };
    let plain: String = name.chars().map(letter).collect();
    // The first letter has to be a letter or a digit.
    let plain = if plain.starts_with(|first: char| first.is_ascii_alphanumeric()) {
        plain
    } else {
        format!("layer{plain}")
    };
    let numbered = (2..).map(|number| format!("{plain}_{number}"));
    let free =
        std::iter::once(plain.clone()).chain(numbered).find(|name| !taken.contains(name)).unwrap_or(plain);
    taken.insert(free.clone());
    free
}

/// The shape that a summary writes as `[batch, time, 800]`: what is no number is not known beforehand.
fn shape(words: &str) -> Shape {
    let Some(inner) = words.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) else {
        return Shape::unknown();
    };
    let sizes: Vec<i64> = inner.split(',').map(|size| size.trim().parse().unwrap_or(-1)).collect();
    Shape::of(&sizes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use recurrent_report::LayerRow;

    #[test]
    fn layers_are_a_chain_from_the_input_to_the_loss() {
        let row = |name: &str, shape: &str| LayerRow::new(name, "GRU", shape, 7);
        let rows = vec![
            row("8 x gru", "[batch, time, 4]"),
            row("8 x gru", "[batch, 4]"),
            row("loss", "[batch, 1]"),
            row("/top", "four"),
        ];
        let graph = graph(&ModelSummary { title: "a model".to_owned(), rows });
        let line = |node: &Node| {
            let Some(Kind::Shapes(shapes)) = &node.attr["_output_shapes"].kind else { panic!("{node:?}") };
            let shape = &shapes.shape[0];
            let sizes: Vec<i64> = shape.dim.iter().map(|dim| dim.size).collect();
            let shape = if shape.unknown_rank { "unknown".to_owned() } else { format!("{sizes:?}") };
            format!("{} <- {}: {shape}", node.name, node.input.join(", "))
        };
        let lines: Vec<_> = graph.node.iter().map(line).collect();
        insta::assert_snapshot!(lines.join("\n"), @r"
        input <- : unknown
        8_x_gru <- input: [-1, -1, 4]
        8_x_gru_2 <- 8_x_gru: [-1, 4]
        loss_2 <- 8_x_gru_2: [-1, 1]
        layer_top <- loss_2: unknown
        target <- : unknown
        loss <- layer_top, target: []
        ");
        assert_eq!(graph.node[1].attr["parameters"].kind, Some(Kind::Whole(7)));
    }
}
