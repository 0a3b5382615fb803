//! What settings may be: the ranges that [`Settings::check`](crate::Settings::check) and [`Plan::check`](crate::Plan::check)
//! hold, for whoever asks for the numbers.

use std::ops::RangeInclusive;

/// Units that a direction of a layer may have.
pub const HIDDEN: RangeInclusive<usize> = 1..=8192;
/// Features that a word may have.
pub const EMBEDDING: RangeInclusive<usize> = 1..=2048;
/// Layers that a network may have.
pub const LAYERS: RangeInclusive<usize> = 1..=16;
/// Networks that may learn side by side.
pub const MEMBERS: RangeInclusive<usize> = 1..=32;
/// Indices that may be read of a text.
pub const LENGTH: RangeInclusive<usize> = 1..=100_000;
/// Word indices that there may be.
pub const WORDS: RangeInclusive<usize> = 1..=300_000;
/// Reviews that a batch may have.
pub const BATCH_SIZE: RangeInclusive<usize> = 1..=1_000_000;
/// Batches that may be sorted together.
pub const BUCKET: RangeInclusive<usize> = 1..=1_000_000;
/// Epochs of pre-training that there may be.
pub const PRETRAIN_EPOCHS: RangeInclusive<usize> = 0..=1000;
/// Words that may be drawn at a step of pre-training.
pub const CANDIDATES: RangeInclusive<usize> = 1..=100_000;
/// Epochs that a teacher may learn for.
pub const TEACHER_EPOCHS: RangeInclusive<usize> = 0..=1000;
