"""Matched words and filters to the works that count, and those that have only some words."""

import math
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from searchapp.engine.facet_arrays import Bools, Ints
from searchapp.engine.matching import Match
from searchapp.engine.words import Word


@dataclass(frozen=True)
class Selection:
    """Which works a query found: those that count, and more that have only some words.

    `mask` is None where all works count, `rows` are those that do, in row order. `needed`
    has the bits of the words that they have, `dropped` are the others.
    """

    match: Match | None
    mask: Bools | None
    rows: Ints
    needed: int = 0
    dropped: tuple[Word, ...] = ()
    some: Bools | None = None

    @cached_property
    def partial(self) -> int:
        """How many more works have some of the words."""
        return 0 if self.some is None else int(np.count_nonzero(self.some)) - len(self.rows)

    @cached_property
    def tail(self) -> Ints:
        """Those works, in row order."""
        if self.some is None or self.mask is None:
            return self.rows[:0]
        return (self.some & ~self.mask).nonzero()[0]


def select(match: Match | None, allowed: Bools | None, rows: int) -> Selection:
    """Return which of `rows` works count: those that are allowed and have the words.

    Without words (`match` is None) all that are allowed count.
    """
    if match is None:
        return Selection(None, allowed, np.arange(rows) if allowed is None else _rows_of(allowed))
    some = _both(match.some, allowed)
    needed, mask = match.full, _both(match.having(match.full), allowed)
    found = _rows_of(mask)
    if not len(found):
        needed = choose_words(match, some)
        mask = _both(match.having(needed), allowed) if needed else mask
        found = _rows_of(mask)
    dropped = tuple(w for i, w in enumerate(match.words) if needed and not needed >> i & 1)
    return Selection(match, mask, found, needed, dropped, some)


def _both(mask: Bools, allowed: Bools | None) -> Bools:
    return mask if allowed is None else mask & allowed


def _rows_of(mask: Bools) -> Ints:
    return mask.nonzero()[0]


def choose_words(match: Match, some: Bools) -> int:
    """Return the bits of the most words that any of the works in `some` has; 0: none has any.

    When no allowed work has all words, the smallest number of words is dropped; among
    equals the rarest words stay. What is rare does not depend on filters: so a further
    filter that leaves any work leaves the same words, and the counts hold. Filters are
    never dropped.
    """
    bits = match.bits[some]
    if not len(bits):
        return 0
    counts = np.bitwise_count(bits)
    sets: list[int] = np.unique(bits[counts == counts.max()]).tolist()
    return min(sets, key=lambda kept: (_commonness(kept, match), kept))


def _commonness(kept: int, match: Match) -> float:
    """Return how common a set of words is: smaller for rarer words."""
    return sum(math.log1p(found.works) for i, found in enumerate(match.found) if kept >> i & 1)
