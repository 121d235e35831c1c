"""Proof "pairs": of two builds at once one runs and the other says so; clocks decide nothing.

first: holds the lock --> second: 75 --> first goes on: 0         the lock dies with its holder
clock two years back, seventy on, stepping back in a build --> the same order of generations
"""

import os
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

from benchmarks.torture.actors import (
    VERSIONS,
    Plant,
    ask,
    expected_answers,
    find_leftovers,
    start_build,
    write_version,
)
from benchmarks.torture.proof import Finding, Proof, trials
from searchapp import open_index
from searchapp.errors import IndexUnusableError

PAIRS = 50
BUSY = 75
YEAR = 365 * 86_400.0


def prove_pairs(scale: float, folder: Path, plant: Plant | None = None) -> Iterator[Finding]:
    """Start pairs of builds together, kill holders of the lock, and set clocks wrong."""
    answers = expected_answers(folder)
    content, index = folder / "content", folder / "index"
    number = trials(PAIRS, scale, least=2)
    ended: Counter[tuple[int, ...]] = Counter()
    unsaid = 0
    for trial in range(number):
        write_version(content, trial % VERSIONS)
        codes, said = _build_at_once(content, index, plant)
        ended[codes] += 1
        unsaid += "another build is running" not in said
    last = (number - 1) % VERSIONS
    is_right = _answer(index)[1:] == (last, answers[last])
    left = find_leftovers(index)
    told = ", ".join(f"{codes} {count}" for codes, count in ended.items())
    yield Finding("pairs of which one ran and one ended with 75, saying so", str(number),
                  f"{ended[0, BUSY]} ({told}; {unsaid} did not say so)",
                  ended[0, BUSY] == number and not unsaid)  # fmt: skip
    is_well = is_right and not left
    yield Finding("right answers after them, and nothing left over", "yes",
                  "yes" if is_well else f"no {left}", is_well)  # fmt: skip
    freed = sum(_frees_the_lock(content, index) for _ in range(number))
    yield Finding("builds that ran at once after the holder was killed", str(number), str(freed),
                  freed == number)  # fmt: skip
    right = [name for name in CLOCKS if _builds_under(name, content, index, answers)]
    yield Finding("wrong clocks under which builds are in order", f"{len(CLOCKS)} of {len(CLOCKS)}",
                  f"{len(right)} ({'; '.join(right)})", len(right) == len(CLOCKS))  # fmt: skip


def _build_at_once(content: Path, index: Path, plant: Plant | None) -> tuple[tuple[int, ...], str]:
    """Let two builds run at the same time; which of them gets the lock is theirs to settle.

    Whoever holds it waits at a gate until the other has ended, or holds it as well.
    """
    gate, opens = os.pipe()
    both = [
        start_build(content, index, plant=lambda: (plant and plant(), _hold_at(gate)))
        for _ in range(2)
    ]
    said = [build.said for build in both]
    while all("locked" not in build.passed for build in both):
        for build in both:
            build.listen(0.01)
    waiting = next(build for build in both if "locked" in build.passed)
    (other,) = (build for build in both if build is not waiting)
    while "locked" not in other.passed and other.listen(None):
        pass
    os.write(opens, b"..")
    codes = tuple(sorted(build.end() for build in both))
    os.close(gate)
    os.close(opens)
    return codes, "".join(path.read_text() for path in said)


def _hold_at(gate: int) -> None:
    """Let this process wait at the gate once it holds the lock."""
    from searchapp import failing

    tell = failing.reach

    def wait(point: str) -> None:
        tell(point)
        if point == "locked":
            os.read(gate, 1)

    failing.reach = wait


def _frees_the_lock(content: Path, index: Path) -> bool:
    """Kill a build that holds the lock; return whether the next one runs."""
    holder = start_build(content, index)
    while "locked" not in holder.passed and holder.listen(None):
        pass
    holder.kill()
    return start_build(content, index, "--full").end() == 0


def _standing_still(now: float) -> Callable[[], float]:
    return lambda: now


def _stepping_back() -> Callable[[], float]:
    true, begun = time.time, time.time()
    return lambda: begun - (true() - begun) * YEAR / 365


# Not before the posts' dates, or they are held back, as those of the future are.
# What a process may be told of the time. The names that order generations must not hear of it.
CLOCKS: dict[str, Callable[[], Callable[[], float]]] = {
    "two years back": lambda: lambda true=time.time: true() - 2 * YEAR,
    "seventy years on": lambda: lambda true=time.time: true() + 70 * YEAR,
    "stepping back all the time": _stepping_back,
    "standing still": lambda: _standing_still(time.time()),
}


def _builds_under(name: str, content: Path, index: Path, answers: tuple[str, ...]) -> bool:
    """Build twice under a wrong clock, with the files' times to match; ask after each."""

    def set_clock() -> None:
        clock = CLOCKS[name]()
        time.time = clock
        time.time_ns = lambda: int(clock() * 1e9)

    last, _, _ = _answer(index)
    for version in (3, 4):
        write_version(content, version)
        when = CLOCKS[name]()()
        os.utime(content / "posts.jsonl", (when, when))
        if start_build(content, index, "--full", plant=set_clock).end() != 0:
            return False
        if _answer(index) != (last + 1, version, answers[version]):
            return False
        last += 1
    return True


def _answer(index: Path) -> tuple[int, int, str]:
    """Return the generation that `index` serves, and what it answers; zeros where none can be."""
    try:
        opened = open_index(index)
    except IndexUnusableError:
        return 0, -1, ""
    return opened.generation, *ask(opened)


PROOF = Proof("pairs", prove_pairs)
