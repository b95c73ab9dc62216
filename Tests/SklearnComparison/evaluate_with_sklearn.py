"""Compares what `compare-models evaluate` says with scikit-learn's metrics, on saved models and new tables.

Usage: python evaluate_with_sklearn.py PATH_TO_COMPARE_MODELS
Needs scikit-learn 1.9.1, numpy and pandas from PyPI.

Models are trained on some rows of a table and evaluated on others, which lack cells, have one class only, or are
distributed otherwise. Metrics, the baseline's, areas, curves and the Brier score must be those of scikit-learn for the
labels and probabilities of predictions.csv (1e-12); these must be the ones of `predict` (exactly), and drift must be the
population stability index that numpy computes over the bins of scaler.json (1e-12).
"""
import csv
import json
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
import pandas as pd
from sklearn import metrics

from compare_with_sklearn import MODELS, expected_metrics

LIMIT = 1e-12


def table(random, rows, classes, shift=0.0, missing=0.0):
    frame = pd.DataFrame({f"x{i}": (random.normal(size=rows) + shift * i).round(3) for i in range(3)})
    frame["whole"] = random.randint(0, 9, rows)
    frame["colour"] = random.choice(["red", "Green", "blue", "é"], rows)
    score = frame.x0 + 0.3 * frame.whole + (frame.colour == "red") + random.normal(size=rows) * 0.7
    names = ["a", "b, or c", 'say "d"', "é"][:classes]
    target = np.array(names)[np.searchsorted(np.quantile(score, np.arange(1, classes) / classes), score)]
    frame = frame.astype(object)
    for column in frame:
        frame.loc[random.rand(rows) < missing, column] = ""
    return frame.assign(target=target)


def cases():
    """A name, the rows to learn from, those to judge on, and options of the run."""
    for seed in range(24):
        random = np.random.RandomState(seed)
        classes = int(random.choice([2, 2, 3, 4]))
        options = [[], ["--encode", "one-hot"], ["--missing", "native"]][seed % 3]
        if classes == 2 and seed % 4 == 1:
            options = options + ["--cost", "b, or c>a=3"]
        learn = table(random, int(random.choice([200, 800])), classes, missing=0.05)
        judge = table(random, int(random.choice([30, 250, 2000])), classes, random.choice([0.0, 0.4]), 0.1)
        if seed % 6 == 5:
            judge = judge[judge.target == "a"]
        yield f"table-{seed}", learn, judge, ["--target", "target"] + options
    diamonds = pd.read_csv(Path(__file__).parents[2] / "data/diamonds.csv")
    order = np.random.RandomState(1).permutation(len(diamonds))
    yield "diamonds", diamonds.iloc[order[:20000]], diamonds.iloc[order[20000:]], []


def shares_of(column, frame, missing_words):
    """The share of the rows in each bin of a column of scaler.json."""
    values = pd.to_numeric(frame[column["name"]], errors="coerce").to_numpy(float)
    values = np.where(np.isnan(values), column.get("median", np.nan), values)
    places = np.searchsorted(column["bin_edges"], values, side="left")
    return np.bincount(places, minlength=len(column["bin_shares"])) / len(values)


def stability(found, training):
    found, training = np.maximum(found, 1e-4), np.maximum(training, 1e-4)
    return float(np.sum((found - training) * np.log(found / training)))


def differences(found, expected, place=""):
    if (found is None) != (expected is None):
        return [f"{place} is {found}, not {expected}"]
    if found is not None and not np.allclose(found, expected, rtol=0, atol=LIMIT):
        return [f"{place} is {found}, not {expected}"]
    return []


def problems_of(folder, model, evaluation, judge):
    problems = []
    with open(folder / "judged" / "predictions.csv", newline="") as file:
        lines = list(csv.reader(file))[1:]
    names = evaluation["classes"]
    actual, predicted = (np.array([names.index(line[place]) for line in lines]) for place in (1, 2))
    shares = np.array([[float(cell) for cell in line[3:]] for line in lines])
    found = evaluation["metrics"]
    for key, value in expected_metrics(actual, predicted, shares).items():
        problems += differences(found.get(key), value, key)
    matrix = metrics.confusion_matrix(actual, predicted, labels=range(len(names)))
    if found["confusion_matrix"] != matrix.tolist():
        problems.append("another confusion matrix")
    positive = [(1, names[1])] if len(names) == 2 else list(enumerate(names))
    one_hot = np.eye(len(names))[actual]
    brier = np.mean((shares[:, 1] - one_hot[:, 1]) ** 2) if len(names) == 2 else np.mean(np.sum((shares - one_hot) ** 2, 1))
    problems += differences(evaluation["brier_score"], brier, "brier_score")
    curves = json.loads((folder / "judged" / "roc-curve.json").read_text())["probabilities"]
    for (label, name), curve in zip(positive, curves):
        truth = one_hot[:, label]
        if 0 < truth.sum() < len(truth):
            rates = metrics.roc_curve(truth, shares[:, label])
            problems += differences(curve["fpr"], rates[0], f"fpr of {name}")
            problems += differences(curve["tpr"], rates[1], f"tpr of {name}")
            problems += differences(curve["auc"], metrics.roc_auc_score(truth, shares[:, label]), f"auc of {name}")
    label = names.index(evaluation["baseline"]["class"])
    always = np.eye(len(names))[[label] * len(actual)]
    for key, value in expected_metrics(actual, np.full(len(actual), label), always).items():
        problems += differences(evaluation["baseline"]["metrics"].get(key), value, f"baseline {key}")
    for column in json.loads((model / "scaler.json").read_text())["columns"]:
        if column["kind"] == "numbers":
            drift = next(one for one in evaluation["drift"]["features"] if one["name"] == column["name"])
            expected = shares_of(column, judge, [])
            problems += differences(drift["evaluated"], expected, f"shares of {column['name']}")
            index = stability(expected, np.array(column["bin_shares"]))
            problems += differences(drift["stability_index"], index, f"index of {column['name']}")
    return problems, lines


def main(program):
    failures = 0
    for name, learn, judge, options in cases():
        with tempfile.TemporaryDirectory() as place:
            folder = Path(place)
            learn.to_csv(folder / "learn.csv", index=False)
            judge.to_csv(folder / "judge.csv", index=False)
            run = subprocess.run(
                [program, "--data", "learn.csv", "--offline", "--no-report", "--output", "run",
                 "--models", ",".join(MODELS), "--set", "RandomForest.n_estimators=20", *options], cwd=folder,
                capture_output=True, text=True)
            assert run.returncode == 0, run.stderr
            for model in MODELS:
                path = folder / "run" / model
                outcome = subprocess.run(
                    [program, "evaluate", path, "--data", "judge.csv", "--offline", "--output", "judged"],
                    cwd=folder, capture_output=True, text=True)
                assert outcome.returncode == 0, outcome.stderr
                evaluation = json.loads((folder / "judged" / "evaluation.json").read_text())
                problems, lines = problems_of(folder, path, evaluation, judge)
                predicted = subprocess.run(
                    [program, "predict", "--model", path, "--data", "judge.csv"], cwd=folder, capture_output=True,
                    text=True, check=True)
                rows = list(csv.reader(predicted.stdout.splitlines()))[1:]
                width = len(judge.columns)
                if [row[width:] for row in rows] != [line[2:] for line in lines]:
                    problems.append("other predictions than those of predict")
                subprocess.run(["rm", "-r", folder / "judged"], check=True)
                failures += bool(problems)
                print(("differs " if problems else "same    ") + f"{name} {model}", flush=True)
                for problem in problems:
                    print("        " + problem, flush=True)
    return failures


if __name__ == "__main__":
    sys.exit(1 if main(sys.argv[1]) else 0)
