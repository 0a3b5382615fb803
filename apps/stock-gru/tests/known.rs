//! What is known beforehand of days to come, as inputs: weekdays, ends of months, and events of a table.

mod program;

use program::{Place, csv, place};
use serde_json::Value;

const PRICE: &str = "train --format json --quiet";
const RISK: &str = "train --preset risk --members 1 --format json --quiet";

fn number(value: &Value, pointer: &str) -> f64 {
    value
        .pointer(pointer)
        .and_then(Value::as_f64)
        .unwrap_or_else(|| panic!("no number at {pointer} of {value}"))
}

/// Prices that grow by a per cent on every day of news and hardly move on others, with days of news that follow no rule a window shows; on
/// those of a strike they swing three times as far.
fn market() -> Place {
    let place = place();
    let (mut prices, mut events) = (String::from("Date,Close,High,Low\n"), String::from("Date,Kind\n"));
    let (mut price, mut state) = (100.0, 12345_u64);
    let mut draw = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as f64 / f64::from(1_u32 << 31)
    };
    for day in 0..900 {
        let date = format!("{}-{:02}-{:02}", 2001 + day / 336, day / 28 % 12 + 1, day % 28 + 1);
        let (is_news, is_strike) = (draw() < 0.2, draw() < 0.2);
        let swing = if is_strike { 0.006 } else { 0.002 };
        price *= 1.0 + if is_news { 0.01 } else { -0.0025 } + swing * (draw() - 0.5);
        let (high, low) = (price * (1.0 + swing * draw()), price * (1.0 - swing * draw()));
        prices += &format!("{date},{price:.5},{high:.5},{low:.5}\n");
        // The table ends a few days before the prices.
        for (kind, _) in [("news", is_news), ("strike", is_strike)].iter().filter(|(_, is)| *is && day < 896)
        {
            events += &format!("{date},{kind}\n");
        }
    }
    place.write("prices.csv", prices);
    place.write("events.csv", events);
    place
}

#[test]
fn a_network_learns_what_events_do_to_the_price() {
    let place = market();
    let line =
        format!("{PRICE} --data prices.csv --epochs 60 --learning-rate 0.02 --weight-decay 0 --window 5");
    let without = place.printed(&format!("{line} --run without"));
    let summary = place.printed(&format!("{line} --events events.csv --calendar-inputs --run run"));
    let naive = number(&summary, "/baselines/naive/scaled_mse");
    assert!(number(&summary, "/metrics/scaled_mse") < 0.3 * naive, "{summary}");
    assert!(number(&without, "/metrics/scaled_mse") > 0.5 * naive, "{without}");
    // Nothing of it stands in the settings of a run that reads none.
    assert!(place.json("without/config.json").pointer("/settings/windows/known").is_none());
    assert!(!std::fs::read_to_string(place.path("without/config.json")).unwrap().contains("known"));

    for (run, data) in [("run", ""), ("run/model.safetensors", "--data prices.csv")] {
        let found = place.printed(&format!("evaluate --run {run} {data} --format json --quiet"));
        assert_eq!(found["metrics"]["scaled_mse"], summary["metrics"]["scaled_mse"], "{run}");
    }
    // An event to come moves the forecast of its day.
    let forecast =
        |events: &str| place.printed(&format!("forecast --run run --days 2 {events} --format json --quiet"));
    let calm = forecast("");
    let date = calm["days"][0]["date"].as_str().unwrap().to_owned();
    place.write("later.csv", format!("Date,Kind\n{date},news\n"));
    let moved = forecast("--events later.csv");
    assert!(number(&moved, "/days/0/price") > 1.004 * number(&calm, "/days/0/price"), "{moved}\n{calm}");
    let said = place.succeed("forecast --run run");
    assert!(said.err.contains("note: the events end on "), "{}", said.err);

    let said = place.complaint("export --run run --to model.onnx");
    assert!(said.contains("reads what is known of the days to come"), "{said}");
}

#[test]
fn a_network_learns_what_events_do_to_risk() {
    let place = market();
    let line = format!("{RISK} --data prices.csv --epochs 30 --learning-rate 0.01 --weight-decay 0");
    let summary = place.printed(&format!("{line} --events events.csv --run run"));
    let (own, ridge) =
        (number(&summary, "/metrics/risk/1/qlike"), number(&summary, "/baselines/risk/ridge/1/qlike"));
    assert!(own < 0.85 * ridge, "{own} against {ridge}");
    for (run, data) in [("run", ""), ("run/model.safetensors", "--data prices.csv")] {
        let found = place.printed(&format!("evaluate --run {run} {data} --format json --quiet"));
        assert!((number(&found, "/metrics/risk/1/qlike") / own - 1.0).abs() < 1e-9, "{run}: {found}");
    }
    let width = |events: &str| {
        let found = place.printed(&format!("forecast --run run --days 1 {events} --format json --quiet"));
        let date = found["days"][0]["date"].as_str().unwrap().to_owned();
        (number(&found, "/days/0/high") - number(&found, "/days/0/low"), date)
    };
    let (calm, date) = width("");
    place.write("later.csv", format!("Date,Kind\n{date},strike\n"));
    assert!(width("--events later.csv").0 > 1.2 * calm);
}

#[test]
fn what_is_known_goes_on_with_a_run_and_through_a_backtest() {
    let place = place();
    place.write("prices.csv", csv(700));
    place.write("events.csv", "Date,Kind\n2001-02-03,a\n2001-09-12,b\n2002-05-20,a\n2003-01-02,b\n");
    for line in [PRICE, RISK] {
        let line = format!("{line} --data prices.csv --events events.csv --calendar-inputs");
        let run = format!("run{}", line.len());
        place.succeed(&format!("{line} --epochs 1 --run {run}"));
        std::fs::rename(place.path("events.csv"), place.path("moved.csv")).unwrap();
        place.succeed(&format!("train --resume {run} --epochs 2 --quiet"));
        std::fs::rename(place.path("moved.csv"), place.path("events.csv")).unwrap();
        let unbroken = place.printed(&format!("{line} --epochs 2 --run whole{run}"));
        assert_eq!(place.json(&format!("{run}/summary.json"))["metrics"], unbroken["metrics"]);
        let said = place.wrong_usage(&format!("train --resume {run} --epochs 3 --events events.csv"));
        assert!(said.contains("keeps its events"), "{said}");
    }
    let line = "backtest --data prices.csv --least 400 --format json --quiet";
    let plain = place.printed(&format!("{line} --run plain"));
    let found = place.printed(&format!("{line} --calendar-inputs --events events.csv --run known"));
    assert_ne!(found["price"]["network"], plain["price"]["network"]);
    assert_ne!(found["risk"]["network"], plain["risk"]["network"]);
    assert_eq!(found["price"]["ridge"]["scaled_mse"], plain["price"]["ridge"]["scaled_mse"]);
}

#[test]
fn events_that_cannot_be_used_are_refused() {
    let place = place();
    place.write("prices.csv", csv(300));
    place.write("events.csv", "Date,Kind\n2001-02-03,meeting\n");
    place.write("others.csv", "Date,Kind\n2001-02-03,strike\n");
    place.write("broken.csv", "Date,Kind\n2001-02-03,\n");
    let said = place.complaint(&format!("{PRICE} --data prices.csv --events broken.csv"));
    insta::assert_snapshot!(said, @"error: `broken.csv`, line 2: the event has no kind; write one in its column");
    place.succeed(&format!("{PRICE} --data prices.csv --epochs 1 --events events.csv --run run"));
    let said = place.complaint("evaluate --run run --events others.csv");
    insta::assert_snapshot!(said, @"error: no event `strike` was learnt from; the model knows `meeting`");
    let said = place.wrong_usage("choose --data demo --events events.csv");
    assert!(said.contains("--events"), "{said}");
}
