//! A small recurrent model, its data, and a record of what an observer saw: what the tests of this folder
//! train.

#![allow(dead_code, unreachable_pub)] // each test file is a crate of its own, and uses a part of this

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use burn::module::{Module, Param};
use burn::tensor::{Device, Tensor, TensorData, s};
use rand::RngExt;
use recurrent_backend::{BackendKind, Seed};
use recurrent_train::{
    Batches, Clip, EpochRecord, Error, Figures, Interrupt, Loss, Model, Observer, Optimiser, Outcome, Pass,
    RunFolder, Shard, Start, StepRecord, TrainConfig, Training, shuffled_order,
};

pub const PROGRAM: &str = "tiny-rnn";
pub const ARCHITECTURE: &str = "rnn 5, dense 1";
pub const INPUT: usize = 3;
pub const HIDDEN: usize = 5;
pub const BATCH: usize = 4;
pub const STEPS_PER_EPOCH: usize = 4;

/// `h = tanh(x U + h' W + b)`, and `y = h v`, with dropout on `h`.
#[derive(Module, Debug)]
pub struct Tiny {
    pub rnn: Layer,
    pub dense: Param<Tensor<2>>,
}

#[derive(Module, Debug)]
pub struct Layer {
    pub kernel: Param<Tensor<2>>,
    pub recurrent: Param<Tensor<2>>,
    pub bias: Param<Tensor<1>>,
}

impl Tiny {
    pub fn new(device: &Device, hidden: usize) -> Self {
        let param =
            |key, rows, columns| Param::from_data(numbers(Seed(9).part(&[key]), rows, columns), device);
        Self {
            rnn: Layer {
                kernel: param(1, INPUT, hidden),
                recurrent: param(2, hidden, hidden),
                bias: Param::from_data(TensorData::zeros::<f32, _>([hidden]), device),
            },
            dense: param(3, hidden, 1),
        }
    }
}

pub struct Sample {
    pub x: Tensor<2>,
    pub y: Tensor<2>,
}

impl Model for Tiny {
    type Batch = Sample;
    type Carry = Vec<Tensor<2>>;

    fn loss(&self, batch: Sample, carry: Option<Self::Carry>, pass: Pass) -> Loss<Self::Carry> {
        let samples = batch.x.dims()[0];
        let mut sum = batch.x.matmul(self.rnn.kernel.val()) + self.rnn.bias.val().unsqueeze();
        if let Some(state) = carry.and_then(|states| states.into_iter().next()) {
            sum = sum + state.matmul(self.rnn.recurrent.val());
        }
        let state = sum.tanh();
        let carry = Some(vec![state.clone().detach()]);
        let seen = match pass {
            Pass::Training { seed, .. } => {
                let [rows, columns] = state.dims();
                let mut stream = seed.stream(&[7]);
                let mask: Vec<f32> = (0..rows * columns)
                    .map(|_| if stream.random_bool(0.25) { 0.0 } else { 1.0 / 0.75 })
                    .collect();
                let mask = Tensor::from_data(TensorData::new(mask, [rows, columns]), &state.device());
                state * mask
            }
            Pass::Evaluation => state,
        };
        let loss = (seen.matmul(self.dense.val()) - batch.y).square().mean();
        Loss::new(loss, samples).with_carry(carry)
    }
}

/// Sums of random numbers; the order is shuffled each epoch, and the last batch of an epoch is smaller.
pub struct Sums {
    pub device: Device,
    pub seed: Seed,
    /// Makes the loss infinite from this step of the first epoch on.
    pub poisoned_from: Option<usize>,
}

impl Sums {
    pub fn new(device: &Device) -> Self {
        Self { device: device.clone(), seed: Seed(3), poisoned_from: None }
    }

    pub fn sample(&self, rows: &[usize]) -> Sample {
        let data: Vec<f32> = rows
            .iter()
            .flat_map(|&row| {
                let mut stream = self.seed.stream(&[row as u64]);
                std::array::from_fn::<f32, INPUT, _>(|_| stream.random_range(-1.0..1.0))
            })
            .collect();
        let x = Tensor::from_data(TensorData::new(data, [rows.len(), INPUT]), &self.device);
        Sample { y: x.clone().sum_dim(1), x }
    }
}

impl Batches for Sums {
    type Batch = Sample;

    fn steps_per_epoch(&self) -> usize {
        STEPS_PER_EPOCH
    }

    fn batch(&self, epoch: usize, step_in_epoch: usize) -> Sample {
        let order = shuffled_order(BATCH * STEPS_PER_EPOCH, self.seed, epoch);
        let mut sample = self.sample(&order[step_in_epoch * BATCH..][..BATCH]);
        if self.poisoned_from.is_some_and(|from| epoch == 0 && step_in_epoch >= from) {
            sample.x = sample.x * f32::INFINITY;
        }
        sample
    }

    fn shard(&self, epoch: usize, step_in_epoch: usize, shard: Shard) -> Option<Sample> {
        let Sample { x, y } = self.batch(epoch, step_in_epoch);
        let rows = shard.rows(x.dims()[0])?;
        Some(Sample { x: x.slice(s![rows.clone()]), y: y.slice(s![rows]) })
    }
}

pub fn device() -> Device {
    BackendKind::Flex.open().unwrap().autodiff()
}

pub fn numbers(seed: Seed, rows: usize, columns: usize) -> TensorData {
    let mut stream = seed.stream(&[]);
    let numbers: Vec<f32> = (0..rows * columns).map(|_| stream.random_range(-0.5..0.5)).collect();
    TensorData::new(numbers, [rows, columns])
}

/// Keeps what it is told, and drops what a resumed run will tell again.
#[derive(Default)]
pub struct Recorder {
    pub start: Option<Start>,
    pub steps: Vec<StepRecord>,
    pub epochs: Vec<EpochRecord>,
    pub interrupt: Option<(u64, Interrupt)>,
    pub fail_at: Option<u64>,
}

impl Recorder {
    /// All records, as JSON lines without seconds.
    pub fn lines(&self) -> Vec<String> {
        let steps = self.steps.iter().map(|step| timeless(step, |step| &mut step.seconds));
        let epochs = without_seconds(&self.epochs).into_iter();
        let steps = steps.map(|step| serde_json::to_string(&step).unwrap());
        steps.chain(epochs.map(|epoch| serde_json::to_string(&epoch).unwrap())).collect()
    }
}

impl Observer for Recorder {
    fn on_start(&mut self, start: &Start) -> Result<(), Error> {
        self.steps.retain(|step| step.step <= start.steps_done);
        self.epochs.retain(|epoch| epoch.epoch <= start.epochs_done);
        self.start = Some(start.clone());
        Ok(())
    }

    fn on_step(&mut self, step: &StepRecord) -> Result<(), Error> {
        self.steps.push(step.clone());
        if let Some((_, interrupt)) = self.interrupt.as_ref().filter(|(at, _)| *at == step.step) {
            interrupt.request();
        }
        match self.fail_at {
            Some(at) if at == step.step => Err(Error::Observer(format!("no more at step {at}"))),
            _ => Ok(()),
        }
    }

    fn on_epoch(&mut self, epoch: &EpochRecord) -> Result<(), Error> {
        self.epochs.push(epoch.clone());
        Ok(())
    }
}

/// A record that says nothing of how long it took.
pub fn timeless<R: Clone>(record: &R, seconds: impl Fn(&mut R) -> &mut f64) -> R {
    let mut record = record.clone();
    *seconds(&mut record) = 0.0;
    record
}

pub fn without_seconds(epochs: &[EpochRecord]) -> Vec<EpochRecord> {
    epochs.iter().map(|epoch| timeless(epoch, |epoch| &mut epoch.seconds)).collect()
}

/// Trains in a folder, from its last checkpoint if it has one.
pub fn train_in(
    folder: &RunFolder,
    config: &TrainConfig,
    recorder: &mut Recorder,
    interrupt: Interrupt,
) -> Result<Outcome<Tiny>, Error> {
    let device = device();
    let batches = Sums::new(&device);
    let plain = Sums { device: device.clone().inner(), ..Sums::new(&device) };
    Training::new(config, &batches)
        .with_validation(move |model: &Tiny| {
            let loss = recurrent_train::mean_loss(model, [plain.sample(&[100, 101, 102, 103])]).unwrap();
            Ok(Figures::new(loss).with_metric("root", loss.sqrt()))
        })
        .with_observer(recorder)
        .in_folder(folder, ARCHITECTURE)
        .with_interrupt(interrupt)
        .run(Tiny::new(&device, HIDDEN))
}

/// Opens the run in a folder, or creates it.
pub fn run_folder(path: &Path) -> RunFolder {
    if path.join("config.json").exists() {
        RunFolder::resume::<u32>(path, PROGRAM).unwrap().0
    } else {
        RunFolder::create(path, PROGRAM, &7u32).unwrap()
    }
}

/// The same settings for so many epochs.
pub fn for_epochs(epochs: usize, mut config: TrainConfig) -> TrainConfig {
    config.epochs = epochs;
    config
}

pub fn config(optimiser: Optimiser) -> TrainConfig {
    TrainConfig::new(6, optimiser, 0.01).with_seed(Seed(5)).with_clip(Clip::GlobalNorm(0.5))
}

/// The files of a checkpoints folder that hold tensors, by name.
pub fn tensor_files(checkpoints: &Path) -> BTreeMap<String, Vec<u8>> {
    files(checkpoints).into_iter().filter(|(name, _)| name.ends_with(".safetensors")).collect()
}

pub fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap())
        .map(|entry| (entry.file_name().to_string_lossy().into_owned(), std::fs::read(entry.path()).unwrap()))
        .collect()
}

/// The only file of a folder with this start and end.
pub fn only(folder: &Path, start: &str, end: &str) -> PathBuf {
    let names: Vec<_> =
        files(folder).into_keys().filter(|name| name.starts_with(start) && name.ends_with(end)).collect();
    assert_eq!(names.len(), 1, "files {start}…{end}: {names:?}");
    folder.join(&names[0])
}

pub fn bits(model: &Tiny) -> Vec<u32> {
    let tensors = [
        model.rnn.kernel.val().to_data(),
        model.rnn.recurrent.val().to_data(),
        model.rnn.bias.val().to_data(),
        model.dense.val().to_data(),
    ];
    tensors.iter().flat_map(|data| data.as_slice::<f32>().unwrap().iter().map(|x| x.to_bits())).collect()
}
