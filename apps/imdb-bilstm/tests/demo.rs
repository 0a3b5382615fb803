//! The demo reviews: the network reads order, which no count of words shows.

use std::time::Instant;

use imdb_bilstm::data::encoded;
use imdb_bilstm::settings::{Preset, Settings};
use program_tests::Place;
use recurrent_classifier::Reviews;
use recurrent_linear::{NbSvm, NbSvmSpec};
use recurrent_metrics::classification::Confusion;
use recurrent_program::{Origin, Screen, Source};

#[test]
fn the_network_reads_order_and_a_bag_of_words_does_not() {
    let start = Instant::now();
    let place = Place::new(env!("CARGO_BIN_EXE_imdb-bilstm"));
    let summary = place.printed("train --data demo --run run --format json --quiet");
    let accuracy = summary["metrics"]["accuracy"].as_f64().unwrap();

    let settings = Settings::preset(Preset::Best, Origin::new(None, Source::Demo));
    let data = encoded(&Source::Demo, &settings, &Screen::Quiet).unwrap();
    let reviews = Reviews::new(data, settings.coding, settings.parting()).unwrap();
    let (learn, test) = (reviews.learn(), reviews.judge());
    let bag = NbSvm::fit(&learn.words(), &learn.positive(), NbSvmSpec { words: 1, ..NbSvmSpec::default() });
    let of_bag = Confusion::of(&bag.scores(&test.words()), &test.positive()).accuracy();

    let seconds = start.elapsed().as_secs_f64();
    assert!(accuracy > 0.98, "the network: {accuracy}");
    assert!(of_bag < 0.75, "the bag of words: {of_bag}");
    assert!(seconds < 60.0, "{seconds} s");
    assert_eq!(summary["standing"], "ahead", "{}", summary["verdict"]);
}
