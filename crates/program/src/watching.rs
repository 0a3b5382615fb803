//! What watches a training in every program: the progress on the screen, the metrics file and TensorBoard.

use recurrent_report::ModelSummary;
use recurrent_train::{
    Batches, Board, Interval, MetricsFile, Model, ProgressBar, RunFolder, Screen as Lines, TensorBoard,
    Training,
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
        let board = TensorBoard::new(run.tensorboard(), Interval::every(STEPS));
        Self {
            bar: ProgressBar::new(screen.progress(epochs)),
            metrics: MetricsFile::new(run.metrics_file(), Interval::NEVER),
            // Whoever trains has read them; a folder that has lost them since is told of by whoever reads it next.
            board: board.with_settings(run.settings().unwrap_or_default()),
        }
    }

    /// The same with the layers of the model for TensorBoard.
    pub fn with_graph(self, model: &ModelSummary) -> Self {
        Self { board: self.board.with_graph(model), ..self }
    }

    /// The same with histograms of weights and gradients for TensorBoard, every so many steps; `None` for none.
    pub fn with_histograms(self, steps: Option<u64>) -> Self {
        let due = Interval::every(steps.unwrap_or(0));
        Self { board: self.board.with_histograms(due), ..self }
    }

    /// A handle for others that write to the terminal meanwhile.
    pub fn lines(&self) -> Lines {
        self.bar.screen()
    }

    /// A handle for others that have something to show in TensorBoard meanwhile.
    pub fn board(&self) -> Board {
        self.board.board()
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
