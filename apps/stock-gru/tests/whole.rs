//! The whole job on small data: what it prints, what it leaves behind, and that the other words read it.

mod program;

use std::fs;

use program::{csv, place, small};
use serde_json::Value;

#[test]
fn a_run_without_a_word_leaves_everything_and_says_which_data() {
    let place = place();
    let said = place.succeed(&small("--epochs 11 --run run"));
    assert!(said.err.contains("DEMO DATA"), "{}", said.err);
    for words in ["DEMO DATA", "naive: tomorrow = today", "drift: mean growth", "Verdict:"] {
        assert!(said.out.contains(words), "no `{words}` in\n{}", said.out);
    }
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
        "model.safetensors",
        "report.html",
    ] {
        let size = fs::metadata(place.path("run").join(name)).map_or(0, |data| data.len());
        assert!(size > 100, "{name} has {size} bytes");
    }
    let (weights, _) = place.weights("run");
    assert!(weights.starts_with("weights_epoch_011_loss_0.0"), "{weights}");
    let events = fs::read_dir(place.path("run/tensorboard")).unwrap().count();
    assert_eq!(events, 3, "event files of the training, the result and the plots");
    assert_eq!(place.epochs("run").len(), 11);
    place.assert_whole("run");
    program_tests::assert_loads_nothing(&place.path("run/report.html"));
    let report = fs::read_to_string(place.path("run/report.html")).unwrap();
    assert!(report.contains("Demo data"), "the report says which data");
}

#[test]
fn the_report_shows_the_days_to_come_and_speaks_to_people() {
    let place = place();
    let said =
        place.succeed(&small("--epochs 4 --run run --clip-norm 1 --schedule cosine --warmup 3 --quiet"));
    let report = fs::read_to_string(place.path("run/report.html")).unwrap();
    for words in ["The days to come", "demo: the next 10 days", "90% interval"] {
        assert!(report.contains(words), "no `{words}` in the report");
    }
    let days = place.printed("forecast --run run --days 10 --format json --quiet");
    let days = days["days"].as_array().unwrap();
    for day in days {
        let price = format!("{:.2}", day["price"].as_f64().unwrap());
        let date = day["date"].as_str().unwrap();
        assert!(report.contains(date) && report.contains(&price), "{date}: {price} is not in the report");
    }
    // What Rust prints of a value for programmers.
    for words in [" {", "Some(", "None", "GlobalNorm", "RmsProp", "Cosine"] {
        let body = report.split_once("<body").unwrap().1;
        assert!(!body.contains(words), "`{words}` in the report");
    }
    assert!(!said.out.contains(" {"), "{}", said.out);
}

#[test]
fn a_network_that_forecasts_no_prices_has_a_report_that_says_so() {
    let place = place();
    place.write("prices.csv", csv(400));
    // After three steps the network still says what it says by chance: prices that fall to nothing.
    place.succeed(&small("--run run --data prices.csv --seed 3 --quiet"));
    let report = fs::read_to_string(place.path("run/report.html")).unwrap();
    assert!(report.contains("The days to come cannot be forecast: "), "no reason in the report");
}

#[test]
fn the_summary_is_the_only_line_of_json_output() {
    for (word, run) in [("", "whole"), ("train ", "train")] {
        let place = place();
        let line = word.to_owned() + &small(&format!("--run {run} --seed 7 --format json --quiet"));
        let printed = place.printed(&line);
        assert_eq!(place.run(&format!("evaluate --run {run} --quiet")).err, "");
        assert_eq!(printed, place.json(&format!("{run}/summary.json")));
        assert_has_all_fields(&printed);
    }
}

fn assert_has_all_fields(summary: &Value) {
    for (pointer, expected) in [
        ("/program", Value::from("stock-gru")),
        ("/preset", "chapter".into()),
        ("/backend", "flex".into()),
        ("/seed", 7.into()),
        ("/data/name", "demo".into()),
        ("/data/path", Value::Null),
        ("/data/rows", 4276.into()),
        ("/data/windows", 4266.into()),
        ("/data/train", 2986.into()),
        ("/data/validation", 0.into()),
        ("/data/test", 1280.into()),
        ("/parameters", (3 * 4 * (1 + 4 + 1) + 5).into()),
        ("/epochs_run", 3.into()),
        ("/best_epoch", 3.into()),
        ("/stopped", "epochs".into()),
    ] {
        assert_eq!(summary.pointer(pointer), Some(&expected), "{pointer}");
    }
    let number = |pointer: &str| {
        let found = summary.pointer(pointer).and_then(Value::as_f64);
        found.unwrap_or_else(|| panic!("no number at {pointer}"))
    };
    for pointer in
        ["/best_loss", "/metrics/scaled_mse", "/metrics/mae", "/metrics/mase", "/seconds_per_epoch"]
    {
        assert!(number(pointer) > 0.0, "{pointer}");
    }
    for pointer in ["/baselines/naive/scaled_mse", "/baselines/drift/scaled_mse"] {
        assert!((1e-6..1e-2).contains(&number(pointer)), "{pointer} is {}", number(pointer));
    }
    assert!((0.0..=1.0).contains(&number("/metrics/directional_accuracy")));
    let skill = 1.0 - number("/metrics/scaled_mse") / number("/baselines/naive/scaled_mse");
    assert!((number("/metrics/skill") - skill).abs() < 1e-9 * skill.abs(), "skill");
    assert!(number("/peak_memory_bytes") > 1e6, "a process takes more than a megabyte");
    for pointer in ["/train_loss", "/validation_loss"] {
        let losses = summary.pointer(pointer).and_then(Value::as_array).expect(pointer);
        let losses: Vec<_> = losses.iter().map(|loss| loss.as_f64().expect(pointer)).collect();
        assert!(losses.len() == 3 && losses.is_sorted_by(|a, b| a > b), "{pointer}: {losses:?}");
    }
    let validation = summary.pointer("/validation_loss/2").and_then(Value::as_f64).unwrap();
    assert_eq!(number("/best_loss"), validation);
    assert!((number("/metrics/scaled_mse") / validation - 1.0).abs() < 1e-4, "judged on the same windows");
    let sha256 = summary["data"]["sha256"].as_str().unwrap();
    assert!(sha256.len() == 64 && sha256.chars().all(|digit| digit.is_ascii_hexdigit()), "{sha256}");
}

#[test]
fn quiet_runs_print_the_result_alone() {
    let place = place();
    let said = place.succeed(&small("--run run --quiet"));
    assert_eq!(said.err, "");
    assert!(said.out.starts_with("DEMO DATA (generated, no real prices): 3 epochs"), "{}", said.out);
    let evaluated = place.succeed("evaluate --run run --quiet");
    assert_eq!(evaluated.err, "");
    let after_first_line = |text: &str| text.split_once('\n').unwrap().1.to_owned();
    assert_eq!(after_first_line(&evaluated.out), after_first_line(&said.out));
}

#[test]
fn the_other_words_read_the_run() {
    let place = place();
    place.write("prices.csv", csv(400));
    place.succeed(&("train ".to_owned() + &small("--run run --data prices.csv --quiet")));
    for absent in ["report.html", "plots"] {
        assert!(!place.path("run").join(absent).exists(), "`train` writes no {absent}");
    }
    let summary = place.json("run/summary.json");
    assert_eq!(summary["data"]["name"], "prices.csv");
    assert_eq!(summary["data"]["windows"], 390);

    let evaluated = place.printed("evaluate --run run --format json --quiet");
    for field in ["metrics", "baselines", "verdict"] {
        assert!(!summary[field].is_null() && evaluated[field] == summary[field], "{field}: {evaluated}");
    }
    assert_eq!(evaluated["data"]["sha256"], summary["data"]["sha256"]);
    let other = place.printed("evaluate --run run --data demo --format json --quiet");
    assert_eq!(other["data"]["test"], 1280);
    assert!(other["metrics"]["scaled_mse"].as_f64() > Some(0.0));
    assert!(place.succeed("evaluate --run run --data demo").err.contains("DEMO DATA"));
}

#[test]
fn a_forecast_goes_on_as_its_prices_do_each_day_within_its_interval() {
    let place = place();
    place.write("prices.csv", csv(400));
    place.succeed(&("train ".to_owned() + &small("--run run --data prices.csv --quiet")));
    let forecast = place.printed("forecast --run run --days 7 --format json --quiet");
    assert_eq!(forecast["last_date"], "2002-03-08");
    assert_eq!(forecast["data"]["name"], "prices.csv");
    let days = forecast["days"].as_array().unwrap();
    // The file ends on a Friday.
    let dates: Vec<_> = days.iter().map(|day| day["date"].as_str().unwrap()).collect();
    let weekdays = ["09", "10", "11", "12", "13", "14", "15"].map(|day| format!("2002-03-{day}"));
    assert_eq!(dates, weekdays);
    let mut width = 0.0;
    for day in days {
        let [low, price, high] = ["low", "price", "high"].map(|field| day[field].as_f64().unwrap());
        assert!(0.0 < low && low < price && price < high, "{day}");
        assert!(high / low > width, "the interval of {day} is no wider than that of the day before");
        width = high / low;
    }
    let said = place.succeed("forecast --run run --days 7 --level 0.5");
    assert!(said.out.starts_with("prices.csv: last price "), "{}", said.out);
    assert!(said.out.contains("50% interval") && said.out.contains("How far to trust it:"), "{}", said.out);
    assert_eq!(said.out.lines().filter(|line| line.starts_with("2002-03-")).count(), 7);
    assert_eq!(
        place.printed("forecast --run run --days 7 --format json --quiet"),
        forecast,
        "a seed decides"
    );
}

#[test]
fn plots_are_drawn_again_as_they_were() {
    let place = place();
    place.succeed(&small("--run run --epochs 10 --quiet"));
    let plots = || {
        let mut plots: Vec<_> = fs::read_dir(place.path("run/plots"))
            .unwrap()
            .map(|entry| entry.unwrap().path())
            .map(|path| (fs::read(&path).unwrap(), path))
            .collect();
        plots.sort();
        plots
    };
    let drawn = plots();
    assert_eq!(drawn.len(), 5);
    fs::remove_dir_all(place.path("run/plots")).unwrap();
    assert_eq!(place.succeed("plot --run run --quiet").out, "plots: run/plots\n");
    assert!(plots() == drawn, "the plots differ");
    assert_eq!(place.printed("plot --run run --format json --quiet")["plots"], "run/plots");
    place.write("prices.csv", csv(400));
    let others = place.succeed("plot --run run --data prices.csv --quiet");
    assert_eq!(others.out, "plots: run/plots-prices.csv\n");
    assert!(plots() == drawn, "the run's own stay");
    let price = |folder: &str| fs::read(place.path(&format!("run/{folder}/price.svg"))).unwrap();
    assert!(price("plots-prices.csv") != price("plots"), "plots of other prices");
}

#[test]
fn further_features_and_a_limit_of_steps_work() {
    let place = place();
    place.succeed(&small("--run run --features open,high,low,volume --max-steps 5 --quiet"));
    let summary = place.json("run/summary.json");
    assert_eq!(summary["stopped"], "steps");
    assert_eq!(summary["epochs_run"], 0);
    assert_eq!(summary["best_epoch"], Value::Null);
    assert_eq!(summary["parameters"], 3 * 4 * (5 + 4 + 1) + 5);
    assert!(place.path("run/report.html").is_file(), "a report, even of no whole epoch");
    let evaluated = place.printed("evaluate --run run --format json --quiet");
    assert_eq!(evaluated["metrics"], summary["metrics"]);
    let days = place.printed("forecast --run run --format json --quiet");
    assert_eq!(days["days"].as_array().map(Vec::len), Some(5));
}

#[test]
fn a_run_that_gets_no_better_stops_early() {
    let place = place();
    place.succeed(&small("--run run --epochs 50 --patience 2 --learning-rate 1e-30 --quiet"));
    let summary = place.json("run/summary.json");
    assert_eq!(summary["stopped"], "early");
    assert_eq!((&summary["epochs_run"], &summary["best_epoch"]), (&3.into(), &1.into()));
}

#[test]
fn without_an_option_fetched_prices_come_before_demo_data() {
    let place = place();
    let line = "train --epochs 1 --hidden 4";
    assert!(place.succeed(line).err.contains("DEMO DATA"));
    assert_eq!(place.json("runs/stock-gru-1/summary.json")["data"]["name"], "demo");
    fs::create_dir(place.path("datasets")).unwrap();
    place.write("datasets/^DJI.csv", csv(100));
    let said = place.succeed(line);
    assert!(said.err.contains("^DJI.csv: 100 days") && !said.err.contains("DEMO"), "{}", said.err);
    assert_eq!(place.json("runs/stock-gru-2/summary.json")["data"]["name"], "^DJI.csv");
}

#[test]
fn a_column_with_a_space_in_its_name_is_forecast() {
    let place = place();
    // Only the columns that are asked for must hold prices.
    place.write(
        "prices.csv",
        csv(100).replace("Close,Adj Close", "Adj Close,Note").replace(",1000\n", ",x\n"),
    );
    let mut command = place.command(&small("--run run --data prices.csv --quiet --format json"));
    let output = command.args(["--column", "Adj Close"]).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    assert_eq!(place.json("run/config.json")["settings"]["windows"]["target"], "Adj Close");
}

#[test]
#[cfg(target_os = "linux")]
fn a_screen_that_is_gone_costs_no_run() {
    let place = place();
    let full = || fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
    let output = place.command(&small("--run a")).stderr(full()).output().unwrap();
    assert_eq!(output.status.code(), Some(0));
    assert!(String::from_utf8_lossy(&output.stdout).contains("Verdict"));

    let output = place.command(&small("--run b --quiet")).stdout(full()).output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    insta::assert_snapshot!(String::from_utf8_lossy(&output.stderr), @r"
    error: cannot write the result to standard output
      because No space left on device (os error 28)
    ");
    place.assert_equal("b", "a");
    assert!(place.path("b/report.html").is_file(), "all is written by then");
}

#[test]
fn the_best_preset_beats_tomorrow_is_today_on_the_demo_series() {
    let place = place();
    place.succeed("train --data demo --run run --quiet");
    let summary = place.json("run/summary.json");
    let skill = summary["metrics"]["skill"].as_f64().unwrap();
    assert!(skill > 0.1, "the skill is {skill}");
    assert!(summary["diebold_mariano"]["naive"]["p_value"].as_f64().unwrap() < 0.05);
}

#[test]
fn windows_that_are_held_out_choose_the_epoch_with_either_preset() {
    let place = place();
    for (preset, without) in [("best", "nothing"), ("chapter", "test")] {
        let watched = |options: &str| {
            let line = small(&format!("--preset {preset} {options} --epochs 2 --format json --quiet"));
            place.printed(&format!("train {line}"))["watched"].clone()
        };
        assert_eq!(watched(""), without);
        assert_eq!(watched("--validation-fraction 0.2"), "validation");
    }
}
