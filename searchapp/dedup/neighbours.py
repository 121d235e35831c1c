"""Which titles to compare: few pairs, found by what related titles share, never all with all.

    one key          equal
    one beginning    cut ("Why Your Validation Loss Is…"), or a subtitle more
    one less a word  a slip, an ending
    one ending       an abbreviation written out
    the same words   swapped, reordered

Where many share something, only neighbours in sorted order are compared. Most titles share
nothing with any other: their marks, numbers for what they could share, tell so at once.
"""

import zlib
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from searchapp.dedup.titles import SHORTEST_PREFIX
from searchapp.dedup.wordings import Wording

Marks = NDArray[np.uint32]

MANY = 20  # titles that share something; beyond, only neighbours are compared
WINDOW = 4
SHORTEST_CHANGED = 5  # letters of a word that may be slipped or inflected
COMPLETIONS = 3  # of a cut title, of which one may be meant


class Traits(NamedTuple):
    """What a title may share with another, as numbers that are the same in every process.

    `marks` stand for its words in some order or without one, `whole` for all of them,
    `starts` for those that it begins with. Two marks may be equal by chance: that leaves a
    title to be looked at, and never one out.
    """

    marks: Marks
    starts: Marks
    whole: int


def read_traits(wording: Wording) -> Traits:
    """Return the marks of a title, one for each block in which it is compared."""
    words = [word.encode("utf-8", "surrogatepass") + b"\0" for word in wording.words]
    marks = [_mark("s", "".join(sorted(wording.informative)))]
    if wording.segments:
        marks.append(_mark("s", "".join(sorted(wording.joined))))
    if len(words) > 3:
        marks.append(_mark("e", "\0".join((wording.words[0], *wording.words[-3:]))))
    starts = [0]
    for word in words:
        starts.append(zlib.crc32(word, starts[-1]))
    for at in _changeable(wording):
        marks.append(zlib.crc32(b"l" + b"".join(words[at + 1 :]), starts[at]))
    return Traits(np.array(marks, np.uint32), np.array(starts[2:-1], np.uint32), starts[-1])


def _mark(kind: str, text: str) -> int:
    return zlib.crc32((kind + text).encode("utf-8", "surrogatepass"))


def find_sharing(traits: Sequence[Traits]) -> list[int]:
    """Return the titles that share a mark with another, or begin with all of another's words."""
    if not traits:
        return []
    count = len(traits)
    marks, owners = _lay_out([t.marks for t in traits])
    whole = np.fromiter((t.whole for t in traits), np.uint32, count)
    starts, begun_by = _lay_out([t.starts for t in traits])
    ordered = np.sort(marks)
    found = np.zeros(count, dtype=bool)
    found[owners[_are_among(marks, ordered[1:][ordered[1:] == ordered[:-1]])]] = True
    short = _are_among(whole, starts)
    found[short] = True
    found[begun_by[_are_among(starts, whole[short])]] = True
    return np.flatnonzero(found).tolist()


def _are_among(values: Marks, others: Marks) -> NDArray[np.bool_]:
    """Return of each value whether it is one of others."""
    if not len(others):
        return np.zeros(len(values), dtype=bool)
    ordered = np.sort(others)
    places = np.minimum(np.searchsorted(ordered, values), len(ordered) - 1)
    among: NDArray[np.bool_] = ordered[places] == values
    return among


def _lay_out(arrays: Sequence[Marks]) -> tuple[Marks, NDArray[np.int64]]:
    """Return arrays as one, and of which of them each of its values is."""
    sizes = np.fromiter(map(len, arrays), np.int64, len(arrays))
    return np.concatenate(arrays), np.repeat(np.arange(len(arrays)), sizes)


def find_related(wordings: Sequence[Wording]) -> Iterator[tuple[int, int]]:
    """Yield pairs of different titles, as indexes, that may be wordings of one."""
    yield from _same_words(wordings)
    yield from _less_a_word(wordings)
    yield from _one_ending(wordings)
    yield from _one_beginning(wordings)


def find_completions(wordings: Sequence[Wording]) -> dict[int, list[int]]:
    """Return for each title that ends in dots the titles that go on from there.

    One is the title that was cut, of several any may be. Other cuts of it are no titles.
    """
    whole = sorted((w.title.joined, i) for i, w in enumerate(wordings) if not w.title.ends_in_dots)
    starts = [joined for joined, _ in whole]
    found = {}
    for i, wording in enumerate(wordings):
        start = wording.title.joined
        if wording.title.ends_in_dots and len(start) >= SHORTEST_PREFIX:
            first = bisect_left(starts, start)
            last = bisect_left(starts, start + "\U0010ffff", first, min(first + 99, len(starts)))
            if last > first:
                found[i] = [j for _, j in whole[first:last]]
    return found


def _same_words(wordings: Sequence[Wording]) -> Iterator[tuple[int, int]]:
    blocks: dict[str, list[int]] = defaultdict(list)
    for i, wording in enumerate(wordings):
        blocks["".join(sorted(wording.informative))].append(i)
        if wording.segments:
            blocks["".join(sorted(wording.joined))].append(i)
    yield from _pairs(blocks.values(), wordings)


def _less_a_word(wordings: Sequence[Wording]) -> Iterator[tuple[int, int]]:
    """Yield titles that are one without a long word of each."""
    blocks: dict[int, list[tuple[str, int]]] = defaultdict(list)
    for i, wording in enumerate(wordings):
        words = wording.words
        for at in _changeable(wording):
            blocks[hash((words[:at], words[at + 1 :]))].append((words[at], i))
    for block in blocks.values():
        if len(block) > 1:
            block.sort()
            for n, (word, i) in enumerate(block):
                for other, j in block[n + 1 : n + 1 + WINDOW]:
                    if word[0] == other[0] and abs(len(word) - len(other)) <= 2:
                        yield min(i, j), max(i, j)


def _changeable(wording: Wording) -> list[int]:
    """Return where the words of a title stand that may be slipped or inflected."""
    if not 2 < len(wording.words) <= MANY:
        return []
    return [at for at, word in enumerate(wording.words) if len(word) >= SHORTEST_CHANGED]


def _one_ending(wordings: Sequence[Wording]) -> Iterator[tuple[int, int]]:
    blocks: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for i, wording in enumerate(wordings):
        if len(wording.words) > 3:
            blocks[(wording.words[0], *wording.words[-3:])].append(i)
    yield from _pairs(blocks.values(), wordings)


def _one_beginning(wordings: Sequence[Wording]) -> Iterator[tuple[int, int]]:
    """Yield titles of which one begins with all words of the other."""
    order = sorted(range(len(wordings)), key=lambda i: wordings[i].words)
    for n, i in enumerate(order):
        short = wordings[i].words
        if len(short) < 2:
            continue
        for j in order[n + 1 : n + 1 + WINDOW]:
            if wordings[j].words[: len(short)] != short:
                break
            yield min(i, j), max(i, j)


def _pairs(
    blocks: Iterable[Sequence[int]], wordings: Sequence[Wording]
) -> Iterator[tuple[int, int]]:
    for block in blocks:
        if len(block) < 2:
            continue
        many = len(block) > MANY
        order = sorted(block, key=lambda i: wordings[i].joined) if many else block
        near = WINDOW if many else len(block)
        for n, i in enumerate(order):
            for j in order[n + 1 : n + 1 + near]:
                if i != j:
                    yield min(i, j), max(i, j)
