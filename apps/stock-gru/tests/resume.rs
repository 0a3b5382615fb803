//! However a run is stopped, what comes out of it is what an unbroken run gives, to the last bit.

mod program;

use std::thread::sleep;
use std::time::Duration;

use program::{Place, SMALL};
use rand::RngExt;
use recurrent_backend::Seed;

const RUN: &str = "--data demo --preset chapter --hidden 32 --epochs 30 --seed 5 --quiet";

fn assert_equal(place: &Place, run: &str, unbroken: &str) {
    assert_eq!(place.figures(run), place.figures(unbroken), "the figures of `{run}`");
    assert_eq!(place.weights(run), place.weights(unbroken), "the weights of `{run}`");
}

#[test]
fn the_seed_decides_and_the_number_of_threads_does_not() {
    let place = Place::new();
    for (run, options) in
        [("a", "--threads 1"), ("b", "--threads 2"), ("c", "--threads 1"), ("d", "--seed 6")]
    {
        place.succeed(
            &format!("train {SMALL} --hidden 64 --quiet --run {run} {options}").replace("--hidden 4 ", ""),
        );
    }
    assert_equal(&place, "b", "a");
    assert_equal(&place, "c", "a");
    assert_ne!(place.weights("d"), place.weights("a"));
}

#[test]
fn twenty_kills_lose_nothing() {
    let place = Place::new();
    place.succeed(&format!("train {RUN} --run unbroken"));
    let seed = 20_261_124;
    let mut random = Seed(seed).stream(&[]);
    let mut kills = 0;
    while kills < 20 {
        let begun = place.path("run/checkpoints/last.json").exists();
        let line =
            if begun { "train --resume run --quiet".to_owned() } else { format!("train {RUN} --run run") };
        if !begun {
            // What a kill before the first checkpoint left is no run yet.
            let _ = std::fs::remove_dir_all(place.path("run"));
        }
        let mut child = place.command(&line).spawn().expect("the program starts");
        sleep(Duration::from_millis(random.random_range(5..400)));
        child.kill().expect("the program can be killed");
        child.wait().expect("the program ends");
        kills += 1;
        if place.path("run/checkpoints/last.json").exists() {
            place.json("run/checkpoints/last.json");
            place.json("run/config.json");
            let said = place.run("evaluate --run run --quiet");
            assert!(
                said.code == Some(0) || said.err.contains("holds no weights yet"),
                "seed {seed}, kill {kills}: {}",
                said.err
            );
        }
    }
    let line = if place.path("run/checkpoints/last.json").exists() {
        "train --resume run --quiet".to_owned()
    } else {
        let _ = std::fs::remove_dir_all(place.path("run"));
        format!("train {RUN} --run run")
    };
    place.succeed(&line);
    assert_equal(&place, "run", "unbroken");
}

#[test]
#[cfg(unix)]
fn an_interrupt_saves_and_the_run_goes_on() {
    let place = Place::new();
    place.succeed(&format!("train {RUN} --run unbroken"));
    let mut child = place.command(&format!("train {RUN} --run run")).spawn().expect("the program starts");
    sleep(Duration::from_millis(400));
    let id = nix::unistd::Pid::from_raw(i32::try_from(child.id()).unwrap());
    nix::sys::signal::kill(id, nix::sys::signal::Signal::SIGINT).expect("the program can be interrupted");
    let code = child.wait().expect("the program ends").code();
    // On a fast machine the run may have ended by itself.
    assert!(code == Some(130) || code == Some(0), "the exit code is {code:?}");
    if code == Some(130) {
        assert_eq!(place.json("run/summary.json")["stopped"], "interrupted");
        place.succeed("train --resume run --quiet");
    }
    assert_equal(&place, "run", "unbroken");
}

#[test]
fn more_epochs_after_the_end_equal_a_longer_run() {
    let place = Place::new();
    place.succeed(&format!("train {SMALL} --epochs 5 --run long --quiet").replace("--epochs 3 ", ""));
    place.succeed(&format!("train {SMALL} --run run --quiet"));
    place.succeed("train --resume run --epochs 5 --quiet");
    assert_equal(&place, "run", "long");
}
