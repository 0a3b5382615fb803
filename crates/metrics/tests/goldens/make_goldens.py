"""Records what NumPy and SciPy compute of forecasts of risk.

Run as: python make_goldens.py SEED > risk.json. Needs numpy and scipy; everything is in float64.
"""

import json
import sys

import numpy as np
import scipy
from scipy import stats


def qlike(truth, forecast):
    ratio = truth / forecast
    return ratio - np.log(ratio) - 1


def mincer_zarnowitz(truth, forecast):
    """By least squares; R^2 as the squared correlation."""
    truth, forecast = np.log(truth), np.log(forecast)
    rows = np.c_[np.ones_like(forecast), forecast]
    intercept, slope = np.linalg.lstsq(rows, truth, rcond=None)[0]
    return {"intercept": intercept, "slope": slope, "r2": np.corrcoef(truth, forecast)[0, 1] ** 2}


def diebold_mariano(first, second, horizon):
    d = first - second
    n = len(d)
    lags = max(int(np.ceil(n ** (1 / 3))), 2 * (horizon - 1))
    centred = d - d.mean()
    variance = centred @ centred / n
    for k in range(1, lags + 1):
        variance += 2 * (1 - k / (lags + 1)) * (centred[k:] @ centred[:-k]) / n
    statistic = d.mean() / np.sqrt(variance / n)
    statistic *= np.sqrt((n + 1 - 2 * horizon + horizon * (horizon - 1) / n) / n)
    return {"horizon": horizon, "statistic": statistic, "p_value": 2 * stats.t.sf(abs(statistic), n - 1)}


def log_likelihood(hits, days, rate):
    return stats.binom.logpmf(hits, days, rate) - stats.binom.logpmf(hits, days, hits / days) if days else 0.0


def coverage(hits, level):
    """Kupiec and Christoffersen by binomial probabilities, in which the number of orders cancels."""
    n, x = len(hits), int(hits.sum())
    unconditional = -2 * log_likelihood(x, n, level)
    before, after = hits[:-1], hits[1:]
    pooled = after.sum() / len(after)
    independence = 0.0
    for state in (False, True):
        days = int((before == state).sum())
        independence -= 2 * log_likelihood(int(after[before == state].sum()), days, pooled)
    tests = {"unconditional": (unconditional, 1), "independence": (independence, 1)}
    tests["conditional"] = (unconditional + independence, 2)
    found = {name: {"statistic": s, "p_value": stats.chi2.sf(s, df)} for name, (s, df) in tests.items()}
    return {"level": level, "hits": hits.astype(int).tolist(), **found}


def pinball(truth, quantile, level):
    distance = truth - quantile
    return np.where(distance >= 0, level * distance, (level - 1) * distance)


def main(seed):
    draw = np.random.default_rng(seed)
    n = 300
    log_variance = np.zeros(n)
    for day in range(1, n):
        log_variance[day] = 0.9 * log_variance[day - 1] + 0.4 * draw.standard_normal()
    truth = np.exp(log_variance) * draw.chisquare(5, n) / 5
    forecasts = [np.exp(0.9 * log_variance + 0.2 * draw.standard_normal(n)), np.exp(0.5 * log_variance)]
    losses = [qlike(truth, forecast) for forecast in forecasts]
    variance = [
        {
            "forecast": forecast.tolist(),
            "qlike": loss.mean(),
            "qlike_without_worst": np.sort(loss)[:-5].mean(),
            "log_mse": np.mean(np.log(truth / forecast) ** 2),
            "in_logs": mincer_zarnowitz(truth, forecast),
            "ratio": forecast.mean() / truth.mean(),
        }
        for forecast, loss in zip(forecasts, losses)
    ]
    tests = [diebold_mariano(losses[0][:n], losses[1][:n], horizon) for horizon in (1, 5, 22)]
    tests += [{"days": 60, **diebold_mariano(losses[0][:60], losses[1][:60], 22)}]
    clustered = np.zeros(n, bool)
    clustered[100:112] = True
    hits = [(draw.random(n) < 0.05, 0.05), (clustered, 0.05), (draw.random(n) < 0.02, 0.01), (draw.random(n) < 0.9, 0.95)]
    returns = np.sqrt(truth[:40]) * draw.standard_t(5, 40)
    levels = np.arange(1, 200) / 200
    shape = stats.t.ppf(levels, 5)
    sample = draw.standard_t(5, 30)
    pairs = np.abs(sample[:, None] - sample[None]).mean() / 2
    quantiles = {
        "returns": returns.tolist(),
        "quantiles": shape.tolist(),
        "pinball": [{"level": levels[k], "mean": pinball(returns, shape[k], levels[k]).mean()} for k in (1, 9, 189, 197)],
        "crps": [2 * 0.005 * pinball(r, shape, levels).sum() for r in returns],
        "sample": sample.tolist(),
        "crps_of_sample": [np.abs(sample - r).mean() - pairs for r in returns],
    }
    origin = {"script": "make_goldens.py", "seed": seed, "numpy": np.__version__, "scipy": scipy.__version__}
    golden = {
        "origin": origin,
        "truth": truth.tolist(),
        "variance": variance,
        "diebold_mariano": tests,
        "coverage": [coverage(*pair) for pair in hits],
        "quantiles": quantiles,
    }
    json.dump(golden, sys.stdout)


main(int(sys.argv[1]))
