//! Named tensors as the bytes of a safetensors file, and back.
//!
//! Numbers keep every bit. What is read is checked before memory is taken for it: the format's own checks
//! come first, and no size in a header is believed beyond the bytes that are there.

use std::collections::{BTreeMap, HashMap};

use burn::tensor::{DType, TensorData, bf16, f16};
use safetensors::tensor::{Dtype, SafeTensors, TensorView};

use recurrent_backend::NamedTensors;

/// Room for the header of a file beside its numbers: a fixed part, and one for each tensor.
pub(crate) fn header_allowance(tensors: usize) -> u64 {
    4096 + 1024 * tensors as u64
}

/// Encodes tensors as a safetensors file.
pub(crate) fn encode(tensors: &NamedTensors) -> Result<Vec<u8>, String> {
    encode_views(tensors, None)
}

/// The same with metadata in the header.
pub(crate) fn encode_with(
    tensors: &NamedTensors,
    metadata: HashMap<String, String>,
) -> Result<Vec<u8>, String> {
    encode_views(tensors, Some(metadata))
}

fn encode_views(
    tensors: &NamedTensors,
    metadata: Option<HashMap<String, String>>,
) -> Result<Vec<u8>, String> {
    let views: Result<Vec<_>, String> = tensors
        .iter()
        .map(|(name, data)| {
            let dtype = kept_as(data.dtype()).ok_or_else(|| {
                format!(
                    "tensor `{name}` holds {}; only floating-point numbers, i32 and i64 can be kept",
                    data.dtype().name()
                )
            })?;
            TensorView::new(dtype, data.shape().to_vec(), data.as_bytes())
                .map(|view| (name.as_str(), view))
                .map_err(|error| format!("tensor `{name}`: {error}"))
        })
        .collect();
    safetensors::serialize(views?, metadata).map_err(|error| error.to_string())
}

/// Decodes the bytes of a safetensors file.
pub(crate) fn decode(bytes: &[u8]) -> Result<NamedTensors, String> {
    check_header(bytes)?;
    let file =
        SafeTensors::deserialize(bytes).map_err(|error| format!("is no whole safetensors file: {error}"))?;
    file.iter().map(|(name, view)| Ok((name.to_owned(), data_of(name, &view)?))).collect()
}

/// The same with the metadata of the header.
pub(crate) fn decode_with(bytes: &[u8]) -> Result<(NamedTensors, BTreeMap<String, String>), String> {
    let tensors = decode(bytes)?;
    let (_, header) = SafeTensors::read_metadata(bytes)
        .map_err(|error| format!("is no whole safetensors file: {error}"))?;
    let metadata = header.metadata().clone().unwrap_or_default();
    Ok((tensors, metadata.into_iter().collect()))
}

fn check_header(bytes: &[u8]) -> Result<(), String> {
    if let Some(start) = bytes.first_chunk::<8>() {
        let header = u64::from_le_bytes(*start);
        if header > bytes.len() as u64 - 8 {
            return Err(format!(
                "is no whole safetensors file: its header claims {header} bytes, and the file has {}",
                bytes.len()
            ));
        }
    }
    Ok(())
}

fn data_of(name: &str, view: &TensorView<'_>) -> Result<TensorData, String> {
    let shape = view.shape().to_vec();
    let bytes = view.data();
    Ok(match view.dtype() {
        Dtype::F32 => TensorData::new(numbers(bytes, f32::from_le_bytes), shape),
        Dtype::F64 => TensorData::new(numbers(bytes, f64::from_le_bytes), shape),
        Dtype::F16 => TensorData::new(numbers(bytes, f16::from_le_bytes), shape),
        Dtype::BF16 => TensorData::new(numbers(bytes, bf16::from_le_bytes), shape),
        Dtype::I32 => TensorData::new(numbers(bytes, i32::from_le_bytes), shape),
        Dtype::I64 => TensorData::new(numbers(bytes, i64::from_le_bytes), shape),
        other => {
            return Err(format!("tensor `{name}` holds {other:?}, expected F16, BF16, F32, F64, I32 or I64"));
        }
    })
}

fn numbers<T, const SIZE: usize>(bytes: &[u8], number: impl Fn([u8; SIZE]) -> T) -> Vec<T> {
    bytes.as_chunks::<SIZE>().0.iter().map(|chunk| number(*chunk)).collect()
}

fn kept_as(dtype: DType) -> Option<Dtype> {
    match dtype {
        DType::F32 | DType::Flex32 => Some(Dtype::F32),
        DType::F64 => Some(Dtype::F64),
        DType::F16 => Some(Dtype::F16),
        DType::BF16 => Some(Dtype::BF16),
        DType::I32 => Some(Dtype::I32),
        DType::I64 => Some(Dtype::I64),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_bit_comes_back() {
        let numbers = vec![0.0f32, -0.0, 1.0e-45, f32::MAX, f32::NEG_INFINITY, 0.1];
        let tensors = NamedTensors::from([
            ("a".to_owned(), TensorData::new(numbers.clone(), [2, 3])),
            ("b".to_owned(), TensorData::new(vec![i64::MIN, 7], [2])),
            ("empty".to_owned(), TensorData::new(Vec::<f32>::new(), [0, 3])),
        ]);
        let again = decode(&encode(&tensors).unwrap()).unwrap();
        assert_eq!(again.len(), 3);
        for (name, data) in &tensors {
            assert_eq!(again[name].as_bytes(), data.as_bytes(), "{name}");
            assert_eq!(again[name].shape(), data.shape(), "{name}");
        }
    }

    #[test]
    fn a_header_that_claims_terabytes_is_refused() {
        let mut bytes = (1u64 << 42).to_le_bytes().to_vec();
        bytes.extend_from_slice(b"{}");
        insta::assert_snapshot!(decode(&bytes).unwrap_err(), @"is no whole safetensors file: its header claims 4398046511104 bytes, and the file has 10");
        let header = br#"{"a":{"dtype":"F32","shape":[1099511627776],"data_offsets":[0,4398046511104]}}"#;
        let mut bytes = (header.len() as u64).to_le_bytes().to_vec();
        bytes.extend_from_slice(header);
        insta::assert_snapshot!(decode(&bytes).unwrap_err(), @"is no whole safetensors file: incomplete metadata, file not fully covered");
    }

    #[test]
    fn a_kind_of_number_that_is_not_kept_is_named() {
        let tensors = NamedTensors::from([("mask".to_owned(), TensorData::from([true, false]))]);
        insta::assert_snapshot!(encode(&tensors).unwrap_err(), @"tensor `mask` holds bool; only floating-point numbers, i32 and i64 can be kept");
    }
}
