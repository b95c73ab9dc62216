"""Writes cost-reference.json: scikit-learn's thresholds for a cost, on every 45th diamond.

    pip install scikit-learn==1.9.1 pandas && python make_cost_reference.py

A missed Silver costs 5, a missed Gold 1. Encoders and scaler are inside the pipelines.
"""

import json
import pathlib

import numpy
import pandas
import sklearn
from sklearn.compose import ColumnTransformer
from sklearn.ensemble import RandomForestClassifier
from sklearn.metrics import confusion_matrix, make_scorer
from sklearn.model_selection import (
    StratifiedGroupKFold,
    StratifiedKFold,
    TunedThresholdClassifierCV,
    cross_validate,
    train_test_split,
)
from sklearn.naive_bayes import GaussianNB
from sklearn.neighbors import KNeighborsClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OrdinalEncoder, StandardScaler
from sklearn.tree import DecisionTreeClassifier

root = pathlib.Path(__file__).parents[3]
table = pandas.read_csv(root / "data" / "diamonds.csv", index_col=0).iloc[::45]
GOLD = ["Ideal", "Premium", "Very Good"]
train, test = train_test_split(table, test_size=0.2, random_state=42)


def labels(part):
    return (~part["cut"].isin(GOLD)).astype(int)


def features(part):
    return part.drop(columns="cut")


def cost(actual, predicted):
    _, false, missed, _ = confusion_matrix(actual, predicted, labels=[0, 1]).ravel()
    return false * 1.0 + missed * 5.0


def mean_cost(actual, predicted):
    return cost(actual, predicted) / len(actual)


def tuned(classifier, cv=StratifiedKFold(5, shuffle=True, random_state=42), without=None):
    encoded = ColumnTransformer(
        [
            (name, OrdinalEncoder() if name in ("color", "clarity") else "passthrough", [name])
            for name in features(table).columns
            if name != without
        ]
    )
    return TunedThresholdClassifierCV(
        make_pipeline(encoded, StandardScaler(), classifier),
        scoring=make_scorer(cost, greater_is_better=False),
        cv=cv,
        response_method="predict_proba",
        store_cv_results=True,
    )


def grouped(classifier):
    """The threshold by folds that keep the stones of a colour together; colour is no feature."""
    folds = StratifiedGroupKFold(5, shuffle=True, random_state=42)
    splits = list(folds.split(train, labels(train), groups=train["color"]))
    model = tuned(classifier, splits, without="color").fit(features(train), labels(train))
    return model.best_threshold_


def reference(classifier):
    model = tuned(classifier).fit(features(train), labels(train))
    predicted = model.predict(features(test))
    folds = cross_validate(
        tuned(classifier),
        features(train),
        labels(train),
        cv=StratifiedKFold(4, shuffle=True, random_state=42),
        scoring={"cost": make_scorer(mean_cost), "recall": "recall", "log_loss": "neg_log_loss"},
    )
    return {
        "threshold": model.best_threshold_,
        "thresholds": model.cv_results_["thresholds"].tolist(),
        "costs": (-model.cv_results_["scores"] * 5 / len(train)).tolist(),
        "predicted": "".join(map(str, predicted)),
        "cost": mean_cost(labels(test), predicted),
        "grouped_threshold": grouped(classifier),
        "folds": {
            "cost": folds["test_cost"].tolist(),
            "recall": folds["test_recall"].tolist(),
            "log_loss": (-folds["test_log_loss"]).tolist(),
        },
    }


result = {
    "made_with": {"scikit-learn": sklearn.__version__, "numpy": numpy.__version__},
    "models": {
        name: reference(classifier)
        for name, classifier in [
            ("RandomForest", RandomForestClassifier(random_state=42)),
            ("DecisionTreeClassifier", DecisionTreeClassifier(random_state=42)),
            ("GaussianNB", GaussianNB()),
            ("KNeighborsClassifier", KNeighborsClassifier()),
        ]
    },
}
path = pathlib.Path(__file__).with_name("cost-reference.json")
path.write_text(json.dumps(result, separators=(",", ":"), sort_keys=True) + "\n")
