//! The windows of a table: what they hold, and what they must not.
#![cfg(feature = "prices")]

use proptest::prelude::*;
use recurrent_data::prices::{KnownInputs, LatestWindow, PriceTable, WindowSpec, Windows, demo};

const NAMES: [&str; 3] = ["Close", "High", "Volume"];

fn table(columns: &[(&str, &[f64])]) -> PriceTable {
    let dates = demo(1, columns[0].1.len()).dates().to_vec();
    let columns = columns.iter().map(|(name, values)| ((*name).to_owned(), values.to_vec())).collect();
    PriceTable::from_columns(dates, columns).unwrap()
}

fn spec(window: usize, features: &[&str]) -> WindowSpec {
    WindowSpec {
        window,
        features: features.iter().map(|&name| name.to_owned()).collect(),
        ..WindowSpec::default()
    }
}

#[test]
fn a_small_table_gives_the_windows_worked_out_by_hand() {
    let table = table(&[
        ("Close", &[2.0, 4.0, 8.0, 16.0]),
        ("High", &[3.0, 6.0, 10.0, 16.0]),
        ("Volume", &[0.0, 0.0, 6.0, 2.0]),
    ]);
    let windows = Windows::new(&table, &spec(2, &["volume", "High"])).unwrap();
    assert_eq!((windows.len(), windows.window(), windows.features()), (2, 2, 3));
    assert_eq!(windows.inputs(0), [0.5, 0.0, 0.75, 1.0, 0.0, 1.5]);
    assert_eq!(windows.inputs(1), [0.5, 0.0, 0.75, 1.0, 2.0, 1.25]);
    assert_eq!(windows.all_inputs().len(), 12);
    assert_eq!(windows.targets(), [2.0, 2.0]);
    assert_eq!((windows.scale(1), windows.last_price(1), windows.target_price(1)), (8.0, 8.0, 16.0));
    assert_eq!((windows.last_date(1), windows.target_date(1)), (table.dates()[2], table.dates()[3]));
    assert_eq!(windows.unscale(1, 1.5), 12.0);

    let latest = LatestWindow::new(&table, &spec(2, &["volume", "High"])).unwrap();
    assert_eq!(latest.inputs(), [0.5, 1.5, 0.625, 1.0, 0.5, 1.0]);
    assert_eq!((latest.last_price(), latest.last_date()), (16.0, table.dates()[3]));
}

#[test]
fn sliding_moves_the_close_and_holds_the_other_features() {
    let table =
        table(&[("Close", &[2.0, 4.0, 8.0]), ("High", &[3.0, 5.0, 10.0]), ("Volume", &[1.0, 2.0, 6.0])]);
    let mut latest = LatestWindow::new(&table, &spec(3, &["High", "Volume"])).unwrap();
    latest.slide(16.0).unwrap();
    let by_hand = [
        [4.0 / 16.0, 5.0 / 16.0, 2.0 / (14.0 / 3.0)],
        [8.0 / 16.0, 10.0 / 16.0, 6.0 / (14.0 / 3.0)],
        [16.0 / 16.0, 10.0 / 16.0, 6.0 / (14.0 / 3.0)],
    ];
    for (found, expected) in latest.inputs().iter().zip(by_hand.as_flattened()) {
        assert!((found - expected).abs() < 1e-6, "{:?}", latest.inputs());
    }
    // 2001-01-04 is a Thursday: Friday, then the weekend.
    assert_eq!(latest.last_date().to_string(), "2001-01-05");
    latest.slide(16.5).unwrap();
    assert_eq!(latest.last_date().to_string(), "2001-01-08");

    let before = latest.clone();
    for price in [0.0, -1.0, f64::NAN, f64::INFINITY] {
        latest.slide(price).unwrap_err();
        assert_eq!(latest, before);
    }
    insta::assert_snapshot!(latest.slide(f64::NAN).unwrap_err(), @"a predicted price of NaN is not above zero and finite, so no further day can be predicted");
}

#[test]
fn a_window_of_no_or_one_step_is_refused() {
    let table = demo(1, 20);
    insta::assert_snapshot!(Windows::new(&table, &spec(0, &[])).unwrap_err(), @"a window of 0 cannot be used; choose 2 or more steps, because one step divided by the window's last price is always 1");
    insta::assert_snapshot!(Windows::new(&table, &spec(1, &[])).unwrap_err(), @"a window of 1 cannot be used; choose 2 or more steps, because one step divided by the window's last price is always 1");
    insta::assert_snapshot!(LatestWindow::new(&table, &spec(1, &[])).unwrap_err(), @"a window of 1 cannot be used; choose 2 or more steps, because one step divided by the window's last price is always 1");
}

#[test]
fn too_few_rows_are_refused() {
    insta::assert_snapshot!(Windows::new(&demo(1, 10), &spec(10, &[])).unwrap_err(), @"10 rows are too few for a window of 10, which needs at least 11; choose a shorter window or a longer series");
    insta::assert_snapshot!(LatestWindow::new(&demo(1, 9), &spec(10, &[])).unwrap_err(), @"9 rows are too few for a window of 10, which needs at least 10; choose a shorter window or a longer series");
    Windows::new(&demo(1, 10), &spec(usize::MAX, &[])).unwrap_err();
    assert_eq!(Windows::new(&demo(1, 11), &spec(10, &[])).unwrap().len(), 1);
    LatestWindow::new(&demo(1, 10), &spec(10, &[])).unwrap();
}

#[test]
fn columns_that_cannot_be_used_are_refused() {
    let table = demo(1, 20);
    let message = |spec: &WindowSpec| Windows::new(&table, spec).unwrap_err().to_string();
    insta::assert_snapshot!(message(&spec(10, &["Settle"])), @"no column `Settle`; the columns are `Open`, `High`, `Low`, `Close`, `Adj Close`, `Volume`");
    insta::assert_snapshot!(message(&spec(10, &["High", "close"])), @"column `close` is named twice among target and features; name each column once");
    let volume = WindowSpec { target: "Volume".to_owned(), ..WindowSpec::default() };
    insta::assert_snapshot!(message(&volume), @"column `Volume` cannot be the target, because a volume may be zero; choose a column of prices");
}

#[test]
fn windows_that_need_too_much_memory_are_refused() {
    let table = demo(1, 100_000);
    insta::assert_snapshot!(Windows::new(&table, &spec(50_000, &[])).unwrap_err(), @"50000 windows of 50000 steps with 1 features are more than the 1073741824 numbers that are held; choose a shorter window");
}

#[test]
fn prices_that_span_too_many_orders_of_magnitude_are_refused() {
    let (low, high) = (1e-300, 1e300);
    let in_inputs = table(&[("Close", &[high, low, low])]);
    insta::assert_snapshot!(Windows::new(&in_inputs, &spec(2, &[])).unwrap_err(), @"column `Close` up to 2001-01-03 spans too many orders of magnitude for a window; check its values");
    let in_target = table(&[("Close", &[low, low, high])]);
    insta::assert_snapshot!(Windows::new(&in_target, &spec(2, &[])).unwrap_err(), @"column `Close` up to 2001-01-04 spans too many orders of magnitude for a window; check its values");
    let mut latest = LatestWindow::new(&table(&[("Close", &[1.0, 1.0])]), &spec(2, &[])).unwrap();
    insta::assert_snapshot!(latest.slide(low).unwrap_err(), @"column `Close` up to 2001-01-04 spans too many orders of magnitude for a window; check its values");
}

#[test]
fn a_specification_is_plain_data() {
    let read: WindowSpec = serde_json::from_str(r#"{"features": ["Volume"]}"#).unwrap();
    assert_eq!(read, spec(10, &["Volume"]));
    assert_eq!(read.columns(), ["Close", "Volume"]);
    assert!(serde_json::from_str::<WindowSpec>(r#"{"windows": 10}"#).is_err());
}

/// Closes, highs and volumes of one length, and a window that fits.
fn series() -> impl Strategy<Value = (usize, [Vec<f64>; 3])> {
    (2_usize..8, 1_usize..20).prop_flat_map(|(window, beyond)| {
        let rows = window + beyond;
        let prices = || prop::collection::vec(0.01..1e6_f64, rows);
        let volumes = prop::collection::vec(prop_oneof![Just(0.0), 0.0..1e12_f64], rows);
        (Just(window), (prices(), prices(), volumes).prop_map(|(close, high, volume)| [close, high, volume]))
    })
}

fn cut(columns: &[Vec<f64>; 3], rows: usize, window: usize) -> (PriceTable, WindowSpec) {
    let parts: Vec<_> = NAMES.into_iter().zip(columns.iter().map(|column| &column[..rows])).collect();
    (table(&parts), spec(window, &["High", "Volume"]))
}

proptest! {
    #[test]
    fn every_target_is_the_next_price_and_unscales_to_it((window, columns) in series()) {
        let (table, spec) = cut(&columns, columns[0].len(), window);
        let windows = Windows::new(&table, &spec).unwrap();
        let closes = table.column("Close").unwrap();
        prop_assert_eq!(windows.len(), table.len() - window);
        for i in 0..windows.len() {
            prop_assert_eq!(windows.last_price(i), closes[i + window - 1]);
            prop_assert_eq!(windows.target_price(i), closes[i + window]);
            prop_assert_eq!(windows.target_date(i), table.dates()[i + window]);
            let again = windows.unscale(i, windows.targets()[i]);
            prop_assert!((again / windows.target_price(i) - 1.0).abs() < 1e-7, "{} of {}", again, windows.target_price(i));
            for step in 0..window {
                let again = windows.unscale(i, windows.inputs(i)[step * 3]);
                prop_assert!((again / closes[i + step] - 1.0).abs() < 1e-7);
            }
        }
    }

    #[test]
    fn no_input_depends_on_a_day_after_its_window((window, columns) in series(), other in 0.01..1e6_f64) {
        let (table, spec) = cut(&columns, columns[0].len(), window);
        let windows = Windows::new(&table, &spec).unwrap();
        for i in 0..windows.len() {
            // Whatever comes from the target's day on, the inputs stay.
            let mut changed = columns.clone();
            for column in &mut changed {
                column[i + window..].fill(other);
            }
            let (changed, _) = cut(&changed, columns[0].len(), window);
            let changed = Windows::new(&changed, &spec).unwrap();
            prop_assert_eq!(windows.inputs(i), changed.inputs(i));
            // And a table that ends with the window gives the same inputs for the forecast.
            let (ended, _) = cut(&columns, i + window, window);
            let latest = LatestWindow::new(&ended, &spec).unwrap();
            prop_assert_eq!(windows.inputs(i), latest.inputs());
            prop_assert_eq!(windows.last_price(i), latest.last_price());
            prop_assert_eq!(windows.last_date(i), latest.last_date());
        }
    }

    #[test]
    fn sliding_by_the_true_price_gives_the_next_window((window, columns) in series()) {
        let columns = [columns[0].clone(), vec![1.0; columns[0].len()], vec![1.0; columns[0].len()]];
        let (start, spec) = cut(&columns, window, window);
        let mut latest = LatestWindow::new(&start, &spec).unwrap();
        for row in window..columns[0].len() {
            latest.slide(columns[0][row]).unwrap();
            let (next, _) = cut(&columns, row + 1, window);
            let expected = LatestWindow::new(&next, &spec).unwrap();
            prop_assert_eq!(latest.inputs(), expected.inputs());
            prop_assert_eq!((latest.last_date(), latest.last_price()), (expected.last_date(), expected.last_price()));
        }
    }
}

#[test]
fn what_is_known_of_a_day_is_the_same_before_and_after_it_came() {
    let table = demo(3, 60);
    let events = serde_json::from_value(serde_json::json!({ "a": [table.dates()[40].to_string()] })).unwrap();
    let known = KnownInputs { calendar: true, events };
    let spec = WindowSpec { known, ..spec(5, &[]) };
    let windows = Windows::new(&table, &spec).unwrap();
    assert_eq!((windows.features(), spec.width()), (10, 10));
    // Window 35 ends with the row 39, the day before the event.
    let last_step = &windows.inputs(35)[40..];
    assert_eq!((last_step[0], last_step[9]), (1.0, 1.01));
    assert_eq!(last_step[1..8].iter().filter(|mark| **mark == 1.01).count(), 1);
    assert_eq!(windows.inputs(36)[49], 1.0);
    let plain = Windows::new(&table, &WindowSpec { known: KnownInputs::default(), ..spec.clone() }).unwrap();
    let prices: Vec<f32> = windows.inputs(35).iter().step_by(10).copied().collect();
    assert_eq!(prices, plain.inputs(35));

    for rows in [39, 40, 41] {
        let column = ("Close".to_owned(), table.column("Close").unwrap()[..rows].to_vec());
        let part = PriceTable::from_columns(table.dates()[..rows].to_vec(), vec![column]).unwrap();
        let mut latest = LatestWindow::new(&part, &spec).unwrap();
        assert_eq!(latest.inputs(), windows.inputs(rows - 5), "{rows} rows");
        latest.slide(table.column("Close").unwrap()[rows]).unwrap();
        assert_eq!(latest.inputs(), windows.inputs(rows - 4), "{rows} rows and one more");
    }
}
