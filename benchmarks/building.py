"""Each index is built in a process of its own, which tells its time and its greatest memory.

Memory is that beside the posts, which the process holds already; of a peer that runs apart it is
all that its own process takes.

one core     |-------- ours, most posts --------|
the other    |-- analysis --|-- all others in turn --|
"""

import multiprocessing
import os
import resource
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path

from benchmarks.corpus import Corpus
from benchmarks.peers import Peer

_UNIT = 1 if sys.platform == "darwin" else 1024  # of ru_maxrss, in bytes


@dataclass(frozen=True)
class Plan:
    """An index to be built."""

    peer: Peer
    corpus: Corpus
    folder: Path


@dataclass(frozen=True)
class Built:
    """What a build took: seconds, and the bytes of memory beside the posts themselves."""

    processor: float
    wall: float
    memory: int


def build_all(plans: Sequence[Plan]) -> list[Built]:
    """Carry out `plans`, the first of them beside the others; return what each took."""
    first, *others = plans  # the analysis is given to peers ready made: no part of what they take
    longest = _Child(first)
    for plan in others:
        _ = plan.corpus.analysis
    built = [_Child(plan).wait() for plan in others]
    return [longest.wait(), *built]


def build_one(plan: Plan) -> Built:
    """Carry out one plan alone; return what it took."""
    return _Child(plan).wait()


class _Child:
    """A process that builds one index."""

    def __init__(self, plan: Plan) -> None:
        self.name = plan.peer.NAME
        context = multiprocessing.get_context("fork")  # the posts are there already
        self.result, there = context.Pipe(duplex=False)
        self.process = context.Process(target=_build, args=(plan, there))
        self.process.start()
        there.close()

    def wait(self) -> Built:
        """Return what it took; a build that fails has said why, and ends the run."""
        try:
            built: Built = self.result.recv()
        except EOFError:
            sys.exit(f"{self.name}: its index could not be built, as said above")
        self.process.join()
        return built


def _build(plan: Plan, there: Connection) -> None:
    plan.folder.mkdir(parents=True)
    before = _peak()
    begun = time.perf_counter()
    plan.peer.build(plan.corpus, plan.folder)
    wall = time.perf_counter() - begun
    apart = _peak(resource.RUSAGE_CHILDREN) if plan.peer.IS_APART else _peak() - before
    there.send(Built(_processor(), wall, apart))


def _processor() -> float:
    """Return the seconds that this process has taken of all processors, with its children."""
    return sum(os.times()[:4])


def _peak(whose: int = resource.RUSAGE_SELF) -> int:
    return resource.getrusage(whose).ru_maxrss * _UNIT
