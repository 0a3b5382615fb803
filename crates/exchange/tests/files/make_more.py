#!/usr/bin/env python3
"""Writes what `keras/` and `onnx/` have beside the files of the usual models: make_more.py FOLDER

    keras/nested.{keras,h5}      a model within the model
    keras/merged.keras           both directions, whose outputs are averaged and summed
    keras/reversed.h5            a layer that reads in reverse
    keras/half.weights.h5        16-bit floats
    keras/brain.weights.h5       bfloat16
    onnx/lstm.external.onnx      onnx/lstm.dynamo.onnx with its weights in a file beside

Each has a sheet of the same form as the others. Needs keras with tensorflow, and onnx; the committed files were made with keras 3.15.1,
tensorflow-cpu 2.21.0 and onnx 1.23.2, seed 3.
"""

import json
import os
import shutil
import sys
from pathlib import Path

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("KERAS_BACKEND", "tensorflow")
os.environ.setdefault("TF_ENABLE_ONEDNN_OPTS", "0")

import keras  # noqa: E402
import numpy as np  # noqa: E402
import onnx  # noqa: E402
from keras import Input, Model, Sequential, layers  # noqa: E402

out = Path(sys.argv[1])
rng = np.random.default_rng(3)
F, H = 2, 3


def plain(name, array):
    array = np.asarray(array, np.float32)
    return {"name": name, "dtype": "float32", "shape": list(array.shape), "data": [float(str(x)) for x in array.reshape(-1)]}


def nested():
    inner = Sequential([Input((None, F)), layers.GRU(H, return_sequences=True, name="low"), layers.LSTM(H, name="high")], name="inner")
    x = Input((None, F), name="series")
    return Model(x, layers.Dense(1, name="head")(inner(x)))


def merged():
    low = layers.Bidirectional(layers.SimpleRNN(H, return_sequences=True), merge_mode="ave", name="low")
    high = layers.Bidirectional(layers.GRU(H, reset_after=False), merge_mode="sum", name="high")
    return Sequential([Input((None, F)), low, layers.Dropout(0.1), high, layers.Dense(2, name="head")])


def single(dtype="float32", **settings):
    return Sequential([Input((None, F)), layers.LSTM(H, dtype=dtype, recurrent_initializer="zeros", **settings), layers.Dense(1, dtype=dtype, name="head")])


def save(name, model, about, kinds, weights_of=None):
    model.set_weights([rng.uniform(-0.6, 0.6, w.shape).astype(np.float32) for w in model.get_weights()])
    if weights_of:
        other = single(dtype=weights_of)
        other.set_weights([keras.ops.convert_to_numpy(keras.ops.cast(w, weights_of)) for w in model.get_weights()])
        model.set_weights([np.asarray(w).astype(np.float32) for w in other.get_weights()])
        other.save_weights(out / "keras" / f"{name}.weights.h5")
    for kind in kinds:
        model.save(out / "keras" / f"{name}.{kind}")
    cases = [rng.standard_normal(shape).astype(np.float32) for shape in ((2, 3, F), (1, 5, F))]
    sheet = {
        "framework": f"keras {keras.__version__}",
        "model": {"name": name, "layers_by_name": [["head", "Dense"]], "input": F, "hidden": H, **about},
        "cases": [{"inputs": [plain("x", x)], "outputs": [plain("y", model(x, training=False))]} for x in cases],
    }
    (out / "keras" / f"{name}.json").write_text(json.dumps(sheet, separators=(",", ":")) + "\n")
    keras.utils.clear_session()


save("nested", nested(), {"cell": "gru", "reset": "after", "layers": 2}, ["keras", "h5"])
save("merged", merged(), {"cell": "rnn", "layers": 2, "bidirectional": True}, ["keras"])
save("reversed", single(go_backwards=True), {"cell": "lstm"}, ["h5"])
save("half", single(), {"cell": "lstm"}, [], "float16")
save("brain", single(), {"cell": "lstm"}, [], "bfloat16")

(out / "onnx/lstm.external.onnx.data").unlink(missing_ok=True)
model = onnx.load(out / "onnx/lstm.dynamo.onnx")
onnx.save(model, out / "onnx/lstm.external.onnx", save_as_external_data=True, location="lstm.external.onnx.data", size_threshold=0)
shutil.copy(out / "onnx/lstm.dynamo.json", out / "onnx/lstm.external.json")
