//! The event file that is open: whoever has something to show during a run writes into the same one, since
//! TensorBoard leaves a file for good once a later one is there.

use std::fs::{self, File, OpenOptions};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{SystemTime, UNIX_EPOCH};

use prost::Message;

use super::event::{Event, Value};
use super::record;
use crate::error::Error;
use crate::files::create_folder;

/// What TensorBoard knows event files by.
pub(super) const PREFIX: &str = "events.out.tfevents.";

/// Figures, texts and pictures for TensorBoard, in the event file of a run under way
/// ([`TensorBoard::board`](super::TensorBoard::board)) or in one of their own ([`Board::open`]). Clones write into
/// the same file.
///
/// ```
/// use recurrent_train::Board;
///
/// let folder = tempfile::tempdir()?;
/// let board = Board::open(folder.path())?;
/// board.scalars(300, [("result/accuracy", 0.87)])?;
/// board.text("samples", 300, "The prince  rose.")?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct Board {
    folder: PathBuf,
    open: Arc<Mutex<Option<Open>>>,
}

#[derive(Debug)]
struct Open {
    path: PathBuf,
    file: File,
}

/// What TensorBoard's event files are of: their names end with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// A training.
    Training,
    /// What stands beside it.
    Beside,
}

impl Kind {
    fn ending(self) -> &'static str {
        match self {
            Self::Training => ".recurrent.v2",
            Self::Beside => ".recurrent-beside.v2",
        }
    }
}

impl Board {
    /// Opens a further event file in a folder, which is made where it is missing, beside those of a run that is over.
    ///
    /// # Errors
    /// The folder cannot be made or read, or the file cannot be written.
    pub fn open(folder: impl Into<PathBuf>) -> Result<Self, Error> {
        let board = Self::closed(folder.into());
        board.begin(Kind::Beside)?;
        Ok(board)
    }

    /// Writes figures of a step, each under its tag, for the page Scalars.
    ///
    /// # Errors
    /// The file is not open, as before a run or after it, or cannot be written.
    pub fn scalars<T: Into<String>>(
        &self,
        step: u64,
        scalars: impl IntoIterator<Item = (T, f64)>,
    ) -> Result<(), Error> {
        self.show(step, scalars.into_iter().map(|(tag, value)| Value::scalar(tag, value)).collect())
    }

    /// Writes a text of a step for the page Text, which shows it letter by letter with its line ends and blanks.
    ///
    /// # Errors
    /// As [`scalars`](Self::scalars).
    pub fn text(&self, tag: &str, step: u64, text: &str) -> Result<(), Error> {
        // The page reads Markdown, in which a block that is indented by four is shown as it stands.
        let markdown: String = text.lines().map(|line| format!("    {line}\n")).collect();
        self.show(step, vec![Value::text(tag, markdown)])
    }

    /// Writes a picture of a step for the page Images: the bytes of a PNG file, and how many pixels it is wide and
    /// high.
    ///
    /// # Errors
    /// As [`scalars`](Self::scalars).
    pub fn image(&self, tag: &str, step: u64, size: (u32, u32), png: &[u8]) -> Result<(), Error> {
        self.show(step, vec![Value::image(tag, size, png)])
    }

    /// One that is opened when its run begins.
    pub(super) fn closed(folder: PathBuf) -> Self {
        Self { folder, open: Arc::default() }
    }

    /// Opens a file that sorts behind those of the folder. Returns whether it is the first of its kind there.
    pub(super) fn begin(&self, kind: Kind) -> Result<bool, Error> {
        create_folder(&self.folder)?;
        let (second, is_first) = look(&self.folder, kind)?;
        let path = self.folder.join(format!("{PREFIX}{second:010}.{}{}", std::process::id(), kind.ending()));
        let file = OpenOptions::new().write(true).create_new(true).open(&path);
        let file = file.map_err(|source| Error::io("write", &path, source))?;
        *self.lock() = Some(Open { path, file });
        self.write(&[Event::version(now())])?;
        Ok(is_first)
    }

    /// Flushes the file to the disk and closes it.
    pub(super) fn end(&self) -> Result<(), Error> {
        let Some(Open { path, file }) = self.lock().take() else { return Ok(()) };
        file.sync_all().map_err(|source| Error::io("write", &path, source))
    }

    /// Writes what a step has to show.
    pub(super) fn show(&self, step: u64, values: Vec<Value>) -> Result<(), Error> {
        self.write(&[Event::summary(now(), step, values)])
    }

    pub(super) fn write(&self, events: &[Event]) -> Result<(), Error> {
        let mut open = self.lock();
        let Some(Open { path, file }) = &mut *open else {
            let folder = self.folder.display();
            return Err(Error::Observer(format!("{folder}: a record came before the start of the run")));
        };
        let bytes: Vec<u8> = events.iter().flat_map(|event| record::frame(&event.encode_to_vec())).collect();
        file.write_all(&bytes).map_err(|source| Error::io("write", path, source))
    }

    /// Whoever panicked while writing has left whole records, or a torn one that no reader minds.
    fn lock(&self) -> MutexGuard<'_, Option<Open>> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The second for a name that sorts behind those of the folder, because TensorBoard reads event files in the order of
/// their names: that of now, or the one after the latest name's. And whether no file is of that kind yet.
fn look(folder: &Path, kind: Kind) -> Result<(u64, bool), Error> {
    let unreadable = |source| Error::io("read folder", folder, source);
    let (mut second, mut is_first) = (now() as u64, true);
    for entry in fs::read_dir(folder).map_err(unreadable)? {
        let name = entry.map_err(unreadable)?.file_name();
        let Some(rest) = name.to_str().and_then(|name| name.strip_prefix(PREFIX)) else { continue };
        is_first &= !rest.ends_with(kind.ending());
        let taken = rest.split('.').next().and_then(|second| second.parse::<u64>().ok());
        // Ten digits until the year 2286; a name from a stranger beyond that is no reason to follow it.
        if let Some(taken) = taken.filter(|taken| (second..10_000_000_000 - 1).contains(taken)) {
            second = taken + 1;
        }
    }
    Ok((second, is_first))
}

/// Seconds since 1970.
pub(super) fn now() -> f64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0.0, |since| since.as_secs_f64())
}
