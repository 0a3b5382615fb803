//! What a server is for: a kind of question, what checks it, and what computes the answers of many at once.

use std::sync::Arc;

use recurrent_page::Page;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::problem::Problem;
use crate::reply::Reply;

/// A kind of question that models answer.
///
/// A question takes three steps: its JSON becomes [`Asked`](Self::Asked); [`check`](Self::check) makes a
/// [`Question`](Self::Question) of that, which can be answered; a [`Batch`](Self::Batch) takes it in beside others.
pub trait Task: Send + Sync + 'static {
    /// A model as it was loaded.
    type Model: Send + Sync + 'static;
    /// A question as it was sent.
    type Asked: DeserializeOwned + Send + 'static;
    /// A question that was checked.
    type Question: Send + 'static;
    /// Questions that are answered together.
    type Batch: Batch<Question = Self::Question>;

    /// What clients are told of the task.
    fn interface(&self) -> Interface;

    /// What clients are told of a model, as a JSON object.
    fn facts(&self, model: &Self::Model) -> Value;

    /// Whether the answer is to be sent while it is made.
    fn is_streamed(asked: &Self::Asked) -> bool;

    /// Checks a question.
    ///
    /// # Errors
    /// It cannot be answered; the problem says why, and what can.
    fn check(&self, model: &Self::Model, asked: Self::Asked) -> Result<Self::Question, Problem>;

    /// A batch that holds nothing yet.
    fn batch(&self, model: &Arc<Self::Model>) -> Self::Batch;
}

/// Questions that are answered together, a share of the work at a time. They join and leave between two shares.
///
/// All of it happens on one thread.
pub trait Batch {
    /// A question that was checked.
    type Question;

    /// Whether there is room for one more.
    fn has_room(&self) -> bool;

    /// Takes a question in.
    fn join(&mut self, question: Self::Question, reply: Reply);

    /// Whether nothing is left to do.
    fn is_empty(&self) -> bool;

    /// Does a share of the work, a few hundredths of a second at most, and answers whom it can. Questions whose reply
    /// is not [wanted](Reply::is_wanted) any more are let go.
    fn step(&mut self);
}

/// What clients are told of a task.
#[derive(Clone, Debug)]
pub struct Interface {
    /// What it is, such as `text generation`.
    pub title: &'static str,
    /// The last part of its address, such as `generate`.
    pub verb: &'static str,
    /// The most bytes of a question.
    pub body: usize,
    /// The JSON schema of a question, with examples.
    pub question: Value,
    /// The JSON schema of an answer.
    pub answer: Value,
    /// The JSON schema of a part of an answer that is sent while it is made; none where answers are whole.
    pub part: Option<Value>,
    /// The page that people see.
    pub page: Page,
}
