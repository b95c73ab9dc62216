"""Starts the measuring programs, ours and the peers', and sends them requests."""
import datetime
import os
import platform
import statistics
import subprocess
import sys
from pathlib import Path

root = Path(__file__).resolve().parent.parent
build = root / ".build-bench"
data = root / "data" / "diamonds.csv"
peers = Path(__file__).resolve().parent / "peers"


def environment():
    """The peers' environment, without settings that are meant for our OpenBLAS."""
    skipped = {"OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE"}
    return {name: value for name, value in os.environ.items() if name not in skipped}


def python():
    """The peers' Python: BENCH_VENV's, or that of a virtual environment made here."""
    if "BENCH_VENV" in os.environ:
        return Path(os.environ["BENCH_VENV"]) / "bin" / "python"
    folder = build / "peers"
    requirements = peers / "requirements.txt"
    installed = folder / "requirements.txt"
    if not installed.exists() or installed.read_text() != requirements.read_text():
        subprocess.run([sys.executable, "-m", "venv", folder], check=True)
        pip = [folder / "bin" / "python", "-m", "pip", "install", "--quiet"]
        subprocess.run(pip + ["-r", requirements], check=True)
        installed.write_text(requirements.read_text())
    return folder / "bin" / "python"


def swift_build():
    """Builds both of our programs; their paths."""
    scratch = ["--package-path", "Benchmarks", "--scratch-path", build / "swift"]
    parts = ["swift", "build", "-c", "release", *scratch]
    programs = []
    for product, command, place in [
        ("compare-models",
         ["swift", "build", "-c", "release", "--static-swift-stdlib", "--product", "compare-models"],
         ["swift", "build", "-c", "release"]),
        ("measure-parts", [*parts, "--product", "measure-parts"], parts),
    ]:
        subprocess.run(command, cwd=root, check=True)
        folder = subprocess.run(
            [*place, "--show-bin-path"], cwd=root, check=True, capture_output=True, text=True)
        programs.append(Path(folder.stdout.strip()) / product)
    return programs


class Worker:
    """A running measuring program."""

    def __init__(self, command, env=None):
        self.command = [str(word) for word in command]
        self.process = subprocess.Popen(
            self.command, env=env, cwd=root, text=True,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE)

    def ask(self, request):
        self.process.stdin.write(request + "\n")
        self.process.stdin.flush()
        answer = self.process.stdout.readline().strip()
        if not answer or answer.startswith("error"):
            raise RuntimeError(f"{' '.join(self.command)}: {request}: {answer or 'ended'}")
        return answer

    def seconds(self, request):
        return float(self.ask(request))

    def close(self):
        self.process.stdin.close()
        self.process.wait()


def start(name, measure_parts):
    """The worker of one contender: `ours` or a peer's library."""
    if name == "ours":
        return Worker([measure_parts])
    return Worker([python(), peers / "parts.py", name], environment())


def run(command, env=None):
    """Wall-clock seconds and peak resident kilobytes of a whole program."""
    import time

    started = time.perf_counter()
    process = subprocess.Popen(
        [str(word) for word in command], env=env, cwd=root,
        stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    problem = process.stderr.read()
    _, status, usage = os.wait4(process.pid, 0)
    taken = time.perf_counter() - started
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        raise RuntimeError(f"{command}: {problem.decode()}")
    return taken, usage.ru_maxrss // (1024 if sys.platform == "darwin" else 1)


def summary(values):
    return {"median": statistics.median(values), "minimum": min(values), "values": values}


def machine():
    """The processor, with its widest vectors, since peers have kernels for them; and what else there is."""
    name, flags = platform.processor() or platform.machine(), []
    try:
        for line in Path("/proc/cpuinfo").read_text().splitlines():
            if line.startswith("model name"):
                name = line.split(":")[1].strip()
            if line.startswith("flags"):
                flags = line.split(":")[1].split()
                break
    except OSError:
        pass
    vectors = next((title for flag, title in [("avx512f", "AVX-512"), ("avx2", "AVX2")] if flag in flags), None)
    return {
        "cpu": f"{name} with {vectors}" if vectors else name, "cores": os.cpu_count(),
        "system": platform.system(), "date": datetime.date.today().isoformat()}
