//! The whole job on a few reviews: what it prints, what it leaves behind, and that it goes on where it was stopped.

#[path = "program/archive.rs"]
mod archive;
mod program;

use std::fs;

use archive::partly_labelled;
use program::{place, small, with_reviews};
use serde_json::Value;

#[test]
fn a_run_without_a_word_leaves_everything() {
    let place = with_reviews();
    let said = place.succeed(&small("--run run"));
    for words in [
        "reviews.csv: 200 reviews",
        "152 to learn from, 8 to choose the epoch by, 40 to judge on",
        "bilstm_1",
        "NB-SVM, the baseline",
        "report:",
    ] {
        assert!(said.err.contains(words), "no `{words}` in\n{}", said.err);
    }
    for words in ["accuracy", "calibration error", "said negative", "Verdict: the network"] {
        assert!(said.out.contains(words), "no `{words}` in\n{}", said.out);
    }
    for name in [
        "config.json",
        "metrics.jsonl",
        "vocabulary.json",
        "model.safetensors",
        "checkpoints/last.json",
        "plots/loss.svg",
        "plots/accuracy.svg",
        "plots/calibration.svg",
        "plots/roc.svg",
        "summary.json",
        "report.html",
    ] {
        let size = fs::metadata(place.path("run").join(name)).map_or(0, |data| data.len());
        assert!(size > 30, "{name} has {size} bytes");
    }
    let (weights, _) = place.weights("run");
    let epoch = place.json("run/summary.json")["best_epoch"].as_u64().unwrap();
    assert!(weights.starts_with(&format!("weights_epoch_{epoch:03}_loss_")), "{weights}");
    let events = fs::read_dir(place.path("run/tensorboard")).unwrap().count();
    assert_eq!(events, 3, "event files of the training, the result and the plots");
    place.assert_whole("run");
    let report = fs::read_to_string(place.path("run/report.html")).unwrap();
    for words in ["NB-SVM", "Calibration", "false alarms", "What moved the score", "<mark class="] {
        assert!(report.contains(words), "no `{words}` in the report");
    }
    assert!(!report.contains("beta_1") && !report.contains("GlobalNorm"), "settings are told in words");
    program_tests::assert_loads_nothing(&place.path("run/report.html"));
}

#[test]
fn the_summary_is_the_only_line_of_json_output() {
    let place = with_reviews();
    let mut summary = place.printed(&format!("train {}", small("--run run --seed 7 --format json --quiet")));
    let mut kept = place.json("run/summary.json");
    assert_eq!(kept["data"]["path"].take(), place.path("reviews.csv").to_str().unwrap());
    assert_eq!(summary["data"]["path"].take(), "<dir>/reviews.csv");
    assert_eq!(summary, kept);
    let parameters = 2 * (60 * 8 + 2 * 4 * 8 * (8 + 8 + 1) + 32 + 1);
    for (pointer, expected) in [
        ("/program", Value::from("imdb-bilstm")),
        ("/preset", "best".into()),
        ("/backend", "flex".into()),
        ("/seed", 7.into()),
        ("/data/name", "reviews.csv".into()),
        ("/data/train", 152.into()),
        ("/data/validation", 8.into()),
        ("/data/test", 40.into()),
        ("/parameters", parameters.into()),
        ("/epochs_run", 3.into()),
        ("/stopped", "epochs".into()),
        ("/chosen_by", "validation".into()),
        ("/metrics/reviews", 40.into()),
        ("/baselines/nb_svm/reviews", 160.into()),
    ] {
        assert_eq!(summary.pointer(pointer), Some(&expected), "{pointer}");
    }
    let number = |pointer: &str| summary.pointer(pointer).and_then(Value::as_f64).expect(pointer);
    let count = |name: &str| summary["metrics"]["confusion"][name].as_u64().expect(name);
    let right = count("true_negative") + count("true_positive");
    assert_eq!(right + count("false_negative") + count("false_positive"), 40);
    assert!((number("/metrics/accuracy") - right as f64 / 40.0).abs() < 1e-9);
    for pointer in ["/metrics/auc", "/metrics/calibration/expected_error", "/baselines/nb_svm/accuracy"] {
        assert!((0.0..=1.0).contains(&number(pointer)), "{pointer}");
    }
    for pointer in ["/train_loss", "/validation_loss", "/validation_accuracy"] {
        let values = summary.pointer(pointer).and_then(Value::as_array).expect(pointer);
        assert!(values.len() == 3 && values.iter().all(Value::is_number), "{pointer}: {values:?}");
    }
    assert!(number("/seconds_per_epoch") > 0.0 && number("/peak_memory_bytes") > 1e6);
}

#[test]
fn the_chapters_preset_is_the_chapters() {
    let place = with_reviews();
    let line = "train --data reviews.csv --preset chapter --max-steps 1 --run run --format json --quiet";
    let summary = place.printed(line);
    assert_eq!((&summary["parameters"], &summary["chosen_by"]), (&903_425.into(), &"test".into()));
    assert_eq!((&summary["data"]["train"], &summary["data"]["validation"]), (&160.into(), &0.into()));
    let config = place.json("run/config.json");
    let setting = |pointer: &str| config.pointer(&format!("/settings{pointer}")).expect(pointer).clone();
    for (pointer, expected) in [
        ("/coding/num_words", Value::from(5000)),
        ("/coding/skip_top", 10.into()),
        ("/reading/length", 200.into()),
        ("/reading/padding", "pre".into()),
        ("/reading/truncating", "pre".into()),
        ("/reading/masking", "none".into()),
        ("/bucket", 1.into()),
        ("/batch_size", 32.into()),
        ("/model/embedding", 128.into()),
        ("/model/hidden", 128.into()),
        ("/model/layers", 1.into()),
        ("/model/pooling", serde_json::json!(["last"])),
        ("/model/input_dropout", 0.2.into()),
        ("/model/recurrent_dropout", 0.2.into()),
        ("/model/gate_masks", "untied".into()),
        ("/model/dropout", 0.0.into()),
        ("/train/epochs", 100.into()),
        ("/train/learning_rate", 0.001.into()),
        ("/train/optimiser/keras-rms-prop/rho", 0.9.into()),
        ("/train/optimiser/keras-rms-prop/epsilon", 1e-7.into()),
        ("/train/watch/loss", "validation-loss".into()),
        ("/train/watch/patience", 10.into()),
    ] {
        assert_eq!(setting(pointer), expected, "{pointer}");
    }
}

#[test]
fn the_chapters_report_says_that_the_test_reviews_chose() {
    let place = with_reviews();
    let said = place.succeed(&small("--preset chapter --run run --epochs 2 --bucket 1"));
    assert!(said.out.contains("the best epoch on the TEST reviews was kept"), "{}", said.out);
    let report = fs::read_to_string(place.path("run/report.html")).unwrap();
    assert!(report.contains("Early stopping watched the test reviews"));
}

#[test]
fn a_stopped_run_goes_on_to_the_same_result() {
    let place = with_reviews();
    let dropped = "--word-dropout 0.1 --embedding-dropout 0.2 --input-dropout 0.1 --recurrent-dropout 0.1 \
                   --weight-dropout 0.2 --dropout 0.3 --layers 2 --members 2 --pooling last,max,mean";
    for (preset, options) in [("best", dropped), ("chapter", "--bucket 1")] {
        let options = format!("--preset {preset} {options} --quiet");
        place.succeed(&format!("train {}", small(&format!("{options} --run {preset}"))));
        let begun = format!("{preset}-begun");
        // In the middle of an epoch.
        place.succeed(&format!("train {}", small(&format!("{options} --run {begun} --max-steps 7"))));
        place.succeed(&format!("train --resume {begun} --max-steps 25 --quiet"));
        place.succeed(&format!("train --resume {begun} --max-steps 1000 --quiet --threads 1"));
        place.assert_equal(preset, &begun);
    }
}

#[test]
fn a_run_stopped_while_pre_training_goes_on_to_the_same_result() {
    let place = with_reviews();
    let options = "--pretrain-epochs 6 --quiet";
    let unbroken =
        place.printed(&format!("train {}", small(&format!("{options} --run unbroken --format json"))));
    let losses = unbroken["pretraining"]["train_loss"].as_array().expect("losses");
    assert_eq!((losses.len(), &unbroken["pretraining"]["reviews"]), (6, &160.into()));

    let begin = format!("train {}", small(&format!("{options} --run begun --max-steps 7 --format json")));
    let begun = place.printed(&begin);
    assert_eq!((&begun["stopped"], &begun["epochs_run"]), (&"steps".into(), &0.into()));
    assert_eq!(begun["train_loss"], serde_json::json!([]));
    let said = place.succeed("train --resume begun --max-steps 7");
    assert!(said.out.contains("no epoch was finished"), "{}", said.out);
    let complaint = place.complaint("classify --run begun good");
    assert!(complaint.contains("no weights"), "{complaint}");
    // To the last step of pre-training, into the training, and to its end.
    for (steps, threads) in [(18, 1), (25, 2)] {
        let line =
            format!("train --resume begun --max-steps {steps} --threads {threads} --quiet --format json");
        let begun = place.printed(&line);
        assert_eq!((&begun["stopped"], &begun["epochs_run"]), (&"steps".into(), &0.into()), "{steps} steps");
    }
    let said = place.succeed("train --resume begun --max-steps 25");
    assert!(said.err.contains("all 25 steps done"), "{}", said.err);
    place.succeed("train --resume begun --max-steps 1000 --quiet");
    place.assert_equal("unbroken", "begun");
    // A limit that has been passed long ago throws nothing away.
    place.succeed("train --resume begun --max-steps 5 --quiet");
    assert_eq!(place.weights("begun"), place.weights("unbroken"));
    assert_eq!(place.json("begun/summary.json")["metrics"], place.json("unbroken/summary.json")["metrics"]);
}

#[test]
fn what_was_learnt_before_is_what_training_begins_with() {
    let place = with_reviews();
    let begin = |options: &str, run: &str| {
        let line = small(&format!("{options} --adversarial 0 --run {run} --format json --quiet"));
        place.printed(&format!("train {line}"))["train_loss"][0].as_f64().expect("a loss")
    };
    assert_ne!(begin("--pretrain-epochs 0", "plain"), begin("--pretrain-epochs 90", "pretrained"));
    let losses = &place.json("pretrained/summary.json")["pretraining"]["train_loss"];
    let loss = |epoch: usize| losses[epoch].as_f64().expect("a loss");
    assert!(loss(89) < 0.9 * loss(0), "{losses}");
    assert!(!place.path("plain/pretraining").exists());
    assert!(place.path("pretrained/pretraining/metrics.jsonl").exists());
    let complaint = place.complaint(&format!("train {}", small("--unlabelled --run none --quiet")));
    assert!(complaint.contains("there is no review without a label in it"), "{complaint}");
    let without = |option: &str| format!("{option} --pretrain-epochs 0");
    let lines = ["--unlabelled", "--pretrain-batch-size 8", "--pretrain-learning-rate 0.1"].map(without);
    for line in lines.iter().map(String::as_str).chain(["--length 1"]) {
        let complaint = place.wrong_usage(&format!("train {}", small(&format!("{line} --run none"))));
        assert!(complaint.contains("has no meaning here"), "{complaint}");
    }
}

#[test]
fn the_archives_reviews_without_a_label_are_learnt_from() {
    let place = place();
    place.write("reviews.tar.gz", partly_labelled());
    let line = small("--data reviews.tar.gz --unlabelled --run run --format json --quiet");
    let summary = place.printed(&format!("train {line}"));
    let labelled =
        summary["data"]["train"].as_u64().unwrap() + summary["data"]["validation"].as_u64().unwrap();
    assert_eq!(summary["pretraining"]["reviews"], labelled + 30);
    // It says itself which reviews are there to judge on.
    let complaint = place.wrong_usage(&small("--data reviews.tar.gz --test-fraction 0.5 --quiet"));
    assert!(complaint.contains("`--test-fraction` has no meaning here"), "{complaint}");
}

#[test]
fn reviews_without_a_label_make_the_preset_larger_but_not_beyond_what_is_asked_for() {
    let place = place();
    place.write("reviews.tar.gz", partly_labelled());
    let settings = |run: &str, options: &str| {
        place.succeed(&format!("train --data reviews.tar.gz --run {run} --max-steps 1 --quiet {options}"));
        let config: serde_json::Value =
            serde_json::from_slice(&fs::read(place.path(&format!("{run}/config.json"))).unwrap()).unwrap();
        let settings = &config["settings"];
        (settings["model"]["hidden"].clone(), settings["train"]["epochs"].clone())
    };
    assert_eq!(settings("labelled", ""), (128.into(), 5.into()));
    assert_eq!(settings("all", "--unlabelled"), (384.into(), 4.into()));
    assert_eq!(settings("small", "--unlabelled --hidden 8"), (8.into(), 4.into()));
}

#[test]
fn a_teacher_labels_what_the_network_learns_from() {
    let place = place();
    place.write("reviews.tar.gz", partly_labelled());
    let train = |options: &str| {
        let line = format!("--data reviews.tar.gz --pretrain-epochs 1 --validation-fraction 0.2 {options}");
        place.printed(&format!("train {}", small(&format!("{line} --format json --quiet"))))
    };
    let taught = train("--run taught --teacher-epochs 2");
    assert_eq!(taught["teacher"]["labelled"], 30);
    assert_eq!(taught["teacher"]["validation_loss"].as_array().map(Vec::len), Some(2));
    assert!(place.path("taught/teacher/metrics.jsonl").exists());
    let alone = train("--run alone --teacher-epochs 0");
    assert!(alone.get("teacher").is_none() && !place.path("alone/teacher").exists());
    assert_eq!(taught["data"]["train"], alone["data"]["train"], "those with a label of their own");
    assert_eq!(
        taught["pretraining"]["reviews"], alone["pretraining"]["reviews"],
        "the words of the others are not read"
    );
    // 32 reviews are 4 steps an epoch, 62 are 8.
    for (run, steps) in [("taught", 24), ("alone", 12)] {
        let checkpoint = place.json(&format!("{run}/checkpoints/last.json"));
        assert_eq!(checkpoint["progress"]["history"][2]["step"], steps, "{run}");
    }
    let said = place.succeed(&small("--data reviews.tar.gz --teacher-epochs 1 --run report"));
    assert!(said.err.contains("the teacher labels 30 reviews"), "{}", said.err);
    let report = fs::read_to_string(place.path("report/report.html")).unwrap();
    assert!(report.contains("30 reviews labelled"));

    place.write("reviews.csv", program::table(200));
    let complaint = place.complaint(&format!("train {}", small("--teacher-epochs 1 --run none --quiet")));
    assert!(complaint.contains("there is no review without a label in it"), "{complaint}");
}

#[test]
fn a_run_stopped_while_a_teacher_learns_goes_on_to_the_same_result() {
    let place = place();
    place.write("reviews.tar.gz", partly_labelled());
    let options = "--data reviews.tar.gz --pretrain-epochs 1 --pretrain-batch-size 8 --teacher-epochs 2 \
                   --validation-fraction 0.2 --quiet";
    place.succeed(&format!("train {}", small(&format!("{options} --run unbroken"))));

    // Pre-training takes 5 steps, the teacher 8, the network 24.
    let begun = place
        .printed(&format!("train {}", small(&format!("{options} --run begun --max-steps 8 --format json"))));
    assert_eq!((&begun["stopped"], &begun["epochs_run"]), (&"steps".into(), &0.into()));
    assert_eq!(
        begun["teacher"]["validation_loss"].as_array().map(Vec::len),
        Some(0),
        "within its first epoch"
    );
    let complaint = place.complaint("classify --run begun good");
    assert!(complaint.contains("no weights"), "{complaint}");
    assert_eq!(begun["teacher"]["labelled"], 0);
    // A limit that the teacher has passed already throws nothing away.
    let said = place.succeed("train --resume begun --max-steps 5");
    assert!(said.err.contains("only the teacher has learnt yet"), "{}", said.err);
    for steps in [13, 20, 1000] {
        place.succeed(&format!("train --resume begun --max-steps {steps} --quiet --threads 1"));
    }
    place.assert_equal("unbroken", "begun");
    place.succeed("train --resume begun --max-steps 5 --quiet");
    assert_eq!(place.weights("begun"), place.weights("unbroken"), "nothing is thrown away");
}

#[test]
fn a_folders_run_is_judged_again_though_it_read_more() {
    let place = place();
    for (i, folder) in ["train/pos", "train/neg", "test/pos", "test/neg", "train/unsup"].iter().enumerate() {
        fs::create_dir_all(place.path("aclImdb").join(folder)).unwrap();
        for review in 0..30 {
            let text = program::review(2 * review + (i + 1) % 2).0;
            place.write(&format!("aclImdb/{folder}/{review}_{}.txt", 9 - 7 * (i % 2)), text);
        }
    }
    let line = small("--data aclImdb --unlabelled --run run --format json --quiet");
    let summary = place.printed(&format!("train {line}"));
    assert_eq!(summary["pretraining"]["reviews"], 90);
    let judged = place.printed("evaluate --run run --format json --quiet");
    assert_eq!(judged["metrics"], summary["metrics"]);
}

#[test]
fn a_network_is_stacked_with_a_linear_classifier_or_not() {
    let place = with_reviews();
    let train = |options: &str| {
        place.printed(&format!(
            "train {}",
            small(&format!("{options} --pretrain-epochs 1 --format json --quiet"))
        ))
    };
    let stacked = train("--run stacked --validation-fraction 0.3");
    let alone = train("--run alone --validation-fraction 0.3 --stacking none");
    assert_eq!(stacked["network"]["accuracy"], alone["metrics"]["accuracy"], "the same network");
    assert_eq!(stacked["network"]["auc"], alone["metrics"]["auc"]);
    assert_ne!(stacked["metrics"]["log_loss"], alone["metrics"]["log_loss"]);
    assert!(alone.get("network").is_none() && !place.path("alone/stacking.safetensors").exists());
    // After three epochs the network guesses, where single words decide; the words are what it gets help with.
    assert_eq!(stacked["metrics"]["accuracy"], 1.0);
    assert!(stacked["verdict"].as_str().unwrap().contains("together"), "{}", stacked["verdict"]);
    let explained = place.printed("classify --run stacked --format json --quiet zzz");
    assert_eq!(explained["known"], 0);

    let complaint = place.wrong_usage(&format!("train {}", small("--validation-fraction 0 --run none")));
    assert!(complaint.contains("`--stacking` has no meaning here"), "{complaint}");
}

#[test]
fn a_run_is_judged_again_as_it_was() {
    let place = with_reviews();
    let summary = place.printed(&format!("train {}", small("--run run --format json --quiet")));
    let judged = place.printed("evaluate --run run --format json --quiet");
    assert_eq!(judged["data"]["part"], "test");
    assert_eq!(judged["metrics"], summary["metrics"]);

    // Naming them does not make those that were learnt from a test.
    assert_eq!(place.printed("evaluate --run run --data reviews.csv --format json --quiet"), judged);

    // Other reviews as a whole, under other names, of one class alone.
    let lines = (1..40).step_by(2).map(|i| serde_json::json!({"body": program::review(i).0, "stars": "pos"}));
    place.write("other.jsonl", lines.map(|line| format!("{line}\n")).collect::<String>());
    let line =
        "evaluate --run run --data other.jsonl --text-column body --label-column stars --format json --quiet";
    let judged = place.printed(line);
    assert_eq!((&judged["data"]["part"], &judged["metrics"]["reviews"]), (&"whole".into(), &20.into()));
    assert_eq!(judged["metrics"]["auc"], Value::Null);
}

#[test]
fn a_cache_that_cannot_be_written_is_no_reason_to_fail() {
    let place = with_reviews();
    place.write("cache", "a file in the place of the folder");
    let said = place.succeed(&format!("train {}", small("--run run --max-steps 1")));
    assert!(said.err.contains("could not be kept in `<dir>/cache/recurrent/"), "{}", said.err);
    let place = with_reviews();
    for (run, word) in [("first", "written to"), ("second", "taken from")] {
        let said = place.succeed(&format!("train {}", small(&format!("--run {run}"))));
        assert!(
            said.err.contains(&format!("encoded reviews were {word} `<dir>/cache/recurrent/")),
            "{}",
            said.err
        );
    }
    place.assert_equal("first", "second");
}
