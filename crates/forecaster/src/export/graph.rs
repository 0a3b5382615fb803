//! The forecaster as a graph of ONNX, scaling included, in 64-bit floats as everywhere.

use recurrent_exchange::{Attribute, Axis, Error, Number, OnnxGraph, States, Value};

use crate::forecaster::Forecaster;
use crate::network::PER_CENT;
use crate::settings::Output;

pub(crate) fn graph(forecaster: &Forecaster) -> Result<OnnxGraph, Error> {
    let (settings, network) = (forecaster.settings(), forecaster.network());
    let mut graph = OnnxGraph::new("price forecaster");
    let shape = [Axis::Any("batch"), Axis::Any("time"), Axis::Of(settings.features())];
    let prices = graph.input("prices", Number::Double, &shape);
    let last = last_price(&mut graph, &prices);
    let scale = scale(&mut graph, &prices, &last, &settings.windows.volumes());
    let scaled = graph.node("scale", "Div", &[&prices, &scale], &[]);
    let scaled = cast(&mut graph, "scale", &scaled, Number::Float);

    let read = match settings.model.output {
        Output::Price => scaled,
        Output::Growth => applied(&mut graph, &scaled, [("Sub", 1.0), ("Mul", PER_CENT)]),
    };
    let recurred = graph.layers("rnn", &read, &network.exchanged_layers(), States::Zero, None)?;
    let next = graph.linear("head", &recurred.last, &network.exchanged_head());
    let next = match settings.model.output {
        Output::Price => next,
        Output::Growth => applied(&mut graph, &next, [("Div", PER_CENT), ("Add", 1.0)]),
    };

    let next = cast(&mut graph, "price", &next, Number::Double);
    let axis = graph.integers("price.axis", &[1]);
    let last = graph.node("price", "Squeeze", &[&last, &axis], &[]);
    let price = graph.node("price", "Mul", &[&next, &last], &[]);
    let price = graph.node("price", "Squeeze", &[&price, &axis], &[]);
    graph.output_of("price", &price, Number::Double, &[Axis::Any("batch")]);
    Ok(graph)
}

/// Applies operators with numbers, one after the other.
fn applied(graph: &mut OnnxGraph, value: &Value, steps: [(&str, f64); 2]) -> Value {
    steps.into_iter().fold(value.clone(), |value, (operator, number)| {
        let number = graph.floats("growth.number", &[1], &[number as f32]);
        graph.node("growth", operator, &[&value, &number], &[])
    })
}

/// The last price of the column that is forecast, `[batch, 1, 1]`.
fn last_price(graph: &mut OnnxGraph, prices: &Value) -> Value {
    let mut row = |name: &str, numbers: [i64; 2]| graph.integers(&format!("last.{name}"), &numbers);
    let (starts, ends, axes) = (row("starts", [-1, 0]), row("ends", [i64::MAX, 1]), row("axes", [1, 2]));
    graph.node("last", "Slice", &[prices, &starts, &ends, &axes], &[])
}

/// What each column is divided by: the last price, or the mean of a volume.
fn scale(graph: &mut OnnxGraph, prices: &Value, last: &Value, volumes: &[bool]) -> Value {
    if !volumes.contains(&true) {
        return last.clone();
    }
    let over_time = [("axes", Attribute::Ints(vec![1])), ("keepdims", Attribute::Int(1))];
    let mean = graph.node("volume", "ReduceMean", &[prices], &over_time);
    let [nothing, one] = [0.0, 1.0].map(|number| {
        let number = graph.floats("volume.number", &[1], &[number]);
        cast(graph, "volume", &number, Number::Double)
    });
    let is_some = graph.node("volume", "Greater", &[&mean, &nothing], &[]);
    let mean = graph.node("volume", "Where", &[&is_some, &mean, &one], &[]);
    let marks: Vec<f32> = volumes.iter().map(|is_volume| f32::from(*is_volume)).collect();
    let marks = graph.floats("volume.columns", &[1, 1, marks.len()], &marks);
    let half = graph.floats("volume.half", &[1], &[0.5]);
    let is_volume = graph.node("volume", "Greater", &[&marks, &half], &[]);
    graph.node("volume", "Where", &[&is_volume, &mean, last], &[])
}

fn cast(graph: &mut OnnxGraph, scope: &str, value: &Value, to: Number) -> Value {
    graph.node(scope, "Cast", &[value], &[("to", Attribute::Int(to.code()))])
}
