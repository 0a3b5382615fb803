//! `export`: that ONNX Runtime, PyTorch and Keras forecast what the program forecasts, prices in and a price out.

mod program;

use program::{Place, csv, place, small};
use program_tests::peers::{Peer, array, case, frameworks};
use recurrent_data::prices::{PriceTable, Reading, read};
use recurrent_forecaster::{Forecaster, Reset, one_step};
use serde_json::Value;

/// A trained model, of prices that are beside it.
fn trained(options: &str) -> Place {
    let place = place();
    let lines = csv(400).lines().map(str::to_owned).enumerate().collect::<Vec<_>>();
    // Volumes that differ, and some windows without any.
    let volume = |day: usize| if day % 50 > 30 { 0 } else { day * 7919 % 997 };
    let lines =
        lines.into_iter().map(|(day, line)| line.replace(",1000", &format!(",{}", volume(day))) + "\n");
    place.write("prices.csv", lines.collect::<String>());
    let options = small(&format!("--data prices.csv --layers 2 --max-steps 20 {options}"));
    place.succeed(&format!("train --run run --quiet {options}"));
    place
}

fn table(place: &Place, model: &Forecaster) -> PriceTable {
    read(place.path("prices.csv"), &model.columns(), &Reading::default()).unwrap()
}

/// A hundred windows of a table as it has them, and the price after each.
fn cases(model: &Forecaster, table: &PriceTable) -> Value {
    const COUNT: usize = 100;
    let windows = model.prices(table).unwrap().windows;
    let columns: Vec<&[f64]> = model.columns().iter().map(|name| table.column(name).unwrap()).collect();
    let window = windows.window();
    let rows = (0..COUNT).flat_map(|first| first..first + window);
    let prices: Vec<f64> = rows.flat_map(|row| columns.iter().map(move |column| column[row])).collect();
    let expected = one_step(model.network(), &windows, 0..COUNT);
    case(
        [("prices", array("float64", &[COUNT, window, columns.len()], prices))],
        [("price", array("float64", &[COUNT], expected))],
    )
}

/// Exports a run for each framework that its model can be written for, and compares there.
fn assert_same_elsewhere(place: &Place, run: &str, peers: &[Option<Peer>; 3]) {
    let files = ["--to model.onnx", "--to pytorch.safetensors", "--to keras.safetensors --names keras"];
    let model = Forecaster::load(place.path(run)).unwrap();
    let cases = [cases(&model, &table(place, &model))];
    for (file, peer) in files.into_iter().zip(peers) {
        let line = format!("export --run {run} {file}");
        if model.settings().model.reset == Reset::Before && file.contains("pytorch") {
            insta::allow_duplicates! {
                insta::assert_snapshot!(place.complaint(&line), @r"
                error: `rnn` cannot be written: PyTorch's GRU resets after the product; ONNX and Keras have both
                  try `--names keras`, or `--to FILE.onnx`
                ");
            }
            continue;
        }
        let example = place.succeed(&line).out;
        let Some(peer) = peer else { continue };
        peer.compare(place, &example, &cases);
        let price: f64 = peer.run(place, &example).trim().parse().expect("a price");
        assert!(price.is_finite(), "{price}");
    }
}

#[test]
fn each_kind_of_model_forecasts_the_same_elsewhere() {
    let peers = frameworks();
    for options in [
        "--preset chapter",
        "--preset best",
        "--preset best --features volume,open",
        "--preset chapter --features volume",
    ] {
        assert_same_elsewhere(&trained(options), "run", &peers);
    }
}

/// A run of any size that `RECURRENT_RUN` names.
#[test]
fn a_run_that_is_named_forecasts_the_same_elsewhere() {
    let Ok(run) = std::env::var("RECURRENT_RUN") else { return };
    let place = place();
    place.write("prices.csv", csv(400));
    assert_same_elsewhere(&place, &run, &frameworks());
}

#[test]
fn a_run_of_another_program_and_files_of_the_run_are_refused() {
    let place = trained("");
    insta::assert_snapshot!(place.complaint("export --run run --to run/model.safetensors --names keras"), @"error: run/model.safetensors: is a file of the run itself; choose another name with `--to FILE`");
    insta::assert_snapshot!(place.wrong_usage("export --run run --to prices.csv"), @"error: invalid value 'prices.csv' for '--to <FILE>': expected a name that ends with .onnx, .safetensors or .html");
    std::fs::create_dir(place.path("empty")).unwrap();
    insta::assert_snapshot!(place.complaint("export --run empty --to model.onnx"), @"error: empty: holds no config.json, so it is no run's folder; check the path");
}
