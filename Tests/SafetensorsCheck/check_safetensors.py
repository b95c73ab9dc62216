"""Opens the models of a run with the safetensors package, and predicts with a few lines of numpy.

Usage: check_safetensors.py RUN_FOLDER TABLE.csv

For every test row the labels, and for all but neighbours the probabilities, must be those of the
run's predictions.csv: for trees bit by bit, for the others up to the last digits of exp and log.
"""

import csv
import json
import sys
from pathlib import Path

import numpy as np
from safetensors import safe_open
from safetensors.numpy import load_file


def forest(model, rows):
    """The trees' mean class shares for rows of features."""
    rows = rows.astype(np.float32)
    sums = np.zeros((len(rows), model["leaf_shares"].shape[1]))
    for root in model["tree_roots"]:
        node = np.full(len(rows), root)
        while (inner := np.flatnonzero((left := model["left_child"][node]) >= 0)).size:
            at = node[inner]
            values = rows[inner, model["feature"][at]]
            goes_right = values > model["threshold"][at]
            if "missing_go_to_left" in model:
                goes_right |= np.isnan(values) & (model["missing_go_to_left"][at] == 0)
            node[inner] = left[inner] + goes_right
        sums += model["leaf_shares"][-1 - left]
    return sums / len(model["tree_roots"])


def naive_bayes(model, rows):
    means, variances = model["class_means"], model["class_variances"]
    logs = np.log(model["class_priors"]) - 0.5 * np.log(2 * np.pi * variances).sum(axis=1)
    logs = logs - 0.5 * ((rows[:, None, :] - means) ** 2 / variances).sum(axis=2)
    shares = np.exp(logs - logs.max(axis=1, keepdims=True))
    return shares / shares.sum(axis=1, keepdims=True)


def logistic(model, rows):
    scores = rows @ model["coefficients"].T + model["intercepts"]
    if scores.shape[1] == 1:
        scores = np.column_stack([np.zeros(len(rows)), scores])
    shares = np.exp(scores - scores.max(axis=1, keepdims=True))
    result = np.zeros((len(rows), len(model["class_is_present"])))
    result[:, model["class_is_present"] == 1] = shares / shares.sum(axis=1, keepdims=True)
    return result


def boosting(model, rows):
    """The shares of the classes from the values of all trees' leaves."""
    starts, present = model["first_threshold"], model["class_is_present"] == 1
    bins = np.column_stack([np.searchsorted(model["bin_thresholds"][starts[f]:starts[f + 1]], rows[:, f])
                            for f in range(rows.shape[1])])
    missing = np.isnan(rows)
    goes = np.arange(256) <= model["bin"][:, None]
    if "left_categories" in model:
        categorical = model["feature_is_categorical"] == 1
        is_set = (model["left_child"] >= 0) & categorical[model["feature"]]
        goes[is_set] = np.unpackbits(model["left_categories"], axis=1, bitorder="little")
        for f in np.flatnonzero(categorical):
            # Beyond the last there is none.
            own = np.append(model["bin_thresholds"][starts[f]:starts[f + 1]], np.nan)
            missing[:, f] |= own[bins[:, f]] != rows[:, f]
    per_round = len(model["baseline"])
    raw = np.tile(model["baseline"], (len(rows), 1))
    for number, root in enumerate(model["tree_roots"]):
        node = np.full(len(rows), root)
        while (inner := np.flatnonzero((left := model["left_child"][node]) >= 0)).size:
            at = node[inner]
            place = (inner, model["feature"][at])
            goes_left = np.where(missing[place], model["missing_go_to_left"][at] == 1, goes[at, np.minimum(bins[place], 255)])
            node[inner] = left[inner] + ~goes_left
        raw[:, number % per_round] += model["leaf_values"][-1 - left]
    shares = np.zeros((len(rows), len(present)))
    if per_round == 1:
        second = 1 / (1 + np.exp(-raw[:, 0]))
        shares[:, present] = np.column_stack([1 - second, second])
    elif per_round > 1:
        powers = np.exp(raw - raw.max(axis=1, keepdims=True))
        shares[:, present] = powers / powers.sum(axis=1, keepdims=True)
    else:
        shares[:, present] = 1
    return shares


SHARES = {
    "GaussianNB": naive_bayes, "LogisticRegression": logistic, "HistGradientBoostingClassifier": boosting,
}


def neighbors(model, rows, parameters):
    """Uniform votes of the nearest by Euclid's distance; of equally near ones the earlier."""
    count = parameters["n_neighbors"]
    assert parameters["p"] == 2 and parameters["weights"] == "uniform"
    labels = model["training_labels"]
    shares = np.zeros((len(rows), labels.max() + 1))
    for share, row in zip(shares, rows):
        distances = ((model["training_samples"] - row) ** 2).sum(axis=1)
        for label in labels[np.argsort(distances, kind="stable")[:count]]:
            share[label] += 1
    return shares / count


def prepared(folder, table, positions):
    """The table's rows at these positions, encoded and scaled."""
    columns = json.load(open(f"{folder}/scaler.json"))["columns"]
    values = []
    for column in columns:
        cells = [table[position][column["name"]] for position in positions]
        if column["kind"] == "categories":
            encoder = json.load(open(f"{folder}/{column['name']}FeatureLabelEncoder.json"))
            cells = [encoder["classes"].index(cell) for cell in cells]
        numbers = np.array(cells, dtype=np.float64)
        values.append((numbers - column["mean"]) / column["deviation"])
    return np.stack(values, axis=1)


def check(folder, table):
    path = f"{folder}/model.safetensors"
    with safe_open(path, framework="numpy") as file:
        metadata = file.metadata()
    model = load_file(path)
    classes = json.load(open(f"{folder}/labelEncoder.json"))["classes"]
    assert classes == json.loads(metadata["class_names"])
    expected = list(csv.DictReader(open(f"{folder}/predictions.csv", newline="")))
    algorithm = metadata["algorithm"]
    if algorithm == "KNeighborsClassifier":
        expected = expected[:1000]
    rows = prepared(folder, table, [int(row["row"]) for row in expected])
    wanted = np.array([[float(row[f"probability_{name}"]) for name in classes] for row in expected])
    if algorithm in ("RandomForest", "DecisionTreeClassifier"):
        shares = forest(model, rows)
        assert (shares == wanted).all(), f"{algorithm}: probabilities differ"
    elif algorithm in SHARES:
        shares = SHARES[algorithm](model, rows)
        assert np.abs(shares - wanted).max() < 1e-12, f"{algorithm}: probabilities differ"
    else:
        shares = neighbors(model, rows, json.loads(metadata["hyperparameters"]))
        assert (shares == wanted).all(), f"{algorithm}: probabilities differ"
    labels = [classes[index] for index in shares.argmax(axis=1)]
    assert labels == [row["predicted"] for row in expected], f"{algorithm}: labels differ"
    print(f"{algorithm}: {len(labels)} rows, the same labels and probabilities")


def main():
    run, data = sys.argv[1:]
    table = list(csv.DictReader(open(data, newline="")))
    for model in sorted(Path(run).glob("*/model.safetensors")):
        check(model.parent, table)


main()
