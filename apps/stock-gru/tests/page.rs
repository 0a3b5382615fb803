//! `export --to PAGE.html` in a browser, where there is one and ONNX Runtime Web was fetched.

mod program;

use program::{Place, csv, place, small};
use program_tests::browser::{Browser, onnxruntime_web};
use program_tests::page::assert_readable;
use recurrent_data::prices::{Reading, read};
use recurrent_forecaster::Forecaster;
use serde_json::json;

/// A trained model with its page, of prices that are beside it; `None` where nothing can show it.
fn shown(options: &str) -> Option<(Place, Browser)> {
    let (place, runtime) = (place(), onnxruntime_web()?);
    // Volumes that differ, and some windows without any.
    let volume = |day: usize| if day % 50 > 30 { 0 } else { day * 7919 % 997 };
    let prices = csv(400);
    let lines = prices.lines().enumerate();
    let lines = lines.map(|(day, line)| line.replace(",1000", &format!(",{}", volume(day))) + "\n");
    place.write("prices.csv", lines.collect::<String>());
    let options = small(&format!("--data prices.csv --max-steps 20 {options}"));
    place.succeed(&format!("train --run run --quiet {options}"));
    place.succeed(&format!("export --run run --to page.html --runtime {}", runtime.display()));
    let browser = Browser::open(&place.path("page.html"), "days=6")?;
    Some((place, browser))
}

fn ask(csv: &str, days: usize) -> String {
    format!("Recurrent.ask('', '', {})", json!({ "csv": csv, "days": days, "history": 60 }))
}

#[test]
fn the_page_forecasts_what_the_model_forecasts() {
    for options in ["--preset chapter", "--preset best", "--preset best --features volume,open --layers 2"] {
        let Some((place, mut browser)) = shown(options) else { return };
        let model = Forecaster::load(place.path("run")).unwrap();
        let table = read(place.path("prices.csv"), &model.columns(), &Reading::default()).unwrap();
        let expected: Vec<f64> =
            model.forecast(&table, 6, 0.9).unwrap().iter().map(|day| day.value).collect();
        browser.until("document.getElementById('about')?.textContent.startsWith('reads ') ?? false");
        let csv = std::fs::read_to_string(place.path("prices.csv")).unwrap();
        let said = browser.value(&ask(&csv, 6));
        for (day, expected) in expected.iter().enumerate() {
            let found = said["days"][day]["price"].as_f64().unwrap();
            assert!((found / expected - 1.0).abs() < 1e-5, "{options}, day {day}: {found}, not {expected}");
        }
        assert_eq!(
            (&said["last_date"], said["history"].as_array().unwrap().len()),
            (&json!("2002-03-08"), 60)
        );

        browser.value(&format!("document.getElementById('csv').value = {}", json!(csv)));
        browser.value("document.getElementById('forecast').click()");
        browser.until("!document.getElementById('answer').hidden");
        let document = browser.document();
        assert_readable(&document);
        for part in [
            "on day 6 ",
            "Tried on the last 250 days of this table",
            "<polyline class=\"path\"",
            "<td>day 6</td>",
        ] {
            assert!(document.contains(part), "{part} is not in the page: {document}");
        }
        assert!(!document.contains("class=\"range\""), "an interval that nobody knows");
    }
}

#[test]
fn tables_are_read_as_the_program_reads_them_or_not_at_all() {
    let Some((_, mut browser)) = shown("--preset chapter") else { return };
    browser.until("document.getElementById('about')?.textContent.startsWith('reads ') ?? false");
    let rows: Vec<_> = (1..=28).map(|day| (format!("2024-01-{day:02}"), 100.0 + f64::from(day))).collect();
    let table = |head: &str, row: &dyn Fn(&(String, f64)) -> String| {
        std::iter::once(head.to_owned()).chain(rows.iter().map(row)).collect::<Vec<_>>().join("\n")
    };
    let mut price = |csv: &str| browser.value(&ask(csv, 1))["days"][0]["price"].clone();
    let expected = price(&table("Date,Close,Adj Close", &|(date, price)| format!("{date},{price},{price}")));
    assert!(expected.is_number());
    let mut backwards: Vec<_> =
        rows.iter().rev().map(|(date, price)| format!("{date};\"{price}\";\"{price}\"")).collect();
    backwards.insert(0, "\u{feff}DATE;close;adj_close*".to_owned());
    backwards.insert(3, "2024-01-30;null;null".to_owned());
    assert_eq!(price(&(backwards.join("\r\n") + "\r\n")), expected);
    let bare = rows.iter().map(|(_, price)| price.to_string()).collect::<Vec<_>>().join("\n");
    assert_eq!(price(&bare), expected);

    let mut said = |csv: &str| browser.complaint(&ask(csv, 1)).trim_start_matches("Error: ").to_owned();
    let good = table("Date,Close,Adj Close", &|(date, price)| format!("{date},{price},{price}"));
    insta::assert_snapshot!(said(""), @"there are no prices yet: paste a table, or choose a file");
    insta::assert_snapshot!(said(&good.replace("2024-01-05", "05/01/2024")), @"line 6: `05/01/2024` is no date as this page reads them, such as 2024-01-31");
    insta::assert_snapshot!(said(&good.replace(",107", ",\"1,07\"")), @"line 8: `1,07` is no number as this page reads them, such as 1234.5");
    insta::assert_snapshot!(said(&good.replace("2024-01-05", "2024-01-06")), @"2024-01-06 is there twice");
    insta::assert_snapshot!(said(&good.replace(",107", ",-107")), @"line 8: `-107` is no number as this page reads them, such as 1234.5");
    insta::assert_snapshot!(said("Date,Price\n2024-01-02,7"), @"the table has no column Close; its first line is to name Date, Close");
    insta::assert_snapshot!(said(good.split("2024-01-07").next().unwrap()), @"the table has 6 rows with prices, and the network reads 10");
}
