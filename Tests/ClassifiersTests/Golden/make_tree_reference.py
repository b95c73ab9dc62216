"""Trees and forests of scikit-learn 1.9.1 on small tables, over many hyper-parameters.

Usage: python make_tree_reference.py > tree-reference.json
Needs scikit-learn 1.9.1 and numpy 2.4.6. The tables have ties, duplicate rows and constant columns.
"""
import json
import numpy as np
from sklearn.ensemble import RandomForestClassifier
from sklearn.tree import DecisionTreeClassifier

def table(seed, rows, features, classes, levels):
    draw = np.random.RandomState(seed)
    X = draw.randint(0, levels, (rows, features)) / 8.0
    X[:, 0] = draw.standard_normal(rows).round(3)
    X[:, features - 1] = 0.5
    score = X[:, 0] + X[:, 1] - X[:, 2] + draw.standard_normal(rows) * 0.4
    y = np.digitize(score, np.quantile(score, np.arange(1, classes) / classes))
    return X, y

TREE = [{}, {"criterion": "entropy"}, {"criterion": "log_loss", "max_depth": 4}, {"max_depth": 3},
        {"min_samples_split": 20}, {"min_samples_leaf": 7}, {"min_samples_leaf": 0.03}, {"min_samples_split": 0.1},
        {"max_features": 2}, {"max_features": "log2"}, {"max_features": 0.5}, {"min_weight_fraction_leaf": 0.05},
        {"min_impurity_decrease": 0.01}, {"max_leaf_nodes": 9}, {"max_leaf_nodes": 30, "max_features": 2},
        {"splitter": "random"}, {"splitter": "random", "max_features": 2, "min_samples_leaf": 3}, {"ccp_alpha": 0.01},
        {"ccp_alpha": 0.005, "max_leaf_nodes": 25}, {"class_weight": "balanced", "max_depth": 5}]
FOREST = [{}, {"criterion": "entropy"}, {"bootstrap": False, "max_features": 2}, {"max_samples": 0.4}, {"max_samples": 33},
          {"max_leaf_nodes": 12}, {"min_samples_leaf": 4, "oob_score": True}, {"class_weight": "balanced"},
          {"class_weight": "balanced_subsample", "max_depth": 4}, {"max_features": None, "ccp_alpha": 0.01}]

tables = []
for seed, rows, features, classes, levels in [(1, 160, 5, 2, 6), (2, 210, 6, 3, 9), (3, 240, 7, 7, 4)]:
    X, y = table(seed, rows, features, classes, levels)
    entry = {"features": X.tolist(), "labels": y.tolist(), "classes": classes, "trees": [], "forests": []}
    for parameters in TREE:
        model = DecisionTreeClassifier(random_state=seed, **parameters).fit(X, y)
        t = model.tree_
        entry["trees"].append({"parameters": parameters, "features": t.feature.tolist(), "thresholds": t.threshold.tolist(),
                               "left": t.children_left.tolist(), "importances": model.feature_importances_.tolist(),
                               "probabilities": model.predict_proba(X)[:20].ravel().tolist()})
    for parameters in FOREST:
        model = RandomForestClassifier(n_estimators=6, random_state=seed, **parameters).fit(X, y)
        entry["forests"].append({"parameters": parameters, "nodes": [e.tree_.node_count for e in model.estimators_],
                                 "features": [f for e in model.estimators_ for f in e.tree_.feature.tolist()],
                                 "thresholds": [f for e in model.estimators_ for f in e.tree_.threshold.tolist()],
                                 "importances": model.feature_importances_.tolist(),
                                 "oob": getattr(model, "oob_score_", None),
                                 "probabilities": model.predict_proba(X)[:20].ravel().tolist()})
    tables.append(entry)
print(json.dumps({"scikit-learn": "1.9.1", "tables": tables}, separators=(",", ":")))
