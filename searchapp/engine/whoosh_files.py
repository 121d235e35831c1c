"""Sorted postings into the files of Whoosh's codec: postings in blocks, terms in a hash file.

    .pst    W3Bl |block of rain|  W3Bl |block of rainy|block of rainy| ...
    .trm    rain -> how many, weights, lengths, where in .pst | ... | hash tables | places

Whoosh's own writer takes some 20 microseconds a term, and most terms stand once or twice. Here
all numbers of a field are prepared at once, and a term costs two small pickles; what stands on
disk is what `W3PostingsWriter` and `OrderedHashWriter` would write, but that a few postings are
not compressed: zlib makes them larger.
"""

import struct
import zlib
from array import array
from collections.abc import Iterator, Sequence
from hashlib import md5
from itertools import pairwise
from pickle import dumps
from typing import Any

import numpy as np
import numpy.typing as npt
from whoosh.codec.whoosh3 import WHOOSH3_HEADER_MAGIC as MAGIC
from whoosh.codec.whoosh3 import W3TermInfo
from whoosh.filedb.filetables import OrderedHashWriter
from whoosh.util.numeric import length_to_byte

from searchapp.engine.postings import FieldPostings, UInts

BLOCK = 128  # postings in a block, Whoosh's own default
COMPRESSION = 3  # of zlib, Whoosh's own default
FEW = 16  # postings: a term with fewer is not compressed
MANY = 50_000  # postings that are prepared at once

_INFO = np.dtype(
    [("flags", "u1"), ("weight", ">f4"), ("df", ">u4"), ("min_length", "u1"), ("max_length", "u1"),
     ("max_weight", ">f4"), ("first", ">u4"), ("last", ">u4"), ("offset", ">i8"),
     ("length", ">i4")]
)  # fmt: skip
assert _INFO.itemsize == W3TermInfo._struct.size + 12  # noqa: S101  # nosec B101  # the pinned Whoosh's
_SLOT = np.dtype([("hash", ">u4"), ("position", ">i8")])
_LENGTHS = struct.Struct("!ii")
_LENGTH = struct.Struct("!i")

Ints = npt.NDArray[np.intp]


def write_field(
    terms: "HashFile", postings: Any, number: int, table: FieldPostings, field: Any, lengths: UInts
) -> None:
    """Write the postings of one field to the open file `postings`, and its terms to `terms`.

    `number` is that by which Whoosh knows the field; `lengths` are those of the works, 0 where
    they do not count.
    """
    codes = np.array([length_to_byte(int(n)) if n else 0 for n in lengths], np.uint8)
    weighted = field.format.fixed_value_size() != 0
    prefix = struct.pack("!H", number)
    bounds = np.searchsorted(table.term, np.arange(len(table.terms) + 1, dtype=np.uint32))
    for first, last in _portions(bounds):
        start, stop = int(bounds[first]), int(bounds[last])
        row, frequency = table.row[start:stop], table.frequency[start:stop]
        ends = bounds[first : last + 1] - start
        info = _describe(row, frequency, codes, ends)
        blocks = _Blocks(row, frequency, codes, weighted)
        at = postings.tell()
        written: list[bytes] = []
        sizes: list[int] = []
        for begin, end in zip(ends[:-1].tolist(), ends[1:].tolist(), strict=True):
            term = blocks.of_term(begin, end)
            written.append(term)
            sizes.append(len(term))
        postings.write(b"".join(written))
        info["length"] = sizes
        info["offset"] = at + np.cumsum([0, *sizes[:-1]])
        raw, size = info.tobytes(), _INFO.itemsize
        keys = [prefix + field.to_bytes(text) for text in table.terms[first:last]]
        terms.add_many(keys, [raw[n : n + size] for n in range(0, len(raw), size)])


def _portions(bounds: Ints) -> Iterator[tuple[int, int]]:
    """Yield terms, from one to before another, that have some ten thousand postings together."""
    first = 0
    while first < len(bounds) - 1:
        last = int(np.searchsorted(bounds, bounds[first] + MANY))
        last = min(max(last, first + 1), len(bounds) - 1)
        yield first, last
        first = last


def _describe(row: UInts, frequency: UInts, codes: UInts, ends: Ints) -> npt.NDArray[np.void]:
    """Return what Whoosh keeps of each term, without where its postings are."""
    begins = ends[:-1]
    info = np.zeros(len(begins), _INFO)
    info["weight"] = np.add.reduceat(frequency.astype(np.float64), begins)
    info["df"] = np.diff(ends)
    info["min_length"] = np.minimum.reduceat(codes[row], begins)
    info["max_length"] = np.maximum.reduceat(codes[row], begins)
    info["max_weight"] = np.maximum.reduceat(frequency, begins)
    info["first"], info["last"] = row[begins], row[ends[1:] - 1]
    return info


class _Blocks:
    """Some postings of a field, in the types that go into a block."""

    def __init__(self, row: UInts, frequency: UInts, codes: UInts, weighted: bool) -> None:
        self.rows = row.tolist()
        self.weights = frequency.tolist()
        self.codes = codes[row].tobytes()
        self.values = frequency.astype(">u4").tobytes() if weighted else None

    def of_term(self, start: int, stop: int) -> bytes:
        """Return all blocks of a term, behind the sign that they begin with."""
        compression = COMPRESSION if stop - start >= FEW else 0
        if stop - start <= BLOCK:
            return b"".join((MAGIC, self._block(start, stop, compression, last=True)))
        begins = range(start, stop, BLOCK)
        blocks = (
            self._block(at, min(at + BLOCK, stop), compression, last=at == begins[-1])
            for at in begins
        )
        return b"".join((MAGIC, *blocks))

    def _block(self, start: int, stop: int, compression: int, *, last: bool) -> bytes:
        rows = self.rows[start:stop]
        weights, codes = self.weights[start:stop], self.codes[start:stop]
        most, least = max(weights), min(weights)
        deltas = (rows[0], *(b - a for a, b in pairwise(rows)))
        shown = None if most == least == 1 else float(most) if most == least else _floats(weights)
        values = self.values[4 * start : 4 * stop] if self.values is not None else None
        content = dumps((deltas, shown, values), 2)
        if compression:
            content = zlib.compress(content, compression)
        about = (stop - start, rows[-1], float(most), compression, min(codes), max(codes))
        info = dumps(about, 2)
        size = len(info) + len(content)
        return b"".join((_LENGTH.pack(-size if last else size), info, content))


def _floats(weights: Sequence[int]) -> tuple[float, ...]:
    return tuple(map(float, weights))


class HashFile(OrderedHashWriter):  # type: ignore[misc]  # Whoosh has no types
    """Whoosh's file of sorted keys and values, written many at a time."""

    def __init__(self, dbfile: Any) -> None:
        super().__init__(dbfile)
        self.hashes = array("I")
        self.positions = array("q")

    def add_many(self, keys: Sequence[bytes], values: Sequence[bytes]) -> None:
        """Add sorted keys, which all follow those that were added before."""
        at = self.dbfile.tell()
        parts: list[bytes] = []
        for key, value in zip(keys, values, strict=True):
            parts += (_LENGTHS.pack(len(key), len(value)), key, value)
            self.hashes.append(int.from_bytes(md5(key, usedforsecurity=False).digest()[-4:]))
            self.positions.append(at)
            at += 8 + len(key) + len(value)
        self.dbfile.write(b"".join(parts))

    def _write_hashes(self) -> None:
        """Write the 256 hash tables, each of twice as many slots as it has keys."""
        positions = np.frombuffer(self.positions, np.int64)
        hashes = np.frombuffer(self.hashes, np.uint32)
        bucket = hashes & np.uint32(255)
        order = np.argsort(bucket, kind="stable")
        bounds = np.searchsorted(bucket[order], np.arange(257))
        for start, stop in zip(bounds[:-1].tolist(), bounds[1:].tolist(), strict=True):
            here = order[start:stop]
            self.directory.append((self.dbfile.tell(), 2 * len(here)))
            table = np.zeros(2 * len(here), _SLOT)
            slots = _find_slots((hashes[here] >> np.uint32(8)).tolist(), len(table))
            table["hash"][slots], table["position"][slots] = hashes[here], positions[here]
            self.dbfile.write(table.tobytes())

    def _write_extras(self) -> None:
        fits = not len(self.positions) or self.positions[-1] < 1 << 31
        self.index.array = array("i", self.positions) if fits else self.positions
        super()._write_extras()


def _find_slots(wanted: Sequence[int], size: int) -> list[int]:
    """Return the slot of each key: the one that it wants, or the next that is free."""
    taken = bytearray(size)
    found = []
    for hashed in wanted:
        slot = hashed % size
        while taken[slot]:
            slot = (slot + 1) % size
        taken[slot] = 1
        found.append(slot)
    return found
