"""Records what the layers' options compute: weight drop, zoneout, layer normalisation, peepholes, coupled gates, a clip, a learnt
first state.

Neither PyTorch nor Keras has them, so the equations are written out here step by step, as in the papers, and PyTorch's
automatic differentiation gives the gradients, in float64. The masks of training are drawn here and recorded, and the
test feeds them to the layer. Run as: python make_goldens.py BATCH TIME INPUT HIDDEN SEED > bB_tT_iI_hH.json, and with the
word `untied` behind that for the cases in which each gate has dropout masks of its own, `more` for those from peepholes on.
"""

import json
import sys

import numpy as np
import torch

CELLS = ["rnn_tanh", "rnn_relu", "lstm", "gru_reset_before", "gru_reset_after"]
GATES = {"rnn_tanh": 1, "rnn_relu": 1, "lstm": 4, "gru_reset_before": 3, "gru_reset_after": 3, "light_gru": 2}


def layer_norm(z):
    mean = z.mean(dim=1, keepdim=True)
    variance = ((z - mean) ** 2).mean(dim=1, keepdim=True)
    return (z - mean) / torch.sqrt(variance + 1e-5)


def times(a, masks, weights, hidden, first=0):
    """`a` dropped out times the columns of some gates: one mask for all of them, or each gate its own."""
    if len(masks) == 1:
        return (a * masks[0]) @ weights
    columns = weights.split(hidden, dim=1)
    return torch.cat([(a * masks[first + gate]) @ part for gate, part in enumerate(columns)], dim=1)


def step(cell, x, s, c, w, options, drop_x, drop):
    """One step of a cell: the new output and memory, before zoneout, and what was cut or rectified. The dropouts are those of the
    input and the state."""
    normalize = options.get("normalization") == "layer"
    kernel, recurrent, bias = w["kernel"], w["recurrent"], w["bias"]
    hidden = kernel.shape[1] // GATES[cell]
    clip = options.get("clip", float("inf"))
    if cell.startswith("rnn"):
        z = times(x, drop_x, kernel, hidden) + times(s, drop, recurrent, hidden)
        z = (w["gain"][0] * layer_norm(z) if normalize else z) + bias[0]
        new = torch.tanh(z) if cell == "rnn_tanh" else torch.relu(z)
        return new.clamp(-clip, clip), None, z if cell == "rnn_relu" else new
    if cell == "lstm":
        u, v = times(x, drop_x, kernel, hidden), times(s, drop, recurrent, hidden)
        if normalize:
            u, v = w["gain"][1] * layer_norm(u), w["gain"][0] * layer_norm(v)
        i, f, g, o = (u + v + bias[0]).split(hidden, dim=1)
        of_i, of_f, of_o = w.get("peepholes", torch.zeros(3, hidden).double())
        i = torch.sigmoid(i + of_i * c)
        f = 1 - i if options.get("coupled_gates") else torch.sigmoid(f + of_f * c)
        new = f * c + i * torch.tanh(g)
        c = new.clamp(-clip, clip)
        squashed = torch.tanh(w["memory"][0] * layer_norm(c) + w["memory"][1] if normalize else c)
        output = torch.sigmoid(o + of_o * c) * squashed
        return output @ w["projection"] if "projection" in w else output, c, new

    def part(z, row, columns):
        return w["gain"][row][columns] * layer_norm(z) if normalize else z

    if cell == "light_gru":
        columns = [slice(gate * hidden, (gate + 1) * hidden) for gate in range(2)]
        z, candidate = (
            part(times(x, drop_x, kernel[:, of], hidden, gate), 1, of)
            + bias[0][of]
            + part(times(s, drop, recurrent[:, of], hidden, gate), 0, of)
            for gate, of in enumerate(columns)
        )
        new = (1 - torch.sigmoid(z)) * torch.relu(candidate) + torch.sigmoid(z) * s
        return new.clamp(-clip, clip), None, candidate
    both, last = slice(0, 2 * hidden), slice(2 * hidden, 3 * hidden)
    u_gates = part(times(x, drop_x, kernel[:, both], hidden), 1, both) + bias[0][both]
    u_candidate = part(times(x, drop_x, kernel[:, last], hidden, 2), 1, last) + bias[0][last]
    v_gates = part(times(s, drop, recurrent[:, both], hidden), 0, both)
    if cell == "gru_reset_after":
        v_gates = v_gates + bias[1][both]
    r, p = torch.sigmoid(u_gates + v_gates).split(hidden, dim=1)
    if cell == "gru_reset_before":
        candidate = torch.tanh(u_candidate + part(times(r * s, drop, recurrent[:, last], hidden, 2), 0, last))
    else:
        v_candidate = part(times(s, drop, recurrent[:, last], hidden, 2), 0, last) + bias[1][last]
        candidate = torch.tanh(u_candidate + r * v_candidate)
    new = (1 - p) * candidate + p * s
    return new.clamp(-clip, clip), None, new


def keep(before, after, mask, rate, place):
    d = mask[place] if mask is not None else rate
    return d * before + (1 - d) * after


def run(cell, sizes, options, draw):
    batch, time, inputs, hidden = sizes
    width = GATES[cell] * hidden
    normalize = options.get("normalization") == "layer"
    leaf = lambda *shape: draw(*shape).requires_grad_()
    outputs = options.get("projection", hidden)
    w = {"kernel": leaf(inputs, width), "recurrent": leaf(outputs, width)}
    w["bias"] = leaf(2 if cell == "gru_reset_after" else 1, width)
    if normalize:
        w["gain"] = (1 + draw(1 if cell.startswith("rnn") else 2, width)).requires_grad_()
        if cell == "lstm":
            w["memory"] = (draw(2, hidden) + torch.tensor([[1.0], [0.0]])).requires_grad_()
    if options.get("peepholes"):
        w["peepholes"] = leaf(3, hidden)
    if "projection" in options:
        w["projection"] = leaf(hidden, outputs)
    x = leaf(batch, time, inputs)
    if options.get("learns_state"):
        w["first_output"] = leaf(1, outputs)
        h0 = w["first_output"].expand(batch, outputs)
        if cell == "lstm":
            w["first_memory"] = leaf(1, hidden)
            c0 = w["first_memory"].expand(batch, hidden)
        else:
            c0 = None
    else:
        h0 = leaf(batch, outputs)
        c0 = leaf(batch, hidden) if cell == "lstm" else None
    masks = {}
    uniform = lambda *shape: draw(*shape) + 0.5
    inverted = lambda rate, *shape: (uniform(*shape) >= rate).double() / (1 - rate)
    training = options["training"]
    gates = (GATES[cell],) if options.get("gate_masks") == "untied" else ()
    for name, shape in [
        ("input_dropout", (*gates, batch, inputs)),
        ("recurrent_dropout", (*gates, batch, outputs)),
        ("weight_dropout", (outputs, width)),
    ]:
        if training and name in options:
            # As the layer holds it.
            masks[name] = inverted(options[name], *shape).float().double()
    for name, size in [("zoneout_output", outputs), ("zoneout_memory", hidden)]:
        if training and name in options:
            masks[name] = (uniform(time, batch, size) < options[name]).double()

    used = dict(w)
    if "weight_dropout" in masks:
        used["recurrent"] = w["recurrent"] * masks["weight_dropout"]
    drop_x = masks.get("input_dropout", torch.ones(batch, inputs).double()).reshape(-1, batch, inputs)
    drop = masks.get("recurrent_dropout", torch.ones(batch, outputs).double()).reshape(-1, batch, outputs)
    lengths = options.get("lengths", [time] * batch)
    s, c, each = h0, c0, [None] * time
    kink, nearest, cut = options.get("clip", 0), float("inf"), 0
    order = range(time) if options.get("direction", "forward") == "forward" else reversed(range(time))
    for place in order:
        new, new_c, bent = step(cell, x[:, place], s, c, used, options, drop_x, drop)
        nearest = min(nearest, (bent.abs() - kink).abs().min().item())
        cut += (bent.abs() > kink).double().mean().item() / time
        if "zoneout_output" in options:
            new = keep(s, new, masks.get("zoneout_output"), options["zoneout_output"], place)
        if "zoneout_memory" in options:
            new_c = keep(c, new_c, masks.get("zoneout_memory"), options["zoneout_memory"], place)
        real = torch.tensor([[place < length] for length in lengths])
        s = torch.where(real, new, s)
        c = torch.where(real, new_c, c) if c is not None else None
        each[place] = s
    if cell == "rnn_relu" or kink:
        assert nearest > 1e-3 if cell == "rnn_relu" else nearest > 1e-5, f"a unit is at the kink: {nearest}"
    if kink and hidden > 1:
        assert 0.05 < cut < 0.95, f"a clip that cuts {cut} of the units"

    output = torch.stack(each, dim=1)
    d_output, d_hn, d_cn = draw(batch, time, outputs), draw(batch, outputs), draw(batch, hidden)
    loss = (output * d_output).sum() + (s * d_hn).sum()
    if c is not None:
        loss = loss + (c * d_cn).sum()
    loss.backward()
    # As a layer's configuration is written, where it is no name of its own.
    written = {"lightgru": "relu"} if cell == "light_gru" else cell
    case = {"cell": written, "options": options, "masks": {k: golden(v) for k, v in masks.items()}}
    case["weights"] = {k: golden(v) for k, v in w.items()}
    given = not options.get("learns_state")
    case["x"] = golden(x)
    case |= {"h0": golden(h0)} if given else {}
    case |= {"d_output": golden(d_output), "d_hn": golden(d_hn)}
    case |= {"output": golden(output), "hn": golden(s), "loss": loss.item(), "grad_x": golden(x.grad)}
    case |= {"grad_h0": golden(h0.grad)} if given else {}
    if c is not None:
        case |= {"c0": golden(c0)} if given else {}
        case |= {"cn": golden(c), "d_cn": golden(d_cn)}
        case |= {"grad_c0": golden(c0.grad)} if given else {}
    case["grad_weights"] = {k: golden(v.grad) for k, v in w.items()}
    return case


def golden(tensor):
    numbers = tensor.detach().numpy().astype(np.float32)
    return {"shape": list(numbers.shape), "data": [Number(n) for n in numbers.ravel()]}


class Number(float):
    """A float32, written in the shortest text that gives it back."""

    def __new__(cls, number):
        return super().__new__(cls, str(number))


def untied_options_of(cell, sizes):
    if not cell.startswith("rnn"):
        *_, drops, everything = options_of(cell, sizes)
        for name, options in [drops, everything]:
            yield f"untied_{name}", options | {"gate_masks": "untied"}


def options_of(cell, sizes):
    batch, time, _, _ = sizes
    zoneout = {"zoneout_output": 0.3}
    if cell == "lstm":
        zoneout["zoneout_memory"] = 0.4
    everything = {"input_dropout": 0.2, "recurrent_dropout": 0.25, "weight_dropout": 0.5}
    everything |= {"normalization": "layer", "direction": "reverse", "training": True}
    everything["lengths"] = [1 + (row * 3 + time - 1) % time for row in range(batch)]
    if cell != "rnn_relu":
        yield "layer_norm", {"normalization": "layer", "training": False}
        yield "zoneout", zoneout | {"training": False}
        yield "zoneout_training", zoneout | {"training": True}
        yield "weight_drop_training", {"weight_dropout": 0.5, "training": True}
    # The same but for the normalisation.
    yield "drops_training", zoneout | everything | {"normalization": "none"}
    yield "everything_training", zoneout | everything


def more_options_of(cell, sizes):
    batch, time, _, hidden = sizes
    *_, (_, drops), _ = options_of(cell, sizes)
    drops |= {"gate_masks": "untied", "learns_state": True}
    normalized = drops | {"normalization": "layer"}
    if cell == "lstm":
        projection = {"projection": max(hidden // 2, 1)} if hidden > 1 else {}
        yield "peepholes", {"peepholes": True, "training": False}
        yield "coupled", {"coupled_gates": True, "training": False}
        yield "clip", {"clip": 0.3, "training": False}
        yield "learnt", {"learns_state": True, "training": False}
        yield "peepholes_coupled_clip", {"peepholes": True, "coupled_gates": True, "clip": 0.2, "training": False}
        more = {"peepholes": True, "clip": 0.15} | projection
        yield "peepholes_drops_training", drops | more
        yield "coupled_drops_training", drops | more | {"coupled_gates": True}
        yield "peepholes_normalized_training", normalized | more
    elif cell == "rnn_relu":
        yield "learnt_normalized_training", normalized
    else:
        yield "clip", {"clip": 0.2, "training": False}
        yield "learnt", {"learns_state": True, "training": False}
        yield "clip_drops_training", drops | {"clip": 0.2}
        yield "learnt_normalized_training", normalized


def main():
    words = sys.argv[1:]
    cases_of, cells = options_of, CELLS
    if words[-1] == "light_gru":
        cells = [words.pop()]
    if words[-1] == "untied":
        words.pop()
        cases_of = untied_options_of
    if words[-1] == "more":
        words.pop()
        # Of large layers everything at once says enough.
        large = lambda cell, sizes: (case for case in more_options_of(cell, sizes) if "normalized" in case[0])
        cases_of = large if int(words[3]) > 7 else more_options_of
    *sizes, seed = (int(word) for word in words)
    random = np.random.default_rng(seed)

    def draw(*shape):
        """Numbers in [-0.5, 0.5) that a float32 holds."""
        return torch.tensor((random.random(shape) - 0.5).astype(np.float32)).double()

    cases = {
        f"{cell}_{name}": run(cell, sizes, options, draw)
        for cell in cells
        for name, options in cases_of(cell, sizes)
    }
    batch, time, inputs, hidden = sizes
    file = {"batch": batch, "time": time, "input": inputs, "hidden": hidden}
    origin = {"script": "make_goldens.py", "seed": seed, "framework": f"torch {torch.__version__}"}
    print(json.dumps(file | {"origin": origin, "cases": cases}, separators=(",", ":")))


main()
