//! The metrics file: one JSON object a line for each epoch, and for steps at an interval.
//!
//! Lines go straight to the operating system, so that a killed program loses none; they are flushed to the
//! disk when the run ends. Checkpoints alone decide where a run resumes: lines past that point are dropped.

use std::fs::{File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::error::Error;
use crate::files::{read_limited, write_whole};
use crate::interval::Interval;
use crate::observer::{End, EpochRecord, Observer, Start, StepRecord};

/// More than any run writes: five million lines.
const LIMIT_BYTES: u64 = 1 << 30;

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
        let mut kept = Vec::new();
        if start.steps_done > 0 {
            for (line, head) in lines::<Head>(&self.path, &read(&self.path)?)? {
                let done = match head.kind {
                    Kind::Step => head.step <= start.steps_done,
                    Kind::Epoch => head.epoch <= start.epochs_done,
                };
                if done {
                    kept.extend_from_slice(line);
                    kept.push(b'\n');
                }
            }
        }
        write_whole(&self.path, &kept)?;
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
        for (number, (_, mut value)) in
            lines::<serde_json::Value>(path, &read(path)?)?.into_iter().enumerate()
        {
            if let Some(figures) = value.get_mut("metrics").and_then(serde_json::Value::as_object_mut) {
                figures.retain(|_, figure| !figure.is_null());
            }
            let record =
                serde_json::from_value(value).map_err(|problem| not_a_record(path, number, &problem))?;
            match record {
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

/// Reads the file; one that is missing has no lines.
fn read(path: &Path) -> Result<Vec<u8>, Error> {
    match read_limited(path, LIMIT_BYTES) {
        Err(Error::Io { source, .. }) if source.kind() == io::ErrorKind::NotFound => Ok(Vec::new()),
        read => read,
    }
}

/// Parses each line. The last one may lack its line end, and then may be anything.
fn lines<'a, T: Deserialize<'a>>(path: &Path, bytes: &'a [u8]) -> Result<Vec<(&'a [u8], T)>, Error> {
    let mut lines = Vec::new();
    for (number, line) in bytes.split_inclusive(|byte| *byte == b'\n').enumerate() {
        let whole = line.strip_suffix(b"\n");
        match serde_json::from_slice(whole.unwrap_or(line)) {
            Ok(parsed) => lines.push((whole.unwrap_or(line), parsed)),
            Err(_) if whole.is_none() => {}
            Err(problem) => return Err(not_a_record(path, number, &problem)),
        }
    }
    Ok(lines)
}

fn not_a_record(path: &Path, number: usize, problem: &serde_json::Error) -> Error {
    // serde_json counts lines within the one line that it was given.
    let text = problem.to_string();
    let reason = text.split(" at line ").next().unwrap_or(&text);
    let place = format!("line {}, column {}", number + 1, problem.column());
    Error::invalid(
        path,
        format!(
            "{place}: expected a record of a step or an epoch: {reason}; remove that line to go on without it"
        ),
    )
}
