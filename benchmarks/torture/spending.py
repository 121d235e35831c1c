"""Asks what is drawn, again and again in a child process, and sums up faults, time and memory.

What is kept of a million answers takes no memory that would count as theirs: how many took how
long, and the few slowest.
"""

import gc
import heapq
import json
import os
import signal
import sys
import time
import traceback
from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from itertools import accumulate, repeat
from types import FrameType
from typing import Any

BOUNDS = tuple(accumulate(repeat(1.05, 320), lambda a, b: a * b, initial=1e-5))  # seconds, to 60
KEPT = 20  # slowest
TOLD = 20  # faults
WARM = 10  # the first of so many parts is not judged by its memory
LOOKS = 200  # at memory
PATIENCE = 30.0  # seconds of processor time for one answer


@dataclass
class Times:
    """How many answers took how long, within a twentieth."""

    counts: list[int] = field(default_factory=lambda: [0] * (len(BOUNDS) + 1))
    most: float = 0.0

    def add(self, seconds: float) -> None:
        """Count one answer."""
        self.counts[bisect_left(BOUNDS, seconds)] += 1
        self.most = max(self.most, seconds)

    def percentile(self, percent: int) -> float:
        """Return the time within which so many of a hundred answers came."""
        wanted = sum(self.counts) * percent / 100
        place = bisect_left(list(accumulate(self.counts)), wanted)
        return min(self.most, BOUNDS[min(place, len(BOUNDS) - 1)])


@dataclass
class Outcome:
    """What came of one child: `grown` is in megabytes, times in seconds."""

    asked: int = 0
    faults: list[str] = field(default_factory=list)
    times: Times = field(default_factory=Times)
    wall: Times = field(default_factory=Times)
    slowest: list[tuple[float, str]] = field(default_factory=list)
    grown: float = 0.0
    unseen: list[str] = field(default_factory=list)

    def percentile(self, percent: int) -> float:
        """Return the processor time within which so many of a hundred answers came."""
        return self.times.percentile(percent)


@dataclass(frozen=True)
class Drawn:
    """What a child asks: `draw` gives a question's wording and what asks it, which tells a fault.

    `clock` is that of whoever answers, `memory` theirs, `unseen` what was never drawn.
    """

    draw: Callable[[], tuple[str, Callable[[], str]]]
    clock: Callable[[], float]
    memory: Callable[[], float]
    unseen: Callable[[], list[str]] = list


@dataclass(frozen=True)
class Fuzz:
    """How often a child is to ask what it draws; `begin` is called in the child."""

    begin: Callable[[], Drawn]
    times: int


def run_together(fuzzes: Sequence[Fuzz]) -> list[Outcome]:
    """Run each in a child process, all at once."""
    return [_read(*child) for child in list(map(_start, fuzzes))]


def _start(fuzz: Fuzz) -> tuple[int, int]:
    told, tell = os.pipe()
    pid = os.fork()
    if pid:
        os.close(tell)
        return pid, told
    code = 1
    try:
        os.close(told)
        outcome = _ask_on(fuzz)
        with os.fdopen(tell, "w") as pipe:
            json.dump(_as_record(outcome), pipe)
        code = 0
    except Exception:  # which is no answer's: the drawing or the looking at memory failed
        traceback.print_exc()
    finally:
        sys.stderr.flush()
        os._exit(code)


def _read(pid: int, told: int) -> Outcome:
    with os.fdopen(told) as pipe:
        record = pipe.read()
    code = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    if code or not record:
        return Outcome(faults=[f"the child that asked ended with {code}"])
    return _of_record(json.loads(record))


def _ask_on(fuzz: Fuzz) -> Outcome:
    drawn, outcome = fuzz.begin(), Outcome()
    gc.collect()
    gc.freeze()  # as a worker of the server does
    signal.signal(signal.SIGPROF, _give_up)
    look, warm = max(1, fuzz.times // LOOKS), fuzz.times // WARM
    begun = 0.0
    for number in range(fuzz.times):
        what, ask = drawn.draw()
        fault, seconds = _ask(ask, drawn.clock, outcome.wall)
        outcome.asked += 1
        outcome.times.add(seconds)
        if fault and len(outcome.faults) < TOLD:
            outcome.faults.append(f"{fault}: {what[:300]}")
        kept = (seconds, what[:1000])
        if len(outcome.slowest) < KEPT:
            heapq.heappush(outcome.slowest, kept)
        elif seconds > outcome.slowest[0][0]:
            heapq.heapreplace(outcome.slowest, kept)
        if number == warm:
            begun = drawn.memory()
        elif number > warm and (number % look == 0 or number == fuzz.times - 1):
            outcome.grown = max(outcome.grown, drawn.memory() - begun)
    outcome.slowest.sort(reverse=True)
    outcome.unseen = drawn.unseen()
    return outcome


def _ask(ask: Callable[[], str], clock: Callable[[], float], wall: Times) -> tuple[str, float]:
    """Ask once; return the fault, if any, and the processor time that it took."""
    with _patience():
        at, before = time.perf_counter(), clock()
        try:
            fault = ask()
        except Exception as error:  # whatever it is, it is counted
            fault = f"{type(error).__name__}: {error}"
        seconds = clock() - before
        wall.add(time.perf_counter() - at)
    return fault, seconds


@contextmanager
def _patience() -> Iterator[None]:
    signal.setitimer(signal.ITIMER_PROF, PATIENCE)
    with suppress(TimeoutError):
        yield
    signal.setitimer(signal.ITIMER_PROF, 0)


def _give_up(signum: int, frame: FrameType | None) -> None:
    raise TimeoutError(f"no answer in {PATIENCE:g} s of processor time")


def _as_record(outcome: Outcome) -> dict[str, Any]:
    times = [[each.counts, each.most] for each in (outcome.times, outcome.wall)]
    return vars(outcome) | {"times": times[0], "wall": times[1]}


def _of_record(record: dict[str, Any]) -> Outcome:
    times, wall = Times(*record["times"]), Times(*record["wall"])
    return Outcome(**record | {"times": times, "wall": wall})
