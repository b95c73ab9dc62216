"""Ten folds of all four models with scikit-learn's cross_validate: `python folds_job.py DATA FILE [--jobs N]`.

Encoders and scaler are inside the pipelines, so that each fold fits its own. Writes every fold's scores.
"""
import argparse
import json
from pathlib import Path

import numpy as np
import pandas as pd
from sklearn.compose import ColumnTransformer
from sklearn.ensemble import RandomForestClassifier
from sklearn.metrics import cohen_kappa_score, make_scorer
from sklearn.model_selection import StratifiedKFold, cross_validate
from sklearn.naive_bayes import GaussianNB
from sklearn.neighbors import KNeighborsClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OrdinalEncoder, StandardScaler
from sklearn.tree import DecisionTreeClassifier

parser = argparse.ArgumentParser()
parser.add_argument("data")
parser.add_argument("file", type=Path)
parser.add_argument("--jobs", type=int)
arguments = parser.parse_args()

table = pd.read_csv(arguments.data, index_col=0)
labels = (~table.pop("cut").isin(["Ideal", "Premium", "Very Good"])).astype(np.int64)
text = ["color", "clarity"]
metrics = {
    "accuracy": "accuracy", "precision": "precision", "recall": "recall", "f1": "f1",
    "balanced_accuracy": "balanced_accuracy", "mcc": "matthews_corrcoef", "roc_auc": "roc_auc",
    "log_loss": "neg_log_loss", "cohen_kappa": make_scorer(cohen_kappa_score),
}
scores = {}
for model in [
    RandomForestClassifier(random_state=42), DecisionTreeClassifier(random_state=42),
    GaussianNB(), KNeighborsClassifier(),
]:
    columns = [
        (name, OrdinalEncoder() if name in text else "passthrough", [name])
        for name in table.columns
    ]
    result = cross_validate(
        make_pipeline(ColumnTransformer(columns), StandardScaler(), model), table, labels,
        cv=StratifiedKFold(n_splits=10, shuffle=True, random_state=42), scoring=metrics,
        n_jobs=arguments.jobs)
    name = type(model).__name__.replace("RandomForestClassifier", "RandomForest")
    scores[name] = {
        metric: (result[f"test_{metric}"] * (-1 if metric == "log_loss" else 1)).tolist()
        for metric in metrics
    }
arguments.file.write_text(json.dumps(scores))
