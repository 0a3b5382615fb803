//! A client for servers under test, on nothing but a socket, so that it can send what no library would.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::process::{Child, Command};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::browser::{chromium, left_out};

/// Longer than any test waits for a response that comes.
const PATIENCE: Duration = Duration::from_secs(60);

/// A client of a server.
#[derive(Clone, Copy, Debug)]
pub struct Client {
    /// Where the server listens.
    pub address: SocketAddr,
}

/// What a server answered.
#[derive(Debug)]
pub struct Response {
    /// The status, such as 200.
    pub status: u16,
    headers: Vec<(String, String)>,
    /// The body.
    pub text: String,
}

/// A program that serves.
#[derive(Debug)]
pub struct Served {
    /// A client of it.
    pub client: Client,
    /// Its process.
    pub child: Child,
}

impl Client {
    /// A new connection.
    pub fn connect(&self) -> TcpStream {
        let stream = TcpStream::connect(self.address).expect("the server listens");
        stream.set_read_timeout(Some(PATIENCE)).expect("a limit of time");
        stream
    }

    /// Sends bytes over a new connection, and reads one response.
    pub fn raw(&self, request: &[u8]) -> Response {
        let mut stream = self.connect();
        stream.write_all(request).expect("the server reads");
        Response::read(&mut stream)
    }

    /// Asks for what is at a path.
    pub fn get(&self, path: &str) -> Response {
        self.raw(format!("GET {path} HTTP/1.1\r\nHost: x\r\n\r\n").as_bytes())
    }

    /// Sends a question as JSON.
    pub fn post(&self, path: &str, question: &Value) -> Response {
        self.raw(&posted(path, "Content-Type: application/json\r\n", question.to_string().as_bytes()))
    }

    /// The document that a browser makes of a page, its script run; `None`, with a line that says so, where there is
    /// no Chromium.
    pub fn document(&self, path: &str) -> Option<String> {
        let profile = tempfile::tempdir().expect("a temporary folder");
        let mut browser = chromium(profile.path());
        // Its clock runs on while nothing happens.
        browser.args(["--virtual-time-budget=20000", "--dump-dom"]);
        let Ok(output) = browser.arg(format!("http://{}{path}", self.address)).output() else {
            left_out();
            return None;
        };
        Some(String::from_utf8(output.stdout).expect("UTF-8"))
    }

    /// Waits for a line of `/metrics`; a count may be larger.
    pub fn until(&self, line: &str) {
        let (name, figure) = line.rsplit_once(' ').expect("a name and a figure");
        let (figure, is_count) = (figure.parse::<u64>().expect("a figure"), name.contains("_total"));
        let start = Instant::now();
        loop {
            let text = self.get("/metrics").text;
            let found = text.lines().find_map(|line| line.strip_prefix(name)?.trim().parse::<u64>().ok());
            if found.is_some_and(|found| found == figure || (is_count && found > figure)) {
                return;
            }
            assert!(start.elapsed() < PATIENCE, "{line} does not come:\n{text}");
            thread::sleep(Duration::from_millis(2));
        }
    }
}

/// A request with a body, as it is sent.
pub fn posted(path: &str, headers: &str, body: &[u8]) -> Vec<u8> {
    let length = body.len();
    let head = format!("POST {path} HTTP/1.1\r\nHost: x\r\n{headers}Content-Length: {length}\r\n\r\n");
    [head.as_bytes(), body].concat()
}

impl Response {
    /// Reads one response.
    pub fn read(stream: &mut TcpStream) -> Self {
        let mut reader = BufReader::new(stream);
        let status = line(&mut reader);
        let code = status.split(' ').nth(1).and_then(|code| code.parse().ok());
        let status = code.unwrap_or_else(|| panic!("no response: `{status}`"));
        let headers = std::iter::from_fn(|| {
            let line = line(&mut reader);
            let (name, value) = line.split_once(": ")?;
            Some((name.to_lowercase(), value.to_owned()))
        });
        let mut response = Self { status, headers: headers.collect(), text: String::new() };
        let length = response.header("content-length").parse().ok();
        let mut body = vec![0; length.unwrap_or(0)];
        reader.read_exact(&mut body).expect("a whole body");
        while response.header("transfer-encoding") == "chunked" {
            let length = usize::from_str_radix(&line(&mut reader), 16).expect("the length of a chunk");
            let mut chunk = vec![0; length + 2];
            reader.read_exact(&mut chunk).expect("a whole chunk");
            body.extend_from_slice(&chunk[..length]);
            if length == 0 {
                break;
            }
        }
        response.text = String::from_utf8(body).expect("UTF-8");
        response
    }

    /// A header by its name in small letters; empty where there is none.
    pub fn header(&self, name: &str) -> &str {
        self.headers.iter().find(|(found, _)| found == name).map_or("", |(_, value)| value)
    }

    /// The body as JSON.
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|error| panic!("{error}: {}", self.text))
    }

    /// The server-sent events of the body: the name of each, `message` where it has none, and its data.
    pub fn events(&self) -> Vec<(String, Value)> {
        let events = self.text.split_terminator("\n\n").map(|event| {
            let field = |name: &str| event.lines().find_map(|line| line.strip_prefix(name));
            let data = field("data: ").expect("data");
            let data = serde_json::from_str(data).unwrap_or_else(|error| panic!("{error}: {data}"));
            (field("event: ").unwrap_or("message").to_owned(), data)
        });
        events.collect()
    }
}

fn line(reader: &mut impl BufRead) -> String {
    let mut line = String::new();
    reader.read_line(&mut line).expect("a line of the response");
    line.trim_end().to_owned()
}

impl Served {
    /// A program that was just started, once it has said where it listens.
    pub(crate) fn new(mut child: Child) -> Self {
        let said = line(&mut BufReader::new(child.stdout.as_mut().expect("standard output")));
        let address = said.strip_prefix("http://").and_then(|address| address.parse().ok());
        let address = address.unwrap_or_else(|| panic!("no address: `{said}`"));
        Self { client: Client { address }, child }
    }

    /// Presses Ctrl-C.
    pub fn interrupt(&self) {
        let sent = Command::new("kill").args(["-INT", &self.child.id().to_string()]).status();
        assert!(sent.expect("the command `kill`").success());
    }

    /// Waits for the end of the program; returns its exit code.
    pub fn code(mut self) -> Option<i32> {
        self.child.wait().expect("the program ends").code()
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
