"""Records what PyTorch's layers compute with options that the files `bB_tT_iI_hH.json` do not have: no biases, projections, two
bidirectional layers, packed sequences, and the last output as PyTorch's users take it.

Run as: python make_torch.py BATCH TIME INPUT HIDDEN SEED > torch_bB_tT_iI_hH.json. PyTorch computes in float64.
"""

import json
import sys

import numpy as np
import torch
from torch import nn
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

torch.set_default_dtype(torch.float64)

CELLS = {
    "rnn_tanh": lambda *sizes, **more: nn.RNN(*sizes, nonlinearity="tanh", **more),
    "rnn_relu": lambda *sizes, **more: nn.RNN(*sizes, nonlinearity="relu", **more),
    "lstm": nn.LSTM,
    "gru_reset_after": nn.GRU,
}


def run(cell, sizes, draw, lengths=None, **more):
    batch, time, inputs, hidden = sizes
    layer = CELLS[cell](inputs, hidden, batch_first=True, **more)
    with torch.no_grad():
        for weight in layer.parameters():
            weight.copy_(draw(*weight.shape))
    directions, depth = 2 if layer.bidirectional else 1, layer.num_layers
    outputs = layer.proj_size or hidden
    x = draw(batch, time, inputs).requires_grad_()
    h0 = draw(directions * depth, batch, outputs).requires_grad_()
    c0 = draw(directions * depth, batch, hidden).requires_grad_() if cell == "lstm" else None
    read = x if lengths is None else pack_padded_sequence(x, lengths, batch_first=True, enforce_sorted=False)
    output, state = layer(read, (h0, c0) if cell == "lstm" else h0)
    if lengths is not None:
        output, _ = pad_packed_sequence(output, batch_first=True, total_length=time)
    hn, cn = state if cell == "lstm" else (state, None)
    last = torch.cat(list(hn[-directions:]), dim=1)
    d_output, d_hn = draw(*output.shape), draw(*hn.shape)
    loss = (output * d_output).sum() + (hn * d_hn).sum()
    if cell == "lstm":
        d_cn = draw(*cn.shape)
        loss = loss + (cn * d_cn).sum()
    loss.backward()
    case = {"weights": {name: golden(weight) for name, weight in layer.named_parameters()}}
    if lengths is not None:
        case["lengths"] = lengths
    case |= {"x": golden(x), "h0": golden(h0), "d_output": golden(d_output), "d_hn": golden(d_hn)}
    case |= {"output": golden(output), "hn": golden(hn), "last": golden(last), "loss": loss.item()}
    case |= {"grad_x": golden(x.grad), "grad_h0": golden(h0.grad)}
    if cell == "lstm":
        case |= {"c0": golden(c0), "d_cn": golden(d_cn), "cn": golden(cn), "grad_c0": golden(c0.grad)}
    case["grad_weights"] = {name: golden(weight.grad) for name, weight in layer.named_parameters()}
    return case


def golden(tensor):
    numbers = tensor.detach().numpy().astype(np.float32)
    return {"shape": list(numbers.shape), "data": [Number(n) for n in numbers.ravel()]}


class Number(float):
    """A float32, written in the shortest text that gives it back."""

    def __new__(cls, number):
        return super().__new__(cls, str(number))


def cases(sizes, draw):
    batch, time, _, hidden = sizes
    lengths = [1 + (row * 3 + time - 1) % time for row in range(batch)]
    for cell in CELLS:
        yield f"torch_{cell}.no_bias", run(cell, sizes, draw, bias=False)
        yield f"torch_{cell}.packed", run(cell, sizes, draw, lengths)
    if hidden > 1:
        projected = {"proj_size": hidden // 2}
        yield "torch_lstm.projection", run("lstm", sizes, draw, **projected)
    if hidden > 7:
        return  # larger files say no more
    for cell in ["lstm", "gru_reset_after"]:
        yield f"torch_{cell}_bidirectional.packed", run(cell, sizes, draw, lengths, bidirectional=True)
        two = {"num_layers": 2, "bidirectional": True}
        yield f"torch_{cell}_two_layers_bidirectional", run(cell, sizes, draw, **two)
    two |= {"bias": False}
    yield "torch_lstm_two_layers_bidirectional.packed_no_bias", run("lstm", sizes, draw, lengths, **two)
    if hidden > 1:
        yield "torch_lstm_bidirectional.projection", run("lstm", sizes, draw, bidirectional=True, **projected)
        yield "torch_lstm_two_layers.projection", run("lstm", sizes, draw, num_layers=2, **projected)
        both = {"bidirectional": True, "bias": False}
        yield "torch_lstm_bidirectional.packed_projection", run("lstm", sizes, draw, lengths, **both, **projected)


def main():
    *sizes, seed = (int(word) for word in sys.argv[1:])
    random = np.random.default_rng(seed)

    def draw(*shape):
        """Normal numbers that a float32 holds."""
        return torch.tensor((random.standard_normal(shape) * 0.5).astype(np.float32).astype(np.float64))

    batch, time, inputs, hidden = sizes
    file = {"batch": batch, "time": time, "input": inputs, "hidden": hidden}
    origin = {"script": "make_torch.py", "seed": seed, "framework": f"torch {torch.__version__}"}
    print(json.dumps(file | {"origin": origin, "cases": dict(cases(sizes, draw))}, separators=(",", ":")))


main()
