//! NB-SVM on a handful of sentences: `cargo run -p recurrent-linear --example sentences`. It has never seen those that it scores.

use std::collections::BTreeMap;

use recurrent_linear::{NbSvm, NbSvmSpec};

const PRAISE: [&str; 4] = ["a good meal", "not bad at all", "not a dull moment", "good from start to end"];
const BLAME: [&str; 4] = ["a bad meal", "not good at all", "a dull meal", "bad from start to end"];

fn main() {
    let mut words: Vec<&str> = PRAISE.iter().chain(&BLAME).flat_map(|text| text.split(' ')).collect();
    words.sort_unstable();
    words.dedup();
    let ranks: BTreeMap<&str, u32> = words.iter().zip(1..).map(|(word, rank)| (*word, rank)).collect();
    // A word that was never seen has rank 0, over which no n-gram reaches.
    let read =
        |text: &str| text.split(' ').map(|word| ranks.get(word).copied().unwrap_or(0)).collect::<Vec<u32>>();

    let texts: Vec<Vec<u32>> = PRAISE.iter().chain(&BLAME).map(|text| read(text)).collect();
    let texts: Vec<&[u32]> = texts.iter().map(Vec::as_slice).collect();
    let labels: Vec<bool> = (0..texts.len()).map(|place| place < PRAISE.len()).collect();
    let model = NbSvm::fit(&texts, &labels, NbSvmSpec::default());

    #[allow(clippy::print_stdout)] // an example shows what it does
    for text in ["a good moment", "not good", "not bad", "a dull end"] {
        println!("{:+.2}  {text}", model.score(&read(text)));
    }
}
