//! What `classify` says of a review, of a file and of standard input, and which words it names.

mod program;

use std::io::Write;
use std::process::Stdio;
use std::sync::LazyLock;
use std::time::Instant;

use program::{review, small, with_reviews};
use program_tests::{Place, Said};
use serde_json::Value;

/// A run that all tests classify with.
static RUN: LazyLock<Place> = LazyLock::new(|| {
    let place = with_reviews();
    place.succeed(&format!("train {}", small("--run run --epochs 12 --learning-rate 0.01 --quiet")));
    place
});

/// Runs `classify` with words of which one is a text with blanks, and something on standard input.
fn classify(words: &[&str], input: &[u8]) -> Said {
    let mut command = RUN.command("classify --run run");
    command.args(words).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    child.stdin.take().unwrap().write_all(input).unwrap();
    let output = child.wait_with_output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    Said { code: output.status.code(), out: text(output.stdout), err: text(output.stderr) }
}

fn lines(said: &Said) -> Vec<Value> {
    assert_eq!(said.code, Some(0), "{}", said.err);
    said.out.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[test]
fn a_review_is_said_to_praise_or_not() {
    for (text, label) in
        [("A good film. It was good.", "positive"), ("A dull film. It was dull.", "negative")]
    {
        let [verdict] = &lines(&classify(&[text, "--format", "json"], b""))[..] else { panic!("one line") };
        assert_eq!(verdict["label"], label, "{verdict}");
        assert_eq!(verdict["probability"].as_f64().unwrap() > 0.5, label == "positive");
        assert_eq!((&verdict["words"], &verdict["known"]), (&6.into(), &6.into()));
        let words = verdict["explanation"].as_array().unwrap();
        let effect = |word: &str| {
            let of = words.iter().filter(|it| it["word"] == word);
            of.map(|it| it["effect"].as_f64().unwrap()).sum::<f64>()
        };
        let (moved, other) = if label == "positive" {
            (effect("good"), effect("film"))
        } else {
            (-effect("dull"), -effect("film"))
        };
        assert!(moved > 0.1 && moved > other, "{verdict}");
        let said = classify(&[text], b"");
        assert!(said.out.starts_with(&format!("{label}: probability of being positive ")), "{}", said.out);
        assert!(
            said.out.contains("6 of 6 words known\n") && said.out.contains("for praise: "),
            "{}",
            said.out
        );
    }
}

#[test]
fn files_and_standard_input_say_the_same() {
    let texts: Vec<String> = (0..30).map(|i| review(i * 3).0).collect();
    let plain = texts.join("\n") + "\n";
    let json: String =
        texts.iter().map(|text| serde_json::json!({"id": 1, "text": text}).to_string() + "\r\n").collect();
    RUN.write("new.txt", &plain);
    RUN.write("new.jsonl", &json);
    let expected = lines(&classify(&["-", "--format", "json"], plain.as_bytes()));
    assert_eq!(expected.len(), 30);
    for said in [
        classify(&["--file", "new.txt", "--format", "json"], b""),
        classify(&["--file", "new.jsonl", "--format", "json"], b""),
        classify(&["-", "--format", "json"], json.as_bytes()),
        classify(&["-", "--format", "json"], format!("\u{feff}{}", plain.trim_end()).as_bytes()),
    ] {
        assert_eq!(lines(&said), expected);
    }
    for (i, (verdict, text)) in expected.iter().zip(&texts).enumerate() {
        assert_eq!(verdict["line"], i + 1);
        assert!(verdict["explanation"].is_null());
        let [alone] = &lines(&classify(&[text, "--format", "json"], b""))[..] else { panic!("one line") };
        let difference = alone["probability"].as_f64().unwrap() - verdict["probability"].as_f64().unwrap();
        assert!(difference.abs() < 1e-5, "alone and in a batch: {alone}, {verdict}");
    }
    let explained = lines(&classify(&["--file", "new.txt", "--explain", "--format", "json"], b""));
    assert!(
        explained
            .iter()
            .all(|verdict| verdict["explanation"].as_array().is_some_and(|words| words.len() > 5))
    );
}

#[test]
fn colours_are_for_terminals() {
    let text = "A good film. It was good.";
    assert!(!classify(&[text], b"").out.contains('\u{1b}'), "no terminal, no colours");
    let run = |variables: &[(&str, &str)]| {
        let mut command = RUN.command("classify --run run");
        command.arg(text).env_remove("NO_COLOR").envs(variables.iter().copied());
        String::from_utf8(command.output().unwrap().stdout).unwrap()
    };
    let coloured = run(&[("CLICOLOR_FORCE", "1")]);
    assert!(coloured.contains("\u{1b}[32mgood"), "{coloured}");
    assert!(!run(&[("NO_COLOR", "1")]).contains('\u{1b}'));
    // What steers a terminal is not passed on to it.
    let said = classify(&["good \u{1b}[2J\u{7} film"], b"");
    assert!(!said.out.contains(['\u{1b}', '\u{7}']), "{:?}", said.out);
}

#[test]
fn many_at_once_are_faster_than_one_by_one() {
    let many: String = (0..1000).map(|i| review(i).0 + "\n").collect();
    let start = Instant::now();
    assert_eq!(lines(&classify(&["-", "--format", "json"], many.as_bytes())).len(), 1000);
    let many = start.elapsed().as_secs_f64() / 1000.0;
    let start = Instant::now();
    for i in 0..5 {
        classify(&[&review(i).0], b"");
    }
    let one = start.elapsed().as_secs_f64() / 5.0;
    assert!(one > 10.0 * many, "{one} s for one alone, {many} s for one of many");
}

/// With weights as large as the best preset's, which are most of what is read.
#[test]
fn a_cold_start_takes_three_tenths_of_a_second_at_most() {
    let place = with_reviews();
    place.succeed("train --data reviews.csv --pretrain-epochs 0 --max-steps 1 --run run --quiet");
    for run in ["run", "run/model.safetensors"] {
        let seconds = (0..7).map(|_| {
            let start = Instant::now();
            place.succeed(&format!("classify --run {run} good"));
            start.elapsed().as_secs_f64()
        });
        // The least, since other tests want the processor too.
        let seconds = seconds.fold(f64::INFINITY, f64::min);
        assert!(seconds < 0.3, "{run}: {seconds} s");
    }
}

#[test]
fn the_one_file_is_all_that_classifying_takes() {
    let away = program::place();
    std::fs::copy(RUN.path("run/model.safetensors"), away.path("shipped.safetensors")).unwrap();
    let words =
        |place: &Place, run: &str| place.succeed(&format!("classify --run {run} --format json good")).out;
    assert_eq!(words(&away, "shipped.safetensors"), words(&RUN, "run"));
    let judged = RUN.printed("evaluate --run run --format json --quiet");
    let line = "evaluate --run run/model.safetensors --data reviews.csv --format json --quiet";
    assert_eq!(RUN.printed(line), judged, "the file knows which reviews were learnt from");
    let complaint = RUN.complaint("evaluate --run run/model.safetensors");
    assert!(complaint.contains("a model file does not say where its data is"), "{complaint}");
}

#[test]
fn a_reader_that_leaves_is_no_error() {
    let mut command = RUN.command("classify --run run -");
    let mut child =
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    drop(child.stdout.take());
    child.stdin.take().unwrap().write_all("A good film.\n".repeat(10_000).as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    assert_eq!((output.status.code(), String::from_utf8(output.stderr).unwrap().as_str()), (Some(0), ""));
}

#[test]
fn blank_lines_are_skipped_and_told() {
    let said = classify(&["-", "--format", "json"], b"A film.\n\n \t\r\nAnother.\n");
    let places: Vec<_> = lines(&said).iter().map(|verdict| verdict["line"].as_u64().unwrap()).collect();
    assert_eq!(places, [1, 4]);
    insta::assert_snapshot!(said.err, @"note: 2 reviews without text were left out; the first is line 2");
}

#[test]
fn of_a_table_the_texts_are_classified() {
    RUN.write("new.csv", "id,review,rating\n7,A good film.,5\n8,\"A dull film,\nreally\",1\n");
    let rows = lines(&classify(&["--file", "new.csv", "--format", "json"], b""));
    assert_eq!(rows.iter().map(|row| row["row"].as_u64().unwrap()).collect::<Vec<_>>(), [1, 2]);
    assert_eq!([&rows[0]["label"], &rows[1]["label"]], ["positive", "negative"]);
    assert_eq!(rows[1]["words"], 4);
}

#[test]
fn what_cannot_be_classified() {
    let said = |words: &[&str], input: &[u8]| {
        let said = classify(words, input);
        assert_eq!((said.code, said.out.as_str()), (Some(1), ""), "{words:?}");
        said.err
    };
    insta::assert_snapshot!(said(&["-"], b""), @"error: `standard input`: there is no review in it; write one a line");
    insta::assert_snapshot!(said(&["   "], b""), @"error: TEXT: the review is empty; write one, or `-` to read standard input");
    insta::assert_snapshot!(said(&["-"], b"{\"text\": \"A film.\""), @"error: `standard input`, line 1: no JSON object: EOF while parsing an object at column 18; expected one review a line");
    insta::assert_snapshot!(said(&["-"], b"{\"text\": \"\"}"), @"error: `standard input`: there is no review in it; write one a line");
    insta::assert_snapshot!(said(&["-"], b"A film.\nCaf\xe9\n"), @r"
    error: `standard input`: line 2: byte 0xe9 is not UTF-8; the text is likely to be windows-1252
      try `--encoding windows-1252`
    ");
    insta::assert_snapshot!(said(&["--file", "missing.txt"], b""), @"error: `missing.txt`: no such file or folder; check the path");
    let long = "good ".repeat(250_000);
    insta::assert_snapshot!(said(&["-"], long.as_bytes()), @"error: `standard input`, line 1: the text holds 1250000 bytes, more than the 1048576 of any review; take it out");
}
