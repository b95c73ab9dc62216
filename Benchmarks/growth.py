"""How time and memory grow with rows, features, classes and trees: `make bench-growth`.

Rows: diamonds.csv ten and a hundred times over, moved a little by a seeded generator. The other tables
are drawn at random. A part is timed once, or, where that takes less than five seconds, three more times, of which
the median counts. A contender that needs more than --limit seconds for a part gets no more requests for that
model at that size. Writes Benchmarks/growth.json and prints the tables.
"""
import argparse
import json
import math
import select
import statistics
import sys
from pathlib import Path

import contenders

folder = contenders.build / "growth"
names = ["ours", "sklearn", "sklearnex", "scipy", "faiss", "lightgbm", "xgboost"]
# Who has each model, beside us.
peers = {
    "forest": ["sklearn", "sklearnex"], "tree": ["sklearn", "sklearnex"],
    "bayes": ["sklearn", "sklearnex"], "neighbors": ["sklearn", "sklearnex"],
    "boosting": ["sklearn", "lightgbm", "xgboost"], "logistic": ["sklearn", "sklearnex"],
}
csv_readings = 5
# Of a part that takes less than so many seconds, the first time, in which memory is new and threads start, is left out.
warm_up, repetitions = 5, 3


def make(kind, *sizes):
    """Writes a table with the peers' Python, unless it is there; its path."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "-".join([kind, *map(str, sizes)])
    if not path.exists():
        maker = Path(__file__).resolve().parent / "peers" / "make_data.py"
        command = [contenders.python(), maker, kind, path, *sizes]
        contenders.run(command, contenders.environment())
    return path


def model(request):
    """The model of a timing request."""
    return request.split()[1].split(".")[0]


class Patience(Exception):
    """A contender took too long."""


def ask(worker, request, limit):
    worker.process.stdin.write(request + "\n")
    worker.process.stdin.flush()
    ready, _, _ = select.select([worker.process.stdout], [], [], limit)
    if not ready:
        worker.process.kill()
        raise Patience(request)
    answer = worker.process.stdout.readline().strip()
    if not answer or answer.startswith("error"):
        raise Patience(f"{request}: {answer or 'ended'}")
    return answer


def forget_peak(process):
    """Resets the peak memory (Linux)."""
    Path(f"/proc/{process}/clear_refs").write_text("5")


def peak_megabytes(process):
    """The peak resident memory of a process since it was reset, in units of 10^6 bytes."""
    for line in Path(f"/proc/{process}/status").read_text().splitlines():
        if line.startswith("VmHWM"):
            return int(line.split()[1]) * 1024 / 1e6
    raise RuntimeError("no VmHWM")


def measure(measuring, load, requests, limit, contestants, more=None):
    """Seconds and peak memory of each request, by contender.

    Who takes too long for a request is asked nothing more about that model. More peers of a model are in more.
    """
    results = {}
    for name in contestants:
        asked_of = {
            title: request for title, request in requests.items()
            if name == "ours" or name in peers[model(request)] + (more or {}).get(model(request), [])}
        if not asked_of:
            continue
        row, left_out = {}, set()
        worker = started(name, measuring, load, limit)
        for title, request in asked_of.items():
            asked = model(request)
            if asked in left_out:
                continue
            forget_peak(worker.process.pid)
            try:
                row[title] = float(ask(worker, request, limit))
                row[f"{title}, megabytes"] = peak_megabytes(worker.process.pid)
                if row[title] < warm_up:
                    row[title] = statistics.median(
                        float(ask(worker, request, limit)) for _ in range(repetitions))
                if "predict" in request and name != "faiss":
                    row[f"labels {asked}"] = ask(worker, f"labels {asked}", limit)
            except Patience as reason:
                row.setdefault("gave up", []).append(str(reason))
                left_out.add(asked)
                end(worker)
                worker = started(name, measuring, load, limit)
        results[name] = row
        end(worker)
    return results


def remeasure(table, size, models, *arguments):
    """Measures some models at a size of a table, and keeps what is recorded of others."""
    for name, row in measure(*arguments).items():
        known = table.setdefault(str(size), {}).setdefault(name, {})
        left = [reason for reason in known.pop("gave up", []) if model(reason) not in models]
        known.update(row)
        if left:
            known["gave up"] = left + row.get("gave up", [])


def chosen(requests, models):
    return {title: request for title, request in requests.items() if model(request) in models}


def started(name, measuring, load, limit):
    worker = contenders.start(name, measuring)
    if load:
        ask(worker, load, limit)
    return worker


def end(worker):
    worker.process.kill()
    worker.process.wait()


def show(title, table):
    print(f"\n{title}")
    for size, results in table.items():
        for name, row in results.items():
            figures = ", ".join(
                f"{key} {value:.3g}" for key, value in row.items() if isinstance(value, float))
            print(f"  {size} {name}: {figures}", *row.get("gave up", []), flush=True)
        for labels in [f"labels {name}" for name in ["forest", "tree", "bayes", "neighbors", "boosting"]]:
            ours, theirs = (results.get(name, {}).get(labels) for name in ["ours", "sklearn"])
            if ours and theirs:
                answer = "scikit-learn's" if ours == theirs else "OTHER THAN scikit-learn's"
                print(f"  {size} {labels}: {answer}", flush=True)


def exponents(table):
    """log(time ratio) / log(size ratio) between the first size and the last that was reached."""
    answer = {}
    sizes = list(table)
    for name in names:
        for part in table[sizes[0]].get(name, {}):
            reached = [
                size for size in sizes if isinstance(table[size].get(name, {}).get(part), float)]
            if len(reached) > 1:
                first, last = reached[0], reached[-1]
                ratio = table[last][name][part] / table[first][name][part]
                answer[f"{name} {part}"] = math.log(ratio) / math.log(int(last) / int(first))
    return answer


def write(results, file):
    file.write_text(json.dumps(results, indent=1) + "\n")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--limit", type=float, default=600, help="seconds for one part")
    parser.add_argument("--factors", default="1,10,100")
    parser.add_argument("--only", default="rows,csv,features,classes,trees")
    parser.add_argument("--models", default=",".join(peers),
                        help="what is recorded of others stays")
    parser.add_argument("--contenders", default=",".join(names), help="likewise")
    arguments = parser.parse_args()
    wanted = arguments.only.split(",")
    models, asked = arguments.models.split(","), arguments.contenders.split(",")
    _, measuring = contenders.swift_build()
    limit = arguments.limit
    file = Path(__file__).resolve().parent / "growth.json"
    results = json.loads(file.read_text()) if file.exists() else {}
    # Those of models that are not measured again stay.
    machines = results.setdefault("machines", {})
    machines |= dict.fromkeys(models, contenders.machine())
    factors = [int(factor) for factor in arguments.factors.split(",")]
    if "rows" in wanted:
        table = results.get("rows", {})
        for factor in factors:
            rows = 53_940 * factor
            training = rows - -(-rows // 5)
            path = make("rows", factor)
            load = f"raw {path} {training} 10788 9 2"
            requests = {
                "forest fit": "time forest.fit", "forest predict": "time forest.predict test=1",
                "tree fit": "time tree.fit", "tree predict": "time tree.predict test=1",
                "bayes": "time bayes.fit+predict test=1",
                "neighbors fit": "time neighbors.fit",
                "neighbors predict": "time neighbors.predict test=1",
                "boosting fit": "time boosting.fit",
                "boosting predict": "time boosting.predict test=1",
                "logistic": "time logistic.fit+predict test=1",
            }
            remeasure(table, rows, models, measuring, load, chosen(requests, models), limit, asked)
        show("Rows", table)
        print(json.dumps(exponents(table), indent=1))
        results["rows"], results["exponents"] = table, exponents(table)
        write(results, file)
    if "csv" in wanted:
        table = {}
        for factor in factors:
            path = contenders.data if factor == 1 else make("csv", factor)
            size = Path(path).stat().st_size
            requests = {
                "read, 1 thread": f"read {path} threads=1", "read": f"read {path}",
                "read and prepare": f"csv {path}",
            }
            # The median of several: the time to get new memory differs from process to process.
            readings = [measure(measuring, None, requests, limit, ["ours"])["ours"]
                        for _ in range(csv_readings)]
            row = {key: statistics.median(reading[key] for reading in readings)
                   for key in readings[0]}
            for part in requests:
                row[f"{part}, megabytes per second"] = size / 1e6 / row[part]
            table[str(53_940 * factor)] = {"ours": row}
        show("CSV", table)
        results["csv"] = table
        write(results, file)
    sizes = {
        "features": [1, 2, 5, 20, 50, 200], "classes": [2, 5, 10, 26], "trees": [10, 100, 1000]}
    for kind in ["features", "classes", "trees"]:
        if kind not in wanted:
            continue
        table = results.get(kind, {})
        for size in sizes[kind]:
            features = size if kind == "features" else 9
            classes = size if kind == "classes" else 2
            path = make("random", features, classes)
            requests = {}
            if kind != "trees":
                requests["neighbors fit"] = "time neighbors.fit"
                requests["neighbors predict"] = "time neighbors.predict test=1"
                requests["boosting fit"] = "time boosting.fit"
                requests["boosting predict"] = "time boosting.predict test=1"
                requests["logistic"] = "time logistic.fit+predict test=1"
            if kind != "features":
                trees = size if kind == "trees" else 100
                requests["forest fit"] = f"time forest.fit trees={trees}"
                requests["forest predict"] = "time forest.predict test=1"
            load = f"raw {path} 43152 10788 {features} {classes}"
            more = {"neighbors": ["scipy", "faiss"]} if kind == "features" else {}
            remeasure(
                table, size, models, measuring, load, chosen(requests, models), limit, asked, more)
        show(kind.capitalize(), table)
        results[kind] = table
        write(results, file)


if __name__ == "__main__":
    sys.exit(main())
