//! The preset `risk`, what a run without a word says of risk, and the words that use it.

mod program;

use std::fs;

use program::{csv, place};
use serde_json::Value;

/// A risk run of a second or two.
const SMALL: &str = "train --preset risk --members 1 --epochs 2 --format json --quiet";

fn number(value: &Value, pointer: &str) -> f64 {
    let found = value.pointer(pointer).and_then(Value::as_f64);
    found.unwrap_or_else(|| panic!("no number at {pointer} of {value}"))
}

fn assert_has_scores(value: &Value) {
    for of in ["/metrics/risk", "/baselines/risk/ridge", "/baselines/risk/har", "/baselines/risk/gjr"] {
        for horizon in ["1", "5", "22"] {
            for figure in ["qlike", "log_mse", "r2"] {
                number(value, &format!("{of}/{horizon}/{figure}"));
            }
        }
        for figure in
            ["crps", "pinball", "coverage/0.01/hits", "coverage/0.05/hits", "coverage/outside_90/rate"]
        {
            number(value, &format!("{of}/{figure}"));
        }
    }
    assert!(value.pointer("/risk/verdict").is_some_and(Value::is_string), "{value}");
}

#[test]
fn a_risk_run_prints_its_scores_and_the_words_read_it() {
    let place = place();
    let summary = place.printed(&format!("{SMALL} --data demo --run run"));
    assert_eq!(summary, place.json("run/summary.json"));
    assert_eq!((&summary["preset"], &summary["risk"]["days"]), (&"risk".into(), &1280.into()));
    assert_has_scores(&summary);

    for run in ["run", "run/model.safetensors"] {
        let data = if run == "run" { "" } else { "--data demo" };
        let found = place.printed(&format!("evaluate --run {run} {data} --format json --quiet"));
        for pointer in ["/metrics/risk/1/qlike", "/metrics/risk/crps", "/baselines/risk/ridge/5/qlike"] {
            let (found, expected) = (number(&found, pointer), number(&summary, pointer));
            assert!((found - expected).abs() < 1e-9 * expected, "{pointer}: {found}, not {expected}");
        }
    }
    for model in ["network", "ridge", "har", "gjr"] {
        let found =
            place.printed(&format!("forecast --run run --model {model} --level 0.8 --format json --quiet"));
        assert_eq!(found["interval"]["model"], model);
        assert!((0.6..0.95).contains(&number(&found, "/interval/inside")), "{found}");
        assert_eq!(found["days"].as_array().map(Vec::len), Some(5));
    }
    let plots = place.printed("plot --run run --format json --quiet");
    assert_eq!(plots["plots"], "run/plots");
    assert!(fs::metadata(place.path("run/plots/quantiles.svg")).is_ok());

    // To learn two epochs and then one more is to learn three.
    place.succeed("--resume run --epochs 3 --quiet");
    let unbroken =
        place.printed(&format!("{SMALL} --data demo --run other --epochs 3").replace("--epochs 2 ", ""));
    assert_eq!(place.json("run/summary.json")["metrics"], unbroken["metrics"]);
    assert!(fs::read_to_string(place.path("run/report.html")).unwrap().contains("How far it will move"));
}

#[test]
fn threads_change_nothing() {
    let place = place();
    for threads in [1, 3] {
        place.succeed(
            &format!("{SMALL} --data demo --members 2 --threads {threads} --run {threads}")
                .replace("--members 1 ", ""),
        );
    }
    place.assert_equal("1", "3");
    assert_eq!(place.json("1/summary.json")["metrics"], place.json("3/summary.json")["metrics"]);
}

#[test]
fn later_prices_are_judged_whole() {
    let place = place();
    place.write("prices.csv", csv(500));
    let later: Vec<String> = csv(900).lines().map(str::to_owned).collect();
    place.write("later.csv", [&later[..1], &later[600..]].concat().join("\n"));
    place.succeed(&format!("{SMALL} --data prices.csv --run run"));
    let found = place.printed("evaluate --run run --data later.csv --format json --quiet");
    assert_eq!(found["risk"]["days"], 301 - 1 - 22);
}

#[test]
fn the_whole_job_forecasts_price_and_risk() {
    let place = place();
    let line = "--data demo --epochs 2 --seed 7 --format json --quiet";
    let summary = place.printed(&format!("{line} --run run"));
    assert_eq!(summary, place.json("run/summary.json"));
    assert_has_scores(&summary);
    assert!(number(&summary, "/metrics/scaled_mse") > 0.0);
    for name in
        ["risk/model.safetensors", "risk/summary.json", "plots/volatility.svg", "plots/reliability.svg"]
    {
        assert!(fs::metadata(place.path("run").join(name)).is_ok(), "no {name}");
    }
    let report = fs::read_to_string(place.path("run/report.html")).unwrap();
    for words in [
        "How far it will move",
        "network on ridge",
        "The band follows the risk",
        "interval made the day before",
    ] {
        assert!(report.contains(words), "no `{words}` in the report");
    }
    let found = place.printed("forecast --run run --format json --quiet");
    assert_eq!((&found["interval"]["model"], &found["interval"]["days"]), (&"network".into(), &1280.into()));
    let found = place.printed("evaluate --run run --format json --quiet");
    assert_has_scores(&found);
    // A run that was stopped after the price goes on with the risk.
    fs::remove_dir_all(place.path("run/risk")).unwrap();
    let again = place.printed("--resume run --format json --quiet");
    assert_eq!(again["metrics"], summary["metrics"]);
}

#[test]
fn prices_that_say_too_little_of_their_risk_are_still_forecast() {
    let place = place();
    place.write("prices.csv", csv(60));
    let said = place.succeed("--data prices.csv --epochs 2 --run run");
    assert!(said.err.contains("note: the risk is not forecast: "), "{}", said.err);
    assert!(!place.path("run/risk").exists());
    let said = place.run("train --preset risk --data prices.csv --run other");
    assert!(said.code == Some(1) && said.err.contains("days"), "{}", said.err);
}

#[test]
fn options_that_mean_nothing_are_refused() {
    let place = place();
    for (line, option) in [
        ("--members 3", "--members"),
        ("--preset risk --output price", "--output"),
        ("--preset risk --features volume", "--features"),
        ("--preset risk --window 10", "22"),
    ] {
        let said = place.wrong_usage(&format!("train --data demo {line}"));
        assert!(said.contains(option), "{said}");
    }
}

#[test]
fn settings_are_chosen_without_the_test_part() {
    let place = place();
    let line = "choose --data demo --members 1 --epochs 1 --hidden 2,3 --format json --quiet";
    let found = place.printed(line);
    let tried = found["tried"].as_array().unwrap();
    assert_eq!(tried.len(), 2);
    assert!(number(&tried[0], "/ratio") <= number(&tried[1], "/ratio"));
    assert_eq!(place.printed(&format!("{line} --threads 1")), found);
}

#[test]
fn a_killed_backtest_goes_on_to_the_same() {
    let place = place();
    place.write("prices.csv", csv(700));
    let line = "backtest --data prices.csv --refit year --least 300 --format json --quiet";
    let whole = place.printed(&format!("{line} --run whole"));
    let mut child = place.start(&format!("{line} --run killed"));
    while fs::read_dir(place.path("killed/segments")).map_or(0, Iterator::count) == 0 {
        if child.try_wait().unwrap().is_some() {
            break;
        }
        std::thread::sleep(std::time::Duration::from_millis(20));
    }
    let _ = child.kill();
    child.wait().unwrap();
    let resumed = place.printed("backtest --resume killed --format json --quiet --threads 1");
    assert_eq!((&resumed["risk"], &resumed["price"]), (&whole["risk"], &whole["price"]));
    let origins = |run: &str| fs::read_to_string(place.path(run).join("origins.csv")).unwrap();
    assert_eq!(origins("killed"), origins("whole"));
    assert_eq!(origins("whole").lines().count() as u64 - 1, whole["days"].as_u64().unwrap());
}

#[test]
fn conformal_intervals_stand_beside_the_models_own() {
    let place = place();
    let summary = place.printed(&format!("{SMALL} --data demo --run run"));
    for kind in ["conformal", "adaptive"] {
        let found = place.printed(&format!("evaluate --run run --intervals {kind} --format json --quiet"));
        assert_eq!(found["metrics"], summary["metrics"]);
        assert_eq!(found["intervals"]["kind"], kind);
        assert_eq!(
            (number(&found, "/intervals/calibration"), number(&found, "/intervals/days")),
            (500.0, 780.0)
        );
        for model in ["network", "ridge", "garch", "ewma"] {
            for of in ["conformal", "model"] {
                let outside = number(&found, &format!("/intervals/models/{model}/{of}/outside/rate"));
                assert!((0.02..0.25).contains(&outside), "{kind} {model} {of}: {outside}");
            }
        }
        let found = place.printed(&format!("forecast --run run --intervals {kind} --format json --quiet"));
        assert_eq!((&found["interval"]["kind"], &found["interval"]["days"]), (&kind.into(), &780.into()));
        assert!(number(&found, "/days/0/low") < number(&found, "/last_price"));
    }
    let said = place.succeed("evaluate --run run --intervals adaptive --quiet");
    assert!(
        said.out.contains("90% intervals of the last 780, adaptive ones calibrated on the 500 before"),
        "{}",
        said.out
    );
    let plain = place.printed("evaluate --run run --format json --quiet");
    assert!(plain.get("intervals").is_none());
    let said = place.wrong_usage("evaluate --run run --intervals wide");
    assert!(said.contains("expected model, conformal or adaptive"), "{said}");

    place.succeed("train --preset chapter --hidden 2 --epochs 1 --data demo --run price --quiet");
    for word in ["evaluate", "forecast"] {
        let said = place.wrong_usage(&format!("{word} --run price --intervals conformal --quiet"));
        assert!(said.contains("`--intervals`") && said.contains("no model of risk"), "{said}");
    }
}
