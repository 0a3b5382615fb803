//! However a run is stopped, what comes out of it is what an unbroken run gives, to the last bit.

mod program;

use std::fs;
use std::path::Path;
use std::process::Child;
use std::thread::sleep;
use std::time::{Duration, Instant, SystemTime};

use program::{Place, csv, place, small, without_hashes};
use rand::RngExt;
use recurrent_backend::Seed;

/// A run with all that a checkpoint must hold: two layers, random dropout, a watched loss, an early sample.
fn run(options: &str) -> String {
    small(&format!("--hidden 8 --layers 2 --dropout 0.2 --features volume --seed 5 --quiet {options}"))
}

/// Has the run write a checkpoint that often, where it would do so every few seconds.
fn set_checkpoints(place: &Place, run: &str, every: &str) {
    let config = fs::read_to_string(place.path(run).join("config.json")).unwrap();
    let (start, rest) =
        config.split_once("\"checkpoint_every\": {").expect("how often checkpoints are written");
    let (_, end) = rest.split_once('}').unwrap();
    let config = format!("{start}\"checkpoint_every\": {{ {every} }}{end}");
    place.write(&format!("{run}/config.json"), config);
}

/// What a kill right after the start leaves: the settings alone.
fn begun(place: &Place, run: &str, like: &str, every: &str) {
    fs::create_dir(place.path(run)).unwrap();
    fs::copy(place.path(like).join("config.json"), place.path(run).join("config.json")).unwrap();
    set_checkpoints(place, run, every);
}

fn lines(path: &Path) -> usize {
    fs::read_to_string(path).map_or(0, |text| text.lines().count())
}

#[test]
fn the_seed_decides_and_the_number_of_threads_does_not() {
    let place = place();
    for (name, options) in [
        ("a", "--threads 1"),
        ("b", "--threads 2"),
        ("c", "--threads 1"),
        ("d", "--threads 1 --seed 6"),
        ("e", "--threads 5"),
        ("f", "--threads 2 --shards 4"),
        ("g", "--threads 1 --shards 4"),
    ] {
        let line = small(&format!("--hidden 64 --dropout 0.2 --quiet --run {name} {options}"));
        place.succeed(&format!("train {line}"));
    }
    for name in ["b", "c", "e"] {
        place.assert_equal(name, "a");
    }
    place.assert_equal("g", "f");
    assert_ne!(place.weights("f"), place.weights("a"));
    assert_ne!(place.figures("d")["train_loss"], place.figures("a")["train_loss"]);
    assert_ne!(place.weights("d"), place.weights("a"));
    let [one, two] =
        [1, 2].map(|n| place.printed(&format!("evaluate --run a --threads {n} --quiet --format json")));
    assert_eq!(one, two);
}

#[test]
#[allow(clippy::print_stdout)] // what a failed test printed is shown
fn twenty_kills_lose_nothing() {
    let seed = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap().as_nanos() as u64;
    println!("seed {seed}");
    let mut random = Seed(seed).stream(&[]);
    let place = place();
    place.succeed(&run("--epochs 30 --run unbroken"));
    // How long the program takes to begin: kills are spread around that, on a fast machine as on a busy one.
    let start = Instant::now();
    place.succeed(&run("--max-steps 1 --run short"));
    let start = start.elapsed().as_secs_f64();

    let (mut kills, mut runs, mut in_training) = (0, 0, 0);
    // On a busy machine a kill may always come too early; more of them are then needed to be sure of any.
    let enough = |kills: usize, in_training: usize| kills >= 20 && in_training >= 5;
    while !enough(kills, in_training) {
        assert!(kills < 200, "only {in_training} of {kills} kills came after a step");
        runs += 1;
        let name = format!("run{runs}");
        // Most kills then hit the writing of a checkpoint, the one delicate moment.
        begun(&place, &name, "unbroken", ["\"steps\": 1", "\"steps\": 7", "\"epochs\": 1"][runs % 3]);
        while !enough(kills, in_training) && kills < 200 {
            let before = steps_done(&place, &name);
            let mut child = place.start(&format!("--resume {name} --quiet"));
            sleep(Duration::from_secs_f64(start * random.random_range(0.3..4.0)));
            if let Some(status) = child.try_wait().unwrap() {
                assert!(status.success(), "{name} ended with {status}");
                break;
            }
            child.kill().unwrap();
            child.wait().unwrap();
            kills += 1;
            in_training += usize::from(steps_done(&place, &name) > before);
            assert!(place.assert_whole(&name) > 0);
            let said = place.run(&format!("evaluate --run {name} --quiet"));
            let early = said.err.contains("holds no weights yet");
            assert!(said.code == Some(0) || early, "kill {kills}: {}", said.err);
        }
        place.succeed(&format!("--resume {name} --quiet"));
        println!("{name}: {kills} kills so far, {in_training} of them after a step");
        place.assert_equal(&name, "unbroken");
        for file in ["samples/forecast_epoch_010.json", "plots/loss.svg", "plots/early.svg"] {
            let read = |run: &str| fs::read(place.path(run).join(file)).unwrap();
            assert!(read(&name) == read("unbroken"), "{file} of {name} differs");
        }
        let leftovers = |run: &str| fs::read_dir(place.path(run).join("checkpoints")).unwrap().count();
        assert_eq!(leftovers(&name), leftovers("unbroken"), "files in {name}/checkpoints");
    }
}

/// The steps in a run's last checkpoint.
fn steps_done(place: &Place, run: &str) -> u64 {
    let path = place.path(run).join("checkpoints/last.json");
    let last = fs::read_to_string(path).ok().and_then(|text| serde_json::from_str(&text).ok());
    last.and_then(|last: serde_json::Value| last["progress"]["step"].as_u64()).unwrap_or(0)
}

/// Starts a run that would take minutes, and waits until it is well under way.
#[cfg(unix)]
fn under_way(place: &Place, line: &str, run: &str) -> Child {
    let mut child = place.start(line);
    let start = Instant::now();
    while lines(&place.path(run).join("metrics.jsonl")) < 3 {
        assert!(child.try_wait().unwrap().is_none(), "`{line}` ended by itself");
        assert!(start.elapsed() < Duration::from_secs(60), "`{line}` does not get under way");
        sleep(Duration::from_millis(2));
    }
    child
}

#[cfg(unix)]
fn signal(child: &Child, signal: nix::sys::signal::Signal) {
    let id = nix::unistd::Pid::from_raw(i32::try_from(child.id()).unwrap());
    nix::sys::signal::kill(id, signal).expect("the program can be signalled");
}

#[test]
#[cfg(unix)]
fn an_interrupt_saves_and_the_run_goes_on() {
    use nix::sys::signal::Signal::{SIGINT, SIGTERM};

    for (preset, which) in [("chapter", SIGINT), ("best", SIGINT), ("best", SIGTERM)] {
        let place = place();
        let options = format!("--preset {preset} --run run --epochs 100000");
        let mut child = under_way(&place, &run(&options), "run");
        signal(&child, which);
        assert_eq!(child.wait().unwrap().code(), Some(130), "{preset}, {which}");
        let summary = place.json("run/summary.json");
        assert_eq!(summary["stopped"], "interrupted");
        assert!(place.path("run/report.html").exists());
        place.assert_whole("run");
        let evaluated = place.printed("evaluate --run run --quiet --format json");
        assert_eq!(evaluated["metrics"], summary["metrics"]);

        let epochs = summary["epochs_run"].as_u64().unwrap() + 3;
        place.succeed(&format!("--resume run --epochs {epochs} --quiet"));
        place.succeed(&run(&format!("--preset {preset} --run unbroken --epochs {epochs}")));
        place.assert_equal("run", "unbroken");
    }
}

#[test]
#[cfg(unix)]
fn a_second_interrupt_ends_at_once_and_leaves_the_run_whole() {
    use nix::sys::signal::Signal::SIGINT;

    let place = place();
    let mut child = under_way(&place, &run("--run run --epochs 100000"), "run");
    signal(&child, SIGINT);
    sleep(Duration::from_millis(3));
    signal(&child, SIGINT);
    assert_eq!(child.wait().unwrap().code(), Some(130));
    place.assert_whole("run");
    place.succeed("--resume run --epochs 9 --quiet");
    let epochs = place.json("run/summary.json")["epochs_run"].as_u64().unwrap();
    place.succeed(&run(&format!("--run unbroken --epochs {epochs}")));
    place.assert_equal("run", "unbroken");
}

#[test]
fn steps_in_pieces_equal_the_whole() {
    for preset in ["chapter", "best"] {
        let place = place();
        let run = |options: &str| run(&format!("--preset {preset} --epochs 4 {options}"));
        place.succeed(&run("--run unbroken"));
        place.succeed(&run("--run run --max-steps 1"));
        // In the middle of an epoch, at its end, and again in the middle.
        for steps in [4, 6, 13] {
            place.succeed(&format!("train --resume run --max-steps {steps} --quiet"));
            assert_eq!(place.figures("run")["stopped"], "steps");
        }
        place.succeed("train --resume run --max-steps 1000 --quiet");
        place.assert_equal("run", "unbroken");
        place.succeed("train --resume run --quiet");
        place.assert_equal("run", "unbroken");
    }
}

#[test]
fn more_epochs_after_the_end_equal_a_longer_run() {
    for preset in ["chapter", "best"] {
        let place = place();
        let run = |options: &str| run(&format!("--preset {preset} {options}"));
        place.succeed(&run("--epochs 5 --run long"));
        place.succeed(&run("--epochs 3 --run run"));
        place.succeed("train --resume run --epochs 5 --quiet");
        place.assert_equal("run", "long");
    }
}

#[test]
fn a_report_that_has_grown_old_is_called_so() {
    let place = place();
    place.succeed(&run("--epochs 3 --run run"));
    assert!(place.path("run/report.html").exists());
    let said = place.succeed("train --resume run --epochs 5");
    assert!(said.err.contains("run/report.html is older than this training"), "{}", said.err);
    let said = place.succeed("--resume run");
    assert!(said.err.contains("report: run/report.html"), "{}", said.err);
}

#[test]
fn an_extension_holds_when_the_longer_run_is_stopped() {
    let place = place();
    place.succeed(&run("--epochs 6 --run long"));
    place.succeed(&run("--epochs 3 --run run"));
    place.succeed("train --resume run --epochs 6 --max-steps 20 --quiet");
    place.succeed("train --resume run --max-steps 1000 --quiet");
    place.assert_equal("run", "long");
}

#[test]
fn a_run_goes_on_with_its_own_data_and_backend() {
    let place = place();
    place.write("prices.csv", csv(200));
    place.succeed(&run("--run run --data prices.csv"));
    // As many rows, so that nothing but the content tells.
    place.write(
        "prices.csv",
        csv(201).replacen("100.000", "100.001", 1).lines().take(201).collect::<Vec<_>>().join("\n"),
    );
    insta::assert_snapshot!(without_hashes(&place.complaint("train --resume run --epochs 5 --quiet")), @"error: prices.csv: not the data that the run began with: its SHA-256 is <hash>…, expected <hash>…; name the old data with `--data`, or start a new run");
    place.write("moved.csv", csv(200));
    insta::assert_snapshot!(place.complaint("train --resume run --epochs 5 --quiet --backend ndarray --data moved.csv"), @"error: this run was begun on `flex` and cannot go on, to the same result, on `ndarray`; leave `--backend` out");
    place.succeed("train --resume run --epochs 4 --quiet --backend flex --data moved.csv");
    // The new place is known from now on.
    place.succeed("train --resume run --epochs 5 --quiet");
    place.succeed(&run("--run unbroken --epochs 5 --data moved.csv"));
    place.assert_equal("run", "unbroken");
}

#[test]
#[cfg(unix)]
fn one_process_at_a_time_trains_a_run() {
    let place = place();
    let mut child = under_way(&place, &run("--run run --epochs 100000"), "run");
    insta::assert_snapshot!(place.complaint("train --resume run --quiet"), @r"
    error: run: is being trained by another process; wait for its end, or choose another folder
      try `--run DIR` for another folder
    ");
    assert_eq!(place.complaint(&run("--run run")), place.complaint("train --resume run --quiet"));
    child.kill().unwrap();
    child.wait().unwrap();
    place.succeed("train --resume run --epochs 5 --quiet");
}
