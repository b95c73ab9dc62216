"""Writes report-curves-reference.json: precision-recall and calibration curves of scikit-learn.

    python3 make_report_curves_reference.py    # scikit-learn 1.9.1, numpy
"""

import json
import pathlib

import numpy as np
import sklearn
from sklearn.calibration import calibration_curve
from sklearn.metrics import (average_precision_score, brier_score_loss,
                             precision_recall_curve)

assert sklearn.__version__ == "1.9.1", sklearn.__version__


def scores(case):
    rng = np.random.RandomState(case)
    count = [1, 2, 5, 40, 300, 300][case]
    actual = rng.randint(0, 2, count)
    # Few distinct values make ties, borders of bins among them.
    values = rng.randint(0, 11, count) / 10 if case % 2 else rng.rand(count)
    if case == 0:
        actual[:] = 1
    return actual, values


def curves():
    for case in range(6):
        actual, values = scores(case)
        precision, recall, thresholds = precision_recall_curve(actual, values)
        observed, predicted = calibration_curve(actual, values, n_bins=10, pos_label=1)
        yield {
            "actual": actual.tolist(), "scores": values.tolist(),
            "precision": precision.tolist(), "recall": recall.tolist(),
            "thresholds": thresholds.tolist(),
            "average_precision": average_precision_score(actual, values),
            "observed": observed.tolist(), "predicted": predicted.tolist(),
        }


def brier_scores():
    """Brier scores of two and of more classes."""
    rng = np.random.RandomState(7)
    for classes in (2, 3, 5):
        actual = rng.randint(0, classes, 40)
        shares = rng.dirichlet(np.ones(classes), 40)
        score = (brier_score_loss(actual, shares[:, 1]) if classes == 2
                 else brier_score_loss(actual, shares, labels=list(range(classes))))
        yield {"actual": actual.tolist(), "probabilities": shares.tolist(), "brier": float(score)}


path = pathlib.Path(__file__).with_name("report-curves-reference.json")
path.write_text(json.dumps({"curves": list(curves()), "brier": list(brier_scores())}) + "\n")
