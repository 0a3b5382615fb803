//! The demo text: its entropy, and that its grammar explains all of it.
#![cfg(feature = "text")]

use recurrent_data::text::{Text, demo, demo_entropy, demo_surprise};

#[test]
fn the_true_model_reaches_the_entropy() {
    for seed in [1, 2, 3] {
        let corpus = demo(seed, 2_000_000);
        let surprise = demo_surprise(corpus.characters()).unwrap();
        let mean = surprise.iter().sum::<f64>() / surprise.len() as f64;
        let entropy = demo_entropy();
        // Of five seeds, none was off by more than 0.06%.
        assert!((mean / entropy - 1.0).abs() < 0.003, "seed {seed}: {mean} of {entropy}");
    }
}

#[test]
fn the_entropy_is_what_the_formula_gives_by_hand() {
    // b(p) of 0.4 and 0.35 in nats, with six digits; a fair coin has ln 2.
    let coins = 0.673_012 + 0.647_447 + (1.0 + 0.35) * 2f64.ln();
    let words =
        0.4 * 6f64.ln() + 24f64.ln() + 0.35 * (2f64.ln() + 0.5 * 4f64.ln()) + 8f64.ln() + 0.5 * 4f64.ln();
    // 12 nouns of 44 letters, 8 verbs of 30, 6 adjectives of 20, 4 adverbs of 18, 4 interjections of 11.
    let length = 4.0
        + 0.4 * (20.0 / 6.0 + 1.0)
        + 44.0 / 12.0
        + 30.0 / 8.0
        + 1.0
        + 1.0
        + 0.35 * (3.0 + 0.5 * 11.0 / 4.0)
        + 0.5 * (18.0 / 4.0 + 1.0);
    let by_hand = ((coins + words) / 0.825) / (length / 0.825 + 2.0);
    assert!((demo_entropy() - by_hand).abs() < 1e-5, "{} by hand {by_hand}", demo_entropy());
}

#[test]
fn probabilities_over_all_next_characters_add_up_to_one() {
    let corpus = demo(5, 3_000);
    let characters: Vec<char> = Text::new(corpus.clone()).unwrap().vocabulary().characters().to_vec();
    for end in 0..400 {
        let before = &corpus.characters()[..end];
        let next =
            characters.iter().filter_map(|character| demo_surprise(&format!("{before}{character}")).ok());
        let sum: f64 = next.map(|surprise| (-surprise[end]).exp()).sum();
        assert!((sum - 1.0).abs() < 1e-9, "{sum} after {before:?}");
    }
}

#[test]
fn every_sentence_parses_alone() {
    let corpus = demo(6, 200_000);
    let mut deepest = 0;
    for sentence in corpus.characters().split_inclusive('\n') {
        demo_surprise(sentence).unwrap_or_else(|fault| panic!("{sentence:?}: {fault}"));
        assert!(sentence.ends_with(".\n"));
        // Each aside brings a further `the` before the first one closes.
        let opening = sentence.split(") ").next().and_then(|part| part.split("\" ").next()).unwrap();
        deepest = deepest.max(opening.matches("the ").count());
    }
    assert!(deepest >= 4, "asides nest only {deepest} deep");
}

#[test]
fn agreement_reaches_over_asides() {
    let corpus = demo(7, 500_000);
    let mut longest = 0;
    for sentence in corpus.characters().lines() {
        let Some(opened) = sentence.find(['(', '"']) else { continue };
        let Some(closed) = sentence.rfind([')', '"']) else { continue };
        let plural = sentence[..opened].ends_with("s ");
        let verb = sentence[closed + 2..].split([' ', '.']).next().unwrap();
        assert_ne!(plural, verb.ends_with('s'), "{sentence}");
        longest = longest.max(closed - opened);
    }
    assert!(longest > 100, "the longest aside has {longest} characters");
}

#[test]
fn a_seed_gives_the_same_text_always() {
    let short = demo(42, 1_000);
    insta::assert_snapshot!(short.characters().lines().take(4).collect::<Vec<_>>().join("\n"), @r#"
    the frogs play.
    the goats "the grey owls hide again" sing here.
    the seal plays here.
    the ducks "no" sing.
    "#);
    insta::assert_snapshot!(demo(42, 500_000).sha256(), @"02d43838de501b4c55e4ecbba7e986e107b0f1cfa0bb702cf20fefcd9da85f64");
    assert!((1_000..2_000).contains(&short.characters().len()));
    assert!(demo(42, 5_000).characters().starts_with(short.characters()));
    assert_ne!(demo(43, 1_000).characters(), short.characters());
}

#[test]
#[should_panic(expected = "0 characters of demo text")]
fn a_demo_of_no_character_is_none() {
    let _ = demo(1, 0);
}
