//! Networks that begin with the weights of a review classifier that another framework trained: an embedding of words, LSTM or GRU
//! layers of one direction or both, and a dense layer.

use std::collections::BTreeMap;
use std::path::Path;

use burn::{
    module::{Module, Param},
    tensor::TensorData,
};
use recurrent_cells::{Direction, Merge};
use recurrent_data::reviews::{Coding, INDEX_FROM, UNKNOWN, Vocabulary};
use recurrent_exchange::{Embedding, ForeignFile, Layer, Layers, Linear, Told};
use recurrent_train::files::read_limited;

use crate::ensemble::Ensemble;
use crate::error::Error;
use crate::layers::{CellKind, Directions};
use crate::network::{Apart, Network};
use crate::settings::{ModelSettings, Settings};
use crate::tensors::matrix;

/// A million words take a fifth of this.
const MOST_BYTES: u64 = 128 << 20;

/// The parts of a review classifier of another framework.
#[derive(Clone, Debug)]
pub struct Foreign {
    embedding: Embedding,
    layers: Layers,
    /// What all layers are.
    kind: (CellKind, Directions),
    /// The dense layers that read what the last recurrent layer gives, with their names.
    heads: Vec<(String, Linear)>,
    /// The row of each word.
    rows: BTreeMap<String, usize>,
}

/// Why a file of another framework does not begin a classifier.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ForeignFault {
    /// Nothing says which word has which row.
    #[error(
        "does not say which rows of its embedding are of which words; give its index of words as JSON, such as {{\"the\": 1, \"and\": 2}}"
    )]
    NoIndex,
    /// The index of words is none.
    #[error(
        "holds no index of words: {0}; expected a JSON object of words and their places, such as Keras's imdb_word_index.json"
    )]
    Index(String),
    /// Its dense layer is of another shape.
    #[error("has {found}, but a network here gives {features} features to {outputs}")]
    Head {
        /// The dense layers, in words.
        found: String,
        /// What is made of the outputs over time.
        features: usize,
        /// The scores.
        outputs: usize,
    },
    /// It is a network of another kind.
    #[error("{0}")]
    Other(String),
}

impl Foreign {
    /// Reads a file of PyTorch, Keras or ONNX, whose parts are found by their kinds and shapes.
    ///
    /// Which word has which row, a file of JSON says: an object of words and their ranks from 1 on, as Keras's `get_word_index` gives it,
    /// where the rows are those of Keras's `load_data` (3 more), or of words and their rows. Without one, `index` in the metadata of
    /// a safetensors or ONNX file does, which [`Classifier::export`](crate::Classifier::export) writes.
    ///
    /// # Errors
    /// A file cannot be read, a part is missing, or the layers are no LSTM or GRU layers of one kind.
    pub fn read(path: &Path, index: Option<&Path>) -> Result<Self, Error> {
        let file = ForeignFile::open(path)?;
        let fault = |fault| Error::Foreign { file: path.to_owned(), fault };
        let rows = rows(path, &file, index)?;
        let layers = file.layers("", &Told::default())?;
        let kind = kind(&layers).map_err(fault)?;
        let names = file.dense();
        let embeddings = names.iter().filter_map(|name| file.embedding(name).ok());
        let fits = |embedding: &Embedding| embedding.features == layers.d_input() && embedding.vocabulary > 4;
        let embedding = embeddings.filter(fits).max_by_key(|embedding| embedding.vocabulary);
        let embedding = embedding.ok_or_else(|| {
            let features = layers.d_input();
            fault(ForeignFault::Other(format!(
                "has no embedding of {features} columns, which its first layer reads"
            )))
        })?;
        let heads = names.iter().filter_map(|name| Some((name.clone(), file.linear(name).ok()?)));
        let heads = heads.filter(|(_, linear)| linear.output < embedding.vocabulary).collect();
        Ok(Self { embedding, layers, kind, heads, rows })
    }

    /// Gives a network's settings the file's sizes, cell and directions.
    pub fn shape(&self, model: &mut ModelSettings) {
        model.embedding = self.embedding.features;
        (model.cell, model.directions) = self.kind;
        model.hidden = self.layers.layers[0].config.d_hidden;
        model.layers = self.layers.layers.len();
    }

    /// What was found, in words.
    pub fn found(&self) -> String {
        let layers: Vec<_> = self.layers.layers.iter().map(|layer| format!("`{layer}`")).collect();
        let Embedding { vocabulary, features, .. } = self.embedding;
        format!("embedding of {vocabulary} words and {features} features, {}", layers.join(", "))
    }

    /// Networks of settings of its [`shape`](Self::shape) that begin with its weights; words of the vocabulary that it does not know begin as any
    /// unknown word.
    ///
    /// # Errors
    /// Its dense layer does not read what the network gives, or scores something else.
    ///
    /// # Panics
    /// The settings are of another shape.
    pub fn begin(
        &self,
        networks: Ensemble,
        settings: &Settings,
        vocabulary: &Vocabulary,
    ) -> Result<Ensemble, ForeignFault> {
        let features = settings.model.features();
        let outputs = networks.outputs().width();
        let fitting = self.heads.iter().find(|(_, head)| (head.input, head.output) == (features, outputs));
        let (_, head) = fitting.ok_or_else(|| {
            let shown = self
                .heads
                .iter()
                .map(|(name, head)| format!("`{name}` from {} features to {}", head.input, head.output));
            let shown: Vec<_> = shown.collect();
            let found = if shown.is_empty() { "no dense layer".to_owned() } else { shown.join(" and ") };
            ForeignFault::Head { found, features, outputs }
        })?;
        let words = self.words(settings.coding, vocabulary);
        let members = networks.members.into_iter().map(|member| self.put_into(member, &words, head));
        Ok(Ensemble { members: members.collect() })
    }

    fn put_into(&self, mut network: Network, words: &[f32], head: &Linear) -> Network {
        let device = network.device();
        let layers = network.layers.layers.iter_mut().zip(&self.layers.layers);
        for (own, layer) in layers {
            let weights = layer.weights_with_bias();
            for (own, weights) in own.directions_mut().into_iter().zip(&weights) {
                *own = own.config().init_with(weights, &device);
            }
        }
        network.embedding = matrix(words.to_vec(), words.len() / self.embedding.features, &device);
        network.kernel = matrix(head.weight.clone(), head.input, &device);
        let bias = if head.bias.is_empty() { vec![0.0; head.output] } else { head.bias.clone() };
        network.bias = Param::from_data(TensorData::new(bias, [head.output]), &device);
        network.map(&mut Apart)
    }

    /// The vectors of the words that a coding has an index for, from those of the file.
    fn words(&self, coding: Coding, vocabulary: &Vocabulary) -> Vec<f32> {
        let features = self.embedding.features;
        let row = |index: u32| {
            let own = (index <= INDEX_FROM).then_some(index as usize);
            let word = coding.rank(index).and_then(|rank| vocabulary.word(rank));
            let theirs = word.and_then(|word| self.rows.get(word).copied());
            let row =
                own.or(theirs).filter(|row| *row < self.embedding.vocabulary).unwrap_or(UNKNOWN as usize);
            &self.embedding.vectors[row * features..][..features]
        };
        (0..coding.num_words()).flat_map(row).copied().collect()
    }
}

/// What all layers are, where they are such that a classifier here has: LSTM or GRU layers in one direction, or in both and side by side,
/// of as many units each.
fn kind(layers: &Layers) -> Result<(CellKind, Directions), ForeignFault> {
    let of = |layer: &Layer| {
        let config = &layer.config;
        let directions = match (layer.merge, config.direction) {
            (Some(Merge::Concat), _) => Directions::Both,
            (None, Direction::Forward) => Directions::Forward,
            _ => return None,
        };
        let is_plain = config.projection.is_none() && !config.peepholes;
        is_plain.then_some((CellKind::of(config.cell)?, directions, config.d_hidden))
    };
    let first = of(&layers.layers[0]);
    match (first, layers.layers.iter().find(|layer| of(layer) != first || first.is_none())) {
        (Some((cell, directions, _)), None) => Ok((cell, directions)),
        (_, other) => Err(ForeignFault::Other(format!(
            "has `{}`, but the classifier is of LSTM layers, or of GRU layers that reset after the product, which all read forward, or all in \
             both directions side by side, and have as many units each",
            other.unwrap_or(&layers.layers[0])
        ))),
    }
}

/// The row of each word.
fn rows(path: &Path, file: &ForeignFile, index: Option<&Path>) -> Result<BTreeMap<String, usize>, Error> {
    let of = |path: &Path, text: &str| {
        let fault =
            |problem: String| Error::Foreign { file: path.to_owned(), fault: ForeignFault::Index(problem) };
        let found: BTreeMap<String, usize> =
            serde_json::from_str(text).map_err(|error| fault(error.to_string()))?;
        match found.values().min() {
            Some(1) => Ok(found.into_iter().map(|(word, rank)| (word, rank + INDEX_FROM as usize)).collect()),
            Some(least) if *least > INDEX_FROM as usize => Ok(found),
            least => Err(fault(format!(
                "its least place is {least:?}, expected 1, or {} and more",
                INDEX_FROM + 1
            ))),
        }
    };
    match (index, file.metadata().get("index")) {
        (Some(index), _) => of(index, &String::from_utf8_lossy(&read_limited(index, MOST_BYTES)?)),
        (None, Some(said)) => of(path, said),
        (None, None) => Err(Error::Foreign { file: path.to_owned(), fault: ForeignFault::NoIndex }),
    }
}

#[cfg(test)]
mod tests {
    use recurrent_backend::{BackendKind, Seed};
    use recurrent_exchange::Form;

    use super::*;
    use crate::classifier::Classifier;
    use crate::tensors::numbers;

    fn demo() -> Classifier {
        Classifier::load(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/runs/demo")).unwrap()
    }

    #[test]
    fn what_was_exported_begins_another_that_says_the_same() {
        let (model, folder) = (demo(), tempfile::tempdir().unwrap());
        let mut settings = model.settings().clone();
        for (form, file) in [(Form::Onnx, "a.onnx"), (Form::PyTorch, "a.safetensors")] {
            let path = folder.path().join(file);
            // One network alone has names that are found without being told.
            let one = Ensemble { members: model.network().members[..1].to_vec() };
            settings.model.members = 1;
            let alone =
                Classifier::new(settings.clone(), model.vocabulary(), crate::Scorer::alone(one.clone()));
            alone.export(form).unwrap().write(&path).unwrap();
            let foreign = Foreign::read(&path, None).unwrap();
            let mut shape = ModelSettings { members: 2, ..settings.model.clone() };
            foreign.shape(&mut shape);
            let wanted = Settings { model: shape, ..settings.clone() };
            let device = BackendKind::Flex.open().unwrap().autodiff();
            let networks = Ensemble::new(&wanted, Seed(9), &device);
            let begun = foreign.begin(networks, &wanted, model.vocabulary()).unwrap().valid();
            let texts: Vec<Vec<u32>> =
                (0..9).map(|i| (0..12).map(|j| 1 + (i * 5 + j * 7) % 40).collect()).collect();
            let rows: Vec<&[u32]> = texts.iter().map(Vec::as_slice).collect();
            for (found, expected) in begun.scores(&rows).iter().zip(one.scores(&rows)) {
                assert!((found - expected).abs() < 1e-5, "{file}: {found}, not {expected}");
            }
            let known = numbers(begun.members[1].embedding.val());
            assert_eq!(known.len() as u32, settings.coding.num_words() * 8);
        }
    }
}
