"""Proof "endurance": an hour of mixed load with a rebuild each minute, and nothing grows.

    each minute   a build, niced   hundreds of requests of all routes   connections made anew
                  then what each process of the server holds: descriptors, memory of its own

Memory is looked at when all is quiet, and judged by the median of all slopes between two such
looks (Theil and Sen), which no single look can move. What is kept once, caches, fills up before.
"""

import http.client
import os
import statistics
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from pathlib import Path

from benchmarks.torture.actors import VERSIONS, start_build, write_version
from benchmarks.torture.grammar import Asker, learn
from benchmarks.torture.proof import Finding, Proof, trials
from benchmarks.torture.served import Client, Server, count_descriptors, memory_of
from benchmarks.torture.wandering import Wanderer, list_routes
from searchapp import open_index
from searchapp.build import build

MINUTES = 60
ASKED = 300  # requests a minute
WARMING = 3_000  # requests at once, before the first minute
CLIENTS = 8
POSTS = 300
WARM = 6  # the first of so many parts of all minutes is not judged
MOST = 1.0  # megabytes an hour
MOVES = 60.0  # seconds at most, until a build answers; what matters here is that it does
SETTLED = 60.0  # seconds at most, until connections that were closed are closed on both sides


@dataclass
class Seen:
    """What one process of the server held at the end of each minute."""

    descriptors: list[int] = field(default_factory=list)
    memory: list[float] = field(default_factory=list)


class Load:
    """Asks the server, and counts what went wrong."""

    def __init__(self, server: Server, index: Path, seed: int) -> None:
        asker = Asker(learn(open_index(index)), seed)
        self._wanderer = Wanderer(asker, list_routes())
        self._clients = [Client(server.place) for _ in range(CLIENTS)]
        self.asked = 0
        self.faults: list[str] = []

    def ask(self, requests: int, seconds: float) -> None:
        """Ask so many times, evenly within so many seconds, by all clients in turn."""
        begun = time.monotonic()
        for number in range(requests):
            wait = begun + number * seconds / requests - time.monotonic()
            if wait > 0:
                time.sleep(wait)
            request = self._wanderer.request()
            self.asked += 1
            try:
                answer = self._clients[number % CLIENTS].send(request)
            except (OSError, http.client.HTTPException) as error:
                self.faults.append(f"{error!r} for {request[:200]!r}")
                continue
            if answer.status >= 500:
                self.faults.append(f"{answer.status} for {request[:200]!r}")

    def rest(self) -> None:
        """Close all connections; the next ones are new."""
        for client in self._clients:
            client.close()


def prove_endurance(
    scale: float,
    folder: Path,
    plant: str = "",
    seconds: float = 60.0,
    asked: int = ASKED,
    posts: int = POSTS,
    settled: float = SETTLED,
) -> Iterator[Finding]:
    """Load a server for as many minutes as the scale says, rebuilding in each of them.

    For a short form a minute may have fewer `seconds` and requests, and the blog fewer posts; one
    that is to show a leak need not wait until it has `settled`, which it never has.
    """
    minutes = trials(MINUTES, scale, least=4)
    content, index = folder / "content", folder / "index"
    write_version(content, 0, posts)
    build(content, index)
    moved = 0
    with Server(index, plant=plant) as server:
        pids = server.processes()
        seen = {pid: Seen() for pid in pids}
        least = {pid: count_descriptors(pid) for pid in pids}  # nobody is connected yet
        load = Load(server, index, seed=8)
        load.ask(trials(WARMING, scale, least=asked), 0)
        load.rest()
        for minute in range(minutes):
            write_version(content, (minute + 1) % VERSIONS, posts)
            built = start_build(content, index, plant=_yield_to_others)
            load.ask(asked, seconds)
            moved += built.end() == 0 and _answers_anew(server, index)
            load.rest()
            for pid in pids:
                seen[pid].descriptors.append(_settle(pid, least[pid], settled))
                seen[pid].memory.append(memory_of(pid))
        same = server.processes() == pids
        code, said = server.end()
    yield Finding("answers of 500, and requests without an answer", f"0 of {load.asked:,}",
                  _tell(load.faults), not load.faults)  # fmt: skip
    yield Finding("rebuilds that were moved to", f"{minutes}", f"{moved}", moved == minutes)
    is_well = same and code == 0 and not said
    yield Finding("no worker died, nothing was said, and the end was clean", "yes",
                  "yes" if is_well else f"no ({code}) {said[-300:]!r}", is_well)  # fmt: skip
    for pid, name in zip(pids, ("supervisor", "worker 1", "worker 2"), strict=True):
        yield from _judge(name, seen[pid], minutes)


def _yield_to_others() -> None:
    os.nice(19)


def _answers_anew(server: Server, index: Path) -> bool:
    """Wait until fresh connections are answered from the newest generation; return whether."""
    newest = f'"generation": {open_index(index).generation}'.encode()
    until, row = time.monotonic() + MOVES, 0
    while row < CLIENTS and time.monotonic() < until:
        client = Client(server.place)
        row = row + 1 if newest in client.get("/readyz").body else 0
        client.close()
    return row == CLIENTS


def _settle(pid: int, least: int, seconds: float) -> int:
    """Return how many descriptors a process has when they are no more than `least` again.

    The fewest, where they are more for so many seconds.
    """
    fewest, until = count_descriptors(pid), time.monotonic() + seconds
    while fewest > least and time.monotonic() < until:
        time.sleep(0.02)
        fewest = min(fewest, count_descriptors(pid))
    return fewest


def _judge(name: str, seen: Seen, minutes: int) -> Iterator[Finding]:
    """Judge one process, from when it was warm."""
    counts = seen.descriptors[minutes // WARM :]
    third = max(1, len(counts) // 3)
    early, late = max(counts[:third]), max(counts[-third:])
    yield Finding(f"descriptors of the {name}", "flat",
                  f"{early} at most early, {late} late", late <= early)  # fmt: skip
    memory = seen.memory[minutes // WARM :]
    slope = find_slope(memory) * MINUTES
    yield Finding(f"memory of the {name}", f"< {MOST:g} MB/h",
                  f"{slope:+.2f} MB/h ({memory[0]:.1f} to {memory[-1]:.1f} MB)",
                  slope < MOST)  # fmt: skip


def find_slope(values: Sequence[float]) -> float:
    """Return by how much values grow from one to the next: the median of all slopes."""
    pairs = combinations(enumerate(values), 2)
    slopes = [(later - earlier) / (j - i) for (i, earlier), (j, later) in pairs]
    return statistics.median(slopes) if slopes else 0.0


def _tell(faults: Sequence[str]) -> str:
    return f"{len(faults)}" + (f": {'; '.join(faults[:3])}" if faults else "")


PROOF = Proof("endurance", prove_endurance)
