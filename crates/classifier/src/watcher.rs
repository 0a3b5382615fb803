//! Who is told how learning goes: the one way out for words and figures, because a library prints nothing.

use recurrent_train::{Batches, Model, RunFolder, Training};

/// Watches a classifier while it learns. Every method has a default that does nothing, so that `()` watches nothing.
///
/// ```
/// use recurrent_classifier::Watcher;
/// use recurrent_train::{Batches, Interval, MetricsFile, Model, RunFolder, Training};
///
/// /// Keeps what is said, and the losses of each stage in its folder.
/// #[derive(Default)]
/// struct Diary {
///     notes: Vec<String>,
///     metrics: Option<MetricsFile>,
/// }
///
/// impl Watcher for Diary {
///     fn note(&mut self, text: &str) {
///         self.notes.push(text.to_owned());
///     }
///
///     fn watch<'a, M, B>(&'a mut self, folder: &RunFolder, training: Training<'a, M, B>) -> Training<'a, M, B>
///     where
///         M: Model,
///         B: Batches<Batch = M::Batch>,
///     {
///         training.with_observer(self.metrics.insert(MetricsFile::new(folder.metrics_file(), Interval::NEVER)))
///     }
/// }
/// ```
pub trait Watcher {
    /// Takes a sentence on what comes next, or on what has been done.
    fn note(&mut self, _text: &str) {}

    /// Adds observers to a training, whose `folder` is the run's or that of a stage within it. Called once for each stage
    /// that is trained.
    fn watch<'a, M, B>(&'a mut self, _folder: &RunFolder, training: Training<'a, M, B>) -> Training<'a, M, B>
    where
        M: Model,
        B: Batches<Batch = M::Batch>,
    {
        training
    }
}

impl Watcher for () {}
