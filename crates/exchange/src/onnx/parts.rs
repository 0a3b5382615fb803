//! Embeddings and linear layers of ONNX: `Gather` from a table, `Gemm`, and `MatMul` with the `Add` behind it.

use super::{Graph, attribute, messages::NodeProto, name_of, scope};
use crate::{
    dense::{Embedding, Linear},
    error::{Problem, in_words},
    names,
    stored::{Stored, Tensors, finite},
};

impl Graph {
    /// The nodes that read a matrix of the file: a table, or the weight of a linear layer.
    pub(crate) fn dense(&self, tensors: &Tensors) -> Vec<String> {
        let reads_one = |node: &&NodeProto| {
            let place = match node.op_type.as_str() {
                "Gather" => 0,
                "Gemm" | "MatMul" => 1,
                _ => return false,
            };
            node.input.get(place).is_some_and(|name| matrix(tensors, name).is_some())
        };
        self.nodes.iter().filter(reads_one).map(name_of).collect()
    }

    /// The table that a `Gather` reads.
    pub(crate) fn embedding(&self, tensors: &Tensors, name: &str) -> Result<Embedding, Problem> {
        let tables: Vec<_> = self
            .nodes
            .iter()
            .filter(|node| node.op_type == "Gather" && axis(node) == 0)
            .filter_map(|node| Some((node, matrix(tensors, node.input.first()?)?)))
            .collect();
        let aliases = |node: &NodeProto| [vec![name_of(node), scope(&node.name)], of_tensors(node)].concat();
        let place = one(tables.iter().map(|(node, _)| aliases(node)), name, "embedding")?;
        let (node, stored) = tables[place];
        Ok(Embedding::new(stored.shape[0], finite(stored, &node.input[0])?))
    }

    /// A linear layer.
    pub(crate) fn linear(&self, tensors: &Tensors, name: &str) -> Result<Linear, Problem> {
        let nodes: Vec<_> = self
            .nodes
            .iter()
            .filter(|node| ["Gemm", "MatMul"].contains(&node.op_type.as_str()))
            .filter_map(|node| Some((node, matrix(tensors, node.input.get(1)?)?)))
            .collect();
        let aliases = |node: &NodeProto| {
            let add = self.bias_of(node, tensors);
            let of_bias = add.into_iter().map(module_of).collect();
            [vec![name_of(node), scope(&node.name)], of_tensors(node), of_bias].concat()
        };
        let place = one(nodes.iter().map(|(node, _)| aliases(node)), name, "linear layer")?;
        let (node, stored) = nodes[place];
        let whole = |name: &str| attribute(node, name).map_or(0, |attribute| attribute.i);
        let factor = |name: &str| attribute(node, name).map_or(1.0, |attribute| attribute.f);
        if whole("transA") != 0 {
            let problem = format!("`{}` transposes what it reads, which no linear layer does", name_of(node));
            return Err(Problem::Unsupported(problem));
        }
        let is_transposed = whole("transB") != 0;
        let [rows, columns] = stored.shape[..] else { unreachable!("a matrix has rows and columns") };
        let output = if is_transposed { rows } else { columns };
        let bias = match self.bias_of(node, tensors) {
            Some(bias) => scaled(self.bias(tensors, bias, output)?, factor("beta")),
            None => Vec::new(),
        };
        let weight = scaled(finite(stored, &node.input[1])?, factor("alpha"));
        Ok(match is_transposed {
            true => Linear::transposed(output, &weight, bias),
            false => Linear::new(rows, weight, bias),
        })
    }

    /// The tensor that is added to a product.
    fn bias_of<'a>(&'a self, node: &'a NodeProto, tensors: &Tensors) -> Option<&'a String> {
        if node.op_type == "Gemm" {
            return node.input.get(2).filter(|bias| !bias.is_empty());
        }
        let product = node.output.first()?;
        let add = self.nodes.iter().find(|add| add.op_type == "Add" && add.input.contains(product))?;
        add.input.iter().find(|input| tensors.contains_key(*input))
    }

    fn bias(&self, tensors: &Tensors, name: &str, output: usize) -> Result<Vec<f32>, Problem> {
        let stored = crate::stored::of_name(tensors, name)?;
        let numbers = finite(stored, name)?;
        match (numbers.len(), stored.shape.last()) {
            (count, Some(last)) if count == output && *last == output => Ok(numbers),
            (1, _) => Ok(vec![numbers[0]; output]),
            _ => Err(Problem::Invalid(format!(
                "`{name}` has {}, expected a bias for each of {output} outputs",
                in_words(&stored.shape)
            ))),
        }
    }
}

fn axis(node: &NodeProto) -> i64 {
    attribute(node, "axis").map_or(0, |attribute| attribute.i)
}

/// A tensor of rows and columns, some of each, whose numbers are floating-point.
fn matrix<'a>(tensors: &'a Tensors, name: &str) -> Option<&'a Stored> {
    let is_matrix = |stored: &&Stored| matches!(stored.shape[..], [rows, columns] if rows > 0 && columns > 0);
    tensors
        .get(name)
        .filter(is_matrix)
        .filter(|stored| !matches!(stored.number, crate::stored::Number::Other(..)))
}

fn scaled(numbers: Vec<f32>, factor: f32) -> Vec<f32> {
    numbers.into_iter().map(|number| number * factor).collect()
}

/// The modules that a node's tensors are named after.
fn of_tensors(node: &NodeProto) -> Vec<String> {
    node.input.iter().map(module_of).collect()
}

/// `decoder.bias` is of `decoder`.
fn module_of(tensor: impl AsRef<str>) -> String {
    let tensor = tensor.as_ref();
    let stem = tensor.strip_suffix(".weight").or_else(|| tensor.strip_suffix(".bias"));
    stem.unwrap_or_default().to_owned()
}

/// The place of the one part that has a name among several.
fn one(parts: impl Iterator<Item = Vec<String>>, name: &str, kind: &'static str) -> Result<usize, Problem> {
    let parts: Vec<Vec<String>> = parts.collect();
    let ending = format!(".{name}");
    let fits = |alias: &String| !name.is_empty() && (alias == name || alias.ends_with(&ending));
    let found: Vec<_> = (0..parts.len()).filter(|place| parts[*place].iter().any(fits)).collect();
    let shown = |place: usize| {
        let named = parts[place].iter().skip(1).find(|alias| !alias.is_empty());
        named.or(parts[place].first()).cloned().unwrap_or_default()
    };
    let all: Vec<_> = (0..parts.len()).map(shown).collect();
    match found[..] {
        [one] => Ok(one),
        [] => names::one(&all, name, '.', kind),
        _ => Err(Problem::Ambiguous {
            kind,
            name: name.to_owned(),
            found: found.iter().map(|place| parts[*place][0].clone()).collect(),
        }),
    }
}
