"""Turns rendered manifests into what `podman kube play` can run: the volume claim, and the pod of the Job or the
Deployment, with local images and the stand-in for Comet.

usage: play.py RENDERED NAME KEY=VALUE…    NAME is a Job's or a Deployment's; KEY=VALUE are environment
variables to add. Writes to standard output. Needs PyYAML.
"""

import sys

import yaml

rendered, name, *variables = sys.argv[1:]
documents = list(yaml.safe_load_all(open(rendered)))
owner = next(
    d for d in documents
    if d["kind"] in ("Job", "Deployment") and d["metadata"]["name"] == name)
template = owner["spec"]["template"]
spec = template["spec"]
for container in spec["containers"]:
    container["image"] = "localhost/" + container["image"]
    container["imagePullPolicy"] = "Never"
    container["env"] = container.get("env", []) + [
        dict(zip(("name", "value"), variable.split("=", 1))) for variable in variables]
    # The pod has the machine's network, where no port is mapped; and podman's probes would need a curl in the
    # container, which has none.
    for name_of_part in ("ports", "startupProbe", "livenessProbe", "readinessProbe", "lifecycle"):
        container.pop(name_of_part, None)
# One machine has nothing to spread over.
spec.pop("topologySpreadConstraints", None)
claimed = [v["persistentVolumeClaim"]["claimName"]
           for v in spec.get("volumes", []) if "persistentVolumeClaim" in v]
claims = [d for d in documents
          if d["kind"] == "PersistentVolumeClaim" and d["metadata"]["name"] in claimed]
pod = {
    "apiVersion": "v1", "kind": "Pod",
    "metadata": {"name": name, "labels": template["metadata"]["labels"]}, "spec": spec}
yaml.safe_dump_all([*claims, pod], sys.stdout)
