//! The configuration of a model of Keras 2 or 3: JSON, in which each layer has a class, a name and settings.

use serde_json::Value;

use super::Described;

/// The classes that are recurrent, within `Bidirectional` or by themselves.
pub(super) const RECURRENT: &[&str] = &["SimpleRNN", "LSTM", "GRU"];
/// Models that are layers of others.
const MODELS: &[&str] = &["Sequential", "Functional", "Model"];
/// Models within models, at most so many deep.
const DEPTH: usize = 8;

/// The layers of a model in order, those of models within it too.
pub(crate) fn layers_of(config: &Value) -> Result<Vec<Described>, String> {
    let class = config["class_name"].as_str().unwrap_or("nothing");
    if !MODELS.contains(&class) {
        return Err(format!("describes a `{class}`, expected a Sequential or a functional model"));
    }
    let mut layers = Vec::new();
    add(&config["config"], DEPTH, &mut layers)?;
    Ok(layers)
}

fn add(config: &Value, depth: usize, layers: &mut Vec<Described>) -> Result<(), String> {
    if depth == 0 {
        return Err(format!("has models within models, more than {DEPTH} deep"));
    }
    // The first versions of Keras 2 have a list for a Sequential model.
    let list = config["layers"].as_array().or_else(|| config.as_array());
    for layer in list.ok_or("has no list of layers")? {
        let class = layer["class_name"].as_str().ok_or("has a layer without a class")?;
        if MODELS.contains(&class) {
            add(&layer["config"], depth - 1, layers)?;
            continue;
        }
        let name = layer["config"]["name"].as_str().or_else(|| layer["name"].as_str());
        layers.push(Described {
            name: name.ok_or_else(|| format!("has a `{class}` without a name"))?.to_owned(),
            class: class.to_owned(),
            config: layer["config"].clone(),
            reads: layer.get("inbound_nodes").map(|nodes| {
                let mut found = Vec::new();
                sources(nodes, &mut found);
                found
            }),
            is_within: depth < DEPTH,
        });
    }
    Ok(())
}

/// The names of layers in `inbound_nodes`: `["encoder", 0, 0]` in Keras 3's histories and in Keras 2's lists alike.
fn sources(nodes: &Value, found: &mut Vec<String>) {
    match nodes {
        Value::Array(parts) => match &parts[..] {
            [Value::String(name), Value::Number(_), Value::Number(_), ..] => found.push(name.clone()),
            _ => parts.iter().for_each(|part| sources(part, found)),
        },
        Value::Object(parts) => parts.values().for_each(|part| sources(part, found)),
        _ => {}
    }
}

/// The class of a layer, or of the layer within a wrapper.
pub(super) fn inner_class(layer: &Described) -> &str {
    let wrapped = layer.config["layer"]["class_name"].as_str();
    match layer.class.as_str() {
        "Bidirectional" | "TimeDistributed" => wrapped.unwrap_or_default(),
        class => class,
    }
}

/// The settings of a layer, or of the layer within a wrapper.
pub(super) fn inner(layer: &Described) -> &Value {
    match layer.class.as_str() {
        "Bidirectional" | "TimeDistributed" => &layer.config["layer"]["config"],
        _ => &layer.config,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn what_a_layer_reads_is_found_in_either_version() {
        let of = |nodes: Value| {
            let mut found = Vec::new();
            sources(&nodes, &mut found);
            found
        };
        assert_eq!(of(json!([[["encoder", 0, 0, {}]]])), ["encoder"]);
        let history = json!({"shape": [null, 4], "keras_history": ["series", 0, 0]});
        let tensor = json!({"class_name": "__keras_tensor__", "config": history});
        assert_eq!(of(json!([{"args": [tensor], "kwargs": {"mask": null}}])), ["series"]);
    }

    #[test]
    fn models_within_models_are_followed_and_no_further() {
        let gru = json!({"class_name": "GRU", "config": {"name": "gru"}});
        let mut model = json!({"class_name": "Sequential", "config": {"layers": [gru]}});
        for _ in 0..3 {
            model = json!({"class_name": "Functional", "config": {"layers": [model]}});
        }
        assert_eq!(layers_of(&model).unwrap()[0].name, "gru");
        for _ in 0..8 {
            model = json!({"class_name": "Functional", "config": {"layers": [model]}});
        }
        assert!(layers_of(&model).is_err());
    }
}
