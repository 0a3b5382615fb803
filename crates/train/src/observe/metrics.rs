//! The metrics file: one JSON object a line for each epoch, and for steps at an interval.
//!
//! Lines go straight to the operating system, so that a killed program loses none; they are flushed to the
//! disk when the run ends. Checkpoints alone decide where a run resumes: lines past that point are dropped.

use std::fs::{File, OpenOptions};
use std::io::{self, BufRead, BufReader, Read, Write};
use std::path::{Path, PathBuf};

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::error::Error;
use crate::files::{self, write_whole_with};
use crate::observe::interval::Interval;
use crate::observe::{End, EpochRecord, Observer, Start, StepRecord};

/// More than any record has; a file may have any number of them.
const LINE_LIMIT: u64 = 1 << 20;

/// Writes `metrics.jsonl`: `{"kind":"epoch",…}` for each epoch, `{"kind":"step",…}` at an interval.
///
/// The fields are those of [`EpochRecord`] and [`StepRecord`]. A figure that is not finite is written as `null`.
/// When a run resumes, the file becomes what the unbroken run would have at that point, but for the seconds.
#[derive(Debug)]
pub struct MetricsFile {
    path: PathBuf,
    steps: Interval,
    file: Option<File>,
}

impl MetricsFile {
    /// Will write to `path`, whose folder exists, with a line for each step that `steps` makes due.
    pub fn new(path: impl Into<PathBuf>, steps: Interval) -> Self {
        Self { path: path.into(), steps, file: None }
    }

    fn write(&mut self, line: &Line<'_>) -> Result<(), Error> {
        let Some(file) = &mut self.file else {
            return Err(Error::Observer(format!(
                "{}: a record came before the start of the run",
                self.path.display()
            )));
        };
        let mut text = serde_json::to_vec(line)
            .map_err(|problem| Error::Observer(format!("{}: {problem}", self.path.display())))?;
        text.push(b'\n');
        file.write_all(&text).map_err(|source| Error::io("write", &self.path, source))
    }
}

impl Observer for MetricsFile {
    fn on_start(&mut self, start: &Start) -> Result<(), Error> {
        let done = |head: &Head| match head.kind {
            Kind::Step => head.step <= start.steps_done,
            Kind::Epoch => head.epoch <= start.epochs_done,
        };
        write_whole_with(&self.path, |kept| {
            let mut lines =
                if start.steps_done > 0 { Lines::open(&self.path)? } else { Lines::none(&self.path) };
            while let Some(head) = lines.next::<Head>()? {
                if done(&head) {
                    let written = kept.write_all(lines.line()).and_then(|()| kept.write_all(b"\n"));
                    written.map_err(|source| Error::io("write", &self.path, source))?;
                }
            }
            Ok(())
        })?;
        let file = OpenOptions::new().append(true).open(&self.path);
        self.file = Some(file.map_err(|source| Error::io("write", &self.path, source))?);
        Ok(())
    }

    fn on_step(&mut self, step: &StepRecord) -> Result<(), Error> {
        if self.steps.is_due(step.step) { self.write(&Line::Step(step)) } else { Ok(()) }
    }

    fn on_epoch(&mut self, epoch: &EpochRecord) -> Result<(), Error> {
        self.write(&Line::Epoch(epoch))
    }

    fn on_end(&mut self, _end: &End) -> Result<(), Error> {
        let Some(file) = self.file.take() else { return Ok(()) };
        file.sync_all().map_err(|source| Error::io("write", &self.path, source))
    }
}

/// What a metrics file holds.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Metrics {
    /// The steps that were recorded, in order.
    pub steps: Vec<StepRecord>,
    /// The epochs, in order.
    pub epochs: Vec<EpochRecord>,
}

impl Metrics {
    /// Reads a metrics file. A figure of [`EpochRecord::metrics`] that was not finite is absent; a last line
    /// that a kill cut short is passed over.
    ///
    /// # Errors
    /// The file cannot be read, or a line is no record; the error names the line.
    pub fn read(path: &Path) -> Result<Self, Error> {
        let mut metrics = Self::default();
        let mut lines = Lines::open(path)?;
        while let Some(mut value) = lines.next::<serde_json::Value>()? {
            if let Some(figures) = value.get_mut("metrics").and_then(serde_json::Value::as_object_mut) {
                figures.retain(|_, figure| !figure.is_null());
            }
            match serde_json::from_value(value).map_err(|problem| lines.not_a_record(&problem))? {
                Record::Step(step) => metrics.steps.push(step),
                Record::Epoch(epoch) => metrics.epochs.push(epoch),
            }
        }
        Ok(metrics)
    }
}

#[derive(Serialize)]
#[serde(tag = "kind", rename_all = "lowercase")]
enum Line<'a> {
    Step(&'a StepRecord),
    Epoch(&'a EpochRecord),
}

#[derive(Deserialize)]
#[serde(tag = "kind", rename_all = "lowercase")]
enum Record {
    Step(StepRecord),
    Epoch(EpochRecord),
}

/// As much of a line as decides whether it stays.
#[derive(Deserialize)]
struct Head {
    kind: Kind,
    epoch: usize,
    step: u64,
}

#[derive(Deserialize)]
#[serde(rename_all = "lowercase")]
enum Kind {
    Step,
    Epoch,
}

/// The lines of a file, one at a time.
struct Lines<'a> {
    path: &'a Path,
    file: Option<BufReader<File>>,
    line: Vec<u8>,
    number: usize,
}

impl<'a> Lines<'a> {
    /// Those of a file; one that is missing has none.
    fn open(path: &'a Path) -> Result<Self, Error> {
        match files::open(path) {
            Err(Error::Io { source, .. }) if source.kind() == io::ErrorKind::NotFound => Ok(Self::none(path)),
            file => Ok(Self { file: Some(BufReader::new(file?)), ..Self::none(path) }),
        }
    }

    /// No line.
    fn none(path: &'a Path) -> Self {
        Self { path, file: None, line: Vec::new(), number: 0 }
    }

    /// The next line, parsed. The last one may lack its line end, and then may be anything.
    fn next<T: DeserializeOwned>(&mut self) -> Result<Option<T>, Error> {
        let Some(file) = &mut self.file else { return Ok(None) };
        self.line.clear();
        self.number += 1;
        let read = file.by_ref().take(LINE_LIMIT + 1).read_until(b'\n', &mut self.line);
        read.map_err(|source| Error::io("read", self.path, source))?;
        if self.line.is_empty() {
            return Ok(None);
        }
        let whole = self.line.pop_if(|byte| *byte == b'\n').is_some();
        if !whole && self.line.len() as u64 > LINE_LIMIT {
            let problem = format!(
                "line {}: expected a record of a step or an epoch, found more than {LINE_LIMIT} bytes; remove that line to go on \
                 without it",
                self.number
            );
            return Err(Error::invalid(self.path, problem));
        }
        match serde_json::from_slice(&self.line) {
            Ok(parsed) => Ok(Some(parsed)),
            Err(_) if !whole => Ok(None),
            Err(problem) => Err(self.not_a_record(&problem)),
        }
    }

    /// The line that was read last, without its end.
    fn line(&self) -> &[u8] {
        &self.line
    }

    fn not_a_record(&self, problem: &serde_json::Error) -> Error {
        // serde_json counts lines within the one line that it was given.
        let text = problem.to_string();
        let reason = text.split(" at line ").next().unwrap_or(&text);
        let place = format!("line {}, column {}", self.number, problem.column());
        Error::invalid(
            self.path,
            format!(
                "{place}: expected a record of a step or an epoch: {reason}; remove that line to go on without it"
            ),
        )
    }
}
