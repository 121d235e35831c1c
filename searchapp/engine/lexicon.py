"""Sorted texts in one blob of UTF-8: looked up in place, never read as a whole."""

from bisect import bisect_left
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.generic]

STEP = 64  # texts between two that are held in memory, to begin a search with


def lay_out_texts(name: str, texts: list[str]) -> dict[str, Array]:
    """Return the arrays of a lexicon called `name` of these sorted texts."""
    encoded = [_encode(text) for text in texts]
    bounds = np.cumsum([0, *(len(text) for text in encoded)])
    return {
        f"{name}.utf8": np.frombuffer(b"".join(encoded), np.uint8),
        f"{name}.bounds": bounds.astype(np.uint32),
    }


def _encode(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


@dataclass(frozen=True)
class Lexicon:
    """Sorted texts, each known by its number."""

    utf8: bytes | memoryview
    bounds: npt.NDArray[np.uint32]

    @classmethod
    def of(cls, arrays: Mapping[str, Array], name: str) -> "Lexicon":
        """Return the lexicon called `name` of some arrays."""
        return cls(arrays[f"{name}.utf8"].data, np.asarray(arrays[f"{name}.bounds"], np.uint32))

    def __len__(self) -> int:
        return len(self.bounds) - 1

    def __getitem__(self, number: int) -> str:
        start, end = self.bounds[number : number + 2].tolist()
        return bytes(self.utf8[start:end]).decode("utf-8", "surrogatepass")

    def __iter__(self) -> Iterator[str]:
        utf8, bounds = bytes(self.utf8), self.bounds.tolist()
        return (utf8[start:end].decode("utf-8", "surrogatepass") for start, end in pairwise(bounds))

    def find(self, text: str) -> int | None:
        """Return the number of `text`, or None where it is not in the lexicon."""
        at = self._position(_encode(text))
        return at if at < len(self) and self[at] == text else None

    def prefix(self, start: str) -> range:
        """Return the numbers of all texts that begin with `start`."""
        encoded = _encode(start)
        # No UTF-8 text has the byte 0xFF, so it sorts behind all continuations.
        return range(self._position(encoded), self._position(encoded + b"\xff"))

    @cached_property
    def _every(self) -> list[bytes]:
        """Every so-many-th text."""
        bounds, utf8 = self.bounds, self.utf8
        starts, ends = bounds[:-1:STEP].tolist(), bounds[1::STEP].tolist()
        return [bytes(utf8[start:end]) for start, end in zip(starts, ends, strict=True)]

    def _position(self, encoded: bytes) -> int:
        """Return how many texts sort before `encoded`."""
        block = bisect_left(self._every, encoded)
        if not block:
            return 0
        low = (block - 1) * STEP + 1  # the text at low - 1 sorts before
        bounds = self.bounds[low : low + STEP].tolist()
        start = bounds[0]
        texts = bytes(self.utf8[start : bounds[-1]])
        return low + bisect_left(
            range(len(bounds) - 1),
            encoded,
            key=lambda i: texts[bounds[i] - start : bounds[i + 1] - start],
        )
