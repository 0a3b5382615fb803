//! A few lines of Python that go on with a text.

use recurrent_cells::{Activation, Reset};
use recurrent_exchange::Form;
use serde_json::json;

use crate::model::LanguageModel;
use crate::network_settings::{CellKind, NetworkSettings, Reading};

/// What the examples go on with, where the model knows its characters.
const PRIMES: [&str; 3] = ["The ", "the ", "\n"];

pub(super) fn example(model: &LanguageModel, form: Form) -> String {
    match form {
        Form::Onnx => onnx(model),
        Form::PyTorch => pytorch(model),
        Form::Keras => keras(model),
    }
}

/// The text that is gone on with, as Python has it.
fn prime(model: &LanguageModel) -> String {
    let vocabulary = model.vocabulary();
    let known = PRIMES.into_iter().find(|prime| vocabulary.encode(prime).is_ok());
    let first = known.map_or_else(|| vocabulary.characters()[0].to_string(), str::to_owned);
    json!(first).to_string()
}

fn states(cell: CellKind) -> &'static str {
    if cell == CellKind::Lstm { "h_0\", \"c_0" } else { "h_0" }
}

fn onnx(model: &LanguageModel) -> String {
    let (prime, states) = (prime(model), states(model.settings().network.cell));
    format!(
        "import json, numpy as np, onnxruntime as ort
ort.set_default_logger_severity(3)  # no warning that states have a default
session = ort.InferenceSession(FILE)
tokens = json.loads(session.get_modelmeta().custom_metadata_map[\"tokens\"])
text, states = {prime}, {{}}
ids = [tokens.index(character) for character in text]
for _ in range(200):
    *last, logits = session.run(None, {{\"tokens\": np.array([ids]), **states}})
    states = dict(zip([\"{states}\"], last))
    ids = [int(logits[0, -1].argmax())]  # the likeliest; or draw one by softmax(logits)
    text += tokens[ids[0]]
print(text)"
    )
}

fn pytorch(model: &LanguageModel) -> String {
    let (prime, vocabulary) = (prime(model), model.vocabulary().len());
    let NetworkSettings { cell, activation, hidden, layers, reading, .. } = model.settings().network;
    let (read, width) = match reading {
        Reading::OneHot => (format!("nn.functional.one_hot(tokens, {vocabulary}).float()"), vocabulary),
        Reading::Tied => ("self.head.weight[tokens]".to_owned(), hidden),
    };
    let (module, how) = match (cell, activation) {
        (CellKind::Vanilla, Activation::Relu) => ("RNN", "nonlinearity=\"relu\", "),
        (CellKind::Vanilla, _) => ("RNN", ""),
        (CellKind::Lstm, _) => ("LSTM", ""),
        (CellKind::Gru, _) => ("GRU", ""),
    };
    format!(
        "import json, torch
from safetensors import safe_open
from torch import nn

class Model(nn.Module):
    def __init__(self):
        super().__init__()
        self.rnn = nn.{module}({width}, {hidden}, {layers}, {how}batch_first=True)
        self.head = nn.Linear({hidden}, {vocabulary})

    def forward(self, tokens, states=None):
        steps, states = self.rnn({read}, states)
        return self.head(steps), states

with safe_open(FILE, \"pt\") as file:
    tokens = json.loads(file.metadata()[\"tokens\"])
    weights = {{name: file.get_tensor(name) for name in file.keys()}}
model = Model().eval()
model.load_state_dict(weights, strict=True)
text, states = {prime}, None
ids = [tokens.index(character) for character in text]
with torch.no_grad():
    for _ in range(200):
        logits, states = model(torch.tensor([ids]), states)
        ids = [int(logits[0, -1].argmax())]
        text += tokens[ids[0]]
print(text)"
    )
}

fn keras(model: &LanguageModel) -> String {
    let (prime, vocabulary) = (prime(model), model.vocabulary().len());
    let NetworkSettings { cell, activation, hidden, layers, reading, reset, .. } = model.settings().network;
    let read = match reading {
        Reading::OneHot => format!("keras.ops.one_hot(tokens, {vocabulary})"),
        Reading::Tied => {
            format!("keras.layers.Embedding({vocabulary}, {hidden}, name=\"embedding\")(tokens)")
        }
    };
    let (layer, how) = match cell {
        CellKind::Vanilla => {
            ("SimpleRNN", format!("activation=\"{}\", ", format!("{activation:?}").to_lowercase()))
        }
        CellKind::Lstm => ("LSTM", String::new()),
        CellKind::Gru if reset == Reset::Before => ("GRU", "reset_after=False, ".to_owned()),
        CellKind::Gru => ("GRU", String::new()),
    };
    format!(
        "import json, keras, numpy as np
from safetensors import safe_open

tokens = keras.Input((None,), dtype=\"int32\")
steps = {read}
for place in range({layers}):
    steps = keras.layers.{layer}({hidden}, {how}return_sequences=True, name=f\"rnn_{{place}}\")(steps)
model = keras.Model(tokens, keras.layers.Dense({vocabulary}, name=\"head\")(steps))
with safe_open(FILE, \"np\") as file:
    for weight in model.weights:
        weight.assign(file.get_tensor(weight.path))
    tokens = json.loads(file.metadata()[\"tokens\"])
text = {prime}
logits = model(np.array([[tokens.index(character) for character in text]]))
print(text + tokens[int(np.argmax(logits[0, -1]))])"
    )
}
