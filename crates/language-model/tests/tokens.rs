//! Words and subwords: what they cost is told by the character, and what is written goes on from any text.

mod common;

use burn::tensor::Tensor;
use common::{device, shape, text};
use proptest::prelude::*;
use recurrent_data::text::{Corpus, Id, Text, TextFractions, Tokens, Vocabulary};
use recurrent_language_model::{
    Adapting, BatchSettings, CellKind, Feed, Judged, LanguageModel, Network, NetworkSettings, Prime, Reading,
    Sampling, Seed, Settings, TextBatches, character_lines, mean_surprise, spread, surprise_page, surprises,
};
use recurrent_train::{Batches, Model, Optimiser, Pass, TrainConfig, Training};

const LONGER: [Tokens; 2] = [Tokens::Words, Tokens::Subwords];

/// The text of the other tests in such tokens, 120 lines of it.
fn read_in(tokens: Tokens) -> Text {
    let characters = text(120);
    let characters = characters.vocabulary().decode(characters.ids());
    let corpus = Corpus::from_string("text", characters).unwrap();
    let fractions = TextFractions { validation: 0.1, test: 0.1 };
    Text::learning(corpus.split(fractions).unwrap(), tokens, None).unwrap()
}

fn settings(tokens: Tokens) -> NetworkSettings {
    NetworkSettings { reading: Reading::of(tokens), ..shape(CellKind::Lstm, 24, 1) }
}

/// A model that has learnt the text.
fn model(tokens: Tokens, text: &Text) -> LanguageModel {
    let shape = settings(tokens);
    let network = Network::new(&shape, text.vocabulary().len(), Seed(3), &device().autodiff());
    let batches = BatchSettings { feed: Feed::Streams, window: 10, batch_size: 8, restarts: 0.1 };
    let batches = TextBatches::new(text.parts().train, text.vocabulary(), batches, Seed(0)).unwrap();
    let config = TrainConfig::new(40, Optimiser::adam(), 0.02);
    let network = Training::new(&config, &batches).run(network).unwrap().model;
    LanguageModel::new(Settings::new(shape, text.vocabulary().clone()), network)
}

#[test]
fn each_kind_learns_the_text_and_is_one_file() {
    let folder = tempfile::tempdir().unwrap();
    for tokens in Tokens::ALL {
        let text = read_in(tokens);
        let model = model(tokens, &text);
        let score = model.score("The 3 dog seeks 2.\nThe 4 dog finds 3.\n").unwrap();
        assert!(score.bits_per_character() < 0.9, "{tokens:?}: {}", score.bits_per_character());
        let file = folder.path().join(tokens.name());
        model.save(&file).unwrap();
        let loaded = LanguageModel::load(&file).unwrap();
        assert_eq!(loaded.settings(), model.settings());
        assert_eq!(loaded.score("The 5 dog sees 2.").unwrap(), model.score("The 5 dog sees 2.").unwrap());
    }
}

#[test]
fn the_settings_of_characters_are_written_as_ever() {
    let vocabulary = Vocabulary::of("ab").unwrap();
    let written = serde_json::to_string(&Settings::new(shape(CellKind::Lstm, 8, 1), vocabulary)).unwrap();
    assert!(written.contains(r#""vocabulary":"ab""#) && !written.contains("reading"), "{written}");
}

#[test]
fn a_text_goes_on_within_a_word_and_after_a_space() {
    for tokens in Tokens::ALL {
        let text = read_in(tokens);
        let model = model(tokens, &text);
        for (prime, next) in [("The 3 do", "g "), ("The 3 ", "dog "), ("The 3 dog", " "), ("Th", "e ")] {
            let written: String =
                model.generate(prime, &Sampling::greedy(), 1).unwrap().take(next.len()).collect();
            assert_eq!(written, next, "{tokens:?}, after `{prime}`");
        }
        let prime = Prime::new(model.vocabulary(), "The 5 d").unwrap();
        let texts = || model.write(&prime, 3, Sampling::default(), Seed(4));
        let told = |_: &str| Ok::<_, ()>(std::ops::ControlFlow::Continue(()));
        let samples = texts().samples(100, None, told).unwrap();
        assert!(samples.iter().all(|sample| sample.text.chars().count() == 100 && !sample.stopped));
        let alone: String = model.generate("The 5 d", &Sampling::default(), 4).unwrap().take(100).collect();
        assert_eq!(samples[0].text, alone, "the first is the one that would be written alone");
        let stopped = texts().samples(100, Some(" d"), told).unwrap();
        for (stopped, whole) in stopped.iter().zip(&samples) {
            let end = whole.text.find(" d").map_or(100, |place| place + 2);
            assert_eq!((stopped.text.as_str(), stopped.stopped), (&whole.text[..end], end < 100));
        }
    }
}

#[test]
fn the_greedy_text_is_that_of_running_all_of_it_again() {
    for tokens in LONGER {
        let text = read_in(tokens);
        let model = model(tokens, &text);
        let (network, vocabulary) = (model.network(), model.vocabulary());
        let mut ids = vocabulary.encode("The 3 dog").unwrap();
        let writing = recurrent_language_model::Writing::new(network, &ids, 1, Sampling::greedy(), Seed(0));
        let once: Vec<Id> = writing.take(30).flatten().collect();
        let start = ids.len();
        for _ in 0..30 {
            let inputs = network.place(ids.iter().map(|id| i64::from(*id)).collect(), [1, ids.len()]);
            let (logits, _) = network.forward(inputs, None, &recurrent_cells::Pass::evaluation(), None);
            let last = logits.narrow(0, ids.len() - 1, 1).into_data().try_into_vec::<f32>().unwrap();
            ids.push(Sampling::greedy().choose(&last, 0.0) as Id);
        }
        assert_eq!(vocabulary.decode(&once), vocabulary.decode(&ids[start..]), "{tokens:?}");
    }
}

#[test]
fn the_loss_of_a_batch_is_by_the_character() {
    for tokens in Tokens::ALL {
        let text = read_in(tokens);
        let vocabulary = text.vocabulary();
        let network = Network::new(&settings(tokens), vocabulary.len(), Seed(3), &device());
        let batches = BatchSettings { feed: Feed::Windows, window: 9, batch_size: 1, restarts: 0.0 };
        let batches = TextBatches::new(text.parts().train, vocabulary, batches, Seed(0)).unwrap();
        for step in 0..5 {
            let batch = batches.batch(0, step);
            let mut ids: Vec<Id> = batch.inputs.iter().map(|id| *id as Id).collect();
            ids.push(*batch.targets.last().unwrap() as Id);
            assert_eq!(batch.characters, vocabulary.length_of(&ids[1..]));
            let expected = mean_surprise(&network, vocabulary, &ids).unwrap();
            let loss = network.loss(batch, None, Pass::Evaluation);
            assert_eq!(loss.samples, vocabulary.length_of(&ids[1..]));
            let found = f64::from(loss.loss.into_scalar::<f32>());
            assert!((found - expected).abs() < 1e-5, "{tokens:?}: {found}, not {expected}");
        }
    }
}

#[test]
fn what_is_read_and_what_scores_are_the_same_weights() {
    let settings = settings(Tokens::Subwords);
    let network = Network::new(&settings, 300, Seed(3), &device().autodiff());
    let summary = settings.summary(300);
    let lstm = 4 * 24 * (24 + 24 + 1);
    assert_eq!(summary.parameters(), (lstm + 25 * 300) as u64);
    let ids = network.place(vec![7, 7, 9], [1, 3]);
    let (logits, _) = network.forward(ids, None, &recurrent_cells::Pass::evaluation(), None);
    // Of the scores of token 0 alone: what reaches the weights of tokens 7 and 9 was read.
    let gradients = logits.narrow(1, 0, 1).sum().backward();
    let gradient: Tensor<2> = network.kernel.val().grad(&gradients).unwrap();
    let reached = |token: usize| gradient.clone().narrow(1, token, 1).abs().sum().into_scalar::<f32>() > 0.0;
    assert_eq!([0, 7, 9, 8].map(reached), [true, true, true, false]);
}

#[test]
fn what_is_judged_are_the_same_characters_whatever_the_tokens() {
    let of = |tokens| {
        let text = read_in(tokens);
        let judged = Judged::of_own(&text);
        (judged.start, judged.predicted(), judged.text())
    };
    for tokens in LONGER {
        assert_eq!(of(tokens), of(Tokens::Characters), "{tokens:?}");
        let text = read_in(tokens);
        let model = model(tokens, &text);
        let judged = Judged::of_own(&text);
        let scores = model.surprises(judged.ids, |_| ());
        let characters = judged.by_character(&scores);
        assert_eq!(characters.len(), judged.predicted());
        let mean = characters.iter().map(|nats| f64::from(*nats)).sum::<f64>() / characters.len() as f64;
        assert!((judged.mean(&scores).unwrap() - mean).abs() < 1e-5);
        let lines = character_lines(&judged.text(), judged.start, &characters);
        assert_eq!(lines.lines().count(), judged.predicted());
        assert!(lines.starts_with(&format!(r#"{{"offset":{},"#, judged.start + 1)), "{lines:.60}");
        assert!(surprise_page(&judged.text(), &characters, "text").contains("<i class=s"));
        let frozen = Adapting { rate: 1e-12, decay: 0.0, ..Adapting::every(20) };
        let frozen = model.adapted_surprises(judged.ids, frozen, |_| ());
        assert!(frozen.iter().zip(&scores).all(|(one, other)| (one - other).abs() < 1e-3));
    }
}

#[test]
fn a_network_takes_over_another_whose_tokens_are_the_first_of_its_own() {
    let text = read_in(Tokens::Subwords);
    let first = model(Tokens::Subwords, &text);
    let vocabulary = text.vocabulary().extended("Ümläut").unwrap();
    let shape = settings(Tokens::Subwords);
    let network = Network::new(&shape, vocabulary.len(), Seed(9), &device()).beginning_as(first.network());
    let ids = vocabulary.encode("The 3 dog seeks 2.\n").unwrap();
    let [before, after] = [first.network(), &network].map(|network| surprises(network, &ids));
    // The further tokens take a little of the probability.
    assert!(
        before.iter().zip(&after).all(|(before, after)| (before - after).abs() < 0.3),
        "{before:?} {after:?}"
    );
}

proptest! {
    #[test]
    fn what_tokens_cost_is_what_their_characters_cost(
        of in "[a-c ]{2,30}xy", text in "[a-cxy ]{2,60}", nats in prop::collection::vec(0f32..20.0, 60),
    ) {
        for tokens in Tokens::ALL {
            let vocabulary = Vocabulary::learn(tokens, &format!("{of}abc "), &of, None).unwrap();
            let ids = vocabulary.encode_predicted(&text).unwrap();
            let nats = &nats[..ids.len() - 1];
            let spread = spread(&vocabulary, &ids, nats);
            prop_assert_eq!(spread.len(), text.chars().count() - 1);
            let sum = |nats: &[f32]| nats.iter().map(|nats| f64::from(*nats)).sum::<f64>();
            prop_assert!((sum(&spread) - sum(nats)).abs() < 1e-3);
        }
    }
}
