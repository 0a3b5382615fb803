//! The gradients of a model as one vector of numbers, so that those of shards can be added up and sent.

use burn::module::{Module, ModuleVisitor, Param, ParamId};
use burn::optim::GradientsParams;
use burn::tensor::{Tensor, TensorData};

/// Where the gradient of each parameter stands in the vector: those that record gradients, in the order of a visit.
pub(crate) struct Layout(Vec<(ParamId, usize)>);

impl Layout {
    pub(crate) fn of<M: Module>(model: &M) -> Self {
        struct Finder(Layout);
        impl ModuleVisitor for Finder {
            fn visit_float<const D: usize>(&mut self, param: &Param<Tensor<D>>) {
                let tensor = param.base();
                if tensor.is_require_grad() {
                    self.0.0.push((param.id, tensor.shape().num_elements()));
                }
            }
        }
        let mut finder = Finder(Self(Vec::new()));
        model.visit(&mut finder);
        finder.0
    }

    /// How many numbers the vector has.
    pub(crate) fn len(&self) -> usize {
        self.0.iter().map(|(_, length)| length).sum()
    }

    /// Which parameters have a gradient.
    pub(crate) fn present<M: Module>(&self, gradients: &GradientsParams, model: &M) -> Vec<bool> {
        struct Seen<'a>(&'a GradientsParams, Vec<bool>);
        impl ModuleVisitor for Seen<'_> {
            fn visit_float<const D: usize>(&mut self, param: &Param<Tensor<D>>) {
                if param.base().is_require_grad() {
                    self.1.push(self.0.get::<D>(param.id).is_some());
                }
            }
        }
        let mut seen = Seen(gradients, Vec::with_capacity(self.0.len()));
        model.visit(&mut seen);
        seen.1
    }

    /// Takes the gradients out, each number times `factor`; where a parameter has none they are 0. The vector is written over
    /// `buffer`, which is lent to save taking memory.
    pub(crate) fn take<M: Module>(
        &self,
        gradients: GradientsParams,
        model: &M,
        factor: f32,
        buffer: Option<Vec<f32>>,
    ) -> Vec<f32> {
        let mut numbers = buffer.unwrap_or_default();
        numbers.clear();
        numbers.reserve_exact(self.len());
        let mut taker = Taker { gradients, factor, numbers };
        model.visit(&mut taker);
        taker.numbers
    }

    /// The gradients that a vector holds, each number times `factor`, of the parameters that are `present`.
    pub(crate) fn give<M: Module>(
        &self,
        numbers: &[f32],
        model: &M,
        factor: f32,
        present: &[bool],
    ) -> GradientsParams {
        let mut giver =
            Giver { rest: numbers, factor, present: present.iter(), gradients: GradientsParams::new() };
        model.visit(&mut giver);
        giver.gradients
    }
}

struct Taker {
    gradients: GradientsParams,
    factor: f32,
    numbers: Vec<f32>,
}

impl ModuleVisitor for Taker {
    fn visit_float<const D: usize>(&mut self, param: &Param<Tensor<D>>) {
        let tensor = param.base();
        if !tensor.is_require_grad() {
            return;
        }
        let Some(gradient) = self.gradients.remove::<D>(param.id) else {
            self.numbers.resize(self.numbers.len() + tensor.shape().num_elements(), 0.0);
            return;
        };
        let data = gradient.into_data().convert::<f32>();
        let factor = self.factor;
        // Converted data are of that kind.
        self.numbers.extend(data.as_slice::<f32>().unwrap_or_default().iter().map(|number| number * factor));
    }
}

struct Giver<'a> {
    rest: &'a [f32],
    factor: f32,
    present: std::slice::Iter<'a, bool>,
    gradients: GradientsParams,
}

impl ModuleVisitor for Giver<'_> {
    fn visit_float<const D: usize>(&mut self, param: &Param<Tensor<D>>) {
        let tensor = param.base();
        if !tensor.is_require_grad() {
            return;
        }
        let (own, rest) = self.rest.split_at(tensor.shape().num_elements());
        self.rest = rest;
        if self.present.next().is_some_and(|present| *present) {
            let numbers: Vec<f32> = own.iter().map(|number| number * self.factor).collect();
            let device = tensor.device().inner();
            let gradient = Tensor::<D>::from_data(TensorData::new(numbers, tensor.shape()), &device);
            self.gradients.register(param.id, gradient);
        }
    }
}
