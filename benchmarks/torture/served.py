"""The server in a process of its own, as the proofs ask it, watch it and end it.

    Server --exec--> searchapp serve --fork--> worker, worker     /proc tells what each holds
    Client ---------> one connection kept alive, bytes as they are

Needs Linux, whose /proc tells memory and descriptors.
"""

import http.client
import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from statistics import quantiles

_ROOT = Path(__file__).parents[2]
PATIENCE = 60.0  # seconds; an answer that takes longer is none

# Runs the command line after a fault was planted: a function of no arguments, `module:name`.
_PLANTED = "import {0}; {0}.{1}(); from searchapp.cli import main; main()"


@dataclass(frozen=True)
class Answer:
    """What came back, and the seconds from the first byte sent to the last one read."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    seconds: float


class Server:
    """`searchapp serve` on a free port; with `plant` (`module:function`) with a fault in it."""

    def __init__(self, index: Path, *options: str, plant: str = "", nice: int = 0) -> None:
        run = ["-c", _PLANTED.format(*plant.split(":"))] if plant else ["-m", "searchapp"]
        paths = [*filter(None, sys.path), os.environ.get("PYTHONPATH", "")]
        self._said = tempfile.TemporaryFile("w+")  # noqa: SIM115  # `end` closes it; a pipe would fill
        self.process = subprocess.Popen(
            ["nice", "-n", str(nice), sys.executable, "-W", "ignore", *run, "serve", "--port", "0",
             *options, "--index", str(index), "--content", str(index / "none")],
            stdout=subprocess.PIPE, stderr=self._said, text=True, cwd=_ROOT,
            env=os.environ | {"PYTHONPATH": os.pathsep.join(paths), "PYTHONUNBUFFERED": "1"},
        )  # fmt: skip
        assert self.process.stdout
        found = re.search(r"http://([\d.]+):(\d+)/", self.process.stdout.readline())
        if not found:
            raise RuntimeError(f"the server did not start: {self.end()[1]}")
        self.place = found[1], int(found[2])

    def __enter__(self) -> "Server":
        return self

    def __exit__(self, *error: object) -> None:
        self.end()

    def processes(self) -> tuple[int, ...]:
        """Return the supervisor's id and those of its workers."""
        pid = self.process.pid
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text()
        return (pid, *sorted(map(int, children.split())))

    def end(self) -> tuple[int, str]:
        """Stop it as its owner does; return its exit code and what it said on stderr."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        self.process.communicate(timeout=60)
        if not self._said.closed:
            self._said.seek(0)
            self._told = self._said.read()
            self._said.close()
        return self.process.returncode, self._told


class Client:
    """Asks over one connection, which is made anew where the server has closed it.

    `source` is the address of this machine that it asks from. What it sends need be no HTTP.
    """

    def __init__(self, place: tuple[str, int], source: str = "127.0.0.1") -> None:
        self._place = place
        self._source = source
        self._connection: socket.socket | None = None

    def get(self, path: str, headers: Mapping[str, str] | None = None) -> Answer:
        """Ask for a path."""
        return self.send(_head("GET", path, headers or {}))

    def send(self, request: bytes) -> Answer:
        """Send a request as it is; raises OSError or HTTPException where no answer comes."""
        begun = time.perf_counter()
        answer, kept = self._exchange(request)
        if not kept:
            self.close()
        status, headers, body = answer
        return Answer(status, headers, body, time.perf_counter() - begun)

    def _exchange(self, request: bytes) -> tuple[tuple[int, Mapping[str, str], bytes], bool]:
        is_new = self._connection is None
        connection = self._connection = self._connection or self._connect()
        try:
            connection.sendall(request)
            response = http.client.HTTPResponse(connection, method=_method(request))
            with closing(response):
                response.begin()
                kept = not response.will_close
                headers = {name.lower(): value for name, value in response.getheaders()}
                return (response.status, headers, response.read()), kept
        except (OSError, http.client.HTTPException) as error:
            self.close()
            if is_new or not isinstance(error, ConnectionError):
                raise
            return self._exchange(request)  # the server may close what was idle

    def _connect(self) -> socket.socket:
        made = socket.create_connection(self._place, PATIENCE, (self._source, 0))
        made.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return made

    def close(self) -> None:
        """Close the connection."""
        if self._connection:
            self._connection.close()
            self._connection = None


def _method(request: bytes) -> str:
    return request.partition(b" ")[0].decode("ascii", "replace")


def _head(method: str, path: str, headers: Mapping[str, str]) -> bytes:
    lines = [f"{method} {path} HTTP/1.1", "Host: localhost"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    return "\r\n".join([*lines, "", ""]).encode()


def count_descriptors(pid: int) -> int:
    """Return how many descriptors a process has open."""
    return sum(1 for _ in Path(f"/proc/{pid}/fd").iterdir())


def processor_time(pid: int) -> float:
    """Return the seconds of processor time that a process has taken."""
    return time.clock_gettime(~pid << 3 | 2)  # as Linux names the processor clock of a process


def memory_of(pid: int | str) -> float:
    """Return the megabytes that a process has of its own: what is mapped from files is not."""
    status = Path(f"/proc/{pid}/status").read_text()
    return int(status.partition("RssAnon:")[2].split()[0]) / 1024


def percentile(values: Sequence[float], percent: int) -> float:
    """Return a percentile of some values, their greatest where they are few."""
    return quantiles(values, n=100)[percent - 1] if len(values) > 100 else max(values, default=0.0)


def as_milliseconds(seconds: float) -> str:
    """Return seconds as they are told."""
    return f"{seconds * 1000:.1f} ms"
