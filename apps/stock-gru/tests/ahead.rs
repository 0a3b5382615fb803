//! `--ahead N`: an output for each of the next days, beside the way that feeds forecasts back.

mod program;

use program::{csv, place, small};
use serde_json::Value;

fn number(value: &Value, pointer: &str) -> f64 {
    value
        .pointer(pointer)
        .and_then(Value::as_f64)
        .unwrap_or_else(|| panic!("no number at {pointer} of {value}"))
}

#[test]
fn days_ahead_are_judged_and_forecast_in_both_ways() {
    let place = place();
    place.write("prices.csv", csv(400));
    let line = "train --data prices.csv --epochs 3 --ahead 4 --validation-fraction 0.2 --format json --quiet";
    let summary = place.printed(&format!("{line} --run run"));
    assert_eq!(summary["ahead"]["days"].as_array().map(Vec::len), Some(4));
    // 390 windows, of which 117 are to judge on, the last three without all four days.
    assert_eq!(summary["ahead"]["windows"], 114);
    for day in 0..4 {
        for way in ["direct", "fed_back", "no_change"] {
            assert!(number(&summary, &format!("/ahead/days/{day}/{way}/scaled_mse")) > 0.0);
            assert!(number(&summary, &format!("/ahead/days/{day}/{way}/mae")) > 0.0);
        }
    }
    for (run, data) in [("run", ""), ("run/model.safetensors", "--data prices.csv")] {
        let found = place.printed(&format!("evaluate --run {run} {data} --format json --quiet"));
        assert_eq!(found["ahead"], summary["ahead"], "{run}");
        assert_eq!(found["metrics"]["scaled_mse"], summary["metrics"]["scaled_mse"], "{run}");
    }
    let forecast =
        |way: &str| place.printed(&format!("forecast --run run {way} --days 6 --format json --quiet"));
    let (chosen, direct, fed_back) = (forecast(""), forecast("--way direct"), forecast("--way fed_back"));
    let way = summary["ahead"]["way"].as_str().unwrap();
    assert_eq!(chosen["days"], if way == "direct" { &direct } else { &fed_back }["days"]);
    assert_ne!(direct["days"][1]["price"], fed_back["days"][1]["price"]);
    assert_eq!(direct["days"][0]["price"], fed_back["days"][0]["price"]);
    let said = place.succeed("evaluate --run run --quiet");
    assert!(said.out.contains("days ahead, "), "{}", said.out);

    place.succeed("train --resume run --epochs 4 --quiet");
    let unbroken = place.printed(&format!("{line} --run whole").replace("--epochs 3", "--epochs 4"));
    let resumed = place.json("run/summary.json");
    assert_eq!((&resumed["ahead"], &resumed["metrics"]), (&unbroken["ahead"], &unbroken["metrics"]));
}

#[test]
fn a_run_without_it_says_nothing_of_days_ahead() {
    let place = place();
    let summary = place.printed(&format!("train {}", small("--run run --format json --quiet")));
    assert!(summary.get("ahead").is_none());
    let config = std::fs::read_to_string(place.path("run/config.json")).unwrap();
    assert!(!config.contains("\"ahead\"") && !config.contains("\"way\""), "{config}");
    let said = place.wrong_usage("forecast --run run --way direct --quiet");
    assert!(said.contains("train with `--ahead N`"), "{said}");
    let said = place.wrong_usage("train --preset risk --data demo --ahead 5");
    assert!(said.contains("--ahead"), "{said}");
    place.write("short.csv", csv(60));
    let said = place.complaint("train --data short.csv --ahead 30 --epochs 1");
    assert!(said.contains("30 days ahead cannot be learnt from"), "{said}");
}
