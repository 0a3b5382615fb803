//! A trained classifier judged on any labelled reviews, those that it has learnt from left out.

use recurrent_data::reviews::{Dataset, Encoded};
use serde::{Deserialize, Serialize};

use crate::classifier::Classifier;
use crate::judge::Metrics;
use crate::parts::{Parting, PartsFault, Reviews};
use crate::truth::Truth;

/// How good a classifier is on a data set.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Evaluation {
    /// Which of its reviews were judged on.
    pub scope: Scope,
    /// The figures.
    pub metrics: Metrics,
}

/// The reviews of a data set that are judged on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Scope {
    /// Those kept apart to judge on.
    Test,
    /// All of them: another table than the one learnt from, which has no parts.
    Whole,
}

impl Classifier {
    /// Judges the classifier on a data set of its own words, as [`Dataset::with_vocabulary`] makes it of
    /// [`vocabulary`](Self::vocabulary): by the test part; as a whole where there is none; of the table that it was trained on,
    /// which it knows by the checksum, by what was held out then.
    ///
    /// # Errors
    /// The table that it was trained on cannot be parted as it was.
    ///
    /// # Panics
    /// There is no review.
    pub fn evaluate(&self, data: Dataset) -> Result<Evaluation, PartsFault> {
        let settings = self.settings();
        if !data.test.is_empty() {
            return Ok(self.of_all(Scope::Test, &data.test));
        }
        if settings.data_sha256.as_ref() != Some(&data.sha256) {
            return Ok(self.of_all(Scope::Whole, &data.train));
        }
        let parting = Parting { test_fraction: settings.test_fraction, validation_fraction: 0.0, seed: 0 };
        let reviews = Reviews::new(data, settings.coding, parting)?;
        let test = reviews.judge();
        let scores = self.scorer().scores(&test.reviews());
        let metrics = Metrics::of(&scores, &test.truth(), &settings.classes, &self.scorer().thresholds);
        Ok(Evaluation { scope: Scope::Test, metrics })
    }

    fn of_all(&self, scope: Scope, part: &Encoded) -> Evaluation {
        let indices = self.settings().coding.encode_all(part.ranks());
        let reviews: Vec<&[u32]> = indices.iter().collect();
        let scores = self.scorer().scores(&reviews);
        let (names, all): (_, Vec<usize>) = (&self.settings().classes, (0..part.len()).collect());
        let truth = Truth::of(part.labels(), part.sets(), &all, names);
        Evaluation { scope, metrics: Metrics::of(&scores, &truth, names, &self.scorer().thresholds) }
    }
}
