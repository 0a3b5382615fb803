//! A recurrent layer of `recurrent-cells` in Burn's own Learner: an LSTM learns whether a walk of ±1 ends above where it began.
//!
//! `cargo run --manifest-path examples/learner/Cargo.toml`

use burn::{
    data::{
        dataloader::{DataLoaderBuilder, batcher::Batcher},
        dataset::InMemDataset,
    },
    module::{Module, Param},
    optim::{AdamConfig, lr_scheduler::constant::ConstantLr},
    tensor::{Device, Tensor, TensorData},
    train::{
        InferenceStep, Learner, RegressionOutput, SupervisedTraining, TrainOutput, TrainStep,
        metric::LossMetric,
    },
};
use recurrent_backend::{BackendKind, Seed};
use recurrent_cells::{Cell, Pass, Recurrence, Recurrent, RecurrentConfig};

const TIME: usize = 12;
const UNITS: usize = 16;

/// An LSTM, and a weight for each of its units.
#[derive(Module, Debug)]
struct Walks {
    lstm: Recurrent,
    dense: Param<Tensor<2>>,
}

/// Steps, `[batch, time, 1]`, and where each walk ends, `[batch, 1]`.
#[derive(Clone, Debug)]
struct Batch {
    steps: Tensor<3>,
    ends: Tensor<2>,
}

impl Walks {
    fn new(device: &Device) -> Self {
        Self {
            lstm: RecurrentConfig::new(Cell::Lstm, 1, UNITS)
                .with_recurrent_dropout(0.1)
                .init(Seed(1), device),
            dense: Param::from_data(TensorData::zeros::<f32, _>([UNITS, 1]), device),
        }
    }

    fn read(&self, batch: Batch, pass: &Pass) -> RegressionOutput {
        let (last, _) = self.lstm.last(batch.steps, None, pass);
        let output = last.matmul(self.dense.val());
        let loss = (output.clone() - batch.ends.clone()).square().mean();
        RegressionOutput::new(loss, output, batch.ends)
    }
}

impl TrainStep for Walks {
    type Input = Batch;
    type Output = RegressionOutput;

    fn step(&self, batch: Batch) -> TrainOutput<RegressionOutput> {
        // Dropout follows from a seed here; one that differs from step to step is told from the batch.
        let seed = batch
            .steps
            .to_data()
            .iter::<f32>()
            .fold(7, |seed: u64, step| seed.rotate_left(1) ^ u64::from(step > 0.0));
        let output = self.read(batch, &Pass::training(Seed(seed)));
        TrainOutput::new(self, output.loss.backward(), output)
    }
}

impl InferenceStep for Walks {
    type Input = Batch;
    type Output = RegressionOutput;

    fn step(&self, batch: Batch) -> RegressionOutput {
        self.read(batch, &Pass::evaluation())
    }
}

/// Turns walks into tensors.
#[derive(Clone)]
struct Walker;

impl Batcher<Vec<f32>, Batch> for Walker {
    fn batch(&self, walks: Vec<Vec<f32>>, device: &Device) -> Batch {
        let batch = walks.len();
        let ends: Vec<f32> = walks.iter().map(|walk| walk.iter().sum::<f32>() / TIME as f32).collect();
        Batch {
            steps: Tensor::from_data(TensorData::new(walks.concat(), [batch, TIME, 1]), device),
            ends: Tensor::from_data(TensorData::new(ends, [batch, 1]), device),
        }
    }
}

/// Walks whose steps are the bits of numbers.
fn walks(numbers: std::ops::Range<u32>) -> InMemDataset<Vec<f32>> {
    let walk = |number: u32| {
        let bits = number.wrapping_mul(2_654_435_761);
        (0..TIME).map(|step| if bits >> (31 - step) & 1 == 1 { 1.0 } else { -1.0 }).collect()
    };
    InMemDataset::new(numbers.map(walk).collect())
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let device = BackendKind::Flex.open()?;
    let loader = |numbers| {
        let loader = DataLoaderBuilder::new(Walker).batch_size(32).set_device(device.clone());
        move |shuffle: bool| match shuffle {
            true => loader.shuffle(1).build(walks(numbers)),
            false => loader.build(walks(numbers)),
        }
    };
    let folder = std::env::temp_dir().join("recurrent-learner");
    let training = SupervisedTraining::new(&folder, loader(0..2000)(true), loader(2000..2400)(false))
        .metric_valid_numeric(LossMetric::new())
        .num_epochs(3);
    let learner =
        Learner::new(Walks::new(&device.clone().autodiff()), AdamConfig::new().init(), ConstantLr::new(0.01));
    let trained = training.launch(learner).model;

    let batch = Walker.batch(vec![vec![1.0; TIME], vec![-1.0; TIME]], &device);
    let said = trained.read(batch, &Pass::evaluation()).output.into_data().try_into_vec::<f32>()?;
    println!("all steps up: {:.2}, all steps down: {:.2}", said[0], said[1]);
    Ok(())
}
