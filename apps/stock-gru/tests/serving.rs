//! `serve`: prices are forecast as `forecast` forecasts them, those of the run and those of a question, alike alone and in
//! company.
#![cfg(feature = "serve")]

mod program;

use std::sync::LazyLock;
use std::thread;

use program::{Place, csv, place, small};
use program_tests::page::assert_readable;
use serde_json::{Value, json};

static RUN: LazyLock<Place> = LazyLock::new(|| {
    let place = place();
    place.write("prices.csv", csv(400));
    place.write("others.csv", csv(230));
    place.succeed(&format!("train {}", small("--run dow --data prices.csv --quiet")));
    place
});

const FORECAST: &str = "/v1/models/dow/forecast";

/// Asserts that two forecasts are the same but for the last digits of their prices.
fn assert_near(found: &Value, expected: &Value) {
    for field in ["last_date", "level", "verdict"] {
        assert_eq!(found[field], expected[field], "{field}");
    }
    let days = |answer: &Value| answer["days"].as_array().unwrap().clone();
    assert_eq!(days(found).len(), days(expected).len());
    for (found, expected) in days(found).iter().zip(days(expected)) {
        assert_eq!(found["date"], expected["date"]);
        for field in ["price", "low", "high"] {
            let (found, expected) = (found[field].as_f64().unwrap(), expected[field].as_f64().unwrap());
            assert!((found / expected - 1.0).abs() < 1e-4, "{field}: {found}, not {expected}");
        }
    }
}

#[test]
fn a_forecast_is_that_of_the_command() {
    let served = RUN.serve("--run dow");
    let own = served.client.post(FORECAST, &json!({ "days": 7, "level": 0.8, "history": 20 }));
    assert_eq!(own.status, 200, "{}", own.text);
    let own = own.json();
    let line = "forecast --run dow --days 7 --level 0.8 --format json --quiet";
    assert_near(&own, &RUN.printed(line));
    let history = own["history"].as_array().unwrap();
    assert_eq!((history.len(), &history[19]["price"]), (20, &own["last_price"]));
    let others = served.client.post(FORECAST, &json!({ "csv": csv(230), "days": 7, "level": 0.8 }));
    assert_eq!(others.status, 200, "{}", others.text);
    assert_near(&others.json(), &RUN.printed(&format!("{line} --data others.csv")));
    // The same as lists.
    let table = csv(230);
    let fields =
        |place: usize| table.lines().skip(1).map(move |line| line.split(',').nth(place).unwrap().to_owned());
    let prices: Vec<f64> = fields(4).map(|price| price.parse().unwrap()).collect();
    let lists = json!({ "Date": fields(0).collect::<Vec<_>>(), "Close": prices });
    let lists = served.client.post(FORECAST, &json!({ "prices": lists, "days": 7, "level": 0.8 }));
    assert_eq!(lists.json(), others.json());
    // A file knows no prices.
    let served = RUN.serve("--run dow/model.safetensors");
    assert_eq!(served.client.post(FORECAST, &json!({})).status, 422);
    assert_eq!(served.client.post(FORECAST, &json!({ "csv": csv(230) })).status, 200);
}

#[test]
fn intervals_of_its_own_prices_follow_the_risk_of_a_run_that_has_it() {
    RUN.succeed("--data prices.csv --epochs 1 --run both --quiet");
    let served = RUN.serve("--run both dow");
    let ask = |run: &str, question: Value| {
        let said = served.client.post(&FORECAST.replace("dow", run), &question);
        assert_eq!(said.status, 200, "{}", said.text);
        said.json()
    };
    let own = ask("both", json!({ "days": 7, "level": 0.8 }));
    assert_eq!(own["intervals"], "risk");
    assert_near(&own, &RUN.printed("forecast --run both --days 7 --level 0.8 --format json --quiet"));
    assert_eq!(ask("both", json!({ "csv": csv(230) }))["intervals"], "past_errors");
    assert_eq!(ask("dow", json!({}))["intervals"], "past_errors");
}

#[test]
fn who_else_asks_does_not_matter() {
    let served = RUN.serve("--run dow");
    let client = served.client;
    let ask = move |number: usize| {
        let mut question = json!({ "days": number % 9 + 1 });
        if number.is_multiple_of(2) {
            question["csv"] = json!(csv(150 + 10 * number));
        }
        let said = client.post(FORECAST, &question);
        assert_eq!(said.status, 200, "{}", said.text);
        said.json()
    };
    let alone: Vec<Value> = (0..12).map(ask).collect();
    let together: Vec<_> = (0..12).map(|number| thread::spawn(move || (number, ask(number)))).collect();
    for thread in together {
        let (number, said) = thread.join().unwrap();
        assert_eq!(said, alone[number], "question {number}");
    }
}

#[test]
fn what_cannot_be_forecast_is_explained() {
    let served = RUN.serve("--run dow");
    let said = |question: Value| {
        let said = served.client.post(FORECAST, &question);
        assert_eq!(said.status, 422, "{}", said.text);
        said.json()["detail"].as_str().unwrap().to_owned()
    };
    insta::assert_snapshot!(said(json!({ "days": 0 })), @"`days` is 0, expected 1 to 250");
    insta::assert_snapshot!(said(json!({ "level": 1.0 })), @"`level` is 1, expected a number above 0 and below 1");
    insta::assert_snapshot!(said(json!({ "history": 5000 })), @"`history` is 5000, expected at most 1000");
    insta::assert_snapshot!(said(json!({ "csv": "a", "prices": {} })), @"expected one of `prices` and `csv`, not both");
    insta::assert_snapshot!(said(json!({ "prices": { "Date": 1 } })), @"each of `prices` is to be a list, such as `Date` and `Close`");
    insta::assert_snapshot!(said(json!({ "prices": { "Date": [], "Close": [1] } })), @"the lists of `prices` are to be equally long");
    insta::assert_snapshot!(said(json!({ "csv": "PK\u{3}\u{4}" })), @"`csv` is an archive, expected the table itself");
    for csv in ["", "x", "Date,Close\n2024-01-02,1\n", "Date,Close\n2024-01-02,-1\n"] {
        assert!(!said(json!({ "csv": csv })).contains('/'), "{csv}");
    }
}

#[test]
fn the_page_shows_the_days_to_come() {
    let served = RUN.serve("--run dow");
    let Some(document) = served.client.document("/#days=6&level=0.8") else { return };
    assert_readable(&document);
    let rows =
        document.split_once("<tbody id=\"rows\">").expect("the table").1.split_once("</tbody>").unwrap().0;
    assert_eq!(rows.matches("<tr>").count(), 6, "{rows}");
    let answer = served.client.post(FORECAST, &json!({ "days": 6, "level": 0.8 })).json();
    let last = format!("<td>{:.2}</td>", answer["days"][5]["high"].as_f64().unwrap());
    assert!(rows.contains(&last), "{last} is not in {rows}");
    let verdict = answer["verdict"].as_str().unwrap().replace('<', "&lt;");
    for part in ["<svg ", "class=\"range\"", "class=\"past\"", "aria-label=\"60 days up to ", &verdict] {
        assert!(document.contains(part), "{part} is not in the page");
    }
}
