"""Writes permutation-reference.json: permutation importances of a fixed rule, by scikit-learn.

    python3 make_permutation_reference.py    # scikit-learn 1.9.1, numpy
"""

import json
import pathlib

import numpy as np
import sklearn
from sklearn.inspection import permutation_importance

assert sklearn.__version__ == "1.9.1", sklearn.__version__


class Rule:
    """Class 1 where a weighted sum of the features is positive."""

    _estimator_type = "classifier"
    classes_ = np.array([0, 1])

    def fit(self, features, labels):
        return self

    def predict(self, features):
        return (features[:, 0] + 0.5 * features[:, 1] - 0.1 * features[:, 2] > 0).astype(int)

    def score(self, features, labels):
        return float(np.mean(self.predict(features) == labels))


def permutations():
    for seed, count, repeats, rows in [(0, 30, 3, 1.0), (42, 200, 5, 1.0), (7, 100, 2, 40)]:
        rng = np.random.RandomState(seed + 100)
        features = np.round(rng.randn(count, 3), 3)
        labels = (features[:, 0] + 0.3 * rng.randn(count) > 0).astype(int)
        result = permutation_importance(
            Rule(), features, labels, n_repeats=repeats, random_state=seed, max_samples=rows)
        yield {
            "seed": seed, "features": features.tolist(), "labels": labels.tolist(),
            "repeats": repeats, "rows": count if rows == 1.0 else rows,
            "drops": result.importances.tolist(), "means": result.importances_mean.tolist(),
            "deviations": result.importances_std.tolist(),
        }


path = pathlib.Path(__file__).with_name("permutation-reference.json")
path.write_text(json.dumps(list(permutations())) + "\n")
