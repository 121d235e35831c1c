"""The works that have a term in a title, term by term, so that a prefix is one slice here too.

fine   |0 7 12|        the postings that have the title's bit, without all the others
tune   |0|
"""

from collections.abc import Iterable, Mapping

import numpy as np

from searchapp.engine.facet_arrays import Array, Bools
from searchapp.fields import TEXT_FIELDS

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
        found: Bools | None = None
        for first, last in runs:
            start, end = self._bounds.item(first), self._bounds.item(last)
            if end > start:
                found = np.zeros(self._works, np.bool_) if found is None else found
                found[self._rows[start:end].astype(np.intp)] = True  # wide numbers are faster
        return found
