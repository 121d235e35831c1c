"""The terms of each work's titles, by work: what a title has is asked of a few works at a time.

row 0   |fine tune|      the same as the title's bit of the postings, turned round
row 1   |grpo|
"""

from collections.abc import Iterable, Mapping

import numpy as np

from searchapp.engine.facet_arrays import Array, Bools, Ints
from searchapp.fields import TEXT_FIELDS

TITLE_BIT = np.uint8(1 << [field.name for field in TEXT_FIELDS].index("title"))

Run = tuple[int, int]  # numbers of terms: the first, and the one after the last


def lay_out_titles(arrays: Mapping[str, Array]) -> dict[str, Array]:
    """Return `titles.terms`, the terms of titles in row order, and `titles.bounds` (N+1)."""
    fields = np.asarray(arrays["postings.fields"], np.uint8)
    places = (fields & TITLE_BIT).nonzero()[0]
    row_of = np.asarray(arrays["postings.rows"])[places].astype(np.intp)
    bounds = np.asarray(arrays["postings.bounds"], np.intp)
    terms = np.searchsorted(bounds, places, side="right") - 1
    counts = np.bincount(row_of, minlength=len(arrays["works.ids"]))
    return {
        "titles.terms": terms[np.argsort(row_of, kind="stable")].astype(np.uint32),
        "titles.bounds": np.concatenate(([0], np.cumsum(counts))).astype(np.uint32),
    }


class TitleTerms:
    """The terms of the titles of some works."""

    def __init__(self, arrays: Mapping[str, Array], rows: Ints) -> None:
        bounds = np.asarray(arrays["titles.bounds"])
        starts = bounds.take(rows).astype(np.intp)
        lengths = bounds.take(rows + 1).astype(np.intp) - starts
        ends = lengths.cumsum()
        self._many = len(rows)
        self._owners = np.repeat(np.arange(len(rows)), lengths)
        places = np.repeat(starts + lengths - ends, lengths)
        places += np.arange(len(places))
        self._terms = np.asarray(arrays["titles.terms"], np.uint32).take(places)

    def having(self, runs: Iterable[Run]) -> Bools:
        """Return which of the works have any of the terms of `runs` in a title."""
        found = np.zeros(self._many, np.bool_)
        for first, last in runs:
            terms = self._terms
            inside = terms == first if last - first == 1 else (terms >= first) & (terms < last)
            found[self._owners[inside]] = True
        return found
