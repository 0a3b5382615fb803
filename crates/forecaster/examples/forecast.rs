//! Forecasts the days after a table of prices ends: with a trained model, or with one that it first trains on generated prices.
//!
//!     cargo run -p recurrent-forecaster --example forecast [RUN_OR_MODEL_FILE PRICES.CSV]
#![allow(clippy::print_stdout)] // an example shows its result

use std::error::Error;

use recurrent_backend::BackendKind;
use recurrent_data::prices::{DEMO_DAYS, PriceTable, WindowSpec, demo, read_csv};
use recurrent_forecaster::{
    Forecaster, ModelSettings, Network, Output, Prices, Reset, Seed, Settings, ShuffledWindows, report,
};
use recurrent_train::{Optimiser, TrainConfig, Training};

const LEVEL: f64 = 0.9;

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let (forecaster, table) = match &arguments[..] {
        [model, prices] => {
            let forecaster = Forecaster::load(model)?;
            let table = read_csv(prices, &forecaster.columns())?;
            (forecaster, table)
        }
        [] => {
            let table = demo(1, DEMO_DAYS);
            (trained(&table)?, table)
        }
        _ => return Err("expected a run or model file and a price file, or nothing".into()),
    };
    let days = forecaster.forecast(&table, 5, LEVEL)?;
    println!("{}\n{}", report::days_text(&days, LEVEL), report::text(&forecaster.judge(&table)?));
    Ok(())
}

/// Trains a network of four units for 20 epochs: a second.
fn trained(table: &PriceTable) -> Result<Forecaster, Box<dyn Error>> {
    let seed = Seed(1);
    let model = ModelSettings {
        hidden: 4,
        layers: 1,
        reset: Reset::After,
        dropout: 0.0,
        output: Output::Growth,
        ahead: 1,
    };
    let settings = Settings::new(WindowSpec::default(), model).with_seed(seed);
    let prices = Prices::new(table, &settings.windows, settings.fractions)?;
    let batches = ShuffledWindows::new(&prices.windows, prices.split.train.clone(), 100, seed);
    let device = BackendKind::default().open()?.autodiff();
    let network = Network::new(&settings.model, settings.features(), seed, &device);
    println!("{}", Network::summary(&settings.model, settings.features()));
    let config = TrainConfig::new(20, Optimiser::adam_w(3.0), 0.001).with_seed(seed);
    let outcome = Training::new(&config, &batches).run(network)?;
    Ok(Forecaster::new(settings, outcome.model))
}
