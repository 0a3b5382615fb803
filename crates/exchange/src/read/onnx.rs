//! ONNX's files: nodes, and tensors with their numbers, also those in a file beside.

use std::{
    collections::BTreeMap,
    fs::File,
    io::{Read, Seek, SeekFrom},
    path::{Component, Path},
};

use prost::Message;

use crate::{
    error::Error,
    file::Contents,
    onnx::{
        Graph, attribute,
        messages::{ModelProto, TensorProto, number},
    },
    stored::{Number, Stored, Tensors},
};

/// The tensors, the graph, and what the file says of itself, by key.
pub(crate) fn read(
    bytes: Vec<u8>,
    path: &Path,
) -> Result<(Tensors, Contents, BTreeMap<String, String>), Error> {
    let model = ModelProto::decode(&bytes[..]).map_err(|error| {
        Error::invalid(path, format!("is no ONNX model, or a damaged one ({error}); take a whole copy"))
    })?;
    drop(bytes);
    let metadata = model.metadata_props.into_iter().map(|entry| (entry.key, entry.value)).collect();
    let graph = model.graph.ok_or_else(|| Error::invalid(path, "is an ONNX model without a graph"))?;
    let mut tensors = Tensors::new();
    for mut tensor in graph.initializer {
        let name = std::mem::take(&mut tensor.name);
        tensors.insert(name.clone(), stored(tensor, &name, path)?);
    }
    for node in graph.node.iter().filter(|node| node.op_type == "Constant") {
        let value = attribute(node, "value").and_then(|attribute| attribute.t.clone());
        if let (Some(tensor), Some(name)) = (value, node.output.first()) {
            tensors.insert(name.clone(), stored(tensor, name, path)?);
        }
    }
    Ok((tensors, Contents::Onnx(Graph::new(graph.node)), metadata))
}

/// A tensor, whose numbers stand in one of several places.
fn stored(tensor: TensorProto, name: &str, path: &Path) -> Result<Stored, Error> {
    let invalid = |problem: String| Error::invalid(path, format!("`{name}` {problem}"));
    let shape: Option<Vec<usize>> = tensor.dims.iter().map(|length| usize::try_from(*length).ok()).collect();
    let shape = shape.ok_or_else(|| invalid(format!("has the shape {:?}", tensor.dims)))?;
    let number = match tensor.data_type {
        number::FLOAT => Number::F32,
        number::DOUBLE => Number::F64,
        number::FLOAT16 => Number::F16,
        number::BFLOAT16 => Number::BF16,
        number::INT64 => Number::Other("whole numbers".to_owned(), 8),
        number::INT32 => Number::Other("whole numbers".to_owned(), 4),
        other => {
            // Not weights of a layer, and of no other use here.
            let bytes =
                tensor.raw_data.len().checked_div(shape.iter().product::<usize>().max(1)).unwrap_or(0);
            Number::Other(format!("numbers of ONNX's type {other}"), bytes)
        }
    };
    let bytes = match tensor.data_location {
        0 => content(tensor),
        _ => beside(&tensor, path).map_err(invalid)?,
    };
    if matches!(&number, Number::Other(name, _) if name.starts_with("numbers")) {
        return Stored::new(vec![bytes.len()], Number::Other("numbers of another type".to_owned(), 1), bytes)
            .map_err(invalid);
    }
    Stored::new(shape, number, bytes).map_err(invalid)
}

/// The numbers of a tensor as bytes.
fn content(tensor: TensorProto) -> Vec<u8> {
    if !tensor.raw_data.is_empty() {
        return tensor.raw_data;
    }
    match tensor.data_type {
        number::FLOAT => tensor.float_data.iter().flat_map(|number| number.to_le_bytes()).collect(),
        number::DOUBLE => tensor.double_data.iter().flat_map(|number| number.to_le_bytes()).collect(),
        // The bits of each in the lower half of a number.
        number::FLOAT16 | number::BFLOAT16 => {
            tensor.int32_data.iter().flat_map(|number| (*number as u16).to_le_bytes()).collect()
        }
        number::INT64 => tensor.int64_data.iter().flat_map(|number| number.to_le_bytes()).collect(),
        _ => tensor.int32_data.iter().flat_map(|number| number.to_le_bytes()).collect(),
    }
}

/// The bytes of a tensor in a file of the same folder.
fn beside(tensor: &TensorProto, path: &Path) -> Result<Vec<u8>, String> {
    let entry = |key: &str| {
        let found = tensor.external_data.iter().find(|entry| entry.key == key);
        found.map(|entry| entry.value.as_str()).unwrap_or_default()
    };
    let location = Path::new(entry("location"));
    let is_inside = location.components().all(|part| matches!(part, Component::Normal(_)));
    if location.as_os_str().is_empty() || !is_inside {
        return Err(format!("lies in `{}`, expected a file beside the model", location.display()));
    }
    let other = path.with_file_name("").join(location);
    let failed = |error: std::io::Error| {
        format!("lies in `{}`, which cannot be read ({error}); copy both files", other.display())
    };
    let mut file = File::open(&other).map_err(failed)?;
    let size = file.metadata().map_err(failed)?.len();
    let offset = entry("offset").parse().unwrap_or(0u64);
    let length = entry("length").parse().unwrap_or(size.saturating_sub(offset));
    if offset.checked_add(length).is_none_or(|end| end > size) {
        return Err(format!(
            "lies in `{}` at {offset}, {length} bytes long; the file has {size}",
            other.display()
        ));
    }
    file.seek(SeekFrom::Start(offset)).map_err(failed)?;
    let mut bytes = Vec::new();
    file.take(length).read_to_end(&mut bytes).map_err(failed)?;
    Ok(bytes)
}
