"""Matched words and filters to the works that count, and those that have only some words."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import reduce

import numpy as np

from searchapp.engine.facet_arrays import Bools, Ints
from searchapp.engine.matching import Match
from searchapp.engine.words import Clause

FEW_WORDS = 6  # "announcing rust 1.64.0 | rust blog" has five; sentences have more

Rank = Callable[[Ints, Match, int], Ints]


@dataclass(eq=False)
class Selection:
    """Which works a query found: those that count, and more that have only some words.

    `mask` is None where all works count, `rows` are those that do, in row order. `needed`
    has the bits of the words that they have, `dropped` are the others; `partial` is how many
    more works have some of the words.
    """

    match: Match | None
    mask: Bools | None
    rows: Ints
    needed: int = 0
    dropped: tuple[Clause, ...] = ()
    some: Bools | None = None
    partial: int = 0

    @property
    def tail(self) -> Ints:
        """Those works, in row order."""
        if self.some is None or self.mask is None:
            return self.rows[:0]
        return (self.some & ~self.mask).nonzero()[0]


def select(match: Match | None, allowed: Bools | None, rows: int, rank: Rank) -> Selection:
    """Return which of `rows` works count: those that are allowed and have the words.

    Without words (`match` is None) all that are allowed count. `rank` puts rows in order.
    """
    if match is None:
        return Selection(None, allowed, np.arange(rows) if allowed is None else _rows_of(allowed))
    some, count = match.count_some(allowed)
    needed = match.full
    mask, found = match.rows_having(needed, allowed)
    if len(found):
        return Selection(match, mask, found, needed, (), some, count - len(found))
    described = len(match.found) > FEW_WORDS
    needed = words_of_the_best(match, allowed, rank) if described else choose_words(match, some)
    if needed:
        mask, found = match.rows_having(needed, allowed)
    dropped = tuple(w for i, w in enumerate(match.clauses) if needed and not needed >> i & 1)
    return Selection(match, mask, found, needed, dropped, some, count - len(found))


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


def words_of_the_best(match: Match, allowed: Bools | None, rank: Rank) -> int:
    """Return the bits of the words of the best work whose words an allowed work has.

    More than a few words describe what is looked for. Hardly any work has all of them, and
    the one that has most of their "what", "are" and "some" is no answer. Works are gone
    through in their order, whatever the filters, up to one whose words an allowed work has: so a
    further filter that leaves any work leaves the same words.
    """
    rows = _rows_of(reduce(np.logical_or, [found.mask for found in match.found]))
    if not len(rows):
        return 0
    best = rank(rows, match, 1)[0]
    first = sum(1 << i for i, found in enumerate(match.found) if found.mask[best])
    if allowed is None or (match.having(first) & allowed).any():
        return first
    order = rank(rows, match, len(rows))
    bits = np.zeros(len(match.some), np.uint64)
    for i, found in enumerate(match.found):
        bits |= found.mask.astype(np.uint64) << np.uint64(i)
    sets, places = np.unique(bits[order], return_index=True)
    there = np.unique(bits[allowed])
    for kept in sets[np.argsort(places)]:
        if (there & kept == kept).any():
            return int(kept)
    return 0


def _commonness(kept: int, match: Match) -> float:
    """Return how common a set of words is: smaller for rarer words."""
    return sum(math.log1p(found.works) for i, found in enumerate(match.found) if kept >> i & 1)
