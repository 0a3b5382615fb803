//! All recurrent layers of a model, one on top of the other.

use serde_json::Value;

use super::{Described, Model, config};
use crate::error::Problem;

/// Layers that change nothing when a model is used.
const PASSING: &[&str] =
    &["Dropout", "SpatialDropout1D", "GaussianNoise", "GaussianDropout", "Masking", "ActivityRegularization"];

impl Model {
    /// The recurrent layers in order.
    pub(super) fn chain(&self) -> Result<Vec<&Described>, Problem> {
        match self.is_described {
            true => self.described_chain(),
            false => self.numbered_chain(),
        }
    }

    fn described_chain(&self) -> Result<Vec<&Described>, Problem> {
        let mut chain: Vec<&Described> = Vec::new();
        for (place, layer) in self.layers.iter().enumerate().filter(|(_, layer)| self.is_recurrent(layer)) {
            let below = self.below(place)?;
            let is_next = match (chain.last(), below) {
                (None, Below::Input) => true,
                (Some(last), Below::Layer(below)) => last.name == below.name,
                _ => false,
            };
            if !is_next {
                let problem = format!(
                    "`{}` is not on top of the recurrent layers before it; take each layer by its own name, or \
                     several that are one on \
                     top of the other, with commas between",
                    layer.name
                );
                return Err(Problem::Unsupported(problem));
            }
            if let Some(last) = chain.last() {
                check_below(last)?;
            }
            chain.push(layer);
        }
        Ok(chain)
    }

    /// What a layer reads, through layers that change nothing.
    fn below(&self, place: usize) -> Result<Below<'_>, Problem> {
        let mut place = place;
        // No model has more layers than it has.
        for _ in 0..=self.layers.len() {
            let Some(next) = self.read_by(place)? else { return Ok(Below::Input) };
            let layer = &self.layers[next];
            match layer.class.as_str() {
                "InputLayer" if layer.is_within => return self.below_model(next),
                "InputLayer" | "Embedding" => return Ok(Below::Input),
                _ if self.is_recurrent(layer) => return Ok(Below::Layer(layer)),
                class if PASSING.contains(&class) => place = next,
                class => {
                    let above = &self.layers[place].name;
                    let problem = format!(
                        "`{}`, which `{above}` reads, is a `{class}`, of which this crate knows nothing; take the \
                         recurrent layers by \
                         their own names if you compute it yourself",
                        layer.name
                    );
                    return Err(Problem::Unsupported(problem));
                }
            }
        }
        Err(Problem::Invalid("has layers that read each other in a circle; take a whole copy".to_owned()))
    }

    /// What the input of a model within the model is: that of the model, if nothing else stands before it.
    fn below_model(&self, input: usize) -> Result<Below<'_>, Problem> {
        let is_input = |class: &str| ["InputLayer", "Embedding"].contains(&class) || PASSING.contains(&class);
        match self.layers[..input].iter().find(|layer| !is_input(&layer.class)) {
            None => Ok(Below::Input),
            Some(layer) => Err(Problem::Unsupported(format!(
                "`{}` (`{}`) stands before a model within the model; take the recurrent layers by their own names",
                layer.name, layer.class
            ))),
        }
    }

    /// The place of the one layer that another reads: the one that its node names, or the one before it.
    fn read_by(&self, place: usize) -> Result<Option<usize>, Problem> {
        let layer = &self.layers[place];
        match layer.reads.as_deref() {
            None | Some([]) => Ok(place.checked_sub(1)),
            Some([first, others @ ..]) if others.iter().all(|other| other == first) => {
                let found = self.layers.iter().position(|layer| layer.name == *first);
                let inner = || {
                    let problem = format!(
                        "`{}` reads `{first}`, a model within the model; take the recurrent layers by their own names",
                        layer.name
                    );
                    Problem::Unsupported(problem)
                };
                found.map(Some).ok_or_else(inner)
            }
            Some(several) => Err(Problem::Unsupported(format!(
                "`{}` reads {} layers or is given a state; take the recurrent layers by their own names",
                layer.name,
                several.len()
            ))),
        }
    }

    /// Weights alone say no order but the one in their names: `lstm`, `lstm_1`, `lstm_2`.
    fn numbered_chain(&self) -> Result<Vec<&Described>, Problem> {
        let mut recurrent: Vec<_> = self.layers.iter().filter(|layer| self.is_recurrent(layer)).collect();
        let stem = |layer: &Described| parts(&layer.class).0.to_owned();
        if recurrent.iter().any(|layer| stem(layer) != stem(recurrent[0])) {
            return Err(Problem::Ambiguous {
                kind: "recurrent layers, whose order weights alone do not say,",
                name: String::new(),
                found: recurrent.iter().map(|layer| layer.name.clone()).collect(),
            });
        }
        recurrent.sort_by_key(|layer| parts(&layer.class).1);
        Ok(recurrent)
    }
}

enum Below<'a> {
    Input,
    Layer(&'a Described),
}

/// A group's name without its number, and the number.
fn parts(group: &str) -> (&str, usize) {
    match group.rsplit_once('_').map(|(stem, number)| (stem, number.parse())) {
        Some((stem, Ok(number))) => (stem, number),
        _ => (group, 0),
    }
}

/// A layer under another hands on all steps, in the order of time.
fn check_below(layer: &Described) -> Result<(), Problem> {
    let config = config::inner(layer);
    let is_on = |key: &str| config[key] == Value::Bool(true);
    if !is_on("return_sequences") {
        let problem = format!("`{}` gives its last output alone to the recurrent layer above it", layer.name);
        return Err(Problem::Unsupported(problem));
    }
    if is_on("go_backwards") {
        let problem = format!(
            "`{}` gives its outputs to the layer above in the order in which it read them, from the last step to the \
             first; take \
             each layer by its own name",
            layer.name
        );
        return Err(Problem::Unsupported(problem));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn groups_are_in_the_order_of_their_numbers() {
        assert_eq!(parts("lstm_10"), ("lstm", 10));
        assert_eq!(parts("simple_rnn"), ("simple_rnn", 0));
        assert_eq!(parts("encoder"), ("encoder", 0));
    }
}
