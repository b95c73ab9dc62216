"""Measures this project and its peers side by side: `make bench`.

First the labels are compared with scikit-learn's, row by row. Then every part is timed, the
contenders taking turns, round after round. Writes Benchmarks/results.json and prints the table.
"""
import argparse
import json
import shutil
import tempfile
from pathlib import Path

import contenders
from table import goals, rendered

# Part: the request, and the contenders.
parts = {
    "forest fit": ("time forest.fit", ["ours", "sklearn", "sklearnex"]),
    "forest predict": ("time forest.predict", ["ours", "sklearn", "sklearnex"]),
    "tree fit": ("time tree.fit", ["ours", "sklearn", "sklearnex"]),
    "bayes fit, predict": ("time bayes.fit+predict", ["ours", "sklearn", "sklearnex"]),
    "neighbors fit": ("time neighbors.fit", ["ours", "sklearn", "sklearnex", "scipy", "faiss"]),
    "neighbors predict": (
        "time neighbors.predict", ["ours", "sklearn", "sklearnex", "scipy", "faiss"]),
    "boosting fit": ("time boosting.fit", ["ours", "sklearn", "lightgbm", "xgboost"]),
    "boosting predict": ("time boosting.predict", ["ours", "sklearn", "lightgbm", "xgboost"]),
    "logistic fit, predict": ("time logistic.fit+predict", ["ours", "sklearn", "sklearnex"]),
    "read and prepare": (f"csv {contenders.data}", ["ours", "sklearn", "pandas"]),
}


def roster(ours):
    """The names of all our models."""
    with tempfile.TemporaryDirectory() as folder:
        contenders.run([ours, "--data", contenders.data, "--models", "all", "--output", f"{folder}/run"])
        return sorted(file.parent.name for file in Path(folder).glob("run/*/model.safetensors"))


def programs(ours):
    """The whole jobs: command without its folder, and environment."""
    job = [contenders.python(), contenders.peers / "main_job.py", contenders.data]
    env = contenders.environment()
    return {
        "ours": (lambda folder: [ours, "--data", contenders.data, "--output", folder], None),
        "sklearn 1 job": (lambda folder: [*job, folder], env),
        "sklearn": (lambda folder: [*job, folder, "--jobs", 2], env),
        "sklearnex": (lambda folder: [*job, folder, "--intelex"], env),
    }


def programs_with_all_models(ours):
    """The same with every model that we have."""
    job = [contenders.python(), contenders.peers / "main_job.py", contenders.data]
    names = ["--models", ",".join(roster(ours))]
    return {
        "ours": (
            lambda folder: [ours, "--data", contenders.data, "--output", folder, *names], None),
        "sklearn": (
            lambda folder: [*job, folder, "--jobs", 2, *names], contenders.environment()),
    }


def check_labels(workers, jobs):
    """Ours must predict what scikit-learn predicts, on every row."""
    for name in ["forest", "tree", "bayes", "neighbors", "boosting", "logistic"]:
        sums = []
        for contender, part in [
            ("ours", name), ("sklearn", "optimum" if name == "logistic" else name)
        ]:
            workers[contender].ask(f"time {part}.fit+predict")
            sums.append(workers[contender].ask(f"labels {part}"))
        if sums[0] != sums[1]:
            raise SystemExit(f"{name}: the labels differ from scikit-learn's")
    with tempfile.TemporaryDirectory() as folder:
        lines = {}
        for contender in ["ours", "sklearn"]:
            command, env = jobs[contender]
            contenders.run(command(Path(folder) / contender), env)
            lines[contender] = {
                file.parent.name: [line.split(",")[:3] for line in file.read_text().splitlines()]
                for file in sorted((Path(folder) / contender).glob("*/predictions.csv"))
            }
        if lines["ours"] != lines["sklearn"] or len(lines["ours"]) != 4:
            raise SystemExit("the run folder's predictions differ from scikit-learn's")
    print("All labels are scikit-learn's.", flush=True)


def measure_parts(workers, rounds):
    times = {part: {name: [] for name in names} for part, (_, names) in parts.items()}
    for round_number in range(rounds + 1):
        for part, (request, names) in parts.items():
            for name in names:
                taken = workers[name].seconds(request)
                if round_number > 0:
                    times[part][name].append(taken)
        print(f"parts: round {round_number} of {rounds}", flush=True)
    return {
        part: {name: contenders.summary(values) for name, values in contender.items()}
        for part, contender in times.items()
    }


def measure_programs(jobs, rounds):
    times = {name: [] for name in jobs}
    peaks = {name: [] for name in jobs}
    for round_number in range(rounds + 1):
        for name, (command, env) in jobs.items():
            folder = tempfile.mkdtemp()
            try:
                taken, peak = contenders.run(command(Path(folder) / "run"), env)
            finally:
                shutil.rmtree(folder)
            if round_number > 0:
                times[name].append(taken)
                peaks[name].append(peak * 1024)
        print(f"programs: round {round_number} of {rounds}", flush=True)
    return (
        {name: contenders.summary(values) for name, values in times.items()},
        {name: contenders.summary(values) for name, values in peaks.items()},
    )


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--quick", action="store_true", help="parts only, written nowhere")
    arguments = parser.parse_args()
    ours, measuring = contenders.swift_build()
    names = ["ours", "sklearn", "sklearnex", "scipy", "faiss", "lightgbm", "xgboost", "pandas"]
    workers = {name: contenders.start(name, measuring) for name in names}
    for name in names:
        if name != "pandas":
            workers[name].ask(f"csv {contenders.data}")
    jobs = programs(ours)
    check_labels(workers, jobs)
    results = {"machine": contenders.machine(), "rounds": arguments.rounds}
    file = Path(__file__).resolve().parent / "results.json"
    known = json.loads(file.read_text()) if file.exists() else {}
    # Those of other processors stay.
    known.pop(results["machine"]["cpu"], None)
    known[results["machine"]["cpu"]] = results
    results["parts"] = measure_parts(workers, arguments.rounds)
    for worker in workers.values():
        worker.close()
    if arguments.quick:
        print(rendered(known))
        return
    results["parts"]["whole program"], results["parts"]["peak memory"] = measure_programs(
        jobs, arguments.rounds)
    results["parts"]["all models"], _ = measure_programs(
        programs_with_all_models(ours), arguments.rounds)
    results["goals"] = goals(results)
    file.write_text(json.dumps(known, indent=1) + "\n")
    print(rendered(known))


if __name__ == "__main__":
    main()
