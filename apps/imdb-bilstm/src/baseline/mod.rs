//! The honest baseline: NB-SVM of Wang and Manning (2012), a linear classifier on word n-grams, fitted in seconds.
//!
//! A network that it beats is not worth its training, and the report says so.

mod dual;
mod nb_svm;
mod ngrams;

pub use dual::{Problem, Solver};
pub use nb_svm::{NbSvm, NbSvmSpec};
pub use ngrams::{LAST_RANK, MOST_WORDS, keys};
