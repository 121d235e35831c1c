"""What is packed by the ids of works: most of an older pack is taken over, in runs.

older   a b c d e      d is gone, x came between b and c
now     a b|x|c|e      ->  a to b of the older, x, c, e
"""

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt

UInts64 = npt.NDArray[np.uint64]


class Taking:
    """Which rows of an older pack are kept, and where among them others come in."""

    def __init__(self, ids: UInts64, gone: Sequence[int], came: Sequence[int]) -> None:
        """`ids` are those of the older pack, `came` those of what is new, both sorted."""
        fresh = np.array(came, np.uint64)
        left_out = np.concatenate((np.array(gone, np.uint64), fresh))
        self._kept = (~np.isin(ids, left_out)).nonzero()[0]
        self._places = np.searchsorted(ids[self._kept], fresh)

    def __iter__(self) -> Iterator[tuple[int, int] | int]:
        """Yield runs of older rows, each from its first to behind its last, and numbers of new."""
        bounds = (0, *self._places.tolist(), len(self._kept))
        for number, (first, last) in enumerate(pairwise(bounds)):
            if number:
                yield number - 1
            yield from _runs(self._kept[first:last])

    def merge(self, older: npt.NDArray[Any], came: Sequence[Any]) -> npt.NDArray[Any]:
        """Return what belongs to each row, of what belonged to the older and belongs to the new."""
        fresh = np.array(came, older.dtype).reshape(-1, *older.shape[1:])
        return np.insert(older[self._kept], self._places, fresh, axis=0)


def _runs(numbers: npt.NDArray[np.intp]) -> Iterator[tuple[int, int]]:
    breaks = (np.diff(numbers) != 1).nonzero()[0] + 1
    for run in np.split(numbers, breaks):
        if len(run):
            yield int(run[0]), int(run[-1]) + 1
