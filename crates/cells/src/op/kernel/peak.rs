//! The processor's limit, measured: how many multiply-adds a second its threads do on registers alone.

use std::{hint::black_box, time::Instant};

use super::isa::Isa;

/// Measures the peak of `threads` threads of the current pool, in floating-point operations a second (a multiply-add
/// is two), with the instruction set that the products use. Takes about a quarter of a second.
pub fn peak_flops(threads: usize) -> f64 {
    let isa = Isa::detect();
    let floats = isa.chained * isa.lanes;
    // Some 50 ms: long enough for the clock to settle and for the waking of threads not to count.
    let rounds = 8_000_000;
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
