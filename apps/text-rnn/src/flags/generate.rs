//! The options of `generate`.

use std::path::PathBuf;

use clap::{Args, CommandFactory, ValueEnum, error::ErrorKind};
use recurrent_program::flags::{CommonFlags, DEFAULT_SEED, values};

use crate::strategy::Strategy;

/// The options of `generate`.
#[derive(Args, Clone, Debug, PartialEq)]
pub struct GenerateFlags {
    /// The run whose model writes.
    #[arg(long, value_name = "DIR", value_parser = values::folder(), help_heading = "Run")]
    #[arg(help = "Folder of the run")]
    pub run: PathBuf,
    /// Number of characters to write.
    #[arg(long, value_name = "N", value_parser = values::whole(1..=100_000_000), help_heading = "Text")]
    #[arg(help = "Characters to write")]
    pub length: usize,
    /// Text that is gone on with.
    #[arg(long, value_name = "TEXT", value_parser = values::text, help_heading = "Text")]
    #[arg(allow_hyphen_values = true)]
    #[arg(help = "Text to go on with [default: one character, chosen by the seed]")]
    pub prime: Option<String>,
    /// What stands for characters of the prime text that the model does not know.
    #[arg(long, value_name = "CHAR", value_parser = values::character, help_heading = "Text")]
    #[arg(requires = "prime")]
    #[arg(help = "Read this character in place of those of --prime that the model does not know")]
    pub replace: Option<char>,
    /// Text after which to stop.
    #[arg(long, value_name = "TEXT", value_parser = values::text, help_heading = "Text")]
    #[arg(allow_hyphen_values = true)]
    #[arg(help = "Stop a sample once it has written this")]
    pub stop: Option<String>,
    /// Number of texts.
    #[arg(long, value_name = "N", value_parser = values::whole(1..=4096), help_heading = "Text")]
    #[arg(help = "Texts to write, in one batch", default_value = "1")]
    pub samples: usize,
    /// How characters are chosen.
    #[arg(long, value_name = "greedy|sample", value_enum, default_value_t, hide_possible_values = true)]
    #[arg(help = "The likeliest character each time, or one drawn by its probability")]
    #[arg(help_heading = "Choice")]
    pub strategy: Rule,
    /// What the logits are divided by.
    #[arg(long, value_name = "X", value_parser = values::positive, help_heading = "Choice")]
    #[arg(help = "Below 1 safer, above 1 wilder [default: 1]")]
    pub temperature: Option<f64>,
    /// How many characters are drawn from.
    #[arg(long, value_name = "N", value_parser = values::whole(1..=65_535), help_heading = "Choice")]
    #[arg(help = "Draw from the N likeliest characters alone")]
    pub top_k: Option<usize>,
    /// How much probability is drawn from.
    #[arg(long, value_name = "X", value_parser = values::share, help_heading = "Choice")]
    #[arg(help = "Draw from the fewest characters that have this much probability together")]
    pub top_p: Option<f64>,
    /// Seed of what is drawn.
    #[arg(long, value_name = "N", value_parser = values::seed, default_value_t = DEFAULT_SEED)]
    #[arg(help = "Seed; the same seed writes the same text", help_heading = "Choice")]
    pub seed: u64,
    /// What every word takes.
    #[command(flatten)]
    pub common: CommonFlags,
}

/// How characters are chosen, by name.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum Rule {
    /// The likeliest one.
    Greedy,
    /// One drawn by its probability.
    #[default]
    Sample,
}

impl GenerateFlags {
    /// Refuses options that would do nothing.
    ///
    /// # Errors
    /// Nothing is drawn, but an option says how.
    pub fn check(&self) -> Result<(), clap::Error> {
        let said = [
            ("--temperature", self.temperature.is_some()),
            ("--top-k", self.top_k.is_some()),
            ("--top-p", self.top_p.is_some()),
        ];
        match said.into_iter().find(|(_, said)| *said) {
            Some((option, _)) if self.strategy == Rule::Greedy => {
                let message =
                    format!("`{option}` has no meaning for `--strategy greedy`, which draws nothing");
                Err(super::Flags::command().error(ErrorKind::ArgumentConflict, message))
            }
            _ => Ok(()),
        }
    }

    /// How characters are chosen.
    pub fn chosen(&self) -> Strategy {
        match self.strategy {
            Rule::Greedy => Strategy::Greedy,
            Rule::Sample => Strategy::Sample {
                temperature: self.temperature.unwrap_or(1.0),
                top_k: self.top_k,
                top_p: self.top_p,
            },
        }
    }
}
