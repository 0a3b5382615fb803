//! How learning is shown: notes and progress on the screen, and what every training records in its folder.

use recurrent_classifier::Watcher;
use recurrent_program::{Screen, Watching};
use recurrent_train::{Batches, Interval, Model, RunFolder, Training};

/// Shows each stage on the screen.
pub(crate) struct OnScreen<'a> {
    pub(crate) screen: &'a Screen,
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
        self.stage.insert(Watching::new(folder, self.screen, Interval::every(1))).add(training)
    }
}
