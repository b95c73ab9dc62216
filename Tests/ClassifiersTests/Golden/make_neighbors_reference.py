"""The neighbours that scikit-learn finds in small tables where many rows are as near to each other.

Usage: python make_neighbors_reference.py > neighbors-reference.json
Needs scikit-learn 1.9.1 and numpy from PyPI, and Linux on x86-64 with AVX-512: other builds arrange rows or round
otherwise.
"""
import json
import warnings

import numpy as np
from sklearn.neighbors import KNeighborsClassifier

warnings.filterwarnings("ignore")
# Made by an adversary (McIlroy, "A killer adversary for quicksort", 1999) against libstdc++'s nth_element: its
# divisions remove two of these at a time, until it gives up and takes a heap.
KILLER = [
    25, 1, 41, 3, 42, 5, 43, 7, 44, 9, 45, 11, 46, 13, 47, 15, 48, 17, 49, 19, 50, 21, 51, 23, 39, 37, 35, 36, 38, 34,
    40, 32, 33, 30, 31, 28, 29, 26, 27, 24, 0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, *range(52, 80)]

random = np.random.RandomState(24)
cases = []
for rows, columns, distinct, scales, settings in [
    (70, 2, 3, [1, 1], {}),
    (70, 2, 3, [1, 1], {"leaf_size": 3}),
    (70, 2, 3, [1, 1], {"leaf_size": 1, "n_neighbors": 1}),
    (70, 3, 4, [0.1, 0.3, 0.7], {"leaf_size": 2, "n_neighbors": 9}),
    (60, 15, 2, [1] * 15, {"leaf_size": 7}),
    (60, 16, 2, [0.3] * 16, {"algorithm": "kd_tree", "leaf_size": 7}),
    (70, 3, 3, [1, 1, 1], {"p": 1, "leaf_size": 4, "weights": "distance"}),
    (70, 3, 3, [0.1, 0.1, 0.2], {"algorithm": "ball_tree", "leaf_size": 4}),
    (70, 3, 3, [0.1, 0.1, 0.2], {"algorithm": "ball_tree", "leaf_size": 4, "p": 1}),
    (50, 3, 3, [0.1, 0.1, 0.2], {"algorithm": "brute", "p": 1, "n_neighbors": 7}),
    (30, 1, 3, [1], {"p": 1, "n_neighbors": 20}),
    (30, 1, 3, [1], {"p": 1, "n_neighbors": 30}),
    (80, 1, None, [1], {"leaf_size": 2, "n_neighbors": 2}),
    (60, 16, 2, [0.3] * 16, {"n_neighbors": 7}),
    (50, 17, 2, [0.3, 0.7] * 8 + [0.1], {"n_neighbors": 3}),
    (40, 50, 2, [0.3, 0.7] * 25, {}),
    (50, 3, 3, [0.1, 0.1, 0.2], {"algorithm": "brute"}),
    (50, 2, 3, [0.1, 0.3], {"n_neighbors": 25}),
]:
    values = random.randint(0, distinct, (rows, columns)) if distinct else np.array([KILLER]).T
    queries = np.vstack([values[:5], random.randint(0, distinct or 80, (10, columns))])
    model = KNeighborsClassifier(**settings).fit(values * np.array(scales, float), np.arange(rows))
    # Small products are rounded otherwise: 256 queries, as in large tables.
    neighbors = model.kneighbors(np.resize(queries * np.array(scales, float), (256, columns)), return_distance=False)
    cases.append({"parameters": settings, "scales": scales, "values": values.tolist(), "queries": queries.tolist(),
                  "neighbors": np.sort(neighbors[:len(queries)], axis=1).tolist()})
print(json.dumps({"scikit-learn": "1.9.1", "cases": cases}, separators=(",", ":")))
