//! What ranks send arrives whole, on as many as there are, whatever its length; and a rank that is waited for in vain ends all. The test
//! starts itself under `mpirun`, where there is one (`MPIRUN` names another).

#![allow(clippy::print_stdout, clippy::print_stderr)] // a test without a harness

use std::env;
use std::process::{ExitCode, Output};
use std::thread;
use std::time::{Duration, Instant};

use program_tests::ranks::Mpirun;
use recurrent_mpi::Mpi;
use recurrent_train::{Group, Ranks};

/// Says to a process that `mpirun` has started what it is to do.
const PART: &str = "RECURRENT_MPI_TEST";

fn main() -> ExitCode {
    match env::var(PART).as_deref() {
        Ok("messages") => messages(),
        Ok("loss") => loss(),
        Ok("group") => group(),
        _ => return start_all(),
    }
    ExitCode::SUCCESS
}

fn start_all() -> ExitCode {
    let Some(mpirun) = Mpirun::find() else { return ExitCode::SUCCESS };
    for ranks in 1..=4 {
        for part in ["messages", "group"] {
            let Output { status, stdout, stderr } = start(&mpirun, ranks, part);
            let said = [stdout, stderr].concat();
            assert!(status.success(), "{part} on {ranks}: {}", String::from_utf8_lossy(&said));
            println!("{part} on {ranks} ranks ... ok");
        }
    }
    let begin = Instant::now();
    let Output { status, stderr, .. } = start(&mpirun, 3, "loss");
    let said = String::from_utf8_lossy(&stderr);
    assert!(!status.success() && said.contains("no word from rank 2 for 1 s"), "{status}: {said}");
    assert!(begin.elapsed() < Duration::from_secs(30), "all end with it");
    println!("loss ... ok");
    ExitCode::SUCCESS
}

fn start(mpirun: &Mpirun, ranks: usize, part: &str) -> Output {
    let own = env::current_exe().expect("this test's own path");
    let mut command = mpirun.launcher();
    command.env(PART, part).args(["-n", &ranks.to_string()]).arg(own).output().expect("mpirun starts")
}

/// Lengths about those at which a message is parted.
const LENGTHS: [usize; 7] = [0, 1, 1015, 1016, 1017, 5000, 3_000_000];

fn words(rank: usize, length: usize) -> Vec<u8> {
    (0..length).map(|place| (place * 7 + rank * 13 + 1) as u8).collect()
}

fn numbers(from: usize, to: usize, length: usize) -> Vec<f32> {
    (0..length).map(|place| (place * 31 + from * 7 + to) as f32).collect()
}

fn messages() {
    let mpi = Mpi::start().expect("MPI starts");
    assert!(Mpi::start().is_err(), "MPI starts once");
    let (own, count) = (mpi.rank(), mpi.count());
    for round in 0..LENGTHS.len() {
        let length = |rank: usize| LENGTHS[(round + rank) % LENGTHS.len()];
        let all = mpi.gather(&words(own, length(own)));
        let expected: Vec<_> = (0..count).map(|rank| words(rank, length(rank))).collect();
        assert!(all == expected, "rank {own} heard something else in round {round}");

        let others: Vec<_> = (0..count).filter(|rank| *rank != own).collect();
        let sent: Vec<_> = others.iter().map(|to| (*to, numbers(own, *to, length(own)))).collect();
        let out: Vec<_> = sent.iter().map(|(to, numbers)| (*to, numbers.as_slice())).collect();
        let mut got: Vec<_> = others.iter().map(|from| (*from, vec![0.0; length(*from)])).collect();
        let mut into: Vec<_> = got.iter_mut().map(|(from, buffer)| (*from, buffer.as_mut_slice())).collect();
        // From another thread, as the gradients go.
        thread::scope(|scope| scope.spawn(|| mpi.swap(&out, &mut into)).join()).expect("numbers are swapped");
        for (from, got) in got {
            assert!(got == numbers(from, own, length(from)), "rank {own} got other numbers from {from}");
        }
    }
    mpi.leave();
    mpi.leave();
}

fn group() {
    let group = Group::new(Mpi::start().expect("MPI starts"));
    let ranks: Vec<_> = (0..group.count()).collect();
    assert_eq!(group.agree(&group.rank()).expect("all are well"), ranks);
    assert_eq!(group.first_says(group.rank() + 5).expect("all are well"), 5);
    group.leave().expect("all are well");
}

fn loss() {
    let mpi = Mpi::start().expect("MPI starts").with_patience(Duration::from_secs(1));
    let mpi = mpi.on_loss(|lost| eprintln!("{lost}"));
    if mpi.rank() == 2 {
        thread::sleep(Duration::from_secs(60));
    }
    mpi.gather(b"here");
    mpi.leave();
}
