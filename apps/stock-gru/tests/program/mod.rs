//! The price forecaster as its tests run it.
#![allow(dead_code)] // each test file uses its part
#![allow(unused_imports)]

pub(crate) use program_tests::{Place, without_hashes};

/// An empty folder, and the program in it.
pub(crate) fn place() -> Place {
    Place::new(env!("CARGO_BIN_EXE_stock-gru"))
}

/// Options of a run that takes a second or less.
const SMALL: &str = "--data demo --preset chapter --hidden 4 --epochs 3 --batch-size 500";

/// Options of a small run, and others, which replace those that they name again.
pub(crate) fn small(others: &str) -> String {
    let words: Vec<_> = SMALL.split_whitespace().collect();
    let kept = words.chunks(2).filter(|pair| !others.split_whitespace().any(|word| word == pair[0]));
    kept.map(|pair| pair.join(" ") + " ").collect::<String>() + others
}

/// A price file of so many days, whose prices rise and fall. The last is a Thursday for 400 days: 2002-03-08.
pub(crate) fn csv(days: usize) -> String {
    let mut text = String::from("Date,Open,High,Low,Close,Adj Close,Volume\n");
    for day in 0..days {
        let (year, month, date) = (2001 + day / 336, day / 28 % 12 + 1, day % 28 + 1);
        let price = 100.0 + (day as f64 * 0.7).sin() * 5.0 + day as f64 * 0.01;
        text += &format!(
            "{year}-{month:02}-{date:02},{price:.3},{:.3},{:.3},{price:.3},{price:.3},1000\n",
            price + 1.0,
            price - 1.0
        );
    }
    text
}
