//! What a person at a terminal sees of a run: one bar that moves, or a line now and then, or nothing.
//!
//! A library does not decide that: the program chooses [`Progress`], and hands in the writer for lines.

use std::fmt;
use std::io::Write;
use std::path::Path;
use std::time::Instant;

use indicatif::{ProgressDrawTarget, ProgressStyle};

use crate::error::Error;
use crate::observe::interval::Interval;
use crate::observe::{End, EpochRecord, Observer, Start, StepRecord, Stopped};
use recurrent_report::{counted, duration, significant};

/// How a run is shown.
pub enum Progress {
    /// A bar on standard error, where that is a terminal; else nothing.
    Terminal,
    /// A line for each epoch that is due, and one at the end.
    Lines {
        /// Which epochs get a line; the first and the last always do.
        epochs: Interval,
        /// Where the lines go.
        writer: Box<dyn Write + Send>,
    },
    /// Nothing.
    Quiet,
}

impl fmt::Debug for Progress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Terminal => f.write_str("Terminal"),
            Self::Lines { epochs, .. } => {
                f.debug_struct("Lines").field("epochs", epochs).finish_non_exhaustive()
            }
            Self::Quiet => f.write_str("Quiet"),
        }
    }
}

/// Shows the epoch, the step within it, the losses and the time that is left.
#[derive(Debug)]
pub struct ProgressBar {
    shown: Shown,
    run: Option<Run>,
}

#[derive(Debug)]
enum Shown {
    Bar(indicatif::ProgressBar),
    Lines { epochs: Interval, writer: Writer },
    Nothing,
}

struct Writer(Box<dyn Write + Send>);

impl fmt::Debug for Writer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Writer")
    }
}

/// What is known of the run so far.
#[derive(Debug)]
struct Run {
    start: Start,
    began: Instant,
    last: Option<EpochRecord>,
    best: Option<usize>,
    /// Whether the last epoch already has its line.
    told: bool,
}

impl ProgressBar {
    /// Shows a run in the way that the program chose.
    pub fn new(progress: Progress) -> Self {
        let shown = match progress {
            Progress::Terminal => Shown::Bar(bar(ProgressDrawTarget::stderr())),
            Progress::Lines { epochs, writer } => Shown::Lines { epochs, writer: Writer(writer) },
            Progress::Quiet => Shown::Nothing,
        };
        Self { shown, run: None }
    }

    /// A handle for others that write to the terminal during the run, such as a sampler.
    pub fn screen(&self) -> Screen {
        Screen(if let Shown::Bar(bar) = &self.shown { Some(bar.clone()) } else { None })
    }
}

/// Lets others write to the terminal without breaking the bar.
#[derive(Clone, Debug)]
pub struct Screen(Option<indicatif::ProgressBar>);

impl Screen {
    /// Takes the bar off the terminal, calls `write`, and draws the bar again below.
    pub fn with<R>(&self, write: impl FnOnce() -> R) -> R {
        match &self.0 {
            Some(bar) => bar.suspend(write),
            None => write(),
        }
    }
}

impl Observer for ProgressBar {
    fn on_start(&mut self, start: &Start) -> Result<(), Error> {
        if let Shown::Bar(bar) = &self.shown {
            let epoch = (start.epochs_done + 1).min(start.epochs);
            let done_before = (start.epochs_done as u64).saturating_mul(start.steps_per_epoch as u64);
            bar.set_prefix(format!("epoch {epoch}/{}", start.epochs));
            bar.set_length(start.steps_per_epoch as u64);
            bar.set_position(start.steps_done.saturating_sub(done_before));
        }
        self.run =
            Some(Run { start: start.clone(), began: Instant::now(), last: None, best: None, told: true });
        Ok(())
    }

    fn on_step(&mut self, step: &StepRecord) -> Result<(), Error> {
        if let (Shown::Bar(bar), Some(run)) = (&self.shown, &self.run) {
            bar.set_prefix(format!("epoch {}/{}", step.epoch, run.start.epochs));
            bar.set_message(run.message(step.loss, step.step));
            bar.set_position(step.step_in_epoch as u64);
        }
        Ok(())
    }

    fn on_epoch(&mut self, epoch: &EpochRecord) -> Result<(), Error> {
        let Some(run) = &mut self.run else { return Ok(()) };
        if epoch.best {
            run.best = Some(epoch.epoch);
        }
        let first = run.last.is_none();
        run.last = Some(epoch.clone());
        match &mut self.shown {
            Shown::Bar(bar) => bar.set_message(run.message(epoch.train_loss, epoch.step)),
            Shown::Lines { epochs, writer } => {
                run.told = first || epochs.is_due(epoch.epoch as u64);
                if run.told {
                    writer.line(&run.line(epoch))?;
                }
            }
            Shown::Nothing => {}
        }
        Ok(())
    }

    fn on_end(&mut self, end: &End) -> Result<(), Error> {
        let Some(run) = &self.run else { return Ok(()) };
        let outcome = outcome(end, run.began.elapsed().as_secs_f64());
        match &mut self.shown {
            Shown::Bar(bar) => {
                bar.finish_and_clear();
                bar.println(outcome);
            }
            Shown::Lines { writer, .. } => {
                if let (Some(last), false) = (&run.last, run.told) {
                    writer.line(&run.line(last))?;
                }
                writer.line(&outcome)?;
            }
            Shown::Nothing => {}
        }
        Ok(())
    }
}

impl Run {
    /// What stands behind the bar: the most telling first, because a narrow terminal cuts the end off.
    fn message(&self, loss: f64, step: u64) -> String {
        let mut message = format!("loss {}", significant(loss, 4));
        if let Some(validation) = self.last.as_ref().and_then(|last| last.validation_loss) {
            message += &format!("  validation {}", significant(validation, 4));
        }
        if let Some(left) = self.seconds_left(step) {
            message += &format!("  {} left", duration(left));
        }
        if let Some(epoch) = self.best {
            message += &format!("  best epoch {epoch}");
        }
        message
    }

    fn line(&self, epoch: &EpochRecord) -> String {
        let width = self.start.epochs.to_string().len();
        let mut line = format!(
            "epoch {:>width$}/{}  loss {:<8}",
            epoch.epoch,
            self.start.epochs,
            significant(epoch.train_loss, 4)
        );
        if let Some(validation) = epoch.validation_loss {
            line += &format!("  validation {:<8}", significant(validation, 4));
        }
        line += &format!("  {} an epoch", duration(epoch.seconds));
        if let Some(left) = self.seconds_left(epoch.step).filter(|left| *left > 0.0) {
            line += &format!(", {} left", duration(left));
        }
        line += if epoch.best { "  best so far" } else { "" };
        line
    }

    /// The time that the remaining steps take at the pace of those done since the start or the resumption.
    fn seconds_left(&self, step: u64) -> Option<f64> {
        let total = (self.start.epochs as u64).saturating_mul(self.start.steps_per_epoch as u64);
        let done = step.checked_sub(self.start.steps_done).filter(|done| *done > 0)?;
        Some(self.began.elapsed().as_secs_f64() / done as f64 * total.saturating_sub(step) as f64)
    }
}

impl Writer {
    fn line(&mut self, line: &str) -> Result<(), Error> {
        writeln!(self.0, "{line}")
            .and_then(|()| self.0.flush())
            .map_err(|source| Error::io("write", Path::new("the progress lines"), source))
    }
}

fn outcome(end: &End, seconds: f64) -> String {
    let reason = match end.stopped {
        Stopped::Epochs => "done",
        Stopped::Early => "stopped early, the watched loss no longer improved",
        Stopped::Steps => "stopped after the number of steps asked for",
        Stopped::Interrupted => "interrupted",
    };
    let (epochs, steps) = (counted(end.epochs_run, "epoch"), counted(end.steps_run as usize, "step"));
    let mut text = format!("{reason}: {epochs}, {steps}, {}", duration(seconds));
    if let (Some(epoch), Some(loss)) = (end.best_epoch, end.best_loss) {
        text += &format!("; best loss {} in epoch {epoch}", significant(loss, 4));
    }
    text
}

fn bar(target: ProgressDrawTarget) -> indicatif::ProgressBar {
    let style = ProgressStyle::with_template("{prefix} {bar:24.cyan/dim} {pos:>4}/{len}  {wide_msg}")
        .unwrap_or_else(|_| ProgressStyle::default_bar())
        .progress_chars("━━─");
    indicatif::ProgressBar::with_draw_target(None, target).with_style(style)
}

#[cfg(test)]
mod tests;
