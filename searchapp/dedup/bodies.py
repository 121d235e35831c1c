"""How alike texts are: the runs of five words that they share, and which texts to compare.

    text --words--> runs of 5 --hashed--> sorted array     (all of them: to measure)
                                   |-- every fourth value-> sketch   (to find whom to measure)

Copies lose sentences, gain footers, or are excerpts. Sketches of the *smallest* values, as
MinHash has them, find the first two; an excerpt of a third is far from its whole, so LSH is
blind to it. A sketch of every value that a divisor divides keeps the share of what is
contained, whatever the lengths, so one join of sorted arrays finds all three.
"""

import re
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from searchapp.dedup.model import Likeness
from searchapp.documents import Document

Runs = NDArray[np.uint32]

RUN = 5  # words
ENOUGH_RUNS = 40  # below, a text is a blurb, and two blurbs are alike by chance
SAMPLED = 4  # of so many values one is in the sketch
WIDESPREAD = 60  # texts: a run that more have is a footer, or a licence
FEWEST_SHARED = 3  # values of two sketches
LIKELY = 0.4  # containment by the sketches, from which two texts are measured
UNLIKE = 0.3  # containment below which two texts are clearly not one
NEAR_JACCARD, NEAR_CONTAINMENT = 0.5, 0.7
LONGEST = 200_000  # characters of a text that count

# A letter of Chinese or Japanese is a word; other words are runs of letters and digits.
_WORD = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]|[^\W_\u3040-\u30ff\u3400-\u9fff]+")
_ODD = np.uint64(0x9E3779B97F4A7C15)
_EMPTY: Runs = np.zeros(0, dtype=np.uint32)


class _Numbers(dict[str, int]):
    """A number for each word, the same in every process."""

    def __missing__(self, word: str) -> int:
        data = word.encode("utf-8", "surrogatepass")
        number = self[word] = zlib.crc32(data) << 32 | zlib.adler32(data)
        return number


class Reader:
    """Cuts texts into runs; it keeps the number of each word it saw."""

    def __init__(self) -> None:
        self._numbers = _Numbers()

    def read(self, text: str) -> Runs:
        """Return the hashes of a text's runs, sorted, each once."""
        words = _WORD.findall(text[:LONGEST].lower())
        count = len(words) - RUN + 1
        if count < 1:
            return _EMPTY
        numbers = np.fromiter(map(self._numbers.__getitem__, words), np.uint64, len(words))
        runs = numbers[:count].copy()
        for i in range(1, RUN):  # wraps around, which is what hashes do
            runs *= _ODD
            runs += numbers[i : i + count]
        runs ^= runs >> np.uint64(29)
        runs *= _ODD
        found: Runs = (runs >> np.uint64(32)).astype(np.uint32)
        found.sort()
        first: Runs = found[np.append(True, found[1:] != found[:-1])]
        return first


@dataclass(frozen=True, slots=True)
class Measure:
    """What two texts share: of all runs (jaccard), and of the shorter one's (containment)."""

    jaccard: float
    containment: float
    runs: int

    @property
    def counts(self) -> bool:
        """Whether the shorter text is long enough for anything to follow."""
        return self.runs >= ENOUGH_RUNS

    @property
    def is_near(self) -> bool:
        """Whether the texts speak for one piece, beside a title that does."""
        return self.counts and (
            self.jaccard >= NEAR_JACCARD or self.containment >= NEAR_CONTAINMENT
        )


def measure(a: Runs, b: Runs) -> Measure:
    """Return what two texts share, from all their runs."""
    shorter = min(len(a), len(b))
    if not shorter:
        return Measure(0.0, 0.0, 0)
    both = np.concatenate((a, b))
    both.sort(kind="stable")
    shared = int(np.count_nonzero(both[1:] == both[:-1]))
    return Measure(shared / (len(both) - shared), shared / shorter, shorter)


def compare_texts(a: Document, b: Document) -> Likeness:
    """Return how alike the texts of two documents are."""
    reader = Reader()
    found = measure(reader.read(a.text), reader.read(b.text))
    return Likeness(a.id, b.id, found.jaccard, found.containment, found.runs)


def find_alike(texts: Sequence[Runs]) -> list[tuple[int, int]]:
    """Return the pairs of texts that share enough of their sketches to be measured.

    Runs that many texts have tell nothing, but equal texts are found however many there are:
    each with the first of them.
    """
    first: dict[bytes, int] = {}
    pairs: list[tuple[int, int]] = []
    single: list[int] = []
    for i, runs in enumerate(texts):
        if len(runs) >= ENOUGH_RUNS:
            known = first.setdefault(runs.tobytes(), i)
            if known == i:
                single.append(i)
            else:
                pairs.append((known, i))
    del first
    return pairs + _join_sketches([texts[i][texts[i] % SAMPLED == 0] for i in single], single)


def _join_sketches(sketches: Sequence[Runs], names: Sequence[int]) -> list[tuple[int, int]]:
    sizes = np.fromiter(map(len, sketches), np.int64, len(sketches))
    if not sizes.sum():
        return []
    values = np.concatenate(sketches)
    owners = np.repeat(np.arange(len(sketches), dtype=np.int32), sizes)
    order = np.argsort(values, kind="stable")
    values, owners = values[order], owners[order]
    keys, shared = np.unique(_pairs_of_equals(values, owners, len(sketches)), return_counts=True)
    one, other = np.divmod(keys, len(sketches))
    smaller = np.minimum(sizes[one], sizes[other])
    likely = (shared >= FEWEST_SHARED) & (shared >= LIKELY * smaller)
    return [
        (names[i], names[j])
        for i, j in zip(one[likely].tolist(), other[likely].tolist(), strict=True)
    ]


def _pairs_of_equals(values: Runs, owners: NDArray[np.int32], count: int) -> NDArray[np.int64]:
    """Return, as one number a pair, the owners of each value that few have."""
    starts = np.flatnonzero(np.append(True, values[1:] != values[:-1]))
    lengths = np.diff(np.append(starts, len(values)))
    found = [np.zeros(0, dtype=np.int64)]
    for length in range(2, min(int(lengths.max(initial=0)), WIDESPREAD) + 1):
        begin = starts[lengths == length]
        if len(begin):
            rows = owners[begin[:, None] + np.arange(length)].astype(np.int64)
            one, other = np.triu_indices(length, 1)  # owners ascend: the sort was stable
            found.append((rows[:, one] * count + rows[:, other]).ravel())
    return np.concatenate(found)


def read_texts(documents: Iterable[Document]) -> list[Runs]:
    """Return the runs of each document's text."""
    reader = Reader()
    return [reader.read(document.text) if document.text else _EMPTY for document in documents]
