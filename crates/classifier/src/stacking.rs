//! Stacking (Wolpert 1992): the score of a text is that of the network and that of a linear classifier on word n-grams, weighed
//! by how much each was worth on reviews that neither has learnt from. The two err in different places (Mesnil et al. 2014): one
//! reads order over any distance, the other knows every rare phrase.

use std::path::{Path, PathBuf};

use burn::{
    module::{Module, Param},
    tensor::{Device, Tensor, TensorData},
};
use rayon::prelude::*;
use recurrent_data::reviews::{Coding, Rank};
use recurrent_linear::{FitError, HashedNgrams, LogisticRegression, MOST_WORDS, NbSvm, NbSvmSpec};
use recurrent_train::{Description, Error, ModelFile, RunFolder, load_model, save_model};

use crate::parts::Part;
use crate::tensors::{floats, numbers};

/// Bits of a place of n-grams: there are four times as many places as n-grams in 25,000 reviews that occur twice, so that few
/// share one.
const BITS: u32 = 22;
const PLACES: usize = 1 << BITS;
/// N-grams of fewer reviews are left out: they are most of all, and know only the review that they are from.
const LEAST_REVIEWS: u32 = 2;
/// What the squares of the coefficients cost: without it those of classes that can be told apart would grow without end.
const PENALTY: f64 = 1.0;

/// What makes one score of two.
#[derive(Clone, Debug, PartialEq)]
pub struct Stacking {
    coding: Coding,
    /// NB-SVM by the hashes of its n-grams, so that a file holds weights alone. It reads all of a text.
    linear: HashedNgrams,
    /// What the network's score, the linear one and 1 are multiplied by.
    coefficients: [f32; 3],
}

/// The names of its tensors in a model file, which are those of [`Stored`].
const NGRAMS: &str = "ngrams";
const BIAS: &str = "bias";
const COEFFICIENTS: &str = "coefficients";

/// The same as a run's folder has it.
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
    /// Fits the linear classifier to the reviews that the network learnt from, and the coefficients, by logistic regression,
    /// to those that were held out, of which the network's scores are given.
    ///
    /// # Errors
    /// A score of the network is not finite.
    ///
    /// # Panics
    /// There are not as many scores as reviews held out.
    pub fn fit(
        learn: &Part<'_>,
        held_out: &Part<'_>,
        network: &[f32],
        coding: Coding,
    ) -> Result<Self, FitError> {
        let texts = ranks(&learn.reviews(), coding);
        let texts: Vec<&[Rank]> = texts.iter().map(Vec::as_slice).collect();
        let spec = NbSvmSpec { least_texts: LEAST_REVIEWS, ..NbSvmSpec::default() };
        let linear = HashedNgrams::new(&NbSvm::fit(&texts, &learn.positive(), spec), BITS);
        let of_linear = linear_scores(&linear, &held_out.reviews(), coding);
        let rows = network.iter().zip(of_linear).map(|(own, linear)| [f64::from(*own), f64::from(linear)]);
        let fitted = LogisticRegression::fit(rows, &held_out.positive(), PENALTY)?;
        let weights = fitted.weights();
        let coefficients = [weights[0], weights[1], fitted.intercept()].map(|number| number as f32);
        Ok(Self { coding, linear, coefficients })
    }

    /// The scores of texts, from the network's and their indices: logits of the probability that they are positive.
    pub fn scores(&self, network: &[f32], texts: &[&[u32]]) -> Vec<f32> {
        let [of_network, of_linear, constant] = self.coefficients;
        let linear = linear_scores(&self.linear, texts, self.coding);
        network
            .iter()
            .zip(linear)
            .map(|(own, linear)| of_network * own + of_linear * linear + constant)
            .collect()
    }

    /// Writes it into a run, as `stacking.safetensors`.
    ///
    /// # Errors
    /// A file cannot be written.
    pub fn write(&self, run: &RunFolder, device: &Device) -> Result<(), Error> {
        let places = self.linear.weights().len();
        let architecture = format!("NB-SVM on n-grams hashed to {places} places, and three coefficients");
        let description = Description::new(run.program(), architecture);
        save_model(&self.stored(device), &file(run.path()), &description)
    }

    /// Reads what a run has.
    ///
    /// # Errors
    /// The file is missing or damaged.
    pub(crate) fn read(run: &RunFolder, coding: Coding, device: &Device) -> Result<Self, Error> {
        let (stored, _) = load_model(Stored::zeros(device), &file(run.path()))?;
        let bias = numbers(stored.bias.val())[0];
        let linear = HashedNgrams::from_parts(MOST_WORDS, bias, numbers(stored.ngrams.val()));
        let coefficients = numbers(stored.coefficients.val()).try_into().expect("three were loaded");
        Ok(Self { coding, linear, coefficients })
    }

    /// Adds it to a model file.
    pub(crate) fn insert_into(&self, model: &mut ModelFile, prefix: &str) {
        let parts = [
            (NGRAMS, self.linear.weights()),
            (BIAS, &[self.linear.bias()]),
            (COEFFICIENTS, &self.coefficients),
        ];
        for (name, numbers) in parts {
            let data = TensorData::new(numbers.to_vec(), [numbers.len()]);
            model.tensors.insert(format!("{prefix}.{name}"), data);
        }
    }

    /// Takes it out of a model file, which then has it no longer: its numbers are not copied.
    ///
    /// # Errors
    /// It is not there.
    pub(crate) fn take_from(model: &mut ModelFile, prefix: &str, coding: Coding) -> Result<Self, Error> {
        let mut take = |name: &str, count: usize| {
            let name = format!("{prefix}.{name}");
            let data = model.tensors.remove(&name).filter(|data| data.shape().as_slice() == [count]);
            let numbers = data.and_then(|data| data.try_into_vec::<f32>().ok());
            numbers.ok_or_else(|| model.invalid(format!("holds no `{name}` of {count} numbers; train again")))
        };
        let (ngrams, bias) = (take(NGRAMS, PLACES)?, take(BIAS, 1)?[0]);
        let coefficients = take(COEFFICIENTS, 3)?.try_into().expect("three were taken");
        Ok(Self { coding, linear: HashedNgrams::from_parts(MOST_WORDS, bias, ngrams), coefficients })
    }

    fn stored(&self, device: &Device) -> Stored {
        let parameter = |numbers: &[f32]| Param::from_tensor(floats(numbers.to_vec(), device));
        Stored {
            ngrams: parameter(self.linear.weights()),
            bias: parameter(&[self.linear.bias()]),
            coefficients: parameter(&self.coefficients),
        }
    }
}

impl Stored {
    fn zeros(device: &Device) -> Self {
        let zeros = |count: usize| Param::from_tensor(Tensor::zeros([count], device));
        Self { ngrams: zeros(PLACES), bias: zeros(1), coefficients: zeros(3) }
    }
}

/// The ranks of the words of texts; 0 for one without an index of its own, over which no n-gram reaches.
fn ranks(texts: &[&[u32]], coding: Coding) -> Vec<Vec<Rank>> {
    let of = |text: &&[u32]| text.iter().map(|index| coding.rank(*index).unwrap_or_default()).collect();
    texts.par_iter().map(of).collect()
}

fn linear_scores(linear: &HashedNgrams, texts: &[&[u32]], coding: Coding) -> Vec<f32> {
    let ranks = ranks(texts, coding);
    linear.scores(&ranks.iter().map(Vec::as_slice).collect::<Vec<_>>())
}

fn file(run: &Path) -> PathBuf {
    run.join("stacking.safetensors")
}
