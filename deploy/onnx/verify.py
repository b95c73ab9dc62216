"""Compares an ONNX file with the model's own answers, and adds what it finds to equivalence.json.

Usage: verify.py MODEL.onnx [BATCH[:ROWS]…]    (how many rows at a time, of the first rows; 0 for all, the default)

Needs onnxruntime and numpy. Ends with status 1 where a label differs, or a probability by more than 1e-12.
"""

import csv
import hashlib
import json
import sys

import numpy
import onnxruntime

base = sys.argv[1].removesuffix(".onnx")
batches = sys.argv[2:] or ["0"]
with open(base + ".equivalence.json") as file:
    report = json.load(file)
for path, said in ((sys.argv[1], report["graph"]), (base + ".equivalence.csv", report["answers"])):
    with open(path, "rb") as file:
        assert hashlib.sha256(file.read()).hexdigest() == said["sha256"], f"{path} is another file"

# The model's columns, then its label and a probability for each class.
with open(base + ".equivalence.csv", newline="", encoding="utf-8") as file:
    rows = numpy.array(list(csv.reader(file))[1:], dtype=object)
session = onnxruntime.InferenceSession(sys.argv[1])
inputs = {}
for cells, column in zip(rows.T, session.get_inputs()):
    if column.type == "tensor(double)":
        cells = numpy.array([float(cell or "nan") for cell in cells])
    inputs[column.name] = cells[:, None]
labels, shares = rows[:, len(inputs)], rows[:, len(inputs) + 1:].astype(float)

wrong, largest = 0, 0.0
for batch in batches:
    size, _, count = batch.partition(":")
    size, count = int(size) or len(rows), int(count or len(rows))
    for start in range(0, count, size):
        part = slice(start, start + size)
        found = session.run(None, {name: cells[part] for name, cells in inputs.items()})
        wrong += int((found[0] != labels[part]).sum())
        largest = max(largest, float(abs(found[1] - shares[part]).max()))

report["compared_by"] = f"onnxruntime {onnxruntime.__version__}"
report["batches"] = batches
report["different_labels"] = wrong
report["largest_probability_difference"] = largest
with open(base + ".equivalence.json", "w") as file:
    json.dump(report, file, indent=2, sort_keys=True)
    file.write("\n")
print(f"{sys.argv[1]}: {len(rows)} rows, {wrong} labels differ, probabilities by at most {largest}")
sys.exit(wrong > 0 or not largest <= 1e-12)
