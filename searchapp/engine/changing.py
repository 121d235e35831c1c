"""Older postings and changed works to new postings: what did not change is not looked at.

old rows   0  1  2  3       works that stay keep their order among each other, so their
           |     |  |       postings stay sorted; those of works that went are left out,
new rows   0  1  2  3       those of works that came are put between them
              +

The outcome is that of analysing all works anew, to the byte.
"""

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from itertools import chain, pairwise
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt

from searchapp.documents import Work
from searchapp.engine.collecting import collect_fields
from searchapp.engine.postings import (
    FieldPostings,
    Heading,
    Postings,
    UInts,
    frequencies,
    headings_of,
    smallest,
)

GONE = -1
SINGLE = 12  # rows; a look at all postings for one takes a twentieth of looking each up
FEW = 2_000  # postings; to place one by itself takes some microseconds

Number = TypeVar("Number", bound=np.generic)
Ints = npt.NDArray[np.int64]
Places = npt.NDArray[np.intp]


def change_postings(
    old: Mapping[str, FieldPostings],
    new_rows: Ints,
    works: Sequence[Work],
    headings: Sequence[Heading] | None = None,
) -> Postings:
    """Return the postings of `works`, in row order, most of which `old` holds already.

    `new_rows` has, for each row of `old`, the row of the same unchanged work, else GONE. Where
    the `headings` of all are known, only works that are not in `old` are looked at.
    """
    fresh = np.ones(len(works), bool)
    fresh[new_rows[new_rows != GONE]] = False
    came = collect_fields((row, works[row]) for row in np.flatnonzero(fresh).tolist())
    tables = {name: _merge(table, came[name], new_rows) for name, table in old.items()}
    return Postings(headings_of(works) if headings is None else headings, tables)


def select_rows(old: Mapping[str, FieldPostings], new_rows: Ints) -> dict[str, FieldPostings]:
    """Return the postings of some rows, by the new rows that these have (GONE: left out)."""
    return {name: _choose(table, new_rows) for name, table in old.items()}


def _choose(table: FieldPostings, new_rows: Ints) -> FieldPostings:
    """Return the postings of some rows, which are few, with the terms that these have."""
    at = find_rows(table.row, new_rows != GONE)
    used, term = np.unique(table.term[at], return_inverse=True)
    row = smallest(new_rows[table.row[at]].astype(np.uint32))
    frequency = table.frequency[: len(at)] if _are_ones(table.frequency) else table.frequency[at]
    terms = [table.terms[n] for n in used.tolist()]
    return FieldPostings(terms, term.astype(np.uint32), row, frequencies(frequency))


def _keep(table: FieldPostings, new_rows: Ints) -> FieldPostings:
    """Return what stays of a table, with its new rows and without terms that nothing has."""
    terms, term, row, frequency = table.terms, table.term, table.row, table.frequency
    gone = find_rows(row, new_rows == GONE)
    if len(gone):
        touched = np.unique(term[gone])
        row, term = take_out(row, gone), take_out(term, gone)
        frequency = frequency[: len(row)] if _are_ones(frequency) else take_out(frequency, gone)
        places = np.searchsorted(term, touched)
        empty = places == np.searchsorted(term, touched, side="right")
        if empty.any():
            terms = without(terms, touched[empty].tolist())
            term = term - _count_before(places[empty], len(term))
    if (new_rows != np.arange(len(new_rows)))[new_rows != GONE].any():
        row = np.maximum(new_rows, 0).astype(np.uint32)[row]
    return FieldPostings(terms, term, smallest(row), frequencies(frequency))


def find_rows(row: UInts, wanted: npt.NDArray[np.bool_]) -> Places:
    """Return where postings of wanted rows stand; of few, each is looked for by itself."""
    numbers = wanted.nonzero()[0].tolist()
    if len(numbers) > SINGLE:
        return wanted[row].nonzero()[0]
    found = [(row == number).nonzero()[0] for number in numbers]
    return np.sort(np.concatenate([np.empty(0, np.intp), *found]))


def without(texts: Sequence[str], numbers: Sequence[int]) -> list[str]:
    """Return texts without some, whose sorted numbers these are."""
    ends = [*numbers, len(texts)]
    starts = [0, *(number + 1 for number in numbers)]
    return [*chain.from_iterable(texts[a:b] for a, b in zip(starts, ends, strict=True))]


def put_between(texts: Sequence[str], places: Sequence[int], came: Sequence[str]) -> list[str]:
    """Return texts with others, each put before the place that it has among `places`, sorted."""
    bounds = [*places, len(texts)]
    parts = ([text, *texts[a:b]] for text, (a, b) in zip(came, pairwise(bounds), strict=True))
    return [*texts[: bounds[0]], *chain.from_iterable(parts)]


def _count_before(places: Places, size: int) -> UInts:
    """Return for each of so many postings how many of the sorted `places` are not behind it."""
    many = np.diff(np.concatenate(([0], places, [size])))
    return np.repeat(np.arange(len(places) + 1, dtype=np.uint32), many)


def _merge(old: FieldPostings, came: FieldPostings, new_rows: Ints) -> FieldPostings:
    """Return what stays of `old` with what `came`, which is little beside it."""
    kept = _keep(old, new_rows)
    if not came.terms:
        return kept
    places = [bisect_left(kept.terms, text) for text in came.terms]
    known = [at < len(kept.terms) and kept.terms[at] == text
             for at, text in zip(places, came.terms, strict=True)]  # fmt: skip
    terms, term, came_place = kept.terms, kept.term, np.array(places, np.uint32)
    if not all(known):
        new = np.flatnonzero(~np.array(known))
        before = came_place[new]
        terms = put_between(kept.terms, before.tolist(), [came.terms[n] for n in new.tolist()])
        term = kept.term + _count_before(np.searchsorted(kept.term, before), len(kept.term))
        came_place = came_place + np.searchsorted(new, np.arange(len(places))).astype(np.uint32)
    came_term = came_place[came.term]
    at = _find_places(term, kept.row, came_term, came.row)
    return FieldPostings(
        terms,
        put_in(term, at, came_term),
        smallest(_put_in_larger(kept.row, at, came.row)),
        _insert_frequencies(kept.frequency, at, came.frequency),
    )


def _insert_frequencies(kept: UInts, at: Places, came: UInts) -> UInts:
    if _are_ones(kept) and _are_ones(came):
        return frequencies(np.broadcast_to(np.ones(1, np.uint8), len(kept) + len(came)))
    return frequencies(_put_in_larger(kept, at, came))


def _put_in_larger(kept: UInts, at: Places, came: UInts) -> UInts:
    """Put numbers between others, in a type that holds all of them."""
    return put_in(kept.astype(np.promote_types(kept.dtype, came.dtype), copy=False), at, came)


def take_out(values: npt.NDArray[Number], places: Places) -> npt.NDArray[Number]:
    """Return what `np.delete` does, for few, sorted places: what is between them is copied."""
    if len(places) > FEW:
        return np.delete(values, places)
    ends = [*places.tolist(), len(values)]
    starts = [0, *(place + 1 for place in ends)]
    return np.concatenate([values[a:b] for a, b in zip(starts, ends, strict=False)])


def put_in(
    values: npt.NDArray[Number], places: Places, came: npt.NDArray[Any]
) -> npt.NDArray[Number]:
    """Return what `np.insert` does, for few, sorted places: what is between them is copied."""
    if len(places) > FEW:
        return np.insert(values, places, came)
    fresh, bounds = came.astype(values.dtype), [0, *places.tolist(), len(values)]
    parts = [values[: bounds[1]]]
    for number in range(len(fresh)):
        parts += (fresh[number : number + 1], values[bounds[number + 1] : bounds[number + 2]])
    return np.concatenate(parts)


def _are_ones(frequency: UInts) -> bool:
    return frequency.strides == (0,)


def _find_places(term: UInts, row: UInts, came_term: UInts, came_row: UInts) -> Places:
    """Return before which postings others stand, all of them sorted by term and row."""
    if len(came_term) > FEW:
        return np.searchsorted(_keys(term, row), _keys(came_term, came_row))
    # One number is made of each posting only where that pays.
    firsts = np.searchsorted(term, came_term)
    ends = np.searchsorted(term, came_term, side="right")
    several = zip(firsts.tolist(), ends.tolist(), came_row.tolist(), strict=True)
    found = [first + int(np.searchsorted(row[first:end], at)) for first, end, at in several]
    return np.array(found, np.intp)


def _keys(term: UInts, row: UInts) -> npt.NDArray[np.uint64]:
    return term.astype(np.uint64) << np.uint64(32) | row
