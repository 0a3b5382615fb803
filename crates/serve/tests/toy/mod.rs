//! A server whose models count, a millisecond a step and four questions at once.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread::{self, JoinHandle};
use std::time::{Duration, SystemTime};

use program_tests::http::{Client, Response, posted};
use recurrent_serve::{Batch, Interface, Limits, Page, Problem, Reply, Server, Source, Task, Weights};
use serde::Deserialize;
use serde_json::{Value, json};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Asked {
    steps: usize,
    #[serde(default)]
    stream: bool,
    #[serde(default)]
    wide: usize,
}

struct Counting;

impl Task for Counting {
    type Model = ();
    type Asked = Asked;
    type Question = Asked;
    type Batch = Counts;

    fn interface(&self) -> Interface {
        let page = Page { heading: "Counting", style: "", body: "", script: "" };
        let (question, answer) = (json!({ "type": "object" }), json!({ "type": "object" }));
        Interface {
            title: "counting",
            verb: "count",
            body: 1000,
            question,
            answer,
            part: Some(json!({})),
            page,
        }
    }
    fn facts(&self, (): &()) -> Value {
        json!({ "words": "counts" })
    }
    fn is_streamed(asked: &Asked) -> bool {
        asked.stream
    }
    fn check(&self, (): &(), asked: Asked) -> Result<Asked, Problem> {
        match asked.steps {
            1..=100_000 => Ok(asked),
            steps => Err(Problem::unprocessable(format!("`steps` is {steps}, expected 1 to 100000"))),
        }
    }
    fn batch(&self, _: &Arc<()>) -> Counts {
        Counts(Vec::new())
    }
}

struct Counts(Vec<(usize, Asked, Reply)>);

impl Batch for Counts {
    type Question = Asked;

    fn has_room(&self) -> bool {
        self.0.len() < 4
    }
    fn join(&mut self, asked: Asked, reply: Reply) {
        self.0.push((0, asked, reply));
    }
    fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
    fn step(&mut self) {
        thread::sleep(Duration::from_millis(1));
        for (mut count, asked, reply) in std::mem::take(&mut self.0) {
            count += 1;
            reply.count(1);
            if asked.stream {
                reply.part(&json!({ "count": count, "wide": "w".repeat(asked.wide) }));
            }
            if count == asked.steps {
                reply.end(json!({ "answer": count }));
            } else if reply.is_wanted() {
                self.0.push((count, asked, reply));
            }
        }
    }
}

struct Growing(&'static str, Arc<AtomicU64>);

impl Source for Growing {
    type Model = ();

    fn name(&self) -> String {
        self.0.to_owned()
    }
    fn written(&self) -> Option<SystemTime> {
        Some(SystemTime::UNIX_EPOCH + Duration::from_secs(self.1.load(Ordering::Relaxed)))
    }
    fn is_being_trained(&self) -> bool {
        true
    }
    fn load(&self) -> Result<((), Weights), Box<dyn std::error::Error + Send + Sync>> {
        let epoch = self.1.load(Ordering::Relaxed);
        Ok(((), Weights { epoch: Some(epoch as usize), step: Some(10 * epoch) }))
    }
}

/// Limits for a test: newer weights are found soon.
pub(crate) fn quick() -> Limits {
    Limits { reloading: Duration::from_millis(20), ..Limits::default() }
}

/// A server in a thread of its own.
pub(crate) struct Toy {
    pub(crate) client: Client,
    epoch: Arc<AtomicU64>,
    is_over: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl Toy {
    pub(crate) fn start(limits: Limits, token: Option<&str>) -> Self {
        let epoch = Arc::new(AtomicU64::new(1));
        let sources: Vec<Box<dyn Source<Model = ()>>> =
            vec![Box::new(Growing("one", epoch.clone())), Box::new(Growing("a two", epoch.clone()))];
        let address = SocketAddr::from(([127, 0, 0, 1], 0));
        let server = Server::bind(Counting, sources, address, token, limits).unwrap();
        let (client, is_over) = (Client { address: server.address() }, Arc::new(AtomicBool::new(false)));
        let stop = is_over.clone();
        let thread = thread::spawn(move || server.run(move || stop.load(Ordering::Relaxed)).unwrap());
        Self { client, epoch, is_over, thread: Some(thread) }
    }

    /// Newer weights are there.
    pub(crate) fn learn_on(&self) {
        self.epoch.fetch_add(1, Ordering::Relaxed);
    }

    pub(crate) fn stop(&self) {
        self.is_over.store(true, Ordering::Relaxed);
    }

    pub(crate) fn wait(&mut self) {
        self.thread.take().unwrap().join().unwrap();
    }

    /// A question as it is sent.
    pub(crate) fn question(&self, model: &str, body: &str, headers: &str) -> Vec<u8> {
        let path = format!("/v1/models/{}/count", model.replace(' ', "%20"));
        posted(&path, &format!("Content-Type: application/json\r\n{headers}"), body.as_bytes())
    }

    pub(crate) fn ask(&self, model: &str, body: &Value) -> Response {
        self.client.raw(&self.question(model, &body.to_string(), ""))
    }
}

impl Drop for Toy {
    fn drop(&mut self) {
        self.stop();
        if let Some(thread) = self.thread.take().filter(|_| !thread::panicking()) {
            thread.join().unwrap();
        }
    }
}
