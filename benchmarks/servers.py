"""Which server: the same app behind each, two processes where it can, asked the same.

    python -m benchmarks.servers --index index [--requests 400] [--only NAME]

gunicorn and granian are no dependencies; those that are not installed are left out:
`pip install gunicorn granian`. Needs Linux, whose /proc tells memory and processor time.
"""

import argparse
import http.client
import os
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager, suppress
from pathlib import Path

_ROOT = Path(__file__).parent.parent
_BIN = Path(sys.executable).parent
_TICKS = os.sysconf("SC_CLK_TCK")
_APP = "benchmarks.served_app:application"
_WORDS = ("model", "training", "language", "reason", "data", "attention", "learning", "tra", "mo")
_SERVE = (sys.executable, "-W", "ignore", "-m", "searchapp", "serve", "--index", "{index}",
          "--content", "no-content", "--port", "{port}")  # fmt: skip
_GUNICORN = ("gunicorn", "--log-level", "error", "--bind", "127.0.0.1:{port}", "--workers", "2")

COMMANDS: Mapping[str, Sequence[str]] = {
    "ours: waitress, 1 process": (*_SERVE, "--workers", "1"),
    "ours: waitress, 2 workers": (*_SERVE, "--workers", "2"),
    "gunicorn sync, 2 workers": (*_GUNICORN, _APP),
    "gunicorn gthread, 2 x 4": (*_GUNICORN, "--worker-class", "gthread", "--threads", "4", _APP),
    "granian, 2 x 4": (
        "granian", "--interface", "wsgi", "--no-ws", "--host", "127.0.0.1", "--port", "{port}",
        "--workers", "2", "--blocking-threads", "4", "--no-log", _APP,
    ),
}  # fmt: skip

_COLUMNS = (
    "server", "requests/s", "p95, ms", "CPU ms a request", "beside 100 slow clients",
    "asked before SIGTERM, answered", "PSS, MB",
)  # fmt: skip


def main() -> None:
    """Measure each server and print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--index", type=Path, required=True)
    parser.add_argument("--requests", type=int, default=400)
    parser.add_argument("--only", default="")
    asked = parser.parse_args()
    print(f"| {' | '.join(_COLUMNS)} |\n{'|---' * len(_COLUMNS)}|")
    for name, command in COMMANDS.items():
        installed = shutil.which(command[0]) or (_BIN / command[0]).exists()
        if asked.only in name and installed:
            print(f"| {name} | {' | '.join(_measure(command, asked.index, asked.requests))} |")


def _measure(command: Sequence[str], index: Path, requests: int) -> Iterator[str]:
    with _run(command, index) as (process, port):
        _ask_all(port, requests // 4)  # warm
        cpu, begun = _processor_time(process.pid), time.perf_counter()
        taken = _ask_all(port, requests)
        seconds = time.perf_counter() - begun
        spent = _processor_time(process.pid) - cpu
        yield f"{len(taken) / seconds:.0f}"
        yield f"{_percentile(taken, 95) * 1000:.0f}"
        yield f"{spent / len(taken) * 1000:.1f}"
        yield _beside_slow_clients(port)
        memory = _memory(process.pid)
        yield _end_while_asked(process, port)
        yield f"{memory:.0f}"


@contextmanager
def _run(command: Sequence[str], index: Path) -> Iterator[tuple["subprocess.Popen[bytes]", int]]:
    with closing(socket.create_server(("127.0.0.1", 0))) as free:
        port = free.getsockname()[1]
    words = [word.format(port=port, index=index) for word in command]
    if words[0] != sys.executable:
        words[0] = str(_BIN / words[0])
    process = subprocess.Popen(
        words, cwd=_ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        env=os.environ | {"INDEX": str(index.resolve())}, start_new_session=True,
    )  # fmt: skip
    try:
        for _ in range(600):
            with suppress(OSError, http.client.HTTPException):
                if _ask(port, "/healthz") == 200:
                    break
            time.sleep(0.1)
        yield process, port
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)  # the session is its own
        process.wait()


def _ask(port: int, path: str, timeout: float = 10) -> int:
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=timeout)) as connection:
        connection.request("GET", path)
        response = connection.getresponse()
        response.read()
        return response.status


def _ask_all(port: int, requests: int, clients: int = 4) -> list[float]:
    """Ask by several clients at once, each on one connection; return what each answer took."""
    taken: list[float] = []

    def run(client: int) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        for number in range(requests // clients):
            word = _WORDS[(number + client) % len(_WORDS)]
            begun = time.perf_counter()
            connection.request("GET", f"/?q={word}&page={1 + number % 3}")
            response = connection.getresponse()
            response.read()
            taken.append(time.perf_counter() - begun)
        connection.close()

    threads = [threading.Thread(target=run, args=(client,)) for client in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return taken


def _beside_slow_clients(port: int, asked: int = 40) -> str:
    """Return what an honest client meets while a hundred others send headers without end."""
    slow = [socket.create_connection(("127.0.0.1", port), timeout=10) for _ in range(100)]
    taken = []
    failed = 0
    for connection in slow:
        connection.sendall(b"GET / HTTP/1.1\r\nHost: x\r\nX-Slow: a")
    for _ in range(asked):
        begun = time.perf_counter()
        try:
            _ask(port, "/?q=model", timeout=3)
            taken.append(time.perf_counter() - begun)
        except OSError:
            failed += 1
            if failed == 5 and not taken:
                break
    for connection in slow:
        connection.close()
    if not taken:
        return f"none of {failed} answered in 3 s"
    return f"{len(taken)} of {len(taken) + failed}, p95 {_percentile(taken, 95) * 1000:.0f} ms"


def _end_while_asked(process: "subprocess.Popen[bytes]", port: int, clients: int = 24) -> str:
    """Return how many requests, sent before SIGTERM, are answered whole; and the exit code."""
    connections = [
        http.client.HTTPConnection("127.0.0.1", port, timeout=20) for _ in range(clients)
    ]
    for connection in connections:
        connection.request("GET", "/api/search?q=model&limit=100&explain=1")
    process.send_signal(signal.SIGTERM)
    whole = 0
    for connection in connections:
        with suppress(OSError, http.client.HTTPException):
            response = connection.getresponse()
            whole += response.status == 200 and response.read().endswith(b"}\n")
        connection.close()
    with suppress(subprocess.TimeoutExpired):
        process.wait(timeout=40)
    return f"{whole} of {clients}, exit {process.returncode}"


def _tree(pid: int) -> list[int]:
    tasks = Path(f"/proc/{pid}/task").glob("*/children")
    children = [child for task in tasks for child in task.read_text().split()]
    return [pid, *(below for child in children for below in _tree(int(child)))]


def _processor_time(pid: int) -> float:
    """Return the seconds of processor time that a process and its children have taken."""
    stats = [
        Path(f"/proc/{each}/stat").read_text().rsplit(")", 1)[1].split() for each in _tree(pid)
    ]
    return sum(int(stat[11]) + int(stat[12]) for stat in stats) / _TICKS


def _memory(pid: int) -> float:
    """Return the megabytes of a process and its children, what they share counted once."""
    lines = [
        line
        for each in _tree(pid)
        for line in Path(f"/proc/{each}/smaps_rollup").read_text().splitlines()
    ]
    return sum(int(line.split()[1]) for line in lines if line.startswith("Pss:")) / 1024


def _percentile(values: Sequence[float], percent: int) -> float:
    return statistics.quantiles(values, n=100)[percent - 1]


if __name__ == "__main__":
    main()
