"""Proof "killing": builds die at every step, and nobody who reads is the wiser.

    content, next version --> build, killed within a step --> build, left alone --> compared

Kills at random times mostly hit the reading. So each trial chooses the step that was hit least,
and kills within it: a build tells the points that it passes, and what it told last is where it
died. Steps are named by the point that begins them.
"""

import random
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from benchmarks.torture.actors import (
    VERSIONS,
    Plant,
    ask,
    expected_answers,
    find_leftovers,
    start_build,
    start_reader,
    write_version,
)
from benchmarks.torture.proof import Finding, Proof, count_faults, trials
from searchapp import SearchappError, open_index
from searchapp.failing import DIED, POINTS

KILLS = 500
A_STEP = 10
A_POINT = 20
READERS = 2
STEPS = ("begun", *POINTS)


def prove_killing(scale: float, folder: Path, plant: Plant | None = None) -> Iterator[Finding]:
    """Kill builds under live readers, from outside and at the named points."""
    killing = _Killing(folder, plant)
    readers = [start_reader(killing.index, killing.answers) for _ in range(READERS)]
    try:
        kills = _kill_in_steps(killing, trials(KILLS, scale))
        deaths = trials(A_POINT * len(POINTS), scale)
        points = _die_at_points(killing, deaths)
    finally:
        seen = [reader.end() for reader in readers]
    number, least = trials(KILLS, scale), min(kills[step] for step in STEPS)
    told = ", ".join(f"{step} {kills[step]}" for step in STEPS)
    yield Finding("builds killed by kill -9", str(number), f"{kills.total()} ({told})",
                  kills.total() == number)  # fmt: skip
    asked = int(A_STEP * scale)
    yield Finding("kills in the step least hit", f">= {asked}", str(least), least >= asked)
    yield Finding("builds that died at named points", str(deaths),
                  f"{points.total()}, at {len(points)} points",
                  points.total() == deaths)  # fmt: skip
    yield count_faults("builds after them that failed or answered wrongly", killing.failed)
    yield count_faults("things left over", killing.left)
    faults = [fault for told in seen for fault in told["faults"]]  # type: ignore[attr-defined]
    answers = sum(int(str(told["answers"])) for told in seen)
    yield count_faults(f"failed or wrong answers of {answers:,}", faults)
    yield Finding("answers of each reader", "> 0", str([told["answers"] for told in seen]),
                  all(told["answers"] for told in seen))  # fmt: skip


class _Killing:
    """An index, and what has gone wrong with it."""

    def __init__(self, folder: Path, plant: Plant | None) -> None:
        self.answers = expected_answers(folder)
        self.content, self.index = folder / "content", folder / "index"
        self.plant = plant
        self.number = 0
        self.failed: list[str] = []
        self.left: list[str] = []
        write_version(self.content, 0)
        start_build(self.content, self.index).end()

    def change(self) -> None:
        """Give the blog its next version."""
        self.number += 1
        write_version(self.content, self.number % VERSIONS)

    def build_well(self, after: str) -> None:
        """Build, undisturbed; all must be well then."""
        rebuilt = start_build(self.content, self.index)
        if rebuilt.end() != 0:
            self.failed.append(f"after {after}: {rebuilt.code} {rebuilt.errors[-1:]}")
        try:
            version, digest = ask(open_index(self.index))
            if version != self.number % VERSIONS or digest != self.answers[version]:
                self.failed.append(f"after {after}: answers as version {version}")
        except SearchappError as error:
            self.failed.append(f"after {after}: {error}")
        self.left += [f"after {after}: {name}" for name in find_leftovers(self.index)]


def _kill_in_steps(killing: _Killing, number: int) -> Counter[str]:
    """Kill so many builds, the steps in turn; return how many died in each."""
    kills: Counter[str] = Counter()
    chance = random.Random(8)  # seeded
    for attempt in range(number * 3):
        if kills.total() >= number:
            break
        least = min(STEPS, key=lambda step: (kills[step], STEPS.index(step)))
        step = least if attempt % 3 else chance.choice(STEPS)
        killing.change()
        dying = start_build(killing.content, killing.index, plant=killing.plant)
        while dying.passed[-1] != step and dying.listen(None):
            pass
        dying.listen(chance.choice((0.0, 0.0, 0.001, 0.004, 0.02)))
        dying.kill()
        if dying.code == -9:
            kills[dying.passed[-1]] += 1
        killing.build_well(f"kill in {dying.passed[-1]}")
    return kills


def _die_at_points(killing: _Killing, number: int) -> Counter[str]:
    """Let so many builds die, at points from all over; return how many died at each."""
    deaths: Counter[str] = Counter()
    for trial in range(number):
        point = POINTS[trial * max(1, len(POINTS) // number) % len(POINTS)]
        killing.change()
        dying = start_build(killing.content, killing.index, point=point, plant=killing.plant)
        if dying.end() == DIED:
            deaths[point] += 1
        killing.build_well(point)
    return deaths


PROOF = Proof("killing", prove_killing)
