"""Filters and counts: which works a filter lets pass, and how many each value has.

A count is the number of works with the value under all filters of the other facets; for a
facet whose filters are ANDed, under all filters. What the facet itself excludes stays out. So
choosing a value that says 4 shows 4.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from itertools import pairwise
from typing import overload

import numpy as np
import numpy.typing as npt

from searchapp.engine.arrays import Array, Lexicon
from searchapp.engine.results import FacetValue
from searchapp.fields import FACETS, Facet
from searchapp.query import Query
from searchapp.slugs import fold

Bools = npt.NDArray[np.bool_]
Counts = npt.NDArray[np.int64]


class FacetArrays:
    """One facet of one generation: its values, by work and by value."""

    def __init__(self, facet: Facet, arrays: Mapping[str, Array], rows: int) -> None:
        self.facet = facet
        self.rows = rows
        self._lexicon = Lexicon.of(arrays, f"{facet.name}.values")
        self._row_of = np.asarray(arrays[f"{facet.name}.rows"])
        self._codes = np.asarray(arrays[f"{facet.name}.codes"])
        self._members = np.asarray(arrays[f"{facet.name}.members"])
        self._member_bounds = np.asarray(arrays[f"{facet.name}.member_bounds"])

    def __len__(self) -> int:
        return len(self._lexicon)

    @cached_property
    def values(self) -> list[str]:
        """All values, sorted; a value's place is its code."""
        return list(self._lexicon)

    @cached_property
    def _by_folded(self) -> dict[str, str]:
        return {fold(value): value for value in reversed(self.values)}

    def find(self, value: str) -> str | None:
        """Return the value as it is indexed, whatever its case; None where no work has it."""
        if self._lexicon.find(value) is not None:
            return value
        return self._by_folded.get(fold(value))

    def code(self, value: str) -> int | None:
        """Return the number by which the arrays know `value`, None where no work has it."""
        return self._lexicon.find(value)

    def members(self, value: str) -> Array:
        """Return the rows of the works that have `value`, sorted."""
        code = self.code(value)
        if code is None:
            return self._members[:0]
        return self._members[self._member_bounds[code] : self._member_bounds[code + 1]]

    def mask(self, values: Sequence[str]) -> Bools:
        """Return which works have any of `values`, or all of them where the facet is ANDed."""
        found = np.zeros(self.rows, np.uint16)
        for value in values:
            found[self.members(value)] += 1
        return found == len(values) if self.facet.every else found > 0

    def count(self, mask: Bools | None) -> Counts:
        """Return how many of the works in `mask` (None: of all) have each value."""
        if mask is None:
            return np.diff(self._member_bounds).astype(np.int64)
        return np.bincount(self._codes[mask[self._row_of]], minlength=len(self))

    def values_by_work(self) -> list[tuple[str, ...]]:
        """Return the values of each work that has some, in the order of rows."""
        values = [self.values[code] for code in self._codes.tolist()]
        ends = np.flatnonzero(np.diff(self._row_of, append=self.rows)) + 1
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
    """The filters of one query as masks, combined for the hits and for each facet."""

    def __init__(self, facets: Mapping[str, FacetArrays], query: Query, rows: int) -> None:
        self._masks: dict[str, Bools] = {}
        self._left: dict[str, Bools] = {}  # what a facet's own exclusions leave
        for name, facet in facets.items():
            chosen, without = query.chosen(name), query.without(name)
            if not chosen and not without:
                continue
            left = np.ones(rows, np.bool_)
            for value in without:
                left[facet.members(value)] = False
            self._left[name] = left
            self._masks[name] = facet.mask(chosen) & left if chosen else left

    def allowed(self) -> Bools | None:
        """Return which works pass all filters; None where there are none."""
        return self._all(self._masks)

    def allowed_for(self, facet: Facet) -> Bools | None:
        """Return which works a facet's counts are taken under."""
        if facet.every:
            return self.allowed()
        own = {name: mask for name, mask in self._left.items() if name == facet.name}
        return self._all(self._masks | own)

    def touches(self, facet: Facet) -> bool:
        """Whether the facet's counts are taken under other filters than the hits are."""
        if facet.every or facet.name not in self._masks:
            return False
        return self._masks[facet.name] is not self._left[facet.name]

    @staticmethod
    def _all(masks: Mapping[str, Bools]) -> Bools | None:
        together: Bools | None = None
        for mask in masks.values():
            together = mask if together is None else together & mask
        return together


class Shown:
    """How a facet's values are shown: each value's label, and its place in the fixed order.

    Values go by their labels, the newest first, or as the registry lists them; a facet that
    is ordered by count has this order among equal counts.
    """

    def __init__(self, facet: FacetArrays, label: Callable[[str], str]) -> None:
        self.labels = [label(value) for value in facet.values]
        key = _ORDERS[facet.facet.order](facet.facet)
        order = sorted(
            range(len(facet)), key=lambda code: key(facet.values[code], self.labels[code])
        )
        if facet.facet.order == "newest":
            order.reverse()
        self.place = np.empty(len(order), np.int64)
        self.place[order] = np.arange(len(order))


def _by_label(facet: Facet) -> Callable[[str, str], tuple[object, ...]]:
    return lambda value, label: (fold(label), value)


def _by_value(facet: Facet) -> Callable[[str, str], tuple[object, ...]]:
    return lambda value, label: (value,)


def _as_listed(facet: Facet) -> Callable[[str, str], tuple[object, ...]]:
    place = {value: i for i, (value, _) in enumerate(facet.choices)}
    return lambda value, label: (place.get(value, len(place)), value)


_ORDERS = {"count": _by_label, "newest": _by_value, "listed": _as_listed}


class FacetValues(Sequence[FacetValue]):
    """A facet's values in their order, each made when it is looked at.

    Those with a count, and those that are chosen or excluded whatever their count; such
    that no work has at all come last.
    """

    def __init__(
        self,
        facet: FacetArrays,
        shown: Shown,
        counts: Counts,
        chosen: Sequence[str],
        without: Sequence[str],
    ) -> None:
        self._facet, self._shown, self._counts = facet, shown, counts
        self._chosen, self._without = frozenset(chosen), frozenset(without)

    @cached_property
    def _codes(self) -> list[int]:
        """The codes of the values in order."""
        wanted = self._counts > 0
        for value in self._chosen | self._without:
            if (code := self._facet.code(value)) is not None:
                wanted[code] = True
        codes = np.flatnonzero(wanted)
        place = self._shown.place[codes]
        if self._facet.facet.order == "count":  # one key: the count, then the place
            place -= self._counts[codes] * len(self._shown.place)
        order: list[int] = codes[np.argsort(place)].tolist()
        return order

    @cached_property
    def _unknown(self) -> list[str]:
        named = sorted(self._chosen | self._without)
        return [value for value in named if self._facet.code(value) is None]

    def counts(self) -> dict[str, int]:
        """Return the counts that are not 0, by value."""
        names, codes = self._facet.values, np.flatnonzero(self._counts)
        return dict(zip((names[c] for c in codes), self._counts[codes].tolist(), strict=True))

    def _value(self, code: int) -> FacetValue:
        name = self._facet.values[code]
        selected, excluded = name in self._chosen, name in self._without
        count = int(self._counts[code])
        return FacetValue(name, self._shown.labels[code], count, selected, excluded)

    def _unknown_value(self, name: str) -> FacetValue:
        return FacetValue(name, name, 0, name in self._chosen, name in self._without)

    @overload
    def __getitem__(self, index: int) -> FacetValue: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[FacetValue]: ...
    def __getitem__(self, index: int | slice) -> FacetValue | Sequence[FacetValue]:
        if isinstance(index, slice):
            return [self[i] for i in range(*index.indices(len(self)))]
        place = index if index >= 0 else len(self) + index
        if place >= len(self._codes):
            return self._unknown_value(self._unknown[place - len(self._codes)])
        return self._value(self._codes[place])

    def __len__(self) -> int:
        return len(self._codes) + len(self._unknown)


def counts_of(values: Sequence[FacetValue]) -> dict[str, int]:
    """Return the counts of a facet's values that are not 0, by value.

    To make thousands of values for their counts alone would take most of a page's time.
    """
    if isinstance(values, FacetValues):
        return values.counts()
    return {value.value: value.count for value in values if value.count}


def open_facets(arrays: Mapping[str, Array], rows: int) -> dict[str, FacetArrays]:
    """Return all facets by name; one without any value lets no work pass its filters."""
    return {facet.name: FacetArrays(facet, arrays, rows) for facet in FACETS}
