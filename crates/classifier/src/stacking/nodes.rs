//! NB-SVM on hashed n-grams, and its weighing against the networks, as nodes of ONNX: what [`recurrent_linear::ngrams`] and
//! [`HashedNgrams`](recurrent_linear::HashedNgrams) compute.

use recurrent_data::reviews::INDEX_FROM;
use recurrent_exchange::{Attribute, Number, OnnxGraph, Value};
use recurrent_linear::{MULTIPLIER, RANK_BITS};

use super::Stacking;

const SCOPE: &str = "linear";
/// What ONNX calls whole numbers of 64 bits without a sign, whose shift to the right brings zeros.
const UNSIGNED: i64 = 13;

impl Stacking {
    /// The scores of whole texts, `[batch, scores]`, from those of the networks.
    pub(crate) fn nodes(&self, graph: &mut OnnxGraph, texts: &Value, network: &Value) -> Value {
        let ranks = self.rank_nodes(graph, texts);
        let ngrams = Ngrams::of(graph, &ranks);
        let linear = self.linear_scores(graph, &ngrams);
        let mut row = |place: usize| {
            let numbers: Vec<f32> = self.coefficients.iter().map(|own| own[place]).collect();
            graph.floats("stacking.coefficients", &[1, numbers.len()], &numbers)
        };
        let (of_network, of_linear, constant) = (row(0), row(1), row(2));
        let network = graph.node("stacking", "Mul", &[network, &of_network], &[]);
        let linear = graph.node("stacking", "Mul", &[&linear, &of_linear], &[]);
        let both = graph.node("stacking", "Add", &[&network, &linear], &[]);
        graph.node("stacking", "Add", &[&both, &constant], &[])
    }

    /// The rank of each word, 0 for one without an index of its own.
    fn rank_nodes(&self, graph: &mut OnnxGraph, texts: &Value) -> Value {
        let first = self.coding.skip_top().max(INDEX_FROM + 1);
        let [first, from, none] =
            [first, INDEX_FROM, 0].map(|number| graph.integer("linear.number", i64::from(number)));
        let is_word = graph.node(SCOPE, "GreaterOrEqual", &[texts, &first], &[]);
        let ranks = graph.node(SCOPE, "Sub", &[texts, &from], &[]);
        graph.node(SCOPE, "Where", &[&is_word, &ranks, &none], &[])
    }

    /// The linear scores of the n-grams of each text, `[batch, scores]`.
    fn linear_scores(&self, graph: &mut OnnxGraph, ngrams: &Ngrams) -> Value {
        let linear = &self.linear;
        let (scores, places) = (linear.len(), linear[0].weights().len());
        let weights: Vec<f32> =
            (0..places).flat_map(|place| linear.iter().map(move |own| own.weights()[place])).collect();
        let table = graph.floats("linear.weight", &[places, scores], &weights);
        let biases: Vec<f32> = linear.iter().map(recurrent_linear::HashedNgrams::bias).collect();
        let bias = graph.floats("linear.bias", &[1, scores], &biases);

        let multiplier = graph.integer("linear.multiplier", MULTIPLIER as i64);
        let shift = graph.integer("linear.shift", i64::from(u64::BITS - places.trailing_zeros()));
        let product = graph.node(SCOPE, "Mul", &[&ngrams.sorted, &multiplier], &[]);
        let [product, shift] = [&product, &shift].map(|value| cast(graph, value, UNSIGNED));
        let right = ("direction", Attribute::Text("RIGHT".to_owned()));
        let place = graph.node(SCOPE, "BitShift", &[&product, &shift], &[right]);
        let place = cast(graph, &place, Number::Int64.code());

        let found = graph.node(SCOPE, "Gather", &[&table, &place], &[]);
        let behind = graph.integers("linear.behind", &[2]);
        let counts = graph.node(SCOPE, "Unsqueeze", &[&ngrams.counts, &behind], &[]);
        let nothing = graph.floats("linear.nothing", &[1], &[0.0]);
        let found = graph.node(SCOPE, "Where", &[&counts, &found, &nothing], &[]);
        let axis = graph.integers("linear.axis", &[1]);
        let sum = graph.node(SCOPE, "ReduceSum", &[&found, &axis], &[("keepdims", Attribute::Int(0))]);
        graph.node(SCOPE, "Add", &[&sum, &bias], &[])
    }
}

/// The n-grams of texts.
struct Ngrams {
    /// Their numbers from the largest on, `[batch, ngrams]`; 0 for none.
    sorted: Value,
    /// Whether each is one, and the first of those that are alike, `[batch, ngrams]`.
    counts: Value,
}

impl Ngrams {
    fn of(graph: &mut OnnxGraph, ranks: &Value) -> Self {
        let none = graph.integer("linear.none", 0);
        let base = graph.integer("linear.base", 1 << RANK_BITS);
        // Behind the last word there is none.
        let behind = graph.integers("linear.behind", &[0, 0, 0, 2]);
        let longer = graph.node(SCOPE, "Pad", &[ranks, &behind, &none], &[]);
        let mut all = vec![ranks.clone()];
        for (start, end) in [(1, -1), (2, i64::MAX)] {
            let next = columns(graph, &longer, start, end);
            let shorter = &all[all.len() - 1];
            let is_reached = [shorter, &next].map(|value| graph.node(SCOPE, "Greater", &[value, &none], &[]));
            let is_reached = graph.node(SCOPE, "And", &[&is_reached[0], &is_reached[1]], &[]);
            let number = graph.node(SCOPE, "Mul", &[shorter, &base], &[]);
            let number = graph.node(SCOPE, "Add", &[&number, &next], &[]);
            all.push(graph.node(SCOPE, "Where", &[&is_reached, &number, &none], &[]));
        }
        let all =
            graph.node(SCOPE, "Concat", &all.iter().collect::<Vec<_>>(), &[("axis", Attribute::Int(1))]);
        let count =
            graph.node(SCOPE, "Shape", &[&all], &[("start", Attribute::Int(1)), ("end", Attribute::Int(2))]);
        let sorted = graph.nodes(SCOPE, "TopK", &[&all, &count], 2, &[]).remove(0);
        let front = graph.integers("linear.front", &[0, 1, 0, 0]);
        let moved = graph.node(SCOPE, "Pad", &[&sorted, &front, &none], &[]);
        let moved = columns(graph, &moved, 0, -1);
        let is_again = graph.node(SCOPE, "Equal", &[&sorted, &moved], &[]);
        let is_first = graph.node(SCOPE, "Not", &[&is_again], &[]);
        let is_one = graph.node(SCOPE, "Greater", &[&sorted, &none], &[]);
        let counts = graph.node(SCOPE, "And", &[&is_first, &is_one], &[]);
        Self { sorted, counts }
    }
}

/// Some of the columns, up to an end, which is counted from the back where it is negative.
fn columns(graph: &mut OnnxGraph, value: &Value, start: i64, end: i64) -> Value {
    let [start, end, axis] = [start, end, 1].map(|number| graph.integers("linear.columns", &[number]));
    graph.node(SCOPE, "Slice", &[value, &start, &end, &axis], &[])
}

fn cast(graph: &mut OnnxGraph, value: &Value, to: i64) -> Value {
    graph.node(SCOPE, "Cast", &[value], &[("to", Attribute::Int(to))])
}
