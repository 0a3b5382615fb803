//! A question from its request to its answer.

use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::body::Body;
use axum::extract::{Path, Request, State};
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use tokio::task::spawn_blocking;
use tokio::time::{sleep_until, timeout};

use super::events::Events;
use super::{Shared, body, json_text};
use crate::metrics::Counters;
use crate::problem::Problem;
use crate::queue::Job;
use crate::reply::{Replied, Reply, Said};
use crate::task::Task;

/// Longer bodies are checked on a thread of their own, so that others need not wait for it.
const SHORT: usize = 16 << 10;

/// Answers a question to a model: whole, or while the answer is made.
pub(super) async fn ask<T: Task>(
    State(shared): State<Arc<Shared<T>>>,
    Path((name, verb)): Path<(String, String)>,
    request: Request,
) -> Response {
    let served = match shared.served(&name) {
        Ok(served) if verb == shared.interface.verb => served,
        Ok(_) => {
            return Problem::not_found(format!("models here `{}`", shared.interface.verb)).into_response();
        }
        Err(problem) => return problem.into_response(),
    };
    let mut open = Open::new(served.counters.clone());
    match put(&shared, &name, request, open.since).await {
        Err(problem) => open.close(problem),
        Ok((replied, Form::Streamed)) => {
            let deadline = sleep_until((open.since + shared.limits.answering).into());
            let events = Events::new(replied, deadline, shared.limits.answering, open);
            let kind = HeaderValue::from_static("text/event-stream");
            ([(header::CONTENT_TYPE, kind)], Body::new(events)).into_response()
        }
        Ok((replied, Form::Whole)) => {
            let left = shared.limits.answering.saturating_sub(open.since.elapsed());
            match timeout(left, whole(replied)).await {
                Ok(Ok(answer)) => {
                    open.count(200);
                    json_text(answer)
                }
                Ok(Err(problem)) => open.close(problem),
                Err(_) => open.close(Problem::late(shared.limits.answering)),
            }
        }
    }
}

/// How an answer is sent.
enum Form {
    Streamed,
    Whole,
}

/// Reads and checks a question, and puts it into the queue.
async fn put<T: Task>(
    shared: &Arc<Shared<T>>,
    name: &str,
    request: Request,
    since: Instant,
) -> Result<(Replied, Form), Problem> {
    let served = shared.served(name)?;
    let (head, body) = request.into_parts();
    let body = body::read(&head.headers, body, shared.interface.body, &shared.limits).await?;
    let loaded = served.loaded();
    let check = {
        let (shared, model, is_long) = (shared.clone(), loaded.model.clone(), body.len() > SHORT);
        let check = move || {
            let asked: T::Asked = body::parsed(&body)?;
            let form = if T::is_streamed(&asked) { Form::Streamed } else { Form::Whole };
            Ok((shared.task.check(&model, asked)?, form))
        };
        if is_long {
            spawn_blocking(check).await.unwrap_or_else(|_| Err(Problem::internal()))
        } else {
            check()
        }
    };
    let (question, form) = check?;
    let (reply, replied) = Reply::new(loaded.answered_by.clone(), Some(served.counters.clone()));
    served.queue.push(Job { question, reply, loaded, since })?;
    Ok((replied, form))
}

async fn whole(mut replied: Replied) -> Result<String, Problem> {
    loop {
        match replied.receiver().recv().await {
            Some(Said::Part(_)) => {}
            Some(Said::End(answer)) => return Ok(answer),
            Some(Said::Failed(problem)) => return Err(problem),
            None => return Err(Problem::internal()),
        }
    }
}

/// A question that is not answered yet. Where it is let go of before, its client has left.
pub(super) struct Open {
    counters: Arc<Counters>,
    since: Instant,
    is_counted: bool,
}

impl Open {
    fn new(counters: Arc<Counters>) -> Self {
        Self { counters, since: Instant::now(), is_counted: false }
    }

    /// Counts the question with the status of its answer.
    pub(super) fn count(&mut self, status: u16) {
        self.is_counted = true;
        let after: Duration = self.since.elapsed();
        self.counters.answered(status, after);
    }

    fn close(&mut self, problem: Problem) -> Response {
        self.count(problem.status());
        problem.into_response()
    }
}

impl Drop for Open {
    fn drop(&mut self) {
        if !self.is_counted {
            self.counters.left();
        }
    }
}
