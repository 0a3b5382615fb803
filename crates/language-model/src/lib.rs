#![doc = include_str!("../README.md")]

mod batches;
mod by_character;
mod dynamic;
mod error;
mod export;
mod foreign;
mod generation;
pub mod gradients;
mod inherit;
mod judged;
mod model;
mod network;
mod network_settings;
mod page;
mod prediction;
mod prime;
mod running;
mod samples;
mod sampling;
mod saved;
mod score;
mod scoring;
#[cfg(feature = "serve")]
mod serving;
mod settings;
mod text_facts;
mod texts;
mod writing;

pub use batches::{BatchSettings, Feed, TextBatches};
pub use by_character::{character_lines, surprise_page};
pub use dynamic::Adapting;
pub use error::Error;
pub use foreign::{Foreign, ForeignFault};
pub use generation::Generation;
pub use judged::{Judged, NothingPredicted, Part, SplitFault, parts};
pub use model::LanguageModel;
pub use network::{Batch, Carried, Network, States, surprise};
pub use network_settings::{CellKind, LossKind, NetworkSettings, Reading};
pub use prediction::{Prediction, loss_chart};
pub use prime::Prime;
pub use running::{Added, RunningTexts, TextKey};
pub use samples::{Moment, SampleSettings, samples_section};
pub use sampling::{Sampling, SamplingFault};
pub use score::{CharacterScore, Score, spread};
pub use scoring::{mean_surprise, surprises};
#[cfg(feature = "serve")]
pub use serving::Writer;
pub use settings::Settings;
pub use text_facts::{TextFacts, TokenFacts, told};
pub use texts::{Sample, Texts};
pub use writing::{Opening, Writing, sample_text};

pub use recurrent_backend::Seed;
