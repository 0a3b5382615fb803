//! The training loop: steps, epochs, checkpoints and the reasons to stop. It draws and prints nothing.
//!
//! Everything a step depends on is a function of the step's number, or part of a checkpoint. Clocks decide
//! when checkpoints are written, and nothing else.

use std::time::Instant;

use crate::config::stopping::Watched;
use crate::config::weights_name;
use crate::error::Error;
use crate::model::Model;
use crate::model::batches::Batches;
use crate::observe::{End, EpochRecord, Observer, Start, StepRecord, StepTensors, Stopped};
use crate::optimise::Optimisation;
use crate::optimise::clip::Clip;
use crate::run::carried::{self, States};
use crate::run::checkpoint::{Checkpoints, Progress, Snapshot};
use crate::run::handed_on;
use crate::run::resume::{check_same_run, recording_device, restore};
use crate::training::divergence::{Divergence, LastStep, kind};
use crate::training::sharded::{self, Learnt, Place};
use crate::training::{Outcome, Training, alike};
use crate::weights::parameters;
use crate::weights::{Description, load_model};
use recurrent_backend::NamedTensors;

impl<M: Model, B: Batches<Batch = M::Batch>> Training<'_, M, B> {
    /// Trains a model whose parameters stand on a device with automatic differentiation.
    ///
    /// In a folder with a checkpoint the run goes on from there: the model then lends its shape, and its
    /// weights come from the checkpoint. The result equals, bit for bit, that of a run that was never
    /// interrupted, on the same machine and backend.
    ///
    /// # Errors
    /// A setting is wrong, the loss diverges, a file cannot be written, a checkpoint cannot be continued
    /// from, or an observer fails. The last checkpoint stays.
    pub fn run(self, model: M) -> Result<Outcome<M>, Error> {
        let group = self.group.clone();
        let outcome = run(self, model);
        if let Err(error) = &outcome {
            group.fail(error);
        }
        outcome
    }
}

/// Whatever may fail on one rank alone stands between an agreement and the next, and not beside an exchange of numbers: the others
/// then hear of the failure in place of what they wait for.
fn run<M, B>(training: Training<'_, M, B>, model: M) -> Result<Outcome<M>, Error>
where
    M: Model,
    B: Batches<Batch = M::Batch>,
{
    check(&training, &model)?;
    let (mut run, mut model) = Run::begin(training, model)?;
    let stopped = loop {
        if run.progress.step_in_epoch == run.steps_per_epoch {
            // At an epoch's end the checkpoint comes after the validation, so that it is not done twice.
            run.agree()?;
            if run.interrupted {
                break Stopped::Interrupted;
            }
            run.finish_epoch(&model)?;
        }
        if run.agree()? {
            run.save(&model, None)?;
        }
        if let Some(stopped) = run.reason_to_stop() {
            break stopped;
        }
        model = run.step(model)?;
    };
    run.end(model, stopped)
}

/// A run under way. The model stands beside it, because an update consumes the model and returns another.
struct Run<'a, M: Model, B: Batches<Batch = M::Batch>> {
    training: Training<'a, M, B>,
    steps_per_epoch: usize,
    optimisation: Optimisation,
    /// What each of this rank's shards carries.
    states: States<M::Carry>,
    progress: Progress,
    /// Whether this process has done anything that could be kept.
    moved: bool,
    /// Whether a rank was asked to stop.
    interrupted: bool,
    best: Option<M>,
    checkpoints: Option<Checkpoints<'a>>,
    last_step: Option<LastStep>,
}

impl<'a, M: Model, B: Batches<Batch = M::Batch>> Run<'a, M, B> {
    fn begin(mut training: Training<'a, M, B>, mut model: M) -> Result<(Self, M), Error> {
        let (config, steps_per_epoch) = (training.config, training.batches.steps_per_epoch());
        let mut optimisation = Optimisation::new(config.optimiser);
        let own = sharded::own(&training.group, config.shards);
        let mut states = own.clone().map(|_| None).collect();
        let (mut progress, mut best, mut checkpoints) = (Progress::default(), None, None);
        if let Some(run) = training.folder {
            let folder = run.checkpoints();
            let last = handed_on::read_last(&training.group, &folder)?;
            if let Some(last) = &last {
                check_same_run(last, run.program(), config, steps_per_epoch, run.path())?;
                (model, states) = restore(last, &folder, model, &mut optimisation, &own)?;
                progress = last.progress.clone();
                if let (Some(_), Some(file)) = (progress.best.epoch, &last.weights) {
                    best = Some(load_model(model.valid(), &folder.join(file))?.0);
                }
                tracing::info!(
                    step = progress.step,
                    epochs = progress.epochs_done,
                    "continues from a checkpoint"
                );
            }
            if training.group.is_first() {
                checkpoints =
                    Some(Checkpoints::new(folder, run.program(), config, steps_per_epoch, last.as_ref()));
            }
        }
        alike::check(&training.group, config, steps_per_epoch, progress.step, &model)?;
        if !training.group.is_first() {
            training.observers.clear();
            (training.sampler, training.step_sampler) = (None, None);
        }
        let start = Start {
            epochs: config.epochs,
            steps_per_epoch,
            steps_done: progress.step,
            epochs_done: progress.epochs_done,
        };
        tell(&mut training.observers, |observer| observer.on_start(&start))?;
        let run = Self {
            training,
            steps_per_epoch,
            optimisation,
            states,
            moved: false,
            progress,
            interrupted: false,
            best,
            checkpoints,
            last_step: None,
        };
        Ok((run, model))
    }

    /// Takes up whether a rank was asked to stop, and returns whether a checkpoint is to be written, which is for the first rank to
    /// say.
    fn agree(&mut self) -> Result<bool, Error> {
        let due = self.checkpoints.as_ref().is_some_and(|checkpoints| checkpoints.is_due(&self.progress));
        let due = due && self.moved;
        let own = (self.training.interrupt.is_requested(), due);
        if self.training.group.count() == 1 {
            self.interrupted = own.0;
            return Ok(due);
        }
        let all = self.training.group.agree(&own)?;
        self.interrupted = all.iter().any(|(interrupted, _)| *interrupted);
        Ok(all[0].1)
    }

    /// One step: loss, gradients, clipping, update.
    fn step(&mut self, model: M) -> Result<M, Error> {
        let start = Instant::now();
        let config = self.training.config;
        let (epoch, step_in_epoch) = (self.progress.epochs_done, self.progress.step_in_epoch);
        let step = self.progress.step + 1;
        let learning_rate = config.learning_rate_at(step);

        let place = Place { epoch, step_in_epoch, step };
        let (batches, group) = (self.training.batches, &self.training.group);
        let Learnt { loss, samples, mut gradients } =
            sharded::learn(&model, batches, config, group, place, &mut self.states)?;
        if !loss.is_finite() {
            return Err(self.diverged(format!("the training loss is {}", kind(loss)), step, &model));
        }
        let wanted = self.training.observers.iter().any(|observer| observer.wants_tensors(step));
        let followed = wanted.then(|| parameters::gradients(&model, &gradients));
        let gradient_norm = config.clip.apply(&mut gradients, &model);
        if let Some(norm) = gradient_norm.filter(|norm| !norm.is_finite()) {
            return Err(self.diverged(format!("the norm of the gradients is {}", kind(norm)), step, &model));
        }
        self.last_step = Some(LastStep { step, loss, gradient_norm });
        let model = self.optimisation.step(learning_rate, model, gradients);

        self.moved = true;
        self.progress.step = step;
        self.progress.step_in_epoch += 1;
        self.progress.loss_sum += loss * samples as f64;
        self.progress.samples += samples as u64;
        let seconds = start.elapsed().as_secs_f64();
        self.progress.epoch_seconds += seconds;
        let record = StepRecord {
            epoch: epoch + 1,
            step,
            step_in_epoch: step_in_epoch + 1,
            loss,
            learning_rate,
            gradient_norm,
            seconds,
        };
        tell(&mut self.training.observers, |observer| observer.on_step(&record))?;
        if let Some(gradients) = followed {
            self.show_tensors(&record, StepTensors { weights: parameters::parameters(&model), gradients })?;
        }
        if let Some((due, sampler)) = &mut self.training.step_sampler
            && due.is_due(step)
        {
            sampler(&model.valid(), &record)?;
        }
        Ok(model)
    }

    /// Shows weights and gradients to the observers that want them.
    fn show_tensors(&mut self, step: &StepRecord, tensors: StepTensors) -> Result<(), Error> {
        tell(&mut self.training.observers, |observer| match observer.wants_tensors(step.step) {
            true => observer.on_tensors(step, &tensors),
            false => Ok(()),
        })
    }

    /// The end of an epoch: its mean loss, the validation, what is best.
    fn finish_epoch(&mut self, model: &M) -> Result<(), Error> {
        let start = Instant::now();
        if self.progress.samples == 0 {
            return Err(Error::Setting("the batches of an epoch hold no sample; check the data".to_owned()));
        }
        let plain = model.valid();
        let figures = match &mut self.training.validation {
            Some(validation) => Some(validation(&plain)?),
            None => None,
        };
        if let Some(loss) = figures.as_ref().map(|figures| figures.loss).filter(|loss| !loss.is_finite()) {
            return Err(self.diverged(
                format!("the validation loss is {}", kind(loss)),
                self.progress.step,
                model,
            ));
        }
        let (validation_loss, mut metrics) = match figures {
            Some(figures) => (Some(figures.loss), figures.metrics),
            None => (None, Default::default()),
        };
        metrics.retain(|name, value| {
            if !value.is_finite() {
                tracing::warn!(metric = name, value, "left out a metric that is no finite number");
            }
            value.is_finite()
        });
        let mut record = EpochRecord {
            epoch: self.progress.epochs_done + 1,
            step: self.progress.step,
            train_loss: self.progress.loss_sum / self.progress.samples as f64,
            validation_loss,
            metrics,
            learning_rate: self.training.config.learning_rate_at(self.progress.step),
            best: false,
            seconds: self.progress.epoch_seconds + start.elapsed().as_secs_f64(),
        };
        if let Some(watch) = &self.training.config.watch {
            record.best = self.progress.best.update(watch, &record);
        }
        if record.best {
            self.check_finite(&plain, model)?;
            self.best = Some(plain.clone());
        }
        tell(&mut self.training.observers, |observer| observer.on_epoch(&record))?;
        if let Some(sampler) = &mut self.training.sampler {
            sampler(&plain, &record)?;
        }
        let progress = std::mem::take(&mut self.progress);
        self.progress = Progress {
            step: progress.step,
            epochs_done: record.epoch,
            history: progress.history,
            best: progress.best,
            ..Progress::default()
        };
        self.progress.history.push(record);
        self.moved = true;
        Ok(())
    }

    fn reason_to_stop(&self) -> Option<Stopped> {
        let config = self.training.config;
        if config.watch.as_ref().is_some_and(|watch| self.progress.best.is_stale(watch)) {
            Some(Stopped::Early)
        } else if self.progress.epochs_done >= config.epochs {
            Some(Stopped::Epochs)
        } else if config.max_steps.is_some_and(|steps| self.progress.step >= steps) {
            Some(Stopped::Steps)
        } else {
            self.interrupted.then_some(Stopped::Interrupted)
        }
    }

    /// Writes a checkpoint; at the run's end, with the weights that are its result. All ranks call it, and the first one writes.
    fn save(&mut self, model: &M, stopped: Option<Stopped>) -> Result<(), Error> {
        let (group, shards) = (&self.training.group, self.training.config.shards);
        let carry = carried::write(group, shards, &sharded::own(group, shards), &self.states)?;
        self.write(model, carry, stopped)?;
        // Whoever went on to the next exchange of numbers would not hear that the disk is full.
        self.training.group.gather(&[])?;
        Ok(())
    }

    /// Writes a checkpoint, where this rank is the one that does.
    fn write(
        &mut self,
        model: &M,
        carry: Option<NamedTensors>,
        stopped: Option<Stopped>,
    ) -> Result<(), Error> {
        let Some(checkpoints) = &mut self.checkpoints else { return Ok(()) };
        let template = &self.training.config.weights_name;
        let program = self.training.folder.map_or("", |folder| folder.program());
        let progress = &self.progress;
        let describe = |epoch: usize| {
            let record = progress.history.iter().find(|record| record.epoch == epoch);
            Description {
                program: program.to_owned(),
                architecture: self.training.architecture.clone(),
                epoch,
                step: record.map_or(progress.step, |record| record.step),
                train_loss: record.map(|record| record.train_loss),
                validation_loss: record.and_then(|record| record.validation_loss),
            }
        };
        let weights = match (&self.best, progress.best.epoch, progress.best.loss) {
            (Some(best), Some(epoch), Some(loss)) => {
                Some((best, weights_name::fill(template, epoch, loss), describe(epoch)))
            }
            _ if stopped.is_some() => {
                let (name, description) = last_weights(template, progress, describe);
                Some((model, name, description))
            }
            _ => None,
        };
        let result = checkpoints.write(Snapshot {
            model,
            optimisation: &self.optimisation,
            carry,
            progress,
            weights,
            stopped,
        });
        match result {
            Err(Error::Diverged(what)) => Err(self.diverged(what, self.progress.step, model)),
            other => other,
        }
    }

    /// Weights that are kept are numbers: a loss can be finite before an update whose weights are not.
    fn check_finite(&self, kept: &M, model: &M) -> Result<(), Error> {
        match parameters::first_not_finite(&parameters::parameters(kept)) {
            Some(_) => {
                Err(self.diverged("the weights are no longer finite".to_owned(), self.progress.step, model))
            }
            None => Ok(()),
        }
    }

    fn end(mut self, model: M, stopped: Stopped) -> Result<Outcome<M>, Error> {
        if self.best.is_none() {
            self.check_finite(&model.valid(), &model)?;
        }
        self.save(&model, Some(stopped))?;
        let Progress { step, epochs_done, history, best, .. } = self.progress;
        let end = End {
            stopped,
            epochs_run: epochs_done,
            steps_run: step,
            best_epoch: best.epoch,
            best_loss: best.loss,
        };
        tell(&mut self.training.observers, |observer| observer.on_end(&end))?;
        let weights = self.checkpoints.and_then(|checkpoints| checkpoints.weights_file());
        let model = self.best.unwrap_or_else(|| model.valid());
        Ok(Outcome { model, history, end, weights })
    }

    fn diverged(&self, what: String, step: u64, model: &M) -> Error {
        let config = self.training.config;
        Divergence {
            what,
            epoch: self.progress.epochs_done + 1,
            step,
            learning_rate: config.learning_rate_at(step),
            last: self.last_step,
            checkpoint: self.checkpoints.as_ref().and_then(|checkpoints| checkpoints.last_file()),
            clipped: config.clip != Clip::None,
        }
        .into_error(model)
    }
}

/// The name and description of the last weights, where no epoch is the best. Those in the middle of an
/// epoch have the step in their name, because two of them may share epoch and loss.
fn last_weights(
    template: &str,
    progress: &Progress,
    describe: impl Fn(usize) -> Description,
) -> (String, Description) {
    let epoch = progress.epochs_done;
    if progress.step_in_epoch == 0 {
        let loss = progress.history.last().map_or(0.0, |record| record.train_loss);
        return (weights_name::fill(template, epoch, loss), describe(epoch));
    }
    let loss = progress.loss_sum / progress.samples.max(1) as f64;
    let name = format!("{}_step_{}", weights_name::fill(template, epoch, loss), progress.step);
    let description =
        Description { step: progress.step, train_loss: Some(loss), validation_loss: None, ..describe(epoch) };
    (name, description)
}

fn tell(
    observers: &mut [&mut dyn Observer],
    mut event: impl FnMut(&mut dyn Observer) -> Result<(), Error>,
) -> Result<(), Error> {
    observers.iter_mut().try_for_each(|observer| event(*observer))
}

/// Checks what would otherwise fail in the middle of a run.
fn check<M: Model, B: Batches<Batch = M::Batch>>(
    training: &Training<'_, M, B>,
    model: &M,
) -> Result<(), Error> {
    training.config.validate()?;
    if training.batches.steps_per_epoch() == 0 {
        return Err(Error::Setting("the data yield no batch; use more data or a smaller batch".to_owned()));
    }
    let watched = training.config.watch.as_ref().map_or(&Watched::TrainLoss, |watch| &watch.loss);
    if *watched != Watched::TrainLoss && training.validation.is_none() {
        return Err(Error::Setting(format!(
            "{} is watched, but there is no validation; add one, or watch the training loss",
            watched.words()
        )));
    }
    if let Some((name, found, made)) = parameters::unlike_device(model) {
        let (found, made) = (found.name(), made.name());
        return Err(Error::Setting(format!(
            "parameter `{name}` holds {found} and the device makes {made}, in which the optimiser's state would be read back: make \
             the model on a device that was configured for {found} (`Device::configure`), or cast the parameter to {made}"
        )));
    }
    if let Some((first, second)) = parameters::shared(model) {
        return Err(Error::Setting(format!(
            "the parameters `{first}` and `{second}` are one to the optimiser, since one is a copy of the other; make each with \
             `Param::from_tensor`"
        )));
    }
    let (shards, ranks) = (training.config.shards, training.group.count());
    if ranks > shards {
        return Err(Error::Setting(format!(
            "{ranks} ranks share batches of {shards} shards; cut them into {ranks} shards or more, or start fewer ranks"
        )));
    }
    if recording_device(model).is_none() {
        return Err(Error::Setting(
            "no parameter of the model records gradients; build the model on `device.autodiff()`".to_owned(),
        ));
    }
    Ok(())
}
