//! Stacking (Wolpert 1992): the score of a review is that of the network and that of a linear classifier on word n-grams,
//! weighed by how much each was worth on reviews that neither has learnt from. The two err in different places (Mesnil et al.
//! 2014): one reads order over any distance, the other knows every rare phrase.

mod logistic;
mod ngram_weights;

use std::path::PathBuf;

use burn::{
    module::{Module, Param},
    tensor::{Device, Tensor, TensorData},
};
use recurrent_train::{Description, Error, RunFolder, load_model, save_model};

use crate::PROGRAM;
use crate::data::Part;
use crate::predict::numbers;
use crate::settings::Settings;
use ngram_weights::{NgramWeights, PLACES};

/// What makes one score of two.
#[derive(Clone, Debug, PartialEq)]
pub struct Stacking {
    linear: NgramWeights,
    /// What the network's score, the linear one and 1 are multiplied by.
    coefficients: [f32; 3],
}

/// The same as a model file has it.
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
    pub fn fit(learn: &Part<'_>, held_out: &Part<'_>, network: &[f32], settings: &Settings) -> Self {
        let linear = NgramWeights::fit(&learn.reviews(), &learn.labels(), settings.coding);
        let of_linear = linear.scores(&held_out.reviews());
        let targets: Vec<f64> = held_out.labels().iter().map(|label| f64::from(label.target())).collect();
        let coefficients = logistic::fit([network, &of_linear], &targets);
        Self { linear, coefficients }
    }

    /// The scores of reviews, from the network's and their indices: logits of the probability that they praise.
    pub fn scores(&self, network: &[f32], reviews: &[&[u32]]) -> Vec<f32> {
        let [of_network, of_linear, constant] = self.coefficients;
        let linear = self.linear.scores(reviews);
        network
            .iter()
            .zip(linear)
            .map(|(own, linear)| of_network * own + of_linear * linear + constant)
            .collect()
    }

    /// Writes it into a run.
    ///
    /// # Errors
    /// A file cannot be written.
    pub fn write(&self, run: &RunFolder, device: &Device) -> Result<(), Error> {
        let parameter = |numbers: &[f32]| {
            let data = TensorData::new(numbers.to_vec(), [numbers.len()]);
            Param::from_data(data, &device.clone().inner())
        };
        let stored = Stored {
            ngrams: parameter(&self.linear.weights),
            bias: parameter(&[self.linear.bias]),
            coefficients: parameter(&self.coefficients),
        };
        let architecture = format!("NB-SVM on n-grams hashed to {PLACES} places, and three coefficients");
        let description = Description { program: PROGRAM.to_owned(), architecture, ..Description::default() };
        save_model(&stored, &file(run), &description)
    }

    /// Reads what a run has.
    ///
    /// # Errors
    /// The file is missing or damaged.
    pub fn read(run: &RunFolder, settings: &Settings, device: &Device) -> Result<Self, Error> {
        let empty = |count: usize| Param::from_tensor(Tensor::zeros([count], device));
        let empty = Stored { ngrams: empty(PLACES), bias: empty(1), coefficients: empty(3) };
        let (stored, _) = load_model(empty, &file(run))?;
        let linear = NgramWeights {
            coding: settings.coding,
            bias: numbers(stored.bias.val())[0],
            weights: numbers(stored.ngrams.val()),
        };
        let coefficients = numbers(stored.coefficients.val());
        Ok(Self { linear, coefficients: coefficients.try_into().expect("three were loaded") })
    }
}

fn file(run: &RunFolder) -> PathBuf {
    run.path().join("stacking.safetensors")
}
