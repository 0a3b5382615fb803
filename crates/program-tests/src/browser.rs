//! A Chromium without a screen, driven by its own protocol (Chrome DevTools) over nothing but a socket.

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tempfile::TempDir;

/// Longer than any page takes, on a machine that others use, too.
const PATIENCE: Duration = Duration::from_secs(120);

/// A browser without a screen, which asks nobody else for anything.
pub(crate) fn chromium(profile: &Path) -> Command {
    let mut browser = Command::new("chromium");
    browser.args([
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
    ]);
    browser.arg(format!("--user-data-dir={}", profile.display())).stdin(Stdio::null()).stderr(Stdio::null());
    browser
}

/// Tells a test run that a test was left out, as there is no browser.
pub(crate) fn left_out() {
    #[allow(clippy::print_stderr)] // so that a test run tells what it left out
    let () = eprintln!("left out, as there is no `chromium`");
}

/// Where ONNX Runtime Web was fetched to; `None`, with a line that says so, where it was not.
pub fn onnxruntime_web() -> Option<PathBuf> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../datasets/onnxruntime-web.tgz");
    if path.exists() {
        return Some(path);
    }
    #[allow(clippy::print_stderr)] // so that a test run tells what it left out
    let () = eprintln!("left out, as ONNX Runtime Web is not fetched");
    None
}

/// A browser that shows a page.
#[derive(Debug)]
pub struct Browser {
    child: Child,
    socket: BufReader<TcpStream>,
    /// The name of the page's session.
    session: String,
    asked: u64,
    _profile: TempDir,
}

impl Browser {
    /// Opens a file, with what follows the `#` of its address; `None`, with a line that says so, where there is no Chromium.
    pub fn open(file: &Path, fragment: &str) -> Option<Self> {
        let profile = tempfile::tempdir().expect("a temporary folder");
        let mut command = chromium(profile.path());
        command.args(["--remote-debugging-port=0", "about:blank"]).stdout(Stdio::null());
        let Ok(child) = command.spawn() else {
            left_out();
            return None;
        };
        let socket = connected(profile.path());
        let mut browser = Self { child, socket, session: String::new(), asked: 0, _profile: profile };
        let targets = browser.ask("Target.getTargets", json!({}));
        let targets = targets["targetInfos"].as_array().expect("a list of targets");
        let page = targets.iter().find(|target| target["type"] == "page").expect("a page");
        let attached =
            browser.ask("Target.attachToTarget", json!({ "targetId": page["targetId"], "flatten": true }));
        browser.session = attached["sessionId"].as_str().expect("a session").to_owned();
        browser.ask("Page.navigate", json!({ "url": format!("file://{}#{fragment}", file.display()) }));
        Some(browser)
    }

    /// The value of an expression of JavaScript; of a promise, what it promises.
    pub fn value(&mut self, expression: &str) -> Value {
        self.tried(expression).unwrap_or_else(|said| panic!("`{expression}`: {said}"))
    }

    /// The message of what an expression throws.
    pub fn complaint(&mut self, expression: &str) -> String {
        let thrown = self.tried(expression).expect_err("an expression that throws");
        thrown["exception"]["description"]
            .as_str()
            .unwrap_or_default()
            .lines()
            .next()
            .unwrap_or_default()
            .to_owned()
    }

    fn tried(&mut self, expression: &str) -> Result<Value, Value> {
        let asked = json!({ "expression": expression, "awaitPromise": true, "returnByValue": true });
        let mut answer = self.ask("Runtime.evaluate", asked);
        if answer.get("exceptionDetails").is_some() {
            return Err(answer["exceptionDetails"].take());
        }
        Ok(answer["result"]["value"].take())
    }

    /// Waits until an expression gives `true`.
    pub fn until(&mut self, expression: &str) {
        let start = Instant::now();
        // A page that is on its way has no elements yet.
        while self.tried(expression) != Ok(Value::Bool(true)) {
            let shown = || "document.body.innerText";
            assert!(start.elapsed() < PATIENCE, "`{expression}` does not come: {}", self.value(shown()));
            thread::sleep(Duration::from_millis(20));
        }
    }

    /// The document as it is shown, without its scripts; asserts that it has loaded nothing.
    pub fn document(&mut self) -> String {
        let loaded = self.value("performance.getEntriesByType('resource').map((entry) => entry.name).join()");
        assert_eq!(loaded, "", "the page loads something");
        let document = "(() => { const copy = document.documentElement.cloneNode(true);
            for (const script of copy.querySelectorAll('script')) script.remove(); return copy.outerHTML; })()";
        self.value(document).as_str().expect("a text").to_owned()
    }

    /// Sends a command, and waits for its answer.
    fn ask(&mut self, method: &str, params: Value) -> Value {
        self.asked += 1;
        let mut command = json!({ "id": self.asked, "method": method, "params": params });
        if !self.session.is_empty() {
            command["sessionId"] = self.session.as_str().into();
        }
        self.socket.get_mut().write_all(&frame(command.to_string().as_bytes())).expect("the browser reads");
        loop {
            let mut said: Value =
                serde_json::from_slice(&message(&mut self.socket)).expect("a message of JSON");
            // Others are events.
            if said["id"] == self.asked {
                assert!(said.get("error").is_none(), "{method}: {said}");
                return said["result"].take();
            }
        }
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A connection to a browser that was just started, which writes into its profile where it listens.
fn connected(profile: &Path) -> BufReader<TcpStream> {
    let start = Instant::now();
    let said = loop {
        let said = fs::read_to_string(profile.join("DevToolsActivePort")).unwrap_or_default();
        if said.lines().count() == 2 {
            break said;
        }
        assert!(start.elapsed() < PATIENCE, "the browser does not listen");
        thread::sleep(Duration::from_millis(20));
    };
    let (port, path) = said.split_once('\n').expect("two lines");
    let mut stream = TcpStream::connect(format!("127.0.0.1:{port}")).expect("the browser listens");
    stream.set_read_timeout(Some(PATIENCE)).expect("a limit of time");
    let upgrade = format!(
        "GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\
         Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n"
    );
    stream.write_all(upgrade.as_bytes()).expect("the browser reads");
    let mut socket = BufReader::new(stream);
    let mut line = String::new();
    while line != "\r\n" {
        line.clear();
        assert!(socket.read_line(&mut line).expect("a response") > 0, "the browser hangs up");
    }
    socket
}

/// A text as a frame of a WebSocket (RFC 6455), masked with zeros, which change nothing.
fn frame(text: &[u8]) -> Vec<u8> {
    let mut frame = vec![0x81, 0x80 | 127];
    frame.extend((text.len() as u64).to_be_bytes());
    frame.extend([0; 4]);
    frame.extend(text);
    frame
}

/// The next message, whatever frames it comes in.
fn message(socket: &mut impl Read) -> Vec<u8> {
    let mut message = Vec::new();
    loop {
        let [first, length] = bytes(socket);
        let length = match length & 0x7f {
            126 => u64::from(u16::from_be_bytes(bytes(socket))),
            127 => u64::from_be_bytes(bytes(socket)),
            length => u64::from(length),
        };
        let read = socket.take(length).read_to_end(&mut message).expect("a frame");
        assert_eq!(read as u64, length, "a whole frame");
        if first & 0x80 != 0 {
            return message;
        }
    }
}

fn bytes<const COUNT: usize>(socket: &mut impl Read) -> [u8; COUNT] {
    let mut bytes = [0; COUNT];
    socket.read_exact(&mut bytes).expect("the browser answers");
    bytes
}
