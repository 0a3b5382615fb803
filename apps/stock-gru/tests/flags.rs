//! What the command line means, and what it says of wrong options.

use std::path::PathBuf;

use clap::Parser;
use recurrent_backend::BackendKind;
use recurrent_forecaster::{Output, Reset};
use recurrent_program::flags::{DataSource, Format, Optimizer, ScheduleKind, UpdateFlags};
use stock_gru::flags::{DataFlags, Flags, KnownFlags, ModelFlags, TrainFlags, Word};
use stock_gru::settings::Preset;

fn parse(line: &str) -> Result<Flags, clap::Error> {
    Flags::try_parse_from(["stock-gru"].into_iter().chain(line.split_whitespace()))
}

/// The options of the whole job.
fn whole(line: &str) -> TrainFlags {
    let flags = parse(line).unwrap();
    assert!(flags.word.is_none(), "not the whole job");
    flags.whole
}

/// The message of a line that must be refused with exit code 2.
fn wrong(line: &str) -> String {
    let error = parse(line).unwrap_err();
    assert_eq!(error.exit_code(), 2, "{line}");
    let text = error.to_string();
    text.split("\n\nFor more information").next().unwrap().trim_end().to_owned()
}

#[test]
fn no_word_is_the_whole_job_with_the_best_preset() {
    let flags = whole("");
    assert_eq!(flags.preset, Preset::Best);
    assert_eq!(flags.data, DataFlags::default());
    assert_eq!(flags.model, ModelFlags::default());
    assert_eq!(flags.updates, UpdateFlags::default());
    assert_eq!(flags.common.backend, None);
    assert_eq!(flags.common.format, Format::Text);
    assert_eq!((flags.training.data, flags.training.run, flags.training.seed), (Vec::new(), None, None));
}

#[test]
fn every_option_of_training_is_read() {
    let options = "--preset chapter --data demo --backend ndarray --threads 2 --seed 7 --epochs 3 --max-steps 50 \
                   --batch-size 16 --run runs/x --format json --quiet --column Open --features high,volume \
                   --train-fraction 0.8 --validation-fraction 0.2 --calendar-inputs --ahead 5 --output growth --weight-decay 0.5 --window 20 --hidden 64 --layers 2 --reset after --dropout 0.1 \
                   --optimizer adamw --learning-rate 1e-3 --schedule cosine --warmup 5 --rho 0.95 --epsilon 1e-7 --clip-norm 1 --patience 9";
    let Some(Word::Train(flags)) = parse(&format!("train {options}")).unwrap().word else {
        panic!("not train")
    };
    assert_eq!(whole(options), *flags);

    assert_eq!(flags.preset, Preset::Chapter);
    assert_eq!(flags.training.data, [DataSource::Demo]);
    assert_eq!((flags.common.backend, flags.common.threads), (Some(BackendKind::NdArray), Some(2)));
    assert_eq!((flags.common.format, flags.common.quiet), (Format::Json, true));
    assert_eq!(flags.training.run, Some(PathBuf::from("runs/x")));
    assert_eq!((flags.training.seed, flags.training.epochs), (Some(7), Some(3)));
    assert_eq!((flags.training.max_steps, flags.training.batch_size), (Some(50), Some(16)));
    let expected = DataFlags {
        column: Some("Open".to_owned()),
        features: Some(["High", "Volume"].map(str::to_owned).to_vec()),
        train_fraction: Some(0.8),
        validation_fraction: Some(0.2),
        known: KnownFlags { calendar_inputs: true },
    };
    assert_eq!(flags.data, expected);
    let expected = ModelFlags {
        window: Some(20),
        hidden: Some(64),
        layers: Some(2),
        reset: Some(Reset::After),
        dropout: Some(0.1),
        output: Some(Output::Growth),
        ahead: Some(5),
        members: None,
    };
    assert_eq!(flags.model, expected);
    let expected = UpdateFlags {
        optimizer: Some(Optimizer::AdamW),
        learning_rate: Some(1e-3),
        schedule: Some(ScheduleKind::Cosine),
        warmup: Some(5),
        weight_decay: Some(0.5),
        rho: Some(0.95),
        epsilon: Some(1e-7),
        clip_norm: Some(1.0),
        patience: Some(9),
    };
    assert_eq!(flags.updates, expected);
}

#[test]
fn the_other_words_read_their_run() {
    let folder = tempfile::tempdir().unwrap();
    let run = folder.path().to_str().unwrap();
    let Some(Word::Forecast(flags)) = parse(&format!("forecast --run {run}")).unwrap().word else {
        panic!("not forecast")
    };
    assert_eq!((flags.source.run.as_path(), flags.days, flags.level), (folder.path(), 5, 0.9));

    let line = format!("evaluate --run {run} --data ./demo --format json --threads 1");
    let Some(Word::Evaluate(flags)) = parse(&line).unwrap().word else { panic!("not evaluate") };
    assert_eq!(flags.read.source.data, [DataSource::Path(PathBuf::from("./demo"))]);
    assert!(matches!(parse(&format!("plot --run {run} --quiet")).unwrap().word, Some(Word::Plot(_))));
}

#[test]
fn a_resumed_run_may_be_lengthened_but_not_changed() {
    let folder = tempfile::tempdir().unwrap();
    let resume = format!("--resume {}", folder.path().display());
    let flags = whole(&format!("{resume} --epochs 9 --max-steps 5 --threads 1"));
    assert_eq!(flags.training.resume.as_deref(), Some(folder.path()));
    for option in [
        "--preset best",
        "--run x",
        "--seed 1",
        "--batch-size 5",
        "--column Open",
        "--features open",
        "--train-fraction 0.5",
        "--validation-fraction 0.5",
        "--output price",
        "--window 5",
        "--hidden 5",
        "--layers 1",
        "--reset after",
        "--dropout 0.5",
        "--optimizer adam",
        "--learning-rate 1",
        "--schedule cosine",
        "--warmup 5",
        "--rho 0.5",
        "--epsilon 1",
        "--clip-norm 1",
        "--patience 5",
    ] {
        let message = wrong(&format!("{resume} {option}"));
        let (first, name) = (message.lines().next().unwrap(), option.split(' ').next().unwrap());
        assert!(first.contains("cannot be used with") && first.contains(name), "{option}: {message}");
    }
}

#[test]
fn numbers_out_of_range_are_refused() {
    let lines = [
        "--window 0",
        "--window 1",
        "--window ten",
        "--hidden 0",
        "--layers 0",
        "--layers 1000",
        "--epochs 0",
        "--epochs=-1",
        "--max-steps 0",
        "--batch-size 0",
        "--patience 0",
        "--threads 0",
        "--threads 99999999999999999999999",
        "--seed x",
        "--learning-rate 0",
        "--learning-rate NaN",
        "--learning-rate=-0.1",
        "--learning-rate inf",
        "--rho 1",
        "--epsilon 0",
        "--clip-norm 0",
        "--dropout 1",
        "--dropout=-0.1",
        "--train-fraction 0",
        "--train-fraction 1",
        "forecast --days 0",
        "forecast --level 0",
        "forecast --level 1",
        "forecast --level 90",
    ];
    let messages: Vec<String> = lines.into_iter().map(wrong).collect();
    insta::assert_snapshot!(messages.join("\n"), @r"
    error: invalid value '0' for '--window <N>': expected a whole number from 2 to 10000
    error: invalid value '1' for '--window <N>': expected a whole number from 2 to 10000
    error: invalid value 'ten' for '--window <N>': expected a whole number from 2 to 10000
    error: invalid value '0' for '--hidden <N>': expected a whole number from 1 to 16384
    error: invalid value '0' for '--layers <N>': expected a whole number from 1 to 64
    error: invalid value '1000' for '--layers <N>': expected a whole number from 1 to 64
    error: invalid value '0' for '--epochs <N>': expected a whole number from 1 to 10000000
    error: invalid value '-1' for '--epochs <N>': expected a whole number from 1 to 10000000
    error: invalid value '0' for '--max-steps <N>': expected a whole number of at least 1
    error: invalid value '0' for '--batch-size <N>': expected a whole number from 1 to 1000000
    error: invalid value '0' for '--patience <N>': expected a whole number from 1 to 10000000
    error: invalid value '0' for '--threads <N>': expected a whole number from 1 to 1024
    error: invalid value '99999999999999999999999' for '--threads <N>': expected a whole number from 1 to 1024
    error: invalid value 'x' for '--seed <N>': expected a whole number from 0 to 18446744073709551615
    error: invalid value '0' for '--learning-rate <X>': expected a finite number above 0
    error: invalid value 'NaN' for '--learning-rate <X>': expected a finite number above 0
    error: invalid value '-0.1' for '--learning-rate <X>': expected a finite number above 0
    error: invalid value 'inf' for '--learning-rate <X>': expected a finite number above 0
    error: invalid value '1' for '--rho <X>': expected a number from 0 up to, but not including, 1
    error: invalid value '0' for '--epsilon <X>': expected a finite number above 0
    error: invalid value '0' for '--clip-norm <X>': expected a finite number above 0
    error: invalid value '1' for '--dropout <X>': expected a number from 0 up to, but not including, 1
    error: invalid value '-0.1' for '--dropout <X>': expected a number from 0 up to, but not including, 1
    error: invalid value '0' for '--train-fraction <X>': expected a number above 0 and below 1
    error: invalid value '1' for '--train-fraction <X>': expected a number above 0 and below 1
    error: invalid value '0' for '--days <N>': expected a whole number from 1 to 1000
    error: invalid value '0' for '--level <X>': expected a number above 0 and below 1
    error: invalid value '1' for '--level <X>': expected a number above 0 and below 1
    error: invalid value '90' for '--level <X>': expected a number above 0 and below 1
    ");
}

#[test]
fn unknown_names_are_refused() {
    let lines = [
        "--backend tpu",
        "--preset worst",
        "--reset never",
        "--optimizer sgd",
        "--features open,colour",
        "--format xml",
        "--column=",
    ];
    let messages: Vec<String> = lines.into_iter().map(wrong).collect();
    insta::assert_snapshot!(messages.join("\n"), @r"
    error: invalid value 'tpu' for '--backend <NAME>': unknown backend `tpu`; the backends are flex, ndarray, wgpu and cuda
    error: invalid value 'worst' for '--preset <NAME>'
      [possible values: chapter, best, risk]
    error: invalid value 'never' for '--reset <before|after>': expected before or after
    error: invalid value 'sgd' for '--optimizer <NAME>'
      [possible values: rmsprop, keras-rmsprop, adam, adamw]
    error: invalid value 'colour' for '--features <LIST>'
      [possible values: open, high, low, volume]
    error: invalid value 'xml' for '--format <text|json>'
      [possible values: text, json]
    error: invalid value '' for '--column <NAME>': expected a name
    ");
}

#[test]
fn wrong_usage_is_refused() {
    let lines = [
        "--windwo 5",
        "predict",
        "--data",
        "evaluate",
        "evaluate --run no/such/run",
        "--resume Cargo.toml",
        "--resume no/such/run",
        "--quiet evaluate --run x",
        "evaluate --run src --epochs 3",
        "train --days 3",
    ];
    let messages: Vec<String> = lines.into_iter().map(wrong).collect();
    insta::assert_snapshot!(messages.join("\n"), @r"
    error: unexpected argument '--windwo' found

      tip: a similar argument exists: '--window'

    Usage: stock-gru [OPTIONS]
           stock-gru <COMMAND> [OPTIONS]
    error: unrecognized subcommand 'predict'

    Usage: stock-gru [OPTIONS]
           stock-gru <COMMAND> [OPTIONS]
    error: a value is required for '--data <PATH|demo>' but none was supplied
    error: the following required arguments were not provided:
      --run <RUN>

    Usage: stock-gru evaluate --run <RUN>
    error: invalid value 'no/such/run' for '--run <RUN>': there is no such folder or file; a run is the folder that training wrote, such as runs/NAME, or the model.safetensors in it
    error: invalid value 'Cargo.toml' for '--resume <DIR>': it is not a folder; a run is the folder that training wrote, such as runs/NAME
    error: invalid value 'no/such/run' for '--resume <DIR>': there is no such folder; a run is the folder that training wrote, such as runs/NAME
    error: the subcommand 'evaluate' cannot be used with '--quiet'

    Usage: stock-gru [OPTIONS]
           stock-gru <COMMAND> [OPTIONS]
    error: unexpected argument '--epochs' found

    Usage: stock-gru evaluate --run <RUN>
    error: unexpected argument '--days' found

      tip: a similar argument exists: '--layers'

    Usage: stock-gru train --layers <N>
    ");
}
