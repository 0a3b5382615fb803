#![doc = include_str!("../README.md")]

mod config;
mod error;
pub mod files;
mod model;
mod observe;
mod optimise;
mod ranks;
mod run;
mod sealed;
mod training;
mod weights;

pub use config::schedule::Schedule;
pub use config::stopping::{Goal, Watch, Watched};
pub use config::{Every, TrainConfig};
pub use error::{Error, FolderProblem};
pub use model::ahead::{Ahead, fetch_ahead};
pub use model::batches::{Batches, Shard, ShuffledOrder};
pub use model::{Figures, Loss, Model, Pass, mean_loss};
pub use observe::interval::Interval;
pub use observe::metrics::{Metrics, MetricsFile};
#[cfg(feature = "progress")]
pub use observe::progress::{Progress, ProgressBar, Screen};
#[cfg(feature = "tensorboard")]
pub use observe::tensorboard::{TensorBoard, board::Board};
pub use observe::{End, EpochRecord, Observer, Start, StepRecord, StepTensors, Stopped};
pub use optimise::clip::Clip;
pub use optimise::{Optimisation, Optimiser};
pub use ranks::Ranks;
pub use ranks::group::{Group, Traffic};
pub use run::RunFolder;
pub use run::range::{OutOfRange, Unfit, check_between, check_fraction, check_range};
pub use run::settings::Setting;
pub use training::interrupt::Interrupt;
pub use training::{Outcome, Training};
pub use weights::model_file::ModelFile;
pub use weights::{Description, describe_model, load_model, save_model};

pub use recurrent_backend::{Carry, NamedTensors};
pub use recurrent_seed::{Seed, shuffled_order};
