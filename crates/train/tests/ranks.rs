//! Shards and ranks: the bits of a run follow from the number of shards, whatever the number of ranks, and what goes wrong on one
//! rank ends all.

mod support;
#[path = "support/threads.rs"]
mod threads;

use std::path::Path;
use std::time::Duration;

use burn::module::{Module, Param};
use burn::tensor::{Tensor, TensorData};
use recurrent_train::{
    Batches, Error, Every, Figures, Group, Interrupt, Loss, Model, Optimiser, Outcome, Pass, Seed, Shard,
    Stopped, Traffic, TrainConfig, Training, Watch, Watched, mean_loss,
};
use support::*;
use threads::together;

/// What a rank does besides training.
#[derive(Clone, Default)]
struct Events {
    /// Its observer fails at this step.
    observer_fails: Option<u64>,
    /// Its validation fails after this epoch.
    validation_fails: Option<usize>,
    /// It is asked to stop at this step.
    interrupt: Option<u64>,
}

/// What came of it, as far as it can be compared.
#[derive(Clone, Debug, PartialEq)]
struct Result {
    bits: Vec<u32>,
    history: Vec<String>,
    end: String,
}

fn train(
    group: Group,
    config: &TrainConfig,
    path: &Path,
    events: &Events,
    recorder: &mut Recorder,
) -> std::result::Result<Result, Error> {
    let device = device();
    let batches = Sums::new(&device);
    let plain = Sums { device: device.clone().inner(), ..Sums::new(&device) };
    let interrupt = Interrupt::default();
    recorder.interrupt = events.interrupt.map(|step| (step, interrupt.clone()));
    recorder.fail_at = events.observer_fails;
    let folder = run_folder(path);
    let mut epoch = 0;
    let outcome: Outcome<Tiny> = Training::new(config, &batches)
        .with_validation(|model: &Tiny| {
            epoch += 1;
            if events.validation_fails == Some(epoch) {
                return Err(Error::Observer("no judgement".to_owned()));
            }
            let loss = mean_loss(model, [plain.sample(&[100, 101, 102, 103])]).unwrap();
            Ok(Figures::new(loss))
        })
        .with_observer(recorder)
        .in_folder(&folder, ARCHITECTURE)
        .with_interrupt(interrupt)
        .with_group(group)
        .run(Tiny::new(&device, HIDDEN))?;
    let history = without_seconds(&outcome.history);
    Ok(Result {
        bits: bits(&outcome.model),
        history: history.iter().map(|epoch| serde_json::to_string(epoch).unwrap()).collect(),
        end: format!("{:?}", outcome.end),
    })
}

fn settings(shards: usize) -> TrainConfig {
    config(Optimiser::adam()).with_watch(Watch::new(Watched::ValidationLoss)).with_shards(shards)
}

/// A run on so many ranks, of which the first has its folder, and the others empty ones.
fn run(
    ranks: usize,
    config: &TrainConfig,
    folder: &Path,
    events: &(dyn Fn(usize) -> Events + Sync),
) -> Vec<(std::result::Result<Result, Error>, Recorder)> {
    for rank in 1..ranks {
        let _ = std::fs::remove_dir_all(folder.join(rank.to_string()));
    }
    together(ranks, |group| {
        let (rank, mut recorder) = (group.rank(), Recorder::default());
        let path = folder.join(rank.to_string());
        let result = train(group, config, &path, &events(rank), &mut recorder);
        (result, recorder)
    })
}

fn quiet(_rank: usize) -> Events {
    Events::default()
}

#[test]
fn any_number_of_ranks_gives_the_bits_of_one() {
    // More shards than rows among them, so that some are empty.
    for shards in [2, 3, 4, 6] {
        let folder = tempfile::tempdir().unwrap();
        let config = settings(shards);
        let alone = run(1, &config, &folder.path().join("alone"), &quiet).remove(0);
        let expected = alone.0.unwrap();
        let files = tensor_files(&folder.path().join("alone/0/checkpoints"));
        for ranks in 2..=shards.min(5) {
            let path = folder.path().join(ranks.to_string());
            for (rank, (found, recorder)) in run(ranks, &config, &path, &quiet).into_iter().enumerate() {
                assert_eq!(found.unwrap(), expected, "{shards} shards, rank {rank} of {ranks}");
                let lines = if rank == 0 { alone.1.lines() } else { Vec::new() };
                assert_eq!(recorder.lines(), lines, "only the first rank is watched");
            }
            assert!(tensor_files(&path.join("0/checkpoints")) == files, "{shards} shards, {ranks} ranks");
            assert!(tensor_files(&path.join("1/checkpoints")).is_empty(), "only the first rank writes");
        }
    }
}

#[test]
fn the_number_of_shards_is_part_of_the_run() {
    let folder = tempfile::tempdir().unwrap();
    let mut found: Vec<_> = [1, 2, 4]
        .map(|shards| {
            run(1, &settings(shards), &folder.path().join(shards.to_string()), &quiet).remove(0).0.unwrap()
        })
        .into();
    found.dedup();
    assert_eq!(found.len(), 3, "each shard has masks of its own");
    let other = run(1, &settings(4), &folder.path().join("2"), &quiet).remove(0).0.unwrap_err();
    assert!(other.to_string().contains("shards was 2 and is now 4"), "{other}");
}

#[test]
fn a_run_goes_on_with_any_number_of_ranks() {
    let folder = tempfile::tempdir().unwrap();
    let config = settings(4).with_checkpoint_every(Every::Steps(3));
    let whole = run(1, &config, &folder.path().join("whole"), &quiet).remove(0).0.unwrap();
    let files = tensor_files(&folder.path().join("whole/0/checkpoints"));
    for (case, parts) in [[2, 3, 1], [4, 1, 2], [1, 4, 3], [3, 2, 4]].into_iter().enumerate() {
        let path = folder.path().join(case.to_string());
        // In the middle of an epoch, so that a state is carried; broken off, so that steps are done again; then to the end.
        let stopped = run(parts[0], &config.clone().with_max_steps(6), &path, &quiet);
        assert!(stopped.iter().all(|(result, _)| result.as_ref().unwrap().end.contains("Steps")));
        let failing = |rank| Events { observer_fails: (rank == 0).then_some(11), ..Events::default() };
        assert!(run(parts[1], &config, &path, &failing).iter().all(|(result, _)| result.is_err()));
        for (result, _) in run(parts[2], &config, &path, &quiet) {
            assert_eq!(result.unwrap(), whole, "on {parts:?} ranks");
        }
        assert!(tensor_files(&path.join("0/checkpoints")) == files, "on {parts:?} ranks");
    }
}

#[test]
fn a_request_to_stop_of_any_rank_stops_all_after_one_step() {
    let folder = tempfile::tempdir().unwrap();
    let asked = |rank| Events { interrupt: (rank == 0).then_some(5), ..Events::default() };
    let ends: Vec<_> = run(3, &settings(3), folder.path(), &asked)
        .into_iter()
        .map(|(result, _)| result.unwrap().end)
        .collect();
    assert!(ends.iter().all(|end| *end == ends[0]));
    assert!(
        ends[0].contains(&format!("{:?}", Stopped::Interrupted)) && ends[0].contains("steps_run: 5"),
        "{}",
        ends[0]
    );
}

#[test]
fn the_failure_of_a_rank_ends_all_with_its_words() {
    let cases: [(usize, Events, &str); 3] = [
        (0, Events { observer_fails: Some(7), ..Events::default() }, "no more at step 7"),
        (2, Events { validation_fails: Some(2), ..Events::default() }, "no judgement"),
        (0, Events { validation_fails: Some(1), ..Events::default() }, "no judgement"),
    ];
    for (failing, events, words) in cases {
        let folder = tempfile::tempdir().unwrap();
        let of = |rank| if rank == failing { events.clone() } else { Events::default() };
        for (rank, (result, _)) in run(3, &settings(4), folder.path(), &of).into_iter().enumerate() {
            let said = result.unwrap_err().to_string();
            let expected =
                if rank == failing { words.to_owned() } else { format!("rank {failing} failed: {words}") };
            assert_eq!(said, expected, "rank {rank}");
        }
    }
}

#[test]
fn a_checkpoint_that_cannot_be_written_ends_all() {
    let folder = tempfile::tempdir().unwrap();
    let config = settings(4).with_checkpoint_every(Every::Steps(3));
    // Nothing can take the place of a folder.
    drop(run_folder(&folder.path().join("0")));
    std::fs::create_dir_all(folder.path().join("0/checkpoints/state-6.safetensors/in")).unwrap();
    let said: Vec<_> = run(3, &config, folder.path(), &quiet)
        .into_iter()
        .map(|(result, _)| result.unwrap_err().to_string())
        .collect();
    assert!(said[0].starts_with("cannot write"), "{}", said[0]);
    assert!(said[1].starts_with("rank 0 failed: cannot write"), "{}", said[1]);
    assert_eq!(said[1], said[2]);
}

#[test]
fn a_group_is_left_once() {
    let said = together(2, |group| {
        let first = group.first_says(group.rank() + 5).unwrap();
        group.leave().unwrap();
        group.leave().unwrap();
        group.fail(&Error::Observer("what others do not hear".to_owned()));
        (first, group.gather(b"more").unwrap_err().to_string())
    });
    assert_eq!(said[0], said[1]);
    assert_eq!(said[0], (5, "the ranks have parted already".to_owned()));
}

#[test]
fn ranks_that_do_not_do_the_same_run_are_refused() {
    let unwatched = |shards| config(Optimiser::adam()).with_shards(shards);
    let said = |config: &(dyn Fn(usize) -> TrainConfig + Sync), hidden: &(dyn Fn(usize) -> usize + Sync)| {
        let device = device();
        let all = together(2, |group| {
            let (rank, batches) = (group.rank(), Sums::new(&device));
            let config = config(rank);
            let training = Training::new(&config, &batches).with_group(group);
            training.run(Tiny::new(&device, hidden(rank))).map(drop).unwrap_err().to_string()
        });
        assert_eq!(all[0], all[1]);
        all[0].clone()
    };
    let rate = |rank: usize| {
        let mut config = unwatched(2);
        config.learning_rate = 0.1 / (rank + 1) as f64;
        config
    };
    let all = [
        said(&rate, &|_| HIDDEN),
        said(&|rank| unwatched(2).with_seed(Seed(rank as u64)), &|_| HIDDEN),
        said(&|_| unwatched(2), &|rank| HIDDEN + rank),
        said(&|_| unwatched(1), &|_| HIDDEN),
    ];
    insta::assert_snapshot!(all.join("\n"), @r"
    rank 1 does not do the run of rank 0: its learning_rate is 0.05 instead of 0.1; start all with the same program, options and data, on processors of one kind
    rank 1 does not do the run of rank 0: its seed is 1 instead of 0; start all with the same program, options and data, on processors of one kind
    rank 1 does not do the run of rank 0: its first weights are others; start all with the same program, options and data, on processors of one kind
    2 ranks share batches of 1 shards; cut them into 2 shards or more, or start fewer ranks
    ");
}

#[test]
fn batches_that_cannot_be_cut_are_refused() {
    struct Whole(Sums);
    impl Batches for Whole {
        type Batch = Sample;
        fn steps_per_epoch(&self) -> usize {
            self.0.steps_per_epoch()
        }
        fn batch(&self, epoch: usize, step: usize) -> Sample {
            self.0.batch(epoch, step)
        }
    }
    let (device, config) = (device(), config(Optimiser::adam()).with_shards(2));
    let batches = Whole(Sums::new(&device));
    let error = Training::new(&config, &batches).run(Tiny::new(&device, HIDDEN)).map(drop).unwrap_err();
    insta::assert_snapshot!(error, @"the batches cannot be cut into shards; train with one shard, or implement `Batches::shard`");
}

/// Least squares, with nothing random in it, so that shards give what the whole gives but for rounding.
#[derive(Module, Debug)]
struct Line {
    slope: Param<Tensor<2>>,
    unused: Param<Tensor<1>>,
}

impl Model for Line {
    type Batch = Sample;
    type Carry = ();

    fn loss(&self, batch: Sample, _carry: Option<()>, _pass: Pass) -> Loss<()> {
        let samples = batch.x.dims()[0];
        Loss::new((batch.x.matmul(self.slope.val()) - batch.y).square().mean(), samples)
    }
}

#[test]
fn the_gradient_of_shards_is_that_of_the_whole_batch() {
    let device = device();
    let fit = |shards| {
        let config = TrainConfig::new(3, Optimiser::adam_w(0.3), 0.01).with_shards(shards);
        let line = Line {
            slope: Param::from_data(numbers(Seed(1), INPUT, 1), &device),
            unused: Param::from_data(TensorData::ones::<f32, _>([2]), &device),
        };
        let outcome = Training::new(&config, &Sums::new(&device)).run(line).unwrap();
        let of = |data: TensorData| data.as_slice::<f32>().unwrap().to_vec();
        assert_eq!(of(outcome.model.unused.val().into_data()), [1.0, 1.0], "no gradient, no weight decay");
        of(outcome.model.slope.val().into_data())
    };
    let whole = fit(1);
    // Three shards of four rows have one, one and two.
    for shards in [2, 3, 4, 9] {
        for (found, expected) in fit(shards).into_iter().zip(&whole) {
            assert!((found - expected).abs() < 1e-5, "{shards} shards: {found} for {expected}");
        }
    }
}

#[test]
fn rows_of_shards_cover_a_batch() {
    for count in 1..9 {
        for rows in 0..20 {
            let all: Vec<_> =
                (0..count).filter_map(|index| Shard::new(index, count).rows(rows)).flatten().collect();
            assert!(all.into_iter().eq(0..rows), "{rows} rows, {count} shards");
        }
    }
}

#[test]
fn what_ranks_send_is_counted() {
    let folder = tempfile::tempdir().unwrap();
    let config = settings(4).with_max_steps(1);
    let traffic = |ranks: usize| {
        let of = |group: Group| {
            let path = folder.path().join(format!("{ranks}-{}", group.rank()));
            train(group.clone(), &config, &path, &Events::default(), &mut Recorder::default()).unwrap();
            group.traffic()
        };
        together(ranks, of)
    };
    let alone = traffic(1).remove(0);
    assert_eq!((alone.sent, alone.waited), (0, Duration::ZERO), "whoever is alone neither sends nor waits");
    let gradient = 4 * (INPUT * HIDDEN + HIDDEN * HIDDEN + HIDDEN + HIDDEN) as u64;
    for Traffic { sent, waited, elapsed, .. } in traffic(2) {
        // Half of it to the other, who adds it up, and half of the sum back; besides that, what they agree on.
        assert!((gradient..10 * gradient).contains(&sent), "{sent} bytes for a gradient of {gradient}");
        assert!(!waited.is_zero() && waited < elapsed, "{waited:?} of {elapsed:?}");
    }
}
