"""Times the same parts as the program measure-parts, in the same words, with a peer.

Usage: python parts.py sklearn|sklearnex|scipy|faiss|lightgbm|xgboost|pandas [REQUEST ...]
"""
import hashlib
import sys
import time

import numpy as np

library = sys.argv[1]
if library == "sklearnex":
    from sklearnex import patch_sklearn

    patch_sklearn(verbose=False)

data, models, labels = {}, {}, {}


def estimator(name, options):
    jobs = options.get("threads", 2)
    if name == "forest":
        from sklearn.ensemble import RandomForestClassifier

        return RandomForestClassifier(options.get("trees", 100), random_state=42, n_jobs=jobs)
    if name == "tree":
        from sklearn.tree import DecisionTreeClassifier

        return DecisionTreeClassifier(random_state=42)
    if name == "bayes":
        from sklearn.naive_bayes import GaussianNB

        return GaussianNB()
    if name in ("logistic", "optimum"):
        from sklearn.linear_model import LogisticRegression

        # Ours ends at the optimum, which lbfgs at its default tolerance only approaches.
        return LogisticRegression() if name == "logistic" else LogisticRegression(
            solver="newton-cholesky", tol=1e-12)
    if name == "boosting":
        return boosting(options.get("rounds", 100), jobs)
    neighbors = options.get("neighbors", 5)
    if library == "scipy":
        return TreeSearch(neighbors, jobs)
    if library == "faiss":
        return FlatSearch(neighbors, jobs)
    from sklearn.neighbors import KNeighborsClassifier

    return KNeighborsClassifier(neighbors, n_jobs=jobs)


def boosting(rounds, jobs):
    """Boosted trees with the same rounds, rate, leaves and bins everywhere, that never end early."""
    if library == "lightgbm":
        from lightgbm import LGBMClassifier

        return LGBMClassifier(n_estimators=rounds, n_jobs=jobs, max_bin=255, random_state=42, verbose=-1)
    if library == "xgboost":
        from xgboost import XGBClassifier

        return XGBClassifier(
            n_estimators=rounds, n_jobs=jobs, tree_method="hist", grow_policy="lossguide", max_leaves=31, max_depth=0,
            learning_rate=0.1, max_bin=255, random_state=42)
    from sklearn.ensemble import HistGradientBoostingClassifier

    return HistGradientBoostingClassifier(max_iter=rounds, early_stopping=False, random_state=42)


class TreeSearch:
    """Neighbours by scipy's cKDTree."""

    def __init__(self, neighbors, jobs):
        self.neighbors, self.jobs = neighbors, jobs

    def fit(self, features, classes):
        from scipy.spatial import cKDTree

        self.tree, self.classes = cKDTree(features), classes

    def predict(self, queries):
        _, rows = self.tree.query(queries, k=self.neighbors, workers=self.jobs)
        return vote(self.classes[rows.reshape(len(queries), -1)])


class FlatSearch:
    """Neighbours by faiss, in single precision, all distances."""

    def __init__(self, neighbors, jobs):
        self.neighbors, self.jobs = neighbors, jobs

    def fit(self, features, classes):
        import faiss

        faiss.omp_set_num_threads(self.jobs)
        self.index, self.classes = faiss.IndexFlatL2(features.shape[1]), classes
        self.index.add(features.astype(np.float32))

    def predict(self, queries):
        _, rows = self.index.search(queries.astype(np.float32), self.neighbors)
        return vote(self.classes[rows])


def vote(classes):
    counts = [(classes == label).sum(axis=1) for label in range(classes.max() + 1)]
    return np.argmax(counts, axis=0)


def take(training, test, training_labels, test_labels):
    data.update(
        training=np.ascontiguousarray(training), test=np.ascontiguousarray(test),
        labels=training_labels)
    data.pop("all", None)
    models.clear()


def all_rows():
    """All rows, joined when they are first needed."""
    if "all" not in data:
        data["all"] = np.vstack([data["training"], data["test"]])
    return data["all"]


def read_raw(path, training, test, features, classes):
    rows = training + test
    with open(path, "rb") as file:
        values = np.fromfile(file, "<f8", rows * features).reshape(rows, features)
        names = np.fromfile(file, "u1", rows).astype(np.int64)
    take(values[:training], values[training:], names[:training], names[training:])


def timed(part, options):
    name, action = part.split(".")
    model = models.get(name)
    taken = 0.0
    if action.startswith("fit"):
        model = models[name] = estimator(name, options)
        start = time.perf_counter()
        model.fit(data["training"], data["labels"])
        taken += time.perf_counter() - start
    if action.endswith("predict"):
        queries = data["test"] if options.get("test") == 1 else all_rows()
        start = time.perf_counter()
        labels[name] = model.predict(queries)
        taken += time.perf_counter() - start
    return taken


def answer(verb, words):
    if verb == "csv" and library == "pandas":
        import pandas as pd

        start = time.perf_counter()
        pd.read_csv(words[0])
        return time.perf_counter() - start
    if verb == "csv":
        from prepare import prepare

        start = time.perf_counter()
        training, test, training_labels, test_labels, _, _ = prepare(words[0])
        taken = time.perf_counter() - start
        take(training, test, training_labels, test_labels)
        return taken
    if verb == "raw":
        read_raw(words[0], *map(int, words[1:]))
        return "ok"
    if verb == "time":
        options = dict(word.split("=") for word in words[1:])
        return timed(words[0], {name: int(value) for name, value in options.items()})
    if verb == "labels":
        return hashlib.sha256(labels[words[0]].astype("u1").tobytes()).hexdigest()
    raise ValueError(f"unknown request {verb}")


def serve(line):
    words = line.split()
    try:
        print(answer(words[0], words[1:]), flush=True)
    except Exception as error:  # The script that asked reports it.
        print("error", repr(error), flush=True)


for argument in sys.argv[2:]:
    serve(argument)
for line in sys.stdin:
    if line.strip() == "quit":
        break
    serve(line)
