"""Counts the instructions of every part with callgrind: `make bench-instructions`.

Counts do not depend on the machine's load, so they show small changes. A part's count is that of reading the
data and running the part, with one thread, minus that of reading the data.
Writes Benchmarks/instructions.json.
"""
import json
import re
import subprocess
from pathlib import Path

import contenders

parts = {
    "forest fit, 10 trees": ["time forest.fit trees=10 threads=1"],
    "forest predict, 10 trees": [
        "time forest.fit trees=10 threads=1", "time forest.predict threads=1"],
    "tree fit": ["time tree.fit threads=1"],
    "bayes fit": ["time bayes.fit threads=1"],
    "bayes predict": ["time bayes.fit threads=1", "time bayes.predict threads=1"],
    "neighbors fit": ["time neighbors.fit threads=1"],
    "neighbors predict": ["time neighbors.fit threads=1", "time neighbors.predict threads=1"],
}


def count(command):
    """Instructions of a whole program."""
    output = subprocess.run(
        ["valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null", *map(str, command)],
        cwd=contenders.root, capture_output=True, text=True, check=True).stderr
    return int(re.search(r"Collected : (\d+)", output).group(1))


def main():
    _, measuring = contenders.swift_build()
    reading = f"csv {contenders.data}"
    start = count([measuring, "quit"])
    counts = {"start": start}
    base = count([measuring, reading, "quit"])
    counts["read and prepare"] = base - start
    totals = {}
    for part, requests in parts.items():
        totals[part] = count([measuring, reading, *requests, "quit"])
        before = next((name for name in totals if parts[name] == requests[:-1]), None)
        counts[part] = totals[part] - (totals[before] if before else base)
        print(f"{part}: {counts[part] / 1e6:.1f} million", flush=True)
    file = Path(__file__).resolve().parent / "instructions.json"
    file.write_text(json.dumps(counts, indent=1) + "\n")


if __name__ == "__main__":
    main()
