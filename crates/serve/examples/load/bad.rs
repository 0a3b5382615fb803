//! Requests of every bad kind, and what the server answers to them.

use std::collections::BTreeMap;
use std::error::Error;
use std::fs;
use std::io::{Read, Write};
use std::net::{Shutdown, SocketAddr, TcpStream};
use std::thread;
use std::time::Duration;

use program_tests::http::posted;

/// Requests that are under way at once.
const AT_ONCE: usize = 16;

/// A kind of request: its name, the bytes of one, and the statuses that may come; 0 stands for a closed connection.
type Kind = (&'static str, fn(&str, usize) -> Vec<u8>, &'static [u16]);

const KINDS: [Kind; 14] = [
    ("cut JSON", |path, _| json(path, b"{"), &[400]),
    ("no UTF-8", |path, _| json(path, b"{\"text\": \"\xff\xfe\"}"), &[400]),
    ("wrong type", |path, number| json(path, format!(r#"{{"text":{number}}}"#).as_bytes()), &[422]),
    ("unknown field", |path, _| json(path, br#"{"colour":"red"}"#), &[422]),
    ("a list", |path, _| json(path, b"[1,2,3]"), &[422]),
    ("deep JSON", |path, _| json(path, &[b'['; 20_000]), &[400, 422]),
    ("empty", |path, _| json(path, b""), &[400]),
    ("oversized", |path, _| json(path, &vec![b' '; 8 << 20]), &[413]),
    (
        "oversized, told",
        |path, _| head(path, "Content-Type: application/json\r\nContent-Length: 99999999999\r\n"),
        &[413],
    ),
    ("oversized, in chunks", |path, _| chunks(path), &[413]),
    ("another type", |path, _| posted(path, "Content-Type: text/plain\r\n", b"{}"), &[415]),
    (
        "cut body",
        |path, _| head(path, "Content-Type: application/json\r\nContent-Length: 50\r\n"),
        &[0, 400, 408],
    ),
    ("no HTTP", |_, number| format!("\x16\x03\x01{number}\r\n\r\n").into_bytes(), &[400]),
    ("cut head", |path, _| format!("POST {path} HT").into_bytes(), &[0, 400]),
];

/// Sends `count` requests of all kinds in turn, and tells of statuses and memory.
///
/// # Errors
/// The server gives another answer than it should.
#[allow(clippy::print_stdout)] // an example is a program
pub(crate) fn send(address: SocketAddr, path: &str, count: usize, pid: &str) -> Result<(), Box<dyn Error>> {
    let mut wrong = Vec::new();
    let mut statuses: BTreeMap<(&str, u16), usize> = BTreeMap::new();
    for part in 0..10 {
        let numbers: Vec<usize> = (part * count / 10..(part + 1) * count / 10).collect();
        for numbers in numbers.chunks(AT_ONCE) {
            let answers: Vec<(&Kind, u16)> = thread::scope(|scope| {
                let ask = |number: &usize| {
                    let (number, kind) = (*number, &KINDS[number % KINDS.len()]);
                    scope.spawn(move || (kind, status(address, &kind.1(path, number), kind.2.contains(&0))))
                };
                let asked: Vec<_> = numbers.iter().map(ask).collect();
                asked.into_iter().filter_map(|thread| thread.join().ok()).collect()
            });
            for (kind, status) in answers {
                *statuses.entry((kind.0, status)).or_default() += 1;
                if !kind.2.contains(&status) {
                    wrong.push(format!("{}: {status}", kind.0));
                }
            }
        }
        println!("{:6} requests, {}", (part + 1) * count / 10, memory(pid)?);
    }
    for ((kind, status), count) in statuses {
        println!("{kind:22} {status:3}  {count}");
    }
    match wrong.first() {
        None => Ok(()),
        Some(first) => {
            Err(format!("{} other answers than there should be, such as {first}", wrong.len()).into())
        }
    }
}

fn json(path: &str, body: &[u8]) -> Vec<u8> {
    posted(path, "Content-Type: application/json\r\n", body)
}

fn head(path: &str, headers: &str) -> Vec<u8> {
    format!("POST {path} HTTP/1.1\r\nHost: x\r\n{headers}\r\n").into_bytes()
}

fn chunks(path: &str) -> Vec<u8> {
    let mut bytes = head(path, "Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n");
    for _ in 0..100 {
        bytes.extend_from_slice(format!("{:x}\r\n{}\r\n", 1 << 16, " ".repeat(1 << 16)).as_bytes());
    }
    bytes
}

/// Sends a request, of one that is cut also that nothing more will come; returns the status of what comes, 0 where
/// nothing does.
fn status(address: SocketAddr, request: &[u8], is_cut: bool) -> u16 {
    let Ok(mut stream) = TcpStream::connect(address) else { return 0 };
    let _ = stream.set_read_timeout(Some(Duration::from_secs(30)));
    // The server may have answered and closed before it has read all.
    let _ = stream.write_all(request);
    if is_cut {
        let _ = stream.shutdown(Shutdown::Write);
    }
    let mut answer = Vec::new();
    let mut part = [0; 1024];
    while answer.len() < 12 {
        match stream.read(&mut part) {
            Ok(0) | Err(_) => break,
            Ok(read) => answer.extend_from_slice(&part[..read]),
        }
    }
    let status = answer.get(9..12).and_then(|status| std::str::from_utf8(status).ok()?.parse().ok());
    status.unwrap_or(0)
}

/// The resident memory of a process, as Linux tells it.
fn memory(pid: &str) -> Result<String, Box<dyn Error>> {
    let status = fs::read_to_string(format!("/proc/{pid}/status"))?;
    let line = status.lines().find(|line| line.starts_with("VmRSS")).ok_or("no VmRSS")?;
    Ok(line.split_whitespace().collect::<Vec<_>>().join(" "))
}
