//! The network itself: its sizes, what padding does to it, its loss, its pooling, and what occlusion says.

use burn::module::{Module, Param};
use burn::tensor::{Device, Tensor, TensorData};
use proptest::prelude::*;
use recurrent_backend::{BackendKind, Seed};
use recurrent_cells::GateMasks;
use recurrent_classifier::{
    Ensemble, Masking, ModelSettings, Pool, Reading, Scorer, Settings, binary_cross_entropy,
};
use recurrent_data::reviews::{Coding, Label, Side, UNKNOWN};
use recurrent_metrics::classification::log_loss;

const WORDS: u32 = 40;

fn device() -> Device {
    BackendKind::Flex.open().unwrap()
}

/// The textbook chapter's network.
fn chapter() -> Settings {
    let reading = Reading::keras(200);
    let mut model = ModelSettings::new(128, 128);
    model.input_dropout = 0.2;
    model.recurrent_dropout = 0.2;
    model.gate_masks = GateMasks::Untied;
    Settings::new(Coding::new(5000, 10).unwrap(), reading, model)
}

/// Small networks that pool in every way.
fn small() -> Settings {
    let reading = Reading::masked(12);
    let mut model = ModelSettings::new(5, 6);
    model.layers = 2;
    model.members = 2;
    model.pooling = Pool::ALL.to_vec();
    model.embedding_dropout = 0.5;
    model.weight_dropout = 0.2;
    model.dropout = 0.5;
    model.adversarial = 0.01;
    Settings::new(Coding::new(WORDS, 0).unwrap(), reading, model)
}

/// The same, whose words are large enough to tell apart.
fn network(change: impl FnOnce(&mut Settings)) -> Ensemble {
    let mut settings = small();
    change(&mut settings);
    let mut network = Ensemble::new(&settings, Seed(3), &device());
    for member in &mut network.members {
        member.embedding = Param::from_tensor(member.embedding.val() * 30.0);
    }
    network
}

fn scores(network: &Ensemble, reviews: &[&[u32]]) -> Vec<f32> {
    network.scores(reviews)
}

/// Reviews as indices, with the start before them.
fn reviews() -> impl Strategy<Value = Vec<Vec<u32>>> {
    let review = prop::collection::vec(UNKNOWN..WORDS, 0..20).prop_map(|words| [vec![1], words].concat());
    prop::collection::vec(review, 1..6)
}

fn rows(reviews: &[Vec<u32>]) -> Vec<&[u32]> {
    reviews.iter().map(Vec::as_slice).collect()
}

#[test]
fn the_chapters_network_has_the_chapters_parameters() {
    let settings = chapter();
    let network = Ensemble::new(&settings, Seed(42), &device());
    assert_eq!(network.num_params(), 903_425);
    let summary = Ensemble::summary(&settings);
    let rows: Vec<u64> = summary.rows.iter().map(|row| row.parameters).collect();
    assert_eq!(rows, [640_000, 263_168, 0, 257]);
    let embedding = network.members[0].embedding.val().into_data().try_into_vec::<f32>().unwrap();
    let largest = embedding.iter().fold(0.0f32, |most, it| most.max(it.abs()));
    assert!(largest < 0.05 && largest > 0.049, "Keras's limit is 0.05, the largest is {largest}");
}

#[test]
fn the_summary_counts_what_the_network_has() {
    for (pooling, members) in
        [(vec![Pool::Last], 1), (vec![Pool::Max, Pool::Mean], 2), (Pool::ALL.to_vec(), 5)]
    {
        let mut settings = small();
        settings.model.members = members;
        settings.model.layers = 3;
        settings.model.hidden = 7;
        settings.model.pooling = pooling;
        let network = Ensemble::new(&settings, Seed(1), &device());
        let summary = Ensemble::summary(&settings);
        assert_eq!(network.num_params() as u64, summary.parameters());
        let zeros = Ensemble::zeros(&settings, &device());
        assert_eq!(zeros.num_params(), network.num_params(), "what a file is read into");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn padding_that_is_masked_changes_no_score(reviews in reviews()) {
        let post = network(|_| ());
        let pre = network(|settings| settings.reading.padding = Side::Pre);
        let (post_scores, pre_scores) = (scores(&post, &rows(&reviews)), scores(&pre, &rows(&reviews)));
        for (place, review) in reviews.iter().enumerate() {
            let alone = scores(&post, &[review])[0];
            prop_assert!((alone - post_scores[place]).abs() < 1e-4, "{:?}: {} in a batch, {} alone", review, post_scores[place], alone);
            prop_assert!((alone - pre_scores[place]).abs() < 1e-4, "{:?}: {} padded in front", review, pre_scores[place]);
        }
    }

    #[test]
    fn each_score_is_that_of_a_text_alone_to_the_last_bit(reviews in prop::collection::vec(reviews(), 1..16)) {
        let reviews: Vec<Vec<u32>> = reviews.concat();
        for reading in [Reading::masked(12), Reading::masked(300), Reading { padding: Side::Pre, ..Reading::masked(12) }, Reading::keras(12)] {
            let network = network(|settings| settings.reading = reading);
            let together = network.scores_each(&rows(&reviews));
            for (review, score) in reviews.iter().zip(&together) {
                let alone = network.scores_each(&[review])[0];
                prop_assert!(alone.to_bits() == score.to_bits(), "{review:?}, {reading}: {score} beside others, {alone} alone");
            }
            for (score, other) in together.iter().zip(scores(&network, &rows(&reviews))) {
                prop_assert!((score - other).abs() < 1e-4, "{score} is not {other}");
            }
        }
    }

    #[test]
    fn a_word_that_does_not_count_has_no_effect(reviews in reviews(), like_unknown in 3..WORDS) {
        let mut network = network(|_| ());
        for member in &mut network.members {
            let mut rows = member.embedding.val().into_data().try_into_vec::<f32>().unwrap();
            let (from, to) = (5 * UNKNOWN as usize, 5 * like_unknown as usize);
            rows.copy_within(from..from + 5, to);
            member.embedding = Param::from_data(TensorData::new(rows, [WORDS as usize, 5]), &device());
        }
        for review in &reviews {
            let effects = Scorer::alone(network.clone()).index_effects(review);
            prop_assert_eq!(effects.len(), review.len());
            // Twelve are read, cut in front.
            let cut = review.len().saturating_sub(12);
            for (place, (index, effect)) in review.iter().zip(&effects).enumerate() {
                if place == 0 || place < cut || *index == UNKNOWN {
                    prop_assert_eq!(*effect, 0.0, "place {} of {:?}", place, review);
                } else if *index == like_unknown {
                    prop_assert!(effect.abs() < 1e-4, "place {} of {:?}: {}", place, review, effect);
                } else {
                    let mut without = review.clone();
                    without[place] = UNKNOWN;
                    let expected = scores(&network, &[review])[0] - scores(&network, &[&without])[0];
                    prop_assert!((effect - expected).abs() < 1e-4, "place {} of {:?}: {} not {}", place, review, effect, expected);
                }
            }
        }
    }
}

#[test]
fn members_differ_and_score_together() {
    let network = network(|settings| settings.model.members = 3);
    let review = [1, 7, 9, 30];
    let mut alone = network.clone();
    let of_each: Vec<f32> = network
        .members
        .iter()
        .map(|member| {
            alone.members = vec![member.clone()];
            scores(&alone, &[&review])[0]
        })
        .collect();
    assert!(of_each[0] != of_each[1] && of_each[1] != of_each[2], "{of_each:?}");
    let mean = of_each.iter().sum::<f32>() / 3.0;
    assert!((scores(&network, &[&review])[0] - mean).abs() < 1e-5, "{of_each:?}");
}

#[test]
fn padding_that_is_read_is_a_word() {
    let network = network(|settings| settings.reading.masking = Masking::None);
    let review = [1, 7, 9];
    let padded = [&[0; 9][..], &review].concat();
    let of = |review: &[u32]| scores(&network, &[review])[0];
    assert!((of(&review) - of(&padded)).abs() > 1e-6, "padded at the back and at the front are different");
    let front = self::network(|settings| {
        settings.reading.masking = Masking::None;
        settings.reading.padding = Side::Pre;
    });
    assert_eq!(scores(&front, &[&review]), scores(&front, &[&padded]));
}

#[test]
fn the_loss_is_the_cross_entropy_and_never_overflows() {
    let numbers = [0.3f32, -2.0, 0.0, 50.0, -1e4, 1e4];
    let labels = [
        Label::POSITIVE,
        Label::POSITIVE,
        Label::NEGATIVE,
        Label::NEGATIVE,
        Label::POSITIVE,
        Label::POSITIVE,
    ];
    let logits = Tensor::<1>::from_data(numbers, &device().autodiff()).require_grad();
    let loss = binary_cross_entropy(logits.clone(), &labels.map(Label::target));
    let found = f64::from(loss.clone().into_scalar::<f32>());
    let positive = labels.map(|label| label == Label::POSITIVE);
    assert!((found / log_loss(&numbers, &positive) - 1.0).abs() < 1e-5, "{found}");
    let gradient = logits.grad(&loss.backward()).unwrap().into_data().try_into_vec::<f32>().unwrap();
    for ((found, score), label) in gradient.iter().zip(numbers).zip(labels) {
        let expected = (1.0 / (1.0 + (-score).exp()) - label.target()) / 6.0;
        // At 0 the two halves of the loss meet, and either slope of the absolute value is right there.
        let slack = if score == 0.0 { 0.5 / 6.0 } else { 0.0 };
        assert!((found - expected).abs() < 1e-6 + slack, "at {score}: {found}, not {expected}");
    }
}

#[test]
fn a_doubtful_target_draws_the_score_to_its_own_probability() {
    let loss = |score: f32, target: f32| {
        let logits = Tensor::<1>::from_data([score], &device());
        binary_cross_entropy(logits, &[target]).into_scalar::<f32>()
    };
    for target in [0.1f32, 0.5, 0.8] {
        let score = (target / (1.0 - target)).ln();
        let entropy = -target * target.ln() - (1.0 - target) * (1.0 - target).ln();
        assert!((loss(score, target) - entropy).abs() < 1e-6, "the least loss is the target's entropy");
        assert!(loss(score - 0.3, target) > entropy && loss(score + 0.3, target) > entropy);
    }
}
