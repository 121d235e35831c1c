"""A text to the places of its words: one number a word, by which a snippet finds its matches.

    Straße, l'homme  ->  strasse 0 6 | lhomme 8 7 | homme 8 7

    63            24 23       8 7      0
    | 8 characters  |   start  | length |      5 bits for each character of the folded word

Words that begin as a typed one are then found by comparing numbers, without reading the text.
Five bits tell the letters from a to z apart; all other characters share what is left, so what is
found so is read before it counts, unless it is short and all letters.
"""

import re
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from searchapp.engine.analysis import find_spans, is_letter, words_of_run
from searchapp.engine.folding import Folded
from searchapp.slugs import fold

SCANNED = 60_000  # characters of a text whose words are found; a place has 16 bits
LETTERS = 8
LONGEST = 255  # characters of a word

Numbers = npt.NDArray[np.uint64]
Points = npt.NDArray[np.uint8] | npt.NDArray[np.uint32]
Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]

_BITS = 5
_KEY = 24  # where the characters begin
_PLACE = np.uint64(0xFFFFFF)  # start and length
_PLACES = np.uint64(0xFFFF << 8)
_MASKS = np.array([(1 << 40) - (1 << 40 - _BITS * n) for n in range(LETTERS + 1)], np.uint64)


def key_of(start: str) -> tuple[np.uint64, np.uint64]:
    """Return by how much a number is shifted, and what is left, where a word begins so."""
    codes = _codes(_points(start[:LETTERS])).tolist()
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
    points = _points(read.text)
    firsts, lasts, joined = _find_words(read.text, points)
    if not len(firsts):
        return np.empty(0, np.uint64)
    starts, ends = firsts, lasts
    if not read.is_in_step:
        starts, ends, is_apart = _place(read, firsts, lasts)
        for word in is_apart.nonzero()[0].tolist():
            here = text[starts[word] : ends[word]]
            if fold(here) != read.text[firsts[word] : lasts[word]]:
                return None
    lengths = ends - starts
    if lengths.max() > LONGEST:
        return None
    places = (starts << 8 | lengths).astype(np.uint64)
    numbers: Numbers = _keys(points, firsts, lasts) << np.uint64(_KEY) | places
    return _take_apart(read.text, firsts, lasts, joined, numbers) if joined.any() else numbers


def _find_words(folded: str, points: Points) -> tuple[Ints, Ints, Bools]:
    """Return where words begin and end, and which have apostrophes, as `find_spans` tells it.

    Nearly all words are what stands between characters that are no letters, which is seen for
    all of a text at once.
    """
    if _SIGNED.search(folded) or points.max(initial=0) > _LAST:
        spans = np.array(find_spans(folded), np.int64).reshape(-1, 3)
        return spans[:, 0], spans[:, 1], spans[:, 2].astype(np.bool_)
    letters = np.zeros(len(points) + 2, np.bool_)
    letters[1:-1] = _are_letters(points)
    apostrophes = ((points[:, None] == _APOSTROPHES).any(axis=1)).nonzero()[0]
    inside = apostrophes[letters[apostrophes] & letters[apostrophes + 2]]
    letters[inside + 1] = True
    bounds = (letters[1:] != letters[:-1]).nonzero()[0]
    firsts, lasts = bounds[::2], bounds[1::2]
    joined = np.zeros(len(firsts), np.bool_)
    joined[firsts.searchsorted(inside, "right") - 1] = True
    return firsts, lasts, joined


_SIGNED = re.compile(r"[a-z](?:\+\+|#)|\.net")
_APOSTROPHES = np.array([ord(sign) for sign in "'’ʼ"], np.uint32)
_LAST = 0xFFFF  # beyond it characters are rare


def _are_letters(points: Points) -> Bools:
    """Return which characters are letters of a script with spaces; each is looked at once."""
    known = _KNOWN.take(points)
    for point in np.unique(points[known == _UNKNOWN]).tolist():
        _KNOWN[point] = is_letter(chr(point))
    return _KNOWN.take(points).astype(np.bool_)


_UNKNOWN = 2
_KNOWN = np.full(_LAST + 1, _UNKNOWN, np.uint8)


def _place(read: Folded, firsts: Ints, lasts: Ints) -> tuple[Ints, Ints, Bools]:
    """Return where words stand in the text itself, and which are of stretches out of step."""
    begin, end, text_begin, text_end = np.array(read.stretches).T
    of_first = begin.searchsorted(firsts, "right") - 1
    of_last = begin.searchsorted(lasts, "right") - 1
    past = firsts - end[of_first]
    starts = np.where(past < 0, text_begin[of_first], text_end[of_first] + past)
    past = lasts - end[of_last]
    at_begin = (past < 0) & (lasts == begin[of_last])
    ends = np.where(past >= 0, text_end[of_last] + past, text_end[of_last])
    ends = np.where(at_begin, text_begin[of_last], ends)
    is_apart = (of_first != of_last) | (firsts < end[of_first]) | (lasts < end[of_last])
    return starts, ends, is_apart


def _points(folded: str) -> Points:
    """Return the characters of a text as numbers."""
    if folded.isascii():
        return np.frombuffer(folded.encode(), np.uint8)
    return np.frombuffer(folded.encode("utf-32-le", "surrogatepass"), np.uint32)


def _keys(points: Points, firsts: Ints, lasts: Ints) -> Numbers:
    """Return the first characters of each word, as numbers of 40 bits."""
    size = len(points)
    codes = np.zeros(size + LETTERS, np.uint64)
    codes[:size] = _codes(points)
    pairs = codes[:-1] << np.uint64(5) | codes[1:]
    fours = pairs[:-2] << np.uint64(10) | pairs[2:]
    eights = fours[:size] << np.uint64(20) | fours[4 : 4 + size]
    masks = _MASKS.take(np.minimum(lasts - firsts, LETTERS))
    keys: Numbers = eights.take(firsts) & masks
    return keys


def _codes(points: Points) -> npt.NDArray[np.uint8]:
    """Return five bits for each character: 1 to 26 are letters, 27 to 31 all others."""
    if points.dtype == np.uint8:
        return _OF_ASCII.take(points)
    others = (27 + points % 5).astype(np.uint8)
    return np.where(points < 128, _OF_ASCII.take(np.minimum(points, 127)), others)


_OF_ASCII = np.array([n - 96 if 96 < n < 123 else 27 + n % 5 for n in range(128)], np.uint8)


def _take_apart(folded: str, firsts: Ints, lasts: Ints, joined: Bools, numbers: Numbers) -> Numbers:
    """Put the parts of each word with an apostrophe in its place: `lhomme` and `homme`."""
    pieces, done = [], 0
    for word in joined.nonzero()[0].tolist():
        parts = words_of_run(folded[firsts[word] : lasts[word]])
        pieces += [numbers[done:word], np.array([_key_alone(part) for part in parts], np.uint64)]
        pieces[-1] = pieces[-1] << np.uint64(_KEY) | numbers[word] & _PLACE
        done = word + 1
    return np.concatenate([*pieces, numbers[done:]])


@lru_cache(2**12)
def _key_alone(word: str) -> int:
    return int(_keys(_points(word), np.array([0]), np.array([len(word)]))[0])
