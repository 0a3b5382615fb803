//! The presets: the chapter's settings, the best ones known, and what suits the demo reviews.

use recurrent_cells::GateMasks;
use recurrent_classifier::{ModelSettings, Partner, Pool, Pretraining, Reading};
use recurrent_data::reviews::{ClassNames, Coding, Columns, LabelsAs};
use recurrent_program::{Origin, Source, flags::ScheduleKind};
use recurrent_train::{Clip, Optimiser, TrainConfig, Watch, Watched};

use super::{Preset, Settings};

impl Settings {
    /// A preset as it is, as the demo reviews or others have it.
    pub fn preset(preset: Preset, origin: Origin) -> Self {
        let demo = origin.source == Source::Demo;
        match preset {
            Preset::Chapter => Self::chapter(origin),
            Preset::Best if demo => Self::demo(origin),
            Preset::Best => Self::best(origin),
        }
    }

    /// The chapter's, exactly; on demo reviews no word is left out, since `not` would be.
    fn chapter(origin: Origin) -> Self {
        let demo = origin.source == Source::Demo;
        let mut model = ModelSettings::new(128, 128);
        model.input_dropout = 0.2;
        model.recurrent_dropout = 0.2;
        // Keras draws a mask for each gate where the state has dropout.
        model.gate_masks = GateMasks::Untied;
        // Keras's default epsilon.
        let rule = Optimiser::KerasRmsProp { rho: 0.9, epsilon: 1e-7 };
        let mut train = TrainConfig::new(100, rule, 0.001);
        train.watch = Some(Watch::new(Watched::ValidationLoss).with_patience(10));
        Self {
            preset: Preset::Chapter,
            origin,
            columns: Columns::default(),
            labels: LabelsAs::Found,
            encoding: None,
            tokens: None,
            classes: ClassNames::binary(),
            coding: coding(5000, if demo { 0 } else { 10 }),
            reading: Reading::keras(200),
            bucket: 1,
            validation_fraction: 0.0,
            test_fraction: 0.2,
            vocabulary: None,
            init_from: None,
            init_vocabulary: None,
            pretraining: Pretraining::default(),
            teacher_epochs: 0,
            model,
            stacking: Partner::None,
            batch_size: 32,
            schedule: ScheduleKind::Constant,
            warmup: 0,
            train,
        }
    }

    /// More words, longer reviews, pooling over time, and the test reviews left alone.
    fn best(origin: Origin) -> Self {
        let mut settings = Self::chapter(origin);
        settings.preset = Preset::Best;
        settings.coding = coding(20_000, 0);
        settings.reading = Reading::masked(400);
        settings.bucket = 50;
        settings.validation_fraction = 0.05;
        settings.model = ModelSettings::new(128, 128);
        settings.model.pooling = vec![Pool::Max, Pool::Mean];
        settings.model.embedding_dropout = 0.5;
        settings.model.weight_dropout = 0.2;
        settings.model.dropout = 0.5;
        settings.model.members = 2;
        settings.model.adversarial = 0.01;
        settings.stacking = Partner::NbSvm;
        settings.pretraining.epochs = 4;
        settings.schedule = ScheduleKind::Cosine;
        settings.warmup = 100;
        settings.train = TrainConfig::new(5, Optimiser::adam(), 0.001);
        settings.train.clip = Clip::GlobalNorm(1.0);
        settings.train.watch = Some(Watch::new(Watched::ValidationLoss).with_patience(3));
        settings
    }

    /// With the reviews without a label `best` has three times as much to read, and learns more from it with more units.
    pub fn read_unlabelled(&mut self) {
        self.pretraining.unlabelled = true;
        if self.preset == Preset::Best && self.origin.source != Source::Demo {
            self.coding = coding(30_000, 0);
            self.model.hidden = 384;
            self.pretraining.epochs = 3;
            self.pretraining.batch_size = 32;
            self.train.epochs = 4;
        }
    }

    /// As small as the demo reviews allow: they have some 150 words, and order decides.
    fn demo(origin: Origin) -> Self {
        let mut settings = Self::best(origin);
        settings.coding = coding(1000, 0);
        settings.reading.length = 150;
        settings.model = ModelSettings::new(16, 16);
        settings.model.dropout = 0.1;
        settings.stacking = Partner::None;
        settings.pretraining.epochs = 0;
        settings.validation_fraction = 0.1;
        settings.train.epochs = 10;
        settings.train.learning_rate = 0.01;
        settings
    }
}

fn coding(num_words: u32, skip_top: u32) -> Coding {
    Coding::new(num_words, skip_top).expect("the limits of a preset leave words")
}
