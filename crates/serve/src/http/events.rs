//! An answer that is sent while it is made, as server-sent events (HTML standard, section 9.2): each part as a
//! message, and at the end an event `end` with the rest of the answer, or `error` with a problem.

use std::convert::Infallible;
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use http_body::{Body, Frame};
use tokio::time::Sleep;

use super::ask::Open;
use crate::problem::Problem;
use crate::reply::{Replied, Said};

/// The body of such a response. Where the client leaves, it is dropped, and so the question is let go.
pub(super) struct Events {
    replied: Replied,
    deadline: Pin<Box<Sleep>>,
    limit: Duration,
    open: Open,
    is_over: bool,
}

impl Events {
    pub(super) fn new(replied: Replied, deadline: Sleep, limit: Duration, open: Open) -> Self {
        Self { replied, deadline: Box::pin(deadline), limit, open, is_over: false }
    }

    fn end(&mut self, name: &str, status: u16, data: &str) -> String {
        self.is_over = true;
        self.open.count(status);
        format!("event: {name}\ndata: {data}\n\n")
    }

    fn event(&mut self, said: Option<Said>) -> String {
        match said {
            // JSON has no line ends.
            Some(Said::Part(part)) => format!("data: {part}\n\n"),
            Some(Said::End(answer)) => self.end("end", 200, &answer),
            Some(Said::Failed(problem)) => self.failed(&problem),
            None => self.failed(&Problem::internal()),
        }
    }

    fn failed(&mut self, problem: &Problem) -> String {
        let data = serde_json::to_string(problem).unwrap_or_default();
        self.end("error", problem.status(), &data)
    }
}

impl Body for Events {
    type Data = Bytes;
    type Error = Infallible;

    /// All events that are there, in one frame.
    fn poll_frame(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        let this = self.get_mut();
        let mut text = String::new();
        while !this.is_over {
            let Poll::Ready(said) = this.replied.receiver().poll_recv(context) else { break };
            text += &this.event(said);
        }
        if !this.is_over && this.deadline.as_mut().poll(context).is_ready() {
            text += &this.failed(&Problem::late(this.limit));
        }
        match (text.is_empty(), this.is_over) {
            (false, _) => Poll::Ready(Some(Ok(Frame::data(text.into())))),
            (true, true) => Poll::Ready(None),
            (true, false) => Poll::Pending,
        }
    }

    fn is_end_stream(&self) -> bool {
        self.is_over
    }
}
