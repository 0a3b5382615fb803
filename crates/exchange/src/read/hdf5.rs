//! Keras's HDF5 files: `.weights.h5` and the weights in `.keras`, as Keras 3 writes them, and `.h5`, as Keras 2 did and 3 still does.
//!
//! Weights get the same names whatever the file: `LAYER/kernel`, or `LAYER/forward/kernel` in two directions. In the first kind of file a
//! layer's group is named after its class and a number, `layers/gru_1/cell/vars/0`, and the layer's own name is an attribute beside; in
//! the second the names of groups are the layers' and an attribute lists the weights.

use std::{collections::BTreeMap, path::Path};

use hdf5_pure::{Dataset, Datatype, DatatypeByteOrder, File, Group};
use serde_json::{Value, json};

use crate::{
    error::Error,
    file::Contents,
    keras::{self, Described, Model},
    stored::{Number, Stored, Tensors, size},
};

/// A damaged file can have groups within themselves.
const DEPTH: usize = 16;
/// No model has more groups and tensors than this.
const OBJECTS: usize = 100_000;
const REMEDY: &str = "take a whole copy of the file";

/// Reads a file by itself.
pub(crate) fn read(bytes: Vec<u8>, path: &Path) -> Result<(Tensors, Contents), Error> {
    read_with(bytes, None, path)
}

/// Reads a file whose model is described beside it, and whether that is Keras 3's.
pub(crate) fn read_with(
    bytes: Vec<u8>,
    config: Option<(Value, bool)>,
    path: &Path,
) -> Result<(Tensors, Contents), Error> {
    let limit = bytes.len();
    let damaged = |problem: String| Error::invalid(path, format!("{problem}; {REMEDY}"));
    let file =
        File::from_bytes(bytes).map_err(|error| damaged(format!("is a damaged HDF5 file ({error})")))?;
    let root = file.root();
    let config = match config {
        Some(config) => Some(config),
        None => own_config(&root).map_err(damaged)?,
    };
    let layers = match &config {
        Some((config, _)) => Some(
            keras::layers_of(config)
                .map_err(|problem| Error::unsupported(path, format!("its configuration {problem}")))?,
        ),
        None => None,
    };
    let mut reader = Reader { limit, objects: 0, groups: BTreeMap::new(), tensors: Tensors::new() };
    let read = match legacy(&root) {
        Some(top) => reader.legacy(&top, layers.as_deref()),
        None => reader.walk(&root, &mut Vec::new()),
    };
    read.map_err(damaged)?;
    let Reader { mut groups, mut tensors, .. } = reader;
    if let Some(layers) = layers.as_ref().filter(|_| groups.values().all(String::is_empty)) {
        by_class(&mut groups, layers);
    }
    if !groups.is_empty() {
        tensors = named(tensors, &groups);
    }
    let model = Model {
        is_described: layers.is_some(),
        is_keras_3: config.is_none_or(|(_, is_keras_3)| is_keras_3),
        layers: layers.unwrap_or_else(|| of_weights(&tensors, &groups)),
    };
    Ok((tensors, Contents::Keras(model)))
}

/// The configuration in a file of the old form, and whether Keras 3 wrote it.
fn own_config(root: &Group) -> Result<Option<(Value, bool)>, String> {
    let attributes = root.attrs().map_err(|error| format!("has damaged attributes ({error})"))?;
    let Some(config) = attributes.get("model_config").and_then(|config| config.as_str()) else {
        return Ok(None);
    };
    let config = serde_json::from_str(config)
        .map_err(|error| format!("has a configuration that is no JSON ({error})"))?;
    let version = attributes.get("keras_version").and_then(|version| version.as_str()).unwrap_or_default();
    Ok(Some((config, version.starts_with('3'))))
}

/// The group that has the layers, in a file of the old form.
fn legacy(root: &Group) -> Option<Group> {
    let has_names =
        |group: &Group| group.attrs().is_ok_and(|attributes| attributes.contains_key("layer_names"));
    let within = root.group("model_weights").ok().filter(has_names);
    within.or_else(|| has_names(root).then(|| root.clone()))
}

struct Reader {
    /// What of the file's bytes no tensor has taken.
    limit: usize,
    objects: usize,
    /// Of files of the new form: what a group is called, by its path.
    groups: BTreeMap<String, String>,
    tensors: Tensors,
}

impl Reader {
    fn count(&mut self) -> Result<(), String> {
        self.objects += 1;
        match self.objects <= OBJECTS {
            true => Ok(()),
            false => Err(format!("has more than {OBJECTS} groups and tensors")),
        }
    }

    /// A file of the new form: tensors by their whole paths, and what groups are called.
    fn walk(&mut self, group: &Group, path: &mut Vec<String>) -> Result<(), String> {
        self.count()?;
        if path.len() > DEPTH {
            return Err(format!("has groups within groups, more than {DEPTH} deep"));
        }
        let failed = |error: hdf5_pure::Error| format!("has a damaged group ({error})");
        if path.last().is_some_and(|last| last == "vars") {
            let attributes = group.attrs().map_err(failed)?;
            let name = attributes.get("name").and_then(|name| name.as_str()).unwrap_or_default();
            self.groups.insert(path[..path.len() - 1].join("/"), name.to_owned());
        }
        for name in group.datasets().map_err(failed)? {
            self.count()?;
            let full = [path.join("/"), name.clone()].join("/");
            let dataset = group.dataset(&name).map_err(failed)?;
            self.add(&dataset, full)?;
        }
        for name in group.groups().map_err(failed)? {
            let is_weight = !(path.is_empty() && name == "optimizer") && name != "seed_generator";
            if is_weight {
                let next = group.group(&name).map_err(failed)?;
                path.push(name);
                self.walk(&next, path)?;
                path.pop();
            }
        }
        Ok(())
    }

    /// A file of the old form: the weights that each layer lists. A model within the model lists those of its layers.
    fn legacy(&mut self, top: &Group, layers: Option<&[Described]>) -> Result<(), String> {
        for layer in strings(top, "layer_names")? {
            self.count()?;
            let is_model = layers.is_some_and(|layers| layers.iter().all(|known| known.name != layer));
            let group = top.group(&layer).map_err(|error| format!("has no layer `{layer}` ({error})"))?;
            for weight in strings(&group, "weight_names")? {
                self.count()?;
                let failed = |error| format!("has no weight `{weight}` of `{layer}` ({error})");
                let dataset = group.dataset(&weight).map_err(failed)?;
                let name = match is_model {
                    true => path_within(&weight),
                    false => path_of(&layer, &weight),
                };
                self.add(&dataset, name)?;
            }
        }
        Ok(())
    }

    fn add(&mut self, dataset: &Dataset, name: String) -> Result<(), String> {
        let failed = |error: hdf5_pure::Error| format!("has a damaged tensor `{name}` ({error})");
        let shape = dataset.shape().map_err(failed)?;
        let shape: Option<Vec<usize>> =
            shape.into_iter().map(|length| usize::try_from(length).ok()).collect();
        let shape = shape.ok_or_else(|| format!("has a tensor `{name}` that no memory holds"))?;
        let each = usize::try_from(dataset.element_size().map_err(failed)?).unwrap_or(usize::MAX);
        // Together too: in a damaged file several can stand at one place.
        let left = size(&shape, each).and_then(|bytes| self.limit.checked_sub(bytes));
        self.limit =
            left.ok_or_else(|| format!("has a tensor `{name}` of shape {shape:?}, more than the file has"))?;
        // `bfloat16` is no number of HDF5's own; Keras says beside it what the bytes are.
        let said = dataset.attrs().map_err(failed)?;
        let is_bf16 = said.get("dtype").and_then(|name| name.as_str()) == Some("bfloat16");
        let (number, bytes) = match dataset.datatype().map_err(failed)? {
            Datatype::FloatingPoint { size: 4, .. } => {
                (Number::F32, le_bytes(&dataset.read_f32().map_err(failed)?, |x| x.to_le_bytes()))
            }
            Datatype::FloatingPoint { size: 8, .. } => {
                (Number::F64, le_bytes(&dataset.read_f64().map_err(failed)?, |x| x.to_le_bytes()))
            }
            _ if is_bf16 && each == 2 => (Number::BF16, dataset.read_raw().map_err(failed)?),
            Datatype::FloatingPoint { size: 2, byte_order: DatatypeByteOrder::LittleEndian, .. } => {
                (Number::F16, dataset.read_raw().map_err(failed)?)
            }
            // Steps counted, seeds of dropout: no weights.
            _ => return Ok(()),
        };
        let stored = Stored::new(shape, number, bytes).map_err(|problem| format!("`{name}` {problem}"))?;
        self.tensors.insert(name, stored);
        Ok(())
    }
}

fn le_bytes<T: Copy, const N: usize>(numbers: &[T], bytes: impl Fn(T) -> [u8; N]) -> Vec<u8> {
    numbers.iter().flat_map(|number| bytes(*number)).collect()
}

/// A list of names: strings of one length or of any, filled up with zeros by h5py 2. An empty list is one of floating-point numbers.
fn strings(group: &Group, attribute: &str) -> Result<Vec<String>, String> {
    let attributes = group.attrs().map_err(|error| format!("has damaged attributes ({error})"))?;
    let Some(value) = attributes.get(attribute) else { return Ok(Vec::new()) };
    let names = value.as_strings().map(|names| names.iter().map(|name| name.to_string()).collect::<Vec<_>>());
    let names = names.or_else(|| value.as_str().map(|name| vec![name.to_owned()])).unwrap_or_default();
    Ok(names.into_iter().map(|name| name.trim_end_matches('\0').to_owned()).collect())
}

/// `bidirectional/forward_lstm/lstm_cell/kernel:0` of the layer `bidirectional`: `bidirectional/forward/kernel`.
fn path_of(layer: &str, weight: &str) -> String {
    let pieces: Vec<_> = weight.split('/').collect();
    let variable = pieces.last().copied().unwrap_or_default();
    let variable = variable.strip_suffix(":0").unwrap_or(variable);
    match pieces.iter().find_map(|piece| half(piece)) {
        Some(half) => format!("{layer}/{half}/{variable}"),
        None => format!("{layer}/{variable}"),
    }
}

/// `inner/gru/gru_cell/kernel` of a model within the model: `gru/kernel`.
fn path_within(weight: &str) -> String {
    let path = path_of_variable(weight);
    let within = path.split_once('/').map(|(_, within)| within).filter(|within| within.contains('/'));
    within.unwrap_or(&path).to_owned()
}

/// The same of a whole path, `sequential/bidirectional/forward_lstm/lstm_cell/kernel`: `sequential/bidirectional/forward/kernel`.
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
fn named(tensors: Tensors, groups: &BTreeMap<String, String>) -> Tensors {
    let name = |path: &str| Place::of(path).map(|place| place.name(groups));
    tensors.into_iter().map(|(path, stored)| (name(&path).unwrap_or(path), stored)).collect()
}

/// The first versions of Keras 3 do not write what a group is called: it is the layer of that class and number.
fn by_class(groups: &mut BTreeMap<String, String>, layers: &[Described]) {
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
