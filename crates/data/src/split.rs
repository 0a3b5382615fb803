//! Splits samples that are in time order into training, validation and test parts, by position.
//!
//! Nothing is shuffled: every sample to learn from is older than every sample to judge by.

use std::ops::Range;

use serde::{Deserialize, Serialize};

/// How much of the samples each part takes. The default is the first 70% for training, the rest for the
/// test and no validation part.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Fractions {
    /// The part of all samples, from the first on, that is not the test part; above 0 and below 1.
    pub train: f64,
    /// The part of those, the last of them, that is held out for validation; at least 0 and below 1.
    pub validation: f64,
}

impl Default for Fractions {
    fn default() -> Self {
        Self { train: 0.7, validation: 0.0 }
    }
}

/// Positions of the samples of each part: `train`, then `validation`, then `test`, without a gap.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Split {
    /// The samples to learn from; never empty.
    pub train: Range<usize>,
    /// The samples to choose by; empty where no validation part was asked for.
    pub validation: Range<usize>,
    /// The samples to judge by; never empty.
    pub test: Range<usize>,
}

impl Split {
    /// Splits `samples` samples in time order. Both parts are rounded down.
    ///
    /// ```
    /// use recurrent_data::{Fractions, Split};
    ///
    /// let split = Split::by_position(4266, Fractions::default())?;
    /// assert_eq!((split.train.len(), split.test.len()), (2986, 1280));
    ///
    /// let split = Split::by_position(4266, Fractions { train: 0.7, validation: 0.15 })?;
    /// assert_eq!((split.train, split.validation, split.test), (0..2539, 2539..2986, 2986..4266));
    /// # Ok::<(), recurrent_data::SplitError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// When a fraction is outside its bounds, or a part that was asked for would hold no sample.
    pub fn by_position(samples: usize, fractions: Fractions) -> Result<Self, SplitError> {
        let Fractions { train, validation } = fractions;
        if !(train > 0.0 && train < 1.0) {
            return Err(SplitError::Train(train));
        }
        if !(0.0..1.0).contains(&validation) {
            return Err(SplitError::Validation(validation));
        }
        let test_start = part(samples, train);
        let held_out = part(test_start, validation);
        let train_end = test_start - held_out;
        let empty = |name| Err(SplitError::Empty { part: name, samples, train, validation });
        if train_end == 0 {
            return empty("training");
        }
        if validation > 0.0 && held_out == 0 {
            return empty("validation");
        }
        if test_start == samples {
            return empty("test");
        }
        Ok(Self { train: 0..train_end, validation: train_end..test_start, test: test_start..samples })
    }
}

/// `fraction` of `count`, rounded down. The small factor undoes the rounding of the product: 0.29 × 100 is
/// 28.999999999999996 in `f64`, and 29 is meant.
pub(crate) fn part(count: usize, fraction: f64) -> usize {
    let product = count as f64 * fraction * (1.0 + 4.0 * f64::EPSILON);
    (product.floor() as usize).min(count)
}

/// Why samples cannot be split.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum SplitError {
    /// The training fraction is outside its bounds.
    #[error("a training fraction of {0} cannot be used; choose one above 0 and below 1, such as 0.7")]
    Train(f64),
    /// The validation fraction is outside its bounds.
    #[error("a validation fraction of {0} cannot be used; choose one from 0 to below 1, such as 0.15")]
    Validation(f64),
    /// A part that was asked for holds no sample.
    #[error(
        "a training fraction of {train} and a validation fraction of {validation} leave none of the samples, \
         {samples} in all, for the {part} part; use more rows or other fractions"
    )]
    Empty {
        /// The part without samples.
        part: &'static str,
        /// The number of all samples.
        samples: usize,
        /// The training fraction asked for.
        train: f64,
        /// The validation fraction asked for.
        validation: f64,
    },
}
