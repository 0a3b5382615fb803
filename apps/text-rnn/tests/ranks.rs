//! A training on several processes: the same to the last bit as on one, and what ends it. Needs `mpirun`.

mod program;

use std::fs;
use std::thread;
use std::time::{Duration, Instant};

use insta::assert_snapshot;
use program::{small, with_text};
use program_tests::Place;
use program_tests::ranks::{Mpirun, ended, kept, processes, signal};

/// Long beside what any of these ends takes, short beside a hang.
const END: Duration = Duration::from_secs(60);

#[test]
fn any_number_of_ranks_is_alike() {
    let Some(mpirun) = Mpirun::find() else { return };
    let place = with_text();
    mpirun.assert_any_number_alike(&place, &format!("train {}", small("--batch-size 9 --dropout 0.2")));
}

#[test]
fn streams_go_on_with_other_numbers_of_ranks() {
    let Some(mpirun) = Mpirun::find() else { return };
    let place = with_text();
    let line =
        small("--feed streams --restarts 0.1 --cell lstm --batch-size 13 --shards 4 --epochs 2 --quiet");
    let whole = mpirun.run(&place, 1, &format!("train {line} --run whole"));
    assert_eq!(whole.code, Some(0), "{}", whole.err);
    for (case, ranks) in [[3, 1, 4], [1, 2, 3], [4, 3, 2]].iter().enumerate() {
        // In the middle of an epoch, so that states are carried.
        let begun = mpirun.run(&place, ranks[0], &format!("train {line} --run {case} --max-steps 7"));
        assert_eq!(begun.code, Some(0), "{}", begun.err);
        for (ranks, more) in [(ranks[1], "--max-steps 11"), (ranks[2], "--max-steps 100000")] {
            let said = mpirun.run(&place, ranks, &format!("train --resume {case} {more} --quiet"));
            assert_eq!(said.code, Some(0), "{}", said.err);
        }
        assert!(kept(&place, &case.to_string()) == kept(&place, "whole"), "on {ranks:?} ranks");
        place.assert_equal(&case.to_string(), "whole");
    }
}

/// The complaint of ranks with options of their own, of which the launcher's words are left out.
fn complaint(mpirun: &Mpirun, place: &Place, lines: &[&str]) -> String {
    let said = mpirun.run_each(place, lines);
    assert_ne!(said.code, Some(0), "{lines:?} went well");
    let own: Vec<_> = said.err.lines().filter(|line| line.starts_with("error:")).collect();
    assert_eq!(own.len(), 1, "said once:\n{}", said.err);
    program_tests::without_hashes(own[0])
}

#[test]
fn ranks_that_differ_are_told_once_before_anything_is_written() {
    let Some(mpirun) = Mpirun::find() else { return };
    let place = with_text();
    place.write("other.txt", program::text(150));
    place.write("copy.txt", program::text(200));
    let first = format!("train {} --quiet", small("--shards 4 --run run"));
    let of = |others: &str| format!("{first} {others}");
    let told = |other: &str| complaint(&mpirun, &place, &[&first, other]);
    assert_snapshot!(told(&format!("train {} --quiet", small("--shards 4 --run run --hidden 8"))), @"error: rank 1 does not do the run of rank 0: its `model.hidden` is 8 instead of 16; start all with the same options");
    assert_snapshot!(told(&format!("train {} --quiet", small("--shards 4 --run run --data other.txt"))), @"error: rank 1 does not do the run of rank 0: it reads other data, whose SHA-256 is <hash>… instead of <hash>…; copy one file to all hosts");
    assert_snapshot!(told(&format!("train {} --quiet", small("--shards 4 --run run --data none.txt"))), @"error: rank 1 failed: `<dir>/none.txt`: no such file or folder; check the path");
    let none = format!("train {} --quiet", small("--shards 4 --run run --data none.txt"));
    assert_snapshot!(complaint(&mpirun, &place, &[&none, &none, &none]), @"error: `<dir>/none.txt`: no such file or folder; check the path");
    let few = format!("train {} --quiet", small("--shards 2 --run run"));
    assert_snapshot!(complaint(&mpirun, &place, &[&few, &few, &few]), @"error: 3 processes cannot share batches of 2 shards; give `--shards 3` or more, or start fewer of them");
    let wrong = of("--learning-rate no");
    assert_snapshot!(complaint(&mpirun, &place, &[&wrong, &wrong]), @"error: invalid value 'no' for '--learning-rate <X>': expected a finite number above 0");
    let passed = format!("train {} --quiet", small("--shards 4 --run run --data -"));
    assert_snapshot!(complaint(&mpirun, &place, &[&passed, &passed]), @"error: standard input reaches only one of the processes that were started together; name a file with `--data`");
    assert!(!place.path("run").exists(), "nothing was written");
    // The same text may lie elsewhere.
    let copy = format!("train {} --quiet", small("--shards 4 --run run --data copy.txt"));
    let said = mpirun.run_each(&place, &[&first, &copy]);
    assert_eq!(said.code, Some(0), "{}", said.err);
    // A folder that the first rank refuses.
    assert_snapshot!(complaint(&mpirun, &place, &[&first, &first]), @"error: run: holds a run already; continue that one, or choose another folder");
}

#[test]
fn a_full_disk_of_the_first_rank_ends_all() {
    let Some(mpirun) = Mpirun::find() else { return };
    let place = with_text();
    let line = small("--shards 4 --run run --epochs 2 --schedule constant --quiet");
    assert_eq!(mpirun.run(&place, 2, &format!("train {line}")).code, Some(0));
    // Nothing can take the place of a folder.
    let last = place.json("run/checkpoints/last.json");
    let step = last["progress"]["step"].as_u64().unwrap();
    fs::create_dir_all(place.path(&format!("run/checkpoints/state-{}.safetensors/in", step / 2 * 3)))
        .unwrap();
    let resumed = "train --resume run --epochs 3 --quiet";
    let said = complaint(&mpirun, &place, &[resumed, resumed, resumed]);
    assert!(said.starts_with("error: cannot write"), "{said}");
    assert_eq!(place.json("run/checkpoints/last.json"), last, "what there was is kept");
}

/// A run that takes some seconds on any number of ranks.
const LONG: &str = "--hidden 48 --epochs 8 --batch-size 16 --shards 4 --quiet";

/// Begins it, with a checkpoint after every tenth step from now on. Returns how it goes on.
fn begun(place: &Place, line: &str, run: &str) -> String {
    place.succeed(&format!("train {line} --run {run} --max-steps 1"));
    let name = format!("{run}/config.json");
    let config = fs::read_to_string(place.path(&name)).unwrap();
    assert!(config.contains("\"seconds\": 5.0"));
    place.write(&name, config.replace("\"seconds\": 5.0", "\"steps\": 10"));
    format!("train --resume {run} --max-steps 100000 --quiet")
}

#[test]
fn a_signal_to_the_launcher_saves() {
    let Some(mpirun) = Mpirun::find() else { return };
    let place = with_text();
    // Longer than anyone waits.
    let line = small(&LONG.replace("--epochs 8", "--epochs 5000"));
    let child = mpirun.start(&place, 3, &format!("train {line} --run run"));
    await_epoch(&place, "run");
    signal(child.id(), "INT");
    assert_ne!(ended(child, END), Some(0));
    let last = place.json("run/checkpoints/last.json");
    assert_eq!(last["stopped"], "interrupted", "saved by the signal, not before it");
    let most = last["progress"]["step"].as_u64().unwrap() + 20;
    assert_eq!(
        mpirun.run(&place, 2, &format!("train --resume run --max-steps {most} --quiet")).code,
        Some(0)
    );
    place.succeed(&format!("train {line} --run whole --max-steps {most}"));
    assert!(kept(&place, "run") == kept(&place, "whole"));
}

fn await_epoch(place: &Place, run: &str) {
    let begin = Instant::now();
    while !fs::read_to_string(place.path(&format!("{run}/metrics.jsonl")))
        .is_ok_and(|text| text.contains('\n'))
    {
        assert!(begin.elapsed() < END, "no epoch");
        thread::sleep(Duration::from_millis(10));
    }
}

/// `KILLS` asks for more of them.
#[test]
fn whoever_is_killed_whenever_the_run_goes_on() {
    let Some(mpirun) = Mpirun::find() else { return };
    let kills: u64 = std::env::var("KILLS").ok().and_then(|number| number.parse().ok()).unwrap_or(3);
    let place = with_text();
    let begin = Instant::now();
    let line = small(LONG);
    place.succeed(&format!("train {line} --run whole"));
    let whole = begin.elapsed();
    let mut random = 0x9e37_79b9_7f4a_7c15_u64;
    let mut draw = |below: u64| {
        random ^= random << 13;
        random ^= random >> 7;
        random ^= random << 17;
        random % below
    };
    for kill in 0..kills {
        let (run, ranks) = (format!("run{kill}"), 2 + draw(3) as usize);
        let resumed = begun(&place, &line, &run);
        let child = mpirun.start(&place, ranks, &resumed);
        thread::sleep(whole.mul_f64(draw(1000) as f64 / 1000.0));
        let there = processes(&place);
        if !there.is_empty() {
            signal(there[draw(there.len() as u64) as usize], "KILL");
        }
        ended(child, END);
        assert!(processes(&place).is_empty(), "none is left behind");
        let ranks = 1 + draw(4) as usize;
        let said = mpirun.run(&place, ranks, &resumed);
        assert_eq!(said.code, Some(0), "kill {kill}, on {ranks} ranks:\n{}", said.err);
        assert!(kept(&place, &run) == kept(&place, "whole"), "kill {kill}, on {ranks} ranks");
    }
}
