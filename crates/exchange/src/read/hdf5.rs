//! Keras's HDF5 files: `.weights.h5` and the weights in `.keras`, as Keras 3 writes them, and `.h5`, as Keras 2 did and
//! 3 still does.
//!
//! Weights get the same names whatever the file: `LAYER/kernel`, or `LAYER/forward/kernel` in two directions. In the
//! first kind of file a layer's group is named after its class and a number, `layers/gru_1/cell/vars/0`, and the
//! layer's own name is an attribute beside; in the second the names of groups are the layers' and an attribute lists
//! the weights.

use std::{collections::BTreeMap, path::Path};

use hdf5_pure::{Dataset, Datatype, DatatypeByteOrder, File, Group};
use serde_json::Value;

use super::keras_names::{by_class, named, of_weights, path_of, path_within};

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

/// A list of names: strings of one length or of any, filled up with zeros by h5py 2. An empty list is one of
/// floating-point numbers.
fn strings(group: &Group, attribute: &str) -> Result<Vec<String>, String> {
    let attributes = group.attrs().map_err(|error| format!("has damaged attributes ({error})"))?;
    let Some(value) = attributes.get(attribute) else { return Ok(Vec::new()) };
    let names = value.as_strings().map(|names| names.iter().map(|name| name.to_string()).collect::<Vec<_>>());
    let names = names.or_else(|| value.as_str().map(|name| vec![name.to_owned()])).unwrap_or_default();
    Ok(names.into_iter().map(|name| name.trim_end_matches('\0').to_owned()).collect())
}
