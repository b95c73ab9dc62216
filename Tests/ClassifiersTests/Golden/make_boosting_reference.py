"""Gradient boosting of scikit-learn 1.9.1, as SHA-256 of its trees, with losses and raw predictions.

Usage: OMP_NUM_THREADS=1 python make_boosting_reference.py ../../../data/diamonds.csv > boosting-reference.json
Needs scikit-learn 1.9.1, numpy 2.4.6 and pandas. The tables are drawn as make_grown_tree_reference.py draws them, and values are removed as
make_missing_values_reference.py removes them. "draws" has numbers of numpy's generators, and rows of train_test_split(stratify=...).
"""
import hashlib, json, sys, warnings
from pathlib import Path
import numpy as np
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.model_selection import train_test_split
from make_diamonds_reference import prepared
from make_grown_tree_reference import table
from make_missing_values_reference import queries, removed

warnings.filterwarnings("ignore")
TABLES = [(dict(seed=31, rows=2000, columns=[0, 7, 40, 300, -1, 0, 3, -2], classes=2, noise=0.6), [10, 3, 0, 2, 4, -2, -3, 0]),
          (dict(seed=32, rows=900, columns=[900, 25, 0, 8, 2, 60], classes=5, noise=0.5), [4, -3, 20, 2, 0, 0]),
          (dict(seed=33, rows=120, columns=[4, 4, 3, 2, 5], classes=3, noise=1.0), [2, -2, 3, 0, -4]),
          (dict(seed=34, rows=11000, columns=[0, 0, 1000], classes=3, noise=0.1), [10, 0, 0]),
          (dict(seed=35, rows=300, columns=[12, 6, 9, 2], classes=2, noise=0.8), [0, 0, 0, 0])]
MODELS = [{}, {"learning_rate": 0.3, "max_iter": 25}, {"max_leaf_nodes": None, "max_iter": 10}, {"max_leaf_nodes": 4, "max_iter": 20},
          {"max_depth": 3, "max_iter": 20}, {"min_samples_leaf": 1, "max_iter": 15}, {"l2_regularization": 2.5, "max_iter": 15},
          {"max_bins": 16, "max_iter": 15}, {"max_bins": 2, "max_iter": 10}, {"max_features": 0.4, "max_iter": 15},
          {"early_stopping": True, "learning_rate": 0.5}, {"early_stopping": True, "n_iter_no_change": 3, "tol": 0.01},
          {"early_stopping": True, "validation_fraction": None, "tol": 0.002}, {"early_stopping": True, "validation_fraction": 0.3, "max_iter": 20},
          {"early_stopping": False, "max_iter": 12}, {"class_weight": "balanced", "max_iter": 12},
          {"class_weight": "balanced", "early_stopping": True, "max_features": 0.7, "max_iter": 20}]


# Which features of each table are categories, and what is changed with them.
CATEGORICAL = [[1, 2, 6], [1, 3, 4, 5], [0, 1, 2, 3, 4], [], [0, 2]]
CATEGORICAL_MODELS = [{}, {"min_samples_leaf": 1, "max_iter": 15}, {"l2_regularization": 2.5, "max_leaf_nodes": None, "max_iter": 10},
                      {"max_features": 0.4, "max_iter": 15}, {"early_stopping": True, "class_weight": "balanced", "learning_rate": 0.5}]


def places(model):
    """The column of each of the model's features, of which the categorical ones come first."""
    count = len(model._bin_mapper.bin_thresholds_)
    return np.argsort(~model.is_categorical_, kind="stable") if model.is_categorical_ is not None else np.arange(count)


def bins(model):
    """The thresholds of each column, or its categories."""
    found = list(model._bin_mapper.bin_thresholds_)
    if model.is_categorical_ is not None:
        known = model._preprocessor.named_transformers_["encoder"].categories_
        found[:len(known)] = [values[~np.isnan(values)] for values in known]
    return np.concatenate([found[place] for place in np.argsort(places(model))]).astype("<f8")


def sets(model):
    """A digest of the categories that go left in each node that divides categories, breadth first, as 256 bits."""
    sha = hashlib.sha256()
    for predictor in (tree for trees in model._predictors for tree in trees):
        order = [0]
        for node in order:
            if not predictor.nodes[node]["is_leaf"]:
                order += [predictor.nodes[node]["left"], predictor.nodes[node]["right"]]
        for node in predictor.nodes[order]:
            if node["is_categorical"]:
                bits = np.unpackbits(predictor.binned_left_cat_bitsets[node["bitset_idx"]].view(np.uint8), bitorder="little")
                # Missing values have a bit of their own there.
                bits[model._bin_mapper.missing_values_bin_idx_] = 0
                sha.update(np.packbits(bits, bitorder="little").tobytes())
    return sha.hexdigest()


def trees(model):
    """A digest of all nodes, breadth first: feature, bin, side of missing values, samples; and the number of nodes."""
    rows = []
    column = places(model)
    for tree in (tree.nodes for trees in model._predictors for tree in trees):
        order = [0]
        for node in order:
            if not tree[node]["is_leaf"]:
                order += [tree[node]["left"], tree[node]["right"]]
        inner = ~tree[order]["is_leaf"].astype(bool)
        names = ("feature_idx", "bin_threshold", "missing_go_to_left")
        parts = [np.where(inner, tree[order][name], 0) for name in names]
        rows.append(np.column_stack([np.where(inner, column[parts[0]], 0), *parts[1:], tree[order]["count"]]))
    rows = np.concatenate(rows)
    return len(rows), hashlib.sha256(rows.astype("<i4").tobytes()).hexdigest()


def entry(parameters, model, rows):
    count, digest = trees(model)
    raw = model.decision_function(rows)
    return {"parameters": {key: value for key, value in parameters.items() if key != "categorical_features"}, "rounds": model.n_iter_, "nodes": count, "sha256": digest,
            "bins": hashlib.sha256(bins(model).tobytes()).hexdigest(), "sets": sets(model),
            "training": (-model.train_score_[[0, -1]]).tolist() if len(model.train_score_) else [],
            "validation": (-model.validation_score_[[0, -1]]).tolist() if len(model.validation_score_) else [],
            "raw": raw[:6].ravel().tolist(), "labels": hashlib.sha256(model.predict(rows).astype("<i4").tobytes()).hexdigest()}


def fit(parameters, X, y, seed):
    return HistGradientBoostingClassifier(random_state=seed, **parameters).fit(X, y)


def draws():
    result = []
    for seed in (0, 42, 2**32 - 1):
        flags = np.arange(19) < 7
        np.random.default_rng(seed).shuffle(flags)
        labels = np.random.RandomState(seed).randint(0, 4, 97)
        training, test = train_test_split(np.arange(97), test_size=22, stratify=labels, random_state=seed)
        result.append({"seed": seed, "shuffled": flags.tolist(), "labels": labels.tolist(), "training": training.tolist(),
                       "test": test.tolist()})
    return result


def main(diamonds):
    tables = []
    for number, (shape, missing) in enumerate(TABLES):
        complete, y = table(**shape)
        X, rows = removed(complete, y, number, missing), queries(complete, number + 100)
        categorical = CATEGORICAL[number]
        changed = [p | {"categorical_features": categorical} for p in CATEGORICAL_MODELS] if categorical else []
        tables.append({"shape": shape, "missing": missing, "models": [entry(p, fit(p, X, y, number), rows) for p in MODELS],
                       "categorical": categorical, "categoricalModels": [entry(p, fit(p, X, y, number), rows) for p in changed]})
    training, test, training_labels, _ = prepared(diamonds)
    parameters = [{}, {"early_stopping": False}]
    print(json.dumps({"scikit-learn": "1.9.1", "tables": tables, "draws": draws(),
                      "diamonds": [entry(p, fit(p, training, training_labels, 42), test) for p in parameters]}, separators=(",", ":")))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
