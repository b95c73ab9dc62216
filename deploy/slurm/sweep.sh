#!/usr/bin/env bash
# One task of the array: its number names the part of the sweep. submit.sh starts it.
#   usage: sbatch --array=0-7 deploy/slurm/sweep.sh FOLDER [options of compare-models sweep]
#SBATCH --job-name=sweep
#SBATCH --cpus-per-task=1
#SBATCH --mem=512M
#SBATCH --time=12:00:00
# A task that is preempted, or whose node fails, is started again and resumes.
#SBATCH --requeue
#SBATCH --open-mode=append
#SBATCH --output=sweep-%A_%a.log
set -euo pipefail
folder=$1
shift
echo "$(date -u +%FT%TZ) task $SLURM_ARRAY_TASK_ID of $SLURM_ARRAY_TASK_COUNT on $(hostname), start ${SLURM_RESTART_COUNT:-0}"
# Replaces the shell, so that Slurm's signals reach the program.
exec "${COMPARE_MODELS:-compare-models}" sweep --threads "$SLURM_CPUS_PER_TASK" --output "$folder" "$@"
