//! Forecasts of a trained model: what they are, that they do not depend on who asks, and what is refused.

mod support;

use std::thread;

use insta::assert_snapshot;
use recurrent_data::Fractions;
use recurrent_data::prices::{PriceTable, WindowSpec, demo};
use recurrent_forecaster::{Forecaster, Judgement, Prices, Settings, plots, report};
use recurrent_report::Size;
use recurrent_train::Batches;
use support::{SEED, settings, table, trained};

const fn assert_shared<T: Send + Sync + Clone>() {}
const _: () = assert_shared::<Forecaster>();

#[test]
fn eight_threads_at_once_forecast_the_same() {
    let (forecaster, table) = (trained(), table());
    let alone = (forecaster.forecast(&table, 20, 0.9).unwrap(), forecaster.judge(&table).unwrap());
    thread::scope(|scope| {
        let ask = || (forecaster.forecast(&table, 20, 0.9).unwrap(), forecaster.judge(&table).unwrap());
        let asked: Vec<_> = (0..8).map(|_| scope.spawn(ask)).collect();
        for thread in asked {
            assert_eq!(thread.join().unwrap(), alone);
        }
    });
    let clone = forecaster.clone();
    let moved = thread::spawn(move || clone.forecast(&demo(1, 400), 20, 0.9).unwrap());
    assert_eq!(moved.join().unwrap(), alone.0);
}

#[test]
fn each_day_lies_in_its_interval_and_intervals_widen() {
    let (forecaster, table) = (trained(), table());
    let days = forecaster.forecast(&table, 10, 0.9).unwrap();
    let narrow = forecaster.forecast(&table, 10, 0.5).unwrap();
    let (mut last, mut width) = (table.dates()[table.len() - 1], 0.0);
    for (day, narrow) in days.iter().zip(&narrow) {
        assert!(day.date > last && day.low < day.value && day.value < day.high, "{day:?} after {last}");
        assert!((day.date, day.value) == (narrow.date, narrow.value) && day.low < narrow.low, "{day:?}");
        assert!(day.high / day.low > width, "the interval of {} is no wider than that before", day.date);
        (last, width) = (day.date, day.high / day.low);
    }
    assert!(forecaster.forecast(&table, 0, 0.9).unwrap().is_empty());
}

#[test]
fn the_first_day_is_what_the_newest_window_gives() {
    let (forecaster, table) = (trained(), table());
    let first = forecaster.forecast(&table, 1, 0.9).unwrap()[0].value;
    // One more day: the newest window is then the last whose truth is known, whatever that is.
    let mut dates = table.dates().to_vec();
    dates.push(forecaster.forecast(&table, 1, 0.9).unwrap()[0].date);
    let prices = [table.column("Close").unwrap(), &[first]].concat();
    let longer = PriceTable::from_columns(dates, vec![("Close".to_owned(), prices)]).unwrap();
    let forecasts = forecaster.forecasts(&forecaster.prices(&longer).unwrap());
    let last = forecasts.test[forecasts.test.len() - 1];
    assert!((last / first - 1.0).abs() < 1e-12, "{last} and {first}");
}

#[test]
fn the_judgement_is_of_the_test_windows() {
    let (forecaster, table) = (trained(), table());
    let prices = forecaster.prices(&table).unwrap();
    let judgement = forecaster.judge(&table).unwrap();
    assert_eq!(judgement, Judgement::of(&prices, &forecaster.forecasts(&prices).test).unwrap());
    assert_eq!((judgement.windows, prices.windows.len()), (118, 392));
}

#[test]
fn what_cannot_be_forecast_is_refused() {
    let forecaster = trained();
    let error =
        |table: &PriceTable, level: f64| forecaster.forecast(table, 5, level).unwrap_err().to_string();
    assert_snapshot!(error(&demo(1, 8), 0.9), @"8 rows are too few for a window of 8, which needs at least 9; choose a shorter window or a longer series");
    assert_snapshot!(error(&demo(1, 9), 0.9), @"a training fraction of 0.7 and a validation fraction of 0 leave none of the samples, 1 in all, for the training part; use more rows or other fractions");
    assert_snapshot!(error(&table(), 0.0), @"the level of an interval is 0; it must be above 0 and below 1");
    assert_snapshot!(error(&table(), 1.0), @"the level of an interval is 1; it must be above 0 and below 1");
    assert_snapshot!(error(&table(), 90.0), @"the level of an interval is 90; it must be above 0 and below 1");
    let (dates, prices) = (table().dates().to_vec(), table().column("Close").unwrap().to_vec());
    let settle = PriceTable::from_columns(dates, vec![("Turnover".to_owned(), prices)]).unwrap();
    assert_snapshot!(error(&settle, 0.9), @"no column `Close`; the columns are `Turnover`");
    assert_snapshot!(forecaster.judge(&settle).unwrap_err(), @"no column `Close`; the columns are `Turnover`");
}

#[test]
fn a_network_whose_forecasts_are_no_prices_is_told() {
    let device = recurrent_backend::BackendKind::default().open().unwrap();
    let mut settings = settings();
    settings.model.output = recurrent_forecaster::Output::Price;
    // Of zeros alone, the network says that every price is 0.
    let network = recurrent_forecaster::Network::zeros(&settings.model, settings.features(), &device);
    let forecaster = Forecaster::new(settings, network);
    let error = forecaster.forecast(&table(), 5, 0.9).unwrap_err();
    assert_snapshot!(error, @"a predicted price of 0 is not above zero and finite, so no further day can be predicted");
}

#[test]
#[should_panic(expected = "the network is of other settings")]
fn a_network_of_other_settings_is_refused() {
    let other = Settings::new(WindowSpec::default(), settings().model)
        .with_fractions(Fractions { train: 0.5, validation: 0.1 });
    let mut other = other;
    other.model.hidden = 6;
    Forecaster::new(other, trained().network().clone());
}

#[test]
fn the_days_to_come_are_told_and_drawn() {
    let (forecaster, table) = (trained(), table());
    let days = forecaster.forecast(&table, 3, 0.995).unwrap();
    let text = report::days_text(&days, 0.995);
    assert_eq!(text.lines().count(), 4);
    assert!(text.starts_with("date             forecast            99.5% interval\n"), "{text}");
    let line = text.lines().nth(1).unwrap();
    for word in [days[0].date.to_string(), format!("{:.2}", days[0].value), format!("{:.2}", days[0].high)] {
        assert!(line.contains(&word), "no {word} in {line}");
    }
    let prices = forecaster.prices(&table).unwrap();
    let chart = plots::ahead(&prices, "demo", &days, 0.995);
    assert_eq!(chart.title(), "demo: the next 3 days");
    let svg = chart.svg(Size::Wide).unwrap();
    for name in ["99.5% interval", "price", "forecast"] {
        assert!(svg.contains(name), "no {name} in the picture");
    }
}

#[test]
fn an_epoch_visits_each_window_once() {
    let prices = Prices::new(&table(), &settings().windows, Fractions::default()).unwrap();
    let range = 3..40;
    let batches = recurrent_forecaster::ShuffledWindows::new(&prices.windows, range.clone(), 10, SEED);
    assert_eq!(batches.steps_per_epoch(), 4);
    let targets =
        |epoch| -> Vec<f32> { (0..4).flat_map(|step| batches.batch(epoch, step).targets).collect() };
    let (first, second) = (targets(0), targets(1));
    assert_ne!(first, second, "another order each epoch");
    assert_eq!(first, targets(0), "a batch is a function of epoch and step");
    let sorted = |mut targets: Vec<f32>| {
        targets.sort_by(f32::total_cmp);
        targets
    };
    let all = sorted(prices.windows.targets()[range].to_vec());
    assert_eq!((sorted(first), sorted(second)), (all.clone(), all));
    assert_eq!(batches.batch(0, 3).inputs.len(), 7 * 8, "the last batch is smaller");
}
