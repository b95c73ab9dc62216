"""Writes statistics-reference.json: what scipy, statsmodels and numpy make of small cases.

    pip install numpy scipy statsmodels && python make_statistics_reference.py

DeLong's test is in none of them; it is computed here by its definition, pair by pair, with Satterthwaite's degrees of
freedom, and so are the intervals of an area. The Bayesian correlated t-test is computed from its definition with
scipy's Student t. Drawn intervals are those of 400,000 draws by numpy.
"""

import json
import pathlib

import numpy
import scipy
import scipy.optimize
import scipy.stats
import statsmodels
from statsmodels.stats.contingency_tables import mcnemar
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.proportion import proportion_confint

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
                "first_better": one_sided(first, first + second),
                "second_better": one_sided(second, first + second),
            }
        )
    return cases


def one_sided(count, total):
    if total == 0:
        return 1.0
    return float(scipy.stats.binomtest(count, total, alternative="greater").pvalue)


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
    parts = [numpy.cov(by_positive) / len(by_positive[0]), numpy.cov(by_negative) / len(by_negative[0])]
    variances = [part[0, 0] + part[1, 1] - 2 * part[0, 1] for part in parts]
    error = numpy.sqrt(sum(variances))
    degrees = sum(variances) ** 2 / sum(
        variance**2 / (len(side[0]) - 1) for variance, side in zip(variances, (by_positive, by_negative)))
    t = (areas[0] - areas[1]) / error
    return areas, error, t, degrees, 2 * scipy.stats.t.sf(abs(t), degrees)


def delong_cases():
    cases = []
    for count, digits in [(12, 1), (60, 1), (200, 6)]:
        actual = numpy.array(([0, 1] + (random.random_sample(count) < 0.3).astype(int).tolist())[:count])
        first = numpy.round(random.random_sample(count) * 0.7 + 0.3 * actual, digits)
        second = numpy.round(random.random_sample(count) * 0.9 + 0.1 * actual, digits)
        areas, error, t, degrees, p = delong(actual, first, second)
        reach = scipy.stats.t.ppf(0.975, degrees) * error
        cases.append(
            {
                "actual": actual.tolist(),
                "first": first.tolist(),
                "second": second.tolist(),
                "areas": [float(area) for area in areas],
                "standard_error": float(error),
                "t": float(t),
                "degrees_of_freedom": float(degrees),
                "p": float(p),
                "interval": [float(areas[0] - areas[1] - reach), float(areas[0] - areas[1] + reach)],
            }
        )
    return cases


def shares():
    return [
        {"hits": hits, "total": total,
         "interval": [float(end) for end in proportion_confint(hits, total, method="beta")]}
        for hits, total in [(30, 30), (29, 30), (0, 6), (6, 9), (1, 1), (0, 1), (500, 1000), (10337, 10788)]
    ]


def newcombe(area, positives, negatives):
    z = scipy.stats.norm.ppf(0.975)
    s = (positives + negatives) / 2 - 1

    def excess(theta):
        spread = 1 + s * ((1 - theta) / (2 - theta) + theta / (1 + theta))
        return abs(area - theta) - z * numpy.sqrt(theta * (1 - theta) * spread / (positives * negatives))

    low = 0.0 if area == 0 else scipy.optimize.brentq(excess, 1e-15, min(area, 1 - 1e-9), xtol=1e-15)
    high = 1.0 if area == 1 else scipy.optimize.brentq(excess, max(area, 1e-9), 1 - 1e-15, xtol=1e-15)
    return [low, high]


def area_cases():
    """The intervals of single areas: Newcombe's, and DeLong's on the scale of log odds."""
    cases = []
    for actual, scores in [
        ([0] * 7 + [1] * 3, [.1, .2, .2, .3, .4, .6, .7, .3, .8, .9]),
        ([0] * 18 + [1] * 12, list(range(30))),
        ([0] * 20 + [1] * 25, (random.random_sample(45) + numpy.repeat([0, 0.6], [20, 25])).round(2).tolist()),
    ]:
        actual, scores = numpy.array(actual), numpy.array(scores, float)
        pairs = kernel(scores[actual == 1], scores[actual == 0])
        area, (positives, negatives) = pairs.mean(), pairs.shape
        variance = pairs.mean(axis=1).var(ddof=1) / positives + pairs.mean(axis=0).var(ddof=1) / negatives
        logit = None
        if variance > 0:
            reach = scipy.stats.norm.ppf(0.975) * numpy.sqrt(variance) / (area * (1 - area))
            logit = scipy.special.expit(scipy.special.logit(area) + numpy.array([-reach, reach])).tolist()
        cases.append(
            {"actual": actual.tolist(), "scores": scores.tolist(), "area": float(area),
             "logit": logit, "newcombe": newcombe(area, positives, negatives)})
    return cases


def confusion_metrics(cells):
    """Metrics of draws of a confusion matrix, by their keys."""
    hits = numpy.diagonal(cells, axis1=1, axis2=2)
    sizes, guesses, total = cells.sum(axis=2), cells.sum(axis=1), cells.sum(axis=(1, 2))
    precision, recall, f1 = hits / guesses, hits / sizes, 2 * hits / (sizes + guesses)
    chance = (sizes * guesses).sum(axis=1)
    right = hits.sum(axis=1)
    values = {
        "mcc": (right * total - chance)
        / numpy.sqrt((total**2 - (sizes**2).sum(axis=1)) * (total**2 - (guesses**2).sum(axis=1))),
        "cohen_kappa": 1 - (total - right) * total / (total**2 - chance),
    }
    if cells.shape[1] > 2:
        values |= {
            "precision": precision.mean(axis=1), "recall": recall.mean(axis=1), "f1": f1.mean(axis=1),
            "balanced_accuracy": recall.mean(axis=1),
            "f1_weighted": (sizes * f1).sum(axis=1) / total,
            "precision_weighted": (sizes * precision).sum(axis=1) / total,
        }
    return values


def dirichlet_cases():
    generator = numpy.random.default_rng(42)
    cases = []
    for counts in ([[51, 0], [3, 6]], [[300, 40], [20, 640]], [[20, 1, 0], [2, 30, 3], [0, 1, 8]]):
        counts = numpy.array(counts)
        size = len(counts)
        low = (1 - numpy.eye(size)) * 0.5 / (size - 1)
        high = numpy.eye(size) * 0.5
        ends = [
            {key: float(numpy.quantile(values, share)) for key, values in confusion_metrics(
                generator.gamma(counts + more, size=(400_000, size, size))).items()}
            for more, share in ((low, 0.025), (high, 0.975))
        ]
        cases.append(
            {"counts": counts.tolist(), "intervals": {key: [ends[0][key], ends[1][key]] for key in ends[0]}})
    return cases


def loss_case():
    """The Bayesian bootstrap of a mean with one sample more, of the least and of the largest loss."""
    generator = numpy.random.default_rng(43)
    losses = generator.exponential(0.3, 60).round(3)
    ends = []
    for share, more in ((0.025, losses.min()), (0.975, losses.max())):
        weights = generator.exponential(size=(400_000, 61))
        means = weights @ numpy.append(losses, more) / weights.sum(axis=1)
        ends.append(float(numpy.quantile(means, share)))
    return {"losses": losses.tolist(), "interval": ends}


def fold_cases():
    cases = []
    for count, share, rope in [(10, 1 / 9, 0.01), (30, 1 / 9, 0.001), (5, 0.25, 0.05)]:
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
                "reach": float(scipy.stats.t.ppf(0.975, count - 1) * scale),
                "rope": rope,
                "first_better": float(posterior.sf(rope)),
                "equivalent": float(posterior.cdf(rope) - posterior.cdf(-rope)),
                "second_better": float(posterior.cdf(-rope)),
                "interval": [float(end) for end in posterior.ppf([0.025, 0.975])],
            }
        )
    return cases


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
    "shares": shares(),
    "areas": area_cases(),
    "dirichlet": dirichlet_cases(),
    "loss": loss_case(),
}
path = pathlib.Path(__file__).with_name("statistics-reference.json")
path.write_text(json.dumps(reference, separators=(",", ":"), sort_keys=True) + "\n")
