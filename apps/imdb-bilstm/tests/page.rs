//! `export --to PAGE.html` in a browser, where there is one and ONNX Runtime Web was fetched.

mod program;

use program::{place, small, with_reviews};
use program_tests::Place;
use program_tests::browser::{Browser, onnxruntime_web};
use program_tests::page::assert_readable;
use recurrent_classifier::{Classifier, Explain, Passage};
use serde_json::{Value, json};

/// Texts of a language that is written without blanks.
fn without_blanks() -> Place {
    let place = place();
    let row = |i: usize| format!("{}的电影{},{}\n", ["好", "坏"][i % 2], i % 9, i % 2);
    let rows = std::iter::once("text,label\n".to_owned()).chain((0..200).map(row));
    place.write("chinese.csv", rows.collect::<String>());
    place
}

/// Texts of four stars or tags, in Latin and other letters.
fn with_stars() -> Place {
    let place = place();
    let row = |i: usize| {
        let word = ["dull", "fair", "good", "moving"][i % 4];
        format!("\"A {word} film, number {}. It was {word} indeed.\",{}\n", i % 9, i % 4 + 1)
    };
    let rows = std::iter::once("text,label\n".to_owned()).chain((0..240).map(row));
    place.write("stars.csv", rows.collect::<String>());
    place
}

const KINDS: [&str; 7] = [
    "--preset chapter --layers 2 --learning-rate 0.02",
    "--preset best --members 2 --pooling last,max,mean --stacking nb-svm --epochs 8 --learning-rate 0.02",
    "--preset chapter --data stars.csv --labels classes --truncating post --padding post",
    "--preset best --data stars.csv --labels several --stacking nb-svm --epochs 12 --learning-rate 0.02",
    "--preset chapter --tokens characters --learning-rate 0.02",
    "--preset chapter --data chinese.csv --learning-rate 0.02",
    "--preset chapter --cell gru --directions forward --learning-rate 0.02",
];

const TEXTS: [&str; 5] = [
    "好的电影,\u{e2d}\u{e23}\u{e48} 3.5 can't",
    "A <br />GOOD, \u{c9}t\u{e9}-fine film!\tNumber 3: it's moving\u{a0}(on and on).",
    "\u{39f}\u{394}\u{39f}\u{3a3} dull\u{1c}silly __proto__ constructor",
    "bad",
    "the story goes on and on, the story goes on and on, the story goes on and on, a good film, and the story goes on and on and on \
     and on. It was fine, and not dull at all.",
];

/// Whether two answers are the same, but for the last digits of their numbers.
fn are_alike(one: &Value, other: &Value) -> bool {
    match (one, other) {
        (Value::Number(one), Value::Number(other)) => {
            (one.as_f64().unwrap() - other.as_f64().unwrap()).abs()
                <= 1e-5 * (1.0 + one.as_f64().unwrap().abs())
        }
        (Value::Array(one), Value::Array(other)) => {
            one.len() == other.len() && one.iter().zip(other).all(|(one, other)| are_alike(one, other))
        }
        (Value::Object(one), Value::Object(other)) => {
            one.len() == other.len()
                && one.iter().all(|(key, one)| other.get(key).is_some_and(|other| are_alike(one, other)))
        }
        _ => one == other,
    }
}

#[test]
fn the_page_says_what_the_model_says() {
    let Some(runtime) = onnxruntime_web() else { return };
    for options in KINDS {
        let place = match options.split("--data ").nth(1).map(|data| &data[..5]) {
            Some("stars") => with_stars(),
            Some(_) => without_blanks(),
            None => with_reviews(),
        };
        place.succeed(&format!("train --run run --quiet {}", small(options)));
        place.succeed(&format!("export --run run --to page.html --runtime {}", runtime.display()));
        let Some(mut browser) = Browser::open(&place.path("page.html"), "text=A%20good%20film") else {
            return;
        };
        browser.until("document.getElementById('why')?.checkVisibility() ?? false");
        let model = Classifier::load(place.path("run")).unwrap();
        for text in TEXTS {
            let asked = json!({ "text": text, "explain": true });
            let said = browser.value(&format!("Recurrent.ask('', '', {asked})"));
            let passage = Passage { place: None, text: text.to_owned() };
            let expected = json!(model.verdicts(&[passage], Explain::Words).unwrap()[0]);
            assert!(are_alike(&said, &expected), "{options}, {text}:\n{said}\n{expected}");
        }
        let document = browser.document();
        assert_readable(&document);
        assert!(
            document.contains("<meter ") && document.contains(" words, of which the model knows "),
            "{document}"
        );
    }
}
