"""Attacks the service with what careless and hostile clients send, and prints a table of what it did.

Usage: python attacks.py PROGRAM MODEL_FOLDER
Linux. As root the service runs in a control group of 128 MiB, which is what its pod has, and as its image's user, who
must be able to read PROGRAM and MODEL_FOLDER; otherwise its memory is only measured. Ends with 1 if a goal is missed.
"""
import json
import os
import re
import selectors
import signal
import socket
import statistics
import subprocess
import sys
import threading
import time
from pathlib import Path

PROGRAM, MODEL = str(Path(sys.argv[1]).resolve()), str(Path(sys.argv[2]).resolve())
PORT = 5086
LIMIT = 128 << 20
USER = 65532
ROW = ('{"carat":0.23,"color":"E","clarity":"SI2","depth":61.5,"table":55,"price":326,'
       '"x":3.95,"y":3.98,"z":2.43}')
FORM = "carat=0.23&color=E&clarity=SI2&depth=61.5&table=55&price=326&x=3.95&y=3.98&z=2.43"
UPGRADE = ("Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\n"
           "HTTP2-Settings: AAMAAABkAAQAoAAAAAIAAAAA\r\n")
missed = []


def request(path="/health", headers="", body=None, kind="application/json", length=None):
    """A request as bytes; with `length`, its body is announced as longer than it is."""
    if body is None:
        return f"GET {path} HTTP/1.1\r\nHost: a\r\n{headers}\r\n".encode()
    return (f"POST {path} HTTP/1.1\r\nHost: a\r\nContent-Type: {kind}\r\n{headers}"
            f"Content-Length: {length or len(body)}\r\n\r\n{body}").encode()


PREDICT = request("/predict", body=FORM, kind="application/x-www-form-urlencoded")
ROWS = request("/api/predict", body="[" + ",".join([ROW] * 10_000) + "]")
UNKNOWN = request("/api/predict", body="[" + ",".join(
    [json.dumps({f"field{i}": 1 for i in range(9)})] * 10_000) + "]")
UNFINISHED = request("/api/predict", body="[" + " " * 1_799_000, length=1_800_000)


class Group:
    """A control group with a limit of memory, of either version; none where this process may not make one."""

    def __init__(self):
        self.folder = None
        for base, limit, peak in (
                ("/sys/fs/cgroup/memory", "memory.limit_in_bytes", "memory.max_usage_in_bytes"),
                ("/sys/fs/cgroup", "memory.max", "memory.peak")):
            folder = Path(base) / f"service-attacks-{os.getpid()}"
            try:
                folder.mkdir()
                (folder / limit).write_text(str(LIMIT))
                self.folder, self.peak_file = folder, folder / peak
                return
            except OSError:
                if folder.exists():
                    folder.rmdir()

    def enter(self):
        if self.folder:
            (self.folder / "cgroup.procs").write_text(str(os.getpid()))
        if os.getuid() == 0:
            os.setgroups([])
            os.setgid(USER)
            os.setuid(USER)

    def peak(self):
        return int(self.peak_file.read_text()) if self.folder else None

    def end(self):
        if self.folder:
            self.folder.rmdir()


class Service:
    def __enter__(self):
        self.group = Group()
        self.process = subprocess.Popen([PROGRAM, "--models", MODEL, "--port", str(PORT)],
                                        stderr=subprocess.DEVNULL, preexec_fn=self.group.enter)
        while self.process.poll() is None:
            try:
                connect().close()
                return self
            except OSError:
                time.sleep(0.02)
        sys.exit(f"the service ended with {self.process.returncode}")

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.process.terminate()
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.group.end()

    def resident(self):
        """Megabytes in memory; 0 once the process has gone."""
        try:
            status = Path(f"/proc/{self.process.pid}/status").read_text()
            return int(re.search(r"VmRSS:\s+(\d+)", status)[1]) / 1024
        except (OSError, TypeError):
            return 0


def connect(timeout=10):
    client = socket.create_connection(("127.0.0.1", PORT), timeout=timeout)
    client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return client


def answer(client, rest=b""):
    """Status, headers and body of the next answer, and what came after it."""
    def more():
        part = client.recv(1 << 16)
        if not part:
            raise EOFError("closed")
        return part
    while b"\r\n\r\n" not in rest:
        rest += more()
    head, rest = rest.split(b"\r\n\r\n", 1)
    found = re.search(rb"content-length: *(\d+)", head, re.I)
    length = int(found[1]) if found else 0
    parts, count = [rest], len(rest)
    while count < length:
        parts.append(more())
        count += len(parts[-1])
    rest = b"".join(parts)
    return int(head.split()[1]), head, rest[:length], rest[length:]


class Probe(threading.Thread):
    """Asks on a new connection each time, and notes how long it took."""

    def __init__(self, message, pause=0.05):
        super().__init__(daemon=True)
        self.message, self.pause = message, pause
        self.times, self.failures, self.ending = [], 0, False

    def run(self):
        while not self.ending:
            start = time.monotonic()
            try:
                with connect(5) as client:
                    client.sendall(self.message)
                    if answer(client)[0] not in (200, 422):
                        self.failures += 1
            except (OSError, EOFError):
                self.failures += 1
            self.times.append(time.monotonic() - start)
            time.sleep(self.pause)

    def end(self):
        self.ending = True
        self.join()
        return (f"{len(self.times) - self.failures} of {len(self.times)} answered, median "
                f"{statistics.median(self.times) * 1e3:.0f} ms, slowest {max(self.times) * 1e3:.0f} ms")


class Flood(threading.Thread):
    """Connections that send a message each as far as it is taken, and never read."""

    def __init__(self, messages):
        super().__init__(daemon=True)
        self.ending = False
        self.selector = selectors.DefaultSelector()
        self.clients = []
        for message in messages:
            client = connect()
            client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            client.setblocking(False)
            self.clients.append(client)
            self.selector.register(client, selectors.EVENT_WRITE, memoryview(message))

    def run(self):
        while not self.ending:
            if not self.selector.get_map():
                time.sleep(0.05)
                continue
            for key, _ in self.selector.select(0.1):
                try:
                    rest = key.data[key.fileobj.send(key.data):]
                except BlockingIOError:
                    continue
                except OSError:
                    rest = b""
                if rest:
                    self.selector.modify(key.fileobj, selectors.EVENT_WRITE, rest)
                else:
                    self.selector.unregister(key.fileobj)

    def end(self):
        self.ending = True
        self.join()
        for client in self.clients:
            client.close()


def show(attack, result, is_met):
    print(f"| {attack} | {result} | {'yes' if is_met else 'NO'} |", flush=True)
    if not is_met:
        missed.append(attack)


def memory(attack, messages, seconds=15):
    """Floods the service, asks meanwhile, and looks at what remains of its memory afterwards."""
    with Service() as service:
        with connect() as client:
            client.sendall(PREDICT)
            answer(client)
        before = service.resident()
        probes = [Probe(request()), Probe(PREDICT)]
        flood = Flood(messages)
        flood.start()
        for probe in probes:
            probe.start()
        time.sleep(seconds)
        outcome = [probe.end() for probe in probes]
        during = service.resident()
        flood.end()
        time.sleep(3)
        after = service.resident()
        lives = service.process.poll() is None
        peak = service.group.peak()
        failures = sum(probe.failures for probe in probes)
    show(attack, (f"{'lives' if lives else 'KILLED'}; peak "
                  + (f"{peak >> 20} MiB of {LIMIT >> 20}" if peak else "not measured")
                  + f"; resident {before:.0f} MB before, {during:.0f} during, {after:.0f} after; "
                  f"health {outcome[0]}; forms {outcome[1]}"),
         lives and failures == 0 and after < before + 40)


def heavy(count=60, seconds=15):
    """Clients that send 10,000 rows again and again, and health checks meanwhile."""
    statuses, lock, end = {}, threading.Lock(), time.monotonic() + seconds

    def run():
        while time.monotonic() < end:
            try:
                with connect(60) as client:
                    client.sendall(ROWS)
                    status, head, _, _ = answer(client)
            except (OSError, EOFError) as error:
                status, head = type(error).__name__, b""
            with lock:
                statuses[status] = statuses.get(status, 0) + 1
            if status == 503:
                time.sleep(int(re.search(rb"retry-after: *(\d+)", head, re.I)[1]))

    with Service() as service:
        threads = [threading.Thread(target=run) for _ in range(count)]
        probe = Probe(request())
        for thread in threads + [probe]:
            thread.start()
        time.sleep(seconds)
        outcome = probe.end()
        for thread in threads:
            thread.join()
        lives = service.process.poll() is None
        peak = service.group.peak()
    show(f"{count} clients send 10,000 rows each", f"health {outcome}; statuses {statuses}; "
         + (f"peak {peak >> 20} MiB" if peak else ""),
         lives and probe.failures == 0 and sorted(probe.times)[len(probe.times) * 99 // 100] < 0.1
         and set(statuses) <= {200, 503} and statuses.get(200, 0) > 0)


def stop(is_kept):
    """SIGTERM while 16 clients ask: counts the requests that were sent and not answered."""
    message = PREDICT if is_kept else PREDICT.replace(b"Host", b"Connection: close\r\nHost", 1)
    counts, lock = {"answered": 0, "lost": 0, "refused": 0}, threading.Lock()
    end = time.monotonic() + 4

    def count(name):
        with lock:
            counts[name] += 1

    def run():
        client = None
        while time.monotonic() < end:
            try:
                client = client or connect(8)
            except OSError:
                count("refused")
                time.sleep(0.05)
                continue
            try:
                client.sendall(message)
                _, head, _, _ = answer(client)
                count("answered")
                if re.search(rb"connection: *close", head, re.I):
                    client.close()
                    client = None
            except (OSError, EOFError):
                count("lost")
                client.close()
                client = None

    with Service() as service:
        threads = [threading.Thread(target=run) for _ in range(16)]
        for thread in threads:
            thread.start()
        time.sleep(1.5)
        start = time.monotonic()
        service.process.send_signal(signal.SIGTERM)
        status = service.process.wait(20)
        took = time.monotonic() - start
        for thread in threads:
            thread.join()
    show(f"SIGTERM, 16 clients {'that stay connected' if is_kept else 'that connect for each request'}",
         f"{counts['answered']} answered, {counts['lost']} lost, ended after {took:.1f} s, status {status}",
         counts["lost"] == 0 and status == 0)


def sequence(attack, parts, expected):
    """Sends parts on one connection, and compares the statuses of the answers."""
    with Service():
        statuses, rest = [], b""
        with connect(5) as client:
            def send():
                try:
                    for part in parts:
                        client.sendall(part)
                        time.sleep(0.3)
                except OSError:
                    pass
            thread = threading.Thread(target=send)
            thread.start()
            try:
                for _ in expected:
                    status, _, _, rest = answer(client, rest)
                    statuses.append(status)
            except (OSError, EOFError) as error:
                statuses.append(type(error).__name__)
            thread.join()
    result = f"{len(statuses)} answers, {set(statuses)}" if len(statuses) > 3 else f"{statuses}"
    show(attack, result, statuses == expected)


print("| attack | what happened | goal met |\n| --- | --- | --- |")
sequence("`Upgrade: h2c`, then another request", [request(headers=UPGRADE), PREDICT], [200, 200])
sequence("10,000 rows and half of the next request at once, then the rest",
         [ROWS + ROWS[:20_000], ROWS[20_000:] + request()], [200, 200, 200])
sequence("500 requests at once", [PREDICT * 500], [200] * 500)
sequence("a length of 60 MB", [request("/api/predict", body="[", length=60_000_000)], [413])
sequence("a length of 23 digits", [request("/api/predict", body="[", length=10 ** 22)], [413])
sequence("an address of 12,000 bytes", [request("/" + "a" * 12_000)], [414])
sequence("an address of 40,000 bytes", [request("/" + "a" * 40_000)], [414])
memory("400 clients send 10,000 rows of unknown fields and never read", [UNKNOWN] * 400)
memory("400 bodies of 1.8 MB never end", [UNFINISHED] * 400)
memory("200 of each", [UNKNOWN, UNFINISHED] * 200)
memory("400 clients ask for 2,000 pages each and never read", [request("/") * 2000] * 400)
heavy()
stop(True)
stop(False)
sys.exit(1 if missed else 0)
