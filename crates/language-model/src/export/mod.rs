//! A model for other frameworks: as a graph of ONNX, or as weights for PyTorch and Keras, with all that using it takes in the
//! file's metadata.

mod example;
mod graph;
mod weights;

pub(crate) use graph::graph;

use recurrent_exchange::{Exported, Form, Layers, Linear, States};
use serde_json::json;

use crate::error::Error;
use crate::model::LanguageModel;
use crate::network::numbers;

impl LanguageModel {
    /// The model as another framework takes it.
    ///
    /// | metadata | |
    /// |---|---|
    /// | `tokens` | a JSON list of the tokens' texts, by id |
    /// | `reads` | what `tokens`, the states and `logits` are |
    /// | `settings` | the [`Settings`](crate::Settings), as JSON |
    ///
    /// In ONNX the input `tokens` is `[batch, time]` of 64 bits, the output `logits` `[batch, time, tokens]`; the states `h_0` and, of an
    /// LSTM, `c_0`, which may be left out, and `h_n` and `c_n` are `[layers, batch, units]`.
    ///
    /// # Errors
    /// The framework does not have what the network's layers are: layer normalisation, zoneout, or, PyTorch, a GRU that resets before
    /// the product.
    pub fn export(&self, form: Form) -> Result<Exported, Error> {
        let example = example::example(self, form);
        let about = self.about();
        Ok(match form {
            Form::Onnx => Exported::onnx(graph(self, States::InAndOut)?, about, example),
            Form::PyTorch => Exported::weights(weights::pytorch(self)?, about, example),
            Form::Keras => Exported::weights(weights::keras(self)?, about, example),
        })
    }

    /// What the file says, by key.
    fn about(&self) -> [(&'static str, String); 4] {
        let (settings, vocabulary) = (self.settings(), self.vocabulary());
        let reads = format!(
            "Tokens are read one after the other, by their places in `tokens`; logits score the next token. States go on from one \
             stretch of a text to the next; without them a text begins. A text is to be read as the model's own: {}, line ends as \
             \\n.",
            if settings.read.case == recurrent_data::text::Case::Lower {
                "in small letters"
            } else {
                "letters as they are"
            }
        );
        let mut settings = json!(settings);
        // It would stand there twice.
        if let Some(settings) = settings.as_object_mut() {
            settings.remove("vocabulary");
        }
        [
            ("task", "language model".to_owned()),
            ("tokens", json!(vocabulary.texts().collect::<Vec<_>>()).to_string()),
            ("reads", reads),
            ("settings", settings.to_string()),
        ]
    }

    fn layers(&self) -> Layers {
        Layers::from(&self.network().layers)
    }

    /// The dense layer that scores the next token.
    fn head(&self) -> Linear {
        let network = self.network();
        Linear::new(
            self.settings().network.hidden,
            numbers(network.kernel.val()),
            numbers(network.bias.val()),
        )
    }
}
