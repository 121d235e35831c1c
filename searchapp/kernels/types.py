"""What the loops take and give, by the names that they have here."""

from collections.abc import Callable, Sequence
from mmap import mmap
from typing import Any, NamedTuple, TypeVar

import numpy as np
import numpy.typing as npt

# How a stored field of a record is read: as it is, as a tuple, as one named tuple, as several.
PLAIN, LIST, ONE, EACH = b".", b"t", b"1", b"n"

T = TypeVar("T", bound=tuple[Any, ...])

Array = npt.NDArray[np.generic]
Ints = npt.NDArray[np.intp]
Bools = npt.NDArray[np.bool_]
Amounts = npt.NDArray[np.float32]
Floats = npt.NDArray[np.float64]
Counts = npt.NDArray[np.intp]
Codes = npt.NDArray[np.unsignedinteger]

Bytes = bytes | memoryview
Packed = bytes | mmap  # a file in memory; an empty one cannot be mapped
Span = tuple[int, int]  # the first of some postings, and the one after the last
Spans = list[Span]

Titled = tuple[Spans, float]  # where titles have a word, and what it is worth

# The words of all works, where those of each begin, and the bits of those that are neighbours.
InOrder = tuple[Packed, Array, Array]
Pair = tuple[bytes, int, float]  # two neighbours, their bit (-1 for none), what they are worth

# A word's share of scores: what each work has of the whole word and how rare that is, the same of
# the word only begun, and whether works that have it only begun stand behind.
Part = tuple[Amounts | None, float, Amounts | None, float, bool]


RankWords = Callable[
    [
        Ints,
        list[Part],
        int,
        int,
        tuple[Array, list[Titled]],
        tuple[InOrder, list[Pair]],
        tuple[float, float, float, float],
    ],
    tuple[Ints, Floats],
]

CutLines = Callable[
    [
        Packed,
        Packed,
        list[list[int]],
        list[list[int]],
        bytes,
        list[tuple[int, int]],
        dict[int | bytes, int],
        Callable[[int, int, int, int], int],
    ],
    list[tuple[str, int] | None],
]


class Best(NamedTuple):
    """Where the best scores stand, in order; `both` if whole and begun words are among them."""

    at: Ints
    both: bool


Masks = Sequence[Bools]
Counted = tuple[int, int]  # a value's place in the fixed order, and its count
