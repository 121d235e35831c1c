"""Counts to the values that are shown, in their order; made as far as they are looked at."""

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from operator import itemgetter
from typing import overload

import numpy as np

from searchapp.engine.counting import FacetArrays
from searchapp.engine.facet_arrays import Counts, Ints
from searchapp.engine.results import FacetValue
from searchapp.engine.sets import unite
from searchapp.engine.tag_names import order_of
from searchapp.fields import Facet
from searchapp.kernels import commonest, name_counted, present
from searchapp.kernels.types import Counted

FEW = 64  # values

_TIMES = itemgetter(1)
_new_value = partial(tuple.__new__, FacetValue)  # half the time of its own constructor


class Shown:
    """How a facet's values are shown: each value's label, and its place in the fixed order.

    Values go by their labels, the newest first, or as the registry lists them; a facet that
    is ordered by count has this order among equal counts.
    """

    def __init__(
        self,
        facet: FacetArrays,
        label: Callable[[str], str],
        ordered: Sequence[int] | None = None,
    ) -> None:
        """`ordered` has the codes in their order, where that is known; else they are sorted."""
        self.labels = [label(value) for value in facet.values]
        self.order = _sort_values(facet, self.labels) if ordered is None else ordered
        self.place = np.empty(len(self.order), np.intp)
        self.place[self.order] = np.arange(len(self.order))
        self.small_place = self.place.astype(np.int32)
        self.codes = np.array(self.order, np.int32)
        self.names = [(facet.values[code], self.labels[code]) for code in self.order]


def _sort_values(facet: FacetArrays, labels: Sequence[str]) -> list[int]:
    """Return the codes of a facet's values in their order."""
    key = _ORDERS[facet.facet.order](facet.facet)
    order = sorted(range(len(facet)), key=lambda code: key(facet.values[code], labels[code]))
    if facet.facet.order == "newest":
        order.reverse()
    return order


def _by_label(facet: Facet) -> Callable[[str, str], tuple[object, ...]]:
    return lambda value, label: order_of(label, value)


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

    # Hundreds of answers are kept, with all facets of each.
    __slots__ = (
        "_chosen", "_counts", "_facet", "_named", "_shown", "_shown_codes", "_unknown", "_without",
    )  # fmt: skip

    def __init__(
        self,
        facet: FacetArrays,
        shown: Shown,
        counts: Counts,
        chosen: Sequence[str],
        without: Sequence[str],
    ) -> None:
        self._facet, self._shown, self._counts = facet, shown, counts
        self._chosen, self._without = chosen, without
        named = (*chosen, *without)
        codes = [(value, facet.code(value)) for value in sorted(set(named))] if named else []
        self._named = [code for _, code in codes if code is not None]
        self._unknown = [value for value, code in codes if code is None]
        self._shown_codes: Ints | None = None

    def _first(self, count: int) -> list[FacetValue]:
        """Return the first `count` values in order; of many, only they are sorted."""
        if self._facet.facet.order == "count" and not self._named:
            return self._make(commonest(self._counts, self._shown.small_place, count))
        if len(self._counts) <= FEW:
            return self._make_few()[:count]
        known = self._known()
        keys = places = self._shown.place.take(known)
        counts = self._counts.take(known)
        if self._facet.facet.order == "count":
            keys = places - counts * len(self._counts)
        first = keys.argsort()[:count]
        found = zip(places.take(first).tolist(), counts.take(first).tolist(), strict=True)
        return self._make(list(found))

    def _known(self) -> Ints:
        """Return the codes of the values that are shown, in any order."""
        if self._shown_codes is None:
            codes = self._counts.nonzero()[0]
            named = self._named
            self._shown_codes = unite(codes, np.array(named, np.intp)) if named else codes
        return self._shown_codes

    def _make_few(self) -> list[FacetValue]:
        """Return all values in order; for a few, lists are faster than arrays."""
        found = present(self._counts, self._shown.codes)
        missing = [code for code in self._named if not self._counts.item(code)]
        if missing:
            found = sorted([*found, *((self._shown.place.item(code), 0) for code in set(missing))])
        if self._facet.facet.order == "count":
            found.sort(key=_TIMES, reverse=True)  # equal ones stay in their order
        return self._make(found)

    def _make(self, counted: list[Counted]) -> list[FacetValue]:
        names = self._shown.names
        if not self._named:
            return name_counted(FacetValue, names, counted)
        chosen, without = self._chosen, self._without
        found = ((names[place], times) for place, times in counted)
        return [
            _new_value((name, label, times, name in chosen, name in without))
            for (name, label), times in found
        ]

    @overload
    def __getitem__(self, index: int) -> FacetValue: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[FacetValue]: ...
    def __getitem__(self, index: int | slice) -> FacetValue | Sequence[FacetValue]:
        if not isinstance(index, slice):
            place = range(len(self))[index]
            return self[place : place + 1][0]
        start, stop, step = index.start or 0, index.stop, index.step or 1
        if stop is None or start < 0 or stop < 0 or step != 1:
            start, stop, step = index.indices(len(self))
        if step != 1:
            return list(self)[index]
        known = self._first(stop)[start:]
        if len(known) == stop - start or not self._unknown:
            return known
        before = len(self) - len(self._unknown)
        rest = self._unknown[max(0, start - before) : stop - before]
        return known + [FacetValue(n, n, 0, n in self._chosen, n in self._without) for n in rest]

    def __iter__(self) -> Iterator[FacetValue]:
        return iter(self[:])

    def __len__(self) -> int:
        return len(self._known()) + len(self._unknown)

    def counts(self) -> dict[str, int]:
        """Return the counts that are not 0, by value."""
        codes = self._counts.nonzero()[0]
        names = map(self._facet.values.__getitem__, codes.tolist())
        return dict(zip(names, self._counts.take(codes).tolist(), strict=True))


def counts_of(values: Sequence[FacetValue]) -> dict[str, int]:
    """Return the counts of a facet's values that are not 0, by value.

    To make thousands of values for their counts alone would take most of a page's time.
    """
    if isinstance(values, FacetValues):
        return values.counts()
    return {value.value: value.count for value in values if value.count}
