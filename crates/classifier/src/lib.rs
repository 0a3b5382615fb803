#![doc = include_str!("../README.md")]

mod adversarial;
mod batches;
mod classifier;
mod ensemble;
mod error;
mod evaluation;
mod export;
mod foreign;
mod judge;
mod layers;
mod learn;
mod lesson;
pub mod limits;
mod network;
mod occlusion;
mod outputs;
mod page;
mod parts;
mod pieces;
mod plan;
mod pooling;
pub mod pretraining;
mod reading;
pub mod report;
mod saved;
mod scorer;
#[cfg(feature = "serve")]
mod serving;
mod settings;
mod stacking;
mod teacher;
mod tensors;
mod thresholds;
mod truth;
mod verdict;
mod vocabulary;
mod watcher;

pub use batches::{Batch, Examples, ReviewBatches};
pub use classifier::{Classifier, Said};
pub use ensemble::Ensemble;
pub use error::{Error, TextFault};
pub use evaluation::{Evaluation, Scope};
pub use foreign::{Foreign, ForeignFault};
pub use judge::{
    Alone, Answers, AnyLabels, Baseline, Baselines, Bin, Calibration, ClassFigures, InSteps, Judged,
    Judgement, LabelFigures, Metrics, Several, Standing, StepBaseline, StepBaselines, judge,
};
pub use layers::{CellKind, Directions};
pub use learn::{Before, Learnt, learn};
pub use lesson::Lesson;
pub use network::{Network, binary_cross_entropy, cross_entropy};
pub use occlusion::WordEffect;
pub use outputs::Outputs;
pub use parts::{Chosen, Counts, Part, Parting, PartsFault, Reviews};
pub use pieces::{Direction, pieces, strongest, strongest_text};
pub use plan::{Plan, Pretraining, Teacher};
pub use pooling::Pool;
pub use reading::{Masking, Reading};
pub use scorer::Scorer;
#[cfg(feature = "serve")]
pub use serving::Reader;
pub use settings::{ModelSettings, Partner, Settings};
pub use stacking::Stacking;
pub use teacher::TeacherFacts;
pub use truth::{LabelTable, Truth};
pub use verdict::{Explain, Passage, Verdict};
pub use vocabulary::Words;
pub use watcher::Watcher;
