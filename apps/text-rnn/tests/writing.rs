//! What the network writes: the chapter's method as the reference, seeds, samples, stop and prime texts.

mod program;

use std::process::Stdio;
use std::sync::LazyLock;

use burn::tensor::Device;
use program::{small, with_text};
use program_tests::Place;
use recurrent_backend::{BackendKind, Seed};
use recurrent_cells::Pass;
use recurrent_data::text::{Corpus, Id, Text};
use recurrent_program::Source;
use recurrent_train::{Optimiser, TrainConfig, Training};
use text_rnn::batches::TextBatches;
use text_rnn::flags::Preset;
use text_rnn::generate::written;
use text_rnn::model::Writer;
use text_rnn::settings::{CellKind, Feed, ModelSettings, Settings};
use text_rnn::strategy::Strategy;

const WINDOW: usize = 60;

/// A network trained without state over windows, and its text.
fn trained(cell: CellKind) -> (Writer, Text) {
    let text = Text::new(Corpus::from_string("text", program::text(200)).unwrap()).unwrap();
    let settings = Settings::measured(Preset::Small, Source::Demo, None);
    let model = ModelSettings { cell, hidden: 33, layers: 2, dropout: 0.1, ..settings.model };
    let train = TrainConfig::new(6, Optimiser::adam(), 0.01);
    let settings = Settings { feed: Feed::Windows, window: WINDOW, batch_size: 8, train, ..settings };
    let device: Device = BackendKind::Flex.open().unwrap();
    let writer = Writer::new(&model, text.vocabulary().len(), Seed(3), &device.autodiff());
    let batches = TextBatches::new(text.ids(), &settings).unwrap();
    (Training::new(&settings.train, &batches).run(writer).unwrap().model, text)
}

/// The chapter's method: the whole text so far is read anew for each character, and the likeliest one is put behind it.
fn by_running_again(model: &Writer, prime: &[Id], length: usize) -> Vec<Id> {
    let mut ids = prime.to_vec();
    for _ in 0..length {
        let inputs = ids.iter().map(|id| i64::from(*id)).collect();
        let (logits, _) = model.forward(model.place(inputs, [1, ids.len()]), None, &Pass::evaluation(), None);
        let last = logits.narrow(0, ids.len() - 1, 1).into_data().try_into_vec::<f32>().unwrap();
        let best = (0..last.len()).max_by(|a, b| last[*a].total_cmp(&last[*b])).unwrap();
        ids.push(best as Id);
    }
    ids.split_off(prime.len())
}

#[test]
fn greedy_text_is_that_of_running_the_window_again() {
    for cell in [CellKind::Vanilla, CellKind::Lstm, CellKind::Gru] {
        let (model, text) = trained(cell);
        for start in [0, 7, 101] {
            let prime = &text.ids()[start..start + 1 + start % 5];
            let length = WINDOW - prime.len();
            let once = written(&model, prime, length, Strategy::Greedy, Seed(0));
            let again = by_running_again(&model, prime, length);
            let show = |ids: &[Id]| text.vocabulary().decode(ids);
            assert_eq!(show(&once), show(&again), "{cell:?} from {start}");
            assert!(once.iter().any(|id| *id != once[0]), "{cell:?} writes one character alone");
        }
    }
}

/// A run that several tests write with.
static RUN: LazyLock<Place> = LazyLock::new(|| {
    let place = with_text();
    place.succeed(&format!("train {}", small("--run run --hidden 32 --epochs 12 --quiet")));
    place
});

fn text(line: &str) -> String {
    let said = RUN.succeed(&format!("generate --run run {line}"));
    said.out
}

#[test]
fn the_seed_decides_what_is_written() {
    let of = |seed: u64| text(&format!("--length 200 --prime The --seed {seed}"));
    assert_eq!(of(1), of(1));
    assert_ne!(of(1), of(2));
    assert_eq!(of(1).chars().count(), 3 + 200 + 1, "the prime text, what was written and a line end");
    assert!(of(1).starts_with("The"));
    let first = |seed: u64| text(&format!("--length 1 --seed {seed}")).chars().next().unwrap();
    assert!((0..20).any(|seed| first(seed) != first(0)), "the seed chooses the first character");
    let greedy = |seed: u64| text(&format!("--length 50 --prime The --strategy greedy --seed {seed}"));
    assert_eq!(greedy(1), greedy(2), "nothing is drawn");
}

#[test]
fn each_sample_is_the_one_that_would_be_written_alone() {
    let line = "generate --run run --length 80 --prime The --seed 5 --format json --quiet";
    let four = RUN.printed(&format!("{line} --samples 4"));
    let one = RUN.printed(line);
    assert_eq!(four["samples"][0], one["samples"][0]);
    let texts: Vec<_> =
        four["samples"].as_array().unwrap().iter().map(|sample| sample["text"].as_str().unwrap()).collect();
    assert_eq!(texts.len(), 4);
    assert!(texts.iter().all(|text| text.chars().count() == 80));
    assert!(texts[1..].iter().any(|text| *text != texts[0]), "the samples differ");
    let shown = text("--length 80 --prime The --seed 5 --samples 4");
    for (i, text) in texts.iter().enumerate() {
        assert!(shown.contains(&format!("--- {} of 4 ---\nThe{text}\n", i + 1)), "{shown}");
    }
}

#[test]
fn a_stop_text_ends_a_sample() {
    let line = "--length 500 --prime The --seed 2 --samples 3 --stop .";
    let stopped = RUN.printed(&format!("generate --run run {line} --format json --quiet"));
    for sample in stopped["samples"].as_array().unwrap() {
        let text = sample["text"].as_str().unwrap();
        assert_eq!(sample["stopped"], true, "{text}");
        assert_eq!(text.find('.'), Some(text.len() - 1), "{text}");
    }
}

#[test]
fn choices_are_narrowed() {
    let greedy = text("--length 60 --prime The --strategy greedy");
    for narrow in ["--top-k 1", "--top-p 0.000001", "--temperature 0.0001"] {
        assert_eq!(text(&format!("--length 60 --prime The {narrow}")), greedy, "{narrow}");
    }
    let wild = text("--length 60 --prime The --temperature 5");
    assert_ne!(wild, greedy);
}

#[test]
fn characters_that_the_model_does_not_know_can_be_replaced() {
    let replaced = text("--length 5 --prime Thé --replace e --seed 1");
    assert_eq!(replaced, text("--length 5 --prime The --seed 1"));
}

#[test]
fn prime_and_stop_are_read_as_the_text_was() {
    let place = with_text();
    place.succeed(&format!("train {}", small("--run lower --case lower --quiet")));
    let said = place.printed("generate --run lower --length 5 --prime The --format json --quiet");
    assert_eq!(said["prime"], "the");
    let line = "generate --run lower --length 3000 --format json --quiet --prime";
    let lines = place.command(line).args(["The\r\ndog", "--stop", "S"]).output().unwrap();
    let said: serde_json::Value = serde_json::from_slice(&lines.stdout).unwrap();
    assert_eq!(said["prime"], "the\ndog");
    assert!(said["samples"][0]["text"].as_str().unwrap().ends_with('s'));
}

#[cfg(unix)]
#[test]
fn a_reader_that_leaves_is_no_error() {
    let mut command = RUN.command("generate --run run --length 1000000 --seed 1");
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert_eq!((output.status.code(), String::from_utf8(output.stderr).unwrap().as_str()), (Some(0), ""));
}
