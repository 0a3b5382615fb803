//! The networks' weights with the names of PyTorch or Keras: `embedding`, `rnn` and `head`, of several networks each behind its
//! number.

use recurrent_exchange::{Error, StateDict};

use crate::ensemble::Ensemble;

pub(super) fn pytorch(ensemble: &Ensemble) -> Result<StateDict, Error> {
    let mut weights = StateDict::pytorch();
    for (place, network) in ensemble.members.iter().enumerate() {
        let prefix = if ensemble.members.len() > 1 { format!("members.{place}.") } else { String::new() };
        weights.embedding(&format!("{prefix}embedding"), &network.exchanged_embedding());
        weights.layers(&format!("{prefix}rnn"), &network.exchanged_layers())?;
        weights.linear(&format!("{prefix}head"), &network.exchanged_head());
    }
    Ok(weights)
}

pub(super) fn keras(ensemble: &Ensemble) -> Result<StateDict, Error> {
    let mut weights = StateDict::keras();
    for (place, network) in ensemble.members.iter().enumerate() {
        let prefix = if ensemble.members.len() > 1 { format!("member_{place}_") } else { String::new() };
        let layers = network.exchanged_layers();
        let names: Vec<_> = (0..layers.layers.len()).map(|layer| format!("{prefix}rnn_{layer}")).collect();
        weights.embedding(&format!("{prefix}embedding"), &network.exchanged_embedding());
        weights.layers(&names.join(","), &layers)?;
        weights.linear(&format!("{prefix}head"), &network.exchanged_head());
    }
    Ok(weights)
}
