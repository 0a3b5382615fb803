//! Stacking (Wolpert 1992): the score of a text is that of the network and that of a linear classifier on word n-grams, weighed
//! by how much each was worth on reviews that neither has learnt from. The two err in different places (Mesnil et al. 2014): one
//! reads order over any distance, the other knows every rare phrase.

mod file;
mod fit;
mod nodes;

use rayon::prelude::*;
use recurrent_data::reviews::{Coding, Rank};
use recurrent_linear::HashedNgrams;

pub(crate) use fit::{of_rare, of_several};

/// What makes one score of two, for each score of a text.
#[derive(Clone, Debug, PartialEq)]
pub struct Stacking {
    coding: Coding,
    /// NB-SVM by the hashes of its n-grams, so that a file holds weights alone; one for two classes, else one a class against the
    /// rest. It reads all of a text.
    linear: Vec<HashedNgrams>,
    /// What the network's score, the linear one and 1 are multiplied by.
    coefficients: Vec<[f32; 3]>,
}

impl Stacking {
    /// The scores of texts, from the network's and their indices: logits of what the network's are logits of.
    pub fn scores(&self, network: &[f32], texts: &[&[u32]]) -> Vec<f32> {
        let linear = linear_scores(&self.linear, texts, self.coding);
        let coefficients = self.coefficients.iter().cycle();
        network
            .iter()
            .zip(linear)
            .zip(coefficients)
            .map(|((own, linear), [of_network, of_linear, constant])| {
                of_network * own + of_linear * linear + constant
            })
            .collect()
    }
}

/// The ranks of the words of texts; 0 for one without an index of its own, over which no n-gram reaches.
fn ranks(texts: &[&[u32]], coding: Coding) -> Vec<Vec<Rank>> {
    let of = |text: &&[u32]| text.iter().map(|index| coding.rank(*index).unwrap_or_default()).collect();
    texts.par_iter().map(of).collect()
}

/// The linear scores of texts, `[texts, scores]`.
fn linear_scores(linear: &[HashedNgrams], texts: &[&[u32]], coding: Coding) -> Vec<f32> {
    let ranks = ranks(texts, coding);
    let ranks: Vec<&[Rank]> = ranks.iter().map(Vec::as_slice).collect();
    HashedNgrams::scores_of_each(linear, &ranks)
}

#[cfg(test)]
mod tests {
    use recurrent_backend::BackendKind;
    use recurrent_data::reviews::{ClassNames, Corpus, Dataset, Label, Labelled, WordsOf};
    use recurrent_train::{ModelFile, RunFolder};

    use super::*;
    use crate::outputs::Outputs;
    use crate::parts::{Parting, Reviews};
    use crate::truth::Truth;

    /// Texts of as many classes as there are names: each has a word of its own in all texts but every fourth, which say nothing.
    fn reviews(names: ClassNames) -> (Reviews, Coding) {
        let text = |i: usize| {
            let class = i % names.len();
            let word = if i.is_multiple_of(4) { "nothing".to_owned() } else { format!("word{class}") };
            (format!("it was {word} then {}", i % 7), Label::new(class))
        };
        let part = |numbers: std::ops::Range<usize>| -> Labelled {
            if !names.are_labels() {
                return numbers.map(text).collect();
            }
            let mut part = Labelled::default();
            numbers.map(text).for_each(|(text, label)| part.push_set(text, vec![label.class() as u32]));
            part
        };
        let corpus = Corpus {
            name: "made".to_owned(),
            path: None,
            sha256: String::new(),
            train: part(0..300),
            test: part(300..340),
            classes: names.clone(),
            unlabelled: Vec::new(),
            notes: Vec::new(),
        };
        let coding = Coding::new(100, 0).unwrap();
        let parting = Parting { test_fraction: 0.2, validation_fraction: 0.3, seed: 1 };
        (Reviews::new(Dataset::new(corpus, WordsOf::Train).unwrap(), coding, parting).unwrap(), coding)
    }

    /// Scores of a network that is right wherever `knows` says so of a text's place, and else says nothing.
    fn network(labels: &[Label], classes: usize, knows: impl Fn(usize) -> bool) -> Vec<f32> {
        let row = |(place, label): (usize, &Label)| {
            let label = label.class();
            (0..classes).map(move |class| (place, class == label))
        };
        let scores = labels.iter().enumerate().flat_map(row);
        scores.map(|(place, is_right)| if is_right && knows(place) { 2.0 } else { 0.0 }).collect()
    }

    #[test]
    fn several_classes_are_weighed_by_what_was_held_out() {
        let (reviews, coding) = reviews(ClassNames::new(["a", "b", "c"]));
        let (held_out, outputs) = (reviews.choose(), Outputs::of(&reviews.data.classes));
        let fit =
            |network: &[f32]| Stacking::fit(&reviews.learn(), &held_out, network, outputs, coding).unwrap();
        let labels = held_out.labels();
        let (knowing, ignorant) = (network(&labels, 3, |_| true), network(&labels, 3, |_| false));
        let (with, without) = (fit(&knowing), fit(&ignorant));
        let weights = |stacking: &Stacking| {
            let [of_network, of_linear, _] = stacking.coefficients[0];
            assert!(stacking.coefficients.iter().all(|own| own[..2] == [of_network, of_linear]));
            (of_network, of_linear)
        };
        let ((of_network, _), (of_ignorant, of_linear)) = (weights(&with), weights(&without));
        assert!(of_network > 1.0 && of_ignorant == 0.0 && of_linear > 0.5, "{with:?}");
        // The network knows the texts that say nothing, NB-SVM the others: together they know all.
        let test = reviews.judge();
        let silent = |place: usize| {
            test.reviews()[place].iter().all(|index| {
                let word = coding.rank(*index).and_then(|rank| reviews.data.vocabulary.word(rank));
                !word.is_some_and(|word| word.starts_with("word"))
            })
        };
        let both = fit(&network(&labels, 3, |place| place.is_multiple_of(2)));
        let scores = both.scores(&network(&test.labels(), 3, silent), &test.reviews());
        assert_eq!(outputs.accuracy(&scores, &test.truth()), 1.0);
        assert!(outputs.accuracy(&without.scores(&[0.0; 120], &test.reviews()), &test.truth()) < 0.9);
    }

    /// Two classes of the conditional logit would have a constant too many: they have a logistic regression, as they had.
    #[test]
    fn two_classes_have_the_coefficients_of_a_logistic_regression() {
        let (reviews, coding) = reviews(ClassNames::binary());
        let held_out = reviews.choose();
        let outputs = Outputs::of(&reviews.data.classes);
        let network: Vec<f32> = (0..held_out.len()).map(|place| (place % 5) as f32 - 2.0).collect();
        let stacking = Stacking::fit(&reviews.learn(), &held_out, &network, outputs, coding).unwrap();
        let linear = linear_scores(&stacking.linear, &held_out.reviews(), coding);
        let rows = network.iter().zip(&linear).map(|(own, linear)| [f64::from(*own), f64::from(*linear)]);
        let fitted = recurrent_linear::LogisticRegression::fit(rows, &held_out.positive(), 1.0).unwrap();
        let expected = [fitted.weights()[0], fitted.weights()[1], fitted.intercept()].map(|it| it as f32);
        assert_eq!(stacking.coefficients, [expected]);
        let [of_network, of_linear, constant] = expected;
        let scores = stacking.scores(&network, &held_out.reviews());
        for ((score, own), linear) in scores.iter().zip(&network).zip(&linear) {
            assert_eq!(*score, of_network * own + of_linear * linear + constant);
        }
    }

    /// Each label has a weight for the network of its own: the network here knows the first alone.
    #[test]
    fn labels_are_weighed_one_by_one() {
        let (reviews, coding) = reviews(ClassNames::labels(["a", "b", "c"]));
        let (held_out, outputs) = (reviews.choose(), Outputs::of(&reviews.data.classes));
        let Truth::Labels(table) = held_out.truth() else { panic!("labels") };
        let network: Vec<f32> = table
            .has
            .iter()
            .enumerate()
            .map(|(place, has)| {
                if place % 3 > 0 {
                    0.5
                } else if *has {
                    2.0
                } else {
                    -2.0
                }
            })
            .collect();
        let fit =
            |network: &[f32]| Stacking::fit(&reviews.learn(), &held_out, network, outputs, coding).unwrap();
        let [first, second, third] = fit(&network).coefficients[..] else { panic!("one a label") };
        assert!(
            first[0] > 0.5 && second[0].abs() < 1e-6 && third[0].abs() < 1e-6,
            "{first:?} {second:?} {third:?}"
        );
        assert!(second[1] > 0.5 && third[1] > 0.5, "{second:?} {third:?}");
    }

    #[test]
    fn what_is_kept_is_read_back() {
        let device = BackendKind::Flex.open().unwrap();
        for names in [
            ClassNames::binary(),
            ClassNames::new(["a", "b", "c"]),
            ClassNames::steps(["1", "2", "4", "5"]),
            ClassNames::labels(["a", "b", "c"]),
            ClassNames::labels(["a"]),
        ] {
            let (reviews, coding) = reviews(names);
            let (held_out, outputs) = (reviews.choose(), Outputs::of(&reviews.data.classes));
            let network = vec![0.5; held_out.len() * outputs.width()];
            let stacking = Stacking::fit(&reviews.learn(), &held_out, &network, outputs, coding).unwrap();
            let folder = tempfile::tempdir().unwrap();
            let run = RunFolder::create(&folder.path().join("run"), "a-test", &()).unwrap();
            stacking.write(&run, outputs, &device).unwrap();
            assert_eq!(Stacking::read(&run, outputs, coding, &device).unwrap(), stacking);
            let mut file = ModelFile::new("kind");
            stacking.insert_into(&mut file, "part");
            let more = Outputs::Labels(outputs.width() + 1);
            let wrong = Stacking::take_from(&mut file.clone(), "part", more, coding);
            assert!(wrong.unwrap_err().to_string().contains("train again"));
            assert_eq!(Stacking::take_from(&mut file, "part", outputs, coding).unwrap(), stacking);
            assert!(file.tensors.is_empty());
        }
    }
}
