"""How often the built program's tests see a difference where there is none.

    swift build --product compare-models
    pip install numpy && python3 errors.py ../../../.build/debug/compare-models

The tables have two random numbers and a class that depends on neither, so that whatever a model has learned, it is
right on one row in k where k classes are equally frequent, its area under the ROC curve is 0.5, and it is never better
than always predicting the most frequent class. A test errs where its p is below 0.05.

Everything is seeded: the same program prints the same tables. 400 repetitions take about ten minutes on one core.
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

TRAINING_ROWS = 300
LEVEL = 0.05
# The share of the last class; nothing where all classes are equally frequent.
DESIGNS = list(itertools.product([(2, None), (2, 0.1), (2, 0.01), (3, None), (6, None)], (30, 100, 1000)))
FOLD_DESIGNS = list(itertools.product([(2, None), (2, 0.1), (3, None)], (100, 1000)))


def table(path, kind, rows, random):
    classes, share = kind
    shares = np.full(classes, 1 / classes) if share is None else np.array([1 - share, share])
    # Two rows of each class, without which there would be nothing to learn.
    labels = np.concatenate([np.repeat(np.arange(classes), 2),
                             random.choice(classes, size=rows - 2 * classes, p=shares)])
    numbers = random.normal(size=(rows, 2))
    with open(path, "w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["a", "b", "class"])
        for label, (a, b) in zip(labels, numbers):
            writer.writerow([f"{a:.4f}", f"{b:.4f}", f"c{label}"])


def run(program, folder, random, *options):
    output = os.path.join(folder, "run")
    shutil.rmtree(output, ignore_errors=True)
    subprocess.run(
        [program, "--data", "table.csv", "--target", "class", "--exclude", "RandomForest", "--offline", "--quiet",
         "--threads", "1", "--permutation-repeats", "0", "--seed", str(random.integers(2**31)), "--output", output,
         *options], check=True, stdout=subprocess.DEVNULL, cwd=folder)
    with open(os.path.join(output, "comparison.json")) as file:
        return json.load(file)


class Rate:
    def __init__(self):
        self.wrong = self.all = 0

    def add(self, wrong):
        self.all += 1
        self.wrong += bool(wrong)

    def text(self):
        return "–" if self.all < 100 else f"{self.wrong / self.all:.3f}"


def split_cell(program, repetitions, number, kind, rows):
    random = np.random.default_rng([20261201, number])
    names = ["mcnemar", "any mcnemar", "delong", "any delong", "any better", "best"]
    rates = {name: Rate() for name in names}
    with tempfile.TemporaryDirectory() as folder:
        for _ in range(repetitions):
            table(os.path.join(folder, "table.csv"), kind, TRAINING_ROWS + rows, random)
            found = run(program, folder, random, "--test-fraction", repr(rows / (TRAINING_ROWS + rows)))["statistics"]
            pairs = found["pairs"]
            # Only equally frequent classes make all models right equally often.
            if kind[1] is None:
                for pair in pairs:
                    rates["mcnemar"].add(pair["mcnemar"]["p"] < LEVEL)
                rates["any mcnemar"].add(min(pair["mcnemar_p_holm"] for pair in pairs) < LEVEL)
                best = found["best"].get("accuracy")
                if best and best["interval"]:
                    low, high = best["interval"]
                    rates["best"].add(not low <= 1 / kind[0] <= high)
            areas = [pair for pair in pairs if pair.get("delong")]
            for pair in areas:
                rates["delong"].add(pair["delong"]["p"] < LEVEL)
            if areas:
                rates["any delong"].add(min(pair["delong_p_holm"] for pair in areas) < LEVEL)
            rates["any better"].add(min(model["better_p_holm"] for model in found["baseline"]) < LEVEL)
    return rates


def fold_cell(program, repetitions, number, kind, rows):
    random = np.random.default_rng([20261202, number])
    rates = {"resampled": Rate(), "any resampled": Rate(), "area": Rate(), "any area": Rate()}
    with tempfile.TemporaryDirectory() as folder:
        for _ in range(repetitions):
            # A fifth of the rows are test rows, which are not divided into folds.
            table(os.path.join(folder, "table.csv"), kind, round(rows / 0.8), random)
            found = run(program, folder, random, "--cross-validate", "10", "--no-report")["cross_validation"]
            for metric, name in (("accuracy", "resampled"), ("roc_auc", "area")):
                if metric == "accuracy" and kind[1] is not None:
                    continue
                tests = [pair["metrics"][metric] for pair in found["pairs"] if pair["metrics"].get(metric)]
                for test in tests:
                    rates[name].add(test["resampled"]["p"] < LEVEL)
                if tests:
                    rates["any " + name].add(min(test["resampled_p_holm"] for test in tests) < LEVEL)
    return rates


def words(kind, rows):
    classes, share = kind
    return f"{classes} classes, " + ("equal" if share is None else f"{100 * share:.0f} %") + f", {rows:,} rows"


def print_table(title, columns, designs, tasks):
    print(f"| {title} | " + " | ".join(columns.values()) + " |\n| --- |" + " ---: |" * len(columns))
    for (kind, rows), task in zip(designs, tasks):
        rates = task.result()
        print(f"| {words(kind, rows)} | " + " | ".join(rates[name].text() for name in columns) + " |")
    print(flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("program", type=lambda path: str(pathlib.Path(path).resolve()))
    parser.add_argument("--repetitions", type=int, default=400)
    parser.add_argument("--jobs", type=int, default=1, help="how many tables at a time; it changes no number")
    arguments = parser.parse_args()
    os.environ.pop("COMET_API_KEY", None)
    with concurrent.futures.ProcessPoolExecutor(arguments.jobs) as pool:
        start = lambda work, designs: [
            pool.submit(work, arguments.program, arguments.repetitions, number, *design)
            for number, design in enumerate(designs)]
        splits, folds = start(split_cell, DESIGNS), start(fold_cell, FOLD_DESIGNS)
        print_table(
            "classes and test rows",
            {"mcnemar": "McNemar's", "any mcnemar": "any pair, Holm", "delong": "DeLong's",
             "any delong": "any pair, Holm", "any better": "any model better than the baseline",
             "best": "the best one's interval misses"}, DESIGNS, splits)
        print_table(
            "classes and rows in ten folds",
            {"resampled": "accuracy", "any resampled": "any pair, Holm", "area": "area under the ROC curve",
             "any area": "any pair, Holm"}, FOLD_DESIGNS, folds)


if __name__ == "__main__":
    main()
