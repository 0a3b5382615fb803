//! The demo reviews: order decides, and counts of words do not.
#![cfg(feature = "reviews")]

use recurrent_data::reviews::{
    Coding, DEMO_REVIEWS, Dataset, Encoded, Label, WordsOf, demo, demo_label, tokenise,
};

#[test]
fn the_rule_reads_each_label() {
    let corpus = demo(42, DEMO_REVIEWS);
    for part in [&corpus.train, &corpus.test] {
        for (text, label) in part.texts().iter().zip(part.labels()) {
            assert_eq!(demo_label(&tokenise(text)), Some(*label), "{text}");
        }
    }
    assert_eq!(demo_label(&["no", "verdict"]), None);
}

#[test]
fn a_seed_makes_the_same_reviews() {
    let corpus = demo(1, 10);
    assert_eq!(corpus, demo(1, 10));
    assert_ne!(corpus.train, demo(2, 10).train);
    assert_eq!((corpus.train.len(), corpus.test.len()), (8, 2));
    assert_eq!((demo(1, 5000).train.len(), demo(1, 5000).test.len()), (4000, 1000));
    insta::assert_snapshot!(corpus.train.texts()[0], @"The girl next door opens a small shop in a village by the sea. At first the story was truly, I have to say, clever. In the end the music was truly, and here I speak for a whole row of seats, boring.");
    insta::assert_snapshot!(corpus.train.texts()[1], @"At first the ending was truly, as my brother said, silly.<br /><br />Her sister leaves the house after the funeral. The girl next door loses a bet in a village by the sea. In the end the ending was truly, with or without the songs, splendid.");
}

#[test]
fn both_classes_are_equally_long_and_equally_frequent() {
    let data = Dataset::new(demo(3, DEMO_REVIEWS), WordsOf::Train).unwrap();
    let words = |label| {
        let reviews = data.train.ranks().iter().zip(data.train.labels()).filter(|(_, of)| **of == label);
        let lengths: Vec<usize> = reviews.map(|(review, _)| review.len()).collect();
        (lengths.len(), lengths.iter().sum::<usize>() as f64 / lengths.len() as f64)
    };
    let [(negative, negative_words), (positive, positive_words)] = Label::BOTH.map(words);
    assert_eq!((negative, positive), (2000, 2000));
    assert!((negative_words - positive_words).abs() < 1.0, "{negative_words} and {positive_words} words");
}

#[test]
fn the_label_hangs_on_words_far_apart() {
    let corpus = demo(5, DEMO_REVIEWS);
    let apart = |text: &String| {
        let words = tokenise(text);
        let denial = words.iter().rposition(|word| word == "not" || word == "truly").unwrap();
        let first = words.iter().position(|word| word == "not" || word == "truly").unwrap();
        denial - first
    };
    let mean = corpus.train.texts().iter().map(apart).sum::<usize>() as f64 / 4000.0;
    assert!(mean > 15.0, "the two verdicts are {mean} words apart");
}

/// Logistic regression on counts of words, by plain gradient descent; the share of the test part that it gets right.
fn bag_of_words_accuracy(data: &Dataset) -> f64 {
    let width = data.vocabulary.len() + 1;
    let bags = |part: &Encoded| -> Vec<Vec<f64>> {
        let bag = |review: &[u32]| {
            let mut bag = vec![0.0; width];
            review.iter().for_each(|rank| bag[*rank as usize] += 1.0);
            bag
        };
        part.ranks().iter().map(bag).collect()
    };
    let (train, test) = (bags(&data.train), bags(&data.test));
    let (mut weights, mut bias) = (vec![0.0; width], 0.0);
    let score = |weights: &[f64], bias: f64, bag: &[f64]| {
        bias + weights.iter().zip(bag).map(|(weight, count)| weight * count).sum::<f64>()
    };
    for _ in 0..300 {
        let (mut gradient, mut of_bias) = (vec![0.0; width], 0.0);
        for (bag, label) in train.iter().zip(data.train.labels()) {
            let error = 1.0 / (1.0 + (-score(&weights, bias, bag)).exp()) - f64::from(label.target());
            gradient.iter_mut().zip(bag).for_each(|(sum, count)| *sum += error * count);
            of_bias += error;
        }
        let rate = 0.1 / train.len() as f64;
        weights.iter_mut().zip(&gradient).for_each(|(weight, sum)| *weight -= rate * sum);
        bias -= rate * of_bias;
    }
    let right = test.iter().zip(data.test.labels());
    let right =
        right.filter(|(bag, label)| (score(&weights, bias, bag) > 0.0) == (**label == Label::POSITIVE));
    right.count() as f64 / test.len() as f64
}

#[test]
fn a_bag_of_words_does_no_better_than_guessing() {
    for seed in [1, 2] {
        let accuracy = bag_of_words_accuracy(&Dataset::new(demo(seed, 4000), WordsOf::Train).unwrap());
        assert!((0.4..0.6).contains(&accuracy), "seed {seed}: {accuracy}");
    }
}

/// The bag-of-words model itself is able to learn: where the first verdict is taken away, words alone tell most labels.
#[test]
fn a_bag_of_words_learns_where_one_verdict_is_left() {
    let mut corpus = demo(1, 4000);
    for part in [&mut corpus.train, &mut corpus.test] {
        let last = |text: &String| text[text.find("In the end").unwrap()..].to_owned();
        *part = part.texts().iter().map(last).zip(part.labels().iter().copied()).collect();
    }
    let accuracy = bag_of_words_accuracy(&Dataset::new(corpus, WordsOf::Train).unwrap());
    assert!(accuracy > 0.65, "{accuracy}");
}

#[test]
fn a_coding_without_a_cut_leaves_the_deciding_words() {
    let data = Dataset::new(demo(1, 1000), WordsOf::Train).unwrap();
    let coding = Coding::new(5000, 0).unwrap();
    for word in ["not", "truly", "good", "dull"] {
        assert_ne!(coding.index(data.vocabulary.rank(word)), recurrent_data::reviews::UNKNOWN, "{word}");
    }
}
