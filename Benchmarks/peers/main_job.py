"""The whole comparison with scikit-learn: from the CSV to the table and a run folder, offline.

Usage: python main_job.py DATA FOLDER [--jobs N] [--intelex] [--models A,B]
Without options it is the original: scikit-learn's defaults, one job, four models.
"""
import argparse
import json
from pathlib import Path

import numpy as np

parser = argparse.ArgumentParser()
parser.add_argument("data")
parser.add_argument("folder", type=Path)
parser.add_argument("--jobs", type=int)
parser.add_argument("--intelex", action="store_true")
parser.add_argument("--models")
arguments = parser.parse_args()
if arguments.intelex:
    from sklearnex import patch_sklearn

    patch_sklearn(verbose=False)

from sklearn.ensemble import HistGradientBoostingClassifier, RandomForestClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import (
    accuracy_score, balanced_accuracy_score, cohen_kappa_score, confusion_matrix, f1_score,
    log_loss, matthews_corrcoef, precision_score, recall_score, roc_auc_score, roc_curve)
from sklearn.naive_bayes import GaussianNB
from sklearn.neighbors import KNeighborsClassifier
from sklearn.tree import DecisionTreeClassifier

from prepare import prepare

names = np.array(["Gold", "Silver"])


def metrics(actual, predicted, probabilities):
    return {
        "accuracy": accuracy_score(actual, predicted),
        "precision": precision_score(actual, predicted),
        "recall": recall_score(actual, predicted),
        "f1": f1_score(actual, predicted),
        "balanced_accuracy": balanced_accuracy_score(actual, predicted),
        "mcc": matthews_corrcoef(actual, predicted),
        "cohen_kappa": cohen_kappa_score(actual, predicted),
        "roc_auc": roc_auc_score(actual, probabilities[:, 1]),
        "log_loss": log_loss(actual, probabilities),
        "confusion_matrix": confusion_matrix(actual, predicted).tolist(),
    }


def curve(actual, scores):
    rates = roc_curve(actual, scores)
    return {name: values.tolist() for name, values in zip(["fpr", "tpr", "thresholds"], rates)}


def write(path, document):
    path.write_text(json.dumps(document, indent=2) + "\n")


training, test, training_labels, test_labels, _, test_rows = prepare(arguments.data)
models = {
    "RandomForest": RandomForestClassifier(random_state=42, n_jobs=arguments.jobs),
    "DecisionTreeClassifier": DecisionTreeClassifier(random_state=42),
    "GaussianNB": GaussianNB(),
    "KNeighborsClassifier": KNeighborsClassifier(n_jobs=arguments.jobs),
}
others = {
    "HistGradientBoostingClassifier": HistGradientBoostingClassifier(random_state=42),
    "LogisticRegression": LogisticRegression(),
}
comparison = []
chosen = arguments.models.split(",") if arguments.models else list(models)
for name in chosen:
    model = (models | others)[name]
    model.fit(training, training_labels)
    report = {"name": name}
    folder = arguments.folder / name
    folder.mkdir(parents=True)
    for part, features, actual in [
        ("train", training, training_labels), ("validate", test, test_labels)
    ]:
        probabilities = model.predict_proba(features)
        predicted = np.argmax(probabilities, axis=1)
        report[part] = metrics(actual, predicted, probabilities)
        write(folder / f"confusion-matrix-{part}.json", report[part]["confusion_matrix"])
    comparison.append(report)
    write(
        folder / "roc-curve.json",
        {"labels": curve(actual, predicted), "probabilities": curve(actual, probabilities[:, 1])})
    lines = ["row,actual,predicted,probability_Gold,probability_Silver"]
    lines += [
        f"{row},{truth},{guess},{gold},{silver}"
        for row, truth, guess, (gold, silver) in zip(
            test_rows, names[test_labels], names[predicted], probabilities.tolist())
    ]
    (folder / "predictions.csv").write_text("\n".join(lines) + "\n")
write(arguments.folder / "comparison.json", comparison)
for report in comparison:
    figures = [f"{value:.4f}" for value in report["validate"].values() if not isinstance(value, list)]
    print(f"{report['name']:24}", *figures)
