"""Measures the web service beside a Flask application, in one run on one machine.

Usage: python bench_service.py PROGRAM MODEL_FOLDER DIAMONDS.csv [--seconds 5] [--write TABLE.md]
The server has one core, wrk (Debian) the other. Needs flask, gunicorn, waitress, pandas and scikit-learn
beside this Python.
"""
import argparse
import csv
import itertools
import json
import os
import re
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

HERE = Path(__file__).resolve().parent
TOOLS = Path(sys.executable).parent
parser = argparse.ArgumentParser()
parser.add_argument("program")
parser.add_argument("model")
parser.add_argument("table")
parser.add_argument("--seconds", type=int, default=5)
parser.add_argument("--write")
options = parser.parse_args()
FEATURES = ["carat", "color", "clarity", "depth", "table", "price", "x", "y", "z"]
TEXT = ("color", "clarity")


def stones(count):
    with open(options.table) as file:
        return [
            {name: row[name] if name in TEXT else float(row[name]) for name in FEATURES}
            for row in itertools.islice(csv.DictReader(file), count)]


def scripts(folder):
    """What wrk sends: one row after the other as a form or as an object, or 1,000 in an array."""
    rows = stones(1000)
    forms = ["&".join(f"{k}={v}" for k, v in row.items()) for row in rows[:200]]
    objects = [json.dumps(row) for row in rows[:200]]
    for name, kind, bodies in (
            ("form", "application/x-www-form-urlencoded", forms),
            ("one", "application/json", objects), ("thousand", "application/json", [json.dumps(rows)])):
        quoted = ",\n".join("[==[" + body + "]==]" for body in bodies)
        (folder / f"{name}.lua").write_text(
            f'local bodies = {{{quoted}}}\nlocal turn = 0\nwrk.method = "POST"\n'
            f'wrk.headers["Content-Type"] = "{kind}"\n'
            "function request() turn = turn % #bodies + 1; "
            "return wrk.format(nil, nil, nil, bodies[turn]) end\n")


def milliseconds(text):
    known = re.match(r"([\d.]+)(us|ms|s|m)$", text)
    if known is None:
        sys.exit(f"wrk gives no latency, but {text}: too few answers; measure on a quieter machine")
    return float(known[1]) * {"us": 0.001, "ms": 1, "s": 1000, "m": 60_000}[known[2]]


def load(folder, port, name, path, connections):
    out = subprocess.run(
        ["taskset", "-c", "1", "wrk", "-t1", f"-c{connections}", f"-d{options.seconds}s", "--latency",
         "--timeout", "30s", "-s", str(folder / f"{name}.lua"), f"http://127.0.0.1:{port}{path}"],
        capture_output=True, text=True, check=True).stdout
    if "Non-2xx" in out:
        sys.exit(f"{path} was not answered well:\n{out}")
    return (float(re.search(r"Requests/sec:\s+([\d.]+)", out)[1]),
            milliseconds(re.search(r"50%\s+(\S+)", out)[1]),
            milliseconds(re.search(r"99%\s+(\S+)", out)[1]))


def measure(folder, title, command, port, environment=None):
    start = time.monotonic()
    server = subprocess.Popen(
        ["taskset", "-c", "0", *command], env={**os.environ, **(environment or {})},
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=HERE, start_new_session=True)
    try:
        while True:
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{port}/ready", timeout=5)
                break
            except OSError:
                if server.poll() is not None or time.monotonic() - start > 60:
                    sys.exit(f"{title} does not start: {command}")
                time.sleep(0.005)
        started = time.monotonic() - start
        rows = []
        for name, path, connections in (("form", "/predict", 8), ("one", "/api/predict", 8),
                                        ("thousand", "/api/predict", 2)):
            load(folder, port, name, path, connections) if name == "form" else None
            rows.append(load(folder, port, name, path, connections))
        group = subprocess.run(["ps", "-o", "rss=", "-g", str(server.pid)], capture_output=True, text=True)
        memory = sum(map(int, group.stdout.split())) / 1024
        return started, memory, rows
    finally:
        os.killpg(server.pid, signal.SIGTERM)
        server.wait()


with tempfile.TemporaryDirectory() as name:
    folder = Path(name)
    scripts(folder)
    subprocess.run([sys.executable, HERE / "flask_app.py", options.table, folder / "flask"], check=True)
    models = {"MODELS": str(folder / "flask"), "OMP_NUM_THREADS": "1"}
    results = {
        "diamonds-prediction": measure(
            folder, "diamonds-prediction",
            [str(Path(options.program).resolve()), "--models", str(Path(options.model).resolve()),
             "--port", "5081"], 5081),
        "Flask, gunicorn, 1 worker": measure(
            folder, "gunicorn", [TOOLS / "gunicorn", "--workers", "1", "--bind", "127.0.0.1:5082",
                                 "flask_app:app"], 5082, models),
        "Flask, waitress, 4 threads": measure(
            folder, "waitress", [TOOLS / "waitress-serve", "--threads=4", "--listen=127.0.0.1:5083",
                                 "flask_app:app"], 5083, models),
    }

lines = ["| server | start | memory | request | requests a second | median | 99 % |",
         "| --- | ---: | ---: | --- | ---: | ---: | ---: |"]
kinds = ("form, one row", "JSON, one row", "JSON, 1,000 rows")
for title, (started, memory, rows) in results.items():
    for kind, (rate, median, late) in zip(kinds, rows):
        lines.append(f"| {title} | {started:.2f} s | {memory:.0f} MB | {kind} | {rate:,.1f} | "
                     f"{median:,.2f} ms | {late:,.2f} ms |")
ours, flask = results["diamonds-prediction"][2], results["Flask, gunicorn, 1 worker"][2]
lines.append("")
lines.append("Times gunicorn's throughput: " + ", ".join(
    f"{kind} {a[0] / b[0]:,.0f}" for kind, a, b in zip(kinds, ours, flask)) + ". "
    f"The 99th percentile of a form is {ours[0][2] / flask[0][1]:.3f} of gunicorn's median.")
print("\n".join(lines))
if options.write:
    Path(options.write).write_text("\n".join(lines) + "\n")
