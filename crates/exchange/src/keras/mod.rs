//! Keras's models: their layers by name, from the configuration where the file has one, else from the shapes of the
//! weights.
//!
//! Weights are those of `read/`, by the names `LAYER/kernel`, `LAYER/forward/recurrent_kernel` and so on in files of
//! every version.

mod cell;
mod chain;
mod config;

use serde_json::Value;

pub(crate) use config::layers_of;

use crate::{
    dense::{Embedding, Linear},
    error::{Problem, in_words},
    layer::Layer,
    names,
    stored::{Tensors, finite, of_name, weights},
    told::Told,
};

/// A model, or what the groups of its weights tell of one.
#[derive(Debug)]
pub(crate) struct Model {
    /// In the order in which they are computed; in that of their names without a configuration.
    pub(crate) layers: Vec<Described>,
    /// Whether there is a configuration.
    pub(crate) is_described: bool,
    /// `hard_sigmoid` was another function before Keras 3.
    pub(crate) is_keras_3: bool,
}

/// A layer as the file describes it.
#[derive(Clone, Debug)]
pub(crate) struct Described {
    pub(crate) name: String,
    /// `LSTM`; of weights alone the name of their group, `lstm_1`.
    pub(crate) class: String,
    /// Null for weights alone.
    pub(crate) config: Value,
    /// The layers that it reads, where the file says so.
    pub(crate) reads: Option<Vec<String>>,
    /// Whether it is a layer of a model within the model.
    pub(crate) is_within: bool,
}

impl Model {
    /// The names of the recurrent layers.
    pub(crate) fn recurrent(&self) -> Vec<String> {
        let recurrent = self.layers.iter().filter(|layer| self.is_recurrent(layer));
        recurrent.map(|layer| layer.name.clone()).collect()
    }

    /// One recurrent layer, several with commas between, or all of them.
    pub(crate) fn layers(&self, tensors: &Tensors, name: &str, told: &Told) -> Result<Vec<Layer>, Problem> {
        let recurrent = self.recurrent();
        if recurrent.is_empty() {
            let found = self.layers.iter().map(|layer| format!("{} ({})", layer.name, layer.class)).collect();
            return Err(Problem::Missing { kind: "recurrent layer", name: name.to_owned(), found });
        }
        let chosen: Vec<&Described> = match name {
            "" => self.chain()?,
            _ => {
                let one = |part: &str| names::one(&recurrent, part.trim(), '/', "recurrent layer");
                let places: Result<Vec<_>, _> = name.split(',').map(one).collect();
                places?.into_iter().map(|place| self.of_name(&recurrent[place])).collect()
            }
        };
        let mut layers = Vec::with_capacity(chosen.len());
        for layer in chosen {
            layers.push(cell::layer(layer, tensors, self, told)?);
        }
        Ok(layers)
    }

    /// The layers that have a matrix and are not recurrent.
    pub(crate) fn dense(&self, tensors: &Tensors) -> Vec<String> {
        let is_there =
            |layer: &Described, variable: &str| tensors.contains_key(&format!("{}/{variable}", layer.name));
        let has_one = |layer: &&Described| is_there(layer, "kernel") || is_there(layer, "embeddings");
        let dense = self.layers.iter().filter(has_one).filter(|layer| !self.is_recurrent(layer));
        dense.map(|layer| layer.name.clone()).collect()
    }

    /// Vectors of tokens.
    pub(crate) fn embedding(&self, tensors: &Tensors, name: &str) -> Result<Embedding, Problem> {
        let (layer, full) = self.with_variable(tensors, name, "embeddings", "embedding")?;
        let stored = of_name(tensors, &full)?;
        let &[vocabulary, features] = &stored.shape[..] else {
            let problem = format!("`{full}` has {}, expected a row for each token", in_words(&stored.shape));
            return Err(Problem::Invalid(problem));
        };
        if vocabulary == 0 || features == 0 {
            return Err(Problem::Invalid(format!("`{full}` has {}, expected some", in_words(&stored.shape))));
        }
        let mut embedding = Embedding::new(vocabulary, finite(stored, &full)?);
        embedding.masks_zero = layer.config["mask_zero"] == Value::Bool(true);
        Ok(embedding)
    }

    /// A `Dense` layer, also within `TimeDistributed`.
    pub(crate) fn linear(&self, tensors: &Tensors, name: &str) -> Result<Linear, Problem> {
        let (layer, full) = self.with_variable(tensors, name, "kernel", "dense layer")?;
        let stored = of_name(tensors, &full)?;
        let &[input, output] = &stored.shape[..] else {
            let problem = format!("`{full}` has {}, expected a row for each input", in_words(&stored.shape));
            return Err(Problem::Invalid(problem));
        };
        if input == 0 || output == 0 {
            return Err(Problem::Invalid(format!("`{full}` has {}, expected some", in_words(&stored.shape))));
        }
        let bias = format!("{}/bias", layer.name);
        let bias = match tensors.contains_key(&bias) {
            true => weights(tensors, &bias, &[output], &format!("a bias for each column of `{full}`"))?,
            false => Vec::new(),
        };
        let mut linear = Linear::new(input, finite(stored, &full)?, bias);
        let config = config::inner(layer);
        linear.activation =
            config["activation"].as_str().filter(|activation| *activation != "linear").map(str::to_owned);
        Ok(linear)
    }

    /// The layer of this name among those that have a variable and are not recurrent, and the variable's name.
    fn with_variable(
        &self,
        tensors: &Tensors,
        name: &str,
        variable: &str,
        kind: &'static str,
    ) -> Result<(&Described, String), Problem> {
        let full = |name: &str| format!("{name}/{variable}");
        let fits = |layer: &&Described| tensors.contains_key(&full(&layer.name)) && !self.is_recurrent(layer);
        let found: Vec<_> = self.layers.iter().filter(fits).map(|layer| layer.name.clone()).collect();
        let place = names::one(&found, name, '/', kind)?;
        Ok((self.of_name(&found[place]), full(&found[place])))
    }

    fn of_name(&self, name: &str) -> &Described {
        self.layers.iter().find(|layer| layer.name == name).expect("a name of these layers")
    }

    fn is_recurrent(&self, layer: &Described) -> bool {
        match self.is_described {
            true => config::RECURRENT.contains(&config::inner_class(layer)),
            false => layer.config["is_recurrent"] == Value::Bool(true),
        }
    }
}
