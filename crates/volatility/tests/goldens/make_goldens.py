"""Records what Python computes of the risk of a generated price: arch for GARCH, scikit-learn for the ridge, NumPy for the rest.

Run as: python make_goldens.py SEED > risk.json. Needs arch, numpy, pandas, scikit-learn and scipy; everything is in float64.
"""

import json
import sys

import arch
import numpy as np
import pandas as pd
import sklearn
from arch import arch_model
from sklearn.linear_model import Ridge
from sklearn.preprocessing import StandardScaler

DAYS, TRAINING, HORIZONS = 620, 500, (1, 5, 22)
# Origins with a forecast: all after the training days, every third of which is recorded.
ORIGINS = np.arange(TRAINING, DAYS + 1)
EVERY = 5


def prices(draw):
    """Bars of days whose log variance is a HAR with leverage, from 40 steps a day, rounded to four digits."""
    close, bars = [100.0], []
    log, r = np.full(22, np.log(1e-4)), 0.0
    for _ in range(DAYS + 1):
        mean = 0.3 * log[-1] + 0.35 * log[-5:].mean() + 0.3 * log.mean() + 0.05 * np.log(1e-4) - 25 * min(r, 0.0)
        log = np.r_[log[1:], mean - 0.15 + 0.5 * draw.standard_normal()]
        gap = 0.3 * np.exp(log[-1] / 2) * draw.standard_normal()
        steps = np.exp(log[-1] / 2) * draw.standard_normal(40) / np.sqrt(40)
        path = np.r_[np.log(close[-1]) + gap, np.log(close[-1]) + gap + np.cumsum(steps)]
        bars.append(np.exp([path[0], path.max(), path.min(), path[-1]]))
        r = np.log(bars[-1][3] / close[-1])
        close.append(bars[-1][3])
    return np.round(np.array(bars), 4)


def proxies(bars):
    o, h, l, c = np.log(bars.T)
    before = np.r_[np.nan, c[:-1]]
    r, R, body = c - before, np.fmax(h, before) - np.fmin(l, before), 2 * np.log(2) - 1
    found = {
        "true-range": 0.5 * R**2 - body * r**2,
        "garman-klass": 0.5 * (h - l) ** 2 - body * (c - o) ** 2,
        "parkinson": (h - l) ** 2 / (4 * np.log(2)),
        "rogers-satchell": (h - c) * (h - o) + (l - c) * (l - o),
        "squared-return": r**2,
    }
    return r[1:], {name: values[1:] for name, values in found.items()}


def mean_of_last(x, count):
    """At origin o, the mean of the `count` days before it."""
    return np.r_[np.nan, pd.Series(x).rolling(count).mean().to_numpy()]


def mean_of_next(x, count):
    found = np.full(len(x) + 1, np.nan)
    for origin in range(len(x) - count + 1):
        found[origin] = x[origin : origin + count].mean()
    return found


def lag(x, k):
    """At origin o, the value of the day `k` days before the last one."""
    return np.r_[np.full(k + 1, np.nan), x[: len(x) - k]]


def regressions(r, x):
    means = np.c_[[mean_of_last(x, count) for count in HORIZONS]].T
    leverage = 100 * np.minimum(np.c_[[mean_of_last(r, count) for count in HORIZONS]].T, 0)
    logs = np.log(means)
    lags = np.c_[[lag(np.log(x), k) for k in range(22)]].T
    falls = np.c_[[lag(100 * np.minimum(r, 0), k) for k in range(5)]].T
    sizes = np.c_[[lag(100 * np.abs(r), k) for k in range(5)]].T
    ridge = np.c_[lags, logs[:, 1:], falls, sizes, leverage[:, 1:]]
    models = {"har": means, "har-logs": logs, "har-logs-leverage": np.c_[logs, leverage], "ridge": ridge}
    models["har-logs-smearing"] = logs
    penalties = {h: chosen(ridge, mean_of_next(x, h), h) for h in HORIZONS}
    found = {}
    for name, features in models.items():
        columns = []
        for h in HORIZONS:
            target = mean_of_next(x, h)
            t = np.arange(22, TRAINING - h + 1)
            columns.append(fit(name, features, target, t, penalties[h])(features[ORIGINS]))
        found[name] = np.array(columns).T
    return found, penalties


def fit(name, features, target, t, penalty):
    if name == "ridge":
        scaler = StandardScaler().fit(features[t])
        model = Ridge(alpha=penalty).fit(scaler.transform(features[t]), np.log(target[t]))
        predict = lambda rows: model.predict(scaler.transform(rows))
    else:
        y = target[t] if name == "har" else np.log(target[t])
        b = np.linalg.lstsq(np.c_[np.ones(len(t)), features[t]], y, rcond=None)[0]
        predict = lambda rows: np.c_[np.ones(len(rows)), rows] @ b
    if name == "har":
        return lambda rows: np.clip(predict(rows), target[t].min(), target[t].max())
    errors = np.log(target[t]) - predict(features[t])
    factor = np.exp(errors).mean() if name.endswith("smearing") else np.exp(np.mean(errors**2) / 2)
    return lambda rows: factor * np.exp(predict(rows))


def chosen(features, target, h):
    t = np.arange(22, TRAINING - h + 1)
    k = int(len(t) * 0.8)
    losses = []
    for penalty in (1, 10, 30, 100, 300, 1000, 3000):
        ratio = target[t[k:]] / fit("ridge", features, target, t[: k - h], penalty)(features[t[k:]])
        losses.append(((ratio - np.log(ratio) - 1).mean(), penalty))
    return min(losses)[1]


def smoothed(x):
    found = np.full(len(x) + 1, np.nan)
    found[22] = x[:22].mean()
    for origin in range(23, len(x) + 1):
        found[origin] = 0.94 * found[origin - 1] + 0.06 * x[origin - 1]
    return np.repeat(found[ORIGINS, None], 3, axis=1)


def garch(r):
    """In per cent, as arch likes it; fitted to the training days, and forecasts with these parameters."""
    found = {}
    for name, options in {"garch": dict(), "gjr": dict(o=1), "egarch": dict(o=1, vol="EGARCH")}.items():
        options = {"vol": "GARCH", "p": 1, "q": 1, "dist": "t", **options}
        starts = [None, [0.03, 0.05, 0.05] + [0.05] * (name != "garch") + [0.85, 6.0]]
        fits = [
            arch_model(100 * r[:TRAINING], **options).fit(disp="off", starting_values=s, options={"ftol": 1e-13, "maxiter": 5000})
            for s in starts
        ]
        best = max(fits, key=lambda result: result.loglikelihood)
        p = best.params.to_dict()
        # The variance before the first day is guessed from the training days, whatever follows.
        model = arch_model(100 * r[:TRAINING], **options)
        resids = 100 * r - p["mu"]
        back = model.volatility.backcast(100 * r[:TRAINING] - 100 * r[:TRAINING].mean())
        variance = np.empty(DAYS + 1)
        bounds = np.tile([1e-12, 1e12], (DAYS + 1, 1))
        parameters = best.params.to_numpy()[1:-1]
        model.volatility.compute_variance(parameters, np.r_[resids, 0.0], variance, back, bounds)
        persistence = p["alpha[1]"] + p.get("gamma[1]", 0.0) / 2 + p["beta[1]"]
        columns, next_day = [], variance[ORIGINS]
        if name == "egarch":
            columns = [next_day]
        else:
            path = [next_day]
            for _ in range(21):
                path.append(p["omega"] + persistence * path[-1])
            columns = [np.mean(path[:h], axis=0) for h in HORIZONS]
        found[name] = {
            "parameters": {key.split("[")[0]: value for key, value in p.items()},
            "log_likelihood": best.loglikelihood,
            "forecasts": (np.array(columns).T / 1e4)[::EVERY].tolist(),
            "residuals": ((resids / np.sqrt(variance[:-1]))[:TRAINING]).tolist() if name == "gjr" else None,
        }
    return found


def quantiles(r, x, gjr):
    levels = [0.01, 0.05, 0.95, 0.99]
    history = [np.quantile(r[o - 250 : o], levels).tolist() for o in ORIGINS]
    z = np.quantile(gjr["residuals"], levels)
    forecasts = np.array(gjr["forecasts"])[:, 0]
    filtered = gjr["parameters"]["mu"] / 100 + np.sqrt(forecasts)[:, None] * z
    return {"levels": levels, "historical": history[::EVERY], "filtered": filtered.tolist()}


def main(seed):
    bars = prices(np.random.default_rng(seed))
    r, found = proxies(bars)
    scales = {name: (r[:TRAINING] ** 2).mean() / values[:TRAINING].mean() for name, values in found.items()}
    x = found["true-range"] * scales["true-range"]
    assert x.min() > 0
    models, penalties = regressions(r, x)
    models["random-walk"] = np.array([mean_of_last(x, h)[ORIGINS] for h in HORIZONS]).T
    models["ewma"] = smoothed(r**2)
    models["ewma-of-variances"] = smoothed(x)
    fitted = garch(r)
    quantile = quantiles(r, x, fitted["gjr"])
    for one in fitted.values():
        del one["residuals"]
    origin = {"script": "make_goldens.py", "seed": seed, "arch": arch.__version__, "numpy": np.__version__}
    golden = {
        "origin": {**origin, "scikit-learn": sklearn.__version__},
        "training": TRAINING,
        "origins": ORIGINS[::EVERY].tolist(),
        "bars": dict(zip(("open", "high", "low", "close"), bars.T.tolist())),
        "scales": scales,
        "variances": {name: values[::10].tolist() for name, values in found.items()},
        "realised": {str(h): mean_of_next(x, h)[TRAINING : DAYS - h + 1][::10].tolist() for h in HORIZONS},
        "models": {name: values[::EVERY].tolist() for name, values in models.items()},
        "penalties": [penalties[h] for h in HORIZONS],
        "garch": fitted,
        "quantiles": quantile,
    }
    json.dump(golden, sys.stdout)


main(int(sys.argv[1]))
