//! What the weights of Keras's files are called here, whatever each file calls them: `LAYER/kernel`, or
//! `LAYER/forward/kernel` in two directions.

use std::collections::BTreeMap;

use serde_json::json;

use crate::{keras::Described, stored::Tensors};

/// `bidirectional/forward_lstm/lstm_cell/kernel:0` of the layer `bidirectional`: `bidirectional/forward/kernel`.
pub(super) fn path_of(layer: &str, weight: &str) -> String {
    let pieces: Vec<_> = weight.split('/').collect();
    let variable = pieces.last().copied().unwrap_or_default();
    let variable = variable.strip_suffix(":0").unwrap_or(variable);
    match pieces.iter().find_map(|piece| half(piece)) {
        Some(half) => format!("{layer}/{half}/{variable}"),
        None => format!("{layer}/{variable}"),
    }
}

/// `inner/gru/gru_cell/kernel` of a model within the model: `gru/kernel`.
pub(super) fn path_within(weight: &str) -> String {
    let path = path_of_variable(weight);
    let within = path.split_once('/').map(|(_, within)| within).filter(|within| within.contains('/'));
    within.unwrap_or(&path).to_owned()
}

/// The same of a whole path, `sequential/bidirectional/forward_lstm/lstm_cell/kernel`:
/// `sequential/bidirectional/forward/kernel`.
pub(super) fn path_of_variable(path: &str) -> String {
    let pieces: Vec<_> = path.split('/').collect();
    let is_layer = |piece: &&&str| half(piece).is_none() && !piece.ends_with("_cell");
    let layer: Vec<_> = pieces[..pieces.len() - 1].iter().filter(is_layer).copied().collect();
    path_of(&layer.join("/"), path)
}

/// The half of a bidirectional layer that a piece of a path names.
fn half(piece: &str) -> Option<&'static str> {
    match piece {
        "forward_layer" => Some("forward"),
        "backward_layer" => Some("backward"),
        _ if piece.starts_with("forward_") => Some("forward"),
        _ if piece.starts_with("backward_") => Some("backward"),
        _ => None,
    }
}

/// The same tensors, each by the name of its layer.
pub(super) fn named(tensors: Tensors, groups: &BTreeMap<String, String>) -> Tensors {
    let name = |path: &str| Place::of(path).map(|place| place.name(groups));
    tensors.into_iter().map(|(path, stored)| (name(&path).unwrap_or(path), stored)).collect()
}

/// The first versions of Keras 3 do not write what a group is called: it is the layer of that class and number.
pub(super) fn by_class(groups: &mut BTreeMap<String, String>, layers: &[Described]) {
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for layer in layers {
        let class = snake_case(&layer.class);
        let count = counts.entry(class.clone()).or_default();
        let group = if *count == 0 { class } else { format!("{class}_{count}") };
        *count += 1;
        let ending = format!("/{group}");
        for (_, name) in groups.iter_mut().filter(|(path, _)| path.ends_with(&ending)) {
            name.clone_from(&layer.name);
        }
    }
}

/// `SimpleRNN` as Keras calls its group: `simple_rnn`.
fn snake_case(class: &str) -> String {
    let letters: Vec<char> = class.chars().collect();
    let mut name = String::new();
    for (place, letter) in letters.iter().enumerate() {
        let after_small = place > 0 && letters[place - 1].is_lowercase();
        let before_small = place > 0 && letters.get(place + 1).is_some_and(|next| next.is_lowercase());
        if letter.is_uppercase() && (after_small || before_small) {
            name.push('_');
        }
        name.extend(letter.to_lowercase());
    }
    name
}

/// Where a tensor of a file of the new form belongs: `layers/bidirectional/forward_layer/cell/vars/0`.
struct Place<'a> {
    /// `layers/bidirectional`.
    group: &'a str,
    half: Option<&'static str>,
    is_cell: bool,
    number: &'a str,
}

impl<'a> Place<'a> {
    fn of(path: &'a str) -> Option<Self> {
        let (rest, number) = path.rsplit_once("/vars/")?;
        let (rest, is_cell) = match rest.strip_suffix("/cell") {
            Some(rest) => (rest, true),
            None => (rest, false),
        };
        let (outer, last) = rest.rsplit_once('/').unwrap_or(("", rest));
        Some(match (half(last).filter(|_| is_cell), last) {
            (Some(half), _) => Self { group: outer, half: Some(half), is_cell, number },
            // Within `TimeDistributed`.
            (None, "layer") => Self { group: outer, half: None, is_cell, number },
            (None, _) => Self { group: rest, half: None, is_cell, number },
        })
    }

    /// What the group is called: the class and a number, or an attribute of a model that was written as a class.
    fn class(&self) -> &str {
        self.group.rsplit('/').next().unwrap_or_default()
    }

    /// The layer's own name, where no other has the same, else its path.
    fn layer(&self, groups: &BTreeMap<String, String>) -> String {
        let own = groups.get(self.group).map(String::as_str).unwrap_or_default();
        let is_only = groups.values().filter(|name| *name == own).count() == 1;
        match !own.is_empty() && is_only {
            true => own.to_owned(),
            false => self.group.trim_start_matches("layers/").replace("/layers/", "/"),
        }
    }

    fn variable(&self) -> &str {
        match (self.number, self.is_cell) {
            ("0", false) if self.class().starts_with("embedding") => "embeddings",
            ("0", _) => "kernel",
            ("1", true) => "recurrent_kernel",
            ("1", false) | ("2", true) => "bias",
            (other, _) => other,
        }
    }

    fn name(&self, groups: &BTreeMap<String, String>) -> String {
        let (layer, variable) = (self.layer(groups), self.variable());
        match self.half {
            Some(half) => format!("{layer}/{half}/{variable}"),
            None => format!("{layer}/{variable}"),
        }
    }
}

/// What weights alone tell of layers: names, groups, and which are recurrent.
pub(super) fn of_weights(tensors: &Tensors, groups: &BTreeMap<String, String>) -> Vec<Described> {
    let mut layers = BTreeMap::new();
    for name in tensors.keys() {
        let Some((layer, variable)) = name.rsplit_once('/') else { continue };
        let layer =
            layer.strip_suffix("/forward").or_else(|| layer.strip_suffix("/backward")).unwrap_or(layer);
        *layers.entry(layer).or_insert(false) |= variable == "recurrent_kernel";
    }
    let class = |layer: &str| {
        let own = groups.iter().find(|(_, name)| *name == layer).map(|(group, _)| group.as_str());
        own.unwrap_or(layer).rsplit('/').next().unwrap_or_default().to_owned()
    };
    let described = |(layer, is_recurrent): (&str, bool)| Described {
        name: layer.to_owned(),
        class: class(layer),
        config: json!({ "is_recurrent": is_recurrent }),
        reads: None,
        is_within: false,
    };
    layers.into_iter().map(described).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::Value;

    #[test]
    fn weights_are_called_alike_whatever_the_file() {
        assert_eq!(path_of("gru", "sequential/gru/gru_cell/bias"), "gru/bias");
        assert_eq!(
            path_of("b", "b/backward_lstm/lstm_cell/recurrent_kernel:0"),
            "b/backward/recurrent_kernel"
        );
        let groups = [("layers/gru_1", "reader"), ("layers/bidirectional", "both"), ("layers/dense", "out")];
        let groups: BTreeMap<_, _> =
            groups.into_iter().map(|(path, name)| (path.to_owned(), name.to_owned())).collect();
        let name = |path: &str| Place::of(path).unwrap().name(&groups);
        assert_eq!(name("layers/gru_1/cell/vars/2"), "reader/bias");
        assert_eq!(name("layers/bidirectional/forward_layer/cell/vars/1"), "both/forward/recurrent_kernel");
        assert_eq!(name("layers/dense/vars/0"), "out/kernel");
        assert_eq!(name("encoder/cell/vars/0"), "encoder/kernel");
        assert_eq!(name("layers/embedding_2/vars/0"), "embedding_2/embeddings");
    }

    #[test]
    fn groups_are_found_by_class_and_number() {
        for (class, group) in
            [("SimpleRNN", "simple_rnn"), ("LSTM", "lstm"), ("TimeDistributed", "time_distributed")]
        {
            assert_eq!(snake_case(class), group);
        }
        let layer = |name: &str| Described {
            name: name.to_owned(),
            class: "GRU".to_owned(),
            config: Value::Null,
            reads: None,
            is_within: false,
        };
        let mut groups: BTreeMap<_, _> =
            ["layers/gru", "layers/gru_1"].map(|path| (path.to_owned(), String::new())).into();
        by_class(&mut groups, &[layer("encoder"), layer("reader")]);
        assert_eq!(groups.values().collect::<Vec<_>>(), ["encoder", "reader"]);
    }
}
