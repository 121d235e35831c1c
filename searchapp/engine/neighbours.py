"""Which words stand side by side in a work, as bits: most works are told apart without their texts.

fine tuning grpo      fine tu: bit 1207, tuning gr: bit 88       256 bytes a work, whatever
fine tun              fine tu: bit 1207; look at the text        its length

A bit that is missing is certain; one that is set may be that of other words, so then the text
is read. A word counts with its length and its beginning, the one that follows with two bytes,
as a half typed word has them too.
"""

from functools import cache
from typing import Literal

import numpy as np
import numpy.typing as npt

BYTES = 256  # of a work: of 250 words that follow each other, one bit in nine is set
FOLLOWING = 2  # bytes of the word that follows
BEGINNING = 8  # bytes of the word that stands first

Bits = npt.NDArray[np.uint8]
Ints = npt.NDArray[np.intp]

_SIZE = BYTES * 8
_SHIFT = 64 - (_SIZE - 1).bit_length()
_FACTORS = (0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9)  # odd, without a pattern
_WRAP = (1 << 64) - 1
_SPACE = 0x20


@cache
def _masks() -> npt.NDArray[np.uint64]:
    """Return what leaves of eight bytes the first 0 to 8."""
    return np.array([(1 << 8 * n) - 1 for n in range(BEGINNING + 1)], np.uint64)


def mark_neighbours(words: bytes) -> Bits:
    """Return the bits of all words of a work that follow each other with a space between."""
    padded = words + bytes(BEGINNING)
    spaces = (np.frombuffer(words, np.uint8) == _SPACE).nonzero()[0]
    lengths = np.diff(spaces) - 1
    beginnings = _numbers_at(padded, spaces[:-1] + 1, "<u8")
    beginnings &= _masks().take(np.minimum(lengths, BEGINNING))
    following = _numbers_at(padded, spaces[1:] + 1, "<u2")
    a, b, c = map(np.uint64, _FACTORS)
    mixed = beginnings * a + following * b + lengths.astype(np.uint64) * c
    mixed = (mixed ^ mixed >> np.uint64(32)) * a
    flags = np.zeros(_SIZE, np.bool_)
    flags[(mixed >> np.uint64(_SHIFT)).astype(np.intp)] = True
    return np.packbits(flags, bitorder="little")


def _numbers_at(text: bytes, places: Ints, dtype: Literal["<u8", "<u2"]) -> npt.NDArray[np.uint64]:
    """Return the bytes at each of `places` as one number."""
    size = len(text) - np.dtype(dtype).itemsize + 1
    numbers: npt.NDArray[np.uint64] = np.ndarray((size,), dtype, text, strides=(1,))
    return numbers.take(places).astype(np.uint64, copy=False)


def bit_of(first: bytes, second: bytes) -> int | None:
    """Return the bit of `second`, whole or begun, behind `first`; None where it is too short."""
    if len(second) < FOLLOWING:
        return None
    a, b, c = _FACTORS
    beginning = int.from_bytes(first[:BEGINNING], "little")
    following = int.from_bytes(second[:FOLLOWING], "little")
    mixed = beginning * a + following * b + len(first) * c & _WRAP
    return ((mixed ^ mixed >> 32) * a & _WRAP) >> _SHIFT


def may_follow(bits: Bits, rows: Ints, bit: int) -> Ints:
    """Return the places among `rows` of those works in which that bit is set."""
    found = bits.ravel().take(rows * BYTES + (bit >> 3)) & np.uint8(1 << (bit & 7))
    return found.nonzero()[0]
