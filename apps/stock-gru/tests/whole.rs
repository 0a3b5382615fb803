//! The whole job on small data: what it prints, what it leaves behind, and that the other words read it.

mod program;

use program::{Place, SMALL, csv};
use serde_json::Value;

#[test]
fn a_run_without_a_word_leaves_everything_and_says_which_data() {
    let place = Place::new();
    let line = format!("{SMALL} --epochs 11 --run run").replace("--epochs 3 ", "");
    let said = place.succeed(&line);
    assert!(said.err.contains("DEMO DATA"), "{}", said.err);
    assert!(said.out.contains("naive: tomorrow = today") && said.out.contains("Verdict:"), "{}", said.out);
    for name in [
        "config.json",
        "metrics.jsonl",
        "checkpoints/last.json",
        "plots/loss.svg",
        "plots/price.svg",
        "plots/forecast.svg",
        "plots/close_up.svg",
        "plots/early.svg",
        "samples/forecast_epoch_010.json",
        "summary.json",
        "report.html",
    ] {
        assert!(place.path("run").join(name).is_file(), "no {name}");
    }
    let events = std::fs::read_dir(place.path("run/tensorboard")).unwrap().count();
    assert_eq!(events, 1, "one event file");
    let report = std::fs::read_to_string(place.path("run/report.html")).unwrap();
    for outside in ["<script src", "<link", "src=\"http", "url(http"] {
        assert!(!report.contains(outside), "the report loads something: {outside}");
    }
    let metrics = std::fs::read_to_string(place.path("run/metrics.jsonl")).unwrap();
    assert_eq!(metrics.lines().filter(|line| line.contains("\"epoch\"")).count(), 11);
}

#[test]
fn the_summary_is_the_only_line_of_json_output() {
    let place = Place::new();
    let said = place.succeed(&format!("{SMALL} --run run --seed 7 --format json --quiet"));
    assert_eq!(said.err, "");
    assert_eq!(said.out.lines().count(), 1);
    let printed: Value = serde_json::from_str(&said.out).unwrap();
    assert_eq!(printed, place.json("run/summary.json"));
    for (pointer, expected) in [
        ("/program", Value::from("stock-gru")),
        ("/preset", "chapter".into()),
        ("/backend", "flex".into()),
        ("/seed", 7.into()),
        ("/data/name", "demo".into()),
        ("/data/windows", 4266.into()),
        ("/data/train", 2986.into()),
        ("/data/test", 1280.into()),
        ("/parameters", (3 * 4 * (1 + 4 + 1) + 5).into()),
        ("/epochs_run", 3.into()),
        ("/stopped", "epochs".into()),
    ] {
        assert_eq!(printed.pointer(pointer), Some(&expected), "{pointer}");
    }
    for pointer in [
        "/best_loss",
        "/metrics/scaled_mse",
        "/metrics/mae",
        "/metrics/mase",
        "/metrics/skill",
        "/baselines/naive/scaled_mse",
        "/baselines/drift/scaled_mse",
        "/seconds_per_epoch",
        "/peak_memory_bytes",
    ] {
        assert!(printed.pointer(pointer).is_some_and(Value::is_number), "no number at {pointer}");
    }
    for pointer in ["/train_loss", "/validation_loss"] {
        let losses = printed.pointer(pointer).and_then(Value::as_array).expect(pointer);
        assert!(losses.len() == 3 && losses.iter().all(Value::is_number), "{pointer}: {losses:?}");
    }
    assert_eq!(printed["data"]["sha256"].as_str().map(str::len), Some(64));
}

#[test]
fn the_other_words_read_the_run() {
    let place = Place::new();
    place.write("prices.csv", csv(400));
    place.succeed(&format!("train {SMALL} --run run --data prices.csv --quiet").replace("--data demo ", ""));
    assert!(!place.path("run/report.html").exists(), "`train` writes no report");

    let evaluated: Value =
        serde_json::from_str(&place.succeed("evaluate --run run --format json --quiet").out).unwrap();
    assert_eq!(evaluated["metrics"], place.json("run/summary.json")["metrics"]);
    let other: Value =
        serde_json::from_str(&place.succeed("evaluate --run run --data demo --format json --quiet").out)
            .unwrap();
    assert_eq!(other["data"]["test"], 1280);

    let forecast: Value =
        serde_json::from_str(&place.succeed("forecast --run run --days 7 --format json --quiet").out)
            .unwrap();
    let days = forecast["days"].as_array().unwrap();
    assert_eq!(days.len(), 7);
    for pair in days.windows(2) {
        assert!(pair[0]["date"].as_str() < pair[1]["date"].as_str());
    }
    for day in days {
        let [low, price, high] = ["low", "price", "high"].map(|field| day[field].as_f64().unwrap());
        assert!(low < price && price < high, "{day}");
    }
    assert!(place.succeed("forecast --run run --days 2").out.contains("90% interval"));

    place.succeed("plot --run run --quiet");
    assert!(place.path("run/plots/loss.svg").is_file());
}

#[test]
fn further_features_and_a_limit_of_steps_work() {
    let place = Place::new();
    let line = format!("train {SMALL} --run run --features open,high,low,volume --max-steps 5 --quiet");
    place.succeed(&line);
    let summary = place.json("run/summary.json");
    assert_eq!(summary["stopped"], "steps");
    assert_eq!(summary["parameters"], 3 * 4 * (5 + 4 + 1) + 5);
}

#[test]
fn the_best_preset_beats_tomorrow_is_today_on_the_demo_series() {
    let place = Place::new();
    place.succeed("train --data demo --run run --quiet");
    let summary = place.json("run/summary.json");
    let skill = summary["metrics"]["skill"].as_f64().unwrap();
    assert!(skill > 0.1, "the skill is {skill}");
    assert!(summary["diebold_mariano"]["naive"]["p_value"].as_f64().unwrap() < 0.05);
}
