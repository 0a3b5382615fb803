//! From options to settings: the preset that they name, with what they say in its settings' places.

use recurrent_classifier::{ModelSettings, Partner, Pool};
use recurrent_data::reviews::{Coding, CodingFault, LabelsAs, ReadSpec, Tokens};
use recurrent_program::{Failure, Origin, RunSettings, Source, WrongUsage, flags::set, refuse_meaningless};

use super::{ColumnFlags, DataFlags, MeaningFlags, ModelFlags, PretrainingFlags, TrainFlags};
use crate::settings::Settings;

impl TrainFlags {
    /// The settings of a new run.
    ///
    /// # Errors
    /// No word is left between the limits of the coding, or an option changes nothing beside the others.
    pub fn settings(&self, source: Source) -> Result<Settings, Failure> {
        let demo = source == Source::Demo;
        let taught = self.model.teacher_epochs.is_some_and(|epochs| epochs > 0);
        refuse(
            "the demo reviews all have a label; fetch real ones with `cargo xtask fetch-data --only reviews`",
            [("--unlabelled", demo && self.pretraining.unlabelled), ("--teacher-epochs", demo && taught)],
        )?;
        let origin = Origin::new(self.common.backend, source);
        let mut settings = Settings::preset(self.preset.unwrap_or_default(), origin);
        if self.pretraining.unlabelled {
            settings.read_unlabelled();
        }
        if let Some(path) = &self.init_from {
            // What is learnt before the labels would take the place of what it begins with.
            settings.pretraining.epochs = 0;
            settings.init_from = Some(std::path::absolute(path)?);
            settings.init_vocabulary = self.init_vocabulary.as_ref().map(std::path::absolute).transpose()?;
        }
        let mut read = settings.read();
        self.columns.name(&mut read, &settings.origin.source)?;
        (settings.columns, settings.encoding) = (read.columns, read.encoding);
        self.meaning.apply(&mut settings)?;
        self.data.apply(&mut settings)?;
        self.model.apply(&mut settings.model);
        self.pretraining.apply(&mut settings)?;
        set(&mut settings.teacher_epochs, self.model.teacher_epochs);
        set(&mut settings.stacking, self.model.stacking);
        let none_held_out = settings.validation_fraction == 0.0;
        refuse(
            "no training reviews are held out to weigh the network against NB-SVM; use a larger `--validation-fraction`, or \
             `--stacking none`",
            [("--stacking", settings.stacking == Partner::NbSvm && none_held_out)],
        )?;
        settings.common().override_by(&self.training, &self.updates)?;
        Ok(settings)
    }

    /// Refuses columns where a run is gone on with: clap cannot, since `evaluate` has the same options and no run to go on
    /// with.
    ///
    /// # Errors
    /// A column is named.
    pub fn refuse_columns(&self) -> Result<(), WrongUsage> {
        let ColumnFlags { text_column, label_column, encoding } = &self.columns;
        let given = [
            ("text-column", text_column.is_some()),
            ("label-column", label_column.is_some()),
            ("encoding", encoding.is_some()),
        ];
        match given.into_iter().find(|(_, given)| *given) {
            Some((option, _)) => Err(WrongUsage::Contradiction(format!(
                "the argument '--resume <DIR>' cannot be used with '--{option} <NAME>', which the run has already"
            ))),
            None => Ok(()),
        }
    }
}

impl ColumnFlags {
    /// Puts the names that were given in the columns' places.
    ///
    /// # Errors
    /// A name was given beside generated reviews, which stand in no table.
    pub fn name(&self, read: &mut ReadSpec, source: &Source) -> Result<(), WrongUsage> {
        let demo = *source == Source::Demo;
        refuse(
            "the demo reviews are not in a table",
            [
                ("--text-column", demo && self.text_column.is_some()),
                ("--label-column", demo && self.label_column.is_some()),
                ("--encoding", demo && self.encoding.is_some()),
            ],
        )?;
        set(&mut read.columns.text, self.text_column.clone().map(Some));
        set(&mut read.columns.label, self.label_column.clone().map(Some));
        set(&mut read.encoding, self.encoding.map(Some));
        Ok(())
    }
}

impl MeaningFlags {
    fn apply(&self, settings: &mut Settings) -> Result<(), WrongUsage> {
        let demo = settings.origin.source == Source::Demo;
        refuse(
            "the demo reviews are of two classes, which their makers know",
            [("--labels", demo && self.labels.is_some()), ("--positive", demo && self.positive.is_some())],
        )?;
        set(&mut settings.labels, self.positive.clone().map(LabelsAs::Positive).or(self.labels.clone()));
        // Which words a language has is for the texts to say.
        settings.tokens = self.tokens.filter(|tokens| *tokens == Tokens::Characters);
        Ok(())
    }
}

impl DataFlags {
    fn apply(&self, settings: &mut Settings) -> Result<(), CodingFault> {
        let limit = |asked: Option<usize>, preset: u32| {
            asked.map_or(preset, |asked| u32::try_from(asked).unwrap_or(u32::MAX))
        };
        let (num_words, skip_top) = (settings.coding.num_words(), settings.coding.skip_top());
        settings.coding = Coding::new(limit(self.num_words, num_words), limit(self.skip_top, skip_top))?;
        set(&mut settings.reading.length, self.length);
        set(&mut settings.reading.padding, self.padding);
        set(&mut settings.reading.truncating, self.truncating);
        set(&mut settings.reading.masking, self.masking);
        set(&mut settings.bucket, self.bucket);
        set(&mut settings.validation_fraction, self.validation_fraction);
        set(&mut settings.test_fraction, self.test_fraction);
        Ok(())
    }
}

impl ModelFlags {
    fn apply(&self, model: &mut ModelSettings) {
        set(&mut model.embedding, self.embedding);
        set(&mut model.cell, self.cell);
        set(&mut model.directions, self.directions);
        set(&mut model.hidden, self.hidden);
        set(&mut model.layers, self.layers);
        set(&mut model.pooling, self.pooling.as_deref().map(Pool::in_order));
        set(&mut model.word_dropout, self.word_dropout);
        set(&mut model.embedding_dropout, self.embedding_dropout);
        set(&mut model.input_dropout, self.input_dropout);
        set(&mut model.recurrent_dropout, self.recurrent_dropout);
        set(&mut model.weight_dropout, self.weight_dropout);
        set(&mut model.dropout, self.dropout);
        set(&mut model.members, self.members);
        set(&mut model.adversarial, self.adversarial);
    }
}

impl PretrainingFlags {
    fn apply(&self, settings: &mut Settings) -> Result<(), WrongUsage> {
        let pretraining = &mut settings.pretraining;
        set(&mut pretraining.epochs, self.pretrain_epochs);
        set(&mut pretraining.batch_size, self.pretrain_batch_size);
        set(&mut pretraining.learning_rate, self.pretrain_learning_rate);
        let none = pretraining.epochs == 0;
        refuse(
            "nothing is learnt before the labels; use `--pretrain-epochs`",
            [
                ("--unlabelled", none && self.unlabelled),
                ("--pretrain-batch-size", none && self.pretrain_batch_size.is_some()),
                ("--pretrain-learning-rate", none && self.pretrain_learning_rate.is_some()),
            ],
        )?;
        refuse(
            "of one index a review there is no word to predict; use a larger `--length`, or `--pretrain-epochs 0`",
            [("--pretrain-epochs", !none && settings.reading.length < 2)],
        )
    }
}

/// Refuses options that were given and would change nothing, all for one reason.
fn refuse<const N: usize>(reason: &str, given: [(&'static str, bool); N]) -> Result<(), WrongUsage> {
    refuse_meaningless(given.map(|(option, given)| (option, given, reason.to_owned())))
}
