"""Writes nested-reference.json: scikit-learn's nested cross-validation of part of the diamonds.

    pip install scikit-learn==1.9.1 pandas && python make_nested_reference.py

For each metric and seed the scores are those of `cross_val_score(GridSearchCV(pipeline, grids,
cv=inner, scoring=metric), X, y, cv=outer, scoring=metric)` on every 45th diamond, with encoders and
scaler inside the pipeline; beside each stands which candidate was chosen, counted from 0 through the
grids.
"""

import json
import pathlib

import numpy
import pandas
import sklearn
from sklearn.compose import ColumnTransformer
from sklearn.ensemble import RandomForestClassifier
from sklearn.model_selection import (
    GridSearchCV,
    RepeatedStratifiedKFold,
    StratifiedKFold,
    cross_val_score,
    cross_validate,
)
from sklearn.naive_bayes import GaussianNB
from sklearn.neighbors import KNeighborsClassifier
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import OrdinalEncoder, StandardScaler
from sklearn.tree import DecisionTreeClassifier

root = pathlib.Path(__file__).parents[3]
table = pandas.read_csv(root / "data" / "diamonds.csv", index_col=0).iloc[::45]
features = table.drop(columns="cut")
labels = (~table["cut"].isin(["Ideal", "Premium", "Very Good"])).astype(int)


def search(seed, inner, metric):
    encoded = ColumnTransformer(
        [
            (name, OrdinalEncoder() if name in ("color", "clarity") else "passthrough", [name])
            for name in features.columns
        ]
    )
    grids = [
        {
            "model": [RandomForestClassifier(random_state=seed)],
            "model__max_depth": [4, None],
            "model__n_estimators": [3, 8],
        },
        {"model": [DecisionTreeClassifier(random_state=seed)], "model__max_depth": [2, 3, 4, 6]},
        {"model": [GaussianNB()]},
        {"model": [KNeighborsClassifier()], "model__n_neighbors": [3, 9]},
    ]
    steps = [("encode", encoded), ("scale", StandardScaler()), ("model", GaussianNB())]
    return GridSearchCV(Pipeline(steps), grids, cv=inner, scoring=metric)


def case(metric, scoring, outer_count, inner_count, repeats, seed):
    outer = StratifiedKFold(outer_count, shuffle=True, random_state=seed)
    if repeats == 1:
        inner = StratifiedKFold(inner_count, shuffle=True, random_state=seed)
    else:
        inner = RepeatedStratifiedKFold(
            n_splits=inner_count, n_repeats=repeats, random_state=seed
        )
    scores = cross_val_score(
        search(seed, inner, scoring), features, labels, cv=outer, scoring=scoring
    )
    details = cross_validate(
        search(seed, inner, scoring), features, labels, cv=outer, scoring=scoring,
        return_estimator=True,
    )
    assert numpy.array_equal(scores, details["test_score"])
    sign = -1 if scoring.startswith("neg_") else 1
    return {
        "metric": metric,
        "nested": outer_count,
        "folds": inner_count,
        "repeats": repeats,
        "seed": seed,
        "scores": (sign * scores).tolist(),
        "chosen": [int(found.best_index_) for found in details["estimator"]],
        "inner_means": [float(sign * found.best_score_) for found in details["estimator"]],
    }


reference = {
    "made_with": {"scikit-learn": sklearn.__version__, "numpy": numpy.__version__},
    "cases": [
        case("accuracy", "accuracy", 5, 4, 1, 42),
        case("accuracy", "accuracy", 5, 4, 1, 7),
        case("roc_auc", "roc_auc", 3, 2, 2, 42),
        case("log_loss", "neg_log_loss", 4, 3, 3, 1),
        case("f1", "f1", 2, 5, 1, 3),
    ],
}
path = pathlib.Path(__file__).with_name("nested-reference.json")
path.write_text(json.dumps(reference, separators=(",", ":"), sort_keys=True) + "\n")
