//! Every word of the program with words and subwords, as a user runs it.

mod program;

use std::fs;

use insta::assert_snapshot;
use program::{place, small, with_text};
use program_tests::Place;
use serde_json::Value;

/// A run on words or subwords that has learnt a little.
fn learnt(tokens: &str) -> Place {
    let place = with_text();
    let options = format!(
        "--run run --tokens {tokens} --hidden 32 --epochs 12 --learning-rate 0.02 --window 8 --test-fraction 0.1"
    );
    place.succeed(&format!("train {} --quiet", small(&options)));
    place
}

#[test]
fn a_run_in_each_kind_leaves_a_model_that_writes_and_judges() {
    for tokens in ["words", "subwords"] {
        let place = learnt(tokens);
        let summary = place.json("run/summary.json");
        assert_eq!(summary["data"]["tokens"]["kind"], tokens);
        assert_eq!((&summary["data"]["characters"], &summary["data"]["test"]), (&3749.into(), &374.into()));
        assert_eq!(summary["metrics"]["characters"], 373, "the same characters as ever");
        let nats = summary["metrics"]["nats_per_character"].as_f64().unwrap();
        assert!(nats < 0.6, "{tokens}: {nats}");
        let losses = |name: &str| summary[name].as_array().unwrap().last().unwrap().as_f64().unwrap();
        for loss in [losses("train_loss"), losses("validation_loss")] {
            assert!((loss / nats - 1.0).abs() < 1.0, "{tokens}: {loss} is by the character, as {nats} is");
        }
        for run in ["run", "run/model.safetensors"] {
            let line = format!("evaluate --run {run} --data text.txt --format json --quiet");
            let judged = place.printed(&line)["metrics"]["nats_per_character"].as_f64().unwrap();
            assert!((judged - nats).abs() < 1e-9, "{run}: {judged}, not {nats}");
            let line =
                format!("generate --run {run} --length 100 --samples 2 --format json --quiet --prime The");
            let written = place.printed(&line);
            for sample in written["samples"].as_array().unwrap() {
                assert_eq!(sample["text"].as_str().unwrap().chars().count(), 100);
            }
        }
        let said = place.succeed("evaluate --run run --data text.txt");
        assert!(said.err.contains(&format!(" {tokens} of ")), "{}", said.err);
    }
}

#[test]
fn what_is_written_goes_on_from_any_place_in_a_word() {
    for tokens in ["words", "subwords"] {
        let place = learnt(tokens);
        let written = |prime: &str, length: usize| {
            let mut command =
                place.command(&format!("generate --run run --strategy greedy --length {length} --prime"));
            String::from_utf8(command.arg(prime).output().unwrap().stdout).unwrap()
        };
        assert_eq!(written("The 3 d", 2), "The 3 dog\n", "{tokens}");
        assert_eq!(written("The 3 ", 3), "The 3 dog\n", "{tokens}");
        assert_eq!(written("The 3 dog", 1), "The 3 dog \n", "{tokens}");
        let line = "generate --run run --length 500 --seed 2 --samples 3 --stop . --format json --quiet";
        for sample in place.printed(line)["samples"].as_array().unwrap() {
            let text = sample["text"].as_str().unwrap();
            assert_eq!((text.find('.'), &sample["stopped"]), (Some(text.len() - 1), &true.into()), "{text}");
        }
        assert_eq!(place.succeed("generate --run run --length 30").out.chars().count(), 31);
    }
}

#[test]
fn a_tokens_surprise_is_spread_over_its_characters() {
    for (tokens, dynamic) in [("words", ""), ("subwords", ""), ("subwords", "--dynamic")] {
        let place = learnt(tokens);
        let line = format!("evaluate --run run --per-character out {dynamic} --format json --quiet");
        let nats = place.printed(&line)["metrics"]["nats_per_character"].as_f64().unwrap();
        let lines = fs::read_to_string(place.path("out/characters.jsonl")).unwrap();
        let lines: Vec<Value> = lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        assert_eq!((lines.len(), &lines[0]["offset"]), (373, &(3749 - 374 + 1).into()));
        let text = fs::read_to_string(place.path("text.txt")).unwrap();
        for line in &lines {
            let offset = line["offset"].as_u64().unwrap() as usize;
            assert_eq!(line["character"], text[offset..=offset]);
        }
        let sum: f64 = lines.iter().map(|line| line["log_probability"].as_f64().unwrap()).sum();
        assert!((nats + sum / 373.0).abs() < 1e-6, "{nats}, {sum}");
        assert!(fs::read_to_string(place.path("out/surprise.html")).unwrap().contains("<i class=s"));
    }
}

#[test]
fn a_stopped_run_goes_on_in_its_tokens() {
    let place = with_text();
    for (tokens, feed) in [("words", "windows"), ("subwords", "streams")] {
        let options =
            format!("--tokens {tokens} --feed {feed} --dropout 0.2 --window 6 --sample-every 1 --quiet");
        place.succeed(&format!("train {}", small(&format!("{options} --run {tokens}"))));
        place.succeed(&format!("train {}", small(&format!("{options} --run begun-{tokens} --max-steps 17"))));
        place.succeed(&format!("train --resume begun-{tokens} --max-steps 1000 --quiet --threads 1"));
        place.assert_equal(tokens, &format!("begun-{tokens}"));
        let model = |run: &str| fs::read(place.path(run).join("model.safetensors")).unwrap();
        assert!(model(tokens) == model(&format!("begun-{tokens}")), "{tokens}: the model file");
    }
    assert_snapshot!(place.wrong_usage("train --resume words --tokens subwords --quiet"), @"error: the argument '--resume <DIR>' cannot be used with:");
}

#[test]
fn a_model_goes_on_with_another_text_in_its_tokens() {
    let place = learnt("subwords");
    place.write("other.txt", program::text(150).replace("dog", "mûr çat"));
    let line = "train --data other.txt --init-from run --epochs 2 --batch-size 4 --window 8 --quiet --format json --run";
    let second = place.printed(&format!("{line} second"));
    let known = place.json("run/summary.json")["data"]["vocabulary"].as_u64().unwrap();
    assert_eq!(second["data"]["vocabulary"], known + 4, "m, û, ç and t are new");
    assert_eq!(place.json("second/config.json")["settings"]["tokens"], "subwords");
    place.succeed("generate --run second --length 50 --prime mûr --quiet");
    assert_snapshot!(place.wrong_usage(&format!("{line} third --tokens words")), @"error: the argument '--init-from <RUN>' cannot be used with '--tokens <NAME>'");
}

#[test]
fn vocabularies_that_cannot_be() {
    let place = with_text();
    let train = |options: &str| format!("train --data text.txt --quiet {options}");
    assert_snapshot!(place.complaint(&train("--tokens subwords --vocabulary-size 20")), @r"
    error: `text.txt`: a vocabulary of 20 tokens has no room for the 23 distinct characters of the text; choose 23 or more
      try `--vocabulary-size N`
    ");
    assert_snapshot!(place.complaint(&train("--tokens words --vocabulary-size 5000")), @r"
    error: `text.txt`: a vocabulary of 5000 tokens is too large for the text: it has 36, its characters and what occurs at least twice in its training part; choose 36 or fewer
      try `--vocabulary-size N`
    ");
    assert_snapshot!(place.wrong_usage(&train("--vocabulary-size 500")), @"error: `--vocabulary-size` has no meaning here: a text has the characters that it has; it is for `--tokens words` and `--tokens subwords`");
    assert_snapshot!(place.wrong_usage(&train("--tokens syllables")), @"error: invalid value 'syllables' for '--tokens <NAME>'");
    assert_snapshot!(place.wrong_usage(&train("--tokens words --vocabulary-size 70000")), @"error: invalid value '70000' for '--vocabulary-size <N>': expected a whole number from 2 to 65535");
    assert_snapshot!(place.complaint(&train("--tokens words --window 2000 --run run")), @r"
    error: `<dir>/text.txt`: 1347 words are too few for 32 rows of 2000, which need at least 64001; choose fewer rows, shorter steps or a longer text
      try `--batch-size 4 --window 336`
    ");
    // What is told to be tried fits.
    let said = place.complaint(&train("--tokens words --window 2000 --run tried"));
    let (_, options) = said.trim_end().rsplit_once("\n  try `").expect("advice");
    place.succeed(&train(&format!(
        "--tokens words {} --max-steps 1 --run tried",
        options.trim_end_matches('`')
    )));
    place.succeed(&train("--tokens words --window 5 --batch-size 4 --max-steps 1 --run run"));
    assert_snapshot!(place.complaint("generate --run run --length 5 --prime mûr"), @"error: `--prime`: the vocabulary of 23 characters lacks `m` (U+006D), at character offset 0, line 1; leave it out; `--replace CHAR` reads CHAR in its place");
    let config = fs::read_to_string(place.path("run/config.json")).unwrap();
    place.write("run/config.json", config.replacen("\" dog\"", "\" dob\"", 1));
    let said = place.complaint("generate --run run --length 5");
    assert_snapshot!(said, @r#"error: run/config.json: does not hold a run's settings: the token " dob" has `b` (U+0062), which is no token by itself; list that too; start a new run"#);
}

#[test]
fn the_demo_text_and_every_preset_take_tokens() {
    let place = place();
    for (preset, window) in [("small", 32), ("best", 32), ("chapter-vanilla", 32), ("chapter-lstm", 51)] {
        let line = format!(
            "train --preset {preset} --data demo --tokens subwords --hidden 8 --layers 1 --max-steps 1 --quiet"
        );
        place.succeed(&format!("{line} --run {preset}"));
        assert_eq!(place.json(&format!("{preset}/config.json"))["settings"]["window"], window);
    }
    let floor = place.json("small/summary.json")["metrics"]["floor"].as_f64().unwrap();
    assert!((floor / recurrent_data::text::demo_entropy() - 1.0).abs() < 0.1, "{floor}");
}
