"""Trees and forests of scikit-learn 1.9.1 on tables with missing values, as SHA-256 of their arrays and labels.

Usage: python make_missing_values_reference.py > missing-values-reference.json
Needs scikit-learn 1.9.1 and numpy 2.4.6. The tables are those of make_grown_tree_reference.py's kind, from which values are removed:
by chance, of whole columns, or of one class only. Labels are predicted for the complete rows with a third of their cells removed, also
in columns that have all values in training. The last table is complete.
"""
import hashlib, json
import numpy as np
from sklearn.ensemble import RandomForestClassifier
from sklearn.tree import DecisionTreeClassifier
from make_grown_tree_reference import table

# A number for each column: 0 (complete), n > 0 (one cell of n is missing), -1 (all missing), -2 - k (missing in class k).
TABLES = [(dict(seed=21, rows=1500, columns=[0, 7, 40, 300, -1, 0, 3, -2], classes=2, noise=0.6), [10, 3, 0, 2, 4, -2, -3, 0]),
          (dict(seed=22, rows=900, columns=[900, 25, 0, 8, 2, 60], classes=5, noise=0.5), [4, -3, 20, 2, 0, -1]),
          (dict(seed=23, rows=90, columns=[4, 4, 3, 2, 5], classes=3, noise=1.0), [2, -2, 3, 0, -4]),
          (dict(seed=24, rows=9000, columns=[0, 0, 1000], classes=3, noise=0.1), [10, 0, -2]),
          (dict(seed=25, rows=300, columns=[12, 6, 9, -1], classes=2, noise=0.8), [0, 0, 0, 0])]

TREE = [{}, {"criterion": "entropy"}, {"max_depth": 4, "criterion": "log_loss"}, {"min_samples_leaf": 5}, {"min_samples_leaf": 0.03},
        {"min_samples_split": 20, "max_features": "sqrt"}, {"max_features": 0.6}, {"min_weight_fraction_leaf": 0.02}, {"max_leaf_nodes": 20},
        {"min_impurity_decrease": 0.002}, {"ccp_alpha": 0.003}, {"splitter": "random"}, {"splitter": "random", "criterion": "entropy"},
        {"splitter": "random", "max_features": 2, "min_samples_leaf": 3}, {"splitter": "random", "class_weight": "balanced"},
        {"class_weight": "balanced"}, {"class_weight": "balanced", "criterion": "entropy", "max_features": 2},
        {"class_weight": "balanced", "min_samples_leaf": 4, "max_leaf_nodes": 15}]
FOREST = [{}, {"criterion": "entropy", "max_features": None}, {"min_samples_leaf": 3, "oob_score": True}, {"max_samples": 0.4, "max_features": 1},
          {"bootstrap": False}, {"class_weight": "balanced"}, {"class_weight": "balanced_subsample"}, {"max_leaf_nodes": 12, "ccp_alpha": 0.001}]

def removed(X, y, seed, missing):
    draw = np.random.RandomState(seed)
    X = X.copy()
    for column, kind in enumerate(missing):
        if kind > 0:
            X[draw.randint(0, kind, len(X)) == 0, column] = np.nan
        elif kind < 0:
            X[slice(None) if kind == -1 else y == -2 - kind, column] = np.nan
    return X

def queries(X, seed):
    return np.where(np.random.RandomState(seed).randint(0, 3, X.shape) == 0, np.nan, X)

def entry(parameters, model, trees, rows):
    sha = hashlib.sha256()
    for t in (tree.tree_ for tree in trees):
        sides = t.missing_go_to_left * (t.feature >= 0)  # leaves have none
        for array, kind in [(t.feature, "<i4"), (t.threshold, "<f8"), (sides, "<i4"), (t.children_left, "<i4"), (t.n_node_samples, "<i4"),
                            (t.impurity, "<f8")]:
            sha.update(np.ascontiguousarray(array, dtype=kind).tobytes())
    return {"parameters": parameters, "nodes": [tree.tree_.node_count for tree in trees], "sha256": sha.hexdigest(),
            "labels": hashlib.sha256(model.predict(rows).astype("<i4").tobytes()).hexdigest(),
            "probabilities": model.predict_proba(rows[:6]).ravel().tolist(), "oob": getattr(model, "oob_score_", None)}

def main():
    tables = []
    for number, (shape, missing) in enumerate(TABLES):
        complete, y = table(**shape)
        X, rows = removed(complete, y, number, missing), queries(complete, number + 100)
        trees = [(p, DecisionTreeClassifier(random_state=number, **p).fit(X, y)) for p in TREE]
        forests = [(p, RandomForestClassifier(n_estimators=5, random_state=number, **p).fit(X, y)) for p in FOREST]
        tables.append({"shape": shape, "missing": missing,
                       "trees": [entry(p, model, [model], rows) for p, model in trees],
                       "forests": [entry(p, model, model.estimators_, rows) for p, model in forests]})
    print(json.dumps({"scikit-learn": "1.9.1", "tables": tables}, separators=(",", ":")))

if __name__ == "__main__":
    main()
