"""Makes the tables that growth is measured on.

Usage: python make_data.py rows PATH FACTOR | csv PATH FACTOR | random PATH FEATURES CLASSES
"""
import sys
from pathlib import Path

import numpy as np
import pandas as pd

data = Path(__file__).resolve().parent.parent.parent / "data" / "diamonds.csv"


def jittered(factor):
    """diamonds.csv `factor` times: first as it is, then moved a little."""
    random = np.random.default_rng(42)
    frame = pd.read_csv(data).drop(columns="Unnamed: 0")
    parts = [frame]
    for _ in range(factor - 1):
        part = frame.copy()
        for column, step in [("carat", 0.01), ("depth", 0.1), ("table", 0.1), ("x", 0.01),
                             ("y", 0.01), ("z", 0.01)]:
            moves = random.integers(-3, 4, len(part)) * step
            part[column] = (part[column] + moves).clip(lower=0).round(2)
        part["price"] = (part["price"] * random.uniform(0.97, 1.03, len(part))).round().astype(int)
        parts.append(part)
    return pd.concat(parts, ignore_index=True)


def write(path, training, test, labels):
    with open(path, "wb") as file:
        training.astype("<f8").tofile(file)
        test.astype("<f8").tofile(file)
        labels.astype("u1").tofile(file)


def main():
    kind, path, *sizes = sys.argv[1:]
    sizes = [int(size) for size in sizes]
    if kind == "csv":
        jittered(sizes[0]).to_csv(path)
    elif kind == "rows":
        frame = jittered(sizes[0])
        labels = ~frame.pop("cut").isin(["Ideal", "Premium", "Very Good"]).to_numpy()
        for column in ["color", "clarity"]:
            frame[column] = np.unique(frame[column], return_inverse=True)[1]
        values = frame.to_numpy(float)
        values = (values - values.mean(axis=0)) / values.std(axis=0)
        order = np.random.default_rng(1).permutation(len(values))
        test = order[:10_788]
        training = order[-(len(order) - -(-len(order) // 5)):]
        write(path, values[training], values[test],
              np.concatenate([labels[training], labels[test]]))
    else:
        features, classes = sizes
        random = np.random.default_rng(features * 100 + classes)
        # A few directions have most of the variance, as in most tables.
        inner = min(features, 10)
        values = random.standard_normal((53_940, inner)) @ random.standard_normal((inner, features))
        values += 0.3 * random.standard_normal(values.shape)
        score = values[:, 0] + 0.5 * values[:, -1] + random.standard_normal(len(values))
        limits = np.quantile(score, np.arange(1, classes) / classes)
        write(path, values[:43_152], values[43_152:], np.digitize(score, limits))


main()
