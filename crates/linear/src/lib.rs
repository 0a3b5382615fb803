#![doc = include_str!("../README.md")]

mod conditional;
mod dual;
mod error;
mod hashed;
mod logistic;
mod nb_svm;
mod newton;
mod ngram_ridge;
mod ngrams;
mod numbered;
mod one_vs_rest;
mod ridge;
mod rows;
mod thresholds;

pub use conditional::ConditionalLogit;
pub use dual::{DualSolver, Problem};
pub use error::FitError;
pub use hashed::{HashedNgrams, MULTIPLIER};
pub use logistic::LogisticRegression;
pub use nb_svm::{NbSvm, NbSvmSpec};
pub use ngram_ridge::NgramRidge;
pub use ngrams::{LAST_RANK, MOST_WORDS, RANK_BITS, ngrams};
pub use numbered::NumberedNgrams;
pub use one_vs_rest::OneVsRest;
pub use recurrent_seed::Seed;
pub use ridge::RidgeRegression;
pub use rows::SparseRows;
pub use thresholds::Thresholds;
