//! The review classifier as its tests run it.
#![allow(dead_code)] // each test file uses its part

use program_tests::Place;

/// An empty folder, and the program in it.
pub(crate) fn place() -> Place {
    Place::new(env!("CARGO_BIN_EXE_imdb-bilstm"))
}

/// Options of a run that takes a second or less.
const SMALL: &str = "--data reviews.csv --embedding 8 --hidden 8 --epochs 3 --batch-size 8 --length 24 --num-words 60 \
                     --skip-top 0 --bucket 3";

/// Options of a small run, and others, which replace those that they name again.
pub(crate) fn small(others: &str) -> String {
    let words: Vec<_> = SMALL.split_whitespace().collect();
    let kept = words.chunks(2).filter(|pair| !others.split_whitespace().any(|word| word == pair[0]));
    kept.map(|pair| pair.join(" ") + " ").collect::<String>() + others
}

/// A review of the given place in a list, and whether it praises.
pub(crate) fn review(i: usize) -> (String, bool) {
    let praises = i % 2 == 1;
    let word = if praises { ["good", "fine", "moving"][i % 3] } else { ["bad", "dull", "silly"][i % 3] };
    let plot = "the story goes on and on ".repeat(i * 7 % 5);
    (format!("A {word} film, number {}. {plot}It was {word}.", i % 11), praises)
}

/// A table of so many reviews.
pub(crate) fn table(count: usize) -> String {
    let row = |i| {
        let (text, praises) = review(i);
        format!("\"{text}\",{}\n", u8::from(praises))
    };
    std::iter::once("text,label\n".to_owned()).chain((0..count).map(row)).collect()
}

/// A folder with `reviews.csv`, and the program in it.
pub(crate) fn with_reviews() -> Place {
    let place = place();
    place.write("reviews.csv", table(200));
    place
}
