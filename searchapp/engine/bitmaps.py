"""Facets of few values as bits: all their counts by one AND with the works that were found.

        work  0 1 2 3 4 5 ...
found         1 0 1 1 0 1         year 2024 is counted by counting the bits that
2024          1 1 1 0 0 0         both have, 64 works at a time: it takes as long,
2023          0 0 0 1 1 0         however many works were found
"""

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt

from searchapp.engine.postings import FieldPostings
from searchapp.kernels import count_bits

Array = npt.NDArray[np.generic]
Bools = npt.NDArray[np.bool_]
Counts = npt.NDArray[np.intp]
Words = npt.NDArray[np.uint64]

FEW = 64  # values; of more, codes are counted
NAME = "facets.bits"


def has_few_values(size: int) -> bool:
    """Whether a facet of so many values is counted by bits."""
    return size <= FEW


def lay_out_bits(fields: Mapping[str, FieldPostings], rows: int) -> dict[str, Array]:
    """Return `facets.bits`: a row for each value of the facets that have few, one after another."""
    tables = [table for table in fields.values() if has_few_values(len(table.terms))]
    width = -(-rows // 64)
    bits = [np.zeros((0, width), np.uint64)]
    for table in tables:
        has = np.zeros((len(table.terms), rows), np.bool_)
        has[table.term, table.row] = True
        bits.append(_pack(has, width))
    return {NAME: np.concatenate(bits)}


def _pack(has: Bools, width: int) -> Words:
    """Return booleans as bits, each row in so many words of 64."""
    padded = np.zeros((len(has), width * 8), np.uint8)
    packed = np.packbits(has, axis=1, bitorder="little")
    padded[:, : packed.shape[1]] = packed
    return padded.view(np.uint64)


class Bitmaps:
    """Counts the facets of one generation that have few values, `sizes` of all by name."""

    def __init__(self, arrays: Mapping[str, Array], sizes: Mapping[str, int]) -> None:
        self._bits = np.asarray(arrays[NAME], np.uint64)
        self._slices: dict[str, slice] = {}
        at = 0
        for name, size in sizes.items():
            if has_few_values(size):
                self._slices[name] = slice(at, at + size)
                at += size

    def __contains__(self, name: str) -> bool:
        return name in self._slices

    def count(self, mask: Bools) -> dict[str, Counts]:
        """Return by facet how many of the works in `mask` have each value."""
        counts = count_bits(self._bits, (mask,))
        return {name: counts[part] for name, part in self._slices.items()}

    def count_facet(self, name: str, masks: Sequence[Bools]) -> Counts:
        """Return how many of the works that are in all of `masks` have each value of one facet."""
        return count_bits(self._bits[self._slices[name]], masks)
