//! The thread that computes: it takes questions from the queues into batches, and goes from batch to batch, a share
//! of work each.
//!
//! One thread for all models: the work of a share is itself split over the machine's threads, and two shares at once
//! would only take these from each other. So each model has its turn after every other, however much it is asked.

use std::sync::Arc;

use crate::models::{Loaded, Served};
use crate::queue::{Bell, Job};
use crate::task::{Batch, Task};

/// Computes until nothing will come any more.
pub(crate) fn compute<T: Task>(task: &T, models: &[Served<T>], bell: &Bell) {
    let mut lanes: Vec<Lane<'_, T>> =
        models.iter().map(|served| Lane { served, batches: Vec::new() }).collect();
    loop {
        let mut has_worked = false;
        for lane in &mut lanes {
            lane.admit(task);
            has_worked |= lane.step();
        }
        if !has_worked && !bell.wait() {
            return;
        }
    }
}

/// A model with its batches: one for each of its weights that still has questions.
struct Lane<'a, T: Task> {
    served: &'a Served<T>,
    batches: Vec<Running<T>>,
}

/// A batch, and the weights that it is answered by.
struct Running<T: Task> {
    loaded: Arc<Loaded<T::Model>>,
    batch: T::Batch,
}

impl<T: Task> Lane<'_, T> {
    /// Takes in who waits, in their order, as long as there is room.
    fn admit(&mut self, task: &T) {
        let batches = &mut self.batches;
        loop {
            let of = |job: &Job<T>, batches: &[Running<T>]| {
                batches.iter().position(|running| Arc::ptr_eq(&running.loaded, &job.loaded))
            };
            let fits = |at: Option<usize>| at.is_none_or(|at| batches[at].batch.has_room());
            let Some(job) = self.served.queue.pop_if(|job| fits(of(job, batches))) else { return };
            let at = of(&job, batches).unwrap_or_else(|| {
                let batch = task.batch(&job.loaded.model);
                batches.push(Running { loaded: job.loaded.clone(), batch });
                batches.len() - 1
            });
            self.served.counters.waited(job.since.elapsed());
            batches[at].batch.join(job.question, job.reply);
        }
    }

    /// Does a share of the work of each batch. Returns whether there was some.
    fn step(&mut self) -> bool {
        let has_work = !self.batches.is_empty();
        for Running { batch, .. } in &mut self.batches {
            batch.step();
            self.served.counters.add_step();
        }
        self.batches.retain(|running| !running.batch.is_empty());
        has_work
    }
}
