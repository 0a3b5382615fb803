//! Several days ahead: an output for each, beside the way that feeds forecasts back.

mod support;

use recurrent_backend::BackendKind;
use recurrent_forecaster::{
    AheadScores, Forecaster, ModelSettings, Network, Prices, Settings, ShuffledWindows, Way, in_order,
    with_all_days,
};
use recurrent_train::{Batches, Optimiser, TrainConfig, Training};
use support::{SEED, settings, table};

const AHEAD: usize = 3;

fn of_days() -> Settings {
    let settings = settings();
    let model = ModelSettings { ahead: AHEAD, ..settings.model.clone() };
    Settings::new(settings.windows, model).with_seed(SEED)
}

fn prices() -> Prices {
    let settings = of_days();
    Prices::new(&table(), &settings.windows, settings.fractions).unwrap()
}

fn trained() -> Forecaster {
    let (settings, prices) = (of_days(), prices());
    let train = prices.split.train.clone();
    let batches = ShuffledWindows::of_days(&prices.windows, train, AHEAD, 50, SEED);
    let device = BackendKind::default().open().unwrap().autodiff();
    let network = Network::new(&settings.model, settings.features(), SEED, &device);
    let config = TrainConfig::new(3, Optimiser::adam(), 0.01).with_seed(SEED);
    let network = Training::new(&config, &batches).run(network).unwrap().model;
    Forecaster::new(settings, network)
}

#[test]
fn no_target_of_a_training_window_lies_in_the_test_part() {
    let prices = prices();
    let train = prices.split.train.clone();
    let batches = ShuffledWindows::of_days(&prices.windows, train.clone(), AHEAD, 50, SEED);
    let found: usize = (0..batches.steps_per_epoch()).map(|step| batches.batch(0, step).targets.len()).sum();
    assert_eq!(found, (train.len() - 2) * AHEAD);
    let last = with_all_days(train.clone(), AHEAD).end - 1;
    let batch = in_order(&prices.windows, last..last + 1, AHEAD).next().unwrap();
    let close = table().column("Close").unwrap().to_vec();
    let first = last + prices.windows.window();
    let expected: Vec<f32> = (0..AHEAD).map(|day| (close[first + day] / close[first - 1]) as f32).collect();
    assert_eq!(batch.targets, expected);
    // The last of them is the price before the first that is judged.
    assert_eq!(prices.windows.target_price(prices.split.test.start), close[first + AHEAD]);
}

#[test]
fn each_day_is_forecast_by_its_own_output_or_from_the_days_before_it() {
    let (table, forecaster) = (table(), trained());
    let direct = forecaster.with_way(Way::Direct).forecast(&table, 5, 0.9).unwrap();
    let fed_back = forecaster.with_way(Way::FedBack).forecast(&table, 5, 0.9).unwrap();
    assert_eq!(direct[0].value, fed_back[0].value);
    assert_ne!(direct[1].value, fed_back[1].value);
    let dates = |days: &[recurrent_forecaster::Day]| days.iter().map(|day| day.date).collect::<Vec<_>>();
    assert_eq!(dates(&direct), dates(&fed_back));
    assert_eq!(direct[..2], forecaster.with_way(Way::Direct).forecast(&table, 2, 0.9).unwrap());

    // The outputs are multiples of the last price.
    let close = table.column("Close").unwrap();
    let last = close[close.len() - 1];
    let batch = recurrent_forecaster::Batch {
        inputs: close[close.len() - 8..].iter().map(|price| (price / last) as f32).collect(),
        targets: Vec::new(),
        shape: [8, 1],
    };
    let outputs = forecaster.network().predict_ahead(&batch);
    for (day, output) in direct.iter().zip(&outputs) {
        assert_eq!(day.value, f64::from(*output) * last);
    }
    assert_eq!(forecaster.network().predict(&batch), outputs[..1]);
}

#[test]
fn both_ways_are_scored_on_the_same_windows() {
    let (table, forecaster, prices) = (table(), trained(), prices());
    let test = prices.split.test.clone();
    let found = forecaster.ahead(&table, &prices, test.clone()).unwrap().unwrap();
    assert_eq!((found.windows, found.days.len(), found.way), (test.len() - 2, AHEAD, Way::FedBack));
    let close =
        |score: f64, expected: f64| assert!((score / expected - 1.0).abs() < 1e-5, "{score}, not {expected}");
    close(found.days[0].direct.scaled_mse, found.days[0].fed_back.scaled_mse);

    // One window by hand: the table as if it ended there.
    let one = forecaster.ahead(&table, &prices, test.start..test.start + AHEAD).unwrap().unwrap();
    assert_eq!(one.windows, 1);
    let rows = test.start + 8;
    let prices_of = |name: &str| table.column(name).unwrap();
    let column = ("Close".to_owned(), prices_of("Close")[..rows].to_vec());
    let before =
        recurrent_data::prices::PriceTable::from_columns(table.dates()[..rows].to_vec(), vec![column]);
    let before = before.unwrap();
    let (last, truth) = (prices_of("Close")[rows - 1], &prices_of("Close")[rows..]);
    for way in [Way::Direct, Way::FedBack] {
        let days = forecaster.with_way(way).forecast(&before, AHEAD, 0.9).unwrap();
        for ((day, truth), scores) in days.iter().zip(truth).zip(&one.days) {
            let score = if way == Way::Direct { scores.direct } else { scores.fed_back };
            close(score.mae, (truth - day.value).abs());
            close(score.scaled_mse, ((truth - day.value) / last).powi(2));
            close(scores.no_change.mae, (truth - last).abs());
        }
    }
}

#[test]
fn the_way_is_the_better_one_on_the_validation_part_alone() {
    let (table, forecaster, mut prices) = (table(), trained(), prices());
    let none = forecaster.with_better_way(&table, &prices).unwrap();
    assert_eq!(none.settings().way, Way::FedBack);
    prices.split.validation = prices.split.train.end - 60..prices.split.train.end;
    let scores = forecaster.ahead(&table, &prices, prices.split.validation.clone()).unwrap().unwrap();
    let chosen = forecaster.with_better_way(&table, &prices).unwrap();
    assert_eq!(chosen.settings().way, scores.better());
    let mut other: AheadScores = scores.clone();
    other.days.iter_mut().for_each(|day| std::mem::swap(&mut day.direct, &mut day.fed_back));
    assert_ne!(other.better(), scores.better());

    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("model.safetensors");
    forecaster.with_way(Way::Direct).save(&file).unwrap();
    let loaded = Forecaster::load(&file).unwrap();
    assert_eq!(loaded.settings().way, Way::Direct);
    assert_eq!(loaded.settings().model.ahead, AHEAD);
    let judged = loaded.judge(&table).unwrap();
    assert_eq!(judged.ahead.as_ref().map(|ahead| (ahead.way, ahead.days.len())), Some((Way::Direct, AHEAD)));
    let text = recurrent_forecaster::report::text(&judged);
    assert!(text.contains("days ahead, direct") && text.contains("no change"), "{text}");
    insta::assert_snapshot!(prices.days_ahead(200).unwrap_err(), @"200 days ahead cannot be learnt from 60 windows; take fewer, or a longer series");
}
