#!/usr/bin/env python3
"""Runs an example that a program printed beside an exported model, and compares the model's outputs with those of the program.

    compare.py EXAMPLE.py CASES.json

The example leaves a `session` of ONNX Runtime, or a `model` of PyTorch or Keras. CASES has a list of {"inputs", "outputs"}, each by name
{"dtype", "shape", "data"}. A model of PyTorch or Keras takes the inputs and gives the first output alone. Exits with 1 where an output
differs by more than 1e-5 of what is larger than 1.
"""

import contextlib
import io
import json
import os
import sys
from pathlib import Path

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("CUDA_VISIBLE_DEVICES", "-1")
os.environ.setdefault("KERAS_BACKEND", "tensorflow")
os.environ.setdefault("TF_ENABLE_ONEDNN_OPTS", "0")

import numpy as np

TOLERANCE = 1e-5


def arrays(named):
    return {name: np.array(a["data"], a["dtype"]).reshape(a["shape"]) for name, a in named.items()}


def answer(names, inputs, outputs):
    if "session" in names:
        return dict(zip(outputs, names["session"].run(list(outputs), inputs)))
    inputs = list(inputs.values())
    if "torch" in names:
        torch = names["torch"]
        with torch.no_grad():
            given = names["model"](*map(torch.from_numpy, inputs))
        given = (given[0] if isinstance(given, tuple) else given).numpy()
    else:
        given = np.asarray(names["model"](*inputs))
    return {next(iter(outputs)): given}


def main():
    example, cases = map(Path, sys.argv[1:])
    names = {}
    with contextlib.redirect_stdout(io.StringIO()):
        exec(compile(example.read_text(), str(example), "exec"), names)
    worst, rows = 0.0, 0
    for case in json.loads(cases.read_text()):
        inputs, outputs = arrays(case["inputs"]), arrays(case["outputs"])
        given = answer(names, inputs, outputs)
        for name, want in outputs.items():
            if name not in given:
                continue
            assert given[name].shape == want.shape, (name, given[name].shape, want.shape)
            worst = max(worst, float((np.abs(given[name] - want) / np.maximum(np.abs(want), 1)).max()))
        rows += len(next(iter(inputs.values())))
    print(f"{rows} inputs, largest difference {worst:.2g}")
    return int(not worst <= TOLERANCE)


if __name__ == "__main__":
    sys.exit(main())
