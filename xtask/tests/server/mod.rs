//! An HTTP server that misbehaves on order, on a free port of this machine.
//!
//! It speaks raw bytes, because a proper HTTP library would not let it lie.

#![allow(dead_code, reason = "each test file uses its own part")]

use std::{
    io::{BufRead, BufReader, Write},
    net::{TcpListener, TcpStream},
    sync::{Arc, Mutex},
    thread,
};

/// What a client asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Asked {
    pub(crate) path: String,
    /// The first byte of its `Range`, if it named one.
    pub(crate) from: Option<usize>,
    pub(crate) user_agent: String,
}

pub(crate) struct Server {
    pub(crate) url: String,
    asked: Arc<Mutex<Vec<Asked>>>,
}

impl Server {
    /// Answers each request with what `answer` writes into the connection, which is then closed.
    pub(crate) fn start(
        answer: impl Fn(&Asked, &mut TcpStream) -> std::io::Result<()> + Send + Sync + 'static,
    ) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let url = format!("http://{}", listener.local_addr().expect("its address"));
        let asked = Arc::new(Mutex::new(Vec::new()));
        let seen = Arc::clone(&asked);
        let answer = Arc::new(answer);
        // The threads end with the test's process.
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                if let Some(request) = read(&stream) {
                    seen.lock().expect("no panic in between").push(request.clone());
                    let answer = Arc::clone(&answer);
                    // A client that hangs up early is part of some tests.
                    thread::spawn(move || answer(&request, &mut { stream }).ok());
                }
            }
        });
        Self { url, asked }
    }

    /// A server that does everything right, for one file under any path.
    pub(crate) fn honest(content: Vec<u8>) -> Self {
        Self::start(move |asked, stream| serve(asked, stream, &content))
    }

    /// All requests so far.
    pub(crate) fn asked(&self) -> Vec<Asked> {
        self.asked.lock().expect("no panic in between").clone()
    }

    /// The first bytes of each request's range.
    pub(crate) fn ranges(&self) -> Vec<Option<usize>> {
        self.asked().into_iter().map(|asked| asked.from).collect()
    }
}

/// The whole file, or the rest of it from the byte asked for.
pub(crate) fn serve(asked: &Asked, stream: &mut TcpStream, content: &[u8]) -> std::io::Result<()> {
    match asked.from {
        None => whole(stream, content.len(), content),
        Some(from) if from < content.len() => rest(stream, from, content.len(), &content[from..]),
        Some(_) => write!(
            stream,
            "HTTP/1.1 416 Range Not Satisfiable\r\nContent-Range: bytes */{}\r\nContent-Length: 0\r\n\r\n",
            content.len()
        ),
    }
}

/// Status 200, a promised length, and these bytes.
pub(crate) fn whole(stream: &mut TcpStream, promised: usize, bytes: &[u8]) -> std::io::Result<()> {
    write!(stream, "HTTP/1.1 200 OK\r\nContent-Length: {promised}\r\n\r\n")?;
    stream.write_all(bytes)
}

/// Status 206 for what lies from `from` on in a file of `total` bytes, and these bytes.
pub(crate) fn rest(stream: &mut TcpStream, from: usize, total: usize, bytes: &[u8]) -> std::io::Result<()> {
    let (last, length) = (total - 1, total - from);
    write!(
        stream,
        "HTTP/1.1 206 Partial Content\r\nContent-Range: bytes {from}-{last}/{total}\r\nContent-Length: {length}\r\n\r\n"
    )?;
    stream.write_all(bytes)
}

/// A status with a short page.
pub(crate) fn page(stream: &mut TcpStream, status: &str) -> std::io::Result<()> {
    let body = "<!DOCTYPE html><html><body>Please log in</body></html>";
    write!(
        stream,
        "HTTP/1.1 {status}\r\nContent-Type: text/html\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    )
}

fn read(stream: &TcpStream) -> Option<Asked> {
    let mut reader = BufReader::new(stream);
    let mut line = String::new();
    reader.read_line(&mut line).ok()?;
    let path = line.split(' ').nth(1)?.to_owned();
    let mut asked = Asked { path, from: None, user_agent: String::new() };
    loop {
        line.clear();
        reader.read_line(&mut line).ok()?;
        let Some((name, value)) = line.trim_end().split_once(": ") else { return Some(asked) };
        match name.to_ascii_lowercase().as_str() {
            "range" => asked.from = value.strip_prefix("bytes=")?.strip_suffix('-')?.parse().ok(),
            "user-agent" => asked.user_agent = value.to_owned(),
            _ => {}
        }
    }
}
