//! The whole job on a small text: what it prints, what it leaves behind, and that it goes on where it was stopped.

mod program;

use std::fs;

use program::{small, with_text};
use serde_json::Value;

#[test]
fn a_run_without_a_word_leaves_everything() {
    let place = with_text();
    let said = place.succeed(&small("--run run --sample-every 2 --sample-every-steps 20"));
    for words in ["3,749 characters", "lstm_1", "--- after epoch 2 ---", "--- after step 20 ---", "report:"] {
        assert!(said.err.contains(words), "no `{words}` in\n{}", said.err);
    }
    assert!(said.out.contains("nats per character"), "{}", said.out);
    for name in [
        "config.json",
        "metrics.jsonl",
        "checkpoints/last.json",
        "model.safetensors",
        "plots/loss.svg",
        "samples/epoch_002.txt",
        "samples/step_0000020.txt",
        "summary.json",
        "report.html",
    ] {
        let size = fs::metadata(place.path("run").join(name)).map_or(0, |data| data.len());
        assert!(size > 30, "{name} has {size} bytes");
    }
    let sample = fs::read_to_string(place.path("run/samples/epoch_002.txt")).unwrap();
    assert_eq!(
        sample.chars().count(),
        40,
        "as many as were asked for; the line break before them is not shown"
    );
    let (weights, _) = place.weights("run");
    let epoch = place.json("run/summary.json")["best_epoch"].as_u64().unwrap();
    assert!(weights.starts_with(&format!("weights_epoch_{epoch:03}_loss_")), "{weights}");
    let events = fs::read_dir(place.path("run/tensorboard")).unwrap().count();
    assert_eq!(events, 3, "event files of the training, the result and the plots");
    place.assert_whole("run");
    let report = fs::read_to_string(place.path("run/report.html")).unwrap();
    for words in ["after epoch 2", "after step 120", "bits per character", "Loss by epoch"] {
        assert!(report.contains(words), "no `{words}` in the report");
    }
    program_tests::assert_loads_nothing(&place.path("run/report.html"));
}

#[test]
fn the_summary_is_the_only_line_of_json_output() {
    let place = with_text();
    let mut summary = place
        .printed(&format!("train {}", small("--run run --seed 7 --format json --quiet --test-fraction 0.1")));
    let mut kept = place.json("run/summary.json");
    assert_eq!(kept["data"]["path"].take(), place.path("text.txt").to_str().unwrap());
    assert_eq!(summary["data"]["path"].take(), "<dir>/text.txt");
    assert_eq!(summary, kept);
    for (pointer, expected) in [
        ("/program", Value::from("text-rnn")),
        ("/preset", "small".into()),
        ("/backend", "flex".into()),
        ("/seed", 7.into()),
        ("/data/name", "text.txt".into()),
        ("/data/characters", 3749.into()),
        ("/data/vocabulary", 23.into()),
        ("/data/train", 3301.into()),
        ("/data/validation", 74.into()),
        ("/data/test", 374.into()),
        ("/parameters", (4 * 16 * (23 + 16 + 1) + 17 * 23).into()),
        ("/epochs_run", 3.into()),
        ("/stopped", "epochs".into()),
        ("/metrics/judged_on", "test".into()),
        ("/metrics/characters", 373.into()),
        ("/metrics/floor", Value::Null),
    ] {
        assert_eq!(summary.pointer(pointer), Some(&expected), "{pointer}");
    }
    let number = |pointer: &str| summary.pointer(pointer).and_then(Value::as_f64).expect(pointer);
    let nats = number("/metrics/nats_per_character");
    assert!((number("/metrics/bits_per_character") - nats / 2f64.ln()).abs() < 1e-9);
    assert!((number("/metrics/perplexity") - nats.exp()).abs() < 1e-9);
    for pointer in ["/train_loss", "/validation_loss"] {
        let losses = summary.pointer(pointer).and_then(Value::as_array).expect(pointer);
        let losses: Vec<_> = losses.iter().map(|loss| loss.as_f64().expect(pointer)).collect();
        assert!(losses.len() == 3 && losses.is_sorted_by(|a, b| a > b), "{pointer}: {losses:?}");
    }
    assert!(number("/seconds_per_epoch") > 0.0 && number("/peak_memory_bytes") > 1e6);
}

#[test]
fn presets_are_the_chapters() {
    let place = with_text();
    for (preset, parameters) in [
        ("chapter-vanilla", 800 * (23 + 800 + 1) + 800 * (800 + 800 + 1) + 801 * 23),
        ("chapter-lstm", 4 * 800 * (23 + 800 + 1) + 4 * 800 * (800 + 800 + 1) + 801 * 23),
    ] {
        let line = format!(
            "train --data text.txt --preset {preset} --max-steps 1 --run {preset} --format json --quiet"
        );
        let summary = place.printed(&line);
        assert_eq!(summary["parameters"], parameters, "{preset}");
        let vocabulary = place.json(&format!("{preset}/config.json"))["settings"]["vocabulary"].clone();
        assert_eq!(vocabulary, "\n .0123456adefghiknorst", "small letters alone, by code point");
        assert_eq!(summary["data"]["test"], 0);
        assert_eq!(summary["metrics"]["judged_on"], "training");
        let config = place.json(&format!("{preset}/config.json"));
        let setting = |pointer: &str| config.pointer(&format!("/settings{pointer}")).expect(pointer).clone();
        assert_eq!(setting("/train/learning_rate"), 0.001);
        assert_eq!((setting("/batch_size"), setting("/train/epochs")), (100.into(), 300.into()));
        assert_eq!(setting("/train/watch/patience"), 50);
        assert_eq!(setting("/train/watch/loss"), "train-loss");
        assert_eq!(setting("/train/optimiser/keras-rms-prop/rho"), 0.9);
        assert_eq!(setting("/train/optimiser/keras-rms-prop/epsilon"), 1e-8);
        let (window, dropout, length) =
            if preset == "chapter-lstm" { (160, 0.4, 500) } else { (100, 0.3, 200) };
        assert_eq!((setting("/window"), setting("/model/dropout")), (window.into(), dropout.into()));
        assert_eq!(
            (setting("/samples/every_epochs"), setting("/samples/length")),
            (10.into(), length.into())
        );
        assert_eq!(setting("/samples/strategy"), "greedy");
    }
}

#[test]
fn a_stopped_run_goes_on_to_the_same_result() {
    let place = with_text();
    for feed in ["windows", "streams"] {
        let options = format!(
            "--feed {feed} --layers 2 --dropout 0.2 --sample-every 1 --weight-dropout 0.1 --zoneout 0.05 \
             --zoneout-memory 0.2 --normalization layer --recurrent-dropout 0.1{}",
            if feed == "streams" { " --restarts 0.3" } else { "" }
        );
        place.succeed(&format!("train {}", small(&format!("{options} --run {feed} --quiet"))));
        let begun = format!("{feed}-begun");
        // In the middle of an epoch, where streams carry a state.
        place
            .succeed(&format!("train {}", small(&format!("{options} --run {begun} --max-steps 17 --quiet"))));
        place.succeed(&format!("train --resume {begun} --max-steps 31 --quiet"));
        place.succeed(&format!("train --resume {begun} --max-steps 1000 --quiet --threads 1"));
        place.assert_equal(feed, &begun);
        for epoch in 1..=3 {
            let sample =
                |run: &str| fs::read(place.path(run).join(format!("samples/epoch_{epoch:03}.txt"))).unwrap();
            assert!(sample(feed) == sample(&begun), "{feed}: the sample of epoch {epoch}");
        }
        let model = |run: &str| fs::read(place.path(run).join("model.safetensors")).unwrap();
        assert!(model(feed) == model(&begun), "{feed}: the model file");
    }
}

#[test]
fn a_model_goes_on_with_another_text_and_learns_its_new_characters() {
    let place = with_text();
    place.succeed(&format!("train {}", small("--run first --epochs 8 --quiet")));
    place.write("other.txt", program::text(150).replace("dog", "mûr çat"));
    let line = "train --data other.txt --init-from first --epochs 2 --batch-size 4 --window 20 --quiet --format json";
    let second = place.printed(&format!("{line} --run second"));
    assert_eq!(second["data"]["vocabulary"], 27, "m, û, ç and t are new");
    let fresh = place.printed(
        "train --data other.txt --hidden 16 --epochs 2 --batch-size 4 --window 20 --quiet --format json --run fresh",
    );
    let loss = |summary: &Value| summary["train_loss"][0].as_f64().unwrap();
    assert!(loss(&second) < 0.9 * loss(&fresh), "{} is hardly below {}", loss(&second), loss(&fresh));
    place.succeed("generate --run second --length 50 --prime mûr --quiet");
    place.printed(&format!("{line} --init-from first/model.safetensors --run by-file").replacen(
        "--init-from first ",
        "",
        1,
    ));
    assert!(place.weights("second").1 == place.weights("by-file").1, "by the run's folder or by its file");
    place.succeed("evaluate --run second --data text.txt --quiet");
}

#[test]
fn a_run_killed_before_its_first_checkpoint_still_begins_with_the_other_runs_weights() {
    let place = with_text();
    place.succeed(&format!("train {}", small("--run first --epochs 8 --quiet")));
    let line = "train --data text.txt --init-from first --epochs 2 --batch-size 4 --window 20 --quiet";
    place.succeed(&format!("{line} --run unbroken"));
    place.succeed(&format!("{line} --run killed --max-steps 1"));
    fs::remove_dir_all(place.path("killed/checkpoints")).unwrap();
    place.succeed("train --resume killed --max-steps 100000 --quiet");
    place.assert_equal("unbroken", "killed");
}

#[test]
fn a_run_whose_learning_rate_has_fallen_is_not_gone_on_with() {
    let place = with_text();
    place.succeed(&format!("train {}", small("--run run --quiet")));
    insta::assert_snapshot!(place.wrong_usage("train --resume run --epochs 4 --quiet"), @"error: the learning rate of this run falls to nothing by its step 135, so it would learn nothing in further epochs; start a new run with as many `--epochs` as it is to have");
    place.succeed("train --resume run --quiet");
    place.succeed(&format!("train {}", small("--run constant --schedule constant --warmup 5 --quiet")));
    place.succeed("train --resume constant --epochs 4 --quiet");
    let rates: Vec<_> = place.epochs("constant").iter().map(|epoch| epoch["learning_rate"].clone()).collect();
    assert!(rates.len() == 4 && rates.iter().all(|rate| *rate == rates[0]), "{rates:?}");
}

#[test]
fn a_held_out_part_chooses_the_epoch_of_every_preset() {
    let place = with_text();
    let line = "train --data text.txt --preset chapter-vanilla --hidden 8 --layers 1 --epochs 2 --quiet --format json";
    let with = place.printed(&format!("{line} --run with --validation-fraction 0.1 --test-fraction 0.1"));
    assert_eq!(place.json("with/config.json")["settings"]["train"]["watch"]["loss"], "validation-loss");
    assert_eq!(
        (&with["data"]["validation"], &with["validation_loss"].as_array().unwrap().len()),
        (&374.into(), &2)
    );
    let without = place.printed(&format!("{line} --run without"));
    assert_eq!(place.json("without/config.json")["settings"]["train"]["watch"]["loss"], "train-loss");
    assert_eq!(without["metrics"]["judged_on"], "training");
}

#[test]
fn a_run_of_an_older_version_goes_on_as_it_began() {
    let place = with_text();
    place.succeed(&format!("train {}", small("--run old --restarts 0 --max-steps 17 --quiet")));
    let config = fs::read_to_string(place.path("old/config.json")).unwrap();
    let without = config.replace("    \"restarts\": 0.0,\n", "");
    assert!(without.len() < config.len(), "{config}");
    place.write("old/config.json", without);
    place.succeed("train --resume old --max-steps 1000 --quiet");
    place.succeed(&format!("train {}", small("--run unbroken --restarts 0 --quiet")));
    place.assert_equal("unbroken", "old");
    place.succeed(&format!("train {}", small("--run restarting --quiet")));
    assert_eq!(place.json("restarting/config.json")["settings"]["restarts"], 0.02);
    assert!(place.weights("unbroken").1 != place.weights("restarting").1, "rows began anew");
}

#[test]
fn a_model_file_is_judged_on_the_text_that_is_named() {
    let place = with_text();
    place.succeed(&format!("train {}", small("--run run --test-fraction 0.1 --quiet")));
    place.write("other.txt", "The dog sees.");
    fs::create_dir(place.path("shipped")).unwrap();
    fs::rename(place.path("run/model.safetensors"), place.path("shipped/model.safetensors")).unwrap();
    for data in ["text.txt", "other.txt"] {
        let judged = |run: &str| {
            place.printed(&format!("evaluate --run {run} --data {data} --format json --quiet"))["metrics"]
                .clone()
        };
        assert_eq!(judged("run"), judged("shipped/model.safetensors"), "{data}");
    }
    insta::assert_snapshot!(place.complaint("evaluate --run shipped/model.safetensors --quiet"), @"error: a model file does not say where its data is; name it with `--data`");
    place.succeed("evaluate --run shipped/model.safetensors --data other.txt --per-character --quiet");
    assert!(
        place.path("shipped/surprise/surprise.html").is_file(),
        "beside the file, where no folder is named"
    );
}

#[test]
fn a_run_in_shards_goes_on_to_the_same_end() {
    let place = with_text();
    let options = "--feed streams --batch-size 5 --dropout 0.2 --seed 3 --quiet --sample-every 0 --shards 3";
    place.succeed(&format!("train {}", small(&format!("{options} --run whole --max-steps 60"))));
    place.succeed(&format!("train {}", small(&format!("{options} --run parts --max-steps 17"))));
    place.succeed("train --resume parts --max-steps 60 --threads 1 --quiet");
    assert_eq!(place.weights("parts"), place.weights("whole"));
    let plain = options.replace(" --shards 3", "");
    place.succeed(&format!("train {}", small(&format!("{plain} --run plain --max-steps 60"))));
    assert_ne!(place.weights("plain"), place.weights("whole"), "each shard has masks of its own");
    let said = place.wrong_usage("train --resume parts --shards 4");
    assert!(said.contains("cannot be used with '--shards <N>'"), "{said}");
}
