"""Postings: what both Whoosh and the arrays are made from, one table a field.

work 0 "The cat"      title:  cat -> (0, 1)          sorted by term and row;
work 1 "Cats, a cat"          cat -> (0, 1), (1, 2)  a posting is (term, row, frequency)

`collecting` makes them of works, `changing` of older ones and the works that changed since.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from searchapp.documents import Work
from searchapp.fields import FACETS, TEXT_FIELDS
from searchapp.slugs import fold

WORD = "word"  # the field that holds each work's words as they stand, not stemmed
STEMMED = "stemmed"  # the field that holds the languages by which its words were stemmed
NAMES = (*(f.name for f in TEXT_FIELDS), WORD, STEMMED, *(f.name for f in FACETS))

UInts = npt.NDArray[np.unsignedinteger]


@dataclass(frozen=True)
class FieldPostings:
    """The postings of one field, sorted by term and then row.

    `terms` are sorted by code point; `term`, `row` and `frequency` have one entry a
    posting: an index into `terms`, a work's row, and how often the term stands there.
    Each is of the smallest type that holds it; where nothing stands more than once,
    `frequency` is one 1, seen as many times.
    """

    terms: list[str]
    term: UInts
    row: UInts
    frequency: UInts


class Heading(NamedTuple):
    """What orders works and names them, and how many places each has."""

    id: str
    title: str
    date: date | None
    places: int


@dataclass(frozen=True)
class Postings:
    """Everything that is indexed: the works in row order, and a table per field."""

    headings: Sequence[Heading]
    fields: dict[str, FieldPostings]

    @property
    def languages(self) -> list[str]:
        """The languages of all documents, copies and translations too, sorted."""
        return self.fields[STEMMED].terms


def sort_postings(names: Sequence[str], term: UInts, row: UInts, frequency: UInts) -> FieldPostings:
    """Return postings whose `term` numbers `names` in any order, sorted as promised."""
    order = sorted(range(len(names)), key=names.__getitem__)
    rank = np.empty(len(names), np.uint32)
    rank[order] = np.arange(len(names), dtype=np.uint32)
    return sort_by_rank([names[n] for n in order], rank, term, row, frequency)


def sort_by_rank(
    texts: Sequence[str], rank: UInts, term: UInts, row: UInts, frequency: UInts
) -> FieldPostings:
    """Return postings whose `term` gives by `rank` its place among the sorted `texts`.

    Texts that no posting names are no terms of this field.
    """
    place = rank[term] if len(term) else np.empty(0, np.uint32)
    used = np.bincount(place, minlength=len(texts)) > 0
    place = (np.cumsum(used, dtype=np.uint32) - np.uint32(1))[place] if len(place) else place
    # Most postings come in the order of rows: then one key decides, at half the cost.
    in_order = bool((row[1:] >= row[:-1]).all())
    order = np.argsort(place, kind="stable") if in_order else np.lexsort((row, place))
    return FieldPostings(
        [texts[n] for n in np.flatnonzero(used).tolist()],
        place[order],
        smallest(row)[order],
        frequencies(frequency, order),
    )


def frequencies(frequency: UInts, order: npt.NDArray[np.intp] | slice = slice(None)) -> UInts:
    """Return frequencies in a new order and small; those that are all 1 take no room."""
    if len(frequency) and frequency.strides != (0,) and int(frequency.max()) > 1:
        return smallest(frequency)[order]
    return np.broadcast_to(np.ones(1, np.uint8), len(frequency))


def smallest(values: UInts) -> UInts:
    """Return numbers in the smallest type that holds them."""
    most = int(values.max()) if len(values) else 0
    wanted = np.uint8 if most < 1 << 8 else np.uint16 if most < 1 << 16 else np.uint32
    return values.astype(wanted, copy=False)


def in_row_order(works: Iterable[Work]) -> list[Work]:
    """Return works as rows: the newest first, then undated ones, each by title and id.

    So a row number breaks ties in favour of the newer piece, and "newest" is the order
    in which works stand.
    """
    return sorted(works, key=lambda w: row_key(w.date, w.title, w.id))


def row_key(day: date | None, title: str, work_id: str) -> tuple[int, str, str]:
    """Return what orders rows."""
    return (-day.toordinal() if day else 1, fold(title), work_id)


def headings_of(works: Iterable[Work]) -> tuple[Heading, ...]:
    """Return the headings of works."""
    return tuple(Heading(work.id, work.title, work.date, len(work.places)) for work in works)
