//! A bounded load on a server, and what became of it: docs/guide-serve.md has the figures.
//!
//! `load ADDRESS PATH QUESTION CLIENTS SECONDS` has so many clients ask again and again, each once it has its answer.
//! `load ADDRESS PATH QUESTION CLIENTS SECONDS RATE` asks so many times a second, whether answers come or not; the time of an answer
//! then counts from when it was due. `load ADDRESS PATH bad COUNT PID` sends requests of every bad kind and watches
//! the server's memory.

mod bad;

use std::collections::BTreeMap;
use std::env;
use std::error::Error;
use std::io::Write;
use std::net::{SocketAddr, TcpStream};
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use program_tests::http::{Response, posted};

/// Answers by status, and how long they took.
#[derive(Default)]
struct Figures {
    statuses: BTreeMap<u16, usize>,
    seconds: Vec<f64>,
    characters: usize,
}

/// What is asked, how often.
struct Plan {
    address: SocketAddr,
    request: Vec<u8>,
    clients: usize,
    seconds: f64,
    /// Questions a second of all clients; none where each waits for its answer.
    rate: Option<f64>,
}

#[allow(clippy::print_stdout)] // an example is a program
fn main() -> Result<(), Box<dyn Error>> {
    let words: Vec<String> = env::args().skip(1).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    match *words {
        [address, path, "bad", count, pid] => bad::send(address.parse()?, path, count.parse()?, pid),
        [address, path, question, clients, seconds, ref rate @ ..] => {
            let plan = Plan {
                address: address.parse()?,
                request: posted(path, "Content-Type: application/json\r\n", question.as_bytes()),
                clients: clients.parse()?,
                seconds: seconds.parse()?,
                rate: rate.first().map(|rate| rate.parse()).transpose()?,
            };
            println!("{}", plan.run().text(plan.seconds));
            Ok(())
        }
        _ => {
            Err("expected ADDRESS PATH QUESTION CLIENTS SECONDS [RATE], or ADDRESS PATH bad COUNT PID".into())
        }
    }
}

impl Plan {
    fn run(&self) -> Figures {
        let (start, due) = (Instant::now(), AtomicU64::new(0));
        thread::scope(|scope| {
            let clients: Vec<_> =
                (0..self.clients).map(|_| scope.spawn(|| self.client(start, &due))).collect();
            let figures = clients.into_iter().map(|client| client.join().unwrap_or_default());
            figures.fold(Figures::default(), Figures::with)
        })
    }

    /// Asks over one connection until the time is over.
    fn client(&self, start: Instant, due: &AtomicU64) -> Figures {
        let (mut figures, mut stream) = (Figures::default(), connected(self.address));
        while let Some(asked) = self.next(start, due) {
            if stream.write_all(&self.request).is_err() {
                stream = connected(self.address);
                continue;
            }
            figures.add(&Response::read(&mut stream), asked);
        }
        figures
    }

    /// Waits until the next question is due; none is after the end.
    fn next(&self, start: Instant, due: &AtomicU64) -> Option<Instant> {
        let now = start.elapsed().as_secs_f64();
        let at = match self.rate {
            Some(rate) => due.fetch_add(1, Ordering::Relaxed) as f64 / rate,
            None => now,
        };
        if at >= self.seconds {
            return None;
        }
        thread::sleep(Duration::from_secs_f64((at - now).max(0.0)));
        Some(start + Duration::from_secs_f64(at))
    }
}

fn connected(address: SocketAddr) -> TcpStream {
    let stream = TcpStream::connect(address).expect("the server listens");
    stream.set_nodelay(true).expect("a socket");
    stream
}

impl Figures {
    fn add(&mut self, response: &Response, asked: Instant) {
        *self.statuses.entry(response.status).or_default() += 1;
        if response.status == 200 {
            self.seconds.push(asked.elapsed().as_secs_f64());
            let parts = match response.header("content-type") {
                "text/event-stream" => response.events().into_iter().map(|(_, part)| part).collect(),
                _ => vec![response.json()],
            };
            let texts = parts.iter().filter_map(|part| part["text"].as_str());
            self.characters += texts.map(|text| text.chars().count()).sum::<usize>();
        }
    }

    fn with(mut self, other: Self) -> Self {
        for (status, count) in other.statuses {
            *self.statuses.entry(status).or_default() += count;
        }
        self.seconds.extend(other.seconds);
        self.characters += other.characters;
        self
    }

    fn text(mut self, seconds: f64) -> String {
        self.seconds.sort_by(f64::total_cmp);
        let at = |share: f64| {
            let place = (self.seconds.len() as f64 * share) as usize;
            1e3 * self.seconds.get(place.min(self.seconds.len().saturating_sub(1))).unwrap_or(&f64::NAN)
        };
        format!(
            "{:?}: {:.1} answers a second, {:.0} characters a second; milliseconds: median {:.1}, 90% {:.1}, 99% {:.1}, all {:.1}",
            self.statuses,
            self.seconds.len() as f64 / seconds,
            self.characters as f64 / seconds,
            at(0.5),
            at(0.9),
            at(0.99),
            at(1.0),
        )
    }
}
