"""Counts to the values that are shown, in their order; made as far as they are looked at."""

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from itertools import repeat
from typing import overload

import numpy as np

from searchapp.engine.counting import FacetArrays
from searchapp.engine.facet_arrays import Counts, Ints
from searchapp.engine.results import FacetValue
from searchapp.fields import Facet
from searchapp.slugs import fold

FEW = 64  # values

_new_value = partial(tuple.__new__, FacetValue)  # half the time of its own constructor


class Shown:
    """How a facet's values are shown: each value's label, and its place in the fixed order.

    Values go by their labels, the newest first, or as the registry lists them; a facet that
    is ordered by count has this order among equal counts.
    """

    def __init__(self, facet: FacetArrays, label: Callable[[str], str]) -> None:
        self.labels = [label(value) for value in facet.values]
        key = _ORDERS[facet.facet.order](facet.facet)
        self.order = sorted(
            range(len(facet)), key=lambda code: key(facet.values[code], self.labels[code])
        )
        if facet.facet.order == "newest":
            self.order.reverse()
        self.place = np.empty(len(self.order), np.intp)
        self.place[self.order] = np.arange(len(self.order))


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
        self._chosen, self._without = chosen, without
        named = (*chosen, *without)
        codes = [(value, facet.code(value)) for value in sorted(set(named))] if named else []
        self._named = [code for _, code in codes if code is not None]
        self._unknown = [value for value, code in codes if code is None]
        self._sorted: list[int] | None = None
        self._shown_codes: Ints | None = None

    def _first(self, count: int) -> list[int]:
        """Return the codes of the first `count` values in order; of many, only they are sorted."""
        if self._sorted is None and len(self._counts) <= FEW:
            self._sorted = self._sort_few()
        if self._sorted is not None:
            return self._sorted[:count]
        known = self._known()
        keys = self._shown.place.take(known)
        if self._facet.facet.order == "count":
            keys -= self._counts.take(known) * len(self._shown.place)
        if count < len(known):
            first = keys.argpartition(count)[:count]
            known, keys = known.take(first), keys.take(first)
        codes: list[int] = known.take(keys.argsort()).tolist()
        if len(codes) < count:
            self._sorted = codes
        return codes

    def _known(self) -> Ints:
        """Return the codes of the values that are shown, in any order."""
        if self._shown_codes is None:
            codes = self._counts.nonzero()[0]
            named = self._named
            self._shown_codes = np.union1d(codes, named).astype(np.intp) if named else codes
        return self._shown_codes

    def _sort_few(self) -> list[int]:
        """Return all codes in order; for a few, lists are faster than arrays."""
        counts: list[int] = self._counts.tolist()
        codes = [code for code in self._shown.order if counts[code] or code in self._named]
        if self._facet.facet.order == "count":
            codes.sort(key=lambda code: -counts[code])
        return codes

    def _make(self, codes: Sequence[int]) -> list[FacetValue]:
        names = list(map(self._facet.values.__getitem__, codes))
        labels = map(self._shown.labels.__getitem__, codes)
        counts: list[int] = self._counts.take(codes).tolist()
        chosen, without = self._chosen, self._without
        if not chosen and not without:
            fields = zip(names, labels, counts, repeat(False), repeat(False), strict=False)
            return list(map(_new_value, fields))
        return [
            FacetValue(name, label, count, name in chosen, name in without)
            for name, label, count in zip(names, labels, counts, strict=True)
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
        codes = self._first(stop)[start:]
        known = self._make(codes) if codes else []
        if len(known) == stop - start or not self._unknown:
            return known
        before = len(self) - len(self._unknown)
        rest = self._unknown[max(0, start - before) : stop - before]
        return known + [FacetValue(n, n, 0, n in self._chosen, n in self._without) for n in rest]

    def __iter__(self) -> Iterator[FacetValue]:
        return iter(self[:])

    def __len__(self) -> int:
        known = len(self._sorted) if self._sorted is not None else len(self._known())
        return known + len(self._unknown)

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
