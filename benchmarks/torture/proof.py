"""What a proof is, and what it finds."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Finding:
    """One figure that a proof came to, beside the figure asked for."""

    what: str
    asked: str
    reached: str
    is_met: bool


@dataclass(frozen=True)
class Proof:
    """A named proof.

    `run` is given the share of the full number of trials that is to be made (1 is all) and
    an empty folder to work in; it yields its findings as it comes to them.
    """

    name: str
    run: Callable[[float, Path], Iterable[Finding]]


def trials(full: int, scale: float, least: int = 1) -> int:
    """Return how many of the `full` number of trials a run of this scale makes."""
    return max(least, round(full * scale))


def count_faults(what: str, faults: Sequence[str]) -> Finding:
    """Return the finding that nothing of a kind was wrong, with the first faults if some was."""
    return Finding(what, "0", f"{len(faults)} {list(faults[:3]) or ''}".strip(), not faults)
