"""Records conformal radii by NumPy: np.quantile for split prediction, equation 2 of Gibbs and Candès (2021) for the adaptive way.

Run as: python make_conformal.py SEED > conformal.json. Needs numpy; everything is in float64.
"""

import json
import sys

import numpy as np

DAYS, CALIBRATION, RATE = 400, 200, 0.005


def radius(scores, miss):
    """The least score that the share 1 - miss of the scores and one unknown more lie within."""
    level = (len(scores) + 1) * (1 - miss) / len(scores)
    return np.inf if level > 1 + 1e-12 else np.quantile(scores, min(level, 1), method="inverted_cdf")


def adaptive(scores, miss):
    level, radii = miss, []
    for day in range(CALIBRATION, DAYS + 1):
        kept = scores[day - CALIBRATION : day]
        radii.append(radius(kept, level) if level < 1 else -np.inf)
        if day < DAYS:
            level += RATE * (miss - (scores[day] > radii[-1]))
    return radii


def main(seed):
    draw = np.random.default_rng(seed)
    # Calm days, then twice as stormy ones, of heavy tails.
    scores = np.round(np.abs(draw.standard_t(4, DAYS)) * np.repeat([1.0, 2.0], [250, 150]), 6)
    origin = {"script": "make_conformal.py", "seed": seed, "numpy": np.__version__}
    found = {}
    for miss in (0.05, 0.1, 0.2):
        first, last = radius(scores[:CALIBRATION], miss), radius(scores[-CALIBRATION:], miss)
        found[str(miss)] = {"split": [first, last], "adaptive": adaptive(scores, miss)}
    assert all(np.isfinite(one["adaptive"]).all() for one in found.values())
    json.dump({"origin": origin, "scores": scores.tolist(), "radii": found}, sys.stdout)


main(int(sys.argv[1]))
