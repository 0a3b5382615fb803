//! Downloading over HTTP: with timeouts, a size limit, retries, and resume where a download broke.
//!
//! Whether the bytes are the right ones is not judged here; a length that does not fit is only a broken download.

use std::{
    io::{self, Read},
    thread,
    time::Duration,
};

use indicatif::{ProgressBar, ProgressStyle};
use thiserror::Error;
use ureq::{
    Agent, Body,
    http::{Response, StatusCode, header},
};

use super::{
    notes::Notes,
    place::{Landing, PlaceError},
};

/// Yahoo Finance refuses programs that do not name themselves in this form.
const USER_AGENT: &str = concat!(
    "Mozilla/5.0 (compatible; recurrent/",
    env!("CARGO_PKG_VERSION"),
    "; +",
    env!("CARGO_PKG_REPOSITORY"),
    ")"
);

/// How long to wait and how often to try.
#[derive(Clone, Copy, Debug)]
pub struct Patience {
    /// For a connection to stand.
    pub connect: Duration,
    /// For a server to begin its answer, and for each further piece of it.
    pub silence: Duration,
    /// How often to try in a row without getting any further.
    pub tries: u32,
    /// Before the second try; twice as long before each further one.
    pub pause: Duration,
}

impl Default for Patience {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(15),
            silence: Duration::from_secs(30),
            tries: 4,
            pause: Duration::from_secs(1),
        }
    }
}

/// Whether what is already there may be gone on with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Resume {
    /// Yes: the server has the same bytes each time.
    Allowed,
    /// No: each try starts anew.
    Never,
}

/// How a download came to be whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Arrival {
    /// In one answer.
    AtOnce,
    /// Pieced together from several answers.
    InPieces,
}

/// Why a download failed.
#[derive(Debug, Error)]
pub enum DownloadError {
    /// The server answered with a status other than success.
    #[error("the server answered {0}")]
    Status(StatusCode),
    /// The server offers or sends more than any right file has.
    #[error("the server sends more than {limit} bytes, and no right file has more")]
    TooLarge {
        /// The limit.
        limit: u64,
    },
    /// The server could not be reached, or not talked to.
    #[error("no connection")]
    NoConnection(#[source] ureq::Error),
    /// The connection broke, or stood still for too long.
    #[error("the connection broke after {held} bytes")]
    Broken {
        /// How many bytes had arrived.
        held: u64,
        /// How it broke.
        source: io::Error,
    },
    /// The answer was complete by its own account, and its length is not what was said.
    #[error("the download ended after {held} bytes, and the server had promised {promised}")]
    Length {
        /// How many bytes had arrived.
        held: u64,
        /// How many there should be.
        promised: u64,
    },
    /// The server answered a resumed download with another part of the file.
    #[error("the server answered with another part of the file than was asked for")]
    OtherPart,
    /// The server answered a resumed download with a web page.
    #[error("the server answered with a web page instead of the rest of the file")]
    Page,
    /// This machine's disk failed.
    #[error(transparent)]
    Place(#[from] PlaceError),
}

impl DownloadError {
    /// Whether another try may go better.
    fn may_pass(&self) -> bool {
        match self {
            Self::Status(status) => {
                status.is_server_error()
                    || [StatusCode::REQUEST_TIMEOUT, StatusCode::TOO_MANY_REQUESTS].contains(status)
            }
            Self::Broken { .. } | Self::Length { .. } | Self::OtherPart => true,
            Self::TooLarge { .. } | Self::NoConnection(_) | Self::Page | Self::Place(_) => false,
        }
    }
}

/// Fetches from servers.
#[derive(Debug)]
pub struct Downloader {
    agent: Agent,
    patience: Patience,
}

impl Downloader {
    /// With this patience.
    pub fn new(patience: Patience) -> Self {
        let config = Agent::config_builder()
            .user_agent(USER_AGENT)
            .http_status_as_error(false)
            .timeout_connect(Some(patience.connect))
            .timeout_recv_response(Some(patience.silence))
            .timeout_per_read(Some(patience.silence))
            // A connection is never used twice: after an answer that was not what it said to be, what comes
            // next on it cannot be trusted.
            .max_idle_connections(0)
            .build();
        Self { agent: config.into(), patience }
    }

    /// Downloads `url` into `landing`, of at most `limit` bytes.
    ///
    /// Tries again when the connection breaks, as long as it gets further, and a few times more. What has arrived
    /// when it fails stays in `landing`.
    ///
    /// # Errors
    /// When the server cannot be reached, refuses, sends too much, or breaks off too often; or when the disk fails.
    pub fn download(
        &self,
        url: &str,
        landing: &mut dyn Landing,
        resume: Resume,
        limit: u64,
        notes: &mut Notes<'_>,
    ) -> Result<Arrival, DownloadError> {
        let mut furthest = landing.held();
        let mut fruitless = 0;
        loop {
            if resume == Resume::Never || landing.held() > limit {
                landing.clear()?;
            }
            let error = match self.attempt(url, landing, limit) {
                Ok(arrival) => return Ok(arrival),
                Err(error) if error.may_pass() => error,
                Err(error) => return Err(error),
            };
            // A server that always breaks at the same place gets no further and is given up.
            let further = resume == Resume::Allowed && landing.held() > furthest;
            furthest = furthest.max(landing.held());
            fruitless = if further { 1 } else { fruitless + 1 };
            if fruitless >= self.patience.tries {
                return Err(error);
            }
            let pause = self.patience.pause * 2_u32.saturating_pow(fruitless - 1);
            notes.say(&format!(
                "  {}; trying again in {} s",
                crate::report::chain(&error),
                pause.as_secs_f64()
            ));
            thread::sleep(pause);
        }
    }

    /// One request: asks for what is missing and appends what comes.
    fn attempt(&self, url: &str, landing: &mut dyn Landing, limit: u64) -> Result<Arrival, DownloadError> {
        let begin = landing.held();
        let mut request = self.agent.get(url);
        if begin > 0 {
            request = request.header(header::RANGE, format!("bytes={begin}-"));
        }
        let response = request.call().map_err(|error| no_answer(error, begin))?;
        let arrival = match response.status() {
            StatusCode::PARTIAL_CONTENT if begin > 0 => {
                if content_range(&response).is_none_or(|range| range.first != Some(begin)) {
                    landing.clear()?;
                    return Err(DownloadError::OtherPart);
                }
                Arrival::InPieces
            }
            StatusCode::RANGE_NOT_SATISFIABLE if begin > 0 => {
                // Nothing lies beyond: either the file is whole, or what is here was never a part of it.
                if content_range(&response).is_some_and(|range| range.total == Some(begin)) {
                    return Ok(Arrival::InPieces);
                }
                landing.clear()?;
                return Err(DownloadError::OtherPart);
            }
            // A login page that stands before the network must not cost what has already arrived.
            StatusCode::OK if begin > 0 && is_page(&response) => return Err(DownloadError::Page),
            StatusCode::OK => {
                landing.clear()?;
                Arrival::AtOnce
            }
            status => return Err(DownloadError::Status(status)),
        };
        let promised = content_length(&response).map(|length| landing.held().saturating_add(length));
        if promised.is_some_and(|promised| promised > limit) {
            return Err(DownloadError::TooLarge { limit });
        }
        receive(response.into_body(), landing, promised, limit)?;
        Ok(arrival)
    }
}

/// Appends the body, piece by piece, under the limit.
fn receive(
    body: Body,
    landing: &mut dyn Landing,
    promised: Option<u64>,
    limit: u64,
) -> Result<(), DownloadError> {
    let bar = progress(promised, landing.held());
    let mut reader = body.into_reader();
    let mut buffer = vec![0; 1 << 16];
    loop {
        let held = landing.held();
        let count = match reader.read(&mut buffer) {
            Ok(0) => break,
            Ok(count) => count,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(source) => return Err(DownloadError::Broken { held, source }),
        };
        if held + count as u64 > limit {
            landing.clear()?;
            return Err(DownloadError::TooLarge { limit });
        }
        landing.append(&buffer[..count])?;
        bar.set_position(landing.held());
    }
    bar.finish_and_clear();
    match promised {
        Some(promised) if promised != landing.held() => {
            Err(DownloadError::Length { held: landing.held(), promised })
        }
        _ => Ok(()),
    }
}

/// A bar on standard error; indicatif draws none where that is not a terminal.
fn progress(promised: Option<u64>, held: u64) -> ProgressBar {
    let (bar, template) = match promised {
        Some(promised) => {
            (ProgressBar::new(promised), "  {bar:24} {bytes} of {total_bytes}, {bytes_per_sec}, {eta} left")
        }
        None => (ProgressBar::no_length(), "  {spinner} {bytes}, {bytes_per_sec}"),
    };
    bar.set_style(ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar()));
    bar.set_position(held);
    bar.reset_eta();
    bar
}

/// Before the first byte of an answer: a server that is not there, or a connection that broke.
///
/// Only the latter is worth another try. A name that is not known and a refused connection have other kinds of
/// I/O error, so that a machine without a network is told so at once.
fn no_answer(error: ureq::Error, held: u64) -> DownloadError {
    use io::ErrorKind::{BrokenPipe, ConnectionAborted, ConnectionReset, TimedOut, UnexpectedEof};
    use ureq::Timeout::{Connect, Resolve};

    let source = match error {
        ureq::Error::Io(source)
            if matches!(
                source.kind(),
                BrokenPipe | ConnectionAborted | ConnectionReset | TimedOut | UnexpectedEof
            ) =>
        {
            source
        }
        ureq::Error::Timeout(which) if !matches!(which, Connect | Resolve) => io::Error::other(error),
        ureq::Error::Protocol(_) => io::Error::other(error),
        error => return DownloadError::NoConnection(error),
    };
    DownloadError::Broken { held, source }
}

fn content_length(response: &Response<Body>) -> Option<u64> {
    response.headers().get(header::CONTENT_LENGTH)?.to_str().ok()?.trim().parse().ok()
}

fn is_page(response: &Response<Body>) -> bool {
    response.body().mime_type().is_some_and(|mime| mime.eq_ignore_ascii_case("text/html"))
}

/// `bytes FIRST-LAST/TOTAL`, `bytes */TOTAL` or `bytes FIRST-LAST/*`.
struct ContentRange {
    first: Option<u64>,
    total: Option<u64>,
}

fn content_range(response: &Response<Body>) -> Option<ContentRange> {
    let text = response.headers().get(header::CONTENT_RANGE)?.to_str().ok()?;
    let (range, total) = text.trim().strip_prefix("bytes")?.trim().split_once('/')?;
    let first = range.split_once('-').and_then(|(first, _)| first.trim().parse().ok());
    Some(ContentRange { first, total: total.trim().parse().ok() })
}
