//! Fits a line on as many processes as `mpirun` starts: `mpirun -n 4 target/debug/examples/line`. Each prints the same slope.
#![allow(clippy::print_stdout, clippy::print_stderr)] // what it is for

use burn::module::{Module, Param};
use burn::tensor::{Device, Tensor};
use recurrent_backend::BackendKind;
use recurrent_mpi::Mpi;
use recurrent_train::{Batches, Group, Loss, Model, Optimiser, Pass, Shard, TrainConfig, Training};

/// A line through the origin.
#[derive(Module, Debug)]
struct Line {
    slope: Param<Tensor<1>>,
}

impl Model for Line {
    type Batch = (Tensor<1>, Tensor<1>);
    type Carry = ();

    fn loss(&self, (x, y): Self::Batch, _carry: Option<()>, _pass: Pass) -> Loss<()> {
        let samples = x.dims()[0];
        Loss::new((x * self.slope.val() - y).square().mean(), samples)
    }
}

/// A hundred points on it.
struct Points(Device);

impl Points {
    fn of(&self, rows: std::ops::Range<usize>) -> (Tensor<1>, Tensor<1>) {
        let x: Vec<f32> = rows.map(|row| row as f32 / 100.0).collect();
        let x = Tensor::from_data(x.as_slice(), &self.0);
        (x.clone(), x * 2.0)
    }
}

impl Batches for Points {
    type Batch = (Tensor<1>, Tensor<1>);

    fn steps_per_epoch(&self) -> usize {
        1
    }

    fn batch(&self, _epoch: usize, _step: usize) -> Self::Batch {
        self.of(0..100)
    }

    fn shard(&self, _epoch: usize, _step: usize, shard: Shard) -> Option<Self::Batch> {
        shard.rows(100).map(|rows| self.of(rows))
    }
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let group = Group::new(Mpi::start()?.on_loss(|lost| eprintln!("error: {lost}")));
    let device = BackendKind::Flex.open()?.autodiff();
    let line = Line { slope: Param::from_data([0.0f32], &device) };
    let config = TrainConfig::new(300, Optimiser::adam(), 0.05).with_shards(4);
    let outcome = Training::new(&config, &Points(device)).with_group(group.clone()).run(line)?;
    let slope = outcome.model.slope.val().into_scalar::<f32>();
    println!("rank {} of {}: slope {slope} ({:08x})", group.rank(), group.count(), slope.to_bits());
    group.leave()?;
    Ok(())
}
