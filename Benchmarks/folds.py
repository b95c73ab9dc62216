"""Measures ten folds beside scikit-learn's, and intervals, tests and report: `make bench-folds`.

First every fold's scores are compared with those of cross_validate, to 1e-12. Then both programs take
turns, and ours takes turns with itself without a report. Writes Benchmarks/folds.json.
"""
import argparse
import json
import tempfile
from pathlib import Path

import contenders


def ours_scores(folder):
    document = json.loads((folder / "comparison.json").read_text())
    return {
        model["name"]: [fold["validate"] for fold in model["folds"]]
        for model in document["cross_validation"]["models"]
    }


def check_scores(ours, theirs):
    """Checks that every fold's scores are scikit-learn's; returns how many were compared."""
    compared = 0
    for model, metrics in theirs.items():
        for metric, values in metrics.items():
            for fold, value in zip(ours[model], values, strict=True):
                if abs(fold[metric] - value) > 1e-12 * max(1, abs(value)):
                    raise SystemExit(f"{model}: {metric} is {fold[metric]}, scikit-learn has {value}")
                compared += 1
    return compared


def turns(commands, rounds, title):
    """The seconds of each command, by name, after one round that only warms up."""
    times = {name: [] for name in commands}
    for number in range(rounds + 1):
        for name, (command, env) in commands.items():
            with tempfile.TemporaryDirectory() as folder:
                taken, _ = contenders.run(command(Path(folder)), env)
            if number > 0:
                times[name].append(taken)
        print(f"{title}: round {number} of {rounds}", flush=True)
    return {name: contenders.summary(values) for name, values in times.items()}


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    arguments = parser.parse_args()
    program, _ = contenders.swift_build()
    job = [program, "--data", contenders.data, "--offline", "--quiet", "--output"]
    peer = [contenders.python(), contenders.peers / "folds_job.py", contenders.data]

    def folds(folder):
        return [*job, folder / "run", "--cross-validate", "10"]

    def cross_validate(folder):
        return [*peer, folder / "scores.json", "--jobs", "2"]

    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        contenders.run(folds(folder))
        contenders.run(cross_validate(folder), contenders.environment())
        compared = check_scores(
            ours_scores(folder / "run"), json.loads((folder / "scores.json").read_text()))
    print(f"{compared} scores are scikit-learn's.", flush=True)
    folds_times = turns(
        {"ours": (folds, None), "sklearn": (cross_validate, contenders.environment())},
        arguments.rounds, "folds")
    report_times = turns(
        {
            "with report": (lambda folder: [*job, folder / "run"], None),
            "without": (lambda folder: [*job, folder / "run", "--no-report"], None),
        },
        arguments.rounds * 4, "report")
    results = {
        "machine": contenders.machine(), "rounds": arguments.rounds, "scores compared": compared,
        "folds": folds_times, "report": report_times,
    }
    file = Path(__file__).resolve().parent / "folds.json"
    file.write_text(json.dumps(results, indent=1) + "\n")
    ours, theirs = (folds_times[name]["median"] for name in ["ours", "sklearn"])
    print(
        f"Ten folds of all four: {ours:.2f} s, cross_validate with two jobs {theirs:.2f} s: "
        f"{ours / theirs:.3f} (goal 0.25)")
    added = report_times["with report"]["median"] - report_times["without"]["median"]
    print(f"Intervals, tests and report add {added:.3f} s to the main job (goal 0.15 s)")


if __name__ == "__main__":
    main()
