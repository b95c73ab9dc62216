"""Compares whole runs of compare-models with scikit-learn on many generated tables, or on those of a folder.

Usage: python compare_with_sklearn.py PATH_TO_COMPARE_MODELS [NAME ... | FOLDER]
Needs scikit-learn 1.9.1, numpy and pandas from PyPI. NAMEs, or patterns of them, choose among the tables. FOLDER has CSV files whose last
column is the target; what the program refuses is listed with its reason, and is no difference.

Each table is written as CSV and given to the program with some options; the same steps are taken with
scikit-learn, and predictions.csv and comparison.json are compared with its labels (exactly),
probabilities (1e-9) and metrics (1e-9). Logistic regression is compared with the optimum, which scikit-learn's solvers
approach: newton-cholesky at tol=1e-12, or lbfgs at 1e-10 for many variables. Where scikit-learn's neighbours search all rows, which of equally distant
ones it takes depends on its threads, on the processor, and on how few rows it predicts at once: here it has one
thread and 256 rows or more, and without AVX-512 tied tables that it searches so are left out. Of gradient boosting also the
bins, rounds and every node of the trees are compared, and what bounds the difference of raw predictions (1e-9).
"""
import csv
import itertools
import json
import subprocess
import sys
import tempfile
import warnings
from fnmatch import fnmatch
from pathlib import Path

import numpy as np
import pandas as pd
from sklearn import datasets, metrics
from sklearn.ensemble import HistGradientBoostingClassifier, RandomForestClassifier
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import train_test_split
from sklearn.naive_bayes import GaussianNB
from sklearn.neighbors import KNeighborsClassifier
from sklearn.preprocessing import LabelEncoder, OneHotEncoder, OrdinalEncoder, StandardScaler
from sklearn.tree import DecisionTreeClassifier
from threadpoolctl import threadpool_info, threadpool_limits

warnings.filterwarnings("ignore")
MODELS = {
    "RandomForest": RandomForestClassifier,
    "DecisionTreeClassifier": DecisionTreeClassifier,
    "GaussianNB": GaussianNB,
    "KNeighborsClassifier": KNeighborsClassifier,
    "LogisticRegression": LogisticRegression,
    "HistGradientBoostingClassifier": HistGradientBoostingClassifier,
}
# Gradient boosting has tables of its own, and is compared node by node there.
USUAL = tuple(name for name in MODELS if name != "HistGradientBoostingClassifier")
KEEPS_MISSING = ("RandomForest", "DecisionTreeClassifier", "HistGradientBoostingClassifier")
HAS_AVX512 = any(library.get("architecture") in ("SkylakeX", "Cooperlake", "SapphireRapids")
                 for library in threadpool_info())


class Case:
    """A table, the way it is written, and the options it is run with."""

    def __init__(self, name, frame, target="target", seed=42, fraction=0.2, separator=",", settings=None,
                 categorical=(), quoting=csv.QUOTE_MINIMAL, end="\n", training_only=False, bom=False,
                 models=USUAL, missing="impute", missing_words=(), encode="ordinal"):
        self.name, self.frame, self.target, self.seed, self.fraction = name, frame, target, seed, fraction
        self.separator, self.settings, self.categorical = separator, settings or {}, list(categorical)
        self.quoting, self.end, self.training_only, self.bom = quoting, end, training_only, bom
        self.models, self.missing, self.missing_words = models, missing, list(missing_words)
        self.encode = encode

    def write(self, path):
        self.frame.to_csv(path, index=False, sep=self.separator, quoting=self.quoting, lineterminator=self.end,
                          encoding="utf-8-sig" if self.bom else "utf-8")

    def options(self):
        yield from ["--target", self.target, "--seed", str(self.seed), "--test-fraction", str(self.fraction)]
        yield from ["--models", ",".join(self.models)]
        for column in self.categorical:
            yield from ["--categorical", column]
        if self.training_only:
            yield from ["--fit-preprocessing", "training"]
        if self.missing != "impute":
            yield from ["--missing", self.missing]
        if self.encode != "ordinal":
            yield from ["--encode", self.encode]
        if self.missing_words:
            yield from ["--missing-values", ",".join(self.missing_words)]
        for model, parameters in self.settings.items():
            for name, value in parameters.items():
                text = ",".join(map(str, value)) if isinstance(value, (list, tuple)) else str(value).lower()
                yield from ["--set", f"{model}.{name}={text}"]


def frame_of(features, target, names=None):
    frame = pd.DataFrame(features, columns=names or [f"x{i}" for i in range(features.shape[1])])
    frame["target"] = target
    return frame


def cases():
    random = np.random.RandomState(0)
    iris = datasets.load_iris(as_frame=True)
    named = iris.frame.assign(target=np.array(iris.target_names)[iris.target])
    yield Case("iris", named)
    yield Case("iris-numbers", iris.frame, seed=7, fraction=0.3)
    yield Case("iris-entropy", named, seed=1, settings={
        "RandomForest": {"criterion": "entropy", "n_estimators": 30, "max_features": "log2"},
        "DecisionTreeClassifier": {"criterion": "log_loss", "splitter": "random"},
        "KNeighborsClassifier": {"n_neighbors": 9, "weights": "distance"},
        "GaussianNB": {"var_smoothing": 0.01}})
    yield Case("iris-priors", named, seed=2, settings={
        "LogisticRegression": {"fit_intercept": False, "C": 10},
        "GaussianNB": {"priors": [0.2, 0.3, 0.5]}, "KNeighborsClassifier": {"n_neighbors": 1, "p": 1},
        "DecisionTreeClassifier": {"max_leaf_nodes": 5}, "RandomForest": {"bootstrap": False, "n_estimators": 10}})
    wine = datasets.load_wine(as_frame=True).frame
    yield Case("wine", wine, separator=";", end="\r\n")
    yield Case("wine-training", wine, training_only=True, seed=3, fraction=0.4, bom=True)
    yield Case("wine-limits", wine, seed=4, settings={
        "RandomForest": {"max_depth": 3, "min_samples_leaf": 4, "oob_score": True, "max_samples": 0.6},
        "DecisionTreeClassifier": {"min_samples_split": 0.1, "min_impurity_decrease": 0.02},
        "KNeighborsClassifier": {"n_neighbors": 20, "p": 1, "weights": "distance"}})
    cancer = datasets.load_breast_cancer(as_frame=True).frame
    yield Case("cancer", cancer, quoting=csv.QUOTE_ALL)
    yield Case("cancer-weights", cancer, seed=5, settings={
        "LogisticRegression": {"class_weight": "balanced", "C": 0.1},
        "RandomForest": {"class_weight": "balanced", "max_features": 0.5, "n_estimators": 40},
        "DecisionTreeClassifier": {"class_weight": "balanced", "ccp_alpha": 0.01}})
    yield Case("cancer-subsample", cancer, seed=6, settings={
        "RandomForest": {"class_weight": "balanced_subsample", "n_estimators": 40, "max_leaf_nodes": 20},
        "DecisionTreeClassifier": {"min_weight_fraction_leaf": 0.05, "max_features": 7}})
    digits = datasets.load_digits()
    yield Case("digits", frame_of(digits.data, digits.target), separator="\t")
    letters = datasets.make_classification(2600, 16, n_informative=12, n_redundant=2, n_classes=26,
                                           n_clusters_per_class=1, random_state=1)
    yield Case("letters", frame_of(letters[0].round(2), [chr(65 + c) for c in letters[1]]))
    wide = datasets.make_classification(200, 300, n_informative=20, n_classes=3, random_state=2)
    yield Case("wide", frame_of(wide[0], wide[1]))
    narrow = datasets.make_classification(1500, 2, n_informative=2, n_redundant=0, random_state=3)
    yield Case("narrow", frame_of(narrow[0].round(1), np.where(narrow[1] == 1, "yes", "no")), seed=8)
    yield Case("one-column", pd.DataFrame({"x": random.normal(size=400).round(2), "target": random.randint(0, 2, 400)}))
    constant = frame_of(random.normal(size=(300, 3)), random.randint(0, 3, 300))
    yield Case("constant-columns", constant.assign(c=1.1, d=0, e="same"))
    yield Case("all-constant", pd.DataFrame({"a": [0.1] * 60, "target": ["x", "y", "y"] * 20}))
    few = pd.DataFrame(random.randint(0, 4, (500, 4)), columns=list("abcd"))
    yield Case("duplicates", few.assign(target=np.where(few.a + few.b > random.randint(0, 6, 500), "p", "q")))
    rare = frame_of(random.normal(size=(120, 3)), ["common"] * 100 + ["rare"] * 17 + ["once", "twice", "twice"])
    yield Case("rare-classes", rare, seed=9)
    yield Case("rare-classes-2", rare, seed=10, fraction=0.5)
    text = pd.DataFrame({
        "colour": random.choice(["red", "Green", "blue", "é", "Ω", "漢", "a b", "x,y", 'q"q'], 600),
        "number": random.normal(size=600) * 1e-3, "code": random.choice(["01", "1", "A"], 600)})
    yield Case("text-columns", text.assign(target=np.where(text.number + (text.colour > "m") * 1e-3 > 0, "hi", "lo")),
               categorical=["code"])
    yield Case("categorical", few.assign(target=random.randint(0, 2, 500)), categorical=["a", "b"], seed=11)
    yield Case("huge-numbers", frame_of(random.normal(size=(300, 3)) * [1e100, 1e-100, 1e15], random.randint(0, 2, 300)))
    yield Case("tiny", frame_of(random.normal(size=(12, 2)), ["a", "b"] * 6), seed=1)
    yield Case("small-k", frame_of(random.normal(size=(5, 2)), ["a", "b", "a", "b", "b"]), seed=0,
               settings={"KNeighborsClassifier": {"n_neighbors": 4}})
    yield Case("many-rows", frame_of(*datasets.make_classification(20000, 10, n_informative=6, random_state=5)),
               settings={"RandomForest": {"n_estimators": 20}, "LogisticRegression": {"penalty": "none"}})
    yield Case("order-by-value", frame_of(random.normal(size=(300, 3)), random.choice([9, 10, -1, 100], 300)))
    yield Case("skewed", frame_of(np.exp(3 * random.normal(size=(800, 5))).round(3), random.binomial(1, 0.05, 800)))


def tied_cases():
    """Tables of few distinct values, in which many rows are as near to each other: for neighbours only."""
    for seed in range(400):
        random = np.random.RandomState(seed)
        rows = random.choice([20, 60, 150, 400, 1500])
        columns = random.choice([1, 2, 3, 4, 7, 10, 15, 16, 24, 30])
        distinct = random.choice([2, 3, 5, 20])
        features = random.randint(0, distinct, (rows, columns)).astype(float)
        if random.rand() < 0.3:
            features = features[random.randint(0, 1 + rows // 3, rows)]
        if random.rand() < 0.2:
            features[:, random.randint(columns)] = 7
        if random.rand() < 0.2:
            features *= random.choice([0.1, 0.3, 1 / 3, 1e-3], columns)
        classes = random.choice([2, 2, 3, 30])
        training = rows - int(np.ceil(rows * 0.2))
        k = int(random.choice([1, 2, 3, 5, 5, 5, 8, 12, training // 3, training // 2 - 1, training // 2, training]))
        power = int(random.choice([1, 2]))
        algorithm = random.choice(["auto", "auto", "kd_tree", "ball_tree", "brute"])
        settings = {"n_neighbors": max(1, k), "p": power, "algorithm": algorithm,
                    "weights": random.choice(["uniform", "distance"]),
                    "leaf_size": int(random.choice([1, 2, 7, 30, 30, 100]))}
        is_brute = algorithm == "brute" or (algorithm == "auto" and (columns > 15 or k >= training // 2))
        if is_brute and power == 2 and not HAS_AVX512:
            continue
        yield Case(f"tied-{seed}", frame_of(features, random.randint(0, classes, rows)), seed=seed,
                   settings={"KNeighborsClassifier": settings}, models=["KNeighborsClassifier"])


# Words that mean a missing value in a column whose other cells are all numbers.
MISSING_WORDS = ["NA", "N/A", "n/a", "#N/A", "#NA", "<NA>", "NaN", "nan", "-nan", "-NaN", "NULL", "null", "None", "?"]


def missing_cases():
    """Tables with missing cells: numbers and names, written in many ways, and treated in all ways."""
    for seed in range(60):
        random = np.random.RandomState(seed)
        rows = int(random.choice([60, 150, 400, 1500]))
        frame = pd.DataFrame({f"x{i}": random.normal(size=rows).round(random.randint(0, 4)) for i in range(4)})
        frame["whole"] = random.randint(0, 9, rows)
        frame["code"] = random.randint(1, 4, rows)
        frame["colour"] = random.choice(["red", "Green", "blue", "é"], rows)
        frame["size"] = random.choice(["S", "M", "NA"], rows)
        score = frame.x0 + 0.3 * frame.whole + (frame.colour == "red") + random.normal(size=rows) * 0.5
        classes = int(random.choice([2, 3]))
        target = np.array(["a", "b", "c"])[np.searchsorted(np.quantile(score, np.arange(1, classes) / classes), score)]
        frame = frame.astype(object)
        words = list(random.permutation(["missing", "-999", "unknown"])[:random.randint(0, 3)])
        share = float(random.choice([0.02, 0.1, 0.4]))
        for column in frame:
            if random.rand() < 0.25:
                continue
            choices = ["", "  ", *words] + ([] if column in ("colour", "size") else MISSING_WORDS)
            lacking = random.rand(rows) < share
            frame.loc[lacking, column] = random.choice(choices, lacking.sum())
        missing = str(random.choice(["impute", "impute", "native", "drop-rows"]))
        if missing == "drop-rows" and share > 0.1:
            missing = "native"
        yield Case(f"missing-{seed}", frame.assign(target=target), seed=seed, missing=missing, missing_words=words,
                   # Of few rows the training part may lack what a test row has, which is refused.
                   training_only=bool(random.rand() < 0.5) and rows > 150, categorical=["code"],
                   settings={"RandomForest": {"n_estimators": 20}})
    for training_only, missing in itertools.product((False, True), ("impute", "native", "drop-rows")):
        random = np.random.RandomState(1)
        diamonds = pd.read_csv(Path(__file__).parents[2] / "data/diamonds.csv", dtype=str)
        diamonds = diamonds.drop(columns=diamonds.columns[0] if diamonds.columns[0].startswith("Unnamed") else [])
        for column in diamonds.columns.drop("cut"):
            diamonds.loc[random.rand(len(diamonds)) < 0.1, column] = ""
        yield Case(f"missing-diamonds-{missing}" + ("-training" if training_only else ""), diamonds, target="cut",
                   missing=missing, training_only=training_only, settings={"RandomForest": {"n_estimators": 20}})


def one_hot_cases():
    """Tables of names, encoded one-hot: few and many, beside numbers and alone, missing or not."""
    others = tuple(name for name in USUAL if name != "KNeighborsClassifier")
    for seed in range(60):
        random = np.random.RandomState(seed)
        rows = int(random.choice([150, 400, 1500, 4000]))
        is_tied = random.rand() < 0.5
        frame = pd.DataFrame({"x0": random.normal(size=rows).round(2 if is_tied else 9)})
        names = ["red", "Green", "blue", "é", "Ω", "a b", "x,y", 'q"q', "漢", "😀", "=", "z=1"]
        for place in range(random.randint(1, 4)):
            chosen = list(random.permutation(names)[:random.randint(1, len(names))])
            frame[f"name{place}"] = random.choice(chosen, rows)
        frame["code"] = random.randint(1, random.choice([3, 30]), rows)
        if random.rand() < 0.5:
            frame["x1"] = random.normal(size=rows)
        if random.rand() < 0.2:
            frame, is_tied = frame.drop(columns=[column for column in frame if column.startswith("x")]), True
        score = frame["code"].astype(float) * 0.2 + (frame.name0 > "c") + random.normal(size=rows)
        classes = int(random.choice([2, 3]))
        target = np.array(["a", "b", "c"])[np.searchsorted(np.quantile(score, np.arange(1, classes) / classes), score)]
        if random.rand() < 0.5:
            frame, is_tied = frame.astype(object), True
            for column in frame:
                frame.loc[random.rand(rows) < random.choice([0, 0.05, 0.3]), column] = ""
        # Of few rows the training part may lack what a test row has, which is refused.
        training_only = bool(random.rand() < 0.5) and rows > 400
        width = sum(frame[column].nunique() if column[0] != "x" else 1 for column in frame)
        models = others if width > 15 and is_tied and not HAS_AVX512 else USUAL
        yield Case(f"onehot-{seed}", frame.assign(target=target), seed=seed, encode="one-hot",
                   missing=str(random.choice(["impute", "native", "drop-rows"])), training_only=training_only,
                   categorical=["code"], models=models, settings={"RandomForest": {"n_estimators": 20}})
    for training_only, lacking in itertools.product((False, True), (0, 0.1)):
        random = np.random.RandomState(1)
        diamonds = pd.read_csv(Path(__file__).parents[2] / "data/diamonds.csv", dtype=str)
        diamonds = diamonds.drop(columns=diamonds.columns[0] if diamonds.columns[0].startswith("Unnamed") else [])
        for column in diamonds.columns.drop("cut"):
            diamonds.loc[random.rand(len(diamonds)) < lacking, column] = ""
        yield Case("onehot-diamonds" + ("-missing" if lacking else "") + ("-training" if training_only else ""),
                   diamonds, target="cut", encode="one-hot", training_only=training_only,
                   settings={"RandomForest": {"n_estimators": 20}})


def at_optimum(parameters, classes, features):
    """scikit-learn's parameters with which logistic regression ends where ours does."""
    variables = (classes if classes > 2 else 1) * (features + 1)
    solver = {"solver": "newton-cholesky", "tol": 1e-12} if variables <= 1500 else {"solver": "lbfgs", "tol": 1e-10}
    parameters = {**solver, "max_iter": 100_000, **parameters}
    if parameters.pop("penalty", "l2") == "none":
        parameters["C"] = np.inf
    return parameters


def boosting_cases():
    """Tables for gradient boosting: missing or not, two to five classes, with changed hyper-parameters; and the diamonds."""
    only = ("HistGradientBoostingClassifier",)
    for seed in range(300):
        random = np.random.RandomState(seed)
        rows, columns = int(random.choice([60, 200, 500, 1500, 4000])), int(random.choice([1, 2, 3, 4, 5, 8, 9, 13]))
        classes = int(random.choice([2, 2, 3, 5]))
        values = random.normal(size=(rows, columns))
        for column in range(columns):
            kind = random.randint(5)
            if kind == 0:
                values[:, column] = values[:, column].round(1)
            elif kind == 1:
                values[:, column] = random.randint(0, random.choice([2, 4, 30, 300]), rows)
            elif kind == 2:
                values[:, column] = np.exp(3 * values[:, column])
            if random.rand() < 0.3:
                values[random.rand(rows) < random.choice([0.05, 0.3, 0.8]), column] = np.nan
        score = np.nansum(values * random.normal(size=columns) / (1 + np.nanstd(values, axis=0)), axis=1)
        score += random.normal(size=rows) * random.choice([0.1, 1])
        label = np.searchsorted(np.quantile(score, np.sort(random.rand(classes - 1))), score)
        settings = {"max_iter": int(random.choice([5, 20, 60]))}
        for name, chance, choices in [
                ("learning_rate", 0.3, [0.05, 0.3, 1.0]), ("max_leaf_nodes", 0.3, [None, 2, 5, 15, 80]),
                ("max_depth", 0.3, [None, 1, 3, 6]), ("min_samples_leaf", 0.5, [1, 3, 5, 50]),
                ("l2_regularization", 0.3, [0.1, 1.5, 10.0]), ("max_bins", 0.3, [2, 5, 16, 63, 128]),
                ("max_features", 0.3, [0.1, 0.5, 0.8]), ("early_stopping", 0.5, [True]),
                ("n_iter_no_change", 0.3, [1, 3, 10]), ("validation_fraction", 0.3, [None, 0.2, 0.5]),
                ("tol", 0.2, [0.0, 0.01]), ("class_weight", 0.25, ["balanced", [0.5 + k for k in range(len(set(label)))]])]:
            if random.rand() < chance:
                settings[name] = choices[random.randint(len(choices))]
        frame = pd.DataFrame(values, columns=[f"x{column}" for column in range(columns)]).astype(object)
        frame[pd.isna(frame)] = ""
        yield Case(f"boosting-{seed}", frame.assign(target=[f"c{k}" for k in label]), seed=seed, missing="native", models=only,
                   settings={only[0]: settings})
    diamonds = pd.read_csv(Path(__file__).parents[2] / "data/diamonds.csv", dtype=str)
    diamonds = diamonds.drop(columns=diamonds.columns[0] if diamonds.columns[0].startswith("Unnamed") else [])
    prices = diamonds["price"].astype(float)
    classes = {"two": np.where(prices > 2401, "high", "low"), "three": np.array(["a", "b", "c"])[np.searchsorted([1000, 4000], prices)]}
    for name, target in classes.items():
        frame = diamonds.drop(columns="price").assign(target=target)
        for stops in ("auto", False):
            yield Case(f"boosting-diamonds-{name}-{stops}", frame, models=only, settings={only[0]: {"early_stopping": stops}})
    yield Case("boosting-diamonds-cut", diamonds, target="cut", models=only)
    yield Case("boosting-sets-diamonds", diamonds, target="cut", models=only, settings={only[0]: {"categorical_features": "from_dtype"}})


def category_cases():
    """Tables for gradient boosting whose names are categories: few and many, rare, missing, alone or beside numbers."""
    only = ("HistGradientBoostingClassifier",)
    for seed in range(120):
        random = np.random.RandomState(seed)
        rows, classes = int(random.choice([80, 300, 1000, 4000, 12000])), int(random.choice([2, 2, 3, 5]))
        frame, score = pd.DataFrame(), random.normal(size=rows) * random.choice([0.1, 1])
        for place in range(random.randint(1, 6)):
            if random.rand() < 0.3:
                frame[f"x{place}"] = random.normal(size=rows).round(random.randint(0, 4))
                score += frame[f"x{place}"] * random.normal()
                continue
            # With the category of missing cells there are 255 at most. Even shares make ties, uneven ones rare categories.
            count = int(random.choice([1, 2, 3, 8, 30, 120, 254]))
            shares = random.dirichlet(np.full(count, random.choice([0.3, 5])))
            codes = random.choice(count, rows, p=shares) if random.rand() < 0.7 else np.arange(rows) % count
            frame[f"name{place}"] = np.array([f"c{k}" for k in random.permutation(count)])[codes]
            score += random.normal(size=count)[codes] * random.choice([0, 1, 3])
        label = np.searchsorted(np.quantile(score, np.arange(1, classes) / classes), score)
        settings = {"categorical_features": "from_dtype", "max_iter": int(random.choice([5, 20, 60]))}
        for name, chance, choices in [
                ("learning_rate", 0.3, [0.05, 0.3, 1.0]), ("max_leaf_nodes", 0.3, [None, 2, 5, 15, 80]), ("max_depth", 0.3, [1, 3, 6]),
                ("min_samples_leaf", 0.5, [1, 3, 5, 50]), ("l2_regularization", 0.3, [0.1, 1.5, 10.0]),
                ("max_features", 0.3, [0.1, 0.5, 0.8]), ("early_stopping", 0.5, [True]), ("class_weight", 0.25, ["balanced"])]:
            if random.rand() < chance:
                settings[name] = choices[random.randint(len(choices))]
        frame = frame.astype(object)
        for column in frame:
            if random.rand() < 0.4:
                frame.loc[random.rand(rows) < random.choice([0.02, 0.1, 0.4]), column] = ""
        yield Case(f"boosting-sets-{seed}", frame.assign(target=[f"c{k}" for k in label]), seed=seed, models=only,
                   missing=str(random.choice(["impute", "native"])), settings={only[0]: settings})


def tensors(path):
    """The arrays of a safetensors file."""
    data = path.read_bytes()
    size = int.from_bytes(data[:8], "little")
    kinds = {"F64": "<f8", "I32": "<i4", "U8": "u1"}
    header = json.loads(data[8:8 + size])
    header.pop("__metadata__")
    return {name: np.frombuffer(data[8 + size:][slice(*entry["data_offsets"])], kinds[entry["dtype"]]) for name, entry in header.items()}


def boosting_differences(model, folder):
    """How a saved model's bins, rounds and nodes differ from scikit-learn's predictors."""
    ours = tensors(folder / "model.safetensors")
    predictors = [tree for trees in model._predictors for tree in trees]
    trees = [tree.nodes for tree in predictors]
    per_round = len(model._predictors[0])
    if len(ours["tree_roots"]) != len(trees):
        return [f"{len(ours['tree_roots']) // per_round} rounds, not {model.n_iter_}"]
    starts = ours["first_threshold"]
    is_categorical = ours.get("feature_is_categorical", np.zeros(len(starts) - 1, bool)).astype(bool)
    # scikit-learn puts categorical features first, and numbers their categories.
    places = np.argsort(~is_categorical, kind="stable")
    categories = dict(zip(places, model._preprocessor.named_transformers_["encoder"].categories_)) if is_categorical.any() else {}
    for feature, thresholds in zip(places, model._bin_mapper.bin_thresholds_):
        thresholds = categories[feature][~np.isnan(categories[feature])] if feature in categories else thresholds
        if not np.array_equal(ours["bin_thresholds"][starts[feature]:starts[feature + 1]], thresholds):
            return [f"other bins of feature {feature}"]
    divides = (ours["left_child"] >= 0) & is_categorical[ours["feature"]]
    sets = dict(zip(np.flatnonzero(divides), np.unpackbits(ours["left_categories"].reshape(-1, 32), axis=1, bitorder="little"))) \
        if is_categorical.any() else {}
    gap = np.abs(ours["baseline"] - model._baseline_prediction.ravel()).max()
    for number, (root, nodes) in enumerate(zip(ours["tree_roots"], trees)):
        pending, largest = [(root, 0)], 0
        while pending:
            here, there = pending.pop()
            node, left = nodes[there], ours["left_child"][here]
            place = f"tree {number}, scikit-learn's node {there}"
            if (left < 0) != bool(node["is_leaf"]) or ours["count"][here] != node["count"]:
                return [f"{place}: {ours['count'][here]} samples, leaf: {left < 0}; not {node['count']}, {bool(node['is_leaf'])}"]
            if left < 0:
                largest = max(largest, abs(ours["leaf_values"][-1 - left] - node["value"]))
                continue
            split = tuple(int(ours[name][here]) for name in ("feature", "bin", "missing_go_to_left"))
            expected = (int(places[node["feature_idx"]]), int(node["bin_threshold"]), int(node["missing_go_to_left"]))
            if (here in sets) != bool(node["is_categorical"]):
                return [f"{place}: is categorical: {here in sets}"]
            if here in sets:
                words = predictors[number].binned_left_cat_bitsets[node["bitset_idx"]]
                theirs = np.unpackbits(words.view(np.uint8), bitorder="little")
                # The bit of missing values, which are beyond the categories.
                theirs[starts[split[0] + 1] - starts[split[0]]:] = 0
                if not np.array_equal(sets[here], theirs):
                    return [f"{place}: categories {np.flatnonzero(sets[here])} to the left, not {np.flatnonzero(theirs)}"]
            if split != expected or abs(ours["gain"][here] - node["gain"]) > 1e-9 * max(1, node["gain"]):
                return [f"{place}: split {split} with gain {ours['gain'][here]}, not {expected} with {node['gain']}"]
            pending += [(left, node["left"]), (left + 1, node["right"])]
        gap += largest
    return [f"raw predictions differ by up to {gap:.3g}"] if gap > 1e-9 else []


def is_number(text):
    try:
        return np.isfinite(float(text))
    except ValueError:
        return False


def missing_cells(case, path):
    """For each feature whether it is one of numbers, its texts, and which of these are missing."""
    texts = pd.read_csv(path, sep=case.separator, keep_default_na=False, dtype=str, skipinitialspace=True)
    columns = {}
    for name in texts.columns.drop(case.target):
        cells = texts[name].to_numpy(object)
        lacking = np.array([not cell.strip() or cell in case.missing_words for cell in cells])
        words = np.array([cell in MISSING_WORDS for cell in cells])
        others = cells[~(lacking | words)]
        numbers = all(is_number(cell) for cell in others)
        if numbers:
            lacking |= words
        columns[name] = (numbers and name not in case.categorical, cells, lacking)
    return columns


def reference(case, path):
    """The test rows, class names, and for each model labels, probabilities and the rows where these are numbers."""
    frame = pd.read_csv(path, sep=case.separator, keep_default_na=False, skipinitialspace=True,
                        dtype={column: str for column in case.categorical})
    cells = missing_cells(case, path)
    rows = np.arange(len(frame))
    if case.missing == "drop-rows":
        rows = rows[~np.any([lacking for _, _, lacking in cells.values()], axis=0)]
        frame = frame.iloc[rows]
    target = LabelEncoder().fit(frame[case.target])
    labels = target.transform(frame[case.target])
    training, test = train_test_split(np.arange(len(rows)), test_size=case.fraction, random_state=case.seed)
    learnt = training if case.training_only else slice(None)
    features = []
    for name, (numbers, texts, lacking) in cells.items():
        texts, lacking = texts[rows], lacking[rows]
        if numbers and not lacking.any():
            features.append(frame[name].to_numpy(float))
        elif numbers:
            features.append(np.array([np.nan if gap else float(text) for text, gap in zip(texts, lacking)]))
        else:
            # Behind all names.
            gap = "\U0010ffff"
            filled = np.where(lacking, gap, texts)[:, None]
            if case.encode == "one-hot":
                encoder = OneHotEncoder(sparse_output=False).fit(filled[learnt])
                features.extend(encoder.transform(filled).T)
                continue
            known = sorted(set(texts[learnt][~lacking[learnt]]))
            features.append(OrdinalEncoder(categories=[known + [gap]]).fit_transform(filled)[:, 0])
    # Column by column, as pandas keeps numbers: the order in which the scaler sums.
    features = np.asfortranarray(np.column_stack(features))
    imputed = np.asfortranarray(SimpleImputer(strategy="median").fit(features[learnt]).transform(features))
    scaler = StandardScaler().fit(np.asfortranarray(imputed[learnt]))
    raw, features = scaler.transform(features), scaler.transform(imputed)
    names = [str(c) for c in target.classes_]
    results, fitted = {}, {}
    for name in case.models:
        kind = MODELS[name]
        parameters = dict(case.settings.get(name, {}))
        if "random_state" in kind().get_params():
            parameters["random_state"] = case.seed
        keeps = case.missing == "native" and name in KEEPS_MISSING
        data = raw if keeps else features
        if name == "LogisticRegression":
            parameters = at_optimum(parameters, len(set(labels[training])), data.shape[1])
        if name == "HistGradientBoostingClassifier":
            if isinstance(parameters.get("class_weight"), list):
                parameters["class_weight"] = dict(enumerate(parameters["class_weight"]))
            if parameters.get("categorical_features") == "from_dtype":
                parameters["categorical_features"] = [not numbers for numbers, _, _ in cells.values()]
        model = fitted[name] = kind(**parameters).fit(data[training], labels[training])
        results[name] = {}
        for part, chosen in (("train", training), ("validate", test)):
            shares = np.zeros((len(chosen), len(names)))
            many = data[np.resize(chosen, max(256, len(chosen)))]
            with threadpool_limits(1 if name == "KNeighborsClassifier" else None):
                shares[:, model.classes_] = model.predict_proba(many)[:len(chosen)]
                predicted = model.predict(many)[:len(chosen)]
            # scikit-learn's naive Bayes answers NaN where no feature varies.
            clear = np.isfinite(shares).all(axis=1)
            # A category that a class never has gives log-likelihoods of 1e10, in which the order of a sum decides
            # the sixth digit behind the point.
            size = np.abs(model.predict_joint_log_proba(many)).max() if name == "GaussianNB" else 0
            limit = 1e-5 if size > 1e6 and case.encode == "one-hot" else 1e-9
            if name == "LogisticRegression":
                # lbfgs only comes near the optimum; where a column follows from others, so does the unique solver.
                limit = 1e-5 if parameters["solver"] == "lbfgs" else 1e-7
            results[name][part] = (labels[chosen], predicted, shares, clear, limit)
    return rows[test], names, results, fitted


def real_cases(folder):
    for path in sorted(Path(folder).glob("*.csv")):
        frame = pd.read_csv(path, encoding_errors="replace")
        yield Case(path.stem, frame, target=frame.columns[-1], models=tuple(MODELS))


def expected_metrics(actual, predicted, shares):
    """Metrics as scikit-learn has them; None where they are 0 / 0, for which it warns and writes 0."""
    count = shares.shape[1]
    average = "binary" if count == 2 else "macro"
    known = {
        "accuracy": metrics.accuracy_score(actual, predicted),
        "balanced_accuracy": metrics.balanced_accuracy_score(actual, predicted),
        "mcc": metrics.matthews_corrcoef(actual, predicted),
        "log_loss": metrics.log_loss(actual, shares, labels=range(count)),
        "roc_auc": None,
    }
    known["cohen_kappa"] = metrics.cohen_kappa_score(actual, predicted)
    if len(set(actual)) == 1 or len(set(predicted)) == 1:
        known["mcc"] = None
    if count == 2 and len(set(actual)) == 1:
        known["balanced_accuracy"] = None
    for name in ("precision", "recall", "f1"):
        score = getattr(metrics, name + "_score")
        known[name] = score(actual, predicted, average=average, zero_division=np.nan if count == 2 else 0)
        if count > 2:
            known[name + "_weighted"] = score(actual, predicted, average="weighted", zero_division=0)
    if len(set(actual)) == count:
        if count == 2:
            known["roc_auc"] = metrics.roc_auc_score(actual, shares[:, 1])
        else:
            known["roc_auc"] = np.mean([metrics.roc_auc_score(actual == c, shares[:, c]) for c in range(count)])
    return {name: None if value is None or np.isnan(value) else value for name, value in known.items()}


def compare(case, program, folder):
    path = folder / (case.name + ".csv")
    case.write(path)
    output = folder / case.name
    run = subprocess.run([program, "--data", path, "--output", output, "--format", "json", *case.options()],
                         capture_output=True, text=True)
    if run.returncode == 65 and "early stopping holds out rows of each class" in run.stderr:
        try:
            reference(case, path)
        except ValueError as error:
            return [] if "least populated class" in str(error) else [str(error)]
    if run.returncode != 0:
        return [f"exit {run.returncode}: {run.stderr.strip()}"]
    test, names, results, fitted = reference(case, path)
    document = json.loads((output / "comparison.json").read_text())
    problems = []
    if document["data"]["classes"] != names:
        problems.append(f"classes {document['data']['classes']} are not {names}")
    for model in document["models"]:
        name = model["name"]
        actual, predicted, shares, clear, limit = results[name]["validate"]
        with open(output / name / "predictions.csv", newline="") as file:
            lines = list(csv.reader(file))
        found = lines[1:]
        if [int(line[0]) for line in found] != test.tolist():
            problems.append(f"{name}: other test rows")
            continue
        if [line[1] for line in found] != [names[c] for c in actual]:
            problems.append(f"{name}: other actual classes")
        odd = [i for i, line in enumerate(found) if clear[i] and line[2] != names[predicted[i]]]
        if odd:
            problems.append(f"{name}: {len(odd)} of {len(found)} labels differ, first in row {test[odd[0]]}")
        gaps = np.abs(np.array([[float(v) for v in line[3:]] for line in found]) - shares)[clear]
        if gaps.size and gaps.max() > limit:
            problems.append(f"{name}: probabilities differ by up to {gaps.max():.3g}")
        if name == "HistGradientBoostingClassifier":
            problems += [f"{name}: {text}" for text in boosting_differences(fitted[name], output / name)]
        for part, (actual, predicted, shares, clear, limit) in results[name].items():
            if not clear.all():
                continue
            for key, value in expected_metrics(actual, predicted, shares).items():
                ours = model[part].get(key)
                if (ours is None) != (value is None) or (value is not None and abs(ours - value) > limit):
                    problems.append(f"{name}: {part} {key} is {ours}, not {value}")
    return problems


def main(program, chosen):
    failures = 0
    real = chosen and Path(chosen[0]).is_dir()
    with tempfile.TemporaryDirectory() as folder:
        for case in real_cases(chosen[0]) if real else itertools.chain(cases(), tied_cases(), missing_cases(), one_hot_cases(),
                                                                       boosting_cases(), category_cases()):
            if chosen and not real and not any(fnmatch(case.name, name) for name in chosen):
                continue
            problems = compare(case, program, Path(folder))
            if real and problems and problems[0].startswith("exit 6"):
                print(f"refused {case.name}: {problems[0].splitlines()[-1]}", flush=True)
                continue
            failures += bool(problems)
            print(("differs " if problems else "same    ") + case.name, flush=True)
            for problem in problems:
                print("        " + problem, flush=True)
    return failures


if __name__ == "__main__":
    sys.exit(1 if main(sys.argv[1], sys.argv[2:]) else 0)
