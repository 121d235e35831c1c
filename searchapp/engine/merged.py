"""The postings of all text fields as one: which works have a term, and in which fields each.

body     cat/0   cat/3   dog/3            that of most postings; what others have is
title            cat/3           elk/0    added to it, or put between
merged   cat/0b  cat/3bt dog/3b  elk/0t

Where works kept their rows, those of an older generation are taken, but for the works that changed.
How much each counts is added up field by field, always in the order of the registry: so sums are
the same to the bit, however the postings were merged.
"""

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

import numpy as np
import numpy.typing as npt

from searchapp.engine.changing import find_rows, put_in, take_out
from searchapp.engine.facet_arrays import smallest
from searchapp.engine.postings import FieldPostings, UInts
from searchapp.fields import TEXT_FIELDS

Array = npt.NDArray[np.generic]
Bools = npt.NDArray[np.bool_]
Bits = npt.NDArray[np.uint8]
Ints = npt.NDArray[np.int64]
Keys = npt.NDArray[np.uint64]
Amounts = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Merged:
    """Sorted terms; the rows that have each, up to its place in `bounds`; and bits by field."""

    terms: list[str]
    bounds: Ints
    rows: UInts
    fields: Bits

    def add_up(self, tables: Sequence[FieldPostings], works: int) -> Amounts:
        """Return how much each posting counts, by the lengths of the fields it is in (BM25F)."""
        total = np.zeros(len(self.rows))
        for number, (field, table) in enumerate(zip(TEXT_FIELDS, tables, strict=True)):
            if len(table.row):
                at = (self.fields & np.uint8(1 << number)).astype(np.bool_).nonzero()[0]
                total[at] += _normalised(table, works, field.weight, field.b)
        return total


def _normalised(table: FieldPostings, works: int, weight: float, b: float) -> Amounts:
    """Return each posting's weighted frequency, by the length of its field."""
    lengths = np.bincount(table.row, table.frequency, works)
    average = lengths.sum() / max(1, np.count_nonzero(lengths))
    norm = 1 - b + b * np.maximum(lengths, 1) / max(average, 1)
    norms: Amounts = norm[table.row]
    are_ones = table.frequency.strides == (0,)
    return np.divide(weight * (1 if are_ones else table.frequency), norms, out=norms)


def merge(tables: Sequence[FieldPostings], works: int) -> Merged:
    """Merge the postings of the text fields, in the order of the registry.

    Most postings are those of one field: to sort all of them takes as long as all else.
    """
    terms = list(dict.fromkeys(sorted(chain.from_iterable(table.terms for table in tables))))
    number = dict(zip(terms, range(len(terms)), strict=True))
    fields = []
    for place, table in enumerate(tables):
        to_all = np.array([*map(number.__getitem__, table.terms)], np.uint64) * np.uint64(works)
        fields.append((to_all[table.term] + table.row, 1 << place))
    (keys, bit), *others = sorted(fields, key=lambda field: -len(field[0]))
    bits = np.full(len(keys), bit, np.uint8)
    few, few_bits = _add_up(others)
    at = np.searchsorted(keys, few)
    known = np.zeros(len(at), np.bool_)
    within = at < len(keys)
    known[within] = keys[at[within]] == few[within]
    bits[at[known]] |= few_bits[known]
    keys = np.insert(keys, at[~known], few[~known])
    bits = np.insert(bits, at[~known], few_bits[~known])
    ends = np.arange(len(terms) + 1, dtype=np.uint64) * np.uint64(works)
    bounds = np.searchsorted(keys, ends)
    keys -= np.repeat(ends[:-1], np.diff(bounds))
    return Merged(terms, bounds, keys.astype(smallest(works)), bits)


def _add_up(fields: Sequence[tuple[Keys, int]]) -> tuple[Keys, Bits]:
    """Return the sorted keys of some fields, each once, and the bits of those that have it."""
    keys = np.concatenate([keys for keys, _ in fields])
    bits = np.repeat(np.array([bit for _, bit in fields], np.uint8), [len(k) for k, _ in fields])
    order = np.argsort(keys, kind="stable")
    keys, bits = keys[order], bits[order]
    if not len(keys):
        return keys, bits
    first = np.flatnonzero(np.concatenate(([True], keys[1:] != keys[:-1])))
    return keys[first], np.bitwise_or.reduceat(bits, first)


def merge_again(
    older: Mapping[str, Array],
    terms: list[str],
    gone: Sequence[int],
    came: Sequence[int],
    changed: Bools,
    tables: Sequence[FieldPostings],
) -> Merged:
    """Return what `merge` does, of an older generation in which `changed` works have their rows.

    `terms` are those of now: without the `gone` ones, by their older numbers, and with those that
    `came`, by their new ones.
    """
    rows: UInts = np.asarray(older["postings.rows"])
    bits = np.asarray(older["postings.fields"], np.uint8)
    bounds = np.asarray(older["postings.bounds"], np.int64)
    left_out = find_rows(rows, changed)
    owners = np.searchsorted(bounds, left_out, side="right") - 1
    counts = np.diff(bounds) - np.bincount(owners, minlength=len(bounds) - 1)
    counts = np.delete(counts, gone)
    counts = np.insert(counts, np.array(came, np.intp) - np.arange(len(came)), 0)
    rows, bits = take_out(rows, left_out), take_out(bits, left_out)
    bounds = np.concatenate(([0], np.cumsum(counts)))
    fresh = _collect(terms, tables, changed)
    several = [(int(bounds[term]), int(bounds[term + 1]), row) for term, row in fresh]
    places = [first + int(np.searchsorted(rows[first:end], row)) for first, end, row in several]
    at = np.array(places, np.intp)
    counts += np.bincount([term for term, _ in fresh], minlength=len(counts))
    return Merged(
        terms,
        np.concatenate(([0], np.cumsum(counts))),
        put_in(rows, at, np.array([row for _, row in fresh], np.uint32)),
        put_in(bits, at, np.array([*fresh.values()], np.uint8)),
    )


def _collect(
    terms: Sequence[str], tables: Sequence[FieldPostings], changed: Bools
) -> dict[tuple[int, int], int]:
    """Return the terms, by their numbers, of the rows that changed, sorted, each with its bits."""
    found: dict[tuple[int, int], int] = {}
    for place, table in enumerate(tables):
        for at in find_rows(table.row, changed).tolist():
            term = bisect_left(terms, table.terms[int(table.term[at])])
            key = term, int(table.row[at])
            found[key] = found.get(key, 0) | 1 << place
    return dict(sorted(found.items()))
