"""Cuts KServe's schema of an InferenceService down to the fields that the manifests here use.

Usage: project_schema.py serving.kserve.io_inferenceservices.yaml MANIFEST.yaml… > inference-service.schema.json

The first file is config/crd/full/… of https://github.com/kserve/kserve at v0.20.0: two megabytes, nearly all of it fields of pods.
A field that KServe does not have ends it with an error; so check.sh needs no network to refuse one that is misspelled later.
"""

import json
import sys

import yaml

KEPT = {"type", "enum", "format", "pattern", "minimum", "maximum", "anyOf"}


def cut(schema, values):
    """The schema with the fields of some values, all others forbidden."""
    result = {name: rule for name, rule in schema.items() if name in KEPT}
    if "properties" in schema:
        used = sorted({name for value in values for name in value})
        unknown = [name for name in used if name not in schema["properties"]]
        assert not unknown, f"KServe does not know {unknown}"
        result["properties"] = {
            name: cut(schema["properties"][name], [value[name] for value in values if name in value])
            for name in used
        }
        result["required"] = schema.get("required", [])
        result["additionalProperties"] = False
    elif isinstance(schema.get("additionalProperties"), dict):
        result["additionalProperties"] = cut(schema["additionalProperties"], [])
    if schema.get("type") == "array":
        result["items"] = cut(schema["items"], [element for value in values for element in value])
    return result


definition = yaml.safe_load(open(sys.argv[1]))
version = next(v for v in definition["spec"]["versions"] if v["name"] == "v1beta1")
manifests = [yaml.safe_load(open(path)) for path in sys.argv[2:]]
metadata = [manifest.pop("metadata") for manifest in manifests]
schema = version["schema"]["openAPIV3Schema"]
del schema["properties"]["metadata"]
result = cut(schema, manifests)
result["properties"]["metadata"] = {"type": "object", "required": ["name"]}
json.dump(result, sys.stdout, indent=1)
print()
