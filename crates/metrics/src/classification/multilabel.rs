//! How good answers are where a sample may have any number of labels.
//!
//! Each label is a question of its own, answered yes or no. The definitions are those of scikit-learn.

use rand::RngExt;
use recurrent_seed::Seed;

use super::confusion::Confusion;

/// The answers to all questions about some samples, and what is true.
///
/// ```
/// use recurrent_metrics::classification::LabelAnswers;
///
/// // Two samples and three labels: the first sample's answers, then the second's.
/// let said = [true, false, false, true, true, false];
/// let truth = [true, false, true, true, true, false];
/// let answers = LabelAnswers::new(&said, &truth, 3);
/// assert_eq!(answers.exact(), 0.5);
/// assert_eq!(answers.micro_f1(), 6.0 / 7.0);
/// assert_eq!(answers.macro_f1(), 2.0 / 3.0);
/// ```
#[derive(Clone, Copy, Debug)]
pub struct LabelAnswers<'a> {
    said: &'a [bool],
    truth: &'a [bool],
    labels: usize,
}

impl<'a> LabelAnswers<'a> {
    /// Answers and what is true, `[samples, labels]`.
    ///
    /// # Panics
    /// There is no sample, or they are not both whole rows of `labels` answers.
    pub fn new(said: &'a [bool], truth: &'a [bool], labels: usize) -> Self {
        assert!(
            labels > 0 && !said.is_empty() && said.len().is_multiple_of(labels),
            "rows of {labels} answers"
        );
        assert_eq!(said.len(), truth.len(), "one truth an answer");
        Self { said, truth, labels }
    }

    /// How often each label was said of what has it and of what has not.
    pub fn confusions(&self) -> Vec<Confusion> {
        let mut confusions = vec![Confusion::default(); self.labels];
        for (place, (said, is)) in self.said.iter().zip(self.truth).enumerate() {
            confusions[place % self.labels].add(*said, *is);
        }
        confusions
    }

    /// The share of samples of which all labels were said and no other: the subset accuracy.
    pub fn exact(&self) -> f64 {
        let exact = self.exactly().into_iter().filter(|exact| *exact).count();
        exact as f64 * self.labels as f64 / self.said.len() as f64
    }

    /// Whether of each sample all labels were said and no other.
    pub fn exactly(&self) -> Vec<bool> {
        self.rows().map(|(said, truth)| said == truth).collect()
    }

    /// The mean F1 of the labels; 0 of a label that no sample has and that was never said.
    pub fn macro_f1(&self) -> f64 {
        let sum: f64 = self.confusions().iter().map(|label| label.f1().unwrap_or_default()).sum();
        sum / self.labels as f64
    }

    /// The F1 of all answers together; 0 where no sample has a label and none was said.
    pub fn micro_f1(&self) -> f64 {
        let counts = self.rows().map(|(said, truth)| Counts::of(said, truth));
        counts.fold(Counts::default(), Counts::and).f1()
    }

    /// How likely a difference in micro F1 of at least the size of that to `other`, which answers the same samples, is between two
    /// that are equally good: the share of `rounds` in which it is as large where the answers of both to a sample are exchanged or
    /// not, by the toss of a coin (approximate randomisation; Noreen 1989, Yeh 2000). The round that they stand in counts too.
    ///
    /// # Panics
    /// The others are of other samples.
    pub fn randomisation_p_value(&self, other: &LabelAnswers<'_>, rounds: usize, seed: Seed) -> f64 {
        assert_eq!(self.truth, other.truth, "the same samples");
        let counts = |answers: &LabelAnswers<'_>| -> Vec<Counts> {
            answers.rows().map(|(said, truth)| Counts::of(said, truth)).collect()
        };
        let mut pairs: Vec<(Counts, Counts)> = counts(self).into_iter().zip(counts(other)).collect();
        let sum = |counts: &mut dyn Iterator<Item = Counts>| counts.fold(Counts::default(), Counts::and);
        let all = (sum(&mut pairs.iter().map(|pair| pair.0)), sum(&mut pairs.iter().map(|pair| pair.1)));
        let difference = (all.0.f1() - all.1.f1()).abs();
        // What both answer alike is the same whichever way round it stands.
        pairs.retain(|(one, other)| one != other);
        let fixed = |place: fn(&(Counts, Counts)) -> Counts, whole: Counts| {
            whole.less(sum(&mut pairs.iter().map(place)))
        };
        let fixed = (fixed(|pair| pair.0, all.0), fixed(|pair| pair.1, all.1));
        let as_large = |round: usize| {
            let mut random = seed.stream(&[round as u64]);
            let mut sums = fixed;
            for (one, other) in &pairs {
                let (one, other) = if random.random::<bool>() { (other, one) } else { (one, other) };
                sums = (sums.0.and(*one), sums.1.and(*other));
            }
            // Rounding must not make of an equal difference a smaller one.
            (sums.0.f1() - sums.1.f1()).abs() >= difference - 1e-12
        };
        let found = (0..rounds).filter(|round| as_large(*round)).count();
        (found + 1) as f64 / (rounds + 1) as f64
    }

    fn rows(&self) -> impl Iterator<Item = (&'a [bool], &'a [bool])> {
        self.said.chunks(self.labels).zip(self.truth.chunks(self.labels))
    }
}

/// Labels of a sample that were said rightly, and those that were said or are there.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Counts {
    right: usize,
    said_or_there: usize,
}

impl Counts {
    fn of(said: &[bool], truth: &[bool]) -> Self {
        let count = |answers: &[bool]| answers.iter().filter(|answer| **answer).count();
        let right = said.iter().zip(truth).filter(|(said, is)| **said && **is).count();
        Self { right, said_or_there: count(said) + count(truth) }
    }

    fn and(self, other: Self) -> Self {
        Self { right: self.right + other.right, said_or_there: self.said_or_there + other.said_or_there }
    }

    fn less(self, other: Self) -> Self {
        Self { right: self.right - other.right, said_or_there: self.said_or_there - other.said_or_there }
    }

    fn f1(self) -> f64 {
        if self.said_or_there == 0 { 0.0 } else { 2.0 * self.right as f64 / self.said_or_there as f64 }
    }
}

/// A threshold for scores above which a label is said, so that its F1 on the samples of these scores is the largest there is: halfway
/// between the scores that it stands between; of equally good ones the nearest to 0. `None` where fewer than `least` samples have the
/// label, on which a threshold would be chosen by chance.
///
/// It is said of at most twice as many samples as have it: F1 alone would have a label that the scores know nothing of said of all
/// (Lipton, Elkan and Naryanaswamy 2014).
///
/// ```
/// use recurrent_metrics::classification::best_threshold;
///
/// let (scores, labels) = ([-3.0, -2.0, -1.0, 0.5], [false, true, false, true]);
/// // Said of three, of which two have it, against one of two.
/// assert_eq!(best_threshold(&scores, &labels, 2), Some(-2.5));
/// assert_eq!(best_threshold(&scores, &labels, 3), None);
/// ```
///
/// # Panics
/// There are not as many labels as scores.
pub fn best_threshold(scores: &[f32], labels: &[bool], least: usize) -> Option<f32> {
    assert_eq!(scores.len(), labels.len(), "one label a score");
    let positive = labels.iter().filter(|label| **label).count();
    if positive < least.max(1) {
        return None;
    }
    let mut order: Vec<usize> = (0..scores.len()).collect();
    order.sort_unstable_by(|a, b| scores[*b].total_cmp(&scores[*a]));
    let (mut best, mut threshold) = (0.0, 0.0f32);
    let (mut said, mut right) = (0, 0);
    let groups: Vec<&[usize]> = order.chunk_by(|a, b| scores[*a] == scores[*b]).collect();
    for (place, equal) in groups.iter().enumerate() {
        said += equal.len();
        right += equal.iter().filter(|sample| labels[**sample]).count();
        if said > 2 * positive {
            break;
        }
        let f1 = 2.0 * right as f64 / (said + positive) as f64;
        let (here, next) = (scores[equal[0]], groups.get(place + 1).map(|next| scores[next[0]]));
        // A threshold may be anywhere between: at 0 where that is there.
        let between = match next {
            Some(next) if next <= 0.0 && here > 0.0 => 0.0,
            // Between neighbouring numbers there is none.
            Some(next) => Some(next + (here - next) / 2.0).filter(|middle| *middle < here).unwrap_or(next),
            None if here > 0.0 => 0.0,
            None => here - 1.0,
        };
        if f1 > best || (f1 == best && between.abs() < threshold.abs()) {
            (best, threshold) = (f1, between);
        }
    }
    (best > 0.0).then_some(threshold)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Three samples and three labels, the last of which no sample has.
    const SAID: [bool; 9] = [true, true, false, false, true, false, true, false, false];
    const TRUTH: [bool; 9] = [true, false, false, false, true, false, true, true, false];

    #[test]
    fn figures_are_those_counted_by_hand() {
        let answers = LabelAnswers::new(&SAID, &TRUTH, 3);
        let [first, second, third] = answers.confusions()[..] else { panic!("three labels") };
        assert_eq!((first.true_positive, first.true_negative), (2, 1));
        assert_eq!((second.true_positive, second.false_positive, second.false_negative), (1, 1, 1));
        assert_eq!((third.true_negative, third.f1()), (3, None));
        assert_eq!(answers.exactly(), [false, true, false]);
        assert!((answers.exact() - 1.0 / 3.0).abs() < 1e-12);
        // The first label 1, the second 2 / 4, the third 0; all together 2 * 3 / (4 + 4).
        assert!((answers.macro_f1() - 0.5).abs() < 1e-12 && (answers.micro_f1() - 0.75).abs() < 1e-12);
        let nothing = LabelAnswers::new(&[false; 2], &[false; 2], 2);
        assert_eq!((nothing.micro_f1(), nothing.exact()), (0.0, 1.0));
    }

    #[test]
    fn exchanged_answers_tell_chance_from_more() {
        let truth: Vec<bool> = (0..400).map(|i| i % 3 == 0).collect();
        let wrong_at = |share: usize| -> Vec<bool> {
            truth.iter().enumerate().map(|(i, is)| if i * 7 % 100 < share { !is } else { *is }).collect()
        };
        let (good, bad, right) = (wrong_at(5), wrong_at(30), truth.clone());
        let of = |said| LabelAnswers::new(said, &truth, 4);
        let p = |one, other| of(one).randomisation_p_value(&of(other), 999, Seed(1));
        assert_eq!(p(&good, &good), 1.0);
        assert!(p(&good, &bad) < 0.01, "{}", p(&good, &bad));
        assert!(p(&right, &right) == 1.0 && p(&good, &bad) == p(&bad, &good));
        // Of two samples that are told apart, each exchange but half of them is as good: 1 / 2 in the limit.
        let (one, none) = ([true, true, false], [false, false, false]);
        let found = LabelAnswers::new(&one, &[true, true, false], 1).randomisation_p_value(
            &LabelAnswers::new(&none, &[true, true, false], 1),
            4000,
            Seed(2),
        );
        assert!((found - 0.5).abs() < 0.03, "{found}");
    }

    proptest! {
        /// No other threshold is better, of all that stand between scores and say it of twice as many as have it or fewer.
        #[test]
        fn the_threshold_is_the_best_there_is(samples in proptest::collection::vec((-3i8..4, any::<bool>()), 1..30)) {
            let (scores, labels): (Vec<f32>, Vec<bool>) = samples.into_iter().map(|(score, label)| (f32::from(score) / 2.0, label)).unzip();
            let positive = labels.iter().filter(|label| **label).count();
            let f1 = |threshold: f32| {
                let said: Vec<bool> = scores.iter().map(|score| *score > threshold).collect();
                let is_allowed = said.iter().filter(|said| **said).count() <= 2 * positive;
                if is_allowed { LabelAnswers::new(&said, &labels, 1).micro_f1() } else { 0.0 }
            };
            match best_threshold(&scores, &labels, 1) {
                None => prop_assert!((-10..11).all(|other| f1(other as f32 / 4.0) == 0.0)),
                Some(found) => for other in -10..11 {
                    prop_assert!(f1(found) >= f1(other as f32 / 4.0), "{found} has {}, {other} has more", f1(found));
                }
            }
        }
    }
}
