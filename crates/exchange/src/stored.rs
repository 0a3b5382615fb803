//! Tensors as they stand in a file: their bytes are decoded when they are asked for, so that a file takes memory about
//! once.

use std::{collections::BTreeMap, sync::Arc};

use half::{bf16, f16};

use crate::error::{Problem, in_words};

/// The tensors of a file by name.
pub(crate) type Tensors = BTreeMap<String, Stored>;

/// What the numbers of a tensor are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Number {
    F16,
    BF16,
    F32,
    F64,
    /// No weights of a layer: its name, and the bytes of each.
    Other(String, usize),
}

impl Number {
    pub(crate) fn bytes(&self) -> usize {
        match self {
            Self::F16 | Self::BF16 => 2,
            Self::F32 => 4,
            Self::F64 => 8,
            Self::Other(_, bytes) => *bytes,
        }
    }
}

/// One tensor.
#[derive(Clone, Debug)]
pub(crate) struct Stored {
    pub(crate) shape: Vec<usize>,
    pub(crate) number: Number,
    content: Content,
}

#[derive(Clone, Debug)]
enum Content {
    /// Little-endian, row-major.
    Bytes(Arc<Vec<u8>>),
    /// Still in the file.
    PyTorch(pytorch_reader::Tensor),
}

impl Stored {
    /// A tensor of these bytes, little-endian and row-major.
    ///
    /// # Errors
    /// They are not as many as the shape says.
    pub(crate) fn new(shape: Vec<usize>, number: Number, bytes: Vec<u8>) -> Result<Self, String> {
        let wanted = size(&shape, number.bytes());
        if wanted != Some(bytes.len()) {
            let shape = in_words(&shape);
            return Err(format!("has {} bytes, which is not what {shape} take", bytes.len()));
        }
        Ok(Self { shape, number, content: Content::Bytes(Arc::new(bytes)) })
    }

    /// A tensor that is read from its file when it is asked for.
    pub(crate) fn in_pytorch(number: Number, tensor: pytorch_reader::Tensor) -> Self {
        Self { shape: tensor.shape().to_vec(), number, content: Content::PyTorch(tensor) }
    }

    /// Its numbers as 32-bit floats, row-major.
    ///
    /// # Errors
    /// They are not floating-point, or cannot be read.
    pub(crate) fn floats(&self) -> Result<Vec<f32>, String> {
        let read;
        let bytes: &[u8] = match &self.content {
            Content::Bytes(bytes) => bytes,
            Content::PyTorch(tensor) => {
                read = tensor.read().map_err(|error| format!("cannot be read: {error}"))?;
                &read
            }
        };
        let floats: Vec<f32> = match self.number {
            Number::F16 => each(bytes, |bytes| f16::from_le_bytes(bytes).to_f32()),
            Number::BF16 => each(bytes, |bytes| bf16::from_le_bytes(bytes).to_f32()),
            Number::F32 => each(bytes, f32::from_le_bytes),
            Number::F64 => each(bytes, |bytes| f64::from_le_bytes(bytes) as f32),
            Number::Other(ref name, _) => {
                return Err(format!("holds {name}, expected floating-point numbers"));
            }
        };
        Ok(floats)
    }
}

fn each<const N: usize>(bytes: &[u8], number: impl Fn([u8; N]) -> f32) -> Vec<f32> {
    let chunks = bytes.chunks_exact(N);
    chunks.map(|chunk| number(chunk.try_into().expect("chunks of this many bytes"))).collect()
}

/// The bytes that a tensor takes, where they can be counted.
pub(crate) fn size(shape: &[usize], bytes: usize) -> Option<usize> {
    shape.iter().try_fold(bytes, |product, length| product.checked_mul(*length))
}

/// A tensor's weights, where it has this shape and all of them are finite; `why` says where the shape comes from.
pub(crate) fn weights(
    tensors: &Tensors,
    name: &str,
    expected: &[usize],
    why: &str,
) -> Result<Vec<f32>, Problem> {
    let stored = of_name(tensors, name)?;
    if stored.shape != expected {
        let (found, expected) = (in_words(&stored.shape), in_words(expected));
        return Err(Problem::Invalid(format!("`{name}` has {found}, expected {expected}: {why}")));
    }
    finite(stored, name)
}

/// A tensor by its exact name.
pub(crate) fn of_name<'a>(tensors: &'a Tensors, name: &str) -> Result<&'a Stored, Problem> {
    tensors.get(name).ok_or_else(|| Problem::Missing {
        kind: "tensor",
        name: name.to_owned(),
        found: tensors.keys().cloned().collect(),
    })
}

/// A tensor's numbers, where all of them are finite.
pub(crate) fn finite(stored: &Stored, name: &str) -> Result<Vec<f32>, Problem> {
    let floats = stored.floats().map_err(|problem| Problem::Invalid(format!("`{name}` {problem}")))?;
    match floats.iter().position(|number| !number.is_finite()) {
        None => Ok(floats),
        Some(place) => Err(Problem::Invalid(format!(
            "`{name}` has a weight that is {}, the first at place {place}; take weights from before training diverged",
            floats[place]
        ))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_of_every_precision_are_read() {
        let read = |number, bytes: Vec<u8>| Stored::new(vec![2], number, bytes).unwrap().floats().unwrap();
        let values = [1.5f32, -0.25];
        let bytes =
            |each: fn(f32) -> Vec<u8>| values.iter().flat_map(|value| each(*value)).collect::<Vec<_>>();
        assert_eq!(read(Number::F16, bytes(|x| f16::from_f32(x).to_le_bytes().into())), values);
        assert_eq!(read(Number::BF16, bytes(|x| bf16::from_f32(x).to_le_bytes().into())), values);
        assert_eq!(read(Number::F64, bytes(|x| f64::from(x).to_le_bytes().into())), values);
        let whole = Stored::new(vec![1], Number::Other("i64".into(), 8), vec![0; 8]).unwrap();
        assert_eq!(whole.floats().unwrap_err(), "holds i64, expected floating-point numbers");
    }

    #[test]
    fn shapes_that_no_memory_holds_are_refused() {
        let huge = vec![usize::MAX, usize::MAX];
        assert!(Stored::new(huge, Number::F32, Vec::new()).is_err());
        assert!(Stored::new(vec![3], Number::F32, vec![0; 8]).is_err());
    }
}
