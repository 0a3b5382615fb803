//! Trains a line through noisy points with everything that watches a run: progress, metrics, TensorBoard,
//! checkpoints, and a report at the end.
//!
//!     cargo run -p recurrent-train --example watched [FOLDER]
//!
//! Called again with the same folder, it continues the run that it finds there.

use std::error::Error;
use std::io;
use std::path::PathBuf;

use burn::module::{Module, Param};
use burn::tensor::{Device, Tensor};
use recurrent_backend::BackendKind;
use recurrent_report::{LayerRow, ModelSummary, Report, Section, Size, loss_curves, significant};
use recurrent_train::{
    Batches, Interval, Loss, MetricsFile, Model, Optimiser, Pass, Progress, ProgressBar, RunFolder,
    TensorBoard, TrainConfig, Training, Watch, Watched, files, mean_loss,
};

/// `y = slope * x + offset`.
#[derive(Module, Debug)]
struct Line {
    slope: Param<Tensor<1>>,
    offset: Param<Tensor<1>>,
}

impl Model for Line {
    type Batch = (Tensor<1>, Tensor<1>);
    type Carry = ();

    fn loss(&self, (x, y): Self::Batch, _carry: Option<()>, _pass: Pass) -> Loss<()> {
        let samples = x.dims()[0];
        let loss = (x * self.slope.val() + self.offset.val() - y).square().mean();
        Loss::new(loss, samples)
    }
}

/// Points beside the line `y = 2 x - 1`, four to a batch.
struct Points(Device);

impl Batches for Points {
    type Batch = (Tensor<1>, Tensor<1>);

    fn steps_per_epoch(&self) -> usize {
        8
    }

    fn batch(&self, _epoch: usize, step: usize) -> Self::Batch {
        let x: [f32; 4] = std::array::from_fn(|n| (step * 4 + n) as f32 / 32.0);
        let y = x.map(|x| 2.0 * x - 1.0 + 0.1 * (x * 50.0).sin());
        (Tensor::from_data(x, &self.0), Tensor::from_data(y, &self.0))
    }
}

fn main() -> Result<(), Box<dyn Error>> {
    let folder =
        std::env::args_os().nth(1).map_or_else(|| std::env::temp_dir().join("watched"), PathBuf::from);
    let mut config = TrainConfig::new(60, Optimiser::adam(), 0.02);
    config.watch = Some(Watch::new(Watched::ValidationLoss));
    let run = match RunFolder::resume::<TrainConfig>(&folder, "watched") {
        Ok((run, _)) => run,
        Err(_) => RunFolder::create(&folder, "watched", &config)?,
    };

    let device = BackendKind::Flex.open()?.autodiff();
    let points = Points(device.clone());
    let line =
        Line { slope: Param::from_data([0.0f32], &device), offset: Param::from_data([0.0f32], &device) };
    let summary = ModelSummary {
        title: "a line".to_owned(),
        rows: vec![
            LayerRow::new("slope", "weight", "[batch]", 1),
            LayerRow::new("offset", "bias", "[batch]", 1),
        ],
    };

    let lines = Progress::Lines { epochs: Interval::every(20), writer: Box::new(io::stdout()) };
    let mut progress = ProgressBar::new(lines);
    let mut metrics = MetricsFile::new(run.metrics_file(), Interval::every(8));
    let mut board = TensorBoard::new(run.tensorboard(), Interval::every(8))
        .with_graph(&summary)
        .with_settings(run.settings()?)
        .with_histograms(Interval::every(80));
    let judged = Points(device.inner());
    let outcome = Training::new(&config, &points)
        .with_validation(|line| {
            let loss = mean_loss(line, (0..judged.steps_per_epoch()).map(|step| judged.batch(0, step)));
            Ok(loss.unwrap_or(f64::NAN).into())
        })
        .with_observer(&mut progress)
        .with_observer(&mut metrics)
        .with_observer(&mut board)
        .in_folder(&run, summary.to_string())
        .run(line)?;

    let training: Vec<f64> = outcome.history.iter().map(|epoch| epoch.train_loss).collect();
    let validation: Vec<f64> = outcome.history.iter().filter_map(|epoch| epoch.validation_loss).collect();
    let losses = loss_curves(&training, &validation, outcome.end.best_epoch, "mean squared error");
    files::create_folder(&run.plots())?;
    files::write_whole(&run.plots().join("loss.svg"), losses.svg(Size::Wide)?.as_bytes())?;
    let slope = f64::from(outcome.model.slope.val().into_scalar::<f32>());
    let offset = f64::from(outcome.model.offset.val().into_scalar::<f32>());
    let report = Report::new("A line through noisy points")
        .lead("The points lie beside y = 2 x - 1.")
        .section(
            Section::new("Result")
                .facts("The line", [("slope", significant(slope, 3)), ("offset", significant(offset, 3))])
                .chart(&losses, "Training and validation see the same points here."),
        )
        .section(Section::new("Model").preformatted("Parameters", summary.to_string()));
    Ok(files::write_whole(&run.report_file(), report.html()?.as_bytes())?)
}
