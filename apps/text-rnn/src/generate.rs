//! `generate`: writes text with a model.

use std::ops::ControlFlow;

use recurrent_language_model::{LanguageModel, Prime, Sample, Sampling, Seed};
use recurrent_program::{Failure, Screen, Stream, Unshown, flags::Format};
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
    let mut shown = Stream::new(streams);
    shown.show(prime.text())?;
    let samples = texts.samples(flags.text.length, stop.as_deref(), |added| {
        Ok::<_, Unshown>(if shown.show(added)? { ControlFlow::Continue(()) } else { ControlFlow::Break(()) })
    })?;
    if streams {
        return Ok(shown.show("\n").map(|_| ())?);
    }
    let prime = prime.text().to_owned();
    let text = Sample::listed(&samples, &prime);
    let run = flags.run.display().to_string();
    screen
        .result(&Written { program: PROGRAM, run, seed: flags.choice.seed, strategy, prime, samples }, &text)
}

/// The stop text, of which every character has to be one that the model can write.
fn stop(flags: &GenerateFlags, model: &LanguageModel) -> Result<Option<String>, Unknown> {
    let Some(text) = &flags.text.stop else { return Ok(None) };
    model.encode(text).map_err(|fault| Unknown("stop", fault.into()))?;
    Ok(Some(model.as_read(text)))
}

/// What the texts go on from.
fn prime(flags: &GenerateFlags, model: &LanguageModel, strategy: Sampling) -> Result<Prime, Unknown> {
    let Some(text) = &flags.text.prime else {
        return Ok(Prime::opening(model.vocabulary(), strategy, Seed(flags.choice.seed)));
    };
    match flags.text.replace {
        Some(replacement) => {
            model.prime_replacing(text, replacement).map_err(|fault| Unknown("replace", fault.into()))
        }
        None => model.prime(text).map_err(|fault| {
            Unknown("prime", format!("{fault}; `--replace CHAR` reads CHAR in its place").into())
        }),
    }
}

/// An option's text holds a character that the model does not know.
#[derive(Debug, thiserror::Error)]
#[error("`--{0}`: {1}")]
struct Unknown(&'static str, Failure);
