"""The words of each work in their order: phrases are looked up in them.

    | fine tuning grpo | the cost of routing |     one line a text of a document, one work after
                                                   the other, in a file mapped into memory, and
                                                   where each work begins

Postings say which works have all words of a phrase; only these are looked at, by a plain
search for bytes, which reads gigabytes a second. The order of words is no posting: like
works.sqlite it is made from works, and Whoosh's frequency-only format stays small and fast.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from mmap import ACCESS_READ, mmap
from pathlib import Path

import numpy as np
import numpy.typing as npt

from searchapp.documents import Work
from searchapp.engine.analysis import cut_into_words
from searchapp.fields import TEXT_FIELDS

FOLDER = "phrases"

Bools = npt.NDArray[np.bool_]
Ints = npt.NDArray[np.intp]


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
    folder: Path, works: Iterable[Work], known: Callable[[int], bytes | None] = lambda row: None
) -> None:
    """Write the words of `works`, in row order, into the new folder `folder`.

    `known` gives the words of a row that an older generation has: those of a work that is still
    the same are the same.
    """
    folder.mkdir(mode=0o700)
    bounds = [0]
    with (folder / "words.txt").open("wb") as file:
        for row, work in enumerate(works):
            words = known(row)
            words = words_in_order(work) if words is None else words
            bounds.append(bounds[-1] + file.write(words))
    np.save(folder / "bounds.npy", np.array(bounds, np.uint64), allow_pickle=False)


def take_over(folder: Path, new_rows: Sequence[int]) -> Callable[[int], bytes | None]:
    """Return what gives the words in `folder` by the rows that works have now.

    `new_rows` has the row of each work there, -1 of one that is gone.
    """
    older = WordOrder(folder)
    older_row = {new: old for old, new in enumerate(new_rows) if new >= 0}

    def known(row: int) -> bytes | None:
        return older.text(older_row[row]) if row in older_row else None

    return known


class WordOrder:
    """Looks phrases up in the words of one generation's works."""

    def __init__(self, folder: Path) -> None:
        mapped = np.load(folder / "bounds.npy", mmap_mode="r", allow_pickle=False)
        self._bounds = np.asarray(mapped)
        self._words: mmap | bytes = b""
        if self._bounds[-1]:  # an empty file cannot be mapped
            with (folder / "words.txt").open("rb") as file:
                self._words = mmap(file.fileno(), 0, access=ACCESS_READ)

    def having(self, phrase: Sequence[str], rows: Ints, prefix: bool, in_title: bool) -> Ints:
        """Return which of `rows` have the words of a phrase one after the other."""
        wanted = pattern(phrase, prefix)
        find = self._find_in_title if in_title else self._find
        found = [find(wanted, start, end) for start, end in self._spans(rows)]
        return rows[np.array(found, np.bool_)]

    def count(self, wanted: bytes, row: int) -> int:
        """Return how often `wanted` stands in a work."""
        start, end = self._bounds[row : row + 2].tolist()
        return self._words[start:end].count(wanted)

    def text(self, row: int) -> bytes:
        """Return the words of a work."""
        start, end = self._bounds[row : row + 2].tolist()
        return self._words[start:end]

    def texts(self, rows: Ints) -> list[bytes]:
        """Return the words of each of `rows`."""
        return [self._words[start:end] for start, end in self._spans(rows)]

    def _spans(self, rows: Ints) -> Iterator[tuple[int, int]]:
        starts, ends = self._bounds.take(rows), self._bounds.take(rows + 1)
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


def pattern(phrase: Sequence[str], prefix: bool) -> bytes:
    """Return the bytes that stand where `phrase` does; the last word may go on if `prefix`."""
    end = "" if prefix else " "
    return f" {' '.join(phrase)}{end}".encode("utf-8", "surrogatepass")
