"""What the checks with the official SDK share: the stand-in, the program, and counting."""

import contextlib
import json
import os
import subprocess
import sys
import tempfile
import urllib.request

WORKSPACE = "demo-ws"
PROJECT = "diamonds"
KEY = "standinkey00000000000000a"


class Check:
    """Says of each comparison whether it held, and remembers whether all did."""

    def __init__(self):
        self.failures = 0
        self.count = 0

    def equal(self, found, expected, what):
        self.count += 1
        if found != expected:
            self.failures += 1
            print(f"WRONG  {what}: expected {str(expected)[:300]}, found {str(found)[:300]}")

    def true(self, condition, what):
        self.equal(bool(condition), True, what)

    def finish(self):
        """Prints the outcome, and ends the process with it."""
        print(f"{self.count - self.failures} of {self.count} comparisons hold")
        sys.exit(1 if self.failures else 0)


class StandIn:
    def __init__(self, url):
        self.url = url

    def get(self, control):
        with urllib.request.urlopen(f"{self.url}/control/{control}") as answer:
            return json.load(answer)

    def reset(self):
        request = urllib.request.Request(f"{self.url}/control/reset", data=b"", method="POST")
        urllib.request.urlopen(request).close()

    @property
    def experiments(self):
        return self.get("state")["experiments"]

    def refused(self):
        """Requests that were answered with an error."""
        return [r for r in self.get("requests") if r["status"] >= 400]


@contextlib.contextmanager
def stand_in(program):
    """A running stand-in on a port of the system's choice."""
    process = subprocess.Popen(
        [program, "--port", "0", "--workspace", WORKSPACE], stdout=subprocess.PIPE, text=True
    )
    try:
        line = process.stdout.readline()
        yield StandIn(line.split()[2].rstrip("."))
    finally:
        process.terminate()
        process.wait()


def environment(url, home):
    """The environment of a program, or of the SDK, that is led to the stand-in."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith("COMET")}
    kept.update(
        COMET_URL_OVERRIDE=f"{url}/clientlib/",
        COMET_API_KEY=KEY,
        COMET_WORKSPACE=WORKSPACE,
        COMET_PROJECT=PROJECT,
        # Nothing that the SDK does for itself leaves this machine.
        COMET_ERROR_TRACKING_ENABLE="0",
        COMET_DISABLE_ANNOUNCEMENT="1",
        COMET_INTERNAL_REPORTING="0",
        HOME=home,
        NO_PROXY="*",
        no_proxy="*",
    )
    return kept


def run(arguments, env, what):
    """Runs a command to its end; its output is shown when it fails."""
    done = subprocess.run(arguments, env=env, capture_output=True, text=True)
    if done.returncode != 0:
        print(done.stdout, done.stderr, sep="\n")
        sys.exit(f"{what} ended with status {done.returncode}")
    return done.stdout + done.stderr


def arguments():
    """The two programs, from the command line."""
    if len(sys.argv) < 3:
        sys.exit(f"usage: {sys.argv[0]} COMPARE_MODELS COMET_STAND_IN [ARGUMENT…]")
    return os.path.abspath(sys.argv[1]), os.path.abspath(sys.argv[2]), sys.argv[3:]


def temporary_folder():
    return tempfile.TemporaryDirectory(prefix="comet-sdk-")


# The names that a run's metrics have in Comet where they differ from comparison.json's.
METRIC_NAMES = {"f1": "f1-score"}


def expected_metrics(model):
    """Full names and values of a model's metrics in comparison.json."""
    metrics = {}
    for part in ("train", "validate"):
        for name, value in model[part].items():
            if isinstance(value, (int, float)):
                metrics[f"{part}_{METRIC_NAMES.get(name, name)}"] = value
    return metrics
