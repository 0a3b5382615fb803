//! The text generator as its tests run it.
#![allow(dead_code)] // each test file uses its part

use program_tests::Place;

/// An empty folder, and the program in it.
pub(crate) fn place() -> Place {
    Place::new(env!("CARGO_BIN_EXE_text-rnn"))
}

/// Options of a run that takes a second or less.
const SMALL: &str = "--data text.txt --hidden 16 --epochs 3 --batch-size 4 --window 20 --sample-length 40";

/// Options of a small run, and others, which replace those that they name again.
pub(crate) fn small(others: &str) -> String {
    let words: Vec<_> = SMALL.split_whitespace().collect();
    let kept = words.chunks(2).filter(|pair| !others.split_whitespace().any(|word| word == pair[0]));
    kept.map(|pair| pair.join(" ") + " ").collect::<String>() + others
}

/// A text of so many lines that differ a little.
pub(crate) fn text(lines: usize) -> String {
    let verbs = ["sees", "hears", "seeks", "finds"];
    (0..lines).map(|i| format!("The {} dog {} {}.\n", i % 7, verbs[i % 4], i % 5)).collect()
}

/// A folder with `text.txt`, and the program in it.
pub(crate) fn with_text() -> Place {
    let place = place();
    place.write("text.txt", text(200));
    place
}
