"""The values of each work laid out to be counted: a table of codes, a row a work.

row 0   rl moe  -  -                  a table wide enough for all but one work in a hundred;
row 1   rl  -   -  -                  what these have beside it stands behind it.
row 2   rl moe grpo trl | more: dpo   "-" is the code after the last value's

together   combination | tag tag | source     one table of all facets: what works have at
most one of (kind, year, ...) is one code
for each combination that occurs
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from searchapp.engine.postings import FieldPostings
from searchapp.fields import FACETS

Array = npt.NDArray[np.generic]
Codes = npt.NDArray[np.unsignedinteger]
Ints = npt.NDArray[np.intp]
Bools = npt.NDArray[np.bool_]
Counts = npt.NDArray[np.intp]

TOGETHER = "facets"  # the name of the table of all facets
BEYOND = 100  # one work in so many may have more values than the table is wide
WIDEST = 3  # times as wide as works have values on average
FEW_COMBINATIONS = 256  # may be told apart even where there are few works


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

    @property
    def is_single(self) -> bool:
        """Whether no work has more than one value."""
        return self.table.shape[1] == 1 and not len(self.more)

    @cached_property
    def _goes_on(self) -> Bools:
        """Which works have more codes than the table holds."""
        return np.diff(self.more_bounds) > 0

    def codes(self, rows: Ints) -> Codes:
        """Return all codes of the works `rows`, padding too, in any order."""
        first = self.table.take(rows, axis=0).ravel()
        if not len(self.more) or not self._goes_on.take(rows).any():
            return first
        starts = self.more_bounds.take(rows)
        lengths = self.more_bounds.take(rows + 1) - starts
        having = lengths.nonzero()[0]
        lengths = lengths.take(having)
        ends = lengths.cumsum()
        # Each run of codes begins at its start, and goes on by one.
        places = np.repeat(starts.take(having) + lengths - ends, lengths)
        places += np.arange(int(ends[-1]), dtype=places.dtype)
        return np.concatenate((first, self.more.take(places)))


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
    dtype = smallest(len(table.terms) + 1)
    values = np.full((rows, width), len(table.terms), dtype)
    first = place < width
    values[row[first], place[first]] = code[first]
    bounds = np.concatenate(([0], np.cumsum(np.maximum(lengths - width, 0))))
    return ValueTable(values, code[~first].astype(dtype), bounds.astype(np.uint32))


def count_codes(codes: Codes, size: int) -> Counts:
    """Return how often each of the codes below `size` is there."""
    return np.bincount(codes, minlength=size)[:size]


def lay_out_together(
    tables: Mapping[str, ValueTable], sizes: Mapping[str, int]
) -> dict[str, Array]:
    """Lay out one table of all facets, `sizes` having the number of each one's values."""
    rows = len(next(iter(tables.values())).table)
    single, several = _split(tables)
    combinations, combination_of = _combine([tables[name].table for name in single], rows)
    if len(combinations) > max(FEW_COMBINATIONS, rows // 8):
        combinations = combinations[:0]
        parts = [(tables[name], sizes[name] + 1) for name in single]
    else:
        parts = [(_of_column(combination_of), len(combinations))]
    parts += [(tables[name], sizes[name] + 1) for name in several]
    joined = _join([table for table, _ in parts], [size for _, size in parts])
    return joined.as_arrays(TOGETHER) | {f"{TOGETHER}.combinations": combinations}


def _split(tables: Mapping[str, ValueTable]) -> tuple[list[str], list[str]]:
    """Return the facets that are counted together: of one value a work at most, and others.

    One that is shown only beside another is counted when it is, by itself.
    """
    found = {f.name: tables[f.name] for f in FACETS if f.name in tables and not f.needs}
    single = [name for name, table in found.items() if table.is_single]
    return single, [name for name in found if name not in single]


def _combine(columns: Sequence[Codes], rows: int) -> tuple[Codes, Ints]:
    """Return the combinations of codes that occur, and which of them each work has."""
    if not columns:
        return np.zeros((1, 0), np.uint8), np.zeros(rows, np.intp)
    wide = np.concatenate(columns, axis=1)
    combinations, combination_of = np.unique(wide, axis=0, return_inverse=True)
    return combinations, combination_of.reshape(rows)


def _of_column(codes: Ints) -> ValueTable:
    bounds = np.zeros(len(codes) + 1, np.uint32)
    return ValueTable(codes.astype(np.uint32).reshape(-1, 1), np.empty(0, np.uint32), bounds)


def _join(tables: Sequence[ValueTable], sizes: Sequence[int]) -> ValueTable:
    """Return tables side by side, the codes of each behind all those of the one before it."""
    offsets = np.cumsum([0, *sizes])
    dtype = smallest(int(offsets[-1]))
    placed = list(zip(tables, offsets.astype(np.uint32), strict=False))
    shifted = [table.table + offset for table, offset in placed]
    lengths = [np.diff(table.more_bounds) for table in tables]
    row = np.concatenate([np.repeat(np.arange(len(n)), n) for n in lengths])
    more = np.concatenate(
        [t.more + np.uint32(o) for t, o in zip(tables, offsets[:-1], strict=True)]
    )
    bounds = np.concatenate(([0], np.cumsum(np.sum(lengths, axis=0))))
    return ValueTable(
        np.concatenate(shifted, axis=1).astype(dtype),
        more[np.argsort(row, kind="stable")].astype(dtype),
        bounds.astype(np.uint32),
    )


class Together:
    """Counts all facets of some works at once."""

    def __init__(
        self,
        arrays: Mapping[str, Array],
        tables: Mapping[str, ValueTable],
        sizes: Mapping[str, int],
    ) -> None:
        self._table = ValueTable.of(arrays, TOGETHER)
        self._combinations = np.asarray(arrays[f"{TOGETHER}.combinations"])
        single, several = _split(tables)
        self._rows = len(self._table.table)
        if not len(self._combinations):
            single, several = [], [*single, *several]
        self._slices: dict[str, slice] = {}
        at = len(self._combinations)
        for name in several:
            self._slices[name] = slice(at, at + sizes[name])
            at += sizes[name] + 1
        self._size = at
        self._sums: dict[str, slice] = {}
        self._order, self._starts = self._order_combinations([(n, sizes[n]) for n in single])

    def _order_combinations(self, single: Sequence[tuple[str, int]]) -> tuple[Ints, Ints]:
        """Return the combinations sorted by each facet in turn, and where each value begins.

        Every value is in some combination; behind the last come those that have none.
        """
        orders, starts, at = [np.empty(0, np.intp)], [np.empty(0, np.intp)], 0
        for column, (name, size) in enumerate(single):
            codes = self._combinations[:, column]
            orders.append(np.argsort(codes, kind="stable"))
            found = np.bincount(codes).nonzero()[0]  # all values, and none's code if it occurs
            begins = np.searchsorted(codes[orders[-1]], found) + column * len(codes)
            starts.append(begins.astype(np.intp))
            self._sums[name] = slice(at, at + size)
            at += len(found)
        return np.concatenate(orders), np.concatenate(starts)

    @cached_property
    def _all(self) -> Counts:
        """The counts of all works."""
        return count_codes(self._table.codes(np.arange(self._rows)), self._size)

    def count(self, rows: Ints, mask: Bools | None) -> dict[str, Counts]:
        """Return by facet how many of the works have each value.

        They are given twice: as sorted `rows`, and as a mask, None for all works. Where
        they are more than half, the others are counted, and taken off.
        """
        if mask is None:
            return self._by_facet(self._all)
        if 2 * len(rows) > self._rows:
            others = (~mask).nonzero()[0]
            return self._by_facet(self._all - count_codes(self._table.codes(others), self._size))
        return self._by_facet(count_codes(self._table.codes(rows), self._size))

    def _by_facet(self, counts: Counts) -> dict[str, Counts]:
        """Take the counts of all codes apart; combinations are summed by each facet's value."""
        found = {name: counts[part] for name, part in self._slices.items()}
        if self._sums:
            sums = np.add.reduceat(counts.take(self._order), self._starts)
            found |= {name: sums[part] for name, part in self._sums.items()}
        return found
