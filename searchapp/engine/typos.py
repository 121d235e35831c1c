"""Words of the index that a mistyped one may be: near by edit distance, first letter right.

    atention -> attention    words that begin with "a" are one slice of the lexicon; those of a
                             fitting length whose letters fit are compared, some dozens

Only asked where no work has the word, or hardly any.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np
import numpy.typing as npt

from searchapp.engine.caches import cached
from searchapp.engine.facet_arrays import Array, Ints
from searchapp.engine.lexicon import Lexicon

SHORT, LONG = 4, 8  # letters: up to the first none may be wrong, up to the second one, else two
COMPARED = 400  # words that are compared letter by letter
KEPT = 8
REMEMBERED = 2_000
MOST_BYTES = 4  # of a letter
LETTERS = 256  # of which it is remembered where the words are that begin so
LONGEST = 255  # bytes; longer words are as long as this


@dataclass(frozen=True, slots=True)
class Near:
    """A word near to a mistyped one: how many slips lie between, how many works have it."""

    text: str
    slips: int
    works: int


def allowed_slips(word: str) -> int:
    """Return how many letters of a word may be wrong; digits and signs are never slips."""
    if len(word) <= SHORT or not word.isalpha():
        return 0
    return 1 if len(word) <= LONG else 2


class Typos:
    """Finds near words in one generation's lexicon."""

    def __init__(self, arrays: Mapping[str, Array], words: Lexicon) -> None:
        self._words = words
        self._works = np.asarray(arrays["words.works"])
        self.near = cached(REMEMBERED, self._near)
        self._beginning = lru_cache(LETTERS)(words.prefix)

    @cached_property
    def _shapes(self) -> tuple[npt.NDArray[np.uint8], npt.NDArray[np.uint64]]:
        """How many bytes each word has, at most `LONGEST`, and a bit for each kind of byte."""
        bounds = self._words.bounds.astype(np.int64)
        if len(self._words) == 0:
            return np.empty(0, np.uint8), np.empty(0, np.uint64)
        utf8 = np.frombuffer(self._words.utf8, np.uint8)
        bits = np.uint64(1) << (utf8 & 63).astype(np.uint64)
        ends = bounds[1:] - 1  # behind each word stands a gap
        spans = np.stack((bounds[:-1], ends), axis=1).ravel()
        lengths = np.minimum(ends - bounds[:-1], LONGEST).astype(np.uint8)
        return lengths, np.bitwise_or.reduceat(bits, spans)[::2].copy()

    def _near(self, word: str, prefix: bool) -> tuple[Near, ...]:
        """Return the words near to `word`, or that begin near to it if it is a prefix.

        The fewest slips come first, then those that more works have.
        """
        slips = allowed_slips(word)
        if not slips:
            return ()
        numbers = self._fitting(word, slips, prefix)
        if slips == 1 and not prefix and word.isascii():
            numbers = self._agreeing(_encode(word), numbers)
            encoded = self._words.several(numbers)
        else:
            encoded = self._words.several(numbers)
            places = _with_a_part(encoded, word, slips)
            numbers, encoded = numbers.take(places), [encoded[place] for place in places]
        texts = [text.decode("utf-8", "surrogatepass") for text in encoded]
        pairs = zip(numbers.tolist(), texts, strict=True)
        measured = [(n, text, distance(word, text, slips, prefix)) for n, text in pairs]
        found = [Near(text, far, int(self._works[n])) for n, text, far in measured if far <= slips]
        found.sort(key=lambda near: (near.slips, -near.works, near.text))
        return tuple(found[:KEPT])

    def _fitting(self, word: str, slips: int, prefix: bool) -> Ints:
        """Return the numbers of words that may be near, by their lengths and letters; sorted."""
        begun = self._beginning(word[0])
        encoded = _encode(word)
        room = slips if word.isascii() else MOST_BYTES * slips
        lengths, letters = (shape[begun.start : begun.stop] for shape in self._shapes)
        # Lengths first: they are an eighth of the bytes, and leave few letters to be compared.
        fits = lengths >= min(LONGEST, len(encoded) - room)
        if not prefix:
            fits &= lengths <= len(encoded) + room
        found = fits.nonzero()[0]
        bits = _kinds(encoded)
        letters = letters.take(found)
        likely = np.bitwise_count(bits & ~letters) <= room
        if not prefix:
            likely &= np.bitwise_count(letters & ~bits) <= room
        found = found[likely] + begun.start
        if len(found) > COMPARED:  # those that most works have
            commonest = (-self._works[found].astype(np.int64)).argsort(kind="stable")[:COMPARED]
            found = np.sort(found[commonest])
        return found

    def _agreeing(self, encoded: bytes, numbers: Ints) -> Ints:
        """Return those of `numbers` that one slip may lead to: nearly all letters agree.

        They do from the beginning up to the slip, and from the end back to it; of two neighbours
        swapped neither does.
        """
        utf8 = np.frombuffer(self._words.utf8, np.uint8)
        steps = np.arange(len(encoded) + 1)
        ends = self._words.bounds[1:].take(numbers).astype(np.intp) - 2  # before the gap
        starts = self._words.bounds[:-1].take(numbers).astype(np.intp)
        agree = _count_agreeing(utf8, starts[:, None] + steps, encoded)
        agree += _count_agreeing(utf8, ends[:, None] - steps, encoded[::-1])
        return numbers[agree >= len(encoded) - 2]


def _count_agreeing(utf8: npt.NDArray[np.uint8], places: Ints, encoded: bytes) -> Ints:
    """Return how many bytes agree with the first ones of `encoded`, for each row of places."""
    wanted = np.frombuffer(encoded + b"\0", np.uint8)  # a byte that no word has
    agreeing: Ints = (utf8.take(places, mode="clip") == wanted).argmin(axis=1)
    return agreeing


def _encode(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


def _kinds(encoded: bytes) -> np.uint64:
    """Return a bit for each kind of byte in a word."""
    bits = 0
    for byte in encoded:
        bits |= 1 << (byte & 63)
    return np.uint64(bits)


def _with_a_part(words: Sequence[bytes], word: str, slips: int) -> list[int]:
    """Return the places of those of `words` that may be near `word`, by its parts.

    Of a near one at least one part stands as in `word`, and no further from its place than slips
    may move it. To look for them takes a tenth of what it takes to count slips.
    """
    room = MOST_BYTES * slips
    found: set[int] = set()
    for start, end in whole_parts(len(word), slips):
        part = _encode(word[start:end])
        at = len(_encode(word[:start]))
        first, last = max(0, at - room), at + room + len(part)
        found.update([i for i, text in enumerate(words) if text.find(part, first, last) >= 0])
    return sorted(found)


def whole_parts(length: int, slips: int) -> list[tuple[int, int]]:
    """Return the places of parts of a word, of which slips leave at least one as it is.

    One part more than there may be slips, with a letter between: then no slip, not even of two
    neighbours swapped, is in two of them.
    """
    size, longer = divmod(length - slips, slips + 1)
    parts, at = [], 0
    for i in range(slips + 1):
        end = at + size + (i >= slips + 1 - longer)
        parts.append((at, end))
        at = end + 1
    return parts


def distance(typed: str, word: str, most: int, prefix: bool = False) -> int:
    """Return how many slips lead from `typed` to `word`; more than `most` are not counted out.

    A slip is a letter too many, too few or another one, or two neighbours swapped. With
    `prefix` it is the distance to the beginning of `word` that is nearest. Letters that agree
    cost nothing; where two do not, each kind of slip is tried, and no further than `most`.
    """
    at = 0
    for letter, other in zip(typed, word, strict=False):
        if letter != other:
            break
        at += 1
    if at == len(typed):
        return 0 if prefix else len(word) - at
    if at == len(word):
        return len(typed) - at
    if not most:
        return 1
    rest, other = typed[at:], word[at:]
    ways = [(rest[1:], other[1:]), (rest[1:], other), (rest, other[1:])]
    if rest[1:2] == other[0] and other[1:2] == rest[0]:
        ways.append((rest[2:], other[2:]))
    if most == 1:  # what is left must agree
        agree = any(b.startswith(a) if prefix else a == b for a, b in ways)
        return 1 if agree else 2
    return 1 + min(distance(a, b, most - 1, prefix) for a, b in ways)
