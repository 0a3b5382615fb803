//! Batches of reviews, and the part held out of them.
#![cfg(feature = "reviews")]

use proptest::prelude::*;
use recurrent_data::reviews::{BatchSpec, Batches, Holdout, Label, Order, PadSpec, Sequences, Width};

/// Reviews of pseudo-random lengths from 1 to 300, whose first number says which one each is.
fn reviews(count: usize) -> (Sequences, Vec<Label>) {
    let lengths = (0..count).map(|i| 1 + i * 7919 % 300);
    let reviews = lengths.enumerate().map(|(i, length)| vec![i as u32; length]);
    (reviews.collect(), (0..count).map(|i| Label::BOTH[i % 2]).collect())
}

fn spec(batch: usize, order: Order) -> BatchSpec {
    let pad = PadSpec { width: Width::Longest, ..PadSpec::default() };
    BatchSpec { batch, order, pad, seed: 3 }
}

#[test]
fn a_batch_holds_its_samples_with_their_labels() {
    let (indices, labels) = reviews(50);
    let samples: Vec<usize> = (0..50).step_by(2).collect();
    let batches = Batches::new(&indices, &labels, samples.clone(), spec(10, Order::Given)).unwrap();
    assert_eq!((batches.steps_per_epoch(), batches.reviews()), (3, 25));
    let last = batches.batch(0, 2);
    assert_eq!(last.samples, samples[20..]);
    assert_eq!(last.labels, [Label::NEGATIVE; 5]);
    for (row, sample) in last.samples.iter().enumerate() {
        let numbers = &last.indices.numbers[row * last.indices.time..][..last.indices.time];
        assert_eq!(numbers.last(), Some(&(*sample as u32)));
        assert_eq!(last.indices.lengths[row], indices.get(*sample).len().min(200));
    }
    let unlabelled = Batches::new(&indices, &[], samples, spec(10, Order::Given)).unwrap();
    assert!(unlabelled.batch(0, 0).labels.is_empty());
}

#[test]
fn an_order_is_the_same_on_every_machine() {
    let (indices, labels) = reviews(10);
    let order = |order| {
        let batches = Batches::new(&indices, &labels, (0..10).collect(), spec(4, order)).unwrap();
        (0..3).map(|step| batches.samples(2, step)).collect::<Vec<_>>()
    };
    insta::assert_compact_debug_snapshot!(order(Order::Shuffled), @"[[0, 9, 2, 6], [1, 4, 3, 8], [5, 7]]");
    insta::assert_compact_debug_snapshot!(order(Order::Bucketed(2)), @"[[5, 7], [0, 8, 3, 6], [1, 9, 4, 2]]");
    assert_eq!(order(Order::Given), [vec![0, 1, 2, 3], vec![4, 5, 6, 7], vec![8, 9]]);
}

#[test]
fn epochs_and_seeds_have_orders_of_their_own() {
    let (indices, labels) = reviews(100);
    for order in [Order::Shuffled, Order::Bucketed(4)] {
        let samples = |seed, epoch| {
            let spec = BatchSpec { seed, ..spec(5, order) };
            let batches = Batches::new(&indices, &labels, (0..100).collect(), spec).unwrap();
            batches.epoch(epoch).flat_map(|batch| batch.samples).collect::<Vec<_>>()
        };
        assert_eq!(samples(1, 5), samples(1, 5));
        assert_ne!(samples(1, 5), samples(1, 6));
        assert_ne!(samples(1, 5), samples(2, 5));
    }
}

#[test]
fn buckets_save_steps() {
    let (indices, labels) = reviews(3000);
    let steps = |order| {
        let batches = Batches::new(&indices, &labels, (0..3000).collect(), spec(32, order)).unwrap();
        batches.epoch(0).map(|batch| batch.indices.time * batch.samples.len()).sum::<usize>()
    };
    let least: usize = indices.iter().map(|review| review.len().min(200)).sum();
    let (shuffled, bucketed) = (steps(Order::Shuffled), steps(Order::Bucketed(20)));
    assert!(shuffled as f64 > 1.4 * least as f64, "{shuffled} of {least}");
    assert!((bucketed as f64) < 1.1 * least as f64, "{bucketed} of {least}");
}

fn orders() -> impl Strategy<Value = Order> {
    prop_oneof![
        Just(Order::Given),
        Just(Order::Shuffled),
        (1_usize..9).prop_map(Order::Bucketed),
        Just(Order::Bucketed(usize::MAX))
    ]
}

proptest! {
    #[test]
    fn an_epoch_visits_each_review_once(
        count in 1_usize..200, batch in 1_usize..40, order in orders(), epoch in 0_usize..5, seed in any::<u64>(),
    ) {
        let (indices, labels) = reviews(count);
        let spec = BatchSpec { seed, ..spec(batch, order) };
        let batches = Batches::new(&indices, &labels, (0..count).collect(), spec).unwrap();
        let mut seen = Vec::new();
        for (step, whole) in batches.epoch(epoch).enumerate() {
            prop_assert_eq!(&whole, &batches.batch(epoch, step));
            prop_assert!(!whole.samples.is_empty() && whole.samples.len() <= batch);
            seen.extend(whole.samples);
        }
        seen.sort_unstable();
        prop_assert_eq!(seen, (0..count).collect::<Vec<_>>());
        prop_assert_eq!(batches.epoch(epoch).len(), batches.steps_per_epoch());
    }

    #[test]
    fn a_held_out_part_has_the_classes_in_the_same_ratio(
        negative in 10_usize..300, positive in 10_usize..300, fraction in 0.1..0.9_f64, seed in any::<u64>(),
    ) {
        let labels = [vec![Label::NEGATIVE; negative], vec![Label::POSITIVE; positive]].concat();
        let holdout = Holdout::stratified(&labels, fraction, seed).unwrap();
        let count = |places: &[usize], label| places.iter().filter(|&&i| labels[i] == label).count();
        for (label, all) in [(Label::NEGATIVE, negative), (Label::POSITIVE, positive)] {
            let held_out = count(&holdout.validation, label);
            prop_assert!((held_out as f64 - fraction * all as f64).abs() < 1.0 + 1e-9);
            prop_assert_eq!(held_out + count(&holdout.train, label), all);
        }
        let mut all = [&holdout.train[..], &holdout.validation].concat();
        all.sort_unstable();
        prop_assert_eq!(all, (0..labels.len()).collect::<Vec<_>>());
        prop_assert_eq!(&holdout, &Holdout::stratified(&labels, fraction, seed).unwrap());
    }
}
