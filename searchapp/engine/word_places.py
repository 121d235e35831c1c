"""A text to the places of its words: one number a word, by which a snippet finds its matches.

    Straße, l'homme  ->  strasse 0 6 | lhomme 8 7 | homme 8 7

    63            24 23       8 7      0
    | 8 characters  |   start  | length |      5 bits for each character of the folded word

Words that begin as a typed one are then found by comparing numbers, without reading the text.
Five bits tell the letters from a to z apart; all other characters share what is left, so what is
found so is read before it counts, unless it is short and all letters.
"""

from collections.abc import Iterator
from typing import Any

import numpy as np
import numpy.typing as npt

from searchapp.engine.analysis import find_spans, words_of_run
from searchapp.engine.folding import Folded
from searchapp.slugs import fold

SCANNED = 60_000  # characters of a text whose words are found; a place has 16 bits
LETTERS = 8
LONGEST = 255  # characters of a word

Numbers = npt.NDArray[np.uint64]

_BITS = 5
_KEY = 24  # where the characters begin
_PLACES = np.uint64(0xFFFF << 8)
_MASKS = np.array([(1 << 40) - (1 << 40 - _BITS * n) for n in range(LETTERS + 1)], np.uint64)


def key_of(start: str) -> tuple[np.uint64, np.uint64]:
    """Return by how much a number is shifted, and what is left, where a word begins so."""
    codes = _codes(start[:LETTERS]).tolist()
    value = 0
    for code in codes:
        value = value << _BITS | code
    return np.uint64(64 - _BITS * len(codes)), np.uint64(value)


def starts_of(numbers: Numbers) -> npt.NDArray[np.int64]:
    """Return where the words stand that these numbers are of."""
    return ((numbers & _PLACES) >> np.uint64(8)).astype(np.int64)


def lengths_of(numbers: Numbers) -> npt.NDArray[np.int64]:
    """Return how many characters of the text they have."""
    return (numbers & np.uint64(LONGEST)).astype(np.int64)


def signs_of(numbers: Numbers) -> list[int]:
    """Return the numbers without the places: those of one word are the same."""
    signs: list[int] = (numbers & ~_PLACES).tolist()
    return signs


def is_told(word: str) -> bool:
    """Whether no other word of that length has the number that `word` has."""
    return len(word) <= LETTERS and word.isascii() and word.isalpha()


def number_words(text: str) -> Numbers | None:
    """Return the numbers of a text's words, in their order.

    None where a word is not to be read from its place: it is too long, or a part of what folds
    as a whole (½ is 1 and 2). Words of scripts without spaces are left out.
    """
    read = Folded(text[:SCANNED])
    spans = find_spans(read.text)
    if not spans:
        return np.empty(0, np.uint64)
    firsts, lasts, special = zip(*spans, strict=True)
    starts, ends = list(firsts), list(lasts)
    if not read.is_in_step:
        starts, ends = list(map(read.start, firsts)), list(map(read.end, lasts))
    if not text.isascii() and not _can_be_read(text, read.text, spans, starts, ends):
        return None
    keys = _keys(read.text, np.array(firsts), np.array(lasts))
    lengths = np.array(ends, np.uint64) - np.array(starts, np.uint64)
    if lengths.max() > LONGEST:
        return None
    numbers = keys << np.uint64(_KEY) | np.array(starts, np.uint64) << np.uint64(8) | lengths
    return _take_apart(read.text, spans, numbers) if any(special) else numbers


Span = tuple[int, int, bool]


def _can_be_read(
    text: str, folded: str, spans: list[Span], starts: list[int], ends: list[int]
) -> bool:
    """Whether each word is what is found at its place in the text."""
    for (first, last, _), start, end in zip(spans, starts, ends, strict=True):
        here = text[start:end]
        if (here.lower() if here.isascii() else fold(here)) != folded[first:last]:
            return False
    return True


def _keys(folded: str, firsts: npt.NDArray[Any], lasts: npt.NDArray[Any]) -> Numbers:
    """Return the first characters of each word, as numbers of 40 bits."""
    codes = np.zeros(len(folded) + LETTERS, np.uint64)
    codes[: len(folded)] = _codes(folded)
    size = len(folded)
    pairs = codes[:-1] << np.uint64(5) | codes[1:]
    fours = pairs[:-2] << np.uint64(10) | pairs[2:]
    eights = fours[:size] << np.uint64(20) | fours[4 : 4 + size]
    masks = _MASKS.take(np.minimum(lasts - firsts, LETTERS))
    keys: Numbers = eights.take(firsts) & masks
    return keys


def _codes(folded: str) -> npt.NDArray[np.uint8]:
    """Return five bits for each character: 1 to 26 are letters, 27 to 31 all others."""
    if folded.isascii():
        return _OF_ASCII[np.frombuffer(folded.encode(), np.uint8)]
    points = np.frombuffer(folded.encode("utf-32-le", "surrogatepass"), np.uint32)
    others = (27 + points % 5).astype(np.uint8)
    return np.where(points < 128, _OF_ASCII[np.minimum(points, 127)], others)


_OF_ASCII = np.array([n - 96 if 96 < n < 123 else 27 + n % 5 for n in range(128)], np.uint8)


def _take_apart(folded: str, spans: list[Span], numbers: Numbers) -> Numbers:
    """Put the parts of each word with an apostrophe in its place: `lhomme` and `homme`."""

    def parts() -> Iterator[int]:
        for (first, last, is_joined), number in zip(spans, numbers.tolist(), strict=True):
            if not is_joined:
                yield number
                continue
            place = number & 0xFFFFFF
            for word in words_of_run(folded[first:last]):
                ends = np.array([len(word)])
                yield int(_keys(word, np.array([0]), ends)[0]) << _KEY | place

    return np.fromiter(parts(), np.uint64)
