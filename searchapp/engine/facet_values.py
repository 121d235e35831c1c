"""Counts to the values that are shown, in their order; made as far as they are looked at."""

from collections.abc import Callable, Sequence
from functools import cached_property
from typing import overload

import numpy as np

from searchapp.engine.counting import FacetArrays
from searchapp.engine.facet_arrays import Counts
from searchapp.engine.results import FacetValue
from searchapp.fields import Facet
from searchapp.slugs import fold


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
