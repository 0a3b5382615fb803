//! `export --to PAGE.html`, as a user runs it, and the page itself in a browser, where there is one and ONNX Runtime Web was fetched.

mod program;

use std::fs;

use program::{small, with_text};
use program_tests::Place;
use program_tests::browser::{Browser, onnxruntime_web};
use program_tests::page::assert_readable;
use recurrent_language_model::{LanguageModel, Sampling};
use serde_json::json;

fn trained(others: &str) -> Place {
    let place = with_text();
    place.succeed(&format!("train --run run --quiet {}", small(&format!("--max-steps 30 {others}"))));
    place
}

/// The page of a run, shown with what a link sets; `None` where nothing can show it.
fn shown(place: &Place, fragment: &str) -> Option<Browser> {
    let runtime = onnxruntime_web()?;
    place.succeed(&format!("export --run run --to page.html --runtime {}", runtime.display()));
    Browser::open(&place.path("page.html"), fragment)
}

const TEXT: &str = "document.getElementById('text').textContent";

#[test]
fn the_page_writes_what_the_model_writes() {
    for options in [
        "--preset chapter-vanilla",
        "--preset chapter-lstm --case lower",
        "--preset best --layers 2",
        "--cell gru --reset before --hidden 24",
        "--tokens words",
        "--tokens subwords --vocabulary-size 40",
    ] {
        let place = trained(options);
        let Some(mut browser) = shown(&place, "prime=The%20&length=500&temperature=0") else { return };
        browser.until("document.getElementById('state')?.textContent.startsWith('500 characters') ?? false");
        let model = LanguageModel::load(place.path("run")).unwrap();
        let written: String = model.generate("The ", &Sampling::greedy(), 1).unwrap().take(500).collect();
        let prime = model.as_read("The ");
        assert_eq!(browser.value(TEXT), json!(prime.clone() + &written), "{options}");
        let document = browser.document();
        assert_readable(&document);
        assert!(document.contains("<span class=\"s") && document.contains(" tokens</p>"), "{document}");
    }
}

#[test]
fn a_seed_writes_its_text_again_and_strange_characters_are_named() {
    let place = trained("--preset best");
    let Some(mut browser) = shown(&place, "prime=The&length=60&temperature=0.8&seed=7") else { return };
    let ended = "document.getElementById('state')?.textContent.endsWith(', seed 7') ?? false";
    browser.until(ended);
    let first = browser.value(TEXT);
    assert_eq!(first.as_str().unwrap().chars().count(), 63);
    browser.value("document.getElementById('write').click()");
    browser.until(ended);
    assert_eq!(browser.value(TEXT), first);
    // Without a prime text it begins anywhere.
    let ask =
        |prime: &str| format!("Recurrent.ask('', '', {{ prime: {prime}, length: 3, strategy: 'greedy' }})");
    let begun = browser.value(&ask("''"));
    assert_eq!(begun["prime"].as_str().unwrap().chars().count(), 1, "{begun}");
    let said = browser.complaint(&ask("'The \u{2603}'"));
    assert_eq!(said, "Error: the model does not know the character \"\u{2603}\"; leave it out");
    let said = "Recurrent.attempt(() => Recurrent.ask('', '', { prime: '\u{2603}', length: 1 }))\
                .then(() => document.getElementById('problem').textContent)";
    assert!(browser.value(said).as_str().unwrap().contains('\u{2603}'));
}

#[test]
fn what_a_page_lacks_is_told_with_what_helps() {
    let place = trained("--preset best");
    insta::assert_snapshot!(place.complaint("export --run run --to page.html"), @r"
    error: datasets/onnxruntime-web.tgz: there is no such file or folder; expected the npm package onnxruntime-web
      try `cargo xtask fetch-data --only onnxruntime-web`, or name the package with `--runtime PATH`
    ");
    place.write("other.tgz", "no archive");
    let said = place.complaint("export --run run --to page.html --runtime other.tgz");
    assert!(said.starts_with("error: other.tgz: cannot be read\n"), "{said}");
    insta::assert_snapshot!(place.wrong_usage("export --run run --to page.html --names keras"), @"error: `--names` has no meaning here: a page has no names of a framework; write to a file that ends with .safetensors");
    insta::assert_snapshot!(place.wrong_usage("export --run run --to model.onnx --runtime other.tgz"), @"error: `--runtime` has no meaning here: only a page has a runtime in it; write to a file that ends with .html");
    assert!(!place.path("page.html").exists());
}

#[test]
fn json_says_what_was_written() {
    let Some(runtime) = onnxruntime_web() else { return };
    let place = trained("--preset best");
    let line =
        format!("export --run run --to page.html --runtime {} --format json --quiet", runtime.display());
    let bytes = place.printed(&line)["bytes"].as_u64().unwrap();
    assert_eq!(
        place.printed(&line),
        json!({ "program": "text-rnn", "run": "run", "file": "page.html", "format": "page", "bytes": bytes })
    );
    assert_eq!(bytes, fs::metadata(place.path("page.html")).unwrap().len());
}
