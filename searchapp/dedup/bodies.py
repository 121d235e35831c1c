"""How alike texts are: the runs of five words that they share, and which texts to compare.

    text --words--> runs of 5 --hashed--> sorted array     (all of them: to measure)
                                   |-- every fourth value-> sketch   (to find whom to measure)

Copies lose sentences, gain footers, or are excerpts. Sketches of the *smallest* values, as
MinHash has them, find the first two; an excerpt of a third is far from its whole, so LSH is
blind to it. A sketch of every value that a divisor divides keeps the share of what is
contained, whatever the lengths, so one join of sorted arrays finds all three.
"""

import hashlib
import itertools
import re
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from searchapp.dedup.model import Likeness
from searchapp.documents import Document

Runs = NDArray[np.uint32]

RUN = 5  # words
FEWEST_RUNS = 15  # below, texts are not compared
ENOUGH_RUNS = 40  # below, a text is a blurb, and two blurbs are alike by chance
SAMPLED = 4  # of so many values one is in the sketch
WIDESPREAD = 60  # texts: a run that more have is a footer, or a licence
OWN = 3  # texts that may have a run which still is theirs: a piece and two copies
FEW = 8  # equal texts that are compared in all pairs
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

    @classmethod
    def of(cls, shared: int, one: int, other: int) -> "Measure":
        """Return what two texts of so many runs have in common if they share some of them."""
        shorter = min(one, other)
        return cls(shared / (one + other - shared), shared / shorter, shorter)

    @property
    def counts(self) -> bool:
        """Whether the shorter text is long enough for anything to follow."""
        return self.runs >= ENOUGH_RUNS

    @property
    def is_alike(self) -> bool:
        """Whether much is shared, if not by much text."""
        return self.jaccard >= NEAR_JACCARD or self.containment >= NEAR_CONTAINMENT

    @property
    def is_near(self) -> bool:
        """Whether the texts speak for one piece, beside a title that does."""
        return self.counts and self.is_alike


def measure(a: Runs, b: Runs) -> Measure:
    """Return what two texts share, from all their runs."""
    if not min(len(a), len(b)):
        return Measure(0.0, 0.0, 0)
    return Measure.of(count_shared(a, b), len(a), len(b))


def count_shared(a: Runs, b: Runs) -> int:
    """Return how many runs two texts share."""
    both = np.concatenate((a, b))
    both.sort(kind="stable")
    return int(np.count_nonzero(both[1:] == both[:-1]))


def compare_texts(a: Document, b: Document) -> Likeness:
    """Return how alike the texts of two documents are."""
    reader = Reader()
    found = measure(reader.read(a.text), reader.read(b.text))
    return Likeness(a.id, b.id, found.jaccard, found.containment, found.runs)


class Outline(NamedTuple):
    """What is enough of a text to find those that are like it.

    `size` counts its runs, `same` is a digest of them, `begin` are the first eight, and
    `sketch` has every fourth value.
    """

    size: int
    same: bytes
    begin: bytes
    sketch: Runs


def outline(runs: Runs) -> Outline:
    """Return the outline of a text."""
    same = hashlib.blake2b(runs.tobytes(), digest_size=16).digest()
    return Outline(len(runs), same, runs[:8].tobytes(), runs[runs % SAMPLED == 0])


NOTHING = outline(_EMPTY)


class Sketches:
    """The sketches of texts, joined: which are alike, and what only these have in common.

    Equal texts are one here, however many have them.
    """

    def __init__(self, texts: Sequence[Outline]) -> None:
        known: dict[bytes, list[int]] = {}
        for i, text in enumerate(texts):
            if text.size >= FEWEST_RUNS:
                known.setdefault(text.same, []).append(i)
        self._equal = list(known.values())
        self._sketches = [texts[members[0]].sketch for members in self._equal]
        sizes = np.fromiter(map(len, self._sketches), np.int64, len(self._sketches))
        values = np.concatenate(self._sketches) if self._sketches else _EMPTY
        both = values.astype(np.uint64) << np.uint64(32)  # sorts faster than two arrays do
        both |= np.repeat(np.arange(len(sizes), dtype=np.uint64), sizes)
        both.sort()
        self._values = (both >> np.uint64(32)).astype(np.uint32)
        self._owners = both.astype(np.uint32).astype(np.int32)
        self._sizes = sizes
        self._place = {i: n for n, members in enumerate(self._equal) for i in members}

    def find_alike(self) -> list[tuple[int, int]]:
        """Return the pairs of texts that share enough to be measured."""
        repeated = (members for members in self._equal if len(members) > 1)
        pairs = [pair for members in repeated for pair in _of_equals(members)]
        count = len(self._sizes)
        keys, shared = np.unique(
            _pairs_of_equals(self._values, self._owners, count), return_counts=True
        )
        one, other = np.divmod(keys, max(count, 1))
        smaller = np.minimum(self._sizes[one], self._sizes[other])
        likely = (shared >= FEWEST_SHARED) & (shared >= LIKELY * smaller)
        for a, b in zip(one[likely].tolist(), other[likely].tolist(), strict=True):
            pairs += itertools.product(self._equal[a][:FEW], self._equal[b][:FEW])
        return [(min(pair), max(pair)) for pair in pairs]

    def own_share(self, i: int, j: int) -> float:
        """Return which share of what two texts have in common hardly any other has.

        Issues of a newsletter share its greetings, and so does every other issue.
        """
        one, other = self._place.get(i), self._place.get(j)
        if one is None or other is None:
            return 0.0
        shared = np.intersect1d(self._sketches[one], self._sketches[other], assume_unique=True)
        if not len(shared):
            return 0.0
        begin, end = (np.searchsorted(self._values, shared, side) for side in ("left", "right"))
        return float(np.count_nonzero(end - begin <= OWN) / len(shared))


def _of_equals(members: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Yield equal texts in pairs: few of them all with all, the others with the first."""
    yield from itertools.combinations(members[:FEW], 2)
    yield from ((members[0], other) for other in members[FEW:])


def _pairs_of_equals(values: Runs, owners: NDArray[np.int32], count: int) -> NDArray[np.int64]:
    """Return, as one number a pair, the owners of each value that few have."""
    starts = np.flatnonzero(np.append(True, values[1:] != values[:-1]))
    lengths = np.diff(np.append(starts, len(values)))
    starts, lengths = starts[lengths > 1], lengths[lengths > 1]
    found = [np.zeros(0, dtype=np.int64)]
    for length in range(2, min(int(lengths.max(initial=0)), WIDESPREAD) + 1):
        begin = starts[lengths == length]
        if len(begin):
            rows = owners[begin[:, None] + np.arange(length)].astype(np.int64)
            one, other = np.triu_indices(length, 1)  # owners ascend: the sort was stable
            found.append((rows[:, one] * count + rows[:, other]).ravel())
    return np.concatenate(found)
