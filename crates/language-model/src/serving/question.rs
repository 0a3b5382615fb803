//! A question to a writer, as it is sent and as it is checked.

use std::ops::RangeInclusive;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

use recurrent_backend::Seed;
use recurrent_serve::Problem;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::model::LanguageModel;
use crate::prime::Prime;
use crate::sampling::Sampling;

/// Characters that may be asked for.
const LENGTH: RangeInclusive<usize> = 1..=10_000;
/// Characters that a prime text may have; of longer ones the network remembers the end alone.
const PRIME: usize = 2_000;
/// Characters that a stop text may have.
const STOP: usize = 100;
/// Seeds below this are whole numbers in every language.
const SEEDS: u64 = 1 << 53;

/// A question as it is sent.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Asked {
    #[serde(default)]
    prime: String,
    length: usize,
    #[serde(default)]
    strategy: Strategy,
    temperature: Option<f64>,
    top_k: Option<usize>,
    top_p: Option<f64>,
    seed: Option<u64>,
    stop: Option<String>,
    replace: Option<char>,
    #[serde(default)]
    stream: bool,
    #[serde(default)]
    surprise: bool,
}

#[derive(Clone, Copy, Debug, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Strategy {
    Greedy,
    #[default]
    Sample,
}

/// A question that a model can answer.
#[derive(Debug)]
pub struct Question {
    pub(super) prime: Prime,
    pub(super) length: usize,
    pub(super) sampling: Sampling,
    pub(super) seed: u64,
    pub(super) stop: Option<String>,
    pub(super) is_streamed: bool,
    pub(super) wants_surprise: bool,
}

impl Asked {
    pub(super) fn is_streamed(&self) -> bool {
        self.stream
    }

    /// What the model is to do.
    pub(super) fn check(self, model: &LanguageModel) -> Result<Question, Problem> {
        if !LENGTH.contains(&self.length) {
            let (first, last) = (LENGTH.start(), LENGTH.end());
            return Err(Problem::unprocessable(format!(
                "`length` is {}, expected {first} to {last} characters",
                self.length
            )));
        }
        let sampling = self.sampling();
        sampling.check().map_err(|fault| Problem::unprocessable(fault.to_string()))?;
        let seed = self.seed.unwrap_or_else(new_seed);
        if seed >= SEEDS {
            return Err(Problem::unprocessable(format!("`seed` is {seed}, expected a number below 2^53")));
        }
        Ok(Question {
            prime: self.prime(model, sampling, Seed(seed))?,
            length: self.length,
            sampling,
            seed,
            stop: self.stop(model)?,
            is_streamed: self.stream,
            wants_surprise: self.surprise,
        })
    }

    fn sampling(&self) -> Sampling {
        match self.strategy {
            Strategy::Greedy => Sampling::Greedy,
            Strategy::Sample => Sampling::Sample {
                temperature: self.temperature.unwrap_or(1.0),
                top_k: self.top_k,
                top_p: self.top_p,
            },
        }
    }

    fn prime(&self, model: &LanguageModel, sampling: Sampling, seed: Seed) -> Result<Prime, Problem> {
        no_longer("prime", &self.prime, PRIME)?;
        if self.prime.is_empty() {
            return Ok(Prime::opening(model.vocabulary(), sampling, seed));
        }
        match self.replace {
            Some(replacement) => model
                .prime_replacing(&self.prime, replacement)
                .map_err(|fault| Problem::unprocessable(format!("`replace`: {fault}"))),
            None => model.prime(&self.prime).map_err(|fault| {
                Problem::unprocessable(format!("`prime`: {fault}, or name a character to `replace` it with"))
            }),
        }
    }

    fn stop(&self, model: &LanguageModel) -> Result<Option<String>, Problem> {
        let Some(stop) = self.stop.as_ref().filter(|stop| !stop.is_empty()) else { return Ok(None) };
        no_longer("stop", stop, STOP)?;
        model.encode(stop).map_err(|fault| Problem::unprocessable(format!("`stop`: {fault}")))?;
        Ok(Some(model.as_read(stop)))
    }
}

fn no_longer(name: &str, text: &str, most: usize) -> Result<(), Problem> {
    let found = text.chars().count();
    if found <= most {
        return Ok(());
    }
    Err(Problem::unprocessable(format!("`{name}` has {found} characters, expected at most {most}")))
}

/// A seed for who names none: another one each time.
fn new_seed() -> u64 {
    static ASKED: AtomicU64 = AtomicU64::new(0);
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_micros() as u64;
    now.wrapping_add(ASKED.fetch_add(1, Ordering::Relaxed)) % SEEDS
}

/// What may be asked, as a JSON schema.
pub(super) fn schema() -> Value {
    json!({
        "type": "object",
        "required": ["length"],
        "additionalProperties": false,
        "properties": {
            "prime": {
                "type": "string", "maxLength": PRIME,
                "description": "What the text goes on from; without it the text starts as a new line does",
            },
            "length": { "type": "integer", "minimum": LENGTH.start(), "maximum": LENGTH.end() },
            "strategy": { "enum": ["sample", "greedy"], "default": "sample" },
            "temperature": { "type": "number", "exclusiveMinimum": 0, "default": 1 },
            "top_k": { "type": "integer", "minimum": 1 },
            "top_p": { "type": "number", "exclusiveMinimum": 0, "maximum": 1 },
            "seed": {
                "type": "integer", "minimum": 0, "exclusiveMaximum": SEEDS,
                "description": "The same seed writes the same text, whoever asks meanwhile; without it each text is another",
            },
            "stop": { "type": "string", "maxLength": STOP, "description": "The text ends once it has written this" },
            "replace": {
                "type": "string", "minLength": 1, "maxLength": 1,
                "description": "Read in place of characters of `prime` that the model does not know",
            },
            "stream": { "type": "boolean", "default": false, "description": "Send the text while it is written" },
            "surprise": { "type": "boolean", "default": false, "description": "Say how surprising each character was" },
        },
        "examples": [{ "prime": "The ", "length": 200, "temperature": 0.7, "seed": 7 }],
    })
}
