"""Checks the InferenceServices of a rendered file by the part of KServe's schema that is in use, and writes the other objects.

Usage: check_schema.py RENDERED.yaml OTHERS.yaml    (needs jsonschema and yaml, which kubernetes-validate brings)
"""

import json
import pathlib
import sys

import jsonschema
import yaml

schema = json.loads((pathlib.Path(__file__).parent / "inference-service.schema.json").read_text())
objects = list(yaml.safe_load_all(open(sys.argv[1])))
services = [item for item in objects if item["kind"] == "InferenceService"]
for service in services:
    assert service["apiVersion"] == "serving.kserve.io/v1beta1", service["apiVersion"]
    jsonschema.validate(service, schema)
    # What runs our image is held to the policy of the other pods.
    predictor = service["spec"]["predictor"]
    if "containers" in predictor:
        fields = {"minReplicas", "maxReplicas", "scaleMetric", "scaleTarget"}
        pod = {name: value for name, value in predictor.items() if name not in fields}
        metadata = {"name": service["metadata"]["name"]}
        objects.append({"apiVersion": "v1", "kind": "Pod", "metadata": metadata, "spec": pod})
with open(sys.argv[2], "w") as file:
    yaml.safe_dump_all([item for item in objects if item not in services], file)
