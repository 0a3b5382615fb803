//! `generate`: writes text with a model.

use std::ops::ControlFlow;

use recurrent_language_model::{LanguageModel, Prime, Sample, Sampling, Seed};
use recurrent_program::{Failure, Screen, Unshown, flags::Format, show};
use serde::Serialize;

use crate::flags::GenerateFlags;
use crate::{PROGRAM, saved};

#[derive(Serialize)]
struct Written {
    program: &'static str,
    run: String,
    seed: u64,
    strategy: Sampling,
    prime: String,
    samples: Vec<Sample>,
}

/// Writes, and prints as it goes where it is one text for people.
///
/// # Errors
/// The model cannot be read, the prime text has a character that it does not know, or standard output cannot be written.
pub fn generate(flags: &GenerateFlags, screen: &Screen) -> Result<(), Failure> {
    let (strategy, seed) = (flags.choice.sampling()?, Seed(flags.choice.seed));
    let (_, model) = saved::load(&flags.run, flags.common.backend, screen)?;
    let (prime, stop) = (prime(flags, &model, strategy)?, stop(flags, &model)?);
    let texts = model.write(&prime, flags.text.samples, strategy, seed);
    let streams = flags.common.format == Format::Text && flags.text.samples == 1;
    let mut shown = Stream { on: streams, closed: false };
    shown.show(prime.text())?;
    let samples = texts.samples(flags.text.length, stop.as_deref(), |added| {
        shown.show(added)?;
        Ok::<_, Unshown>(if shown.closed { ControlFlow::Break(()) } else { ControlFlow::Continue(()) })
    })?;
    if streams {
        return Ok(shown.show("\n")?);
    }
    let prime = prime.text().to_owned();
    let text = titled(&prime, &samples);
    let run = flags.run.display().to_string();
    screen
        .result(&Written { program: PROGRAM, run, seed: flags.choice.seed, strategy, prime, samples }, &text)
}

fn titled(prime: &str, samples: &[Sample]) -> String {
    let all = samples.iter().enumerate();
    let texts =
        all.map(|(i, sample)| format!("--- {} of {} ---\n{prime}{}\n", i + 1, samples.len(), sample.text));
    texts.collect::<Vec<_>>().join("\n")
}

/// The stop text, of which every character has to be one that the model can write.
fn stop(flags: &GenerateFlags, model: &LanguageModel) -> Result<Option<String>, Unknown> {
    let Some(text) = &flags.text.stop else { return Ok(None) };
    model.encode(text).map_err(|fault| Unknown("stop", fault.into()))?;
    Ok(Some(model.as_read(text)))
}

/// What the texts go on from.
fn prime(flags: &GenerateFlags, model: &LanguageModel, strategy: Sampling) -> Result<Prime, Unknown> {
    let vocabulary = model.vocabulary();
    let Some(text) = &flags.text.prime else {
        return Ok(Prime::opening(vocabulary, strategy, Seed(flags.choice.seed)));
    };
    let mut text = model.as_read(text);
    if let Some(replacement) = flags.text.replace {
        let known = vocabulary.encode_replacing(&text, replacement);
        text = vocabulary.decode(&known.map_err(|fault| Unknown("replace", fault.into()))?);
    }
    Prime::new(vocabulary, &text).map_err(|fault| {
        Unknown("prime", format!("{fault}; `--replace CHAR` reads CHAR in its place").into())
    })
}

/// An option's text holds a character that the model does not know.
#[derive(Debug, thiserror::Error)]
#[error("`--{0}`: {1}")]
struct Unknown(&'static str, Failure);

/// Text that is shown while it is written.
struct Stream {
    on: bool,
    /// Whether the reader is gone, as after `| head`: a reason to stop, no error.
    closed: bool,
}

impl Stream {
    fn show(&mut self, text: &str) -> Result<(), Unshown> {
        if self.on && !self.closed {
            self.closed = !show(text)?;
        }
        Ok(())
    }
}
