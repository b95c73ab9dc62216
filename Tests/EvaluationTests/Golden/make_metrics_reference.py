"""Reference metrics of random predictions, computed with scikit-learn.

Usage: python make_metrics_reference.py > metrics-reference.json
Needs scikit-learn 1.9.1 and numpy from PyPI. With more than two classes, precision, recall and F1 are
macro averages with weighted ones beside them, and the area under the curve is the mean over the classes,
each against the rest. A case without all classes has no area. A metric of two classes whose denominator is zero
is null: scikit-learn's `zero_division` is not a number then. Beyond two classes, such a class counts as 0.
"""
import json
import warnings

import numpy as np
from sklearn import metrics

warnings.filterwarnings("ignore")
random = np.random.RandomState(7)


def curve(positive, scores):
    fpr, tpr, thresholds = metrics.roc_curve(positive, scores)
    return {"fpr": fpr.tolist(), "tpr": tpr.tolist(), "thresholds": thresholds[1:].tolist(),
            "auc": float(metrics.auc(fpr, tpr))}


def case(classes, samples, digits, absent=()):
    present = [c for c in range(classes) if c not in absent]
    actual = random.choice(present, samples)
    actual[: len(present)] = present
    # Few digits make many ties, and zeros and ones among the probabilities.
    raw = random.dirichlet(np.full(classes, 0.7), samples) + 0.4 * np.eye(classes)[actual]
    shares = (raw / raw.sum(axis=1, keepdims=True)).round(digits)
    shares[:, -1] = (1 - shares[:, :-1].sum(axis=1)).round(digits).clip(0)
    predicted = shares.argmax(axis=1)
    average = "binary" if classes == 2 else "macro"
    values = {
        "accuracy": metrics.accuracy_score(actual, predicted),
        "balanced_accuracy": metrics.balanced_accuracy_score(actual, predicted),
        "mcc": metrics.matthews_corrcoef(actual, predicted),
        "cohen_kappa": metrics.cohen_kappa_score(actual, predicted),
        "log_loss": metrics.log_loss(actual, shares, labels=range(classes)),
    }
    for name in ("precision", "recall", "f1"):
        score = getattr(metrics, name + "_score")
        values[name] = score(
            actual, predicted, average=average, zero_division=np.nan if classes == 2 else 0)
        if classes > 2:
            values[name + "_weighted"] = score(actual, predicted, average="weighted", zero_division=0)
    if len(set(actual)) == 1 or len(set(predicted)) == 1:
        values["mcc"] = np.nan
    if classes == 2 and absent:
        values["balanced_accuracy"] = np.nan
    positives = [1] if classes == 2 else range(classes)
    entry = {"classes": classes, "actual": actual.tolist(), "probabilities": shares.tolist(), "metrics": values,
             "confusion_matrix": metrics.confusion_matrix(actual, predicted, labels=range(classes)).tolist()}
    if not absent:
        values["roc_auc"] = float(np.mean([metrics.roc_auc_score(actual == c, shares[:, c]) for c in positives]))
        if classes > 2:
            # The same by scikit-learn's own name, where rows sum to one exactly enough for it.
            exact = shares / shares.sum(axis=1, keepdims=True)
            ovr = metrics.roc_auc_score(actual, exact, multi_class="ovr", average="macro")
            assert abs(ovr - np.mean([metrics.roc_auc_score(actual == c, exact[:, c]) for c in positives])) < 1e-12
        entry["curves"] = [curve(actual == c, shares[:, c]) for c in positives]
        entry["curves_of_labels"] = [curve(actual == c, (predicted == c).astype(float)) for c in positives]
    return entry


cases = [case(2, 60, 1), case(2, 60, 3), case(2, 9, 15), case(3, 80, 1), case(3, 80, 15), case(5, 90, 2),
         case(3, 40, 2, absent=[1]), case(4, 30, 1, absent=[0, 3]), case(2, 20, 2, absent=[1]),
         case(2, 20, 2, absent=[0]), case(26, 120, 2)]
for entry in cases:
    entry["metrics"] = {k: (None if np.isnan(v) else float(v)) for k, v in entry["metrics"].items()}
print(json.dumps({"scikit-learn": "1.9.1", "cases": cases}, separators=(",", ":")))
