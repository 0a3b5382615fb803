#![doc = include_str!("../README.md")]

mod dual;
mod error;
mod hashed;
mod logistic;
mod nb_svm;
mod ngrams;
mod one_vs_rest;
mod ridge;
mod rows;

pub use dual::{DualSolver, Problem};
pub use error::FitError;
pub use hashed::HashedNgrams;
pub use logistic::LogisticRegression;
pub use nb_svm::{NbSvm, NbSvmSpec};
pub use ngrams::{LAST_RANK, MOST_WORDS, ngrams};
pub use one_vs_rest::OneVsRest;
pub use recurrent_seed::Seed;
pub use ridge::RidgeRegression;
pub use rows::SparseRows;
