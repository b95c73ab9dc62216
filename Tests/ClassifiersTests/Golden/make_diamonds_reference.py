"""Reference values for data/diamonds.csv, computed with scikit-learn.

Usage: python make_diamonds_reference.py ../../../data/diamonds.csv .
Needs scikit-learn 1.9.1, numpy 2.4.6 and pandas from PyPI.

Writes diamonds-reference.json, and diamonds-probabilities.bin: the probability of Silver in billionths,
as little-endian 32-bit integers; all test rows of the four models, model after model in the order of
training, then the training rows of naive Bayes. The training rows of the other three models have few
different probabilities, so a SHA-256 of the same integers in diamonds-reference.json is enough.
"""
import hashlib
import json
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import sklearn
from sklearn import metrics
from sklearn.ensemble import RandomForestClassifier
from sklearn.model_selection import train_test_split
from sklearn.naive_bayes import GaussianNB
from sklearn.neighbors import KNeighborsClassifier
from sklearn.preprocessing import LabelEncoder, StandardScaler
from sklearn.tree import DecisionTreeClassifier

SEED = 42
MODELS = {
    "RandomForest": RandomForestClassifier(random_state=SEED),
    "DecisionTreeClassifier": DecisionTreeClassifier(random_state=SEED),
    "GaussianNB": GaussianNB(),
    "KNeighborsClassifier": KNeighborsClassifier(),
}


def sha256(values, type_):
    return hashlib.sha256(np.ascontiguousarray(values, dtype=type_).tobytes()).hexdigest()


def billionths(probabilities):
    return np.rint(probabilities * 1e9).astype("<i4")


def prepared(path):
    frame = pd.read_csv(path, index_col=0)
    is_gold = frame["cut"].isin(["Ideal", "Premium", "Very Good"])
    labels = LabelEncoder().fit_transform(np.where(is_gold, "Gold", "Silver"))
    features = frame.drop(columns="cut")
    for column in ("color", "clarity"):
        features[column] = LabelEncoder().fit_transform(features[column])
    scaled = StandardScaler().fit_transform(features.astype(float))
    return train_test_split(scaled, labels, test_size=0.20, random_state=SEED)


def scores(actual, predicted, silver):
    return {
        "accuracy": metrics.accuracy_score(actual, predicted),
        "precision": metrics.precision_score(actual, predicted),
        "recall": metrics.recall_score(actual, predicted),
        "f1": metrics.f1_score(actual, predicted),
        "balanced_accuracy": metrics.balanced_accuracy_score(actual, predicted),
        "mcc": metrics.matthews_corrcoef(actual, predicted),
        "cohen_kappa": metrics.cohen_kappa_score(actual, predicted),
        "roc_auc": metrics.roc_auc_score(actual, silver),
        "log_loss": metrics.log_loss(actual, np.column_stack([1 - silver, silver])),
    }


def part(model, features, actual):
    predicted = model.predict(features)
    silver = model.predict_proba(features)[:, 1]
    label_curve = metrics.roc_curve(actual, predicted)
    return silver, {
        "metrics": scores(actual, predicted, silver),
        "confusion_matrix": metrics.confusion_matrix(actual, predicted).tolist(),
        "labels_sha256_uint8": sha256(predicted, "u1"),
        "billionths_sha256_int32": sha256(billionths(silver), "<i4"),
        "curve_of_labels": {"fpr": label_curve[0].tolist(), "tpr": label_curve[1].tolist()},
    }


def main(source, folder):
    training, test, training_labels, test_labels = prepared(source)
    result = {"versions": {"scikit-learn": sklearn.__version__, "numpy": np.__version__}, "models": {}}
    stored = []
    for name, model in MODELS.items():
        model.fit(training, training_labels)
        training_silver, training_part = part(model, training, training_labels)
        test_silver, test_part = part(model, test, test_labels)
        stored.append(billionths(test_silver))
        if name == "GaussianNB":
            naive_bayes_training = billionths(training_silver)
        result["models"][name] = {"train": training_part, "validate": test_part}
    stored.append(naive_bayes_training)

    tree = MODELS["DecisionTreeClassifier"]
    forest = MODELS["RandomForest"]
    result["tree"] = {
        "nodes": tree.tree_.node_count,
        "leaves": int(tree.tree_.n_leaves),
        "depth": int(tree.tree_.max_depth),
        "features_sha256_int64": sha256(tree.tree_.feature, "<i8"),
        "thresholds_sha256_float64": sha256(tree.tree_.threshold, "<f8"),
        "importances": tree.feature_importances_.tolist(),
    }
    trees = [estimator.tree_ for estimator in forest.estimators_]
    result["forest"] = {
        "nodes": [t.node_count for t in trees],
        "features_sha256_int64": sha256(np.concatenate([t.feature for t in trees]), "<i8"),
        "thresholds_sha256_float64": sha256(np.concatenate([t.threshold for t in trees]), "<f8"),
        "importances": forest.feature_importances_.tolist(),
    }
    bayes = MODELS["GaussianNB"]
    result["naive_bayes"] = {
        "means": bayes.theta_.tolist(),
        "variances": bayes.var_.tolist(),
        "priors": bayes.class_prior_.tolist(),
        "epsilon": float(bayes.epsilon_),
    }
    (folder / "diamonds-reference.json").write_text(json.dumps(result, indent=1) + "\n")
    (folder / "diamonds-probabilities.bin").write_bytes(np.concatenate(stored).astype("<i4").tobytes())


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
