"""Writes folds-reference.json: scikit-learn's folds of the diamonds, and its scores on part of them.

    pip install scikit-learn==1.9.1 pandas && python make_folds_reference.py

The scores are those of `cross_validate` for the four pipelines on the training part of every 45th diamond,
with encoders and scaler inside the pipelines.
"""

import hashlib
import json
import pathlib

import numpy
import pandas
import sklearn
from sklearn.compose import ColumnTransformer
from sklearn.ensemble import RandomForestClassifier
from sklearn.metrics import cohen_kappa_score, make_scorer
from sklearn.model_selection import (
    RepeatedStratifiedKFold,
    StratifiedKFold,
    cross_validate,
    train_test_split,
)
from sklearn.naive_bayes import GaussianNB
from sklearn.neighbors import KNeighborsClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OrdinalEncoder, StandardScaler
from sklearn.tree import DecisionTreeClassifier

root = pathlib.Path(__file__).parents[3]
table = pandas.read_csv(root / "data" / "diamonds.csv", index_col=0)
GOLD = ["Ideal", "Premium", "Very Good"]


def checksum(splits, count):
    """SHA-256 of each row's fold as little-endian 64-bit integers, repeat after repeat."""
    digest = hashlib.sha256()
    for folds in splits:
        of_row = numpy.empty(count, dtype="<i8")
        for number, (_, test) in enumerate(folds):
            of_row[test] = number
        digest.update(of_row.tobytes())
    return digest.hexdigest()


def folds(names, count, repeats):
    rows = numpy.zeros(len(names))
    if repeats == 1:
        single = StratifiedKFold(n_splits=count, shuffle=True, random_state=42)
        splits = [list(single.split(rows, names))]
    else:
        several = RepeatedStratifiedKFold(n_splits=count, n_repeats=repeats, random_state=42)
        all_folds = list(several.split(rows, names))
        splits = [all_folds[i : i + count] for i in range(0, len(all_folds), count)]
    return {
        "folds": count,
        "repeats": repeats,
        "first_test_rows": splits[0][0][1][:10].tolist(),
        "sha256": checksum(splits, len(names)),
    }


def pipeline(columns, classifier):
    encoded = ColumnTransformer(
        [
            (name, OrdinalEncoder() if name in ("color", "clarity") else "passthrough", [name])
            for name in columns
        ]
    )
    return make_pipeline(encoded, StandardScaler(), classifier)


def scores():
    part, _ = train_test_split(table.iloc[::45], test_size=0.2, random_state=42)
    features = part.drop(columns="cut")
    labels = (~part["cut"].isin(GOLD)).astype(int)
    several = RepeatedStratifiedKFold(n_splits=4, n_repeats=2, random_state=42)
    metrics = {
        "accuracy": "accuracy",
        "precision": "precision",
        "recall": "recall",
        "f1": "f1",
        "balanced_accuracy": "balanced_accuracy",
        "mcc": "matthews_corrcoef",
        "roc_auc": "roc_auc",
        "log_loss": "neg_log_loss",
        "cohen_kappa": make_scorer(cohen_kappa_score),
    }
    result = {}
    for name, classifier in [
        ("RandomForest", RandomForestClassifier(random_state=42)),
        ("DecisionTreeClassifier", DecisionTreeClassifier(random_state=42)),
        ("GaussianNB", GaussianNB()),
        ("KNeighborsClassifier", KNeighborsClassifier()),
    ]:
        run = cross_validate(
            pipeline(features.columns, classifier), features, labels, cv=several, scoring=metrics
        )
        result[name] = {
            key: (run["test_" + key] * (-1 if key == "log_loss" else 1)).tolist() for key in metrics
        }
    return result


reference = {
    "made_with": {"scikit-learn": sklearn.__version__, "numpy": numpy.__version__},
    "two_classes": [
        folds(numpy.where(table["cut"].isin(GOLD), "Gold", "Silver"), *shape)
        for shape in [(10, 1), (7, 3)]
    ],
    # Eight classes that first occur in another order than that of their names.
    "eight_classes": [folds(table["clarity"].to_numpy(), *shape) for shape in [(10, 1), (3, 2)]],
    "scores": scores(),
}
path = pathlib.Path(__file__).with_name("folds-reference.json")
path.write_text(json.dumps(reference, separators=(",", ":"), sort_keys=True) + "\n")
