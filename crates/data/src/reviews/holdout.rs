//! Holds a part of the training reviews out, to choose by.

use rand::seq::SliceRandom;
use rand_chacha::{ChaCha8Rng, rand_core::SeedableRng};

use super::{HoldoutFault, Label};
use crate::split::part;

/// Positions of reviews to learn from and of reviews to choose by. Both are sorted and not empty; each review is in one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Holdout {
    /// The reviews to learn from.
    pub train: Vec<usize>,
    /// The reviews to choose by.
    pub validation: Vec<usize>,
}

impl Holdout {
    /// Holds out `fraction` of each class, rounded down, chosen at random by `seed`.
    ///
    /// ```
    /// use recurrent_data::reviews::{Holdout, Label};
    ///
    /// let labels = [[Label::NEGATIVE; 60], [Label::POSITIVE; 60]].concat();
    /// let holdout = Holdout::stratified(&labels, 0.1, 7)?;
    /// assert_eq!((holdout.train.len(), holdout.validation.len()), (108, 12));
    /// assert_eq!(holdout.validation.iter().filter(|&&i| labels[i] == Label::POSITIVE).count(), 6);
    /// # Ok::<(), recurrent_data::reviews::HoldoutFault>(())
    /// ```
    ///
    /// # Errors
    ///
    /// When the fraction is not above 0 and below 1, there is no review, or a class would have none on one side.
    pub fn stratified(labels: &[Label], fraction: f64, seed: u64) -> Result<Self, HoldoutFault> {
        if !(fraction > 0.0 && fraction < 1.0) {
            return Err(HoldoutFault::Fraction(fraction));
        }
        if labels.is_empty() {
            return Err(HoldoutFault::NoReviews);
        }
        let mut random = ChaCha8Rng::seed_from_u64(seed);
        // Batches of the same seed have the streams from 0 on.
        random.set_stream(u64::MAX);
        let mut holdout = Self { train: Vec::new(), validation: Vec::new() };
        let classes = labels.iter().map(|label| label.class() + 1).max().unwrap_or(0);
        for label in (0..classes).map(Label::new) {
            let mut places: Vec<usize> = (0..labels.len()).filter(|&i| labels[i] == label).collect();
            let held_out = part(places.len(), fraction);
            if !places.is_empty() && (held_out == 0 || held_out == places.len()) {
                return Err(HoldoutFault::EmptySide { label, reviews: places.len(), fraction });
            }
            places.shuffle(&mut random);
            let (validation, train) = places.split_at(held_out);
            holdout.validation.extend(validation);
            holdout.train.extend(train);
        }
        holdout.train.sort_unstable();
        holdout.validation.sort_unstable();
        Ok(holdout)
    }
}
