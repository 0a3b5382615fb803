//! Questions that wait for a model, and the bell that wakes the thread which computes.

use std::collections::VecDeque;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use crate::models::Loaded;
use crate::problem::Problem;
use crate::reply::Reply;
use crate::task::Task;

/// A question that was checked against a model, to be answered by that one.
pub(crate) struct Job<T: Task> {
    pub(crate) question: T::Question,
    pub(crate) reply: Reply,
    pub(crate) loaded: Arc<Loaded<T::Model>>,
    pub(crate) since: Instant,
}

/// Questions that wait for a model, the oldest first, no more than may.
pub(crate) struct Queue<T: Task> {
    jobs: Mutex<VecDeque<Job<T>>>,
    most: usize,
    bell: Arc<Bell>,
}

impl<T: Task> Queue<T> {
    pub(crate) fn new(most: usize, bell: Arc<Bell>) -> Self {
        Self { jobs: Mutex::default(), most, bell }
    }

    /// Puts a question at the end.
    ///
    /// # Errors
    /// As many as may are waiting.
    pub(crate) fn push(&self, job: Job<T>) -> Result<(), Problem> {
        let mut jobs = unpoisoned(self.jobs.lock());
        if jobs.len() >= self.most {
            jobs.retain(|job| job.reply.is_wanted());
        }
        if let Some(oldest) = jobs.front().filter(|_| jobs.len() >= self.most) {
            return Err(Problem::full(jobs.len(), oldest.since.elapsed()));
        }
        jobs.push_back(job);
        drop(jobs);
        self.bell.ring();
        Ok(())
    }

    /// Takes the oldest question that is still wanted, where `fits` says so.
    pub(crate) fn pop_if(&self, fits: impl FnOnce(&Job<T>) -> bool) -> Option<Job<T>> {
        let mut jobs = unpoisoned(self.jobs.lock());
        while jobs.front().is_some_and(|job| !job.reply.is_wanted()) {
            jobs.pop_front();
        }
        if fits(jobs.front()?) { jobs.pop_front() } else { None }
    }

    /// How many wait.
    pub(crate) fn len(&self) -> usize {
        unpoisoned(self.jobs.lock()).len()
    }
}

/// Wakes the thread which computes: there is a question, or nothing will come any more.
#[derive(Default)]
pub(crate) struct Bell {
    state: Mutex<State>,
    rung: Condvar,
}

#[derive(Default)]
struct State {
    is_rung: bool,
    is_over: bool,
}

impl Bell {
    pub(crate) fn ring(&self) {
        unpoisoned(self.state.lock()).is_rung = true;
        self.rung.notify_one();
    }

    /// Says that nothing will come any more.
    pub(crate) fn end(&self) {
        unpoisoned(self.state.lock()).is_over = true;
        self.rung.notify_one();
    }

    /// Waits until it is rung. Returns whether something may still come.
    pub(crate) fn wait(&self) -> bool {
        let state = unpoisoned(self.state.lock());
        let mut state = unpoisoned(self.rung.wait_while(state, |state| !state.is_rung && !state.is_over));
        std::mem::take(&mut state.is_rung) || !state.is_over
    }
}

/// A lock whose last holder panicked: what is behind it is whole at any time.
pub(crate) fn unpoisoned<'a, S>(
    lock: Result<MutexGuard<'a, S>, PoisonError<MutexGuard<'a, S>>>,
) -> MutexGuard<'a, S> {
    lock.unwrap_or_else(PoisonError::into_inner)
}
