//! The linear classifiers fitted to what the network learnt from, and weighed against it on what was held out.

use recurrent_data::reviews::{Coding, Rank};
use recurrent_linear::{
    ConditionalLogit, FitError, HashedNgrams, LogisticRegression, NbSvm, NbSvmSpec, OneVsRest,
};

use super::{Stacking, linear_scores, ranks};
use crate::outputs::{Outputs, classes, positive};
use crate::parts::Part;
use crate::truth::Truth;

/// Bits of a place of n-grams: there are four times as many places as n-grams in 25,000 reviews that occur twice, so that few
/// share one.
pub(super) const BITS: u32 = 22;
/// All places of several classes together: a file of half a gigabyte is the largest.
const MOST_BITS: u32 = 27;
/// N-grams of fewer reviews are left out: they are most of all, and know only the review that they are from.
const LEAST_REVIEWS: u32 = 2;
/// What the squares of the coefficients cost: without it those of classes that can be told apart would grow without end.
const PENALTY: f64 = 1.0;

impl Stacking {
    /// Fits the linear classifier to the reviews that the network learnt from, and the coefficients to those that were held out, of
    /// which the network's scores are given: of two classes by logistic regression; of several by the conditional logit, which has a
    /// weight for the network, one for NB-SVM and a constant for each class, so that a few hundred reviews held out are enough; of
    /// labels by a logistic regression each.
    ///
    /// # Errors
    /// A score of the network is not finite.
    ///
    /// # Panics
    /// There are not as many scores as reviews held out have.
    pub fn fit(
        learn: &Part<'_>,
        held_out: &Part<'_>,
        network: &[f32],
        outputs: Outputs,
        coding: Coding,
    ) -> Result<Self, FitError> {
        let texts = ranks(&learn.reviews(), coding);
        let texts: Vec<&[Rank]> = texts.iter().map(Vec::as_slice).collect();
        let spec = of_several();
        let linear = if outputs.is_binary() {
            vec![HashedNgrams::new(&NbSvm::fit(&texts, &learn.positive(), spec), BITS)]
        } else {
            let fitted = match learn.truth() {
                Truth::Class(labels) => OneVsRest::fit(&texts, &classes(&labels), outputs.width(), spec),
                Truth::Labels(table) => OneVsRest::fit_labels(&texts, table.columns(), of_rare()),
            };
            let bits = bits(fitted.features(), outputs.width());
            fitted.classes().iter().map(|class| HashedNgrams::new(class, bits)).collect()
        };
        let of_linear = linear_scores(&linear, &held_out.reviews(), coding);
        let pairs: Vec<[f64; 2]> =
            network.iter().zip(of_linear).map(|(own, linear)| [f64::from(*own), f64::from(linear)]).collect();
        let width = outputs.width();
        let coefficients = match held_out.truth() {
            Truth::Class(labels) if outputs.is_binary() => {
                let fitted = LogisticRegression::fit(pairs, &positive(&labels), PENALTY)?;
                vec![coefficients(fitted.weights(), fitted.intercept())]
            }
            Truth::Class(labels) => {
                let rows = pairs.chunks(width).map(<[[f64; 2]]>::as_flattened);
                let fitted = ConditionalLogit::fit(rows, &classes(&labels), width, PENALTY)?;
                fitted.constants().iter().map(|constant| coefficients(fitted.weights(), *constant)).collect()
            }
            Truth::Labels(table) => {
                let of_label = |(label, has): (usize, Vec<bool>)| {
                    let pairs: Vec<[f64; 2]> = pairs.iter().skip(label).step_by(width).copied().collect();
                    of_label(&pairs, &has)
                };
                table.columns().enumerate().map(of_label).collect::<Result<_, _>>()?
            }
        };
        Ok(Self { coding, linear, coefficients })
    }
}

/// The NB-SVM of one class among several: n-grams of a single review, which know only that review, are left out.
pub(crate) fn of_several() -> NbSvmSpec {
    NbSvmSpec { least_texts: LEAST_REVIEWS, ..NbSvmSpec::default() }
}

/// The NB-SVM of a label that few texts have, or of a threshold that few are beyond: the mean of all weights, which is naive Bayes,
/// would take having a label for as frequent as not having it.
pub(crate) fn of_rare() -> NbSvmSpec {
    NbSvmSpec { interpolation: 1.0, ..of_several() }
}

/// The coefficients of a label, of the pairs of scores that texts have for it. Where none held out has the label, or all have, nothing
/// is to be learnt of them, and the network's score stays as it is.
fn of_label(pairs: &[[f64; 2]], has: &[bool]) -> Result<[f32; 3], FitError> {
    if has.iter().all(|has| *has) || !has.contains(&true) {
        return Ok([1.0, 0.0, 0.0]);
    }
    let fitted = LogisticRegression::fit(pairs, has, PENALTY)?;
    Ok(coefficients(fitted.weights(), fitted.intercept()))
}

fn coefficients(weights: &[f64], constant: f64) -> [f32; 3] {
    [weights[0], weights[1], constant].map(|number| number as f32)
}

/// Bits of a place of n-grams for several classes: four places or more an n-gram, as far as all classes together allow.
fn bits(ngrams: usize, classes: usize) -> u32 {
    let most = MOST_BITS - classes.next_power_of_two().trailing_zeros();
    (4 * ngrams).next_power_of_two().trailing_zeros().clamp(1, BITS.min(most))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_four_times_the_n_grams_and_bounded() {
        assert_eq!((bits(1000, 3), bits(0, 3), bits(1_000_000, 8)), (12, 1, 22));
        assert_eq!((bits(9_000_000, 8), bits(9_000_000, 1000)), (22, 17));
    }
}
