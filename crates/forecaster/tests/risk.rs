//! The network for risk: what it may read, what it reaches where the truth is known, and that a saved one is the same.

use std::sync::Arc;

use recurrent_backend::{BackendKind, Seed};
use recurrent_data::prices::{KnownInputs, PriceTable, WindowSpec, demo};
use recurrent_forecaster::Error;
use recurrent_forecaster::risk::{
    Ensemble, EnsembleSettings, IntervalKind, IntervalSpec, Lesson, RiskForecaster, RiskModel, RiskNetwork,
    RiskPath, RiskPrices, RiskSettings, RiskTraining, TrainingPrices,
};
use recurrent_metrics::risk::qlike;
use recurrent_train::{Optimiser, TrainConfig, Training};
use recurrent_volatility::models::Ridge;
use recurrent_volatility::{Days, FittedVariance, VarianceModel, simulate};

fn ensemble() -> EnsembleSettings {
    EnsembleSettings { window: 22, hidden: 4, layers: 1, members: 2, dropout: 0.0, known: 0 }
}

fn network(epochs: usize) -> RiskNetwork {
    RiskNetwork {
        ensemble: ensemble(),
        batch_size: 64,
        most_steps: usize::MAX,
        train: TrainConfig::new(epochs, Optimiser::adam_w(1.0), 0.001).with_seed(Seed(1)),
        device: BackendKind::default().open().unwrap(),
    }
}

fn prices(table: &PriceTable) -> RiskPrices {
    RiskPrices::new(table, "Close", Some(table)).unwrap()
}

fn forecaster(table: &PriceTable) -> RiskForecaster {
    let settings = RiskSettings {
        ensemble: ensemble(),
        column: "Close".to_owned(),
        seed: Seed(1),
        data_sha256: None,
        known: KnownInputs::default(),
    };
    let of =
        [TrainingPrices::split("demo", prices(table), &WindowSpec::default(), Default::default()).unwrap()];
    let training = RiskTraining::new(settings, &of).unwrap();
    let RiskNetwork { train, device, .. } = network(2);
    let batches = training.batches(64, usize::MAX, Seed(1));
    let untrained = Ensemble::new(&ensemble(), Seed(1), &device.autodiff());
    let trained = Training::new(&train, &batches).run(untrained).unwrap().model;
    training.finish(trained).unwrap()
}

#[test]
fn before_it_learns_the_network_says_what_the_ridge_regression_says() {
    let market = simulate::log_har(&simulate::LogHar::default(), 400, Seed(3)).unwrap();
    let (training, all) = (market.days().until(300), market.days());
    let lesson = Lesson::new(&ensemble(), &[training.into()]).unwrap();
    let device = BackendKind::default().open().unwrap();
    let fitted = lesson.fitted(Ensemble::new(&ensemble(), Seed(1), &device));
    let ridge = Ridge::default().fit(training).unwrap();
    assert_eq!(fitted[0].forecasts(all, 300..401).unwrap(), ridge.forecasts(all, 300..401).unwrap());
}

#[test]
fn no_forecast_reads_a_day_after_its_origin() {
    let market = simulate::log_har(&simulate::LogHar::default(), 420, Seed(4)).unwrap();
    let fitted = network(1).fit(market.days().until(300)).unwrap();
    let (mut returns, mut variances) = (market.days().returns().to_vec(), market.days().variances().to_vec());
    let before = fitted.forecasts(market.days(), 300..361).unwrap();
    returns[360..].iter_mut().for_each(|r| *r = -0.3);
    variances[360..].iter_mut().for_each(|variance| *variance = 0.09);
    let days = Days::new(&returns, &variances).unwrap();
    assert_eq!(fitted.forecasts(days, 300..361).unwrap(), before);
    assert_ne!(fitted.forecasts(days, 361..362).unwrap(), fitted.forecasts(market.days(), 361..362).unwrap());
    let error = fitted.forecasts(days, 21..30).unwrap_err();
    insta::assert_snapshot!(error, @"there is no forecast from origin 21: 22 days must lie before it, and 420 are known");
}

#[test]
fn where_the_truth_is_known_it_comes_within_a_twentieth_of_it() {
    for seed in [5, 6] {
        let market = simulate::log_har(&simulate::LogHar::default(), 4000, Seed(seed)).unwrap();
        let (days, first) = (market.days(), 3000);
        let fitted = network(5).fit(days.until(first)).unwrap();
        let forecasts = fitted.forecasts(days, first..days.len()).unwrap();
        let truth = &days.variances()[first..];
        let mean = |forecast: &dyn Fn(usize) -> f64| {
            truth.iter().enumerate().map(|(day, truth)| qlike(*truth, forecast(day))).sum::<f64>() / 1000.0
        };
        let (own, best) = (mean(&|day| forecasts[day][0]), mean(&|day| market.expected()[first + day]));
        assert!(own <= 1.05 * best, "seed {seed}: {own} against {best}");
    }
}

#[test]
fn one_network_learns_from_several_prices_of_other_lengths() {
    let long = simulate::log_har(&simulate::LogHar::default(), 500, Seed(7)).unwrap();
    let short =
        simulate::log_har(&simulate::LogHar { constant: -0.2, ..Default::default() }, 300, Seed(8)).unwrap();
    let fitted = network(2).fit_all(&[long.days(), short.days()]).unwrap();
    assert!(Arc::ptr_eq(fitted[0].shared(), fitted[1].shared()));
    for (fitted, market) in fitted.iter().zip([&long, &short]) {
        let forecasts = fitted.forecasts(market.days(), 100..301.min(market.days().len())).unwrap();
        let ratios = forecasts.iter().zip(&market.expected()[100..]).map(|(ahead, truth)| ahead[0] / truth);
        let mean = ratios.sum::<f64>() / forecasts.len() as f64;
        assert!((0.8..1.25).contains(&mean), "{mean}");
    }
}

#[test]
fn a_saved_model_judges_and_forecasts_the_same() {
    let table = demo(2, 700);
    let (prices, forecaster) = (prices(&table), forecaster(&table));
    let judged = forecaster.judge(0, &prices).unwrap();
    let verdict = &judged.judgement.risk;
    assert_eq!((verdict.days, verdict.from.as_str()), (207, table.dates()[493].to_string().as_str()));
    assert_eq!(judged.judgement.metrics.risk.horizons["22"].days, 207 - 21);

    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("model.safetensors");
    forecaster.save(&file).unwrap();
    assert!(recurrent_forecaster::risk::is_model_file(&file));
    let loaded = RiskForecaster::load(&file).unwrap();
    let again = loaded.judge(0, &prices).unwrap();
    let losses = |judged: &recurrent_forecaster::risk::RiskJudgement| {
        RiskModel::ALL.map(|model| format!("{:.9}", judged.scores(model).unwrap().horizons["1"].qlike))
    };
    assert_eq!(losses(&again.judgement), losses(&judged.judgement));
    for model in RiskModel::ALL {
        let path = loaded.path(0, &prices, model, 5).unwrap();
        let fan = loaded.fan(&path, &table, &prices, 0.9).unwrap();
        assert!(fan.iter().all(|day| day.low < day.value && day.value < day.high), "{model:?}");
    }
    let bytes = std::fs::read(&file).unwrap();
    std::fs::write(&file, &bytes[..bytes.len() - 3]).unwrap();
    assert!(matches!(RiskForecaster::load(&file), Err(Error::File(_))));
}

#[test]
fn conformal_intervals_are_judged_on_the_days_after_those_that_calibrate() {
    let table = demo(2, 900);
    let (prices, forecaster) = (prices(&table), forecaster(&table));
    let plain = forecaster.judge(0, &prices).unwrap();
    for kind in [IntervalKind::Conformal, IntervalKind::Adaptive] {
        let spec = IntervalSpec { kind, level: 0.9 };
        let judged = plain.clone().with_intervals(spec).unwrap();
        let found = judged.judgement.intervals.as_ref().unwrap();
        assert_eq!((found.calibration, found.days), (133, 134));
        let mut without = judged.judgement.clone();
        without.intervals = None;
        assert_eq!(without, plain.judgement);
        for (model, pair) in &found.models {
            let outside = pair.conformal.outside;
            assert_eq!(outside.days, 134);
            // Three deviations of a share of 134 days.
            assert!((outside.rate - 0.1).abs() < 0.08, "{model:?}: {outside:?}");
            assert!(pair.conformal.width.unwrap() > 0.0 && pair.model.width.unwrap() > 0.0);
        }
        let model = RiskModel::Ridge;
        let tried = judged.tried(&prices, model, &prices.no_change(), spec).unwrap();
        assert_eq!(tried.held.map(|held| held.days), Some(134));
        let path = RiskPath { radius: tried.radius, ..forecaster.path(0, &prices, model, 3).unwrap() };
        let fan = forecaster.fan(&path, &table, &prices, 0.9).unwrap();
        let reach = (fan[0].high / fan[0].value).ln();
        assert!((reach / (tried.radius.unwrap() * path.deviations[0]) - 1.0).abs() < 1e-9);
        assert!(fan[2].high > fan[1].high && fan[1].high > fan[0].high);
    }
    let model = IntervalSpec { kind: IntervalKind::Model, level: 0.9 };
    assert_eq!(plain.clone().with_intervals(model).unwrap().judgement, plain.judgement);
    let narrow = IntervalSpec { kind: IntervalKind::Conformal, level: 0.999 };
    insta::assert_snapshot!(plain.with_intervals(narrow).unwrap_err(), @"a conformal interval of this level needs at least 1998 days, and there are 267");
}

#[test]
fn of_later_prices_all_days_are_judged_that_have_enough_before_them() {
    let table = demo(2, 900);
    let forecaster = forecaster(&demo(2, 500));
    let later = |from: usize| {
        let columns = ["Close", "High", "Low"];
        let column = |name: &str| (name.to_owned(), table.column(name).unwrap()[from..].to_vec());
        PriceTable::from_columns(table.dates()[from..].to_vec(), columns.map(column).into()).unwrap()
    };
    let days = |from| forecaster.judge(0, &prices(&later(from))).unwrap().judgement.risk.days;
    // The first price has no return, and 22 days lie before the first forecast.
    assert_eq!(days(600), 300 - 1 - 22);
    // The training ended with the row 352 of 500.
    assert_eq!(days(0), 900 - 353);
    assert_eq!(days(340), 900 - 340 - 1 - 22);
}
