"""Asks the service for some minutes while its model is exchanged, and sees that its memory stays.

Usage: python soak.py PROGRAM MODEL_FOLDER [MINUTES]
Needs wrk (Debian).
"""
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

program, model = str(Path(sys.argv[1]).resolve()), Path(sys.argv[2])
minutes = float(sys.argv[3]) if len(sys.argv) > 3 else 10
PORT = 5084
BODY = ('{"carat":0.23,"color":"E","clarity":"SI2","depth":61.5,"table":55,"price":326,'
        '"x":3.95,"y":3.98,"z":2.43}')


def figure(name):
    with urllib.request.urlopen(f"http://127.0.0.1:{PORT}/metrics") as answer:
        for line in answer.read().decode().splitlines():
            if line.startswith(name):
                return float(line.rsplit(" ", 1)[1])
    raise SystemExit(f"no {name} in the metrics")


with tempfile.TemporaryDirectory() as name:
    folder = Path(name) / "models"
    shutil.copytree(model, folder)
    script = Path(name) / "one.lua"
    script.write_text('wrk.method = "POST"\nwrk.headers["Content-Type"] = "application/json"\n'
                      f"wrk.body = '{BODY}'\n")
    server = subprocess.Popen([program, "--models", str(folder), "--port", str(PORT)],
                              stderr=subprocess.DEVNULL)
    try:
        time.sleep(2)
        end = time.monotonic() + 60 * minutes
        memory = []
        while time.monotonic() < end:
            # A few seconds of load, with a model taken over in the middle of them.
            load = subprocess.Popen(["wrk", "-t1", "-c32", "-d5s", "-s", str(script),
                                     f"http://127.0.0.1:{PORT}/api/predict"],
                                    stdout=subprocess.PIPE, text=True)
            (folder / "model.safetensors").touch()
            out = load.communicate()[0]
            if "Non-2xx" in out or "Socket errors" in out:
                raise SystemExit("requests were lost:\n" + out)
            memory.append(figure("process_resident_memory_bytes") / 1e6)
            print(f"{memory[-1]:.1f} MB", flush=True)
        exchanges = figure('diamonds_model_refreshes_total{outcome="taken_over"}')
    finally:
        server.terminate()
        status = server.wait()
    early = max(memory[: max(1, len(memory) // 4)])
    print(f"{exchanges:.0f} models taken over; memory at most {early:.1f} MB in the first quarter, "
          f"{max(memory):.1f} MB in all; exit {status}")
    sys.exit(0 if max(memory) < early * 1.1 + 2 and status == 0 and exchanges > 0 else 1)
