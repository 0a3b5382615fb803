//! Some test reviews with what each word did to their score: the surest of each class, and the surest error.

use recurrent_data::reviews::Label;

use crate::judge::Judged;
use crate::parts::Reviews;
use crate::scorer::Scorer;

/// A review whose words are shaded.
#[derive(Clone, Debug, PartialEq)]
pub struct Example {
    label: String,
    /// What the probability is of, and how large it is.
    probability: (String, f64),
    /// Its words and the blanks after them, and the effect of each as a part of the largest.
    pub pieces: Vec<(String, f64)>,
}

/// Words of the longest review that is shown: a page is to be read.
const LONGEST: usize = 90;
/// Classes of which a review is shown.
const MOST_CLASSES: usize = 8;

impl Example {
    /// What is said of it.
    pub fn caption(&self) -> String {
        let (class, probability) = &self.probability;
        format!("{} review, probability of being {class} {probability:.4}", self.label)
    }
}

/// Chooses test reviews by the model's scores of them, short ones of which all words are read.
pub fn examples(scorer: &Scorer, reviews: &Reviews, judged: &Judged) -> Vec<Example> {
    let (test, outputs, names) = (reviews.judge(), judged.outputs, &reviews.data.classes);
    let scores: Vec<&[f32]> = judged.scores.chunks(outputs.width()).collect();
    let (words, indices, labels) = (test.words(), test.reviews(), test.labels());
    let longest = LONGEST.min(scorer.network.reading().length - 1);
    let said: Vec<Label> = scores.iter().map(|scores| outputs.said(scores)).collect();
    let sure = |place: usize| outputs.logit(scores[place], said[place]).abs();
    let surest = |is_shown: &dyn Fn(usize) -> bool| {
        let places = (0..scores.len()).filter(|place| words[*place].len() <= longest && is_shown(*place));
        places.max_by(|a, b| sure(*a).total_cmp(&sure(*b)))
    };
    let right = |label: Label| surest(&|place| labels[place] == label && said[place] == label);
    let wrong = surest(&|place| labels[place] != said[place]);
    let rights = (0..names.len()).rev().take(MOST_CLASSES).map(|class| right(Label::new(class)));
    let chosen: Vec<Option<usize>> = rights.chain([wrong]).collect();
    let example = |place: usize| {
        let effects = scorer.index_effects(indices[place]);
        let largest = effects.iter().fold(f32::MIN_POSITIVE, |most, effect| most.max(effect.abs()));
        let shown = words[place].iter().zip(&effects[1..]).flat_map(|(rank, effect)| {
            let word = reviews.data.vocabulary.word(*rank).unwrap_or("…");
            [(word.to_owned(), f64::from(effect / largest)), (" ".to_owned(), 0.0)]
        });
        let class = if outputs.is_binary() { Label::POSITIVE } else { said[place] };
        let probability = outputs.probabilities(scores[place])[class.class()];
        let label = names.name(labels[place]).to_owned();
        Example { label, probability: (names.name(class).to_owned(), probability), pieces: shown.collect() }
    };
    chosen.into_iter().flatten().map(example).collect()
}
