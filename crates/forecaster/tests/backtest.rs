//! A backtest: every day once, whatever the threads, and the same however it was stopped.

use std::fs;

use recurrent_backend::{BackendKind, Seed};
use recurrent_data::prices::{KnownInputs, WindowSpec, demo};
use recurrent_forecaster::backtest::{Backtest, BacktestSummary, Plan, PriceModel, Refit, text};
use recurrent_forecaster::risk::{EnsembleSettings, RiskModel, RiskNetwork, RiskPrices, RiskSettings};
use recurrent_forecaster::{ModelSettings, Output, Reset};
use recurrent_train::{Interrupt, Optimiser, TrainConfig};

#[test]
fn what_was_stopped_goes_on_to_the_same_bits() {
    let table = demo(3, 420);
    let prices = RiskPrices::new(&table, "Close", Some(&table)).unwrap();
    let plan = Plan { refit: Refit::Quarter, least: 250, sliding: Some(240) };
    let segments = plan.segments(prices.dates()).unwrap();
    let train = |epochs| TrainConfig::new(epochs, Optimiser::adam_w(1.0), 0.001).with_seed(Seed(1));
    let price = PriceModel {
        windows: WindowSpec::default(),
        model: ModelSettings {
            hidden: 2,
            layers: 1,
            reset: Reset::After,
            dropout: 0.0,
            output: Output::Growth,
            ahead: 1,
        },
        batch_size: 100,
        train: train(1),
    };
    let ensemble = EnsembleSettings { window: 22, hidden: 2, layers: 1, members: 1, dropout: 0.0, known: 0 };
    let device = BackendKind::default().open().unwrap();
    let network = RiskNetwork {
        ensemble: ensemble.clone(),
        batch_size: 64,
        most_steps: usize::MAX,
        train: train(1),
        device,
    };
    let risk = RiskSettings {
        ensemble,
        column: "Close".to_owned(),
        seed: Seed(1),
        data_sha256: None,
        known: KnownInputs::default(),
    };
    let all = Backtest {
        table: &table,
        prices: &prices,
        segments: &segments,
        price: &price,
        risk: &risk,
        network: &network,
    };
    let folder = tempfile::tempdir().unwrap();
    let run = || all.run(folder.path(), &Interrupt::default(), |_| ()).unwrap().unwrap();
    let rows = run();
    let dates: Vec<String> =
        prices.dates()[segments[0].origins.start + 1..].iter().map(ToString::to_string).collect();
    assert_eq!(rows.dates(), dates);
    let files: Vec<_> = fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().path()).collect();
    assert_eq!(files.len(), segments.len());

    fs::remove_file(&files[0]).unwrap();
    assert_eq!(run().to_csv(), rows.to_csv());
    let stopped = Interrupt::default();
    stopped.request();
    assert!(all.run(folder.path(), &stopped, |_| ()).unwrap().is_none());
    fs::write(&files[0], "date\n").unwrap();
    let error = all.run(folder.path(), &Interrupt::default(), |_| ()).unwrap_err().to_string();
    assert!(error.contains("line 1") && error.contains("remove the file"), "{error}");

    let summary = BacktestSummary::of(&rows).unwrap();
    assert_eq!(
        (summary.days, summary.price.len(), summary.risk.len()),
        (dates.len(), 4, RiskModel::ALL.len())
    );
    assert_eq!(summary.risk[&RiskModel::Ridge].scores.horizons["22"].days, dates.len() - 21);
    assert!(text(&summary).contains("network on ridge"));
}
