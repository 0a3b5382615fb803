//! Named settings.

use recurrent_cells::Activation;
use recurrent_data::text::{Case, Mark, ReadSpec, TextFractions, Tokens};
use recurrent_language_model::{CellKind, Feed, LossKind, NetworkSettings, SampleSettings, Sampling};
use recurrent_program::{Origin, flags::ScheduleKind};
use recurrent_train::{Clip, Optimiser, TrainConfig, Watch, Watched};
use serde::{Deserialize, Serialize};

use crate::settings::Settings;

/// Named settings.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Preset {
    /// One LSTM layer: readable text soon.
    Small,
    /// The best settings known for ninety minutes.
    Best,
    /// The textbook chapter's vanilla network.
    ChapterVanilla,
    /// The textbook chapter's LSTM network.
    ChapterLstm,
}

impl Preset {
    /// Its settings for a text in such tokens.
    pub fn settings(self, origin: Origin, tokens: Tokens) -> Settings {
        let mut settings = match self {
            Self::ChapterVanilla => chapter(self, CellKind::Vanilla, origin),
            Self::ChapterLstm => chapter(self, CellKind::Lstm, origin),
            Self::Small => small(origin),
            Self::Best => best(origin),
        };
        settings.tokens = tokens;
        if tokens != Tokens::Characters {
            // About as many characters, a third of the steps: they are seen more often, and sooner known by heart.
            settings.window = settings.window * 32 / 100;
            if self == Self::Best {
                (settings.train.epochs, settings.model.dropout) = (32, 0.5);
            }
        }
        settings
    }
}

fn chapter(preset: Preset, cell: CellKind, origin: Origin) -> Settings {
    let (window, dropout, length) = match cell {
        CellKind::Vanilla => (100, 0.3, 200),
        _ => (160, 0.4, 500),
    };
    let mut train = TrainConfig::new(300, Optimiser::keras_rms_prop(), 0.001);
    train.watch = Some(Watch::new(Watched::TrainLoss).with_patience(50));
    Settings {
        preset,
        origin,
        read: ReadSpec { case: Case::Lower, ..ReadSpec::default() },
        fractions: TextFractions { validation: 0.0, test: 0.0 },
        init_from: None,
        init_vocabulary: None,
        tokens: Tokens::Characters,
        vocabulary_size: None,
        vocabulary: None,
        model: NetworkSettings {
            activation: Activation::Relu,
            dropout,
            loss: LossKind::Cut,
            ..NetworkSettings::new(cell, 800, 2)
        },
        feed: Feed::Windows,
        window,
        batch_size: 100,
        restarts: 0.0,
        samples: SampleSettings { every_epochs: 10, every_steps: 0, length, strategy: Sampling::greedy() },
        schedule: ScheduleKind::Constant,
        warmup: 0,
        train,
    }
}

/// Readable text within ten minutes on two cores.
fn small(origin: Origin) -> Settings {
    let mut settings = chapter(Preset::Small, CellKind::Lstm, origin);
    settings.read = ReadSpec { mark: Mark::Take, ..ReadSpec::default() };
    settings.fractions = TextFractions { validation: 0.02, test: 0.02 };
    let network = NetworkSettings::new(CellKind::Lstm, 384, 1);
    settings.model = NetworkSettings { activation: Activation::Relu, ..network };
    settings.feed = Feed::Streams;
    settings.window = 100;
    settings.batch_size = 32;
    // Without it a network hardly ever sees an empty state, and what it writes from one may be garbage.
    settings.restarts = 0.02;
    let strategy = Sampling::default().temperature(0.8);
    settings.samples = SampleSettings { every_epochs: 1, every_steps: 0, length: 300, strategy };
    settings.schedule = ScheduleKind::Cosine;
    settings.warmup = 100;
    settings.train = TrainConfig::new(4, Optimiser::adam(), 0.004);
    settings.train.clip = Clip::GlobalNorm(1.0);
    settings.train.watch = Some(Watch::new(Watched::ValidationLoss));
    settings
}

/// As good as an hour and a quarter on two cores allows; docs/benchmarks.md has what it gave.
fn best(origin: Origin) -> Settings {
    let mut settings = small(origin);
    settings.preset = Preset::Best;
    settings.fractions = TextFractions::default();
    settings.model.hidden = 640;
    settings.model.layers = 2;
    settings.model.dropout = 0.3;
    settings.model.weight_dropout = 0.2;
    settings.train.epochs = 20;
    settings.train.learning_rate = 0.002;
    settings
}
