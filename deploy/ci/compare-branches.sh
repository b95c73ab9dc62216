#!/usr/bin/env bash
# Compares the models of this checkout with those of another commit on the same test rows.
#   usage: deploy/ci/compare-branches.sh COMMIT [OPTION…]    (options of compare-models, such as --seed 7)
# Writes runs/new, runs/old and runs/verdict.md, for a comment; ends with 1 where the new models are worse by more than
# chance and $MARGIN (default 0).
set -euo pipefail
cd "$(dirname "$0")/../.."
commit=$1; shift
other=$(mktemp -d)
trap 'git worktree remove --force "$other" 2>/dev/null || rm -rf "$other"' EXIT
git worktree add --quiet --detach --force "$other" "$commit"
programs=$(scripts/build release compare-models)
rm -rf runs/new runs/old
"$programs/compare-models" --offline --quiet --output runs/new "$@" >/dev/null
(cd "$other" && programs=$(scripts/build release compare-models) &&
  "$programs/compare-models" --offline --quiet --output "$OLDPWD/runs/old" "$@" >/dev/null)
status=0
"$programs/compare-models" compare runs/new runs/old --format markdown --fail-if-worse \
  --margin "${MARGIN:-0}" >runs/verdict.md || status=$?
cat runs/verdict.md
exit $status
