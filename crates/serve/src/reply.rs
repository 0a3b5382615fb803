//! The way back from the thread that computes to the client that asked.

use std::sync::Arc;

use serde::Serialize;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

use crate::metrics::Counters;
use crate::models::Weights;
use crate::problem::Problem;

/// Where an answer goes. Whoever drops it without an end fails the question.
///
/// What is sent and not read yet is bounded by the length of the answer, which the question's check bounds.
#[derive(Debug)]
pub struct Reply {
    sender: UnboundedSender<Said>,
    answered_by: Arc<AnsweredBy>,
    counters: Option<Arc<Counters>>,
}

/// The other end of a [`Reply`].
#[derive(Debug)]
pub struct Replied {
    receiver: UnboundedReceiver<Said>,
}

/// What is said to a client.
#[derive(Debug)]
pub(crate) enum Said {
    /// A part of the answer, as JSON.
    Part(String),
    /// The end of it, or all of it, as JSON.
    End(String),
    /// There is none.
    Failed(Problem),
}

/// Which model answered.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub(crate) struct AnsweredBy {
    pub(crate) model: String,
    pub(crate) weights: Weights,
}

/// An answer with a note of which weights it is by.
#[derive(Serialize)]
struct Noted<'a, A> {
    #[serde(flatten)]
    answered_by: &'a AnsweredBy,
    #[serde(flatten)]
    answer: A,
}

/// Both ends of a reply, for a batch that is used without a server.
pub fn reply() -> (Reply, Replied) {
    Reply::new(Arc::default(), None)
}

impl Reply {
    pub(crate) fn new(answered_by: Arc<AnsweredBy>, counters: Option<Arc<Counters>>) -> (Self, Replied) {
        let (sender, receiver) = unbounded_channel();
        (Self { sender, answered_by, counters }, Replied { receiver })
    }

    /// Whether somebody still waits for it.
    pub fn is_wanted(&self) -> bool {
        !self.sender.is_closed()
    }

    /// Sends a part of the answer.
    pub fn part(&self, part: &impl Serialize) {
        match serde_json::to_string(part) {
            Ok(part) => self.say(Said::Part(part)),
            Err(_) => self.say(Said::Failed(Problem::internal())),
        }
    }

    /// Sends the end of the answer, or all of it, which is a JSON object.
    pub fn end(self, answer: impl Serialize) {
        match serde_json::to_string(&Noted { answered_by: &self.answered_by, answer }) {
            Ok(answer) => self.say(Said::End(answer)),
            Err(_) => self.say(Said::Failed(Problem::internal())),
        }
    }

    /// Says that there is no answer.
    pub fn fail(self, problem: Problem) {
        self.say(Said::Failed(problem));
    }

    /// Counts what the answer is made of, such as characters, for the metrics.
    pub fn count(&self, units: usize) {
        if let Some(counters) = &self.counters {
            counters.add_units(units);
        }
    }

    /// A client that has left needs no answer.
    fn say(&self, said: Said) {
        let _ = self.sender.send(said);
    }
}

impl Replied {
    pub(crate) fn receiver(&mut self) -> &mut UnboundedReceiver<Said> {
        &mut self.receiver
    }

    /// The whole answer as JSON, parts left out; waits for it, on a thread that runs nothing asynchronous.
    ///
    /// # Errors
    /// There is none.
    pub fn wait(mut self) -> Result<String, Problem> {
        loop {
            match self.receiver.blocking_recv() {
                Some(Said::Part(_)) => {}
                Some(Said::End(answer)) => return Ok(answer),
                Some(Said::Failed(problem)) => return Err(problem),
                None => return Err(Problem::internal()),
            }
        }
    }
}
