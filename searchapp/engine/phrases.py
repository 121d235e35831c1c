"""The words of each work in their order: phrases are looked up in them.

    | fine tuning grpo | the cost of routing |     one line a text of a document, one work after
                                                   the other, in a file mapped into memory, and
                                                   where each work begins

Postings say which works have all words of a phrase; only these are looked at, by a plain
search for bytes, which reads gigabytes a second. The order of words is no posting: like
works.sqlite it is made from works, and Whoosh's frequency-only format stays small and fast.
"""

from collections.abc import Iterator, Sequence
from itertools import pairwise
from mmap import ACCESS_READ, mmap
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from searchapp.documents import Work
from searchapp.engine.analysis import cut_into_words
from searchapp.engine.neighbours import BYTES, Bits, bit_of, mark_neighbours, may_follow
from searchapp.fields import TEXT_FIELDS
from searchapp.kernels import follow
from searchapp.kernels.types import InOrder

FOLDER = "phrases"

Array = npt.NDArray[Any]
Bools = npt.NDArray[np.bool_]
Ints = npt.NDArray[np.intp]
Rows = Sequence[int] | npt.NDArray[np.int64]


def words_in_order(work: Work) -> bytes:
    """Return the words of a work, a line for each text; the same line of a copy only once.

    Titles stand in the first lines, each begun with a tab, so that they can be told.
    """
    lines: dict[str, None] = {}
    for field in TEXT_FIELDS:
        mark = "\t" if field.name == "title" else ""
        for document in work.documents:
            for text in field.texts(work, document):
                if words := cut_into_words(text):
                    lines.setdefault(f"{mark} {' '.join(words)} \n")
    return "".join(lines).encode("utf-8", "surrogatepass")


def write_phrases(
    folder: Path, works: Sequence[Work], earlier: "WordOrder | None" = None, new_rows: Rows = ()
) -> None:
    """Write the words of `works`, in row order, into the new folder `folder`.

    With them the bits of those that are neighbours. Those of a work that `earlier` has are the
    same: `new_rows` has the row of each work there, -1 of one that is gone.
    """
    folder.mkdir(mode=0o700)
    older = np.full(len(works), -1)
    bits = np.zeros((len(works), BYTES), np.uint8)
    lengths = np.zeros(len(works) + 1, np.uint64)
    if earlier:
        earlier.give(np.asarray(new_rows), older, bits, lengths[1:])
    with (folder / "words.txt").open("wb") as file:
        for first, last in _runs(older):
            if earlier and older[first] >= 0:
                file.write(earlier.words_between(int(older[first]), int(older[last - 1]) + 1))
                continue
            for row in range(first, last):
                words = words_in_order(works[row])
                bits[row] = mark_neighbours(words)
                lengths[row + 1] = file.write(words)
    np.save(folder / "bounds.npy", np.cumsum(lengths, dtype=np.uint64), allow_pickle=False)
    np.save(folder / "neighbours.npy", bits, allow_pickle=False)


def _runs(older: Ints) -> Iterator[tuple[int, int]]:
    """Yield runs of rows that stood one after the other, too, or of such as are all new."""
    together = (np.diff(older) == 1) | ((older[1:] < 0) & (older[:-1] < 0))
    breaks = (~together).nonzero()[0] + 1
    ends = [0, *breaks.tolist(), len(older)]
    return ((a, b) for a, b in pairwise(ends) if a < b)


class WordOrder:
    """Looks phrases up in the words of one generation's works."""

    def __init__(self, folder: Path) -> None:
        self._bounds = _map(folder / "bounds.npy")
        self._neighbours: Bits = _map(folder / "neighbours.npy")
        self._words: mmap | bytes = b""
        if self._bounds[-1]:  # an empty file cannot be mapped
            with (folder / "words.txt").open("rb") as file:
                self._words = mmap(file.fileno(), 0, access=ACCESS_READ)

    def having(self, phrase: Sequence[str], rows: Ints, prefix: bool, in_title: bool) -> Ints:
        """Return which of `rows` have the words of a phrase one after the other."""
        wanted = pattern(phrase, prefix)
        rows = self._likely(wanted, rows)
        find = self._find_in_title if in_title else self._find
        found = [find(wanted, start, end) for start, end in self._spans(rows)]
        return rows[np.array(found, np.bool_)]

    def _likely(self, wanted: bytes, rows: Ints) -> Ints:
        """Return those of `rows` whose bits have all pairs of neighbours in what is wanted."""
        first, *others = wanted[1:].split(b" ")
        for i, second in enumerate(others):
            ended = second + b" " if i < len(others) - 1 else second
            bit = bit_of(first, ended)
            if bit is not None:
                rows = rows.take(may_follow(self._neighbours, rows, bit))
            first = second
        return rows

    def count_in_each(self, first: str, second: str, rows: Ints) -> Ints | None:
        """Return how often `second` follows `first` in each of `rows`; None for not at all.

        The second word may go on.
        """
        return follow(self.in_order, rows, *self.pair(first, second))

    @property
    def in_order(self) -> InOrder:
        """The words of all works, where those of each begin, and the bits of neighbours."""
        return self._words, self._bounds, self._neighbours

    def pair(self, first: str, second: str) -> tuple[bytes, int]:
        """Return the bytes of two neighbours, and the bit that such have; -1 for none."""
        wanted = pattern((first, second), True)
        bit = bit_of(*wanted[1:].split(b" "))
        return wanted, -1 if bit is None else bit

    def give(self, new_rows: Ints, older: Ints, bits: Bits, lengths: Array) -> None:
        """Fill in by their new rows what is known of works: their older row, bits, and length."""
        stays = (new_rows >= 0).nonzero()[0]
        rows = new_rows[stays]
        older[rows] = stays
        bits[rows] = self._neighbours[stays]
        lengths[rows] = np.diff(self._bounds)[stays]

    def words_between(self, first: int, last: int) -> bytes:
        """Return the words of the works from one to before another."""
        start, end = self._bounds.take((first, last)).tolist()
        return self._words[start:end]

    def _texts(self, rows: Ints) -> list[bytes]:
        return [self._words[start:end] for start, end in self._spans(rows)]

    def _spans(self, rows: Ints) -> Iterator[tuple[int, int]]:
        starts, ends = self._bounds[:-1].take(rows), self._bounds[1:].take(rows)
        return zip(starts.tolist(), ends.tolist(), strict=True)

    def _find(self, wanted: bytes, start: int, end: int) -> bool:
        return self._words.find(wanted, start, end) >= 0

    def _find_in_title(self, wanted: bytes, start: int, end: int) -> bool:
        while self._words[start : start + 1] == b"\t":
            line_end = self._words.find(b"\n", start, end)
            if self._words.find(wanted, start, line_end) >= 0:
                return True
            start = line_end + 1
        return False


def _map(path: Path) -> npt.NDArray[Any]:
    mapped: npt.NDArray[Any] = np.load(path, mmap_mode="r", allow_pickle=False)
    return np.asarray(mapped)


def pattern(phrase: Sequence[str], prefix: bool) -> bytes:
    """Return the bytes that stand where `phrase` does; the last word may go on if `prefix`."""
    end = "" if prefix else " "
    return f" {' '.join(phrase)}{end}".encode("utf-8", "surrogatepass")
