"""Filters and counts: which works a filter lets pass, and how many each value has.

A count is the number of works with the value under all filters of the other facets; for a
facet whose filters are ANDed, under all filters. What the facet itself excludes stays out. So
choosing a value that says 4 shows 4.
"""

from collections.abc import Mapping, Sequence
from functools import cached_property, reduce
from itertools import pairwise

import numpy as np

from searchapp.engine.bitmaps import has_few_values
from searchapp.engine.caches import cached
from searchapp.engine.facet_arrays import Array, Bools, Counts, Ints, ValueTable
from searchapp.engine.lexicon import Lexicon
from searchapp.fields import FACETS, Facet
from searchapp.query import Query
from searchapp.slugs import fold

KEPT_MASKS = 32  # of a facet's values


class FacetArrays:
    """One facet of one generation: its values, by work and by value."""

    def __init__(self, facet: Facet, arrays: Mapping[str, Array], rows: int) -> None:
        self.facet = facet
        self.rows = rows
        self._lexicon = Lexicon.of(arrays, f"{facet.name}.values")
        self.table = ValueTable.of(arrays, facet.name)
        self._members = np.asarray(arrays[f"{facet.name}.members"])
        self._member_bounds = np.asarray(arrays[f"{facet.name}.member_bounds"])
        # Who has chosen a value goes on typing under it.
        self.having = cached(KEPT_MASKS, self._find_having)

    def __len__(self) -> int:
        return len(self._lexicon)

    @cached_property
    def values(self) -> list[str]:
        """All values, sorted; a value's place is its code."""
        return list(self._lexicon)

    @cached_property
    def _by_folded(self) -> dict[str, str]:
        return {fold(value): value for value in reversed(self.values)}

    @cached_property
    def _codes(self) -> dict[str, int] | None:
        """The codes of few values; many are looked up where they stand."""
        if not has_few_values(len(self)):
            return None
        return {value: code for code, value in enumerate(self.values)}

    def find(self, value: str) -> str | None:
        """Return the value as it is indexed, whatever its case; None where no work has it."""
        if self.code(value) is not None:
            return value
        return self._by_folded.get(fold(value))

    def code(self, value: str) -> int | None:
        """Return the number by which the arrays know `value`, None where no work has it."""
        codes = self._codes
        return self._lexicon.find(value) if codes is None else codes.get(value)

    def members(self, value: str) -> Array:
        """Return the rows of the works that have `value`, sorted."""
        code = self.code(value)
        if code is None:
            return self._members[:0]
        return self._members[self._member_bounds[code] : self._member_bounds[code + 1]]

    def mask(self, values: Sequence[str]) -> Bools:
        """Return which works have any of `values`, or all of them where the facet is ANDed."""
        join = np.logical_and if self.facet.every else np.logical_or
        return reduce(join, map(self.having, values))

    def _find_having(self, value: str) -> Bools:
        having = np.zeros(self.rows, np.bool_)
        having[self.members(value)] = True
        having.flags.writeable = False  # it is kept
        return having

    def count(self, rows: Ints) -> Counts:
        """Return how many of the works `rows` have each value."""
        return self.table.count(rows, len(self))

    def count_all(self) -> Counts:
        """Return how many works have each value."""
        return np.diff(self._member_bounds).astype(np.intp)

    def values_by_work(self) -> list[tuple[str, ...]]:
        """Return the values of each work that has some, in the order of rows."""
        codes = np.repeat(np.arange(len(self)), np.diff(self._member_bounds))
        by_row = np.lexsort((codes, self._members))
        values = [self.values[code] for code in codes[by_row].tolist()]
        rows = self._members[by_row].astype(np.intp)
        ends = np.flatnonzero(np.diff(rows, append=self.rows)) + 1
        return [tuple(values[a:b]) for a, b in pairwise([0, *ends.tolist()])]

    def spans(self, days: Array) -> list[tuple[int, int]]:
        """Return for each value the days of its first and its latest work; 0 where undated.

        Rows stand newest first, the undated last, and so do the members of a value.
        """
        if not len(self):
            return []
        begins, ends = self._member_bounds[:-1], self._member_bounds[1:]
        of_members = np.asarray(days, np.int64)[self._members]
        dated = np.cumsum(np.append(0, of_members > 0))
        firsts = begins + np.maximum(dated[ends] - dated[begins], 1) - 1
        return list(zip(of_members[firsts].tolist(), of_members[begins].tolist(), strict=True))


class Filters:
    """The filters of one query as masks, combined for the hits and for each facet.

    `kept` is what words that are left out leave, under which everything is counted.
    """

    def __init__(
        self, facets: Mapping[str, FacetArrays], query: Query, kept: Bools | None = None
    ) -> None:
        self._masks: dict[str, Bools] = {} if kept is None else {"": kept}
        self._left: dict[str, Bools | None] = {}  # what a facet's own exclusions leave
        self._narrowed: set[str] = set()  # facets of which a value is chosen
        all_chosen, all_without = dict(query.filters), dict(query.excluded)
        for name in {**all_chosen, **all_without}:
            facet = facets[name]
            chosen, without = all_chosen.get(name, ()), all_without.get(name, ())
            left = ~reduce(np.logical_or, map(facet.having, without)) if without else None
            self._left[name] = left
            if chosen:
                mask = facet.mask(chosen)
                self._masks[name] = mask if left is None else mask & left
                self._narrowed.add(name)
            elif left is not None:
                self._masks[name] = left

    def allowed(self) -> Bools | None:
        """Return which works pass all filters; None where there are none."""
        masks = self._masks.values()
        return reduce(np.logical_and, masks) if masks else None

    def masks_for(self, facet: Facet) -> list[Bools]:
        """Return the masks that a facet's counts are taken under: of works that are in all."""
        if facet.every:
            return list(self._masks.values())
        own = self._left.get(facet.name)
        masks = [mask for name, mask in self._masks.items() if name != facet.name]
        return masks if own is None else [*masks, own]

    def touches(self, facet: Facet) -> bool:
        """Whether the facet's counts are taken under other filters than the hits are."""
        return not facet.every and facet.name in self._narrowed


def open_facets(arrays: Mapping[str, Array], rows: int) -> dict[str, FacetArrays]:
    """Return all facets by name; one without any value lets no work pass its filters."""
    return {facet.name: FacetArrays(facet, arrays, rows) for facet in FACETS}
