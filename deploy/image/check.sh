#!/usr/bin/env bash
# Builds the images and runs them as users, clusters and accidents do.
#   usage: deploy/image/check.sh [IMAGE…]    (default: all)
#   environment:
#     CONTAINER_ENGINE  the engine's command, with its options (default: docker, or else podman)
#     IMAGE_BUILDER     a program that builds an image where the engine alone cannot; called as
#                       `IMAGE_BUILDER FOLDER TAG --target STAGE`
#     COMET_STAND_IN    the stand-in for Comet (default: built with swift)
#     SKIP_BUILD        any value takes the images that are there
set -uo pipefail
cd "$(dirname "$0")/../.."
images=("$@")
[ ${#images[@]} -gt 0 ] || images=(compare-models get-models diamonds-prediction)
read -ra engine <<< "${CONTAINER_ENGINE:-$(command -v docker || command -v podman)}"
[ ${#engine[@]} -gt 0 ] || { echo "Docker or podman is needed" >&2; exit 69; }
prefix=${IMAGE_PREFIX:-}
work=$(mktemp -d)
failures=0
port=18391
key=imagecheck00000000000000a

cleanup() {
  [ -z "${stand_in:-}" ] || kill "$stand_in" 2>/dev/null
  "${engine[@]}" rm -f image-check >/dev/null 2>&1
  rm -rf "$work"
}
trap cleanup EXIT

# check WHAT CONDITION…: says whether the condition, a command, holds.
check() {
  local what=$1; shift
  if "$@"; then echo "ok    $what"; else echo "FAIL  $what"; failures=$((failures + 1)); fi
}
# run IMAGE OPTION… -- ARGUMENT…: a container without rights; output, errors and status are kept.
run() {
  local image=$prefix$1; shift
  local options=()
  while [ $# -gt 0 ] && [ "$1" != -- ]; do options+=("$1"); shift; done
  [ $# -eq 0 ] || shift
  "${engine[@]}" run --rm --name image-check --read-only --tmpfs /tmp --cap-drop ALL \
    --security-opt no-new-privileges --ulimit nofile=1024:1024 --ulimit nproc=1024:1024 \
    "${options[@]}" "$image" "$@" >"$work/output" 2>"$work/errors"
  status=$?
}
status_is() { [ "$status" = "$1" ] || { echo "      status $status"; tail -3 "$work/errors"; false; }; }
says() { grep -qF -- "$1" "$work/output" "$work/errors"; }
is_file() { [ -n "$(find "$1" -path "*$2" -print -quit)" ]; }
no_more_than() { echo "      $1 of at most $2"; [ "$1" -le "$2" ]; }
volume() { rm -rf "$work/$1"; mkdir -m 777 "$work/$1"; echo "$work/$1"; }
size() { "${engine[@]}" image inspect --format '{{.Size}}' "$prefix$1"; }
label() { "${engine[@]}" image inspect --format "{{index .Config.Labels \"org.opencontainers.image.$2\"}}" "$prefix$1"; }

build() {
  if [ -n "${SKIP_BUILD:-}" ]; then return; fi
  if [ -n "${IMAGE_BUILDER:-}" ]; then
    DFT_NO_RUN=1 "$IMAGE_BUILDER" "$PWD" "$prefix$1:latest" --target "$1" >"$work/build.log" 2>&1
  else
    "${engine[@]}" build --target "$1" -t "$prefix$1" . >"$work/build.log" 2>&1
  fi || { tail -20 "$work/build.log"; echo "FAIL  $1 is not built"; exit 1; }
}

start_stand_in() {
  local program=${COMET_STAND_IN:-}
  if [ -z "$program" ]; then
    swift build --product comet-stand-in >"$work/stand-in.log" 2>&1 || { cat "$work/stand-in.log"; exit 1; }
    program=$(swift build --show-bin-path)/comet-stand-in
  fi
  "$program" --port $port --key $key >"$work/stand-in.log" 2>&1 &
  stand_in=$!
  for _ in $(seq 50); do
    curl -s -o "$work/state" "http://127.0.0.1:$port/control/state" && return
    sleep 0.1
  done
  cat "$work/stand-in.log"; exit 1
}
comet=(--network host -e "COMET_API_KEY=$key" -e COMET_WORKSPACE=demo-ws
  -e "COMET_URL_OVERRIDE=http://127.0.0.1:$port/")

check_compare_models() {
  local runs
  check "compare-models has at most 80 MB" no_more_than "$(size compare-models)" 80000000
  check "it has a title" test "$(label compare-models title)" = compare-models

  runs=$(volume offline)
  run compare-models --network none -v "$runs:/app/runs"
  check "offline it ends with 0" status_is 0
  check "it prints the table" says RandomForest
  check "the run folder is on the volume" is_file "$runs" /comparison.json
  check "archives are kept for Comet" is_file "$runs" .zip

  run compare-models --network none --user 1000680000:0 --tmpfs /app/runs
  check "it runs as any user" status_is 0

  run compare-models --network none --tmpfs /app/runs --memory 512m --cpus 0.5
  check "it runs in 512 MB with half a core" status_is 0

  run compare-models --network none --tmpfs /app/runs --env-file env.list.example -- \
    --seed 7 --models GaussianNB --format csv
  check "it takes options, and env.list.example as it is" status_is 0
  check "options reach it" says GaussianNB,0.

  run compare-models --network none --tmpfs /app/runs -- --seed x
  check "a wrong option is 64" status_is 64
  run compare-models --network none --tmpfs /app/runs -- --data none.csv
  check "a missing file is 66" status_is 66
  run compare-models --network none
  check "nowhere to write is 73" status_is 73

  runs=$(volume unreachable)
  run compare-models --network none -e COMET_API_KEY=$key -v "$runs:/app/runs" -- \
    --models GaussianNB --require-comet
  check "Comet out of reach is 69" status_is 69
  check "the run is kept" is_file "$runs" /comparison.json

  runs=$(volume refused)
  run compare-models "${comet[@]}" -e COMET_API_KEY=wrong -v "$runs:/app/runs" -- --models GaussianNB
  check "a refused key is 77" status_is 77
  run compare-models "${comet[@]}" -v "$runs:/app/runs" -- upload runs
  check "what was kept is sent later" status_is 0

  run compare-models "${comet[@]}" --tmpfs /app/runs
  check "Comet takes a run" status_is 0
  check "of four experiments" says "Comet has 4 experiments"

  runs=$(volume stopped)
  "${engine[@]}" run -d --name image-check --network none --read-only --tmpfs /tmp --cap-drop ALL \
    --ulimit nofile=1024:1024 --ulimit nproc=1024:1024 -v "$runs:/app/runs" "${prefix}compare-models" \
    --cross-validate 10 --repeats 100 >"$work/output" 2>"$work/errors"
  for _ in $(seq 100); do is_file "$runs" /scores.json && break; sleep 0.1; done
  local start=$SECONDS
  "${engine[@]}" stop -t 10 image-check >"$work/output" 2>&1
  check "SIGTERM ends it within two seconds" no_more_than $((SECONDS - start)) 2
  check "with status 143" test "$("${engine[@]}" inspect --format '{{.State.ExitCode}}' image-check)" = 143
  check "and what was finished is kept" is_file "$runs" /RandomForest/scores.json
  "${engine[@]}" rm -f image-check >"$work/output" 2>&1
}

# Puts a model into production, for the other two images.
register() {
  [ -z "${is_registered:-}" ] || return
  run compare-models "${comet[@]}" --tmpfs /app/runs -- --register --stage production
  check "compare-models puts a model into production" status_is 0
  is_registered=yes
}

check_get_models() {
  local state
  check "get-models has at most 80 MB" no_more_than "$(size get-models)" 80000000
  register
  state=$(volume fetched)
  run get-models "${comet[@]}" -v "$state:/app/state"
  check "get-models fetches it" status_is 0
  check "into a folder on the volume" is_file "$state" /models/model.safetensors
  run get-models "${comet[@]}" -v "$state:/app/state" --user 65532:65532
  check "and has nothing to do the second time" says "nothing is new"
  run get-models "${comet[@]}" -e COMET_API_KEY=wrong -v "$state:/app/state"
  check "a refused key is 77" status_is 77
  run get-models --network none -e COMET_API_KEY=$key -v "$state:/app/state"
  check "no network is 69" status_is 69
  check "and nothing has changed" is_file "$state" /models/model.safetensors
}

check_diamonds_prediction() {
  local state address=http://127.0.0.1:18393 start
  check "diamonds-prediction has at most 90 MB" no_more_than "$(size diamonds-prediction)" 90000000
  register
  state=$(volume served)
  "${engine[@]}" run -d --name image-check --read-only --tmpfs /tmp --cap-drop ALL \
    --ulimit nofile=1024:1024 --ulimit nproc=1024:1024 "${comet[@]}" -e PORT=18393 --memory 128m \
    -v "$state:/app/state" "${prefix}diamonds-prediction" >"$work/output" 2>"$work/errors"
  for _ in $(seq 100); do curl -sf "$address/ready" >"$work/ready" && break; sleep 0.1; done
  check "diamonds-prediction is ready" test -s "$work/ready"
  curl -s -H 'Content-Type: application/json' "$address/api/predict" >"$work/output" -d '{"carat": 0.23,
    "color": "E", "clarity": "SI2", "depth": 61.5, "table": 55, "price": 326, "x": 3.95, "y": 3.98, "z": 2.43}'
  check "it answers with the model in production" says '"label":"Gold"'
  # What HEALTHCHECK calls, which podman leaves out of images of its own format.
  "${engine[@]}" exec image-check /usr/local/bin/diamonds-prediction --check >"$work/output" 2>&1
  check "its health check needs no shell" test $? = 0
  start=$SECONDS
  "${engine[@]}" stop -t 15 image-check >"$work/output" 2>&1
  check "SIGTERM ends it within two seconds" no_more_than $((SECONDS - start)) 2
  check "with status 0" test "$("${engine[@]}" inspect --format '{{.State.ExitCode}}' image-check)" = 0
  "${engine[@]}" rm -f image-check >"$work/output" 2>&1
  run diamonds-prediction --network none -e PORT=18393
  check "without a model or settings it says what it needs" status_is 78
}

start_stand_in
for image in "${images[@]}"; do build "$image"; done
for image in "${images[@]}"; do "check_${image//-/_}"; done
[ $failures = 0 ] || { echo "$failures checks failed"; exit 1; }
echo "All checks passed."
