//! Some test reviews with what each word did to their score: the surest of each class, and the surest error.

use recurrent_data::reviews::Label;
use recurrent_metrics::classification::logistic;

use crate::judge::Judged;
use crate::parts::Reviews;
use crate::scorer::Scorer;

/// A review whose words are shaded.
#[derive(Clone, Debug, PartialEq)]
pub struct Example {
    label: Label,
    score: f32,
    /// Its words and the blanks after them, and the effect of each as a part of the largest.
    pub pieces: Vec<(String, f64)>,
}

/// Words of the longest review that is shown: a page is to be read.
const LONGEST: usize = 90;

impl Example {
    /// What is said of it.
    pub fn caption(&self) -> String {
        format!("{} review, probability of being positive {:.4}", self.label, logistic(self.score))
    }
}

/// Chooses test reviews by the model's scores of them, short ones of which all words are read.
pub fn examples(scorer: &Scorer, reviews: &Reviews, judged: &Judged) -> Vec<Example> {
    let (test, scores) = (reviews.judge(), &judged.scores);
    let (words, indices, labels) = (test.words(), test.reviews(), test.labels());
    let longest = LONGEST.min(scorer.network.reading().length - 1);
    let said = |place: usize| if scores[place] > 0.0 { Label::Positive } else { Label::Negative };
    let surest = |is_shown: &dyn Fn(usize) -> bool| {
        let places = (0..scores.len()).filter(|place| words[*place].len() <= longest && is_shown(*place));
        places.max_by(|a, b| scores[*a].abs().total_cmp(&scores[*b].abs()))
    };
    let right = |label: Label| surest(&|place| labels[place] == label && said(place) == label);
    let wrong = surest(&|place| labels[place] != said(place));
    let chosen = [right(Label::Positive), right(Label::Negative), wrong];
    let example = |place: usize| {
        let effects = scorer.index_effects(indices[place]);
        let largest = effects.iter().fold(f32::MIN_POSITIVE, |most, effect| most.max(effect.abs()));
        let shown = words[place].iter().zip(&effects[1..]).flat_map(|(rank, effect)| {
            let word = reviews.data.vocabulary.word(*rank).unwrap_or("…");
            [(word.to_owned(), f64::from(effect / largest)), (" ".to_owned(), 0.0)]
        });
        Example { label: labels[place], score: scores[place], pieces: shown.collect() }
    };
    chosen.into_iter().flatten().map(example).collect()
}
