//! A stacking in a run's folder and in the one file that a model ships as.

use std::path::{Path, PathBuf};

use burn::{
    module::{Module, Param},
    tensor::{Device, Tensor, TensorData},
};
use recurrent_data::reviews::Coding;
use recurrent_linear::{HashedNgrams, MOST_WORDS};
use recurrent_train::{Description, Error, ModelFile, RunFolder, load_model, save_model};

use super::{Stacking, fit::BITS};
use crate::outputs::Outputs;
use crate::tensors::{floats, numbers};

/// Places of n-grams of two classes.
const PLACES: usize = 1 << BITS;
/// What the file of several classes in a run's folder says that it holds, and the part that its tensors belong to.
const KIND: &str = "stacking";

/// The names of its tensors in a model file, which are those of [`Stored`].
const NGRAMS: &str = "ngrams";
const BIAS: &str = "bias";
const COEFFICIENTS: &str = "coefficients";

/// The same as a run's folder has it, of two classes.
#[derive(Module, Debug)]
struct Stored {
    /// What each place of n-grams adds to the linear score, `[places]`.
    ngrams: Param<Tensor<1>>,
    /// The bias of the linear score, `[1]`.
    bias: Param<Tensor<1>>,
    /// The coefficients, `[3]`.
    coefficients: Param<Tensor<1>>,
}

impl Stacking {
    /// Writes it into a run, as `stacking.safetensors`.
    ///
    /// # Errors
    /// A file cannot be written.
    pub fn write(&self, run: &RunFolder, outputs: Outputs, device: &Device) -> Result<(), Error> {
        if !outputs.is_binary() {
            let mut model = ModelFile::new(KIND);
            self.insert_into(&mut model, KIND);
            return model.write(&file(run.path()));
        }
        let architecture = format!("NB-SVM on n-grams hashed to {PLACES} places, and three coefficients");
        let description = Description::new(run.program(), architecture);
        let [ngrams, bias, coefficients] =
            self.numbers().map(|numbers| Param::from_tensor(floats(numbers, device)));
        save_model(&Stored { ngrams, bias, coefficients }, &file(run.path()), &description)
    }

    /// Reads what a run has for such scores.
    ///
    /// # Errors
    /// The file is missing or damaged.
    pub(crate) fn read(
        run: &RunFolder,
        outputs: Outputs,
        coding: Coding,
        device: &Device,
    ) -> Result<Self, Error> {
        if !outputs.is_binary() {
            let mut model = ModelFile::read(&file(run.path()), KIND)?;
            return Self::take_from(&mut model, KIND, outputs, coding);
        }
        let (stored, _) = load_model(Stored::zeros(device), &file(run.path()))?;
        let parts = [stored.ngrams, stored.bias, stored.coefficients];
        Ok(Self::of(parts.map(|part| numbers(part.val())), coding))
    }

    /// Adds it to a model file.
    pub(crate) fn insert_into(&self, model: &mut ModelFile, prefix: &str) {
        for (name, numbers) in [NGRAMS, BIAS, COEFFICIENTS].into_iter().zip(self.numbers()) {
            let count = numbers.len();
            model.tensors.insert(format!("{prefix}.{name}"), TensorData::new(numbers, [count]));
        }
    }

    /// Takes it out of a model file of such scores, which then has it no longer.
    ///
    /// # Errors
    /// It is not there.
    pub(crate) fn take_from(
        model: &mut ModelFile,
        prefix: &str,
        outputs: Outputs,
        coding: Coding,
    ) -> Result<Self, Error> {
        let scores = outputs.width();
        let mut take = |name: &str, fits: &dyn Fn(usize) -> bool, expected: &str| {
            let name = format!("{prefix}.{name}");
            let data = model.tensors.remove(&name);
            let numbers = data.and_then(|data| data.try_into_vec::<f32>().ok());
            let numbers = numbers.filter(|numbers| fits(numbers.len()));
            numbers.ok_or_else(|| model.invalid(format!("holds no `{name}` of {expected}; train again")))
        };
        let is_hashed = |count: usize| {
            let places = count / scores;
            count.is_multiple_of(scores) && places.is_power_of_two() && (2..=PLACES).contains(&places)
        };
        let ngrams = if outputs.is_binary() {
            take(NGRAMS, &|count| count == PLACES, &format!("{PLACES} numbers"))?
        } else {
            take(NGRAMS, &is_hashed, &format!("{scores} equal parts, each a power of two"))?
        };
        let bias = take(BIAS, &|count| count == scores, &format!("{scores} numbers"))?;
        let coefficients =
            take(COEFFICIENTS, &|count| count == 3 * scores, &format!("{} numbers", 3 * scores))?;
        Ok(Self::of([ngrams, bias, coefficients], coding))
    }

    /// The n-grams, biases and coefficients, those of all scores end to end.
    fn numbers(&self) -> [Vec<f32>; 3] {
        let ngrams = self.linear.iter().flat_map(|linear| linear.weights().iter().copied());
        let bias = self.linear.iter().map(HashedNgrams::bias);
        [ngrams.collect(), bias.collect(), self.coefficients.as_flattened().to_vec()]
    }

    /// The same back.
    fn of([ngrams, bias, coefficients]: [Vec<f32>; 3], coding: Coding) -> Self {
        let linear = match bias[..] {
            // The millions of numbers of two classes are not copied.
            [bias] => vec![HashedNgrams::from_parts(MOST_WORDS, bias, ngrams)],
            _ => {
                let each = ngrams.chunks(ngrams.len() / bias.len()).zip(&bias);
                each.map(|(weights, bias)| HashedNgrams::from_parts(MOST_WORDS, *bias, weights.to_vec()))
                    .collect()
            }
        };
        let (coefficients, _) = coefficients.as_chunks();
        Self { coding, linear, coefficients: coefficients.to_vec() }
    }
}

impl Stored {
    fn zeros(device: &Device) -> Self {
        let zeros = |count: usize| Param::from_tensor(Tensor::zeros([count], device));
        Self { ngrams: zeros(PLACES), bias: zeros(1), coefficients: zeros(3) }
    }
}

fn file(run: &Path) -> PathBuf {
    run.join("stacking.safetensors")
}
