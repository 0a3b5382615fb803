//! A server whose models count, a millisecond a step and four questions at once, and a client without any library.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant, SystemTime};

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
    pub(crate) address: SocketAddr,
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
        let (address, is_over) = (server.address(), Arc::new(AtomicBool::new(false)));
        let stop = is_over.clone();
        let thread = thread::spawn(move || server.run(move || stop.load(Ordering::Relaxed)).unwrap());
        Self { address, epoch, is_over, thread: Some(thread) }
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

    pub(crate) fn connect(&self) -> TcpStream {
        let stream = TcpStream::connect(self.address).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
        stream
    }

    /// A question as it is sent.
    pub(crate) fn question(&self, model: &str, body: &str, headers: &str) -> String {
        let model = model.replace(' ', "%20");
        format!(
            "POST /v1/models/{model}/count HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n{headers}Content-Length: \
             {}\r\n\r\n{body}",
            body.len()
        )
    }

    pub(crate) fn ask(&self, model: &str, body: &Value) -> Said {
        self.raw(self.question(model, &body.to_string(), "").as_bytes())
    }

    pub(crate) fn get(&self, path: &str) -> Said {
        self.raw(format!("GET {path} HTTP/1.1\r\nHost: x\r\n\r\n").as_bytes())
    }

    pub(crate) fn raw_post(&self, path: &str, headers: &str, body: &[u8]) -> Said {
        let head =
            format!("POST {path} HTTP/1.1\r\nHost: x\r\n{headers}Content-Length: {}\r\n\r\n", body.len());
        self.raw(&[head.as_bytes(), body].concat())
    }

    pub(crate) fn raw(&self, request: &[u8]) -> Said {
        let mut stream = self.connect();
        stream.write_all(request).unwrap();
        answer(&mut stream)
    }

    /// Waits for a line of the figures; a count may be larger.
    pub(crate) fn until(&self, line: &str) {
        let (name, figure) = line.rsplit_once(' ').unwrap();
        let (figure, is_count) = (figure.parse::<u64>().unwrap(), name.contains("_total"));
        let start = Instant::now();
        loop {
            let text = self.get("/metrics").text;
            let found = text.lines().find_map(|line| line.strip_prefix(name)?.trim().parse::<u64>().ok());
            if found.is_some_and(|found| found == figure || (is_count && found > figure)) {
                return;
            }
            assert!(start.elapsed() < Duration::from_secs(20), "{line} does not come:\n{text}");
            thread::sleep(Duration::from_millis(2));
        }
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

/// A response.
#[derive(Debug)]
pub(crate) struct Said {
    pub(crate) status: u16,
    headers: Vec<(String, String)>,
    pub(crate) text: String,
}

impl Said {
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.iter().find(|(found, _)| found == name).map_or("", |(_, value)| value)
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|error| panic!("{error}: {}", self.text))
    }
}

/// Reads one response.
pub(crate) fn answer(stream: &mut TcpStream) -> Said {
    let mut reader = BufReader::new(stream);
    let mut line = || {
        let mut line = String::new();
        reader.read_line(&mut line).unwrap();
        line.trim_end().to_owned()
    };
    let status = line();
    let status =
        status.split(' ').nth(1).unwrap_or_else(|| panic!("no response: `{status}`")).parse().unwrap();
    let headers: Vec<(String, String)> = std::iter::from_fn(|| {
        let line = line();
        let (name, value) = line.split_once(": ")?;
        Some((name.to_lowercase(), value.to_owned()))
    })
    .collect();
    let find = |name: &str| headers.iter().find(|(found, _)| found == name).map(|(_, value)| value.as_str());
    let mut body = Vec::new();
    if let Some(length) = find("content-length") {
        body.resize(length.parse().unwrap(), 0);
        reader.read_exact(&mut body).unwrap();
    } else if find("transfer-encoding") == Some("chunked") {
        loop {
            let mut line = String::new();
            reader.read_line(&mut line).unwrap();
            let length = usize::from_str_radix(line.trim(), 16).unwrap();
            let mut chunk = vec![0; length + 2];
            reader.read_exact(&mut chunk).unwrap();
            body.extend_from_slice(&chunk[..length]);
            if length == 0 {
                break;
            }
        }
    }
    Said { status, headers, text: String::from_utf8(body).unwrap() }
}
