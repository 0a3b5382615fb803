//! What the program says of texts, runs and options that it cannot use.

mod program;

use std::fs;
use std::io::Write;

use insta::assert_snapshot;
use program::{place, small, text, with_text};

#[test]
fn texts_that_are_none() {
    let place = place();
    assert_snapshot!(place.complaint("--data missing.txt --quiet"), @"error: `<dir>/missing.txt`: no such file or folder; check the path");
    place.write("empty.txt", "");
    assert_snapshot!(place.complaint("--data empty.txt --quiet"), @"error: `<dir>/empty.txt`: holds nothing; name one with text in it");
    place.write("blank.txt", " \n\n \t\n");
    assert_snapshot!(place.complaint("--data blank.txt --quiet"), @"error: `blank.txt` holds no character but white space; use a text with words in it");
    place.write("one.txt", "a".repeat(100));
    assert_snapshot!(place.complaint("--data one.txt --quiet"), @"error: `one.txt`: `a` (U+0061) is the only character, so there is nothing to predict; a vocabulary needs at least 2 distinct ones");
    place.write("binary.txt", [b'a', b'\n', 0, 1, 2]);
    assert_snapshot!(place.complaint("--data binary.txt --quiet"), @"error: `<dir>/binary.txt`: a binary file, not text: byte offset 2 (line 2) is 0x00; name a text file");
    place.write("latin.txt", [b'a', b'\n', b'b', 0xe9, b'c']);
    assert_snapshot!(place.complaint("--data latin.txt --quiet"), @r"
    error: `<dir>/latin.txt`: byte offset 3 (line 2) is 0xe9, which is not UTF-8 there; the file is likely to be windows-1252
      try `--encoding windows-1252`
    ");
    fs::create_dir(place.path("folder")).unwrap();
    assert_snapshot!(place.complaint("--data folder --quiet"), @"error: `<dir>/folder`: the folder holds no file with text in it (hidden ones, links, binary files and what builds leave are left out); name one that does");
    assert!(!place.path("runs").exists(), "nothing is left behind");
}

#[test]
fn texts_that_are_too_short() {
    let place = place();
    place.write("short.txt", "to be or not to be");
    let zero = "--validation-fraction 0 --test-fraction 0 --quiet --data short.txt";
    assert_snapshot!(place.complaint(&format!("{zero} --feed windows --window 18")), @r"
    error: `<dir>/short.txt`: 18 characters are too few for a window of 18, which needs at least 19; choose a shorter window or a longer text
      try `--window 4`
    ");
    assert_snapshot!(place.complaint(&format!("{zero} --feed streams --window 9 --batch-size 2")), @r"
    error: `<dir>/short.txt`: 18 characters are too few for 2 rows of 9, which need at least 19; choose fewer rows, shorter steps or a longer text
      try `--window 4`
    ");
    assert_snapshot!(place.complaint("--quiet --data short.txt"), @r"
    error: `<dir>/short.txt`: a validation fraction of 0.02 and a test fraction of 0.02 leave none of the 18 characters for the validation part; use a longer text or other fractions
      try `--validation-fraction 0 --test-fraction 0 --batch-size 4 --window 4`
    ");
    assert_snapshot!(place.wrong_usage("--quiet --data short.txt --validation-fraction 0.5 --test-fraction 0.5"), @"error: `--validation-fraction 0.5` and `--test-fraction 0.5` leave nothing to learn from; choose fractions whose sum is below 1");
    assert_snapshot!(place.complaint("--quiet --data short.txt --validation-fraction 0.1 --test-fraction 0 --window 2"), @r"
    error: `<dir>/short.txt`: the validation part has one character, so none to predict; use a longer text or another fraction
      try `--validation-fraction 0 --batch-size 8`
    ");
    assert_snapshot!(place.complaint("gradients --quiet --data short.txt"), @"error: `<dir>/short.txt`: 18 characters are too few for a window of 100, which needs at least 101; choose a shorter window or a longer text");
    assert!(!place.path("runs").exists(), "nothing is left behind");
}

/// A text of one line, of so many mebibytes.
fn one_line(mebibytes: usize) {
    let place = place();
    let mut file = fs::File::create(place.path("line.txt")).unwrap();
    for _ in 0..mebibytes {
        file.write_all("to be or not ".repeat(80_660).as_bytes()).unwrap();
    }
    drop(file);
    let options = "--data line.txt --hidden 4 --batch-size 8 --window 10 --max-steps 1 --quiet --validation-fraction 0 \
                   --test-fraction 0 --sample-every 0 --run run";
    place.succeed(&format!("train {options}"));
}

#[test]
fn a_long_line_is_a_text_like_others() {
    one_line(32);
}

/// Takes a gibibyte of disk, three of memory and a minute.
#[test]
#[ignore = "large"]
fn a_line_of_a_gibibyte_is_a_text_like_others() {
    one_line(1024);
}

#[test]
fn models_and_texts_that_do_not_fit() {
    let place = with_text();
    place.succeed(&format!("train {}", small("--run run --quiet")));
    place.write("other.txt", "The dog\nis not mûr yet.");
    assert_snapshot!(place.complaint("evaluate --run run --data other.txt --quiet"), @r"
    error: `other.txt`: the vocabulary of 23 characters lacks `t` (U+0074), at character offset 13, line 2; leave it out
      try `--replace CHAR`, to read CHAR in its place
    ");
    assert_snapshot!(place.complaint("evaluate --run run --data other.txt --quiet --replace ü"), @"error: `other.txt`: the replacement `ü` (U+00FC) is not in the vocabulary; choose a character that is");
    assert_snapshot!(place.complaint("generate --run run --length 5 --prime mûr"), @"error: `--prime`: the vocabulary of 23 characters lacks `m` (U+006D), at character offset 0, line 1; leave it out; `--replace CHAR` reads CHAR in its place");
    assert_snapshot!(place.complaint("generate --run run --length 5 --prime Tür --replace û"), @"error: `--replace`: the replacement `û` (U+00FB) is not in the vocabulary; choose a character that is");
    // No option replaces a character of what is waited for: the model never writes it.
    assert_snapshot!(place.complaint("generate --run run --length 5 --stop mûr"), @"error: `--stop`: the vocabulary of 23 characters lacks `m` (U+006D), at character offset 0, line 1; leave it out");
    place.succeed("generate --run run --length 5 --stop r --quiet");
    place.write("single.txt", "T");
    assert_snapshot!(place.complaint("evaluate --run run --data single.txt --quiet"), @"error: `<dir>/single.txt`: it has one character, so none to predict; use a longer text");
    // The run goes on with its own text alone.
    place.write("text.txt", text(200) + "\nwith another line");
    assert_snapshot!(place.complaint("train --resume run --epochs 9 --quiet"), @"error: text.txt: not the data that the run began with: its SHA-256 is 04278c3b…, expected 8aaa37de…; name the old data with `--data`, or start a new run");
    fs::remove_file(place.path("text.txt")).unwrap();
    assert_snapshot!(place.complaint("train --resume run --epochs 9"), @"error: the run's data, `<dir>/text.txt`, is no longer there; name its new place with `--data`");
    assert_snapshot!(place.complaint("evaluate --run run"), @"error: the run's data, `<dir>/text.txt`, is no longer there; name its new place with `--data`");
    fs::remove_dir_all(place.path("run/checkpoints")).unwrap();
    assert_snapshot!(place.complaint("generate --run run --length 5"), @r"
    error: run: holds no weights yet; continue the run to its first whole epoch
      try `--resume DIR` to continue it
    ");
}

#[test]
fn a_vocabulary_that_differs_from_the_models() {
    let place = with_text();
    place.succeed(&format!("train {}", small("--run run --schedule constant --quiet")));
    let config = fs::read_to_string(place.path("run/config.json")).unwrap();
    let vocabulary = place.json("run/config.json")["settings"]["vocabulary"].as_str().unwrap().to_owned();
    let with = |other: &str| {
        let quoted = |text: &str| serde_json::to_string(text).unwrap();
        place.write("run/config.json", config.replace(&quoted(&vocabulary), &quoted(other)));
    };
    with(&(vocabulary.clone() + "é"));
    // The loss in the file's name differs from machine to machine.
    let said = place.complaint("generate --run run --length 5");
    let (start, end) = (said.find("_loss_").unwrap(), said.find(".safetensors").unwrap());
    assert_snapshot!(said.replace(&said[start..end], ""), @"error: run/checkpoints/weights_epoch_003.safetensors: holds another model (text-rnn: 1 x LSTM of 16 units): parameter `bias` has shape [23], expected [24], parameter `kernel` has shape [16, 23], expected [16, 24], parameter `layers.layers.0.kernel` has shape [23, 64], expected [24, 64]; load it with the settings it was trained with");
    assert_snapshot!(place.complaint("train --resume run --epochs 9 --quiet"), @"error: run/checkpoints/state-135.safetensors: is of another model: parameter `bias` has shape [23], expected [24], parameter `kernel` has shape [16, 23], expected [16, 24], parameter `layers.layers.0.kernel` has shape [23, 64], expected [24, 64]; continue the run with the settings it was begun with");
    with("aab");
    assert_snapshot!(place.complaint("generate --run run --length 5"), @"error: run/config.json: does not hold a run's settings: `a` (U+0061) is listed twice; list each character once; start a new run");
    place.write("run/config.json", config.replace("\"hidden\": 16", "\"hidden\": 0"));
    assert_snapshot!(place.complaint("generate --run run --length 5"), @"error: run/config.json: `hidden` is 0, expected a whole number from 1 to 16384; correct it, or start a new run");
    place.write("run/config.json", config.replace("\"learning_rate\": ", "\"learning_rate\": -"));
    assert_snapshot!(place.complaint("train --resume run"), @"error: run/config.json: the training settings ask for a learning rate of -0.004; expected a number above 0; correct it, or start a new run");
}

#[test]
fn options_that_are_wrong() {
    let place = with_text();
    place.succeed(&format!("train {}", small("--run run --max-steps 1 --quiet")));
    let generate = |options: &str| place.wrong_usage(&format!("generate --run run {options}"));
    assert_snapshot!(generate("--length 0"), @"error: invalid value '0' for '--length <N>': expected a whole number from 1 to 100000000");
    assert_snapshot!(generate(""), @"error: the following required arguments were not provided:");
    assert_snapshot!(generate("--length 5 --temperature 0"), @"error: invalid value '0' for '--temperature <X>': a temperature of 0 draws nothing; for the likeliest character each time, use `--strategy greedy`");
    assert_snapshot!(generate("--length 5 --temperature=-1"), @"error: invalid value '-1' for '--temperature <X>': expected a finite number above 0");
    assert_snapshot!(generate("--length 5 --top-p 0"), @"error: invalid value '0' for '--top-p <X>': expected a number above 0, up to 1");
    assert_snapshot!(generate("--length 5 --top-p 1.01"), @"error: invalid value '1.01' for '--top-p <X>': expected a number above 0, up to 1");
    assert_snapshot!(generate("--length 5 --top-k 0"), @"error: invalid value '0' for '--top-k <N>': expected a whole number from 1 to 65535");
    assert_snapshot!(generate("--length 5 --samples 0"), @"error: invalid value '0' for '--samples <N>': expected a whole number from 1 to 4096");
    assert_snapshot!(generate("--length 5 --prime="), @"error: invalid value '' for '--prime <TEXT>': expected at least one character");
    assert_snapshot!(generate("--length 5 --stop="), @"error: invalid value '' for '--stop <TEXT>': expected at least one character");
    assert_snapshot!(place.complaint("generate --run run --length 5 --prime -ü"), @"error: `--prime`: the vocabulary of 23 characters lacks `-` (U+002D), at character offset 0, line 1; leave it out; `--replace CHAR` reads CHAR in its place");
    assert_snapshot!(generate("--length 5 --replace ab"), @"error: invalid value 'ab' for '--replace <CHAR>': expected one character");
    assert_snapshot!(generate("--length 5 --strategy greedy --temperature 0.5"), @"error: `--temperature` has no meaning for `--strategy greedy`, which draws nothing");
    assert_snapshot!(place.wrong_usage("--preset chapter"), @"error: invalid value 'chapter' for '--preset <NAME>'");
    assert_snapshot!(place.wrong_usage("--window 0"), @"error: invalid value '0' for '--window <N>': expected a whole number from 1 to 100000");
    assert_snapshot!(place.wrong_usage("--dropout 1"), @"error: invalid value '1' for '--dropout <X>': expected a number from 0 up to, but not including, 1");
    assert_snapshot!(place.wrong_usage("--init-from gone"), @"error: invalid value 'gone' for '--init-from <RUN>': there is no such folder or file; a run is the folder that training wrote, such as runs/NAME, or the model.safetensors in it");
    assert_snapshot!(place.wrong_usage("--init-from run --hidden 5"), @"error: the argument '--init-from <RUN>' cannot be used with '--hidden <N>'");
    assert_snapshot!(place.wrong_usage("--resume run --seed 5"), @"error: the argument '--resume <DIR>' cannot be used with '--seed <N>'");
    for option in [
        "--preset best",
        "--init-from run",
        "--window 5",
        "--restarts 0.1",
        "--hidden 5",
        "--loss cut",
        "--sample-every 1",
    ] {
        let said = place.wrong_usage(&format!("--resume run {option}"));
        assert!(
            said.starts_with("error: the argument '--resume <DIR>' cannot be used with"),
            "{option}: {said}"
        );
    }
    place.succeed(&format!("train {}", small("--cell gru --run gru --max-steps 1 --quiet")));
    assert_snapshot!(place.wrong_usage("--data text.txt --init-from gru --zoneout-memory 0.1"), @"error: `--zoneout-memory` has no meaning here: the cells are gru; it is for `--cell lstm`");
    assert_snapshot!(place.wrong_usage("gradients --cells lstm --activation relu"), @"error: `--activation` has no meaning here: no cell is vanilla; it is for `--cells vanilla`");
    assert_snapshot!(place.wrong_usage("gradients --cells rnn"), @"error: invalid value 'rnn' for '--cells <LIST>'");
    assert_snapshot!(place.wrong_usage("evaluate --run run --dynamic-rate 1"), @"error: the following required arguments were not provided:");
    assert_snapshot!(place.complaint("gradients --data demo --run run --quiet"), @"error: run: is a run's folder; name another with `--run`");
    assert_snapshot!(generate("--length 5 --replace x"), @"error: the following required arguments were not provided:");
    assert_snapshot!(place.complaint("generate --run run --length 5 --stop ü"), @"error: `--stop`: the vocabulary of 23 characters lacks `ü` (U+00FC), at character offset 0, line 1; leave it out");
}

#[test]
fn options_that_would_change_nothing() {
    let place = with_text();
    assert_snapshot!(place.wrong_usage("--data text.txt --rho 0.5"), @"error: `--rho` has no meaning here: it is RMSprop's, which is not used");
    assert_snapshot!(place.wrong_usage("--data text.txt --weight-decay 0.5"), @"error: `--weight-decay` has no meaning here: it is AdamW's, which is not used");
    assert_snapshot!(place.wrong_usage("--data text.txt --activation tanh"), @"error: `--activation` has no meaning here: the cells are lstm; it is for `--cell vanilla`");
    assert_snapshot!(place.wrong_usage("--data text.txt --cell gru --zoneout-memory 0.1"), @"error: `--zoneout-memory` has no meaning here: the cells are gru; it is for `--cell lstm`");
    assert_snapshot!(place.wrong_usage("--data text.txt --reset before"), @"error: `--reset` has no meaning here: the cells are lstm; it is for `--cell gru`");
    assert_snapshot!(place.wrong_usage("--data text.txt --feed windows --restarts 0.1"), @"error: `--restarts` has no meaning here: all windows begin anew; it is for `--feed streams`");
    assert!(!place.path("runs").exists(), "nothing is left behind");
}
