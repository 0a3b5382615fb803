//! `compare`: several runs on one page.

mod program;

use std::fs;

use program::{small, with_text};

#[test]
fn runs_stand_side_by_side() {
    let place = with_text();
    place.succeed(&small("train --run runs/lstm --quiet"));
    place.succeed(&small("train --run runs/gru --cell gru --epochs 2 --quiet"));
    place.write("runs/notes.txt", "no run");

    let said = place.succeed("compare --run runs/lstm runs/gru runs/notes.txt");
    for words in [
        "left out: runs/notes.txt: is no folder, expected that of a run; check the path",
        "page: compare.html",
    ] {
        assert!(said.err.contains(words), "no `{words}` in\n{}", said.err);
    }
    for words in ["Settings that differ", "model.cell", "metrics", "bits_per_character", "the same in all: "]
    {
        assert!(said.out.contains(words), "no `{words}` in\n{}", said.out);
    }
    assert!(!said.out.contains("vocabulary "), "what was learnt from the text is no setting:\n{}", said.out);
    let page = fs::read_to_string(place.path("compare.html")).unwrap();
    assert!(page.contains("text-rnn: 2 runs compared") && page.contains("(best)"), "{page}");
    program_tests::assert_loads_nothing(&place.path("compare.html"));

    let json = place.printed("compare --run runs/gru runs/lstm --to two.html --format json --quiet");
    assert_eq!(json["page"], "two.html");
    assert_eq!(json["runs"][0]["name"], "gru");
    let cell =
        json["differences"].as_array().unwrap().iter().find(|difference| difference["name"] == "model.cell");
    assert_eq!(cell.unwrap()["values"], serde_json::json!(["gru", "lstm"]));
    assert!(place.path("two.html").exists());
}

#[test]
fn what_cannot_be_compared_is_refused() {
    let place = with_text();
    place.succeed(&small("train --run run --quiet --max-steps 2"));
    let said = place.complaint("compare --run nothing");
    assert!(said.contains("nothing: is no folder, expected that of a run; check the path"), "{said}");
    place.succeed("compare --run run --to page.html");
    place.succeed("compare --run run --to page.html"); // which it may write anew
    let said = place.complaint("compare --run run --to run/summary.json");
    assert!(said.contains("is a file of the run itself; choose another name with `--to FILE`"), "{said}");
    let usage = place.wrong_usage("compare");
    assert!(usage.contains("required"), "{usage}");
}
