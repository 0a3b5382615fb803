//! A few lines of Python that classify a text.

use recurrent_data::reviews::Tokens;
use recurrent_exchange::Form;
use serde_json::json;

use crate::classifier::Classifier;
use crate::layers::{CellKind, Directions};
use crate::outputs::Outputs;
use crate::pooling::Pool;
use crate::reading::Masking;
use crate::settings::ModelSettings;

/// What the examples classify.
const TEXT: &str = "One of the best films of the year, and not a minute too long.";

pub(super) fn example(classifier: &Classifier, form: Form) -> String {
    match form {
        Form::Onnx => onnx(classifier),
        Form::PyTorch => pytorch(classifier),
        Form::Keras => keras(classifier),
    }
}

/// The lines that turn a text into indices.
fn indices(classifier: &Classifier) -> String {
    let text = json!(TEXT);
    let words = match classifier.vocabulary().tokens() {
        Tokens::Words => format!(
            "separators = str.maketrans(dict.fromkeys(about[\"separators\"], \" \"))
words = {text}.replace(\"<br />\", \" \").lower().translate(separators).split()"
        ),
        other => {
            let what = if other == Tokens::Segments { "words as Unicode parts them" } else { "characters" };
            format!("words = {}  # {what}, in small letters", json!(other.words(TEXT)))
        }
    };
    format!(
        "index, classes = json.loads(about[\"index\"]), json.loads(about[\"classes\"])
{words}
tokens = np.array([[1] + [index.get(word, 2) for word in words]])"
    )
}

fn onnx(classifier: &Classifier) -> String {
    let indices = indices(classifier);
    format!(
        "import json, numpy as np, onnxruntime as ort
session = ort.InferenceSession(FILE)
about = session.get_modelmeta().custom_metadata_map
{indices}
probabilities = session.run([\"probabilities\"], {{\"tokens\": tokens}})[0]
print(dict(zip(classes, probabilities[0].tolist())))"
    )
}

/// Indices as the networks read them, where the graph does not see to it.
fn padded(classifier: &Classifier) -> String {
    let reading = classifier.network().reading();
    let most = reading.length;
    let kept = reading.kept(most + 1);
    let cut = if kept.start > 0 { format!("tokens[:, -{most}:]") } else { format!("tokens[:, :{most}]") };
    if reading.masking == Masking::Padding {
        return format!("tokens = {cut}");
    }
    let fill = format!("{most} - tokens.shape[1]");
    let sides = match reading.padding {
        recurrent_data::reviews::Side::Pre => format!("({fill}, 0)"),
        recurrent_data::reviews::Side::Post => format!("(0, {fill})"),
    };
    format!("tokens = {cut}\ntokens = np.pad(tokens, ((0, 0), {sides}))")
}

/// How probabilities come from logits, as a value of NumPy.
fn said(classifier: &Classifier) -> &'static str {
    match classifier.scorer().outputs() {
        Outputs::Two => "1 / (1 + np.exp([logits[0], -logits[0]]))",
        Outputs::Classes(_) => "np.exp(logits) / np.exp(logits).sum()",
        Outputs::Labels(_) => "1 / (1 + np.exp(-logits))",
    }
}

fn pytorch(classifier: &Classifier) -> String {
    let ModelSettings { embedding, cell, directions, hidden, layers, members, pooling, .. } =
        &classifier.settings().model;
    let words = classifier.settings().coding.num_words();
    let (features, outputs) = (classifier.settings().model.features(), classifier.scorer().outputs().width());
    let is_masked = classifier.network().reading().masking == Masking::Padding;
    let states = if *cell == CellKind::Lstm { "(last, _)" } else { "last" };
    let steps = if is_masked {
        format!(
            "lengths = (tokens != 0).sum(1)
        packed = rnn.pack_padded_sequence(self.embedding(tokens), lengths, batch_first=True, enforce_sorted=False)
        steps, {states} = self.rnn(packed)
        steps, _ = rnn.pad_packed_sequence(steps, batch_first=True)
        padding = (tokens == 0)[:, :steps.shape[1], None]"
        )
    } else {
        format!("steps, {states} = self.rnn(self.embedding(tokens))")
    };
    let (cell, both) =
        (cell.name(), if *directions == Directions::Both { ", bidirectional=True" } else { "" });
    let pool = |pool: &Pool| match (pool, is_masked) {
        (Pool::Last, _) if *directions == Directions::Both => "last[-2], last[-1]",
        (Pool::Last, _) => "last[-1]",
        (Pool::Max, true) => "steps.masked_fill(padding, -2).amax(1)",
        (Pool::Max, false) => "steps.amax(1)",
        (Pool::Mean, true) => "steps.sum(1) / lengths[:, None]",
        (Pool::Mean, false) => "steps.mean(1)",
    };
    let pools = pooling.iter().map(pool).collect::<Vec<_>>().join(", ");
    let ensemble = "

class Model(nn.Module):
    def __init__(self):
        super().__init__()
        self.members = nn.ModuleList(Member() for _ in range(MEMBERS))

    def forward(self, tokens):
        return torch.stack([member(tokens) for member in self.members]).mean(0)"
        .replace("MEMBERS", &members.to_string());
    let (class, ensemble) = if *members > 1 { ("Member", ensemble) } else { ("Model", String::new()) };
    let (indices, padded, said) = (indices(classifier), padded(classifier), said(classifier));
    format!(
        "import json, numpy as np, torch
from safetensors import safe_open
from torch import nn
from torch.nn.utils import rnn

class {class}(nn.Module):
    def __init__(self):
        super().__init__()
        self.embedding = nn.Embedding({words}, {embedding})
        self.rnn = nn.{cell}({embedding}, {hidden}, {layers}, batch_first=True{both})
        self.head = nn.Linear({features}, {outputs})

    def forward(self, tokens):
        {steps}
        return self.head(torch.cat([{pools}], 1)){ensemble}

with safe_open(FILE, \"pt\") as file:
    about = file.metadata()
    weights = {{name: file.get_tensor(name) for name in file.keys()}}
model = Model().eval()
model.load_state_dict(weights, strict=True)
{indices}
{padded}
with torch.no_grad():
    logits = model(torch.tensor(tokens))[0].numpy()
probabilities = {said}  # of the networks
print(dict(zip(classes, probabilities.tolist())))"
    )
}

fn keras(classifier: &Classifier) -> String {
    let ModelSettings { embedding, cell, directions, hidden, layers, members, pooling, .. } =
        &classifier.settings().model;
    let words = classifier.settings().coding.num_words();
    let outputs = classifier.scorer().outputs().width();
    let is_masked = classifier.network().reading().masking == Masking::Padding;
    let reverse =
        if *directions == Directions::Both { format!(", steps[:, 0, {hidden}:]") } else { String::new() };
    let pool = |pool: &Pool| match (pool, is_masked) {
        // A last step is one behind which there is none.
        (Pool::Last, true) => format!("ops.sum(steps * ends, 1)[:, :{hidden}]{reverse}"),
        (Pool::Last, false) => format!("steps[:, -1, :{hidden}]{reverse}"),
        (Pool::Max, true) => "ops.max(ops.where(real > 0, steps, -2.0), 1)".to_owned(),
        (Pool::Max, false) => "ops.max(steps, 1)".to_owned(),
        (Pool::Mean, true) => "ops.sum(steps * real, 1) / ops.sum(real, 1)".to_owned(),
        (Pool::Mean, false) => "ops.mean(steps, 1)".to_owned(),
    };
    let pools = pooling.iter().map(pool).collect::<Vec<_>>().join(", ");
    let is_several = *members > 1;
    let real = if is_masked {
        "real = ops.cast(ops.not_equal(tokens, 0), \"float32\")[..., None]
    ends = real - ops.pad(real, ((0, 0), (0, 1), (0, 0)))[:, 1:]
    "
    } else {
        ""
    };
    let (cell, name) = (cell.name(), "f\"{name}rnn_{place}\"");
    let layer = match directions {
        Directions::Both => format!(
            "one = layers.{cell}({hidden}, return_sequences=True, name=\"{}\")
        steps = layers.Bidirectional(one, name={name})",
            cell.to_lowercase()
        ),
        Directions::Forward => format!("steps = layers.{cell}({hidden}, return_sequences=True, name={name})"),
    };
    let mask = if is_masked { "mask_zero=True, " } else { "" };
    let scores = if is_several {
        format!(
            "ops.mean(ops.stack([member(tokens, f\"member_{{place}}_\") for place in range({members})]), 0)"
        )
    } else {
        "member(tokens, \"\")".to_owned()
    };
    let (indices, padded, said) = (indices(classifier), padded(classifier), said(classifier));
    format!(
        "import json, keras, numpy as np
from keras import layers, ops
from safetensors import safe_open

def member(tokens, name):
    {real}steps = layers.Embedding({words}, {embedding}, {mask}name=name + \"embedding\")(tokens)
    for place in range({layers}):
        {layer}(steps)
    pooled = ops.concatenate([{pools}], 1)
    return layers.Dense({outputs}, name=name + \"head\")(pooled)

tokens = keras.Input((None,), dtype=\"int32\")
model = keras.Model(tokens, {scores})
with safe_open(FILE, \"np\") as file:
    about = file.metadata()
    for weight in model.weights:
        weight.assign(file.get_tensor(weight.path))
{indices}
{padded}
logits = ops.convert_to_numpy(model(tokens))[0]
probabilities = {said}  # of the networks
print(dict(zip(classes, probabilities.tolist())))"
    )
}
