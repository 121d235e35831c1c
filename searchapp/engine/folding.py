"""Texts folded for looking words up in them, with the way back to where these stand.

Straße  ->  strasse      the word at 0 to 7 there stands at 0 to 6 in the text
"""

import re
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import lru_cache, partial
from unicodedata import combining

from searchapp.slugs import LEFT_OUT, fold

# Characters that may become one with the one before them (vowel signs, jamo, sound marks), or
# vanish between the two.
JOINING = (
    "\u093c\u09be\u09d7\u0b3e\u0b56\u0b57\u0bbe\u0bd7\u0c56\u0cc2\u0cd5\u0cd6\u0d3e\u0d57\u0dca\u0dcf"
    "\u0ddf\u102e\u1160-\u11ff\u1b35\u3099\u309a\uff9e-\uffdc\U00011000-\U00011fff"
)
_JOINED = re.compile(f"[{JOINING}{LEFT_OUT}]+")


class Folded:
    """A text folded, and the way back from a place in that to the place in the text.

    Nearly all characters fold to one; only where some do not (`ß`, a combining accent, a
    syllable in pieces) do the two go out of step, and such a stretch is taken as a whole.
    """

    def __init__(self, text: str) -> None:
        self._stretches = [(0, 0, 0, 0)]  # start and end in the folded text, then in the text
        self._starts = [0]
        if text.isascii():
            self.text = text.lower()
            return
        special = set(_SPECIAL.findall(text))
        fold_part: Callable[[str], str] = fold
        irregular = _irregular(text)
        if all(map(_stands_alone, special)):
            fold_part = partial(_fold_alone, {c: f for c in special if (f := _fold_one(c)) != c})
            irregular = _find_longer(text, special)
        parts, at, folded_at = [], 0, 0
        for start, end in sorted(irregular, key=lambda stretch: (stretch[0], -stretch[1])):
            if start < at:
                continue
            before, here = fold_part(text[at:start]), fold_part(text[start:end])
            parts += [before, here]
            folded_at += len(before)
            at = end
            if not _folds_in_step(text[start:end]):
                self._stretches.append((folded_at, folded_at + len(here), start, end))
            folded_at += len(here)
        self.text = "".join([*parts, fold_part(text[at:])])
        self._starts = [stretch[0] for stretch in self._stretches]

    @property
    def is_in_step(self) -> bool:
        """Whether every character is at the same place in both."""
        return len(self._starts) == 1

    @property
    def stretches(self) -> list[tuple[int, int, int, int]]:
        """Where the two are out of step: start and end in the folded text, then in the text."""
        return self._stretches

    def start(self, place: int) -> int:
        """Return where in the text the folded character at `place` begins."""
        _, end, text_start, text_end = self._stretches[bisect_right(self._starts, place) - 1]
        return text_start if place < end else text_end + place - end

    def end(self, place: int) -> int:
        """Return where in the text the folded character before `place` ends."""
        start, end, text_start, text_end = self._stretches[bisect_right(self._starts, place) - 1]
        if place >= end:
            return text_end + place - end
        return text_start if place == start else text_end


def _irregular(text: str) -> Iterator[tuple[int, int]]:
    """Yield the stretches of `text` that do not fold character by character, in any order."""
    for match in _JOINED.finditer(text):
        yield max(0, match.start() - 1), match.end()
    yield from _find_longer(text, set(text))


def _find_longer(text: str, characters: Iterable[str]) -> Iterator[tuple[int, int]]:
    """Yield where those of `characters` stand that do not fold to one."""
    for character in characters:
        if not _folds_to_one(character):
            yield from ((place, place + 1) for place in find_all(text, character))


def _fold_alone(folded: Mapping[str, str], text: str) -> str:
    """Fold a text whose characters beyond ASCII all stand alone, as most texts' do."""
    for character, instead in folded.items():
        text = text.replace(character, instead)
    return text.lower()


_SPECIAL = re.compile(r"[^\x00-\x7f]")


@lru_cache(maxsize=20_000)
def _fold_one(character: str) -> str:
    return fold(character)


@lru_cache(maxsize=20_000)
def _stands_alone(character: str) -> bool:
    """Whether a character folds to the same whatever stands around it."""
    folded = fold(character)
    together = character + folded
    joins = any(map(combining, together)) or _JOINED.search(together)
    return not joins and folded.lower() == folded


@lru_cache(maxsize=20_000)
def _folds_to_one(character: str) -> bool:
    return len(fold(character)) == 1


@lru_cache(maxsize=20_000)
def _folds_in_step(stretch: str) -> bool:
    """Whether each character stays one: a mark that is kept after one that it cannot join."""
    return all(len(fold(stretch[:end])) == end for end in range(1, len(stretch) + 1))


def find_all(text: str, wanted: str) -> Iterator[int]:
    """Yield all places where `wanted` stands."""
    place = text.find(wanted)
    while place >= 0:
        yield place
        place = text.find(wanted, place + 1)
