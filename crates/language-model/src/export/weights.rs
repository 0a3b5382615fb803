//! The model's weights with the names of PyTorch or Keras: `rnn`, `head`, and in Keras `embedding` where tokens are read by the
//! weights that score them.

use recurrent_exchange::{Embedding, Error, StateDict};

use crate::model::LanguageModel;
use crate::network::numbers;
use crate::network_settings::Reading;

pub(super) fn pytorch(model: &LanguageModel) -> Result<StateDict, Error> {
    let mut weights = StateDict::pytorch();
    weights.layers("rnn", &model.layers())?;
    weights.linear("head", &model.head());
    Ok(weights)
}

pub(super) fn keras(model: &LanguageModel) -> Result<StateDict, Error> {
    let mut weights = StateDict::keras();
    let names: Vec<_> = (0..model.settings().network.layers).map(|place| format!("rnn_{place}")).collect();
    weights.layers(&names.join(","), &model.layers())?;
    weights.linear("head", &model.head());
    if model.settings().network.reading == Reading::Tied {
        let vectors = numbers(model.network().kernel.val().transpose());
        weights.embedding("embedding", &Embedding::new(model.vocabulary().len(), vectors));
    }
    Ok(weights)
}
