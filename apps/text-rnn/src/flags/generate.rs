//! The options of `generate`.

use std::path::PathBuf;

use clap::Args;
use clap::builder::{PossibleValuesParser, TypedValueParser};
use recurrent_language_model::Sampling;
use recurrent_program::WrongUsage;
use recurrent_program::flags::{CommonFlags, DEFAULT_SEED, values};

/// The options of `generate`.
#[derive(Args, Clone, Debug, PartialEq)]
pub struct GenerateFlags {
    /// Folder of the run, or its model.safetensors
    #[arg(long, value_name = "RUN", value_parser = values::run(), help_heading = "Run")]
    pub run: PathBuf,
    #[command(flatten, next_help_heading = "Text")]
    pub(crate) text: WrittenFlags,
    #[command(flatten, next_help_heading = "Choice")]
    pub(crate) choice: ChoiceFlags,
    #[command(flatten)]
    pub(crate) common: CommonFlags,
}

/// What is written.
#[derive(Args, Clone, Debug, PartialEq)]
pub struct WrittenFlags {
    /// Characters to write
    #[arg(long, value_name = "N", value_parser = values::whole(1..=100_000_000))]
    pub length: usize,
    /// Text to go on with [default: none; the text starts as a new line does]
    #[arg(long, value_name = "TEXT", value_parser = values::text, allow_hyphen_values = true)]
    pub prime: Option<String>,
    /// Read this character in place of those of --prime that the model does not know
    #[arg(long, value_name = "CHAR", value_parser = values::character, requires = "prime")]
    pub replace: Option<char>,
    /// Stop a sample once it has written this
    #[arg(long, value_name = "TEXT", value_parser = values::text, allow_hyphen_values = true)]
    pub stop: Option<String>,
    /// Texts to write, in one batch
    #[arg(long, value_name = "N", value_parser = values::whole(1..=4096), default_value = "1")]
    pub samples: usize,
}

/// How characters are chosen.
#[derive(Args, Clone, Debug, PartialEq)]
pub struct ChoiceFlags {
    /// The likeliest character each time, or one drawn by its probability
    #[arg(long, value_name = "greedy|sample", default_value = "sample", hide_possible_values = true)]
    #[arg(value_parser = PossibleValuesParser::new(["greedy", "sample"]).map(strategy))]
    pub strategy: Sampling,
    /// Below 1 safer, above 1 wilder [default: 1]
    #[arg(long, value_name = "X", value_parser = temperature)]
    pub temperature: Option<f64>,
    /// Draw from the N likeliest characters, words or subwords alone
    #[arg(long, value_name = "N", value_parser = values::whole(1..=65_535))]
    pub top_k: Option<usize>,
    /// Draw from the fewest of them that have this much probability together
    #[arg(long, value_name = "X", value_parser = values::share)]
    pub top_p: Option<f64>,
    /// Seed; the same seed writes the same text
    #[arg(long, value_name = "N", value_parser = values::seed, default_value_t = DEFAULT_SEED)]
    pub seed: u64,
}

fn strategy(name: String) -> Sampling {
    if name == "greedy" { Sampling::greedy() } else { Sampling::default() }
}

fn temperature(text: &str) -> Result<f64, String> {
    values::positive(text).map_err(|expected| match text.parse() {
        Ok(0.0) => {
            "a temperature of 0 draws nothing; for the likeliest character each time, use `--strategy greedy`"
                .to_owned()
        }
        _ => expected,
    })
}

impl ChoiceFlags {
    /// How characters are chosen.
    ///
    /// # Errors
    /// Nothing is drawn, but an option says how.
    pub fn sampling(&self) -> Result<Sampling, WrongUsage> {
        let Self { strategy, temperature, top_k, top_p, .. } = *self;
        let said = [
            ("--temperature", temperature.is_some()),
            ("--top-k", top_k.is_some()),
            ("--top-p", top_p.is_some()),
        ];
        match said.into_iter().find(|(_, said)| *said && strategy == Sampling::Greedy) {
            Some((option, _)) => Err(WrongUsage::Contradiction(format!(
                "`{option}` has no meaning for `--strategy greedy`, which draws nothing"
            ))),
            None if strategy == Sampling::Greedy => Ok(strategy),
            None => Ok(Sampling::Sample { temperature: temperature.unwrap_or(1.0), top_k, top_p }),
        }
    }
}
