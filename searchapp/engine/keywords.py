"""The words that tell a work from the others: its 20 terms of greatest TF-IDF.

They give the pieces that are related to one, and for a long question they show what the
best answers are about.
"""

from collections.abc import Iterator, Mapping

import numpy as np
import numpy.typing as npt

from searchapp.engine.bm25 import Floats, rarity
from searchapp.engine.facet_arrays import Array, Bools, Ints
from searchapp.engine.postings import UInts

KEPT = 20
RELATED = 6  # pieces shown beside one
LEAST = 0.08  # cosine; less is chance

MANY = 400_000  # postings that are looked at together
GUESSED = 0.98  # of an older weight: that of a term changes by less with a few works

Numbers = npt.NDArray[np.uint32]
Weights = npt.NDArray[np.float32]


def lay_out_keywords(arrays: Mapping[str, Array], guess: Weights | None = None) -> dict[str, Array]:
    """Return each work's keywords (`keywords.terms`, N x 20) and `keywords.weights`.

    A weight is a part of the work's unit vector of TF-IDF, 0 where there are fewer words. A
    term that one work has alone relates it to none, and is none. `guess` may say how great
    the least of each work's may be; a bad guess costs time alone.

    Works are looked at some thousand at a time: all postings at once were what a build held most
    memory for.
    """
    rows_of: UInts = np.asarray(arrays["postings.rows"])
    rows, bounds = len(arrays["works.ids"]), np.asarray(arrays["postings.bounds"], np.int64)
    counts = np.diff(bounds)
    rare = rarities(counts, rows)
    scores = np.asarray(arrays["postings.scores"], np.float32)
    weights = scores * np.repeat(rare, counts)
    small = weights.astype(np.float32)
    norms = np.sqrt(np.bincount(rows_of, np.square(weights, out=weights), rows))
    del weights
    likely = np.repeat(counts > 1, counts)
    if guess is not None:
        likely = _choose_likely(rows_of, small, likely, guess)
    terms, parts = np.zeros((rows, KEPT), np.uint32), np.zeros((rows, KEPT), np.float32)
    numbers = np.repeat(np.arange(len(counts), dtype=np.uint32), counts)
    for some in _portions(rows_of, likely, rows):
        best, places = _find_best(rows_of[some].astype(np.intp), small[some], rows)
        kept = some[best]
        at = rows_of[kept], places
        terms[at] = found = numbers[kept]
        parts[at] = scores[kept] * rare[found] / norms[at[0]]
    return {
        "keywords.terms": terms,
        "keywords.weights": parts,
        "keywords.norms": norms.astype(np.float32),
    }


def _portions(rows_of: UInts, likely: Bools, rows: int) -> Iterator[Ints]:
    """Yield the places that are likely, those of some works at a time."""
    many = -(-int(np.count_nonzero(likely)) // MANY)
    if many < 2:
        yield likely.nonzero()[0]
        return
    for part in range(many):
        first, last = part * rows // many, (part + 1) * rows // many
        yield (likely & (rows_of >= first) & (rows_of < last)).nonzero()[0]


def guess_weights(earlier: Mapping[str, Array]) -> Weights:
    """Return a little less than the least weight among each work's keywords in older arrays."""
    least = np.asarray(earlier["keywords.weights"], np.float32)[:, -1]
    return least * np.asarray(earlier["keywords.norms"], np.float32) * np.float32(GUESSED)


def _choose_likely(rows_of: Array, weights: Weights, shared: Bools, guess: Weights) -> Bools:
    """Tell those of the `shared` places that may be keywords, all of them among these.

    Where a work has enough that weigh at least as much as was guessed, the best are of these.
    """
    likely: Bools = shared & (weights >= guess[rows_of])
    few = np.bincount(rows_of[likely], minlength=len(guess)) < KEPT
    if not guess[few].any():
        return likely
    enough: Bools = shared & (weights >= np.where(few, np.float32(0), guess)[rows_of])
    return enough


def _find_best(rows_of: Ints, weights: npt.NDArray[np.float32], rows: int) -> tuple[Ints, Ints]:
    """Return where the greatest weights of each row stand, and which place in it each has.

    Of equal ones the first counts. To sort numbers takes a tenth of what it takes to tell their
    order, so first what is less than the last that counts is left out.
    """
    keys = rows_of.astype(np.uint64) << np.uint64(32) | ~weights.view(np.uint32)
    ordered = np.sort(keys)
    starts = np.searchsorted(ordered, np.arange(rows + 1, dtype=np.uint64) << np.uint64(32))
    last = np.minimum(starts[:-1] + KEPT, starts[1:]) - 1
    few = (keys <= ordered[last][rows_of]).nonzero()[0] if len(keys) else rows_of
    order = few[_order(keys[few])]
    starts = np.searchsorted(keys[order], np.arange(rows + 1, dtype=np.uint64) << np.uint64(32))
    places = np.arange(len(order)) - np.repeat(starts[:-1], np.diff(starts))
    return order[places < KEPT], places[places < KEPT]


def _order(keys: npt.NDArray[np.uint64]) -> npt.NDArray[np.uint64]:
    """Return the order of keys, of equal ones the first before.

    Where the processor sorts many numbers at once, to sort twice takes a third of what it takes
    to keep that order while sorting.
    """
    order = np.argsort(keys)
    ordered = keys[order]
    equal = np.concatenate(([0], np.cumsum(ordered[1:] != ordered[:-1]))).astype(np.uint64)
    both = np.sort(equal[: len(keys)] << np.uint64(32) | order.astype(np.uint64))
    return both & np.uint64(0xFFFFFFFF)


def rarities(counts: npt.NDArray[np.int64], rows: int) -> Floats:
    """Return the inverse document frequency of each term."""
    different, which = np.unique(counts, return_inverse=True)
    known = np.array([rarity(n, rows) for n in different.tolist()], np.float64)
    return known.take(which)


class Keywords:
    """The keywords of one generation's works."""

    def __init__(self, arrays: Mapping[str, Array]) -> None:
        self._terms = np.asarray(arrays["keywords.terms"])
        self._weights = np.asarray(arrays["keywords.weights"], np.float32)
        self._norms = np.asarray(arrays["keywords.norms"], np.float32)
        self._bounds = np.asarray(arrays["postings.bounds"])
        self._rows = np.asarray(arrays["postings.rows"])
        self._scores = np.asarray(arrays["postings.scores"], np.float32)

    def of(self, rows: Ints, worth: Floats, most: int) -> tuple[Ints, Floats]:
        """Return the terms that tell `rows` from the others, each row by its worth.

        They are at most `most`, with weights of which the greatest is 1.
        """
        terms = self._terms[rows].ravel()
        weights = (self._weights[rows] * worth[:, None]).ravel()
        found, place = np.unique(terms, return_inverse=True)
        together = np.bincount(place, weights)
        best = np.lexsort((found, -together))[:most]
        best = best[together[best] > 0]
        top = np.asarray(together[best], np.float64)
        return found[best].astype(np.intp), top / max(top.max(initial=0.0), 1e-9)

    def add_up(self, terms: Ints, weights: Floats) -> Floats:
        """Return for each work the sum of its shares of `terms`, times their weights."""
        size = len(self._norms)
        together = np.zeros(size)
        for term, weight in zip(terms.tolist(), weights.tolist(), strict=True):
            start, end = self._bounds[term : term + 2].tolist()
            share = weight * rarity(end - start, size)
            together[self._rows[start:end]] += self._scores[start:end] * share
        return together

    def related(self, row: int, without: Ints) -> Ints:
        """Return the rows most like one, the likest first, by the cosine of TF-IDF.

        Rows that are shown beside it anyway are left out.
        """
        weights = self._weights[row].astype(np.float64)
        likeness = self.add_up(self._terms[row], weights) / np.maximum(self._norms, 1e-9)
        likeness[row] = likeness[without] = 0
        order = np.lexsort((np.arange(len(likeness)), -likeness))[:RELATED]
        return order[likeness[order] >= LEAST]
