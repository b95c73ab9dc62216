"""How often the intervals that the built program prints hold the true value.

    swift build --product compare-models
    pip install numpy && python3 coverage.py ../../../.build/debug/compare-models

It generates tables of one number and a class, lets the program fit GaussianNB and judge it on test rows, and compares
each interval in comparison.json with the true value of the metric for that model. The number lies on a grid, so the true
value is a sum over the grid: no second simulation is needed. The model's probabilities on the grid are computed here
from the training rows, and compared with the program's own for the test rows.

Everything is seeded: the same program prints the same tables. 100 repetitions take about half an hour of one core.
"""

import argparse
import concurrent.futures
import csv
import itertools
import json
import os
import pathlib
import shutil
import subprocess
import tempfile

import numpy as np

TRAINING_ROWS = 3000
STEP = 0.05
QUALITIES = {"good": 2.0, "near perfect": 5.0}
METRICS = {
    "accuracy": "accuracy", "precision": "precision", "recall": "recall", "f1": "F1",
    "balanced_accuracy": "balanced acc.", "mcc": "MCC", "cohen_kappa": "kappa", "roc_auc": "ROC AUC",
    "log_loss": "log loss",
}


class Population:
    """Classes that are one apart on a line, in units of the distance; the last one's share is given."""

    def __init__(self, classes, share, distance):
        self.names = [f"c{label}" for label in range(classes)]
        self.shares = np.full(classes, (1 - share) / (classes - 1))
        self.shares[-1] = share
        means = distance * np.arange(classes)
        self.grid = np.round(np.arange(means[0] - 6, means[-1] + 6, STEP), 2)
        weights = np.exp(-((self.grid[None] - means[:, None]) ** 2) / 2)
        self.given = weights / weights.sum(axis=1, keepdims=True)
        self.joint = self.shares[:, None] * self.given

    def draw(self, rows, random):
        labels = random.choice(len(self.names), size=rows, p=self.shares)
        chances, places = random.random(rows), np.empty(rows, int)
        for label, given in enumerate(self.given):
            own = labels == label
            places[own] = np.searchsorted(given.cumsum()[:-1], chances[own])
        return labels, places

    def true_values(self, probabilities):
        """Every metric of a model that gives the grid these probabilities (one row per place)."""
        classes = len(self.names)
        predicted = probabilities.argmax(axis=1)
        matrix = np.zeros((classes, classes))
        for label in range(classes):
            matrix[:, label] = self.joint[:, predicted == label].sum(axis=1)
        hits, sizes, guesses = matrix.diagonal(), matrix.sum(axis=1), matrix.sum(axis=0)
        with np.errstate(all="ignore"):
            precision = np.where(guesses > 0, hits / guesses, 0)
            # Not a number where the model never predicts another class; then there is no interval either.
            spread = np.sqrt((1 - (guesses**2).sum()) * (1 - (sizes**2).sum()))
            mcc = (hits.sum() - (sizes * guesses).sum()) / spread
        recall, f1 = hits / sizes, 2 * hits / (sizes + guesses)
        accuracy, chance = hits.sum(), (sizes * guesses).sum()
        pick = (lambda values: values[1]) if classes == 2 else np.mean
        losses = -np.log(np.clip(probabilities, np.finfo(float).eps, 1 - np.finfo(float).eps)).T
        return {
            "accuracy": accuracy, "precision": pick(precision), "recall": pick(recall), "f1": pick(f1),
            "balanced_accuracy": recall.mean(),
            "mcc": mcc,
            "cohen_kappa": (accuracy - chance) / (1 - chance),
            "roc_auc": pick(np.array([self.area(label, probabilities[:, label]) for label in range(classes)])),
            "log_loss": (self.joint * losses).sum(),
            "precision_weighted": (sizes * precision).sum(), "recall_weighted": accuracy,
            "f1_weighted": (sizes * f1).sum(),
        }

    def area(self, label, scores):
        positive = self.given[label]
        rest = np.delete(self.joint, label, axis=0).sum(axis=0) / (1 - self.shares[label])
        _, places = np.unique(scores, return_inverse=True)
        ours, theirs = np.bincount(places, positive), np.bincount(places, rest)
        below = np.concatenate([[0], np.cumsum(theirs)[:-1]])
        return (ours * (below + theirs / 2)).sum()


def naive_bayes(values, labels, grid, classes):
    """GaussianNB's probabilities on the grid."""
    logs = np.empty((grid.size, classes))
    smoothing = 1e-9 * values.var()
    for label in range(classes):
        own = values[labels == label]
        variance = own.var() + smoothing
        logs[:, label] = (np.log(own.size / values.size) - np.log(variance) / 2
                          - (grid - own.mean()) ** 2 / (2 * variance))
    shares = np.exp(logs - logs.max(axis=1, keepdims=True))
    return shares / shares.sum(axis=1, keepdims=True)


def write_table(path, population, labels, places):
    with open(path, "w") as file:
        file.write("x,class\n")
        for label, place in zip(labels, places):
            file.write(f"{population.grid[place]:.2f},{population.names[label]}\n")


def run(program, folder, table, *options):
    output = os.path.join(folder, "run")
    shutil.rmtree(output, ignore_errors=True)
    subprocess.run(
        [program, "--data", table, "--target", "class", "--models", "GaussianNB", "--offline", "--quiet",
         "--threads", "1", "--permutation-repeats", "0", "--output", output, *options],
        check=True, stdout=subprocess.DEVNULL, cwd=folder)
    with open(os.path.join(output, "comparison.json")) as file:
        return output, json.load(file)


def judged(program, folder, population, rows, random):
    """The intervals of one run, and the true values."""
    labels, places = population.draw(TRAINING_ROWS + rows, random)
    table = os.path.join(folder, "table.csv")
    write_table(table, population, labels, places)
    output, document = run(
        program, folder, table, "--seed", str(random.integers(2**31)),
        "--test-fraction", repr(rows / (TRAINING_ROWS + rows)))
    with open(os.path.join(output, "GaussianNB", "predictions.csv")) as file:
        lines = list(csv.DictReader(file))
    test = np.array([int(line["row"]) for line in lines])
    assert abs(len(test) - rows) <= 1
    training = np.setdiff1d(np.arange(labels.size), test)
    probabilities = naive_bayes(
        population.grid[places[training]], labels[training], population.grid, len(population.names))
    for line, row in zip(lines, test):
        assert line["actual"] == population.names[labels[row]]
        own = [float(line["probability_" + name]) for name in population.names]
        assert np.abs(own - probabilities[places[row]]).max() < 1e-5
    return document["statistics"]["models"][0]["validate"], population.true_values(probabilities)


def fold_intervals(program, folder, population, rows, random):
    """The mean accuracy over ten folds, and its interval."""
    labels, places = population.draw(rows, random)
    table = os.path.join(folder, "table.csv")
    write_table(table, population, labels, places)
    _, document = run(
        program, folder, table, "--seed", str(random.integers(2**31)), "--cross-validate", "10", "--no-report")
    model = document["cross_validation"]["models"][0]
    return model["mean"]["accuracy"], model["interval"].get("accuracy")


class Tally:
    def __init__(self):
        self.runs = self.printed = self.held = 0

    def add(self, interval, true):
        self.runs += 1
        if interval is None:
            return
        self.printed += 1
        self.held += interval[0] - 1e-9 <= true <= interval[1] + 1e-9

    def text(self):
        """Coverage; in brackets how often there was an interval, where not always."""
        if self.printed < 20:
            return "–"
        text = f"{self.held / self.printed:.3f}"
        return text if self.printed == self.runs else text + f" ({100 * self.printed / self.runs:.0f} %)"


def print_table(title, cells, keys, key):
    print(f"| {title} | " + " | ".join(METRICS.values()) + " |")
    print("| --- |" + " ---: |" * len(METRICS))
    for wanted in keys:
        texts = []
        for metric in METRICS:
            total = Tally()
            for cell, tallies in cells.items():
                if key(cell) == wanted:
                    for name in ("runs", "printed", "held"):
                        setattr(total, name, getattr(total, name) + getattr(tallies[metric], name))
            texts.append(total.text())
        print("| " + ", ".join(map(str, wanted)) + " | " + " | ".join(texts) + " |")
    print(flush=True)


def cell(program, repetitions, number, classes, quality, share, rows):
    """What one kind of table gives, metric by metric."""
    population = Population(classes, share, QUALITIES[quality])
    random = np.random.default_rng([20261129, number])
    tallies = {metric: Tally() for metric in METRICS}
    with tempfile.TemporaryDirectory() as folder:
        for _ in range(repetitions):
            intervals, true = judged(program, folder, population, rows, random)
            for metric, tally in tallies.items():
                tally.add(intervals[metric]["interval"], true[metric])
    return tallies


def fold_cell(program, repetitions, number, quality, rows):
    population = Population(2, 0.5, QUALITIES[quality])
    random = np.random.default_rng([20261130, number])
    with tempfile.TemporaryDirectory() as folder:
        found = [fold_intervals(program, folder, population, rows, random) for _ in range(repetitions)]
    # The mean over many tables is what one table's mean estimates.
    true = np.mean([mean for mean, _ in found])
    tally = Tally()
    for _, interval in found:
        tally.add(interval, true)
    return tally


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("program", type=lambda path: str(pathlib.Path(path).resolve()))
    parser.add_argument("--repetitions", type=int, default=100)
    parser.add_argument("--jobs", type=int, default=1, help="how many tables at a time; it changes no number")
    arguments = parser.parse_args()
    os.environ.pop("COMET_API_KEY", None)
    designs = list(itertools.product((2, 3, 6), QUALITIES, (0.5, 0.1, 0.01), (30, 100, 1000)))
    fold_designs = list(itertools.product(QUALITIES, (100, 1000)))
    with concurrent.futures.ProcessPoolExecutor(arguments.jobs) as pool:
        task = lambda work, number, design: pool.submit(
            work, arguments.program, arguments.repetitions, number, *design)
        tasks = [task(cell, number, design) for number, design in enumerate(designs)]
        fold_tasks = [task(fold_cell, number, design) for number, design in enumerate(fold_designs)]
        cells = dict(zip(designs, (done.result() for done in tasks)))
        by_rows = lambda cell: (f"{cell[0]} classes", cell[1], f"{cell[3]:,} rows")
        by_share = lambda cell: (f"{cell[0]} classes", cell[1], f"{100 * cell[2]:.0f} %")
        for title, key in (("model and test rows", by_rows), ("model and share of the last class", by_share)):
            print_table(title, cells, dict.fromkeys(map(key, cells)), key)
        print("| mean over ten folds | accuracy |\n| --- | ---: |")
        for (quality, rows), done in zip(fold_designs, fold_tasks):
            print(f"| {quality}, {rows:,} rows | {done.result().text()} |")


if __name__ == "__main__":
    main()
