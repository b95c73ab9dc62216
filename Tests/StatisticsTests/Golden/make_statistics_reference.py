"""Writes statistics-reference.json: what scipy, statsmodels and numpy make of small cases.

    pip install numpy scipy statsmodels && python make_statistics_reference.py

DeLong's test is in none of them; it is computed here by its definition, pair by pair. The Bayesian
correlated t-test is computed from its definition with scipy's Student t.
"""

import json
import pathlib

import numpy
import scipy
import scipy.stats
import statsmodels
from statsmodels.stats.contingency_tables import mcnemar
from statsmodels.stats.multitest import multipletests

random = numpy.random.RandomState(42)


def distributions():
    points = [-9.5, -3.0, -1.2, -0.3, 0.0, 0.7, 1.9599639845400545, 4.0, 7.5]
    shares = [1e-12, 1e-4, 0.025, 0.3, 0.5, 0.8, 0.975, 0.9999]
    return {
        "normal": {
            "points": points,
            "cumulative": scipy.stats.norm.cdf(points).tolist(),
            "two_sided": (2 * scipy.stats.norm.sf(numpy.abs(points))).tolist(),
            "shares": shares,
            "quantiles": scipy.stats.norm.ppf(shares).tolist(),
        },
        "student": [
            {
                "degrees_of_freedom": degrees,
                "points": points,
                "cumulative": scipy.stats.t.cdf(points, degrees).tolist(),
                "two_sided": (2 * scipy.stats.t.sf(numpy.abs(points), degrees)).tolist(),
                "shares": shares[1:],
                "quantiles": scipy.stats.t.ppf(shares[1:], degrees).tolist(),
            }
            for degrees in (1, 2, 9, 29.5, 300)
        ],
    }


def mcnemar_cases():
    cases = []
    for first, second in [(0, 0), (1, 0), (3, 9), (12, 12), (0, 24), (13, 12), (40, 20), (272, 132)]:
        exact = first + second < 25
        test = mcnemar([[100, first], [second, 50]], exact=exact, correction=True)
        cases.append(
            {
                "first_only": first,
                "second_only": second,
                "exact": exact,
                "statistic": None if exact else float(test.statistic),
                "p": float(test.pvalue),
            }
        )
    return cases


def holm():
    probabilities = [0.01, 0.04, 0.03, 0.005, 0.04, 0.9]
    return {
        "probabilities": probabilities,
        "corrected": multipletests(probabilities, method="holm")[1].tolist(),
    }


def kernel(positives, negatives):
    return (positives[:, None] > negatives[None, :]) + 0.5 * (
        positives[:, None] == negatives[None, :]
    )


def delong(actual, first, second):
    """The variance of the difference from the definition: components per positive and negative."""
    areas, by_positive, by_negative = [], [], []
    for scores in (first, second):
        pairs = kernel(scores[actual == 1], scores[actual == 0])
        areas.append(pairs.mean())
        by_positive.append(pairs.mean(axis=1))
        by_negative.append(pairs.mean(axis=0))
    covariance = numpy.cov(by_positive) / len(by_positive[0])
    covariance += numpy.cov(by_negative) / len(by_negative[0])
    error = numpy.sqrt(covariance[0, 0] + covariance[1, 1] - 2 * covariance[0, 1])
    z = (areas[0] - areas[1]) / error
    return areas, error, z, 2 * scipy.stats.norm.sf(abs(z))


def delong_cases():
    cases = []
    for count, digits in [(12, 1), (60, 1), (200, 6)]:
        actual = numpy.array(([0, 1] + (random.random_sample(count) < 0.3).astype(int).tolist())[:count])
        first = numpy.round(random.random_sample(count) * 0.7 + 0.3 * actual, digits)
        second = numpy.round(random.random_sample(count) * 0.9 + 0.1 * actual, digits)
        areas, error, z, p = delong(actual, first, second)
        cases.append(
            {
                "actual": actual.tolist(),
                "first": first.tolist(),
                "second": second.tolist(),
                "areas": [float(area) for area in areas],
                "standard_error": float(error),
                "z": float(z),
                "p": float(p),
            }
        )
    return cases


def fold_cases():
    cases = []
    for count, share, rope in [(10, 1 / 9, 0.01), (30, 1 / 9, 0.001), (5, 0.25, 0.05), (2, 1.0, 0.01)]:
        differences = numpy.round(random.normal(0.01, 0.02, count), 4)
        mean = differences.mean()
        scale = numpy.sqrt((1 / count + share) * differences.var(ddof=1))
        t = mean / scale
        posterior = scipy.stats.t(count - 1, mean, scale)
        cases.append(
            {
                "differences": differences.tolist(),
                "test_share": share,
                "mean": float(mean),
                "standard_error": float(scale),
                "t": float(t),
                "p": float(2 * scipy.stats.t.sf(abs(t), count - 1)),
                "rope": rope,
                "first_better": float(posterior.sf(rope)),
                "equivalent": float(posterior.cdf(rope) - posterior.cdf(-rope)),
                "second_better": float(posterior.cdf(-rope)),
                "interval": [float(end) for end in posterior.ppf([0.025, 0.975])],
            }
        )
    return cases


def bootstrap_case(values, statistic, count):
    result = {}
    for method in ("percentile", "BCa"):
        test = scipy.stats.bootstrap(
            (values,), statistic, n_resamples=count, method=method,
            rng=numpy.random.default_rng(42), vectorized=False,
        )
        result[method.lower()] = [float(end) for end in test.confidence_interval]
        result["replicates"] = test.bootstrap_distribution.tolist()
        result["standard_error"] = float(test.standard_error)
    index = numpy.arange(len(values))
    result["estimate"] = float(statistic(values))
    result["leaving_one_out"] = [float(statistic(values[index != i])) for i in index]
    return result


def bootstrap_cases():
    skewed = numpy.round(random.exponential(1, 25), 3)
    hits = (random.random_sample(40) < 0.8).astype(float)
    return [
        bootstrap_case(skewed, numpy.mean, 199),
        bootstrap_case(skewed, numpy.median, 199),
        bootstrap_case(hits, numpy.mean, 199),
    ]


reference = {
    "made_with": {
        "numpy": numpy.__version__,
        "scipy": scipy.__version__,
        "statsmodels": statsmodels.__version__,
    },
    "distributions": distributions(),
    "mcnemar": mcnemar_cases(),
    "holm": holm(),
    "delong": delong_cases(),
    "folds": fold_cases(),
    "bootstrap": bootstrap_cases(),
}
path = pathlib.Path(__file__).with_name("statistics-reference.json")
path.write_text(json.dumps(reference, separators=(",", ":"), sort_keys=True) + "\n")
