#!/usr/bin/env bash
# Submits a sweep as a Slurm array, and the merge after it. Every node must see the folder and the table;
# COMPARE_MODELS names the program if it is not on the PATH.
#   usage: deploy/slurm/submit.sh TASKS FOLDER [options of compare-models sweep]
#   such as: deploy/slurm/submit.sh 8 /shared/forests --grid grid.json --seeds 1...20
set -euo pipefail
if [ $# -lt 2 ]; then
  sed -n 's/^#   //p' "$0" >&2
  exit 64
fi
tasks=$1
folder=$2
shift 2
scripts=$(cd "$(dirname "$0")" && pwd)
program=${COMPARE_MODELS:-compare-models}

# Finds mistakes in the options here and not in every task.
"$program" sweep --plan --output "$folder" "$@" | tail -n 1
array=$(sbatch --parsable --array="0-$((tasks - 1))" "$scripts/sweep.sh" "$folder" "$@")
merge=$(sbatch --parsable --dependency="afterok:$array" --kill-on-invalid-dep=yes \
  "$scripts/merge.sh" "$folder")
echo "array $array, then merge $merge; squeue --me shows them, sweep-*.log what they say"
