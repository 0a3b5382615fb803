//! The processor's limit, measured: how many multiply-adds a second its threads do on registers alone.

use std::{hint::black_box, time::Instant};

use super::isa::{Isa, Level};

/// Measures the peak of `threads` threads of the current pool, in floating-point operations a second (a multiply-add
/// is two), with the instruction set that the products use. Takes some tens of milliseconds.
pub fn peak_flops(threads: usize) -> f64 {
    let isa = Isa::detect();
    // Sums in flight, in floats: 24 vectors of 16, twice 12 vectors of 8, or 24 floats.
    let floats = if isa.level == Level::Plain { 24 } else { 384 };
    let rounds = 200_000;
    let once = || {
        let start = Instant::now();
        rayon::scope(|scope| {
            for _ in 0..threads {
                scope.spawn(|_| {
                    // SAFETY: `Isa::detect` asks the processor for the instruction set.
                    black_box(unsafe { (isa.chain)(black_box(rounds)) });
                });
            }
        });
        (2 * floats * rounds * threads) as f64 / start.elapsed().as_secs_f64()
    };
    (0..5).map(|_| once()).fold(0.0, f64::max)
}
