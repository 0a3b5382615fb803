//! What the program prints: notes on standard error, the result on standard output.

use std::fmt::Display;
use std::io::{self, IsTerminal, Write, stderr};

use indicatif::ProgressBar;
use recurrent_train::{End, Interval, Progress, RunFolder, Stopped};
use serde::Serialize;

use crate::crew::launched::Launched;
use crate::flags::{CommonFlags, Format};
use crate::{Extent, Source, output};

/// How results and notes are shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Screen {
    /// For people, with notes.
    Text,
    /// For people, results only.
    Quiet,
    /// One line of JSON on standard output; notes, unless quiet, on standard error.
    Json {
        /// Whether notes are left out.
        quiet: bool,
    },
    /// Nothing at all, for another process says it.
    Silent,
}

impl Screen {
    /// What the options ask for, on the first of the processes that were started together.
    pub fn new(flags: &CommonFlags) -> Self {
        if Launched::is_silent() {
            return Self::Silent;
        }
        match (flags.format, flags.quiet) {
            (Format::Json, quiet) => Self::Json { quiet },
            (Format::Text, true) => Self::Quiet,
            (Format::Text, false) => Self::Text,
        }
    }

    /// Says something on the way, where notes are wanted.
    pub fn note(&self, text: &str) {
        if matches!(self, Self::Text | Self::Json { quiet: false }) {
            let _ = writeln!(Notes, "{text}");
        }
    }

    /// Says which data is used, loudly where it is generated: what there is of it, how real data is got, and what reading changed.
    pub fn tell_data(
        &self,
        source: &Source,
        counts: &str,
        real: &str,
        notes: impl IntoIterator<Item: Display>,
    ) {
        self.note(&match source {
            Source::Demo => format!("DEMO DATA: {counts}, generated; {real}"),
            _ => format!("{}: {counts}", source.place()),
        });
        notes.into_iter().for_each(|note| self.note(&format!("note: {note}")));
    }

    /// A bar of a thousand steps, hidden where progress is.
    pub fn bar(&self) -> ProgressBar {
        match self {
            Self::Text | Self::Json { quiet: false } => ProgressBar::new(1000),
            _ => ProgressBar::hidden(),
        }
    }

    /// How a training is shown: a bar in a terminal; elsewhere a line now and then, for the epochs that are due.
    pub fn progress(&self, epochs: Interval) -> Progress {
        match self {
            Self::Silent | Self::Quiet | Self::Json { quiet: true } => Progress::Quiet,
            _ if stderr().is_terminal() => Progress::Terminal,
            _ => Progress::Lines { epochs, writer: Box::new(Notes) },
        }
    }

    /// Says how a training ended and how to go on.
    pub fn tell_end(&self, end: &End, run: &RunFolder) {
        let folder = run.path().display();
        self.note(&match end.stopped {
            Stopped::Interrupted => format!("stopped; go on with `--resume {folder}`"),
            Stopped::Steps => {
                let steps = end.steps_run;
                format!("all {steps} steps done; for more, go on with `--resume {folder} --max-steps N`")
            }
            Stopped::Early => format!("no better loss for the whole patience; the run is in {folder}"),
            Stopped::Epochs => format!("all epochs done; the run is in {folder}"),
        });
    }

    /// Says where the report of a run is, or that the one that is there is older than what the run is now.
    pub fn tell_report(&self, extent: Extent, run: &RunFolder) {
        let file = run.report_file();
        let report = file.display();
        match extent {
            Extent::Report => self.note(&format!("report: {report}")),
            Extent::Summary if file.exists() => self.note(&format!(
                "{report} is older than this training; the same without `train` writes it anew"
            )),
            Extent::Summary => {}
        }
    }

    /// Prints the result: `value` as a line of JSON, or `text`.
    ///
    /// # Errors
    /// Standard output cannot be written. That its reader has left is no error.
    pub fn result(&self, value: &impl Serialize, text: &str) -> Result<(), crate::Failure> {
        let line = match self {
            Self::Json { .. } => serde_json::to_string(value)?,
            Self::Text | Self::Quiet => text.trim_end().to_owned(),
            Self::Silent => return Ok(()),
        };
        show(&(line + "\n"))?;
        Ok(())
    }
}

/// Writes to standard output. Returns whether its reader is still there: one that leaves, as `head` does, has what it wants,
/// which is a reason to stop and no error.
///
/// # Errors
/// Standard output was closed from the start, or cannot be written for another reason.
pub fn show(text: &str) -> Result<bool, Unshown> {
    if output::is_closed() {
        return Err(Unshown(io::Error::other("it is closed")));
    }
    let mut out = io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(false),
        written => written.map(|()| true).map_err(Unshown),
    }
}

/// Text that is shown while it is made.
#[derive(Debug)]
pub struct Stream {
    is_on: bool,
    is_left: bool,
}

impl Stream {
    /// One that shows what it is given, or nothing.
    pub fn new(is_on: bool) -> Self {
        Self { is_on, is_left: false }
    }

    /// Shows more. Returns whether there is still somebody to show it to: see [`show`].
    ///
    /// # Errors
    /// As [`show`].
    pub fn show(&mut self, text: &str) -> Result<bool, Unshown> {
        if self.is_on && !self.is_left {
            self.is_left = !show(text)?;
        }
        Ok(!self.is_left)
    }
}

/// Standard error, for what is good to know. A terminal that was closed, or `2>&1 | head`, is no reason to lose a
/// run, so what cannot be written is dropped.
#[derive(Clone, Copy, Debug)]
pub struct Notes;

impl Write for Notes {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let _ = stderr().write_all(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        let _ = stderr().flush();
        Ok(())
    }
}

/// Why a result was not shown.
#[derive(Debug, thiserror::Error)]
#[error("cannot write the result to standard output")]
pub struct Unshown(#[source] pub io::Error);
