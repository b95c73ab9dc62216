"""Compares whole runs of compare-models with scikit-learn on many generated tables, or on those of a folder.

Usage: python compare_with_sklearn.py PATH_TO_COMPARE_MODELS [NAME ... | FOLDER]
Needs scikit-learn 1.9.1, numpy and pandas from PyPI. NAMEs choose among the tables. FOLDER has CSV files whose last
column is the target; what the program refuses is listed with its reason, and is no difference.

Each table is written as CSV and given to the program with some options; the same steps are taken with
scikit-learn, and predictions.csv and comparison.json are compared with its labels (exactly),
probabilities (1e-9) and metrics (1e-9). Where scikit-learn's neighbours search all rows, which of equally distant
ones it takes depends on its threads, on the processor, and on how few rows it predicts at once: here it has one
thread and 256 rows or more, and without AVX-512 tied tables that it searches so are left out.
"""
import csv
import itertools
import json
import subprocess
import sys
import tempfile
import warnings
from pathlib import Path

import numpy as np
import pandas as pd
from sklearn import datasets, metrics
from sklearn.ensemble import RandomForestClassifier
from sklearn.model_selection import train_test_split
from sklearn.naive_bayes import GaussianNB
from sklearn.neighbors import KNeighborsClassifier
from sklearn.preprocessing import LabelEncoder, StandardScaler
from sklearn.tree import DecisionTreeClassifier
from threadpoolctl import threadpool_info, threadpool_limits

warnings.filterwarnings("ignore")
MODELS = {
    "RandomForest": RandomForestClassifier,
    "DecisionTreeClassifier": DecisionTreeClassifier,
    "GaussianNB": GaussianNB,
    "KNeighborsClassifier": KNeighborsClassifier,
}


class Case:
    """A table, the way it is written, and the options it is run with."""

    def __init__(self, name, frame, target="target", seed=42, fraction=0.2, separator=",", settings=None,
                 categorical=(), quoting=csv.QUOTE_MINIMAL, end="\n", training_only=False, bom=False,
                 models=tuple(MODELS)):
        self.name, self.frame, self.target, self.seed, self.fraction = name, frame, target, seed, fraction
        self.separator, self.settings, self.categorical = separator, settings or {}, list(categorical)
        self.quoting, self.end, self.training_only, self.bom = quoting, end, training_only, bom
        self.models = models

    def write(self, path):
        self.frame.to_csv(path, index=False, sep=self.separator, quoting=self.quoting, lineterminator=self.end,
                          encoding="utf-8-sig" if self.bom else "utf-8")

    def options(self):
        yield from ["--target", self.target, "--seed", str(self.seed), "--test-fraction", str(self.fraction)]
        if len(self.models) < len(MODELS):
            yield from ["--models", ",".join(self.models)]
        for column in self.categorical:
            yield from ["--categorical", column]
        if self.training_only:
            yield from ["--fit-preprocessing", "training"]
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
               settings={"RandomForest": {"n_estimators": 20}})
    yield Case("order-by-value", frame_of(random.normal(size=(300, 3)), random.choice([9, 10, -1, 100], 300)))
    yield Case("skewed", frame_of(np.exp(3 * random.normal(size=(800, 5))).round(3), random.binomial(1, 0.05, 800)))


def tied_cases():
    """Tables of few distinct values, in which many rows are as near to each other: for neighbours only."""
    has_avx512 = any(library.get("architecture") in ("SkylakeX", "Cooperlake", "SapphireRapids")
                     for library in threadpool_info())
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
        if is_brute and power == 2 and not has_avx512:
            continue
        yield Case(f"tied-{seed}", frame_of(features, random.randint(0, classes, rows)), seed=seed,
                   settings={"KNeighborsClassifier": settings}, models=["KNeighborsClassifier"])


def reference(case, path):
    """The test rows, class names, and for each model labels, probabilities and the rows where these are numbers."""
    frame = pd.read_csv(path, sep=case.separator, keep_default_na=False,
                        dtype={column: str for column in case.categorical})
    target = LabelEncoder().fit(frame[case.target])
    labels = target.transform(frame[case.target])
    features = frame.drop(columns=case.target)
    for column in features:
        if not pd.api.types.is_numeric_dtype(features[column]):
            features[column] = LabelEncoder().fit_transform(features[column])
    features = features.to_numpy(float)
    rows = np.arange(len(labels))
    training, test = train_test_split(rows, test_size=case.fraction, random_state=case.seed)
    scaler = StandardScaler().fit(features[training] if case.training_only else features)
    features = scaler.transform(features)
    names = [str(c) for c in target.classes_]
    results = {}
    for name in case.models:
        kind = MODELS[name]
        parameters = dict(case.settings.get(name, {}))
        if "random_state" in kind().get_params():
            parameters["random_state"] = case.seed
        model = kind(**parameters).fit(features[training], labels[training])
        results[name] = {}
        for part, chosen in (("train", training), ("validate", test)):
            shares = np.zeros((len(chosen), len(names)))
            many = features[np.resize(chosen, max(256, len(chosen)))]
            with threadpool_limits(1 if name == "KNeighborsClassifier" else None):
                shares[:, model.classes_] = model.predict_proba(many)[:len(chosen)]
                predicted = model.predict(many)[:len(chosen)]
            # scikit-learn's naive Bayes answers NaN where no feature varies.
            clear = np.isfinite(shares).all(axis=1)
            results[name][part] = (labels[chosen], predicted, shares, clear)
    return test, names, results


def real_cases(folder):
    for path in sorted(Path(folder).glob("*.csv")):
        frame = pd.read_csv(path, encoding_errors="replace")
        yield Case(path.stem, frame, target=frame.columns[-1])


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
    if run.returncode != 0:
        return [f"exit {run.returncode}: {run.stderr.strip()}"]
    test, names, results = reference(case, path)
    document = json.loads((output / "comparison.json").read_text())
    problems = []
    if document["data"]["classes"] != names:
        problems.append(f"classes {document['data']['classes']} are not {names}")
    for model in document["models"]:
        name = model["name"]
        actual, predicted, shares, clear = results[name]["validate"]
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
        if gaps.size and gaps.max() > 1e-9:
            problems.append(f"{name}: probabilities differ by up to {gaps.max():.3g}")
        for part, (actual, predicted, shares, clear) in results[name].items():
            if not clear.all():
                continue
            for key, value in expected_metrics(actual, predicted, shares).items():
                ours = model[part].get(key)
                if (ours is None) != (value is None) or (value is not None and abs(ours - value) > 1e-9):
                    problems.append(f"{name}: {part} {key} is {ours}, not {value}")
    return problems


def main(program, chosen):
    failures = 0
    real = chosen and Path(chosen[0]).is_dir()
    with tempfile.TemporaryDirectory() as folder:
        for case in real_cases(chosen[0]) if real else itertools.chain(cases(), tied_cases()):
            if chosen and not real and case.name not in chosen:
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
