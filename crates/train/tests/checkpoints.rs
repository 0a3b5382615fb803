//! Which files of its folder a run removes: those whose exact names it wrote before, and nothing else.

mod support;

use std::path::Path;

use recurrent_train::{Every, Interrupt, Optimiser, TrainConfig, Watch, Watched};
use support::*;

fn settings(weights_name: &str, max_steps: u64) -> TrainConfig {
    config(Optimiser::adam())
        .with_checkpoint_every(Every::Steps(1))
        .with_watch(Watch::new(Watched::TrainLoss))
        .with_weights_name(weights_name)
        .with_max_steps(max_steps)
}

fn names(folder: &Path) -> Vec<String> {
    files(folder).into_keys().collect()
}

#[test]
fn no_name_of_weights_makes_a_checkpoint_remove_itself() {
    for name in
        ["state{epoch}", "s{epoch}", "last{epoch}", "l{epoch}", "{epoch}", "{loss}{epoch}", "pending{epoch}"]
    {
        let folder = tempfile::tempdir().unwrap();
        let run = run_folder(&folder.path().join("run"));
        for steps in [2, 5, 9, 13] {
            let outcome =
                train_in(&run, &settings(name, steps), &mut Recorder::default(), Interrupt::default());
            let outcome = outcome.unwrap_or_else(|error| panic!("`{name}`, {steps} steps: {error}"));
            assert_eq!(outcome.end.steps_run, steps, "`{name}`");
            let found = names(&run.checkpoints());
            assert_eq!(
                found.len(),
                4,
                "`{name}`: last.json, a state, weights and their description: {found:?}"
            );
            assert!(found.contains(&format!("state-{steps}.safetensors")), "`{name}`: {found:?}");
            assert!(run.weights_file().unwrap().exists(), "`{name}`");
        }
    }
}

#[test]
fn what_a_user_puts_beside_a_checkpoint_stays() {
    let folder = tempfile::tempdir().unwrap();
    let run = run_folder(&folder.path().join("run"));
    let own = [
        "weights_epoch_mine.safetensors",
        "weights_epoch_001_loss_best.json",
        "weights.json",
        "state-of-the-art.safetensors",
        "state-0.json",
        "state-99.safetensors",
        "notes.txt",
    ];
    own.iter().for_each(|name| std::fs::write(run.checkpoints().join(name), "mine").unwrap());
    for steps in [3, 6, 10] {
        let config = settings("weights_epoch_{epoch:03}_loss_{loss:.4}", steps);
        train_in(&run, &config, &mut Recorder::default(), Interrupt::default()).unwrap();
    }
    for name in own {
        assert_eq!(std::fs::read(run.checkpoints().join(name)).unwrap(), b"mine", "{name}");
    }
    assert_eq!(names(&run.checkpoints()).len(), own.len() + 4);
}

#[test]
fn what_a_killed_process_noted_and_wrote_is_removed_and_no_more() {
    let folder = tempfile::tempdir().unwrap();
    let run = run_folder(&folder.path().join("run"));
    let name = "w{epoch}";
    train_in(&run, &settings(name, 5), &mut Recorder::default(), Interrupt::default()).unwrap();
    // As after a kill while the checkpoint of step 6 was written.
    std::fs::write(run.checkpoints().join("state-6.safetensors"), "half").unwrap();
    std::fs::write(run.checkpoints().join("state-77.safetensors"), "the user's").unwrap();
    std::fs::write(run.checkpoints().join("pending.json"), NOTE).unwrap();
    std::fs::write(folder.path().join("outside.txt"), "the user's").unwrap();
    train_in(&run, &settings(name, 9), &mut Recorder::default(), Interrupt::default()).unwrap();
    let found = names(&run.checkpoints());
    assert!(!found.contains(&"state-6.safetensors".to_owned()), "{found:?}");
    assert!(found.contains(&"state-77.safetensors".to_owned()), "{found:?}");
    assert!(!found.contains(&"pending.json".to_owned()), "{found:?}");
    assert!(folder.path().join("outside.txt").exists());
}

/// A note that names a state, and a file outside of the folder, sealed as the library does it.
const NOTE: &str = include_str!("pending.json");
