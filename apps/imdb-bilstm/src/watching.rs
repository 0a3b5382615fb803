//! How learning is shown: notes and progress on the screen, and what every training records in its folder.

use std::path::Path;

use recurrent_classifier::Watcher;
use recurrent_program::{Screen, Watching};
use recurrent_report::ModelSummary;
use recurrent_train::{Batches, Interval, Model, RunFolder, Training};

/// Shows each stage on the screen.
pub(crate) struct OnScreen<'a> {
    pub(crate) screen: &'a Screen,
    /// The layers of what the run, in this folder, ends with.
    pub(crate) layers: &'a ModelSummary,
    pub(crate) run: &'a Path,
    /// Steps between histograms of weights and gradients, where they are wanted.
    pub(crate) histograms: Option<u64>,
    /// The observers of the stage at hand; none yet at the beginning.
    pub(crate) stage: Option<Watching>,
}

impl Watcher for OnScreen<'_> {
    fn note(&mut self, text: &str) {
        self.screen.note(text);
    }

    fn watch<'a, M, B>(&'a mut self, folder: &RunFolder, training: Training<'a, M, B>) -> Training<'a, M, B>
    where
        M: Model,
        B: Batches<Batch = M::Batch>,
    {
        let watching =
            Watching::new(folder, self.screen, Interval::every(1)).with_histograms(self.histograms);
        // The stages before it train another network.
        let is_last = folder.path() == self.run;
        let watching = if is_last { watching.with_graph(self.layers) } else { watching };
        self.stage.insert(watching).add(training)
    }
}
