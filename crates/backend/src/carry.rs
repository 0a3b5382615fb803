//! The state that truncated backpropagation through time carries from batch to batch, and how it is kept in
//! a file. It stands below the layers and the training loop, of which neither knows the other.

use std::collections::BTreeMap;

use burn::tensor::{Device, Tensor, TensorData};

/// Tensors by name, as they stand in a file.
pub type NamedTensors = BTreeMap<String, TensorData>;

/// A carried state: it turns into named tensors and back, every bit kept.
///
/// Tensors, vectors, pairs and options of carried states are carried states; `()` is that of a model without
/// any.
pub trait Carry: Clone {
    /// Adds the state's tensors under `name`, or under names that begin with `name` and a dot.
    fn write(&self, name: &str, tensors: &mut NamedTensors);

    /// Takes the state back from what [`write`](Self::write) added.
    ///
    /// # Errors
    /// A tensor is missing or has another rank; the message names it.
    fn read(name: &str, tensors: &NamedTensors, device: &Device) -> Result<Self, String>;
}

impl Carry for () {
    fn write(&self, _name: &str, _tensors: &mut NamedTensors) {}

    fn read(_name: &str, _tensors: &NamedTensors, _device: &Device) -> Result<Self, String> {
        Ok(())
    }
}

impl<const D: usize> Carry for Tensor<D> {
    fn write(&self, name: &str, tensors: &mut NamedTensors) {
        tensors.insert(name.to_owned(), self.to_data());
    }

    fn read(name: &str, tensors: &NamedTensors, device: &Device) -> Result<Self, String> {
        let data = tensors.get(name).ok_or_else(|| format!("tensor `{name}` is missing"))?;
        if data.rank() != D {
            return Err(format!("tensor `{name}` has {} dimensions, expected {D}", data.rank()));
        }
        if !data.dtype().is_float() {
            return Err(format!(
                "tensor `{name}` holds {}, expected floating-point numbers",
                data.dtype().name()
            ));
        }
        // In the numbers that it was kept in, whatever the device's own are.
        Ok(Self::from_data(data.clone(), (device, data.dtype())))
    }
}

impl<C: Carry> Carry for Vec<C> {
    fn write(&self, name: &str, tensors: &mut NamedTensors) {
        let length = TensorData::from([self.len() as i64]);
        tensors.insert(format!("{name}.length"), length);
        for (index, part) in self.iter().enumerate() {
            part.write(&format!("{name}.{index}"), tensors);
        }
    }

    fn read(name: &str, tensors: &NamedTensors, device: &Device) -> Result<Self, String> {
        let key = format!("{name}.length");
        let length = tensors.get(&key).ok_or_else(|| format!("tensor `{key}` is missing"))?;
        let length = match length.as_slice::<i64>() {
            Ok([length]) => *length,
            _ => return Err(format!("tensor `{key}` is no single whole number")),
        };
        // Each part takes at least one tensor or is empty; a length beyond that is no length of ours, and
        // would only cost time.
        (0..length.min(1 << 20)).map(|index| C::read(&format!("{name}.{index}"), tensors, device)).collect()
    }
}

impl<A: Carry, B: Carry> Carry for (A, B) {
    fn write(&self, name: &str, tensors: &mut NamedTensors) {
        self.0.write(&format!("{name}.0"), tensors);
        self.1.write(&format!("{name}.1"), tensors);
    }

    fn read(name: &str, tensors: &NamedTensors, device: &Device) -> Result<Self, String> {
        Ok((A::read(&format!("{name}.0"), tensors, device)?, B::read(&format!("{name}.1"), tensors, device)?))
    }
}

impl<C: Carry> Carry for Option<C> {
    fn write(&self, name: &str, tensors: &mut NamedTensors) {
        if let Some(part) = self {
            tensors.insert(format!("{name}.some"), TensorData::from([1i64]));
            part.write(name, tensors);
        }
    }

    fn read(name: &str, tensors: &NamedTensors, device: &Device) -> Result<Self, String> {
        let some = tensors.contains_key(&format!("{name}.some"));
        some.then(|| C::read(name, tensors, device)).transpose()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::BackendKind;

    type Nested = Vec<(Tensor<2>, Option<Tensor<1>>)>;

    fn device() -> Device {
        BackendKind::Flex.open().unwrap()
    }

    fn nested() -> Nested {
        let device = device();
        vec![
            (Tensor::from_data([[0.1f32, f32::MIN_POSITIVE / 2.0]], &device), None),
            (Tensor::from_data([[-0.0f32], [3.0]], &device), Some(Tensor::from_data([7.5f32], &device))),
        ]
    }

    #[test]
    fn a_nested_state_comes_back_bit_for_bit() {
        let mut tensors = NamedTensors::new();
        nested().write("carry", &mut tensors);
        let mut again = NamedTensors::new();
        Nested::read("carry", &tensors, &device()).unwrap().write("carry", &mut again);
        assert_eq!(
            tensors.keys().collect::<Vec<_>>(),
            ["carry.0.0", "carry.1.0", "carry.1.1", "carry.1.1.some", "carry.length"]
        );
        for (name, data) in &tensors {
            assert_eq!(data.bytes(), again[name].bytes(), "{name}");
            assert_eq!(data.shape(), again[name].shape(), "{name}");
        }
    }

    #[test]
    fn a_missing_or_other_tensor_is_named() {
        let mut tensors = NamedTensors::new();
        nested().write("carry", &mut tensors);
        tensors.insert("carry.1.0".to_owned(), TensorData::from([1.0f32]));
        let error = Nested::read("carry", &tensors, &device()).unwrap_err();
        assert_eq!(error, "tensor `carry.1.0` has 1 dimensions, expected 2");
        tensors.remove("carry.1.0");
        let error = Nested::read("carry", &tensors, &device()).unwrap_err();
        assert_eq!(error, "tensor `carry.1.0` is missing");
    }
}
