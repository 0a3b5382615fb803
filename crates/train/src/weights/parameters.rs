//! A module's parameters under the path that leads to them, such as `rnn.kernel`.
//!
//! Burn names parameters by random numbers, which differ between processes; files go by path.

use std::collections::BTreeMap;

use burn::module::{Module, ModuleMapper, ModuleVisitor, Param, ParamId};
use burn::optim::GradientsParams;
use burn::tensor::{Bool, DType, Int, Tensor, TensorData};

use recurrent_backend::NamedTensors;

/// Reads the numbers of all parameters.
pub(crate) fn parameters<M: Module>(module: &M) -> NamedTensors {
    struct Reader(Path, NamedTensors);
    impl ModuleVisitor for Reader {
        fn enter_module(&mut self, name: &str, container: &str) {
            self.0.enter(name, container);
        }
        fn exit_module(&mut self, _name: &str, container: &str) {
            self.0.exit(container);
        }
        fn visit_float<const D: usize>(&mut self, param: &Param<Tensor<D>>) {
            self.1.insert(self.0.name(), param.base().inner().to_data());
        }
        fn visit_int<const D: usize>(&mut self, param: &Param<Tensor<D, Int>>) {
            self.1.insert(self.0.name(), param.base().to_data());
        }
        fn visit_bool<const D: usize>(&mut self, param: &Param<Tensor<D, Bool>>) {
            self.1.insert(self.0.name(), param.base().to_data());
        }
    }
    let mut reader = Reader(Path::default(), NamedTensors::new());
    module.visit(&mut reader);
    reader.1
}

/// Reads the gradients of all parameters that have one.
pub(crate) fn gradients<M: Module>(module: &M, gradients: &GradientsParams) -> NamedTensors {
    struct Reader<'a>(Path, &'a GradientsParams, NamedTensors);
    impl ModuleVisitor for Reader<'_> {
        fn enter_module(&mut self, name: &str, container: &str) {
            self.0.enter(name, container);
        }
        fn exit_module(&mut self, _name: &str, container: &str) {
            self.0.exit(container);
        }
        fn visit_float<const D: usize>(&mut self, param: &Param<Tensor<D>>) {
            if let Some(gradient) = self.1.get::<D>(param.id) {
                self.2.insert(self.0.name(), gradient.into_data());
            }
        }
    }
    let mut reader = Reader(Path::default(), gradients, NamedTensors::new());
    module.visit(&mut reader);
    reader.2
}

/// Two parameters that are one to an optimiser, because one is a copy of the other, if there are any.
pub(crate) fn shared<M: Module>(module: &M) -> Option<(String, String)> {
    struct Finder(Path, BTreeMap<ParamId, String>, Option<(String, String)>);
    impl Finder {
        fn see(&mut self, id: ParamId) {
            if let Some(first) = self.1.insert(id, self.0.name()) {
                self.2.get_or_insert((first, self.0.name()));
            }
        }
    }
    impl ModuleVisitor for Finder {
        fn enter_module(&mut self, name: &str, container: &str) {
            self.0.enter(name, container);
        }
        fn exit_module(&mut self, _name: &str, container: &str) {
            self.0.exit(container);
        }
        fn visit_float<const D: usize>(&mut self, param: &Param<Tensor<D>>) {
            self.see(param.id);
        }
    }
    let mut finder = Finder(Path::default(), BTreeMap::new(), None);
    module.visit(&mut finder);
    finder.2
}

/// A parameter whose numbers are of another kind than the device makes, if there is one: its name, its kind and the device's.
pub(crate) fn unlike_device<M: Module>(module: &M) -> Option<(String, DType, DType)> {
    struct Finder(Path, Option<(String, DType, DType)>);
    impl ModuleVisitor for Finder {
        fn enter_module(&mut self, name: &str, container: &str) {
            self.0.enter(name, container);
        }
        fn exit_module(&mut self, _name: &str, container: &str) {
            self.0.exit(container);
        }
        fn visit_float<const D: usize>(&mut self, param: &Param<Tensor<D>>) {
            let base = param.base();
            let (found, made) = (base.dtype(), base.device().settings().float_dtype.into());
            if found != made {
                self.1.get_or_insert_with(|| (self.0.name(), found, made));
            }
        }
    }
    let mut finder = Finder(Path::default(), None);
    module.visit(&mut finder);
    finder.1
}

/// Puts numbers into the parameters of a module. Those that `tensors` lacks, or has with another shape, stay
/// as they are: call [`difference`] before.
pub(crate) fn with_parameters<M: Module>(module: M, tensors: &NamedTensors) -> M {
    struct Writer<'a>(Path, &'a NamedTensors);
    impl Writer<'_> {
        fn data(&self, dims: &[usize]) -> Option<TensorData> {
            self.1.get(&self.0.name()).filter(|data| data.shape().as_slice() == dims).cloned()
        }
    }
    impl ModuleMapper for Writer<'_> {
        fn enter_module(&mut self, name: &str, container: &str) {
            self.0.enter(name, container);
        }
        fn exit_module(&mut self, _name: &str, container: &str) {
            self.0.exit(container);
        }
        fn map_float<const D: usize>(&mut self, param: Param<Tensor<D>>) -> Param<Tensor<D>> {
            let Some(data) = self.data(&param.base().dims()) else { return param };
            param.map(|tensor| {
                let loaded = Tensor::from_data(data, (&tensor.device(), tensor.dtype()));
                if tensor.is_require_grad() { loaded.require_grad() } else { loaded }
            })
        }
        fn map_int<const D: usize>(&mut self, param: Param<Tensor<D, Int>>) -> Param<Tensor<D, Int>> {
            let Some(data) = self.data(&param.base().dims()) else { return param };
            param.map(|tensor| Tensor::from_data(data, &tensor.device()))
        }
    }
    module.map(&mut Writer(Path::default(), tensors))
}

/// The shapes of some tensors, by name.
pub(crate) type Shapes = BTreeMap<String, Vec<usize>>;

/// Reads off the shapes.
pub(crate) fn shapes(tensors: &NamedTensors) -> Shapes {
    tensors.iter().map(|(name, data)| (name.clone(), data.shape().to_vec())).collect()
}

/// Says in what the found parameters differ from those of the model, if they do.
pub(crate) fn difference(found: &Shapes, expected: &Shapes) -> Option<String> {
    const SHOWN: usize = 3;
    let missing = expected.iter().filter(|(name, _)| !found.contains_key(*name));
    let other = expected.iter().filter_map(|(name, shape)| {
        let found = found.get(name).filter(|found| *found != shape)?;
        Some(format!("parameter `{name}` has shape {found:?}, expected {shape:?}"))
    });
    let surplus = found.iter().filter(|(name, _)| !expected.contains_key(*name));
    let all: Vec<_> = other
        .chain(missing.map(|(name, shape)| format!("parameter `{name}` of shape {shape:?} is missing")))
        .chain(
            surplus.map(|(name, shape)| format!("parameter `{name}` of shape {shape:?} is not the model's")),
        )
        .collect();
    match all.len() {
        0 => None,
        count if count <= SHOWN => Some(all.join(", ")),
        count => Some(format!("{}, and {} more", all[..SHOWN].join(", "), count - SHOWN)),
    }
}

/// Finds the first parameter that holds NaN or an infinity.
pub(crate) fn first_not_finite(tensors: &NamedTensors) -> Option<&str> {
    let finite = |data: &TensorData| match data.as_slice::<f32>() {
        Ok(numbers) => numbers.iter().all(|number| number.is_finite()),
        Err(_) => !data.dtype().is_float() || data.iter::<f64>().all(f64::is_finite),
    };
    tensors.iter().find(|(_, data)| !finite(data)).map(|(name, _)| name.as_str())
}

/// The names of the modules on the way to a parameter. Which variant of an enum a module is follows from the settings, and is none
/// of them: a layer that may be of several kinds is called as one of a single kind.
#[derive(Default)]
pub(crate) struct Path(Vec<String>);

impl Path {
    pub(crate) fn enter(&mut self, name: &str, container: &str) {
        if !is_enum(container) {
            self.0.push(name.to_owned());
        }
    }

    pub(crate) fn exit(&mut self, container: &str) {
        if !is_enum(container) {
            self.0.pop();
        }
    }

    pub(crate) fn name(&self) -> String {
        self.0.join(".")
    }
}

/// Burn calls an enum `Enum:NAME` where a visitor enters a variant of it.
fn is_enum(container: &str) -> bool {
    container.starts_with("Enum:")
}
