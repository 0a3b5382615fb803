//! `serve`: a text is judged as `classify` judges it, alike alone and in company.
#![cfg(feature = "serve")]

mod program;

use std::sync::LazyLock;
use std::thread;

use program::{review, small, with_reviews};
use program_tests::Place;
use program_tests::page::assert_readable;
use serde_json::{Value, json};

static RUN: LazyLock<Place> = LazyLock::new(|| {
    let place = with_reviews();
    place.succeed(&format!("train {}", small("--run films --epochs 12 --learning-rate 0.01 --quiet")));
    place
});

const CLASSIFY: &str = "/v1/models/films/classify";

/// Asserts that two verdicts are the same but for the last digits of their figures.
fn assert_near(found: &Value, expected: &Value, path: &str) {
    match (found, expected) {
        (Value::Number(found), Value::Number(expected)) => {
            let (found, expected) = (found.as_f64().unwrap(), expected.as_f64().unwrap());
            assert!((found - expected).abs() < 1e-4, "{path}: {found}, not {expected}");
        }
        (Value::Array(found), Value::Array(expected)) => {
            assert_eq!(found.len(), expected.len(), "{path}");
            found.iter().zip(expected).for_each(|(found, expected)| assert_near(found, expected, path));
        }
        (found, Value::Object(expected)) => {
            expected
                .iter()
                .for_each(|(name, value)| assert_near(&found[name], value, &format!("{path}.{name}")));
        }
        _ => assert_eq!(found, expected, "{path}"),
    }
}

#[test]
fn a_verdict_is_that_of_the_command() {
    let served = RUN.serve("--run films");
    let text = "A good film. It was moving, and fine.";
    let output =
        RUN.command("classify --run films --explain --format json --quiet").arg(text).output().unwrap();
    let expected: Value = serde_json::from_slice(&output.stdout).unwrap();
    let said = served.client.post(CLASSIFY, &json!({ "text": text, "explain": true }));
    assert_eq!(said.status, 200, "{}", said.text);
    assert_near(&said.json(), &expected, "verdict");
    assert_eq!(said.json()["weights"]["epoch"], 12);
    let said = served.client.post(CLASSIFY, &json!({ "texts": [text, "A dull film."] })).json();
    let verdicts = said["verdicts"].as_array().unwrap();
    assert_eq!(
        (verdicts.len(), &verdicts[0]["label"], &verdicts[1]["label"]),
        (2, &json!("positive"), &json!("negative"))
    );
    assert_eq!(
        verdicts[0]["probability"],
        served.client.post(CLASSIFY, &json!({ "text": text })).json()["probability"]
    );
    assert!(verdicts[0].get("explanation").is_none());
    let facts = served.client.get("/v1/models/films").json();
    assert_eq!(facts["facts"]["classes"], json!(["negative", "positive"]));
}

#[test]
fn who_else_asks_does_not_matter() {
    let client = RUN.serve("--run films");
    let ask = {
        let client = client.client;
        move |number: usize| {
            let texts: Vec<String> = (0..number % 5 + 1).map(|place| review(7 * number + place).0).collect();
            let said = client.post(CLASSIFY, &json!({ "texts": texts, "explain": number.is_multiple_of(3) }));
            assert_eq!(said.status, 200, "{}", said.text);
            said.json()
        }
    };
    let alone: Vec<Value> = (0..30).map(ask).collect();
    let together: Vec<_> = (0..30).map(|number| thread::spawn(move || (number, ask(number)))).collect();
    for thread in together {
        let (number, said) = thread.join().unwrap();
        assert_eq!(said, alone[number], "question {number}");
    }
}

#[test]
fn what_cannot_be_classified_is_explained() {
    let served = RUN.serve("--run films");
    let said = |question: Value| {
        let said = served.client.post(CLASSIFY, &question);
        assert_eq!(said.status, 422, "{}", said.text);
        said.json()["detail"].as_str().unwrap().to_owned()
    };
    insta::assert_snapshot!(said(json!({})), @"expected either `text` or `texts`");
    insta::assert_snapshot!(said(json!({ "text": "a", "texts": ["b"] })), @"expected either `text` or `texts`");
    insta::assert_snapshot!(said(json!({ "text": " " })), @"`text` is empty; there is nothing to classify");
    insta::assert_snapshot!(said(json!({ "texts": ["a", ""] })), @"text 2 of `texts` is empty; there is nothing to classify");
    insta::assert_snapshot!(said(json!({ "texts": [] })), @"`texts` has 0 texts, expected 1 to 256");
    let texts = vec!["a good film ".repeat(40); 200];
    let many = said(json!({ "texts": texts, "explain": true }));
    assert!(
        many.starts_with("the question takes ")
            && many.ends_with("expected at most 2000; ask for less at once"),
        "{many}"
    );
}

#[test]
fn the_page_judges_a_text_and_shows_what_moved_it() {
    let served = RUN.serve("--run films");
    let Some(document) = served.client.document("/#text=A%20good%20film.%20It%20was%20good.") else { return };
    assert_readable(&document);
    assert!(document.contains("<h2 id=\"label\" aria-live=\"polite\">positive: "), "{document}");
    assert!(
        document.contains("title=") && document.contains("rgba(var(--for-rgb)"),
        "no word is coloured: {document}"
    );
    assert!(document.contains("<li class=\"for\">good +"), "{document}");
    assert!(document.contains("model films, epoch 12, "), "which weights judged");
}
