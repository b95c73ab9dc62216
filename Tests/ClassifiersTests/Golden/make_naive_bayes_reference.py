"""Reference values of Gaussian naive Bayes on small tables, computed with scikit-learn.

Usage: python make_naive_bayes_reference.py > naive-bayes-reference.json
Needs scikit-learn 1.9.1 and numpy from PyPI.
"""
import json

import numpy as np
from sklearn.naive_bayes import GaussianNB

random = np.random.RandomState(3)
cases = []
for classes, samples, features, parameters in [
    (2, 30, 3, {}),
    (3, 40, 4, {}),
    (3, 40, 4, {"priors": [0.2, 0.5, 0.3]}),
    (2, 25, 2, {"priors": [0.999999, 0.000001]}),
    (4, 60, 5, {"var_smoothing": 0.1}),
    (2, 20, 3, {"var_smoothing": 0.0}),
    (5, 50, 1, {"priors": [0.1, 0.2, 0.3, 0.25, 0.15], "var_smoothing": 1e-3}),
]:
    labels = np.arange(samples) % classes
    values = (random.normal(size=(samples, features)) * 2 + labels[:, None] * 0.7).round(3)
    # Far from everything: densities vanish, and only their ratios are left.
    queries = np.vstack([values[:10], random.normal(size=(5, features)) * 100]).round(3)
    model = GaussianNB(**parameters).fit(values, labels)
    cases.append({
        "classes": classes, "parameters": parameters, "values": values.tolist(), "labels": labels.tolist(),
        "queries": queries.tolist(), "means": model.theta_.ravel().tolist(), "variances": model.var_.ravel().tolist(),
        "epsilon": float(model.epsilon_), "probabilities": model.predict_proba(queries).ravel().tolist(),
        "predictions": model.predict(queries).tolist()})
print(json.dumps({"scikit-learn": "1.9.1", "cases": cases}, separators=(",", ":")))
