#!/usr/bin/env python3
"""Loads what recurrent-exchange wrote into PyTorch, Keras and ONNX Runtime, and compares their outputs with those it gave.

    peers.py FOLDER

FOLDER has cases.json: a list of {"kind", "file", "about", "inputs", "outputs"}. What is not installed is skipped with a line. Exits
with 1 where an output differs by more than 1e-5 of what is larger than 1, or a file does not load.
"""

import importlib
import json
import os
import sys
from pathlib import Path

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("CUDA_VISIBLE_DEVICES", "-1")
os.environ.setdefault("KERAS_BACKEND", "tensorflow")
os.environ.setdefault("TF_ENABLE_ONEDNN_OPTS", "0")

TOLERANCE = 1e-5
NEEDED = {"onnx": ["onnx", "onnxruntime"], "pytorch": ["torch", "safetensors.torch"], "keras": ["safetensors.numpy", "keras"]}


def arrays(named):
    import numpy as np

    return {a["name"]: np.array(a["data"], a["dtype"]).reshape(a["shape"]) for a in named}


def run_onnx(path, about, inputs, names):
    """Checks the file in full, and runs it."""
    import onnx
    import onnxruntime

    onnx.checker.check_model(str(path), full_check=True)
    session = onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"])
    return lambda inputs, names: dict(zip(names, session.run(names, inputs)))


def run_pytorch(path, about, inputs, names):
    """Loads a state dict strictly into the module that it is of."""
    import torch
    from safetensors.torch import load_file
    from torch import nn

    if "model" in about:
        sizes = about["model"]

        class Model(nn.Module):
            def __init__(self):
                super().__init__()
                self.encoder = nn.Embedding(sizes["vocabulary"], sizes["features"])
                self.rnn = nn.LSTM(sizes["features"], sizes["units"], sizes["layers"], batch_first=True)
                self.decoder = nn.Linear(sizes["units"], sizes["vocabulary"])

            def forward(self, tokens, h_0=None, c_0=None):
                output, (h_n, c_n) = self.rnn(self.encoder(tokens), None if h_0 is None else (h_0, c_0))
                return {"scores": self.decoder(output), "h_n": h_n, "c_n": c_n}

        model = Model()
    else:
        model = getattr(nn, about["module"])(batch_first=True, **{k: v for k, v in about["arguments"].items() if v != 0 or k != "proj_size"})
    model.load_state_dict(load_file(str(path)), strict=True)
    model.eval()

    def answer(inputs, names):
        with torch.no_grad():
            found = model(*[torch.from_numpy(x) for x in inputs.values()])
        return {k: v.numpy() for k, v in found.items()} if isinstance(found, dict) else {"output": found[0].numpy()}

    return answer


def run_keras(path, about, inputs, names):
    """Puts variables by their paths into a model; all of them have to be there, and no others."""
    import keras
    from safetensors.numpy import load_file

    keras.utils.clear_session()
    made = []
    for place, layer in enumerate(about["layers"]):
        is_last = place + 1 == len(about["layers"])
        settings = {**layer["settings"], "return_sequences": about["return_sequences"] or not is_last}
        name = {"SimpleRNN": "simple_rnn", "LSTM": "lstm", "GRU": "gru"}[layer["class"]]
        cls = getattr(keras.layers, layer["class"])
        if layer["merge_mode"]:
            made.append(keras.layers.Bidirectional(cls(name=name, **settings), merge_mode=layer["merge_mode"], name=f"l{place}"))
        else:
            made.append(cls(name=f"l{place}", **settings))
    model = keras.Sequential([keras.Input((None, next(iter(inputs.values())).shape[2])), *made], name="sequential")
    tensors = load_file(str(path))
    paths = {w.path for w in model.weights}
    assert paths == set(tensors), (sorted(paths), sorted(tensors))
    for weight in model.weights:
        weight.assign(tensors[weight.path])
    return lambda inputs, names: {"y": model(next(iter(inputs.values())), training=False).numpy()}


def main():
    import numpy as np

    folder = Path(sys.argv[1])
    cases = json.loads((folder / "cases.json").read_text())
    failures = []
    for kind, run in (("onnx", run_onnx), ("pytorch", run_pytorch), ("keras", run_keras)):
        try:
            for package in NEEDED[kind]:
                importlib.import_module(package)
        except ImportError as error:
            print(f"skipped: {kind}: {error}")
            continue
        worst, count, models = 0.0, 0, {}
        for case in (case for case in cases if case["kind"] == kind):
            name, inputs, expected = case["file"], arrays(case["inputs"]), arrays(case["outputs"])
            try:
                if name not in models:
                    models[name] = run(folder / name, case["about"], inputs, list(expected))
                got = models[name](inputs, list(expected))
                for key, want in expected.items():
                    assert got[key].shape == want.shape, (key, got[key].shape, want.shape)
                    difference = float((np.abs(got[key] - want) / np.maximum(np.abs(want), 1)).max())
                    assert difference <= TOLERANCE, f"{key} differs by {difference}"
                    worst = max(worst, difference)
                count += 1
            except Exception as error:  # every failure is named
                failures.append(f"{kind} {name}: {type(error).__name__}: {str(error)[:400]}")
        print(f"{kind}: {len(models)} files, {count} runs, largest difference {worst:.2g}")
    for failure in failures[:30]:
        print(failure)
    return int(bool(failures))


if __name__ == "__main__":
    try:
        import numpy  # noqa: F401
    except ImportError as error:
        print(f"skipped: {error}")
        sys.exit(0)
    sys.exit(main())
