"""The values of each work laid out to be counted: a table of codes, a row a work.

row 0   rl moe  -  -                  a table wide enough for all but one work in a hundred;
row 1   rl  -   -  -                  what these have beside it stands behind it.
row 2   rl moe grpo trl | more: dpo   "-" is a code behind the last value's: each column has
                                      its own, as to count the same one again and again is slow

Facets of many values stand in one table side by side; those of few are bits, in
`bitmaps.py`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from searchapp.engine.bitmaps import Bitmaps, has_few_values
from searchapp.engine.postings import FieldPostings
from searchapp.fields import FACETS
from searchapp.kernels import count_codes

Array = npt.NDArray[np.generic]
Codes = npt.NDArray[np.unsignedinteger]
Ints = npt.NDArray[np.intp]
Bools = npt.NDArray[np.bool_]
Counts = npt.NDArray[np.intp]

TOGETHER = "facets"  # the name of the table of all facets
BEYOND = 100  # one work in so many may have more values than the table is wide
FEW_WORKS = 16  # of so many works one at most: then codes are faster than bits
WIDEST = 3  # times as wide as works have values on average


def smallest(limit: int) -> type[np.uint8 | np.uint16 | np.uint32]:
    """Return the smallest unsigned type that holds numbers below `limit`."""
    if limit <= 1 << 8:
        return np.uint8
    return np.uint16 if limit <= 1 << 16 else np.uint32


@dataclass(frozen=True)
class ValueTable:
    """The codes of each work: the first few in `table`, padded, and `more` of some works."""

    table: Codes
    more: Codes
    more_bounds: npt.NDArray[np.uint32]

    @classmethod
    def of(cls, arrays: Mapping[str, Array], name: str) -> "ValueTable":
        """Return the table called `name` of some arrays."""
        parts = (np.asarray(arrays[f"{name}.{part}"]) for part in ("table", "more", "more_bounds"))
        return cls(*parts)  # type: ignore[arg-type]  # as they were laid out

    def as_arrays(self, name: str) -> dict[str, Array]:
        """Return its arrays by the names that `of` reads."""
        return {
            f"{name}.table": self.table,
            f"{name}.more": self.more,
            f"{name}.more_bounds": self.more_bounds,
        }

    def count(self, rows: Ints, size: int) -> Counts:
        """Return how often the works `rows`, in any order, have each of the codes below `size`."""
        return count_codes(self.table, self.more, self.more_bounds, rows, size)


def lay_out_values(table: FieldPostings, rows: int) -> ValueTable:
    """Lay out a facet's values by work, in a table wide enough for nearly all works.

    To look up what is left over takes longer than to count padding; but a few works with very
    many values make no table many times wider than most need it.
    """
    order = np.lexsort((table.term, table.row))
    row, code = table.row[order].astype(np.intp), table.term[order]
    lengths = np.bincount(row, minlength=rows)
    nearly_all = int(np.sort(lengths)[rows - 1 - rows // BEYOND]) if rows else 0
    width = max(1, min(nearly_all, WIDEST * (1 + len(row) // max(1, rows))))
    place = np.arange(len(row)) - (np.cumsum(lengths) - lengths)[row]
    dtype = smallest(len(table.terms) + width)
    values = np.empty((rows, width), dtype)
    values[:] = len(table.terms) + np.arange(width)
    first = place < width
    values[row[first], place[first]] = code[first]
    bounds = np.concatenate(([0], np.cumsum(np.maximum(lengths - width, 0))))
    return ValueTable(values, code[~first].astype(dtype), bounds.astype(np.uint32))


def lay_out_together(
    tables: Mapping[str, ValueTable], sizes: Mapping[str, int]
) -> dict[str, Array]:
    """Lay out one table of all facets that have many values, `sizes` being the numbers of these."""
    names = _counted_together(sizes)
    if not names:
        nothing = np.zeros((len(next(iter(tables.values())).table), 1), np.uint8)
        bounds = np.zeros(len(nothing) + 1, np.uint32)
        return ValueTable(nothing, nothing[:0, 0], bounds).as_arrays(TOGETHER)
    return _join([(tables[name], sizes[name]) for name in names]).as_arrays(TOGETHER)


def _counted_together(sizes: Mapping[str, int]) -> list[str]:
    """Return the facets of many values; one that is shown only beside another is counted then."""
    return [f.name for f in FACETS if not f.needs and not has_few_values(sizes[f.name])]


def _room(table: ValueTable, size: int) -> int:
    """Return how many codes a table may have: of `size` values, and of each column's padding."""
    return size + int(table.table.shape[1])


def _join(tables: Sequence[tuple[ValueTable, int]]) -> ValueTable:
    """Return tables side by side, the codes of each behind all those of the one before it."""
    offsets = np.cumsum([0, *(_room(table, size) for table, size in tables)])
    dtype = smallest(int(offsets[-1]))
    placed = [(t, o) for (t, _), o in zip(tables, offsets.astype(np.uint32), strict=False)]
    shifted = [table.table + offset for table, offset in placed]
    lengths = [np.diff(table.more_bounds) for table, _ in placed]
    row = np.concatenate([np.repeat(np.arange(len(n)), n) for n in lengths])
    more = np.concatenate([table.more + offset for table, offset in placed])
    bounds = np.concatenate(([0], np.cumsum(np.sum(lengths, axis=0))))
    return ValueTable(
        np.concatenate(shifted, axis=1).astype(dtype),
        more[np.argsort(row, kind="stable")].astype(dtype),
        bounds.astype(np.uint32),
    )


class Together:
    """Counts all facets of some works at once, `sizes` being the numbers of their values."""

    def __init__(self, arrays: Mapping[str, Array], sizes: Mapping[str, int]) -> None:
        self._bitmaps = Bitmaps(arrays, sizes)
        tables = {name: (ValueTable.of(arrays, name), size) for name, size in sizes.items()}
        few = {name: one for name, one in tables.items() if name in self._bitmaps}
        self._few = _SideBySide(few)
        self._table = ValueTable.of(arrays, TOGETHER)
        self._rows = len(self._table.table)
        self._slices, self._size = _slices({n: tables[n] for n in _counted_together(sizes)})

    @cached_property
    def _all(self) -> Counts:
        """The counts of all works in the table."""
        return self._table.count(np.arange(self._rows), self._size)

    def count(self, rows: Ints, mask: Bools | None) -> dict[str, Counts]:
        """Return by facet how many of some works have each value.

        They are given twice: as sorted `rows`, and as a mask, None for all works.
        """
        if mask is not None and FEW_WORKS * len(rows) <= self._rows:
            found = self._few.count(rows)
        else:
            found = self._bitmaps.count(np.ones(self._rows, np.bool_) if mask is None else mask)
        if self._slices:
            counts = self._count_codes(rows, mask)
            for name, part in self._slices.items():
                found[name] = counts[part]
        return found

    def count_facet(self, name: str, masks: Sequence[Bools]) -> Counts | None:
        """Return one facet's counts of the works in all masks; None for one of many values."""
        return self._bitmaps.count_facet(name, masks) if name in self._bitmaps else None

    def _count_codes(self, rows: Ints, mask: Bools | None) -> Counts:
        """Count codes; where the works are more than half, the others', which are taken off."""
        if mask is None:
            return self._all
        if 2 * len(rows) > self._rows:
            others = (~mask).nonzero()[0]
            return self._all - self._table.count(others, self._size)
        return self._table.count(rows, self._size)


def _slices(tables: Mapping[str, tuple[ValueTable, int]]) -> tuple[dict[str, slice], int]:
    """Return where the values of each facet stand among those of all, and how many codes are."""
    found, at = {}, 0
    for name, (table, size) in tables.items():
        found[name] = slice(at, at + size)
        at += _room(table, size)
    return found, at


class _SideBySide:
    """The tables of facets that have few values, as one: joined when first asked for.

    Of few works it takes a tenth of what bits take, which is the same however few they are.
    """

    def __init__(self, tables: Mapping[str, tuple[ValueTable, int]]) -> None:
        self._tables = list(tables.values())
        self._slices, self._size = _slices(tables)

    @cached_property
    def _joined(self) -> ValueTable:
        return _join(self._tables)

    def count(self, rows: Ints) -> dict[str, Counts]:
        """Return by facet how many of the works `rows` have each value."""
        counts = self._joined.count(rows, self._size)
        return {name: counts[part] for name, part in self._slices.items()}
