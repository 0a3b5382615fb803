"""Records what Keras's layers compute with options that the files `bB_tT_iI_hH.json` do not have: no biases, activations, the
last output alone, two bidirectional layers.

Run as: python make_keras.py BATCH TIME INPUT HIDDEN SEED > keras_bB_tT_iI_hH.json. Keras computes in float64, by JAX.
"""

import json
import os
import sys

os.environ["KERAS_BACKEND"] = "jax"
os.environ["JAX_ENABLE_X64"] = "1"

import jax
import keras
import numpy as np
from keras import layers

keras.config.set_floatx("float64")
keras.config.set_dtype_policy("float64")
# Outside TensorFlow Keras takes doubles to be singles; JAX does not have to.
keras.src.backend.common.dtypes.BIT64_TO_BIT32_DTYPE["float64"] = "float64"

CELLS = {
    "lstm": layers.LSTM,
    "gru_reset_before": lambda *a, **more: layers.GRU(*a, reset_after=False, **more),
    "gru_reset_after": lambda *a, **more: layers.GRU(*a, reset_after=True, **more),
}


def run(stack, sizes, draw, lengths=None, options=None):
    batch, time, inputs, _ = sizes
    shape = (batch, time, inputs)
    for layer in stack:
        layer.build(shape)
        shape = layer.compute_output_shape(shape)
    variables = [(place, weight) for place, layer in enumerate(stack) for weight in layer.trainable_variables]
    for _, weight in variables:
        weight.assign(draw(*weight.shape))
    name = lambda place, weight: f"{place}/{weight.path}" if len(stack) > 1 else weight.path
    mask = None if lengths is None else np.arange(time)[None, :] < np.array(lengths)[:, None]

    def forward(x, weights):
        for place, layer in enumerate(stack):
            mine = [weight for (at, _), weight in zip(variables, weights) if at == place]
            others = [variable.value for variable in layer.non_trainable_variables]
            x, _ = layer.stateless_call(mine, others, x, mask=mask)
        return x

    x, weights = draw(*sizes[:3]), [weight.value for _, weight in variables]
    output = forward(x, weights)
    d_output = draw(*output.shape)
    loss = lambda x, weights: (forward(x, weights) * d_output).sum()
    grad_x, grad_weights = jax.grad(loss, argnums=(0, 1))(x, weights)
    assert np.abs(grad_x).max() > 0, "a dead layer"
    assert output.dtype == grad_x.dtype == np.float64
    names = [name(place, weight) for place, weight in variables]
    case = {"options": options or {}, "weights": dict(zip(names, map(golden, weights)))}
    if lengths is not None:
        case["lengths"] = lengths
    case |= {"x": golden(x), "d_output": golden(d_output), "output": golden(output)}
    case |= {"loss": float(loss(x, weights)), "grad_x": golden(grad_x)}
    return case | {"grad_weights": dict(zip(names, map(golden, grad_weights)))}


def golden(tensor):
    numbers = np.asarray(tensor).astype(np.float32)
    return {"shape": list(numbers.shape), "data": [Number(n) for n in numbers.ravel()]}


class Number(float):
    """A float32, written in the shortest text that gives it back."""

    def __new__(cls, number):
        return super().__new__(cls, str(number))


ACTIVATIONS = ["relu", "sigmoid", "hard_sigmoid", "linear", "softsign", "silu"]
PAIRS = [  # of the candidate and of the gates
    ("relu", "hard_sigmoid"),
    ("softsign", "sigmoid"),
    ("silu", "tanh"),
    ("linear", "softsign"),
    ("hard_sigmoid", "relu"),
    ("sigmoid", "silu"),
    ("tanh", "hard_sigmoid"),  # linear gates let the state grow past what a float32 can follow
]


def cases(sizes, draw):
    batch, time, _, hidden = sizes
    lengths = [1 + (row * 3 + time - 1) % time for row in range(batch)]
    go = lambda layer, *a: run([layer], sizes, draw, *a)
    for activation in ACTIVATIONS:
        if hidden == 1 and activation == "relu":
            continue  # its one unit may be dead
        layer = layers.SimpleRNN(hidden, activation=activation, return_sequences=True)
        yield f"keras_simple_rnn_{activation}", go(layer, lengths)
    yield "keras_simple_rnn_tanh.no_bias", go(layers.SimpleRNN(hidden, use_bias=False, return_sequences=True))
    yield "keras_simple_rnn_tanh.last", go(layers.SimpleRNN(hidden))
    yield "keras_simple_rnn_tanh_masked.last", go(layers.SimpleRNN(hidden), lengths)
    for place, (cell, make) in enumerate(CELLS.items()):
        if hidden < 13:
            yield f"keras_{cell}.no_bias", go(make(hidden, use_bias=False, return_sequences=True))
            yield f"keras_{cell}.last", go(make(hidden))
        yield f"keras_{cell}_masked.last", go(make(hidden), lengths)
        # All of them on the LSTM, and half on each GRU.
        pairs = [PAIRS, PAIRS[::2], PAIRS[1::2]][place][: 1 if hidden > 7 else None]
        for activation, recurrent in pairs if hidden > 1 else []:
            options = {"activation": activation, "recurrent_activation": recurrent}
            layer = make(hidden, return_sequences=True, **options)
            yield f"keras_{cell}.{activation}_{recurrent}", run([layer], sizes, draw, None, options)
    if hidden > 7:
        return  # larger files say no more
    lstm = lambda **more: layers.Bidirectional(layers.LSTM(hidden, **more))
    gru = lambda **more: layers.Bidirectional(layers.GRU(hidden, **more))
    yield "keras_bidirectional_lstm_concat.last", go(lstm())
    yield "keras_bidirectional_lstm_concat_masked.last", go(lstm(), lengths)
    yield "keras_bidirectional_gru_reset_after_concat_masked.no_bias", go(gru(use_bias=False, return_sequences=True), lengths)
    for kind, sequences in [("", True), (".last", False)]:
        two = [lstm(return_sequences=True), lstm(return_sequences=sequences)]
        yield f"keras_two_layers_bidirectional_lstm_concat_masked{kind}", run(two, sizes, draw, lengths)


def main():
    *sizes, seed = (int(word) for word in sys.argv[1:])
    random = np.random.default_rng(seed)

    def draw(*shape):
        """Normal numbers that a float32 holds."""
        return (random.standard_normal(shape) * 0.5).astype(np.float32).astype(np.float64)

    batch, time, inputs, hidden = sizes
    file = {"batch": batch, "time": time, "input": inputs, "hidden": hidden}
    framework = f"keras {keras.__version__}, jax {jax.__version__}"
    origin = {"script": "make_keras.py", "seed": seed, "framework": framework}
    print(json.dumps(file | {"origin": origin, "cases": dict(cases(sizes, draw))}, separators=(",", ":")))


main()
