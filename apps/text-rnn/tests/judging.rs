//! How well a model predicts: the files by character, adapting while reading, and the demo text's entropy as the floor.

mod program;

use std::fs;

use program::{place, small, with_text};
use serde_json::Value;

#[test]
fn each_character_is_written_with_its_log_probability() {
    let place = with_text();
    place.succeed(&format!("train {}", small("--run run --epochs 6 --quiet")));
    place.write("other.txt", "The 3 dog sees <3>.\nThe 4 dog".replace(['<', '>'], ""));
    let line = "evaluate --run run --data other.txt --per-character out --format json --quiet";
    let record = place.printed(line);
    let text = fs::read_to_string(place.path("other.txt")).unwrap();
    let lines = fs::read_to_string(place.path("out/characters.jsonl")).unwrap();
    let lines: Vec<Value> = lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(lines.len(), text.chars().count() - 1);
    for (line, (offset, character)) in lines.iter().zip(text.chars().enumerate().skip(1)) {
        assert_eq!((&line["offset"], &line["character"]), (&offset.into(), &character.to_string().into()));
    }
    let sum: f64 = lines.iter().map(|line| line["log_probability"].as_f64().unwrap()).sum();
    let nats = record["metrics"]["nats_per_character"].as_f64().unwrap();
    assert!((nats + sum / lines.len() as f64).abs() < 1e-6, "{nats}, {sum}");
    let page = fs::read_to_string(place.path("out/surprise.html")).unwrap();
    assert!(page.contains("<i class=s") && page.contains("default-src 'none'"));
    place.succeed("evaluate --run run --per-character --quiet");
    assert!(place.path("run/surprise/surprise.html").is_file(), "beside the run, where no folder is named");
}

#[test]
fn the_figures_say_what_they_are_of() {
    let place = with_text();
    let judged = |line: &str| {
        let record = place.printed(&format!("evaluate {line} --format json --quiet"));
        (record["metrics"]["judged_on"].as_str().unwrap().to_owned(), record["metrics"]["characters"].clone())
    };
    let none = "--validation-fraction 0 --test-fraction 0";
    for (run, options, part, characters) in [
        ("test", "--test-fraction 0.1", "test", 373),
        ("validation", "--validation-fraction 0.1 --test-fraction 0", "validation", 373),
        ("training", none, "training", 3748),
    ] {
        place.succeed(&format!("train {}", small(&format!("--run {run} {options} --max-steps 9 --quiet"))));
        let expected = (part.to_owned(), Value::from(characters));
        assert_eq!(judged(&format!("--run {run}")), expected);
        assert_eq!(
            judged(&format!("--run {run} --data text.txt")),
            expected,
            "the run's own text by another path"
        );
        let trained = place.json(&format!("{run}/summary.json"))["metrics"].clone();
        assert_eq!(
            (trained["judged_on"].clone(), trained["characters"].clone()),
            (part.into(), characters.into())
        );
    }
    place.write("other.txt", "The dog sees.");
    assert_eq!(judged("--run test --data other.txt"), ("whole".to_owned(), 12.into()));
    place.succeed("evaluate --run test --per-character out --quiet");
    let first = fs::read_to_string(place.path("out/characters.jsonl")).unwrap();
    let first: Value = serde_json::from_str(first.lines().next().unwrap()).unwrap();
    assert_eq!(first["offset"], 3749 - 374 + 1, "places are counted in the whole text");
    place.write("text.txt", "The dog finds.\n".repeat(300));
    let said = place.complaint("evaluate --run test");
    assert!(said.contains("not the data that the run began with"), "{said}");
}

#[test]
fn adapting_helps_on_a_text_of_its_own_kind() {
    let place = with_text();
    place.succeed(&format!("train {}", small("--run run --hidden 32 --epochs 4 --quiet")));
    place.write("other.txt", "The gods see ends.\n".repeat(150));
    let nats = |options: &str| {
        let line = format!("evaluate --run run --data other.txt --format json --quiet {options}");
        place.printed(&line)["metrics"]["nats_per_character"].as_f64().unwrap()
    };
    let (fixed, adapted) = (nats(""), nats("--dynamic --dynamic-rate 0.5"));
    assert!(adapted < 0.7 * fixed, "{adapted} is hardly below {fixed}");
    let frozen = nats("--dynamic --dynamic-rate 1e-12 --dynamic-decay 0");
    assert!((frozen - fixed).abs() < 1e-4, "without learning it is the same: {frozen}, {fixed}");
    assert_eq!(nats(""), fixed, "the run itself has not changed");
}

#[test]
fn the_demo_text_is_learnt_to_within_five_per_cent_of_its_entropy() {
    let place = place();
    let line = "--data demo --hidden 64 --window 64 --batch-size 32 --epochs 10 --learning-rate 0.01 --sample-every 0 \
                --run run --quiet --format json --seed 3";
    let summary = place.printed(line);
    let floor = summary["metrics"]["floor"].as_f64().unwrap();
    assert!(
        (floor / recurrent_data::text::demo_entropy() - 1.0).abs() < 0.03,
        "{floor} is that of the test part"
    );
    let nats = summary["metrics"]["nats_per_character"].as_f64().unwrap();
    assert!(nats < 1.05 * floor, "{nats} nats, the floor is {floor}");
    assert!(nats > 0.98 * floor, "{nats} nats are below what is possible, {floor}");
    let validation = summary["validation_loss"].as_array().unwrap().last().unwrap().as_f64().unwrap();
    assert!(validation < 1.05 * recurrent_data::text::demo_entropy(), "{validation} nats");
    let report = fs::read_to_string(place.path("run/report.html")).unwrap();
    assert!(report.contains("entropy of the text"), "the report shows the floor");
}
