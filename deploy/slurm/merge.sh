#!/usr/bin/env bash
# Joins the shards of a sweep; submit.sh starts it when all tasks of the array have succeeded.
#   usage: sbatch --dependency=afterok:ARRAY deploy/slurm/merge.sh FOLDER
#SBATCH --job-name=sweep-merge
#SBATCH --cpus-per-task=1
#SBATCH --mem=2G
#SBATCH --time=01:00:00
#SBATCH --requeue
#SBATCH --open-mode=append
#SBATCH --output=sweep-merge-%j.log
set -euo pipefail
exec "${COMPARE_MODELS:-compare-models}" merge --threads "$SLURM_CPUS_PER_TASK" "$1"
