//! A forecaster for other frameworks: as a graph of ONNX, prices in and a price out, or as weights for PyTorch and Keras.

mod example;
mod graph;

pub(crate) use graph::graph;

use recurrent_exchange::{Exported, Form, StateDict};
use serde_json::json;

use crate::error::Error;
use crate::forecaster::Forecaster;

impl Forecaster {
    /// The forecaster as another framework takes it.
    ///
    /// | metadata | |
    /// |---|---|
    /// | `columns` | a JSON list of what each feature is, the column that is forecast first |
    /// | `volumes` | for each of them, whether it is a volume |
    /// | `window` | the steps of a window |
    /// | `reads` | what goes in and comes out |
    /// | `settings` | the [`Settings`](crate::Settings), as JSON |
    ///
    /// In ONNX the input `prices` is `[batch, window, columns]` of 64-bit floats, prices and volumes as a table has them, the oldest step
    /// first; the output `price`, `[batch]`, is the next one. PyTorch and Keras have the weights `rnn` and `head` alone.
    ///
    /// # Errors
    /// The framework does not have what the network's layers are: PyTorch has no GRU that resets before the product. Or the network
    /// reads what is known of days to come, which no other framework has.
    pub fn export(&self, form: Form) -> Result<Exported, Error> {
        if !self.settings().windows.known.is_empty() {
            return Err(Error::KnownInputs);
        }
        let (about, example) = (self.about(), example::example(self, form));
        let (layers, head) = (self.network().exchanged_layers(), self.network().exchanged_head());
        let weights = |mut weights: StateDict, rnn: &str| {
            weights.layers(rnn, &layers)?;
            weights.linear("head", &head);
            Ok::<_, Error>(weights)
        };
        let names: Vec<_> = (0..layers.layers.len()).map(|place| format!("rnn_{place}")).collect();
        Ok(match form {
            Form::Onnx => Exported::onnx(graph(self)?, about, example),
            Form::PyTorch => Exported::weights(weights(StateDict::pytorch(), "rnn")?, about, example),
            Form::Keras => Exported::weights(weights(StateDict::keras(), &names.join(","))?, about, example),
        })
    }

    /// What the file says, by key.
    fn about(&self) -> [(&'static str, String); 6] {
        let settings = self.settings();
        let reads = "The prices of a window, as a table has them, the oldest step first; the next price comes out. Prices are divided by \
                     the last one of the column that is forecast, volumes by their mean over the window, or by 1 where all are 0.";
        [
            ("task", "price forecaster".to_owned()),
            ("columns", json!(settings.windows.columns()).to_string()),
            ("volumes", json!(settings.windows.volumes()).to_string()),
            ("window", settings.windows.window.to_string()),
            ("reads", reads.to_owned()),
            ("settings", json!(settings).to_string()),
        ]
    }
}
