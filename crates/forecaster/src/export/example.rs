//! A few lines of Python that forecast the next price.

use recurrent_cells::Reset;
use recurrent_exchange::Form;
use serde_json::json;

use crate::forecaster::Forecaster;
use crate::settings::{ModelSettings, Output};

pub(super) fn example(forecaster: &Forecaster, form: Form) -> String {
    match form {
        Form::Onnx => onnx(forecaster),
        Form::PyTorch => pytorch(forecaster),
        Form::Keras => keras(forecaster),
    }
}

/// The lines that make up a window, as a table might have it.
fn prices(forecaster: &Forecaster) -> String {
    let windows = &forecaster.settings().windows;
    let (window, columns) = (windows.window, windows.columns());
    let listed = columns.join(", ");
    format!(
        "# {window} steps, the oldest first, of {listed}: put your own here.
prices = 100 + np.arange({window})[None, :, None] * np.ones({})",
        columns.len()
    )
}

fn onnx(forecaster: &Forecaster) -> String {
    let prices = prices(forecaster);
    format!(
        "import json, numpy as np, onnxruntime as ort
session = ort.InferenceSession(FILE)
about = session.get_modelmeta().custom_metadata_map
{prices}
assert prices.shape[1:] == (int(about[\"window\"]), len(json.loads(about[\"columns\"])))
price = session.run([\"price\"], {{\"prices\": prices}})[0]
print(price[0])"
    )
}

/// What each column is divided by, in the words of PyTorch or of Keras.
fn scale(forecaster: &Forecaster, library: &str) -> String {
    let volumes = forecaster.settings().windows.volumes();
    if !volumes.contains(&true) {
        return "last".to_owned();
    }
    let volumes: Vec<_> = volumes.iter().map(|is| if *is { "True" } else { "False" }).collect();
    let (marks, mean) = match library {
        "torch" => (format!("torch.tensor([{}])", volumes.join(", ")), "prices.mean(1, keepdim=True)"),
        _ => (format!("np.array([{}])", volumes.join(", ")), "prices.mean(1, keepdims=True)"),
    };
    format!("{library}.where({marks}, {library}.where({mean} > 0, {mean}, 1), last)")
}

/// What the network reads of scaled prices, and what becomes of its output.
fn growth(output: Output) -> [&'static str; 2] {
    match output {
        Output::Price => ["scaled", "next"],
        Output::Growth => ["(scaled - 1) * 100", "next / 100 + 1"],
    }
}

fn pytorch(forecaster: &Forecaster) -> String {
    let ModelSettings { hidden, layers, output, .. } = forecaster.settings().model;
    let (features, scale) = (forecaster.settings().features(), scale(forecaster, "torch"));
    let ([read, said], prices) = (growth(output), prices(forecaster));
    format!(
        "import numpy as np, torch
from safetensors.torch import load_file
from torch import nn

class Model(nn.Module):
    def __init__(self):
        super().__init__()
        self.rnn = nn.GRU({features}, {hidden}, {layers}, batch_first=True)
        self.head = nn.Linear({hidden}, 1)

    def forward(self, prices):
        last = prices[:, -1:, :1]
        scaled = (prices / {scale}).float()
        steps, _ = self.rnn({read})
        next = self.head(steps[:, -1])
        return ({said})[:, 0].double() * last[:, 0, 0]

model = Model().eval()
model.load_state_dict(load_file(FILE), strict=True)
{prices}
with torch.no_grad():
    print(model(torch.tensor(prices)).item())"
    )
}

fn keras(forecaster: &Forecaster) -> String {
    let ModelSettings { hidden, layers, output, reset, .. } = forecaster.settings().model;
    let (features, scale) = (forecaster.settings().features(), scale(forecaster, "np"));
    let ([read, said], prices) = (growth(output), prices(forecaster));
    let reset = if reset == Reset::Before { "False" } else { "True" };
    let last = json!(layers - 1);
    format!(
        "import keras, numpy as np
from safetensors.numpy import load_file

inputs = steps = keras.Input((None, {features}))
for place in range({layers}):
    layer = keras.layers.GRU({hidden}, reset_after={reset}, return_sequences=place < {last}, name=f\"rnn_{{place}}\")
    steps = layer(steps)
network = keras.Model(inputs, keras.layers.Dense(1, name=\"head\")(steps))
weights = load_file(FILE)
for weight in network.weights:
    weight.assign(weights[weight.path])

def model(prices):
    last = prices[:, -1:, :1]
    scaled = (prices / {scale}).astype(\"float32\")
    next = keras.ops.convert_to_numpy(network({read}))
    return ({said})[:, 0] * last[:, 0, 0]

{prices}
print(model(prices)[0])"
    )
}
