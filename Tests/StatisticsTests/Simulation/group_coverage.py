"""Counts how often the intervals for rows in groups hold the true value: the table in docs/statistics.md.

    pip install numpy scipy && python group_coverage.py [SAMPLES]

Two classes, ten rows per group on average. Groups differ in their share of the second class and in how far the
model is off; in uneven ones most rows are of few groups (sizes are lognormal). The intervals are those of
GroupJackknife.swift and GroupIntervals.swift, written again with numpy; the true values are those of a sample of
250,000 groups.
"""

import sys

import numpy
from scipy import stats

random = numpy.random.default_rng(5)
METRICS = ["accuracy", "precision", "recall", "F1", "balanced acc.", "MCC", "kappa", "ROC AUC", "log loss"]
FEWEST = 10


def sample(count, is_uneven, base, spread, skill):
    if is_uneven:
        sizes = numpy.maximum(1, numpy.round(10 * random.lognormal(-0.5, 1, count))).astype(int)
    else:
        sizes = numpy.maximum(1, random.poisson(10, count))
    group = numpy.repeat(numpy.arange(count), sizes)
    n = len(group)
    lean, bias = random.normal(size=(2, count))[:, group] * spread
    actual = (base + lean + random.logistic(size=n) > 0).astype(int)
    score = skill * (2 * actual - 1) + bias + random.normal(size=n) + base / 2
    share = 1 / (1 + numpy.exp(-1.6 * skill * (score - base / 2)))
    return group, actual, numpy.clip(share, 1e-9, 1 - 1e-9)


def measures(tp, fp, fn, tn):
    with numpy.errstate(all="ignore"):
        n = tp + fp + fn + tn
        recall, accuracy = tp / (tp + fn), (tp + tn) / n
        chance = ((tp + fp) * (tp + fn) + (tn + fn) * (tn + fp)) / n**2
        product = (tp + fp) * (tp + fn) * (tn + fp) * (tn + fn)
        return numpy.array([
            accuracy, tp / (tp + fp), recall, 2 * tp / (2 * tp + fp + fn),
            (recall + tn / (tn + fp)) / 2, (tp * tn - fp * fn) / numpy.sqrt(product),
            (accuracy - chance) / (1 - chance),
        ])


def area(actual, share):
    ranks = stats.rankdata(share)
    positives = float(actual.sum())
    pairs = positives * (len(actual) - positives)
    return (ranks[actual == 1].sum() - positives * (positives + 1) / 2) / pairs if pairs else numpy.nan


def evaluated(group, actual, share, count):
    """Each metric, and each without each group; and how many groups have what it is about."""
    guess = (share > 0.5).astype(int)
    cells = [
        numpy.bincount(group, (actual == truth) & (guess == said), count)
        for truth, said in [(1, 1), (0, 1), (1, 0), (0, 0)]
    ]
    loss = -numpy.log(numpy.where(actual == 1, share, 1 - share))
    losses, sizes = numpy.bincount(group, loss, count), numpy.bincount(group, minlength=count)
    totals = [cell.sum() for cell in cells]
    without = numpy.vstack([
        measures(*[total - cell for total, cell in zip(totals, cells)]),
        [area(actual[group != g], share[group != g]) for g in range(count)],
        (losses.sum() - losses) / (sizes.sum() - sizes),
    ])
    tp, fp, fn, tn = cells
    recalls = [
        (hits.sum() / rows.sum(), (hits.sum() - hits) / (rows.sum() - rows), (rows > 0).sum())
        for hits, rows in [(tp, tp + fn), (tn, tn + fp)]
    ]
    met, both = (tp + fn > 0).sum(), min((tp + fn > 0).sum(), (fp + tn > 0).sum())
    support = [count, (tp + fp > 0).sum(), met, (tp + fp + fn > 0).sum(), *[both] * 4, count]
    return numpy.r_[measures(*totals), area(actual, share), loss.mean()], without, support, recalls


def interval(metric, value, without, support):
    if support < FEWEST or not numpy.isfinite(without).all():
        return None
    count = len(without)
    squares = (without - without.mean()) ** 2
    if value == 1 and metric < 4:
        return 0.025 ** (1 / support), 1
    if squares.sum() == 0 or value >= 1 and metric != 8:
        return None
    degrees = max(1, min(count - 1, squares.sum() ** 2 / (squares**2).sum()))
    reach = stats.t.ppf(0.975, degrees) * numpy.sqrt((count - 1) / count * squares.sum())
    if metric == 8:
        return value * numpy.exp(-reach / value), value * numpy.exp(reach / value)
    if metric in (5, 6):
        step = reach / (1 - value**2)
        return numpy.tanh(numpy.arctanh(value) - step), numpy.tanh(numpy.arctanh(value) + step)
    step, middle = reach / (value * (1 - value)), numpy.log(value / (1 - value))
    return 1 / (1 + numpy.exp(step - middle)), 1 / (1 + numpy.exp(-step - middle))


def mean_recall(recalls):
    """The recalls' intervals, squared and added with the correlation of their values without each group."""
    parts = []
    for value, without, count in recalls:
        if value == 0:
            parts.append((0, 1 - 0.025 ** (1 / count)))
        else:
            parts.append(interval(2, value, without, count))
    if None in parts or all(value == 1 for value, _, _ in recalls):
        return None
    spreads = [without - without.mean() for _, without, _ in recalls]
    norm = numpy.sqrt(numpy.prod([(spread**2).sum() for spread in spreads]))
    shared = (spreads[0] * spreads[1]).sum() / norm if norm > 0 else 0
    middle, limits = sum(value for value, _, _ in recalls) / 2, []
    for side in (0, 1):
        one, other = [abs(value - part[side]) for (value, _, _), part in zip(recalls, parts)]
        reach = numpy.sqrt(max(0, one**2 + other**2 + 2 * shared * one * other)) / 2
        limits.append(middle - reach if side == 0 else middle + reach)
    return limits


def main():
    samples = int(sys.argv[1]) if len(sys.argv) > 1 else 200
    print("| groups | " + " | ".join(METRICS) + " |\n| --- |" + " ---: |" * len(METRICS))
    kinds = [
        (spread, base, skill) for spread in (0.7, 1.5) for base in (0, -2.5) for skill in (1, 2.2)
    ]
    for is_uneven in (False, True):
        truths = []
        for spread, base, skill in kinds:
            group, actual, share = sample(250_000, is_uneven, base, spread, skill)
            guess = share > 0.5
            cells = [
                float(((actual == truth) & (guess == said)).sum())
                for truth, said in [(1, 1), (0, 1), (1, 0), (0, 0)]
            ]
            loss = -numpy.log(numpy.where(actual == 1, share, 1 - share)).mean()
            truths.append(numpy.r_[measures(*cells), area(actual, share), loss])
        for count in (30, 60, 200):
            held, made = numpy.zeros((2, len(kinds), len(METRICS)))
            for kind, (spread, base, skill) in enumerate(kinds):
                for _ in range(samples):
                    drawn = sample(count, is_uneven, base, spread, skill)
                    values, without, support, recalls = evaluated(*drawn, count)
                    for metric, value in enumerate(values):
                        found = interval(metric, value, without[metric], support[metric])
                        if metric == 4 and support[4] >= FEWEST:
                            found = mean_recall(recalls)
                        if found is not None:
                            made[kind, metric] += 1
                            held[kind, metric] += found[0] <= truths[kind][metric] <= found[1]
            means, least = held.sum(0) / made.sum(0), (held / made).min(0)
            cells = [f"{mean:.3f} ({low:.3f})" for mean, low in zip(means, least)]
            print(f"| {count}{', uneven' if is_uneven else ''} | " + " | ".join(cells) + " |", flush=True)


main()
