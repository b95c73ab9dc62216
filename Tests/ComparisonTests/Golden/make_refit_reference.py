"""Writes refit-reference.json: scikit-learn's models fitted on all rows of every 45th diamond.

    pip install scikit-learn==1.9.1 pandas && python make_refit_reference.py

Encoders, scaler and classifier see all rows, in the order of the table.
"""

import hashlib
import json
import pathlib

import numpy
import pandas
import sklearn
from sklearn.ensemble import RandomForestClassifier
from sklearn.naive_bayes import GaussianNB
from sklearn.preprocessing import LabelEncoder, StandardScaler
from sklearn.tree import DecisionTreeClassifier

root = pathlib.Path(__file__).parents[3]
table = pandas.read_csv(root / "data" / "diamonds.csv", index_col=0).iloc[::45]
GOLD = ["Ideal", "Premium", "Very Good"]
labels = (~table["cut"].isin(GOLD)).astype(int).to_numpy()
features = table.drop(columns="cut")
for name in ("color", "clarity"):
    features[name] = LabelEncoder().fit_transform(features[name])
scaled = StandardScaler().fit_transform(features.to_numpy(dtype=float))


def nodes(trees):
    """How many nodes each tree has, and the SHA-256 of all splits: each feature as a little-endian 32-bit
    integer and the largest 32-bit float that is not above the threshold, in ascending order."""
    splits = []
    for tree in trees:
        for feature, threshold in zip(tree.feature, tree.threshold):
            if feature < 0:
                continue
            value = numpy.float32(threshold)
            if value > threshold:
                value = numpy.nextafter(value, numpy.float32(-numpy.inf))
            splits.append((int(feature), float(value)))
    digest = hashlib.sha256()
    for feature, value in sorted(splits):
        digest.update(numpy.array(feature, "<i4").tobytes() + numpy.array(value, "<f4").tobytes())
    return {
        "node_counts": [int(tree.node_count) for tree in trees],
        "splits_sha256": digest.hexdigest(),
    }


forest = RandomForestClassifier(n_estimators=20, random_state=42).fit(scaled, labels)
tree = DecisionTreeClassifier(random_state=42).fit(scaled, labels)
bayes = GaussianNB().fit(scaled, labels)
result = {
    "made_with": {"scikit-learn": sklearn.__version__, "numpy": numpy.__version__},
    "RandomForest": {
        **nodes([one.tree_ for one in forest.estimators_]),
        "silver": forest.predict_proba(scaled)[:, 1].round(15).tolist(),
    },
    "DecisionTreeClassifier": nodes([tree.tree_]),
    "GaussianNB": {"silver": bayes.predict_proba(scaled)[::10, 1].tolist()},
}
path = pathlib.Path(__file__).with_name("refit-reference.json")
path.write_text(json.dumps(result, separators=(",", ":"), sort_keys=True) + "\n")
