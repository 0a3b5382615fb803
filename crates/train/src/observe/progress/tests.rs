//! What the lines say, and that the bar draws what it should on a terminal.

use std::io;
use std::sync::{Arc, Mutex};

use indicatif::TermLike;

use super::*;

fn start() -> Start {
    Start { epochs: 300, steps_per_epoch: 30, steps_done: 0, epochs_done: 0 }
}

fn epoch(epoch: usize, validation: Option<f64>) -> EpochRecord {
    EpochRecord {
        epoch,
        step: epoch as u64 * 30,
        train_loss: 0.012_345_6,
        validation_loss: validation,
        metrics: Default::default(),
        learning_rate: 6e-4,
        best: epoch == 2,
        seconds: 0.48,
    }
}

fn end(epochs_run: usize) -> End {
    let steps_run = epochs_run as u64 * 30;
    End { stopped: Stopped::Early, epochs_run, steps_run, best_epoch: Some(2), best_loss: Some(5.229_1e-5) }
}

#[derive(Clone, Debug, Default)]
struct Shared(Arc<Mutex<String>>);

impl Write for Shared {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().push_str(&String::from_utf8_lossy(bytes));
        Ok(bytes.len())
    }
    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// A terminal of 100 columns that keeps all that was ever written.
impl TermLike for Shared {
    fn width(&self) -> u16 {
        100
    }
    fn move_cursor_up(&self, _n: usize) -> io::Result<()> {
        Ok(())
    }
    fn move_cursor_down(&self, _n: usize) -> io::Result<()> {
        Ok(())
    }
    fn move_cursor_right(&self, _n: usize) -> io::Result<()> {
        Ok(())
    }
    fn move_cursor_left(&self, _n: usize) -> io::Result<()> {
        Ok(())
    }
    fn write_line(&self, text: &str) -> io::Result<()> {
        self.write_str(&format!("{text}\n"))
    }
    fn write_str(&self, text: &str) -> io::Result<()> {
        self.0.lock().unwrap().push_str(text);
        Ok(())
    }
    fn clear_line(&self) -> io::Result<()> {
        Ok(())
    }
    fn flush(&self) -> io::Result<()> {
        Ok(())
    }
}

/// Seconds differ from run to run.
fn settings() -> insta::Settings {
    let mut settings = insta::Settings::clone_current();
    settings.add_filter(r", [0-9.e-]+ (s|min [0-9]+ s)\b( left)?", ", SECONDS$2");
    settings
}

#[test]
fn lines_come_at_the_first_and_the_due_epochs_and_at_the_end() {
    let written = Shared::default();
    let writer = Box::new(written.clone());
    let mut progress = ProgressBar::new(Progress::Lines { epochs: Interval::every(3), writer });
    progress.on_start(&start()).unwrap();
    for (number, validation) in [(1, 0.003_8), (2, 5.229_1e-5), (3, 6e-5), (4, 7e-5)] {
        progress.on_epoch(&epoch(number, Some(validation))).unwrap();
    }
    progress.on_end(&end(4)).unwrap();
    settings().bind(|| {
        insta::assert_snapshot!(written.0.lock().unwrap(), @r"
        epoch   1/300  loss 0.01235   validation 0.003800  0.48 s an epoch, SECONDS left
        epoch   3/300  loss 0.01235   validation 6.000e-5  0.48 s an epoch, SECONDS left
        epoch   4/300  loss 0.01235   validation 7.000e-5  0.48 s an epoch, SECONDS left
        stopped early, the watched loss no longer improved: 4 epochs, 120 steps, SECONDS; best loss 5.229e-5 in epoch 2
        ");
    });
}

#[test]
fn the_bar_shows_epoch_step_loss_and_best() {
    let terminal = Shared::default();
    let target = ProgressDrawTarget::term_like_with_hz(Box::new(terminal.clone()), 255);
    let mut progress = ProgressBar { shown: Shown::Bar(bar(target)), run: None };
    progress.on_start(&start()).unwrap();
    progress.on_epoch(&epoch(2, Some(5.229_1e-5))).unwrap();
    let step = StepRecord {
        epoch: 3,
        step: 75,
        step_in_epoch: 15,
        loss: 0.01,
        learning_rate: 6e-4,
        gradient_norm: None,
        seconds: 0.016,
    };
    progress.on_step(&step).unwrap();
    if let Shown::Bar(bar) = &progress.shown {
        bar.force_draw();
    }
    let drawn = terminal.0.lock().unwrap().clone();
    for part in ["epoch 3/300", "15/30", "loss 0.01000", "validation 5.229e-5", " left", "━"] {
        assert!(drawn.contains(part), "{part:?} is missing from {drawn:?}");
    }
    progress.on_end(&end(3)).unwrap();
    assert!(terminal.0.lock().unwrap().contains("stopped early"));
}

#[test]
fn quiet_shows_nothing_and_lets_others_write() {
    let mut progress = ProgressBar::new(Progress::Quiet);
    progress.on_start(&start()).unwrap();
    progress.on_epoch(&epoch(1, None)).unwrap();
    progress.on_end(&end(1)).unwrap();
    assert_eq!(progress.screen().with(|| 7), 7);
}

#[test]
fn a_writer_that_fails_is_an_error() {
    struct Full;
    impl Write for Full {
        fn write(&mut self, _bytes: &[u8]) -> io::Result<usize> {
            Err(io::ErrorKind::StorageFull.into())
        }
        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }
    let mut progress = ProgressBar::new(Progress::Lines { epochs: Interval::EACH, writer: Box::new(Full) });
    progress.on_start(&start()).unwrap();
    let problem = progress.on_epoch(&epoch(1, None)).unwrap_err();
    assert_eq!(problem.to_string(), "cannot write the progress lines");
}
