//! What the model writes: seeds, samples, stop and prime texts, and where a text starts.

mod program;

use std::process::Stdio;
use std::sync::LazyLock;

use program::{small, with_text};
use program_tests::Place;

/// A run that several tests write with.
static RUN: LazyLock<Place> = LazyLock::new(|| {
    let place = with_text();
    let options =
        "--run run --hidden 32 --epochs 40 --learning-rate 0.01 --restarts 0.3 --sample-every 0 --quiet";
    place.succeed(&format!("train {}", small(options)));
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
    let greedy = |seed: u64| text(&format!("--length 50 --prime The --strategy greedy --seed {seed}"));
    assert_eq!(greedy(1), greedy(2), "nothing is drawn");
}

#[test]
fn a_text_with_nothing_to_go_on_with_starts_as_a_line_does() {
    let line = "generate --run run --length 30 --samples 200 --format json --quiet";
    let written = RUN.printed(line);
    assert_eq!(written["prime"], "", "the line break is no part of the text");
    let samples = written["samples"].as_array().unwrap();
    let starts = samples.iter().filter(|sample| sample["text"].as_str().unwrap().starts_with("The "));
    let starts = starts.count();
    assert!(starts > 160, "{starts} of 200 start as lines do");
    assert_eq!(text("--length 30").chars().count(), 30 + 1, "what was written and a line end");
    // Greedy as the chapter has it: after a character by chance.
    let greedy = |seed: u64| {
        let text = text(&format!("--length 4 --strategy greedy --seed {seed}"));
        assert_eq!(text.chars().count(), 1 + 4 + 1, "the first character, what was written and a line end");
        text.chars().next().unwrap()
    };
    assert!((0..20).any(|seed| greedy(seed) != greedy(0)), "the seed chooses the first character");
}

#[test]
fn the_file_that_a_model_ships_as_writes_what_the_run_writes() {
    let written = |run: &str| {
        let line = format!("generate --run {run} --length 80 --prime The --samples 2 --format json --quiet");
        RUN.printed(&line)["samples"].clone()
    };
    assert_eq!(written("run/model.safetensors"), written("run"));
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
