//! ONNX's graphs: recurrent layers, embeddings and linear layers among their nodes.

mod cell;
pub(crate) mod messages;
mod parts;

use std::collections::BTreeMap;

use messages::{AttributeProto, NodeProto};
use recurrent_cells::Merge;

use crate::{error::Problem, layer::Layer, names, stored::Tensors};

const RECURRENT: &[&str] = &["RNN", "LSTM", "GRU"];
/// Nodes that bring rows and steps into another order and change no number.
const PASSING: &[&str] = &["Transpose", "Squeeze", "Unsqueeze", "Reshape", "Identity", "Dropout", "Cast"];
/// Nodes that merge the outputs of both directions, where they do not stand side by side.
const MERGING: &[(&str, Merge)] =
    &[("ReduceSum", Merge::Sum), ("ReduceMean", Merge::Average), ("ReduceProd", Merge::Multiply)];

/// A graph, without its tensors.
#[derive(Debug)]
pub(crate) struct Graph {
    pub(crate) nodes: Vec<NodeProto>,
    /// The place of the node that gives a value, and which of its outputs it is.
    pub(crate) producers: BTreeMap<String, (usize, usize)>,
}

/// Where a value comes from.
enum Source<'a> {
    /// Outside, or from a table of vectors.
    Input,
    /// The outputs of all steps of a recurrent node.
    Steps(&'a NodeProto),
    /// Another node.
    Other(&'a NodeProto),
}

impl Graph {
    pub(crate) fn new(nodes: Vec<NodeProto>) -> Self {
        let mut producers = BTreeMap::new();
        for (place, node) in nodes.iter().enumerate() {
            for (number, output) in node.output.iter().enumerate().filter(|(_, output)| !output.is_empty()) {
                producers.insert(output.clone(), (place, number));
            }
        }
        Self { nodes, producers }
    }

    /// The names of recurrent nodes.
    pub(crate) fn recurrent(&self) -> Vec<String> {
        self.recurrent_nodes().map(name_of).collect()
    }

    /// A recurrent node, those of a module, or all of them.
    pub(crate) fn layers(&self, tensors: &Tensors, name: &str) -> Result<Vec<Layer>, Problem> {
        let nodes = self.chosen(name)?;
        let is_one = nodes.len() == 1 && !name.is_empty();
        let mut layers = Vec::with_capacity(nodes.len());
        for (place, node) in nodes.iter().enumerate() {
            if !is_one {
                self.check_below(node, place.checked_sub(1).map(|below| nodes[below]), tensors)?;
            }
            self.check_state(node, tensors)?;
            let mut layer = cell::layer(node, tensors)?;
            layer.merge = layer.merge.map(|merge| self.merge(node).unwrap_or(merge));
            layers.push(layer);
        }
        Ok(layers)
    }

    fn recurrent_nodes(&self) -> impl Iterator<Item = &NodeProto> {
        self.nodes.iter().filter(|node| RECURRENT.contains(&node.op_type.as_str()))
    }

    fn chosen(&self, name: &str) -> Result<Vec<&NodeProto>, Problem> {
        let nodes: Vec<_> = self.recurrent_nodes().collect();
        let names: Vec<_> = nodes.iter().map(|node| name_of(node)).collect();
        if nodes.is_empty() {
            let mut found: Vec<_> = self.nodes.iter().map(|node| node.op_type.clone()).collect();
            found.sort();
            found.dedup();
            let kind = "recurrent node (RNN, LSTM or GRU)";
            return Err(Problem::Missing { kind, name: name.to_owned(), found });
        }
        if name.is_empty() {
            return Ok(nodes);
        }
        if let Some(place) = names.iter().position(|found| found == name) {
            return Ok(vec![nodes[place]]);
        }
        let mut scopes: Vec<_> = nodes.iter().map(|node| scope(&node.name)).collect();
        scopes.dedup();
        let found = names::one(&scopes, name, '.', "recurrent layer").map_err(|problem| match problem {
            Problem::Missing { kind, name, .. } => Problem::Missing { kind, name, found: names },
            other => other,
        })?;
        Ok(nodes.into_iter().filter(|node| scope(&node.name) == scopes[found]).collect())
    }

    /// How the outputs of both directions are merged, where they do not stay side by side.
    fn merge(&self, node: &NodeProto) -> Option<Merge> {
        let outputs: Vec<_> = node.output.iter().take(2).filter(|output| !output.is_empty()).collect();
        let reads = |other: &&NodeProto| other.input.first().is_some_and(|input| outputs.contains(&input));
        let readers = self.nodes.iter().filter(reads);
        let merge = |reader: &NodeProto| MERGING.iter().find(|(operator, _)| *operator == reader.op_type);
        readers.filter_map(merge).map(|(_, merge)| *merge).next()
    }

    /// Follows a value back through nodes that change no number.
    fn source(&self, value: &str, tensors: &Tensors) -> Source<'_> {
        let mut value = value;
        for _ in 0..=self.nodes.len() {
            let Some((place, number)) = self.producers.get(value) else { break };
            let node = &self.nodes[*place];
            let first = node.input.first();
            match node.op_type.as_str() {
                "Gather" if first.is_some_and(|table| tensors.contains_key(table)) => return Source::Input,
                "OneHot" => return Source::Input,
                op if RECURRENT.contains(&op) && *number == 0 => return Source::Steps(node),
                op if is_passing(op) && first.is_some() => value = &node.input[0],
                _ => return Source::Other(node),
            }
        }
        Source::Input
    }

    fn check_below(
        &self,
        node: &NodeProto,
        below: Option<&NodeProto>,
        tensors: &Tensors,
    ) -> Result<(), Problem> {
        let found = self.source(node.input.first().map_or("", String::as_str), tensors);
        let name = name_of(node);
        let problem = match (found, below) {
            (Source::Input, None) => return Ok(()),
            (Source::Steps(found), Some(below)) if std::ptr::eq(found, below) => return Ok(()),
            (Source::Other(other), _) => format!(
                "`{name}` reads the `{}` node `{}`, which is no recurrent layer and no embedding; take the layer by \
                 its own name if you \
                 compute that yourself",
                other.op_type,
                name_of(other)
            ),
            _ => {
                format!("`{name}` is not on top of the recurrent layer before it; take each by its own name")
            }
        };
        Err(Problem::Unsupported(problem))
    }

    /// A state before the first step is zero or comes from outside.
    fn check_state(&self, node: &NodeProto, tensors: &Tensors) -> Result<(), Problem> {
        for state in node.input.iter().skip(5).take(2) {
            let Some(stored) = tensors.get(state) else { continue };
            let is_zero = stored.floats().is_ok_and(|floats| floats.iter().all(|number| *number == 0.0));
            if !is_zero {
                let problem = format!(
                    "`{}` begins with the state `{state}` of the file, which is not zero; give it to the layer \
                     yourself",
                    name_of(node)
                );
                return Err(Problem::Unsupported(problem));
            }
        }
        Ok(())
    }
}

fn is_passing(operator: &str) -> bool {
    PASSING.contains(&operator) || MERGING.iter().any(|(merging, _)| *merging == operator)
}

/// A node's name, or that of its first output: names are not required.
pub(crate) fn name_of(node: &NodeProto) -> String {
    match node.name.as_str() {
        "" => node.output.iter().find(|output| !output.is_empty()).cloned().unwrap_or_default(),
        name => name.to_owned(),
    }
}

/// The module that a node was exported from: `/encoder/rnn/LSTM_1` is of `encoder.rnn`.
pub(crate) fn scope(name: &str) -> String {
    let pieces: Vec<_> = name.split('/').filter(|piece| !piece.is_empty()).collect();
    match name.starts_with('/') {
        true => pieces[..pieces.len().saturating_sub(1)].join("."),
        false => String::new(),
    }
}

pub(crate) fn attribute<'a>(node: &'a NodeProto, name: &str) -> Option<&'a AttributeProto> {
    node.attribute.iter().find(|attribute| attribute.name == name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_node_is_of_the_module_before_its_name() {
        assert_eq!(scope("/encoder/rnn/LSTM_1"), "encoder.rnn");
        assert_eq!(scope("/GRU"), "");
        assert_eq!(scope("node_LSTM_56"), "");
    }
}
