"""The works that have a term in a title, term by term, so that a prefix is one slice here too.

fine   |0 7 12|        the postings that have the title's bit, without all the others
tune   |0|
"""

from collections.abc import Iterable, Mapping

import numpy as np

from searchapp.engine.facet_arrays import Array, Bools
from searchapp.fields import TEXT_FIELDS
from searchapp.kernels import mark
from searchapp.kernels.types import Spans, Titled

TITLE_BIT = np.uint8(1 << [field.name for field in TEXT_FIELDS].index("title"))

Run = tuple[int, int]  # numbers of terms: the first, and the one after the last


def lay_out_titles(arrays: Mapping[str, Array]) -> dict[str, Array]:
    """Return `titles.rows`, the works by term, and `titles.bounds` of each term (T+1)."""
    places = (np.asarray(arrays["postings.fields"], np.uint8) & TITLE_BIT).nonzero()[0]
    bounds = np.searchsorted(places, np.asarray(arrays["postings.bounds"], np.intp))
    return {
        "titles.rows": np.asarray(arrays["postings.rows"])[places],
        "titles.bounds": bounds.astype(np.uint32),
    }


class Titles:
    """Tells which works of one generation have terms in their titles."""

    def __init__(self, arrays: Mapping[str, Array]) -> None:
        self._bounds = np.asarray(arrays["titles.bounds"])
        self._rows = np.asarray(arrays["titles.rows"])
        self._works = len(arrays["works.ids"])

    def having(self, runs: Iterable[Run]) -> Bools | None:
        """Return which works have any of the terms of `runs` in a title; None for none."""
        spans = self._spans(runs)
        return mark(self._rows, spans, self._works) if spans else None

    def postings(self, words: Iterable[tuple[Iterable[Run], float]]) -> tuple[Array, list[Titled]]:
        """Return all works by term, and where those of words are that are in titles.

        Each word is given with a number, which stays with it.
        """
        found = [(spans, share) for runs, share in words if (spans := self._spans(runs))]
        return self._rows, found

    def _spans(self, runs: Iterable[Run]) -> Spans:
        bound = self._bounds.item
        spans = [(bound(first), bound(last)) for first, last in runs]
        return [(start, end) for start, end in spans if end > start]
