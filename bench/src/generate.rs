//! `cargo xtask bench generate`: characters a second of two LSTM layers of 800 units, one step a character, the state
//! carried and the next character drawn from the softmax; and how fast the memory could be read.

use std::{hint::black_box, time::Instant};

use burn::tensor::{Device, Int, Tensor, TensorData, activation::softmax};
use clap::Args;
use rand_chacha::rand_core::Rng;
use recurrent_backend::{BackendKind, Seed, in_pool};
use recurrent_cells::{Recurrence, Stepwise};
use serde::Serialize;

use crate::{
    model::{CHARACTERS, Text},
    output::{Format, print},
    threads,
    workload::Workload,
};

/// Rounds, of which the first is not counted.
const ROUNDS: usize = 6;

#[derive(Args)]
pub(crate) struct Flags {
    /// flex, ndarray, wgpu or cuda, as far as built in.
    #[arg(long, default_value_t = BackendKind::Flex)]
    backend: BackendKind,
    /// Threads; as many as processors where not given.
    #[arg(long)]
    threads: Option<usize>,
    /// How the record is printed.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

#[derive(Serialize)]
struct Record {
    backend: BackendKind,
    threads: usize,
    characters_per_s_1: f64,
    characters_per_s_32: f64,
    /// The recurrent layers' weights that a character needs.
    weight_bytes: usize,
    /// Reading 256 MiB, past every cache.
    read_memory_gb_s: f64,
    /// Reading as much as the weights again and again.
    read_cache_gb_s: f64,
    /// Characters a second with one sample, of those that reading the weights from memory would allow.
    fraction_of_memory: f64,
}

/// Measures and prints.
pub(crate) fn run(flags: &Flags) -> Result<(), Box<dyn std::error::Error>> {
    let threads = threads::set(flags.threads)?;
    let device = flags.backend.open()?;
    let record = in_pool(|| {
        // The first layer's input is a token: one row of its kernel.
        let weight_bytes = 3 * 800 * 3200 * size_of::<f32>();
        let model = Text::new(Workload::Lstm, &device);
        let one = characters_per_second(&model, 1, 60, &device);
        let read_memory = read_bytes_per_second(256 << 20);
        Record {
            backend: flags.backend,
            threads,
            characters_per_s_1: one,
            characters_per_s_32: characters_per_second(&model, 32, 20, &device),
            weight_bytes,
            read_memory_gb_s: read_memory / 1e9,
            read_cache_gb_s: read_bytes_per_second(weight_bytes) / 1e9,
            fraction_of_memory: one * weight_bytes as f64 / read_memory,
        }
    });
    print(&record, flags.format)
}

/// The median of all rounds but the first.
fn characters_per_second(model: &Text, samples: usize, steps: usize, device: &Device) -> f64 {
    let mut random = Seed(3).stream(&[samples as u64]);
    let mut state = model.layers.zero_state(samples);
    let mut tokens = vec![1i64; samples];
    let mut rates = Vec::new();
    for _ in 0..ROUNDS {
        let start = Instant::now();
        for _ in 0..steps {
            let input = Tensor::<1, Int>::from_data(TensorData::new(tokens, [samples]), device);
            let (output, next) = model.layers.step_token(input, state);
            state = next;
            let probabilities = softmax(model.head.forward(output), 1).into_data();
            let probabilities = probabilities.as_slice::<f32>().expect("the model computes in 32-bit floats");
            tokens = probabilities.chunks_exact(CHARACTERS).map(|row| draw(row, random.next_u32())).collect();
        }
        rates.push((steps * samples) as f64 / start.elapsed().as_secs_f64());
    }
    rates.remove(0);
    rates.sort_by(f64::total_cmp);
    rates[rates.len() / 2]
}

/// The place where the cumulated probability passes a random number.
fn draw(probabilities: &[f32], random: u32) -> i64 {
    let mut left = random as f32 / u32::MAX as f32;
    for (place, probability) in (0..).zip(probabilities) {
        left -= probability;
        if left <= 0.0 {
            return place;
        }
    }
    probabilities.len() as i64 - 1
}

/// The best of twenty sums over as many bytes, on all threads.
fn read_bytes_per_second(bytes: usize) -> f64 {
    use rayon::prelude::*;

    let numbers = vec![1.0f32; bytes / size_of::<f32>()];
    let sum = |part: &[f32]| {
        let mut sums = [0.0f32; 64];
        for line in part.as_chunks::<64>().0 {
            sums.iter_mut().zip(line).for_each(|(sum, value)| *sum += value);
        }
        sums.iter().sum::<f32>()
    };
    let once = || {
        let start = Instant::now();
        let part = numbers.len().div_ceil(rayon::current_num_threads());
        black_box(numbers.par_chunks(part).map(sum).sum::<f32>());
        bytes as f64 / start.elapsed().as_secs_f64()
    };
    (0..20).map(|_| once()).fold(0.0, f64::max)
}
