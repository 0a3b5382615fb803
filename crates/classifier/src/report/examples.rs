//! Some test reviews with what each word did to their score: the surest right answer for each class or label, and the surest error.

use recurrent_data::reviews::{ClassNames, Label};

use crate::judge::Judged;
use crate::outputs::Outputs;
use crate::parts::Reviews;
use crate::scorer::Scorer;
use crate::thresholds;
use crate::truth::Truth;

/// A review whose words are shaded.
#[derive(Clone, Debug, PartialEq)]
pub struct Example {
    caption: String,
    /// Its words and the blanks after them, and the effect of each as a part of the largest.
    pub pieces: Vec<(String, f64)>,
}

/// Words of the longest review that is shown: a page is to be read.
const LONGEST: usize = 90;
/// Classes of which a review is shown.
const MOST_CLASSES: usize = 8;

impl Example {
    /// What is said of it: what is true of it, and the probability that its words are shaded for.
    pub fn caption(&self) -> &str {
        &self.caption
    }
}

/// Chooses test reviews by the model's scores of them, short ones of which all words are read.
pub fn examples(scorer: &Scorer, reviews: &Reviews, judged: &Judged) -> Vec<Example> {
    let (test, outputs, names) = (reviews.judge(), judged.outputs, &reviews.data.classes);
    let (words, indices) = (test.words(), test.reviews());
    let longest = LONGEST.min(scorer.network.reading().length - 1);
    let answers = Answers {
        scores: judged.scores.chunks(outputs.width()).collect(),
        outputs,
        thresholds: &scorer.thresholds,
        truth: &judged.truth,
    };
    let chosen = answers.surest(names.len(), |place| words[place].len() <= longest);
    let example = |(place, label): (usize, Label)| {
        let (_, effects) = scorer.effects(indices[place], |_| vec![label]).remove(0);
        let largest = effects.iter().fold(f32::MIN_POSITIVE, |most, effect| most.max(effect.abs()));
        let shown = words[place].iter().zip(&effects[1..]).flat_map(|(rank, effect)| {
            let word = reviews.data.vocabulary.word(*rank).unwrap_or("…");
            [(word.to_owned(), f64::from(effect / largest)), (" ".to_owned(), 0.0)]
        });
        Example { caption: answers.caption(place, label, names), pieces: shown.collect() }
    };
    chosen.into_iter().map(example).collect()
}

/// What a model says of reviews, and what is true of them.
struct Answers<'a> {
    scores: Vec<&'a [f32]>,
    outputs: Outputs,
    thresholds: &'a [f32],
    truth: &'a Truth,
}

impl Answers<'_> {
    /// The review with the surest right answer for each of the last classes or labels, and the one with the surest error, each with
    /// the class or label that the answer is about; `is_shown` says which reviews may be taken.
    fn surest(&self, classes: usize, is_shown: impl Fn(usize) -> bool) -> Vec<(usize, Label)> {
        let places: Vec<usize> = (0..self.scores.len()).filter(|place| is_shown(*place)).collect();
        let labels = || (0..classes).rev().map(Label::new);
        let all = places.iter().flat_map(|place| labels().map(|label| (*place, label)));
        let surest = |answers: &mut dyn Iterator<Item = (usize, Label)>| {
            answers.max_by(|a, b| self.sureness(a.0, a.1).total_cmp(&self.sureness(b.0, b.1)))
        };
        let right = |label: Label| {
            let of = places.iter().map(|place| (*place, label));
            surest(&mut of.filter(|(place, _)| self.says(*place, label) && self.is(*place, label)))
        };
        let wrong = surest(&mut all.filter(|(place, label)| self.is_error(*place, *label)));
        labels().take(MOST_CLASSES).map(right).chain([wrong]).flatten().collect()
    }

    /// Whether a class or label is said of a review.
    fn says(&self, place: usize, label: Label) -> bool {
        match self.outputs {
            Outputs::Labels(_) => thresholds::said(self.scores[place], self.thresholds)[label.class()],
            Outputs::Two | Outputs::Classes(_) => self.outputs.said(self.scores[place]) == label,
        }
    }

    /// Whether it is true of it.
    fn is(&self, place: usize, label: Label) -> bool {
        match self.truth {
            Truth::Class(labels) => labels[place] == label,
            Truth::Labels(table) => table.has[place * table.labels + label.class()],
        }
    }

    /// Whether what is said is wrong: a class that it is not of, or a label that it lacks, or has and is not told to have.
    fn is_error(&self, place: usize, label: Label) -> bool {
        let (says, is) = (self.says(place, label), self.is(place, label));
        says && !is || is && !says && matches!(self.outputs, Outputs::Labels(_))
    }

    /// How sure the model is of its answer about a class or label: how far the logit is from where the answer would be another one; of
    /// several classes, the logit of the one that is said.
    fn sureness(&self, place: usize, label: Label) -> f32 {
        let logit = self.outputs.logit(self.scores[place], label);
        match self.outputs {
            Outputs::Two => logit.abs(),
            Outputs::Classes(_) => logit,
            Outputs::Labels(_) => (logit - self.thresholds[label.class()]).abs(),
        }
    }

    fn caption(&self, place: usize, label: Label, names: &ClassNames) -> String {
        let label = if self.outputs.is_binary() { Label::POSITIVE } else { label };
        let (class, probability) =
            (names.name(label), self.outputs.probabilities(self.scores[place])[label.class()]);
        let own: Vec<&str> = (0..names.len())
            .map(Label::new)
            .filter(|label| self.is(place, *label))
            .map(|label| names.name(label))
            .collect();
        match own.join(", ") {
            own if names.numbers().is_some() => {
                format!("review of {own} stars, probability of {class} stars {probability:.4}")
            }
            own if !names.are_labels() => {
                format!("{own} review, probability of being {class} {probability:.4}")
            }
            own if own.is_empty() => {
                format!("review without a label, probability of {class} {probability:.4}")
            }
            own => format!("review with {own}; probability of {class} {probability:.4}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::truth::LabelTable;

    /// What is chosen, as places and classes, with the captions.
    fn chosen(scores: &[f32], thresholds: &[f32], truth: &Truth, names: &ClassNames) -> Vec<(usize, String)> {
        let outputs = Outputs::of(names);
        let answers =
            Answers { scores: scores.chunks(outputs.width()).collect(), outputs, thresholds, truth };
        let chosen = answers.surest(names.len(), |place| place < 6);
        chosen.into_iter().map(|(place, label)| (place, answers.caption(place, label, names))).collect()
    }

    #[test]
    fn of_two_classes_the_furthest_from_one_half_are_the_surest() {
        let labels = [1, 1, 0, 0, 1, 0, 1].map(Label::new).to_vec();
        let scores = [0.5, 2.0, -1.0, -3.0, -0.2, 0.7, 9.0];
        let found = chosen(&scores, &[], &Truth::Class(labels), &ClassNames::new(["ham", "spam"]));
        let expected = [
            (1, "spam review, probability of being spam 0.8808"),
            (3, "ham review, probability of being spam 0.0474"),
            (5, "ham review, probability of being spam 0.6682"),
        ];
        assert_eq!(found, expected.map(|(place, caption)| (place, caption.to_owned())));
    }

    /// The likeliest of several classes may have less than half of the probability, so that its logit is below 0.
    #[test]
    fn of_several_classes_the_likeliest_are_the_surest() {
        let labels = [0, 0, 1, 1, 2].map(Label::new).to_vec();
        // 0 with four tenths, surely 0, surely 1, hardly 1, and 1 where it is 2.
        let scores = [0.3, 0.0, 0.0, 9.0, 0.0, 0.0, 0.0, 5.0, 0.0, 0.0, 0.1, 0.0, 0.0, 0.2, 0.1];
        let found = chosen(&scores, &[], &Truth::Class(labels), &ClassNames::steps(["1", "3", "5"]));
        let expected = [
            (2, "review of 3 stars, probability of 3 stars 0.9867"),
            (1, "review of 1 stars, probability of 1 stars 0.9998"),
            (4, "review of 5 stars, probability of 3 stars 0.3672"),
        ];
        assert_eq!(found, expected.map(|(place, caption)| (place, caption.to_owned())));
    }

    /// A label is said above its own threshold, from which it is sure or not: one that is missed is an error too.
    #[test]
    fn of_labels_the_furthest_from_their_thresholds_are_the_surest() {
        let names = ClassNames::labels(["war", "love"]);
        let has = [true, false, true, false, true, true, false, false, false, true].to_vec();
        let truth = Truth::Labels(LabelTable { has, labels: 2 });
        // War is said above -4, love above 1.
        let scores = [-3.9, -2.0, 0.5, 0.0, 0.1, 2.0, -5.0, 1.5, -8.0, -3.0];
        let found = chosen(&scores, &[-4.0, 1.0], &truth, &names);
        let expected = [
            (2, "review with war, love; probability of love 0.8808"),
            (1, "review with war; probability of war 0.6225"),
            (4, "review with love; probability of love 0.0474"),
        ];
        assert_eq!(found, expected.map(|(place, caption)| (place, caption.to_owned())));
        let none = chosen(
            &[5.0, 3.0],
            &[-4.0, 1.0],
            &Truth::Labels(LabelTable { has: vec![false; 2], labels: 2 }),
            &names,
        );
        assert_eq!(none, [(0, "review without a label, probability of war 0.9933".to_owned())]);
    }
}
