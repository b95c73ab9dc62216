"""Trees and forests of scikit-learn 1.9.1 on larger tables, as SHA-256 of their arrays.

Usage: python make_grown_tree_reference.py > grown-tree-reference.json
Needs scikit-learn 1.9.1 and numpy 2.4.6. The tables are drawn from numpy's legacy generator with whole and uniform numbers
only, so that the test draws the same ones: continuous columns, columns of few values, constant columns, a column that repeats
another, rows that repeat others, two to 26 classes.
"""
import hashlib, itertools, json
import numpy as np
from sklearn.ensemble import RandomForestClassifier
from sklearn.tree import DecisionTreeClassifier

def table(seed, rows, columns, classes, noise):
    """A column is 0 (continuous), n > 0 (n values), -1 (constant) or -2 (the first column again)."""
    draw = np.random.RandomState(seed)
    X = np.empty((rows, len(columns)))
    for index, kind in enumerate(columns):
        X[:, index] = (draw.random_sample(rows) if kind == 0 else draw.randint(0, kind, rows) / kind if kind > 0
                       else np.full(rows, 0.5) if kind == -1 else X[:, 0])
    twins = draw.randint(0, rows, rows // 10)
    X[:len(twins)] = X[twins]
    score = X[:, 0] + X[:, 1] - X[:, 2] + 1.0 + noise * draw.random_sample(rows)
    y = np.floor(score * (classes / (3.0 + noise))).astype(int)
    y[:classes] = np.arange(classes)
    return X, y

TABLES = [dict(seed=11, rows=2000, columns=[0, 7, 40, 300, -1, 0, 3, -2], classes=2, noise=0.6),
          dict(seed=12, rows=2000, columns=[900, 25, 0, 8, 2, 60], classes=26, noise=0.5),
          dict(seed=13, rows=700, columns=[4, 4, 3, 2, 5], classes=3, noise=1.0),
          dict(seed=14, rows=1500, columns=[0, 0, 0] + [0, 5, 50] * 13, classes=5, noise=0.3),
          dict(seed=15, rows=300, columns=[12, 6, 9, -1], classes=2, noise=0.8),
          dict(seed=16, rows=20000, columns=[0, 0, 0, 0, 4000, 600], classes=2, noise=1.5)]

DEPTH = [{}, {"max_depth": 5}]
CRITERION = [{"criterion": "gini"}, {"criterion": "entropy"}]
LEAF = [{}, {"min_samples_leaf": 5}, {"min_weight_fraction_leaf": 0.01}, {"min_samples_split": 30, "min_impurity_decrease": 0.001}]
GROWTH = [{}, {"max_leaf_nodes": 40}]
FEATURES = [{"max_features": None}, {"max_features": "sqrt"}, {"max_features": 0.6}]
TREE = [dict(itertools.chain(*(part.items() for part in parts)))
        for parts in itertools.product(CRITERION, LEAF, GROWTH, FEATURES, [{}, {"splitter": "random"}], [{}, {"class_weight": "balanced"}])]
TREE += [{"max_depth": 5}, {"ccp_alpha": 0.002}, {"ccp_alpha": 0.002, "class_weight": "balanced"}, {"min_samples_leaf": 0.02},
         {"criterion": "log_loss", "max_depth": 6}, {"max_features": 1}, {"max_features": "log2", "class_weight": "balanced"}]
FOREST = [{}, {"criterion": "entropy"}, {"max_features": None}, {"max_features": 1}, {"min_samples_leaf": 3}, {"min_samples_split": 12},
          {"max_depth": 6}, {"max_leaf_nodes": 50}, {"min_weight_fraction_leaf": 0.005}, {"min_impurity_decrease": 0.0005},
          {"max_samples": 0.5}, {"max_samples": 2.5}, {"max_samples": 100}, {"bootstrap": False}, {"bootstrap": False, "class_weight": "balanced"},
          {"class_weight": "balanced"}, {"class_weight": "balanced", "max_samples": 0.5}, {"class_weight": "balanced_subsample"},
          {"class_weight": "balanced_subsample", "criterion": "entropy"}, {"class_weight": "balanced_subsample", "min_weight_fraction_leaf": 0.01},
          {"class_weight": "balanced_subsample", "max_leaf_nodes": 30}, {"class_weight": "balanced_subsample", "bootstrap": False},
          {"oob_score": True}, {"ccp_alpha": 0.001}]

def digest(trees):
    """Over features, thresholds, left children, samples and impurities of every tree in turn."""
    sha = hashlib.sha256()
    for t in (tree.tree_ for tree in trees):
        for array, kind in [(t.feature, "<i4"), (t.threshold, "<f8"), (t.children_left, "<i4"), (t.n_node_samples, "<i4"), (t.impurity, "<f8")]:
            sha.update(np.ascontiguousarray(array, dtype=kind).tobytes())
    return sha.hexdigest()

def main():
    tables = []
    for number, shape in enumerate(TABLES):
        X, y = table(**shape)
        entry = {"shape": shape, "table": hashlib.sha256(X.astype("<f8").tobytes() + y.astype("<i4").tobytes()).hexdigest(), "trees": [], "forests": []}
        for parameters in TREE:
            model = DecisionTreeClassifier(random_state=number, **parameters).fit(X, y)
            entry["trees"].append({"parameters": parameters, "nodes": [model.tree_.node_count], "sha256": digest([model])})
        for parameters in FOREST:
            model = RandomForestClassifier(n_estimators=5, random_state=number, **parameters).fit(X, y)
            entry["forests"].append({"parameters": parameters, "nodes": [e.tree_.node_count for e in model.estimators_],
                                     "sha256": digest(model.estimators_), "oob": getattr(model, "oob_score_", None)})
        tables.append(entry)
    print(json.dumps({"scikit-learn": "1.9.1", "tables": tables}, separators=(",", ":")))

if __name__ == "__main__":
    main()
