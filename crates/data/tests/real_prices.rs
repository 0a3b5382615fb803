//! The figures of the Dow Jones series, on a file that is not part of the project: run with
//! `RECURRENT_PRICES='^DJI.csv' cargo test -p recurrent-data -- --ignored`.
#![allow(clippy::print_stdout)] // the figures are shown where they are asked for
#![cfg(feature = "prices")]

use recurrent_data::{
    Fractions, Split,
    prices::{WindowSpec, Windows, read_csv},
};

#[test]
#[ignore = "needs the Dow Jones prices; name their file in RECURRENT_PRICES"]
fn the_dow_jones_series_has_its_known_figures() {
    let path = std::env::var("RECURRENT_PRICES").expect("RECURRENT_PRICES should name the file of prices");
    let spec = WindowSpec::default();
    let table = read_csv(path, &spec.columns()).unwrap();
    let closes = table.column("Close").unwrap();
    assert_eq!(table.len(), 4276);
    assert_eq!((table.dates()[0].to_string().as_str(), closes[0]), ("2001-01-02", 10646.150391));
    assert_eq!((table.dates()[4275].to_string().as_str(), closes[4275]), ("2017-12-29", 24719.220703));

    let windows = Windows::new(&table, &spec).unwrap();
    assert_eq!(windows.all_inputs().len(), 4266 * 10);
    let split = Split::by_position(windows.len(), Fractions::default()).unwrap();
    assert_eq!((split.train.len(), split.test.len()), (2986, 1280));

    let targets: Vec<f64> = windows.targets().iter().map(|&target| f64::from(target)).collect();
    let score = |forecast: f64| {
        split.test.clone().map(|i| (targets[i] - forecast).powi(2)).sum::<f64>() / split.test.len() as f64
    };
    let growth = targets[split.train.clone()].iter().sum::<f64>() / split.train.len() as f64;
    let (naive, drift) = (score(1.0), score(growth));
    println!("notes {:?}, naive {naive:.5e}, drift {drift:.5e}, SHA-256 {}", table.notes(), table.sha256());
    assert!((naive - 5.2641e-5).abs() < 5e-10, "{naive}");
    assert!((drift - 5.2508e-5).abs() < 5e-10, "{drift}");
}
