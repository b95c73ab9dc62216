"""Times the innermost loops, each alone and on one thread: `make bench-kernels`.

Prints nanoseconds an element, median and minimum, and writes them to Benchmarks/kernels.json. They show which
loop to look at, and small changes to one; what counts in the end is `make bench`.
"""
import json
import subprocess
import sys
from pathlib import Path

import contenders

scratch = contenders.root / ".build-bench/kernels"
build = ["swift", "build", "-c", "release", "-Xswiftc", "-enable-testing", "--package-path",
         contenders.root / "Benchmarks/Kernels", "--scratch-path", scratch]


def main():
    subprocess.run(build, check=True)
    folder = subprocess.run(
        [*build, "--show-bin-path"], check=True, capture_output=True, text=True).stdout.strip()
    results = {}
    program = [f"{folder}/measure-kernels", contenders.data, *sys.argv[1:]]
    with subprocess.Popen(program, stdout=subprocess.PIPE, text=True) as process:
        for line in process.stdout:
            name, median, least, element, samples = line.rstrip("\n").split("\t")
            print(f"{name:45} {median:>10} {least:>10} ns a {element}", flush=True)
            results[name] = {"median": float(median), "least": float(least), "element": element,
                             "samples": int(samples)}
    if process.returncode:
        sys.exit(f"measure-kernels ended with {process.returncode}")
    if len(sys.argv) == 1:
        file = Path(__file__).resolve().parent / "kernels.json"
        file.write_text(json.dumps(results, indent=1) + "\n")


if __name__ == "__main__":
    main()
