"""Matched words and filters to the works that count, and those that have only some words."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from searchapp.engine.matching import Bools, Ints, Match
from searchapp.engine.words import Word


@dataclass(frozen=True)
class Selection:
    """Which works a query found: those that count, in row order, and the tail."""

    match: Match | None
    rows: Ints
    tail: Ints
    dropped: tuple[Word, ...]


def choose_words(match: Match, allowed: Bools | None) -> int:
    """Return the bits of the words that must match: all, or the most that some work has.

    When no allowed work has all words, the smallest number of words is dropped; among
    equals the rarest words stay. What is rare does not depend on filters: so a further
    filter that leaves any work leaves the same words, and the counts hold. Filters are
    never dropped. 0: no word is found.
    """
    bits = match.bits if allowed is None else np.where(allowed, match.bits, np.uint16(0))
    if not len(bits):
        return 0
    if np.any(bits == match.full):
        return match.full
    counts = np.bitwise_count(bits)
    best = counts.max()
    if not best:
        return 0
    sets: list[int] = np.unique(bits[counts == best]).tolist()
    return min(sets, key=lambda kept: (_commonness(kept, match.works), kept))


def _commonness(kept: int, works: Sequence[int]) -> float:
    """Return how common a set of words is: smaller for rarer words."""
    return sum(float(np.log1p(n)) for i, n in enumerate(works) if kept >> i & 1)


def select(match: Match | None, allowed: Bools | None, rows: int) -> Selection:
    """Return which of `rows` works count: those that are allowed and have the words.

    Without words (`match` is None) all that are allowed count.
    """
    if match is None:
        every = np.arange(rows) if allowed is None else np.flatnonzero(allowed)
        return Selection(None, every, every[:0], ())
    needed = choose_words(match, allowed)
    bits = match.bits if allowed is None else np.where(allowed, match.bits, np.uint16(0))
    has_all = (bits & needed == needed) & (needed > 0)
    dropped = tuple(w for i, w in enumerate(match.words) if needed and not needed >> i & 1)
    return Selection(match, np.flatnonzero(has_all), np.flatnonzero((bits > 0) & ~has_all), dropped)
