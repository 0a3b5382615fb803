//! `serve`: a text is written by whom it is asked of, alike alone and in company, and cut off where nobody waits.
#![cfg(feature = "serve")]

mod program;

use std::sync::LazyLock;
use std::thread;

use program::{small, with_text};
use program_tests::Place;
use program_tests::page::assert_readable;
use serde_json::{Value, json};

static RUN: LazyLock<Place> = LazyLock::new(|| {
    let place = with_text();
    let options = "--hidden 32 --epochs 20 --learning-rate 0.01 --restarts 0.3 --sample-every 0 --quiet";
    place.succeed(&format!("train {}", small(&format!("--run novel {options}"))));
    place
});

const GENERATE: &str = "/v1/models/novel/generate";

#[test]
fn a_text_is_written_as_a_whole_and_in_parts() {
    let served = RUN.serve("--run novel");
    let asked = json!({ "prime": "The ", "length": 60, "seed": 3, "temperature": 0.8 });
    let whole = served.client.post(GENERATE, &asked);
    assert_eq!(whole.status, 200, "{}", whole.text);
    let whole = whole.json();
    assert_eq!(
        (&whole["prime"], &whole["seed"], &whole["stopped"]),
        (&json!("The "), &json!(3), &json!(false))
    );
    assert_eq!(whole["model"], "novel");
    assert!((1..=20).contains(&whole["weights"]["epoch"].as_u64().unwrap()), "{whole}");
    let text = whole["text"].as_str().unwrap();
    assert_eq!(text.chars().count(), 60);
    assert!(whole.get("surprise").is_none());

    let mut streamed = asked.clone();
    (streamed["stream"], streamed["surprise"]) = (json!(true), json!(true));
    let events = served.client.post(GENERATE, &streamed).events();
    let (end, parts) = events.split_last().unwrap();
    let of = |(name, part): &(String, Value)| {
        assert_eq!(name, "message");
        let text = part["text"].as_str().unwrap().to_owned();
        assert_eq!(part["surprise"].as_array().unwrap().len(), text.chars().count());
        text
    };
    assert_eq!(parts.iter().map(of).collect::<String>(), text);
    assert_eq!((&*end.0, &end.1["seed"], &end.1["text"]), ("end", &json!(3), &json!("")));
    // It is the text of the command.
    let line = "generate --run novel --prime The --length 40 --strategy greedy --format json --quiet";
    let greedy = json!({ "prime": "The", "length": 40, "strategy": "greedy" });
    assert_eq!(served.client.post(GENERATE, &greedy).json()["text"], RUN.printed(line)["samples"][0]["text"]);
}

#[test]
fn who_else_asks_does_not_matter() {
    let served = RUN.serve("--run novel");
    let client = served.client;
    let asked = |seed: u64| {
        let prime = ["The", "", "a dog"][seed as usize % 3];
        let length = 30 + seed % 7 * 20;
        json!({ "prime": prime, "length": length, "seed": seed, "replace": "e", "surprise": true })
    };
    let written = |seed: u64| {
        let said = client.post(GENERATE, &asked(seed));
        assert_eq!(said.status, 200, "{}", said.text);
        said.json()
    };
    let alone: Vec<Value> = (0..24).map(written).collect();
    let together: Vec<_> = (0..24)
        .map(|seed| thread::spawn(move || (seed, client.post(GENERATE, &asked(seed)).json())))
        .collect();
    for thread in together {
        let (seed, text) = thread.join().unwrap();
        assert_eq!(text, alone[seed as usize], "seed {seed}");
    }
    let steps = client.get("/metrics").text;
    let figure = |name: &str| {
        let line = steps.lines().find_map(|line| line.strip_prefix(name)).unwrap();
        line.trim().parse::<u64>().unwrap()
    };
    let (steps, units) =
        (figure("recurrent_steps_total{model=\"novel\"}"), figure("recurrent_units_total{model=\"novel\"}"));
    assert!(steps < units, "{steps} steps for {units} characters: none were written together");
}

#[test]
fn what_cannot_be_written_is_explained() {
    let served = RUN.serve("--run novel");
    let said = |question: Value| {
        let said = served.client.post(GENERATE, &question);
        assert_eq!(said.status, 422, "{}", said.text);
        let problem = said.json();
        assert!(!said.text.contains("--"), "it speaks of options: {}", said.text);
        problem["detail"].as_str().unwrap().to_owned()
    };
    insta::assert_snapshot!(said(json!({})), @"missing field `length` at line 1 column 2");
    insta::assert_snapshot!(said(json!({ "length": 0 })), @"`length` is 0, expected 1 to 10000 characters");
    insta::assert_snapshot!(said(json!({ "length": 5, "temperature": 0 })), @"a temperature of 0 cannot be used; choose a finite number above 0");
    insta::assert_snapshot!(said(json!({ "length": 5, "seed": 1u64 << 60 })), @"`seed` is 1152921504606846976, expected a number below 2^53");
    insta::assert_snapshot!(said(json!({ "length": 5, "prime": "x".repeat(2001) })), @"`prime` has 2001 characters, expected at most 2000");
    let unknown = said(json!({ "length": 5, "prime": "Thé" }));
    assert!(unknown.starts_with("`prime`: the vocabulary of ") && unknown.contains("lacks `é`"), "{unknown}");
    let unknown = said(json!({ "length": 5, "stop": "é" }));
    assert!(unknown.starts_with("`stop`: the vocabulary of "), "{unknown}");
}

#[cfg(unix)]
#[test]
fn a_stop_text_ends_it_and_ctrl_c_ends_the_server_in_peace() {
    let served = RUN.serve("--run novel/model.safetensors");
    let client = served.client;
    let stopped = client.post("/v1/models/novel/generate", &json!({ "length": 3000, "stop": "." })).json();
    assert!(stopped["text"].as_str().unwrap().ends_with('.') && stopped["stopped"] == true, "{stopped}");
    assert_eq!(stopped["weights"], json!({ "epoch": null, "step": null }), "a file does not say");
    let long = json!({ "prime": "The", "length": 4000, "seed": 1 });
    let asking = thread::spawn(move || client.post(GENERATE, &long));
    client.until("recurrent_steps_total{model=\"novel\"} 10");
    served.interrupt();
    let said = asking.join().unwrap();
    assert_eq!((said.status, said.json()["text"].as_str().unwrap().chars().count()), (200, 4000));
    assert_eq!(served.code(), Some(0));
}

#[test]
fn a_run_that_goes_on_is_served_with_its_newest_weights() {
    let place = with_text();
    place.succeed(&format!("train {}", small("--run novel --epochs 2 --schedule constant --quiet")));
    let served = place.serve("--run novel --threads 1");
    let epoch = || served.client.get("/v1/models/novel").json()["weights"]["epoch"].as_u64().unwrap();
    assert_eq!(epoch(), 2);
    place.succeed("train --resume novel --epochs 8 --quiet");
    served.client.until("recurrent_reloads_total{model=\"novel\"} 1");
    assert!(epoch() > 2);
    let said = served.client.post(GENERATE, &json!({ "length": 5 }));
    assert!(said.json()["weights"]["epoch"].as_u64() > Some(2), "{}", said.text);
}

#[test]
fn what_cannot_be_served_is_named() {
    let said = RUN.complaint("serve --port 0 --run novel novel");
    insta::assert_snapshot!(said.trim_end(), @"error: two models are called `novel`; give one of their folders another name");
    let served = RUN.serve("--run novel");
    let port = served.client.address.port();
    let said = RUN.complaint(&format!("serve --run novel --port {port} --quiet"));
    let expected = format!("error: cannot listen on 127.0.0.1:{port}; choose another address or port");
    assert!(said.starts_with(&expected), "{said}");
    assert!(RUN.wrong_usage("serve --run nowhere").contains("there is no such folder or file"));
}

#[test]
fn the_page_shows_a_text_while_it_is_written() {
    let served = RUN.serve("--run novel");
    let path = "/#prime=The&seed=3&length=80&temperature=0.7";
    let Some(document) = served.client.document(path) else { return };
    assert_readable(&document);
    let asked = json!({ "prime": "The", "seed": 3, "length": 80, "temperature": 0.7 });
    let text = served.client.post(GENERATE, &asked).json()["text"].as_str().unwrap().to_owned();
    let shown = document.split_once("<span class=\"prime\">The</span>").expect("the prime text").1;
    let shown = shown.split_once("</div>").unwrap().0;
    assert!(shown.contains("<span class=\"s"), "nothing is coloured: {shown}");
    let tags = shown.split('<').map(|part| part.split_once('>').map_or(part, |(_, text)| text));
    assert_eq!(tags.collect::<String>(), text);
    assert!(document.contains("80 characters, ") && document.contains(", seed 3</p>"), "{document}");
    assert!(document.contains("model novel, epoch "), "which weights wrote it");
}
