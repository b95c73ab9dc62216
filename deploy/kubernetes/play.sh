#!/usr/bin/env bash
# Runs the manifests' pods on one machine with podman: the Job's, then the Deployment's, with the stand-in for
# Comet.
#   usage: deploy/kubernetes/play.sh
#   environment:
#     CONTAINER_ENGINE  podman's command, with its options (default: podman)
#     COMET_STAND_IN    the stand-in (default: built with swift)
# Needs kubectl, catatonit, the images localhost/compare-models and localhost/diamonds-prediction, and
# the Python of deploy/kubernetes/check.sh.
set -euo pipefail
cd "$(dirname "$0")/../.."
read -ra podman <<< "${CONTAINER_ENGINE:-podman}"
python=.build-manifests/venv/bin/python
work=$(mktemp -d)
port=18392
key=playcheck000000000000000a

cleanup() {
  for pod in "$work"/*.yaml; do "${podman[@]}" kube down "$pod" >"$work/down" 2>&1 || true; done
  "${podman[@]}" secret rm comet-secrets >"$work/down" 2>&1 || true
  "${podman[@]}" volume rm -f compare-models-runs >"$work/down" 2>&1 || true
  [ -z "${stand_in:-}" ] || kill "$stand_in" 2>/dev/null || true
  rm -rf "$work"
}
trap cleanup EXIT
fail() { echo "FAIL  $1"; exit 1; }

program=${COMET_STAND_IN:-}
if [ -z "$program" ]; then
  swift build --product comet-stand-in >"$work/build.log" 2>&1 || { cat "$work/build.log"; exit 1; }
  program=$(swift build --show-bin-path)/comet-stand-in
fi
"$program" --port $port --key $key >"$work/stand-in.log" 2>&1 &
stand_in=$!

# podman 4.3 finds no keys in a Secret that it plays; in this form it does.
encoded() { printf %s "$1" | base64; }
printf '{"comet_api_key":"%s","comet_workspace":"%s"}' "$(encoded $key)" "$(encoded demo-ws)" \
  | "${podman[@]}" secret create comet-secrets - >"$work/secret"

kubectl kustomize deploy/kubernetes >"$work/rendered"
play() {
  "$python" deploy/kubernetes/play.py "$work/rendered" "$1" \
    "COMET_URL_OVERRIDE=http://127.0.0.1:$port/" >"$work/$1.yaml"
  "${podman[@]}" kube play --network host "$work/$1.yaml" >"$work/play.log" 2>&1 \
    || { cat "$work/play.log"; fail "$1 cannot be played"; }
}
state() { "${podman[@]}" inspect --format '{{.State.Status}} {{.State.ExitCode}}' "$1"; }

play compare-models
for _ in $(seq 600); do case $(state compare-models-compare-models) in exited*) break ;; esac; sleep 0.1; done
[ "$(state compare-models-compare-models)" = "exited 0" ] \
  || { "${podman[@]}" logs compare-models-compare-models; fail "the Job's pod"; }
curl -s "http://127.0.0.1:$port/control/state" | "$python" -c '
import json, sys
assert len(json.load(sys.stdin)["experiments"]) == 4' || fail "the Job's experiments are not in Comet"
echo "ok    the Job's pod ends with 0, and Comet has its four experiments"

# A model for the service, as the weekly job makes it.
"${podman[@]}" run --rm --network host --read-only --tmpfs /tmp --tmpfs /app/runs \
  -e COMET_API_KEY=$key -e COMET_WORKSPACE=demo-ws -e "COMET_URL_OVERRIDE=http://127.0.0.1:$port/" \
  --ulimit nofile=1024:1024 --ulimit nproc=1024:1024 localhost/compare-models \
  --register --stage production >"$work/register.log" 2>&1 || { tail -5 "$work/register.log"; fail "registering"; }

play diamonds
for _ in $(seq 200); do curl -sf http://127.0.0.1:5000/ready >"$work/ready" && break; sleep 0.1; done
[ -s "$work/ready" ] || { "${podman[@]}" logs diamonds-prediction; fail "the service is not ready"; }
curl -s -H 'Content-Type: application/json' http://127.0.0.1:5000/api/predict -d '{"carat": 0.23, "color": "E",
  "clarity": "SI2", "depth": 61.5, "table": 55, "price": 326, "x": 3.95, "y": 3.98, "z": 2.43}' \
  | grep -q '"label":"Gold"' || fail "the service's answer"
echo "ok    the Deployment's pod answers with the production model"
"${podman[@]}" pod stop -t 15 diamonds >"$work/stop.log" 2>&1
[ "$(state diamonds-prediction)" = "exited 0" ] || fail "the service's end: $(state diamonds-prediction)"
"${podman[@]}" logs diamonds-prediction >"$work/logs" 2>&1
grep -q ended "$work/logs" || fail "the service did not end as it should"
echo "ok    SIGTERM ends it with 0"
