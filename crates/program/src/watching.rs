//! What watches a training in every program: the progress on the screen, the metrics file and TensorBoard.

use recurrent_train::{
    Batches, Interval, MetricsFile, Model, ProgressBar, RunFolder, Screen as Lines, TensorBoard, Training,
};

use crate::Screen;

/// The observers of a training.
#[derive(Debug)]
pub struct Watching {
    bar: ProgressBar,
    metrics: MetricsFile,
    board: TensorBoard,
}

/// Steps between two points of TensorBoard's curves.
const STEPS: u64 = 10;

impl Watching {
    /// Will show a training on the screen, outside a terminal with a line for each epoch that is due, and record it in its
    /// run's folder.
    pub fn new(run: &RunFolder, screen: &Screen, epochs: Interval) -> Self {
        Self {
            bar: ProgressBar::new(screen.progress(epochs)),
            metrics: MetricsFile::new(run.metrics_file(), Interval::NEVER),
            board: TensorBoard::new(run.tensorboard(), Interval::every(STEPS)),
        }
    }

    /// A handle for others that write to the terminal meanwhile.
    pub fn lines(&self) -> Lines {
        self.bar.screen()
    }

    /// The training with these observers.
    pub fn add<'a, M, B>(&'a mut self, training: Training<'a, M, B>) -> Training<'a, M, B>
    where
        M: Model,
        B: Batches<Batch = M::Batch>,
    {
        training.with_observer(&mut self.bar).with_observer(&mut self.metrics).with_observer(&mut self.board)
    }
}
