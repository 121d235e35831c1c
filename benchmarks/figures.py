"""The figures that are to be reached, each at its size, and what came of them."""

import os
import time
from dataclasses import dataclass


@dataclass(frozen=True)
class Figure:
    """What is measured, with how many posts (None: any number), and the bound as it is told.

    At most `bound`; at least, where it is `least`.
    """

    what: str
    posts: int | None
    target: str
    bound: float
    least: bool = False

    def judge(self, reached: float, told: str) -> "Verdict":
        """Return whether the bound holds."""
        is_met = reached >= self.bound if self.least else reached <= self.bound
        return Verdict(self, told, is_met)


@dataclass(frozen=True)
class Verdict:
    """What a figure came to."""

    figure: Figure
    reached: str
    is_met: bool

    def __str__(self) -> str:
        met = "met   " if self.is_met else "MISSED"
        return f"{met} {self.figure.what}: {self.reached} ({self.figure.target})"


@dataclass(frozen=True)
class Check:
    """Answers that were compared with others', and how many of them differ: none should."""

    what: str
    posts: int
    whose: str
    compared: int
    wrong: int


def describe_run() -> str:
    """Return the day, and the machine as it is before a run."""
    load = f"load {os.getloadavg()[0]:.1f}"
    return f"{time.strftime('%Y-%m-%d')}, {os.cpu_count()} cores, {load}"
