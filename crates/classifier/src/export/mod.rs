//! A classifier for other frameworks: as a graph of ONNX that computes all of it, from the indices of words to probabilities, or
//! as the network's weights for PyTorch and Keras.

mod cut;
mod example;
mod graph;
mod weights;

pub(crate) use graph::graph;

use recurrent_data::reviews::{INDEX_FROM, SEPARATORS, START, Tokens, UNKNOWN};
use recurrent_exchange::{Embedding, Exported, Form, Layers, Linear};
use serde_json::{Value, json};

use crate::classifier::Classifier;
use crate::error::Error;
use crate::network::Network;
use crate::reading::Masking;
use crate::tensors::numbers;

impl Classifier {
    /// The classifier as another framework takes it.
    ///
    /// | metadata | |
    /// |---|---|
    /// | `index` | a JSON object: the index of each word that has one |
    /// | `classes` | a JSON list of the classes or labels, in the order of their probabilities |
    /// | `thresholds` | of labels: the logit above which each is said |
    /// | `separators` | the characters that part words, besides white space |
    /// | `reads` | how a text becomes indices, and what comes out |
    /// | `probability` | whose probability it is: that of the program, or of the network alone |
    /// | `settings` | the [`Settings`](crate::Settings), as JSON |
    ///
    /// In ONNX the input `tokens`, `[batch, time]` of 64 bits, has whole texts, filled up at the back with 0; they are cut and padded as in training by the
    /// graph. The outputs are `logits`, `[batch, scores]`, and `probabilities`, `[batch, classes]`. NB-SVM, where it stands beside the
    /// networks, is part of the graph. Weights for PyTorch and Keras are those of the networks alone.
    ///
    /// # Errors
    /// A framework does not have what the layers are; none lacks what this crate makes.
    pub fn export(&self, form: Form) -> Result<Exported, Error> {
        let (about, example) = (self.about(form), example::example(self, form));
        Ok(match form {
            Form::Onnx => Exported::onnx(graph(self)?, about, example),
            Form::PyTorch => Exported::weights(weights::pytorch(self.network())?, about, example),
            Form::Keras => Exported::weights(weights::keras(self.network())?, about, example),
        })
    }

    /// Whose probability comes out of the file, in a sentence.
    pub fn exported_probability(&self, form: Form) -> &'static str {
        match (form, &self.scorer().stacking) {
            (Form::Onnx, Some(_)) => {
                "The probability is the program's: that of the network and NB-SVM together; both are part of the graph."
            }
            (_, Some(_)) => {
                "The probability is that of the network alone, not the program's, which weighs NB-SVM beside it; ONNX has both."
            }
            (_, None) => "The probability is the program's.",
        }
    }

    /// What the file says, by key.
    fn about(&self, form: Form) -> Vec<(&'static str, String)> {
        let settings = self.settings();
        let mut about = vec![
            ("task", "text classifier".to_owned()),
            ("index", self.index().to_string()),
            ("classes", json!(settings.classes.names()).to_string()),
            ("reads", self.reads(form)),
            ("probability", self.exported_probability(form).to_owned()),
            ("settings", json!(settings).to_string()),
        ];
        if self.vocabulary().tokens() == Tokens::Words {
            about.push(("separators", SEPARATORS.to_owned()));
        }
        if !self.scorer().thresholds.is_empty() {
            about.push(("thresholds", json!(self.scorer().thresholds).to_string()));
        }
        about
    }

    /// The index of each word that has one, as an object of JSON.
    pub(crate) fn index(&self) -> Value {
        let (coding, words) = (self.settings().coding, self.vocabulary().words());
        let indices = words.zip(1..).map(|(word, rank)| (word.to_owned(), coding.index(rank)));
        indices.filter(|(_, index)| *index != UNKNOWN).map(|(word, index)| (word, json!(index))).collect()
    }

    /// How a text becomes indices.
    fn reads(&self, form: Form) -> String {
        let reading = self.network().reading();
        let words = match self.vocabulary().tokens() {
            Tokens::Words => {
                "`<br />` becomes a space, the text small letters, each of `separators` a space; what white space parts is a word"
            }
            Tokens::Segments => {
                "the text becomes small letters; its words are those of Unicode's text segmentation (UAX #29)"
            }
            Tokens::Characters => {
                "the text becomes small letters; its words are its characters (grapheme clusters) but for white space"
            }
        };
        let shape = match (form, reading.masking) {
            (Form::Onnx, _) => "Whole texts are read, filled up at the back with 0.".to_owned(),
            (_, Masking::Padding) => {
                format!(
                    "At most {} are kept ({reading}); texts are filled up at the back with 0, which is passed over.",
                    reading.length
                )
            }
            (_, Masking::None) => {
                format!("Texts are made {} long with 0 ({reading}), which is read.", reading.length)
            }
        };
        format!(
            "A text is {START}, then for each word its `index`, or {UNKNOWN} where it has none; indices begin at {}. Words: {words}. {shape}",
            INDEX_FROM + 1
        )
    }
}

impl Network {
    fn exchanged_embedding(&self) -> Embedding {
        let [words, _] = self.embedding.val().dims();
        Embedding::new(words, numbers(self.embedding.val()))
    }

    fn exchanged_layers(&self) -> Layers {
        Layers::from(&self.layers)
    }

    fn exchanged_head(&self) -> Linear {
        let [features, _] = self.kernel.val().dims();
        Linear::new(features, numbers(self.kernel.val()), numbers(self.bias.val()))
    }
}
