//! Models by name, and where their weights come from.

use std::error::Error;
use std::sync::{Arc, Mutex};
use std::time::SystemTime;

use serde::Serialize;

use crate::metrics::Counters;
use crate::queue::{Bell, Queue, unpoisoned};
use crate::reply::AnsweredBy;
use crate::task::Task;

/// Where a model comes from, and comes from anew once it has learnt more.
pub trait Source: Send + Sync + 'static {
    /// The model.
    type Model;

    /// The name that it is asked for by.
    fn name(&self) -> String;

    /// When what would be loaded was written; another moment means other weights. `None` where that cannot be told.
    fn written(&self) -> Option<SystemTime>;

    /// Whether it is being trained at this moment.
    fn is_being_trained(&self) -> bool;

    /// Loads it.
    ///
    /// # Errors
    /// It cannot be loaded now.
    fn load(&self) -> Result<(Self::Model, Weights), Box<dyn Error + Send + Sync>>;
}

/// Which weights a model has: those after an epoch and step of its training, where that is known.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Weights {
    /// The epoch, from 1.
    pub epoch: Option<usize>,
    /// The step, from 1.
    pub step: Option<u64>,
}

/// A model with the note of its weights.
#[derive(Debug)]
pub(crate) struct Loaded<M> {
    pub(crate) model: Arc<M>,
    pub(crate) answered_by: Arc<AnsweredBy>,
}

/// A model that is served: its source, what is loaded of it, and who waits for it.
pub(crate) struct Served<T: Task> {
    pub(crate) name: String,
    pub(crate) source: Box<dyn Source<Model = T::Model>>,
    loaded: Mutex<Arc<Loaded<T::Model>>>,
    pub(crate) queue: Queue<T>,
    pub(crate) counters: Arc<Counters>,
}

impl<T: Task> Served<T> {
    /// Loads a model for the first time.
    pub(crate) fn new(
        source: Box<dyn Source<Model = T::Model>>,
        waiting: usize,
        bell: Arc<Bell>,
    ) -> Result<Self, Box<dyn Error + Send + Sync>> {
        let name = source.name();
        let loaded = Mutex::new(load(&*source, &name)?);
        Ok(Self { name, source, loaded, queue: Queue::new(waiting, bell), counters: Arc::default() })
    }

    /// What is loaded now.
    pub(crate) fn loaded(&self) -> Arc<Loaded<T::Model>> {
        unpoisoned(self.loaded.lock()).clone()
    }

    /// Loads it anew. Questions that were asked before are answered by the weights of before.
    pub(crate) fn reload(&self) -> Result<Weights, Box<dyn Error + Send + Sync>> {
        let loaded = load(&*self.source, &self.name)?;
        let weights = loaded.answered_by.weights;
        *unpoisoned(self.loaded.lock()) = loaded;
        Ok(weights)
    }
}

fn load<M: 'static>(
    source: &dyn Source<Model = M>,
    name: &str,
) -> Result<Arc<Loaded<M>>, Box<dyn Error + Send + Sync>> {
    let (model, weights) = source.load()?;
    let answered_by = Arc::new(AnsweredBy { model: name.to_owned(), weights });
    Ok(Arc::new(Loaded { model: Arc::new(model), answered_by }))
}
