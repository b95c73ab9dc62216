"""Asks the service as a client of the Open Inference Protocol does: tritonclient, which is not ours, with its
defaults (binary data, all outputs), with JSON, and with packed bodies.

Usage: python check_inference.py HOST:PORT DIAMONDS.csv PREDICTIONS.csv
Needs tritonclient[http] from PyPI. PREDICTIONS.csv is a run's, of the model that is served: its first
200 rows must come out with the same labels and probabilities.
"""
import csv
import sys
import numpy as np
import tritonclient.http as triton
from tritonclient.utils import InferenceServerException

client = triton.InferenceServerClient(sys.argv[1])
table = list(csv.DictReader(open(sys.argv[2])))
expected = list(csv.DictReader(open(sys.argv[3])))[:200]
assert client.is_server_live() and client.is_server_ready() and client.is_model_ready("diamonds")
metadata = client.get_model_metadata("diamonds")
assert client.is_model_ready("diamonds", metadata["versions"][0])
rows = [table[int(row["row"])] for row in expected]
names = [name for name in expected[0] if name.startswith("probability_")]
wanted = np.array([[float(row[name]) for name in names] for row in expected])


def tensors(**binary):
    """An input for each feature; with tritonclient's default where nothing is said about binary data."""
    inputs = []
    for entry in metadata["inputs"]:
        isText = entry["datatype"] == "BYTES"
        values = np.array([row[entry["name"]] for row in rows], dtype=object if isText else np.float64)
        tensor = triton.InferInput(entry["name"], [len(rows)], entry["datatype"])
        tensor.set_data_from_numpy(values, **binary)
        inputs.append(tensor)
    return inputs


def asked(**binary):
    return [triton.InferRequestedOutput(name, **binary) for name in ("label", "probabilities")]


inputs, outputs = tensors(binary_data=False), asked(binary_data=False)
for given, chosen in ((tensors(), None), (tensors(), asked()), (inputs, None), (inputs, outputs),
                      (tensors(), outputs)):
    for version in ("", metadata["versions"][0]):
        for packing in (None, "gzip", "deflate"):
            result = client.infer("diamonds", given, outputs=chosen, model_version=version,
                                  request_id="7", request_compression_algorithm=packing)
            labels = [label.decode() if isinstance(label, bytes) else label
                      for label in result.as_numpy("label")]
            assert labels == [row["predicted"] for row in expected]
            assert (result.as_numpy("probabilities") == wanted).all()
            assert result.get_response()["id"] == "7"
one = client.infer("diamonds", tensors(), outputs=[triton.InferRequestedOutput("label")])
assert one.as_numpy("probabilities") is None and len(one.as_numpy("label")) == len(rows)
for wrong, words in ((inputs[:-1], "found nothing"), (inputs + inputs[:1], "given twice")):
    try:
        client.infer("diamonds", wrong, outputs=outputs)
        raise SystemExit("expected an error")
    except InferenceServerException as error:
        assert words in error.message(), error
try:
    client.get_model_metadata("rubies")
    raise SystemExit("expected an error")
except InferenceServerException as error:
    assert error.status() == "404", error
print(f"{len(rows)} rows, labels and probabilities as in {sys.argv[3]}")
