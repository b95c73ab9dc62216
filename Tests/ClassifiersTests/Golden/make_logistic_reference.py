"""Reference values of logistic regression, computed with scikit-learn, and standard errors with statsmodels.

Usage: python make_logistic_reference.py ../../../data/diamonds.csv > logistic-reference.json
Needs scikit-learn 1.9.1, numpy, pandas and statsmodels 0.15.0 from PyPI.

Small tables have their rows in the file. Coefficients are those of newton-cholesky at tol=1e-12, class by class with the
intercept behind each row; `lbfgs_loss` is the objective, summed over the rows, at the coefficients of lbfgs with its
default tolerance. Standard errors are statsmodels' where there is no penalty and no class weight: of Logit, and of MNLogit
once coefficients sum to zero over the classes, as scikit-learn has them.
"""
import hashlib
import json
import sys
import warnings
from pathlib import Path

import numpy as np
import statsmodels.api as statsmodels
from scipy.special import logsumexp
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import StandardScaler
from sklearn.utils.class_weight import compute_sample_weight

warnings.filterwarnings("ignore")


def objective(values, labels, coefficients, intercepts, weights, strength):
    scores = values @ coefficients.T + intercepts
    if scores.shape[1] == 1:
        scores = np.column_stack([0 * scores, scores])
    losses = logsumexp(scores, axis=1) - scores[np.arange(len(labels)), labels]
    return float((weights * losses).sum() + strength / 2 * (coefficients**2).sum())


def solved(values, labels, penalty="l2", C=1.0, class_weight=None, fit_intercept=True):
    """The optimum's coefficients, and the objective where lbfgs ends."""
    weight = dict(enumerate(class_weight)) if isinstance(class_weight, list) else class_weight
    options = {"C": np.inf if penalty == "none" else C, "class_weight": weight, "fit_intercept": fit_intercept}
    model = LogisticRegression(solver="newton-cholesky", tol=1e-12, max_iter=10_000, **options).fit(values, labels)
    near = LogisticRegression(**options).fit(values, labels)
    weights = compute_sample_weight(weight, labels)
    loss = objective(values, labels, near.coef_, near.intercept_, weights, 1 / options["C"])
    return model, loss


def rows(model, fit_intercept=True):
    return (np.column_stack([model.coef_, model.intercept_]) if fit_intercept else model.coef_).ravel().tolist()


def errors(values, labels):
    """Standard errors in the order of the coefficients."""
    data = np.column_stack([values, np.ones(len(values))])
    if labels.max() == 1:
        return statsmodels.Logit(labels, data).fit(disp=0, tol=1e-13, maxiter=100).bse.tolist()
    fitted = statsmodels.MNLogit(labels, data).fit(disp=0, tol=1e-13, maxiter=100)
    # Of the differences from the first class, one class after the other; that class's own are 0.
    width, count = data.shape[1], labels.max() + 1
    covariance = np.zeros((count * width, count * width))
    covariance[width:, width:] = fitted.cov_params()
    centring = np.kron(np.eye(count) - 1 / count, np.eye(width))
    return np.sqrt(np.diag(centring @ covariance @ centring.T)).tolist()


random = np.random.RandomState(5)
cases = []
for classes, samples, features, parameters in [
    (2, 60, 3, {}),
    (2, 60, 3, {"penalty": "none"}),
    (2, 60, 1, {"C": 0.01}),
    (2, 60, 1, {"penalty": "none", "fit_intercept": False}),
    (2, 80, 4, {"class_weight": "balanced", "C": 100.0}),
    (3, 90, 4, {}),
    (3, 90, 4, {"penalty": "none"}),
    (3, 90, 2, {"penalty": "none", "class_weight": [1.0, 2.0, 0.5]}),
    (3, 90, 2, {"fit_intercept": False, "C": 10.0}),
    (6, 120, 3, {"class_weight": "balanced"}),
]:
    labels = np.arange(samples) % classes
    values = (random.normal(size=(samples, features)) * 2 + labels[:, None] * 0.4).round(3)
    # Kept apart from each other and overlapping, so that there is an optimum without a penalty too.
    model, loss = solved(values, labels, **parameters)
    case = {
        "classes": classes, "parameters": parameters, "values": values.tolist(), "labels": labels.tolist(),
        "coefficients": rows(model, parameters.get("fit_intercept", True)), "lbfgs_loss": loss,
        "probabilities": model.predict_proba(values).ravel().tolist(), "predictions": model.predict(values).tolist()}
    if parameters == {"penalty": "none"}:
        case["standard_errors"] = errors(values, labels)
    cases.append(case)

sys.path.insert(0, str(Path(__file__).parents[3] / "Benchmarks" / "peers"))
from prepare import prepare

training, test, labels, test_labels, _, _ = prepare(sys.argv[1])
diamonds = []
for parameters in [{}, {"penalty": "none"}, {"class_weight": "balanced", "C": 0.1}]:
    model, loss = solved(training, labels, **parameters)
    parts = {part: hashlib.sha256(model.predict(features).astype("u1").tobytes()).hexdigest()
             for part, features in [("training", training), ("test", test)]}
    entry = {"parameters": parameters, "coefficients": rows(model), "lbfgs_loss": loss, "labels_sha256": parts}
    if parameters == {"penalty": "none"}:
        entry["standard_errors"] = errors(training, labels)
    diamonds.append(entry)
print(json.dumps({"scikit-learn": "1.9.1", "statsmodels": "0.15.0", "cases": cases, "diamonds": diamonds},
                 separators=(",", ":")))
