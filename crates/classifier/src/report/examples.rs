//! Some test reviews with what each word did to their score: the surest of each class, and the surest error.

use recurrent_data::reviews::Label;

use crate::judge::Judged;
use crate::parts::Reviews;
use crate::scorer::Scorer;
use crate::truth::Truth;

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
    let (words, indices) = (test.words(), test.reviews());
    let longest = LONGEST.min(scorer.network.reading().length - 1);
    let said: Vec<Vec<Label>> = scores.iter().map(|scores| scorer.said(scores)).collect();
    let is = |place: usize, label: Label| match &judged.truth {
        Truth::Class(labels) => labels[place] == label,
        Truth::Labels(table) => table.has[place * table.labels + label.class()],
    };
    let is_right = |place: usize, label: Label| said[place].contains(&label) && is(place, label);
    // Of two classes the logit is that of the second, whichever is said.
    let sure = |place: usize, label: Label| outputs.logit(scores[place], label).abs();
    let surest = |shown: &dyn Fn(usize) -> Option<Label>| -> Option<(usize, Label)> {
        let places = (0..scores.len()).filter(|place| words[*place].len() <= longest);
        let shown = places.filter_map(|place| Some((place, shown(place)?)));
        shown.max_by(|a, b| sure(a.0, a.1).total_cmp(&sure(b.0, b.1)))
    };
    let right = |label: Label| surest(&|place| is_right(place, label).then_some(label));
    let wrong = surest(&|place| said[place].iter().find(|label| !is(place, **label)).copied());
    let rights = (0..names.len()).rev().take(MOST_CLASSES).map(|class| right(Label::new(class)));
    let chosen: Vec<Option<(usize, Label)>> = rights.chain([wrong]).collect();
    let example = |(place, label): (usize, Label)| {
        let (_, effects) = scorer.effects(indices[place], |_| vec![label]).remove(0);
        let largest = effects.iter().fold(f32::MIN_POSITIVE, |most, effect| most.max(effect.abs()));
        let shown = words[place].iter().zip(&effects[1..]).flat_map(|(rank, effect)| {
            let word = reviews.data.vocabulary.word(*rank).unwrap_or("…");
            [(word.to_owned(), f64::from(effect / largest)), (" ".to_owned(), 0.0)]
        });
        let class = if outputs.is_binary() { Label::POSITIVE } else { label };
        let probability = outputs.probabilities(scores[place])[class.class()];
        let own: Vec<&str> = (0..names.len())
            .map(Label::new)
            .filter(|label| is(place, *label))
            .map(|label| names.name(label))
            .collect();
        let label = if own.is_empty() { "no label".to_owned() } else { own.join(", ") };
        Example { label, probability: (names.name(class).to_owned(), probability), pieces: shown.collect() }
    };
    chosen.into_iter().flatten().map(example).collect()
}
