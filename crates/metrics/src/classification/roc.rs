//! The receiver operating characteristic: which share of positive samples is found at which share of false alarms.

use serde::{Deserialize, Serialize};

/// The curve and the area under it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Roc {
    /// Shares of negative and of positive samples above each threshold, from none to all.
    pub points: Vec<(f64, f64)>,
    /// The area under the curve: the probability that a positive sample has a higher score than a negative one, where equal
    /// scores count half.
    pub auc: f64,
}

/// The curve of some scores, which may be any numbers that rise with the probability of being positive; `None` where one class
/// is absent.
///
/// ```
/// use recurrent_metrics::classification::roc;
///
/// let curve = roc(&[0.9, 0.2, 0.6], &[true, false, false]).unwrap();
/// assert_eq!(curve.points, [(0.0, 0.0), (0.0, 1.0), (0.5, 1.0), (1.0, 1.0)]);
/// assert_eq!(curve.auc, 1.0);
/// ```
///
/// # Panics
/// There are not as many labels as scores.
pub fn roc(scores: &[f32], labels: &[bool]) -> Option<Roc> {
    assert_eq!(scores.len(), labels.len(), "one label a score");
    let positive = labels.iter().filter(|label| **label).count();
    let negative = labels.len() - positive;
    if positive == 0 || negative == 0 {
        return None;
    }
    let mut order: Vec<usize> = (0..scores.len()).collect();
    order.sort_unstable_by(|a, b| scores[*b].total_cmp(&scores[*a]));
    let (mut points, mut auc) = (vec![(0.0, 0.0)], 0.0);
    let mut found = [0, 0];
    // Equal scores are one step of the curve, whose slope counts half of it.
    for equal in order.chunk_by(|a, b| scores[*a] == scores[*b]) {
        let before = found;
        equal.iter().for_each(|place| found[usize::from(labels[*place])] += 1);
        auc += (found[0] - before[0]) as f64 * (found[1] + before[1]) as f64 / 2.0;
        points.push((found[0] as f64 / negative as f64, found[1] as f64 / positive as f64));
    }
    Some(Roc { points, auc: auc / (positive as f64 * negative as f64) })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn perfect_useless_and_reversed_scores() {
        let labels = [false, true, false, true];
        let auc = |scores: &[f32]| roc(scores, &labels).unwrap().auc;
        assert_eq!(auc(&[0.1, 0.9, 0.2, 0.8]), 1.0);
        assert_eq!(auc(&[0.5; 4]), 0.5);
        assert_eq!(auc(&[0.9, 0.1, 0.8, 0.2]), 0.0);
    }

    proptest! {
        #[test]
        fn the_area_counts_pairs(samples in prop::collection::vec((0..6i8, any::<bool>()), 2..40)) {
            let scores: Vec<f32> = samples.iter().map(|(score, _)| f32::from(*score)).collect();
            let labels: Vec<bool> = samples.iter().map(|(_, label)| *label).collect();
            let of = |label| scores.iter().zip(&labels).filter(move |(_, of)| **of == label).map(|(score, _)| *score);
            let pairs: Vec<f64> = of(true)
                .flat_map(|positive| of(false).map(move |negative| match positive.total_cmp(&negative) {
                    std::cmp::Ordering::Greater => 1.0,
                    std::cmp::Ordering::Equal => 0.5,
                    std::cmp::Ordering::Less => 0.0,
                }))
                .collect();
            match roc(&scores, &labels) {
                None => prop_assert!(pairs.is_empty()),
                Some(roc) => {
                    prop_assert!((roc.auc - pairs.iter().sum::<f64>() / pairs.len() as f64).abs() < 1e-12);
                    prop_assert_eq!(roc.points.last(), Some(&(1.0, 1.0)));
                    prop_assert!(roc.points.is_sorted());
                }
            }
        }
    }
}
