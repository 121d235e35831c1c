"""Titles as evidence: a key that spellings of one title share, and when two titles agree."""

import html
import re
from bisect import bisect_left
from dataclasses import dataclass
from itertools import accumulate
from urllib.parse import unquote

from searchapp.once import once
from searchapp.slugs import fold, slug_of_title

_NAMES = tuple(
    (re.compile(pattern), name)
    for pattern, name in (
        (r"\bc\+\+", "cplusplus"),
        (r"\b([cf])#", r"\1sharp"),
        (r"(?<!\w)\.net\b", "dotnet"),
        (r"&", " and "),
        (r"%", " percent "),
        (r"(?<=\d)[.,](?=\d)", "p"),  # 1.5 stays one word, and is not 15
    )
)
_HAS_NAME = re.compile(r"[+#&%]|\.net|\d[.,]\d")
_YEAR_NOTE = re.compile(r"[\[(]((?:19|20)\d\d)[\])]\s*$")
_YEAR = re.compile(r"(?:19|20)\d\d")
_NEGATIONS = {
    "not", "no", "never", "without", "dont", "doesnt", "isnt", "cant", "wont", "shouldnt", "stop",
}  # fmt: skip
_SMALL = {
    "a", "an", "and", "are", "as", "at", "be", "by", "for", "from", "how", "in", "into", "is",
    "it", "its", "of", "on", "or", "that", "the", "this", "to", "was", "what", "when", "why",
    "with", "you", "your", "my", "i", "we", "our",
}  # fmt: skip
_PARTS = {
    "part", "parts", "pt", "chapter", "episode", "ep", "volume", "vol", "issue", "lesson", "week",
    "day", "no", "number", "version",
}  # fmt: skip
_NUMBER_WORDS = {
    "one": "1", "two": "2", "three": "3", "four": "4", "five": "5",
    "six": "6", "seven": "7", "eight": "8", "nine": "9", "ten": "10",
}  # fmt: skip
_ROMAN = re.compile(r"(?=[ivx])(x{0,3})(ix|iv|v?i{0,3})")
_ROMAN_VALUES = {"i": 1, "v": 5, "x": 10}
_MONTHS = {
    "january", "february", "april", "june", "july", "august", "september", "october", "november",
    "december",
}  # fmt: skip
_MONTHS_BESIDE_A_NUMBER = {"march", "may"}  # which are words, too
_ZEROS = re.compile(r"(?<=\d)(?:p0)+$")  # 1.0.0 is 1.0, and 1
_VERSION = re.compile(r"v(\d.*)")
_BESIDE_LETTER = re.compile(r"(?<!\d) | (?!\d)")
SHORTEST_PREFIX = 15  # characters: shorter beginnings are shared by chance


@dataclass(frozen=True)
class Title:
    """A title taken apart: its words in order, the year in brackets and the dots at its end."""

    words: tuple[str, ...]
    year: str = ""
    ends_in_dots: bool = False

    @once
    def joined(self) -> str:
        """Its words without the spaces, so that `fine-tuning` is `fine tuning`."""
        return "".join(self.words)

    @once
    def key(self) -> str:
        """What spellings of it share; two numbers stay two, so that `1 2` is not `12`."""
        return _BESIDE_LETTER.sub("", " ".join((*self.words, self.year)).rstrip())

    @once
    def ends(self) -> tuple[int, ...]:
        """Where each word ends in `joined`."""
        return tuple(accumulate(map(len, self.words)))

    @once
    def informative(self) -> frozenset[str]:
        """The words that tell what the piece is about."""
        return frozenset(self.words) - _SMALL or frozenset(self.words)

    @once
    def numbers(self) -> frozenset[str]:
        """Part, year, version, month: where they differ, so do the pieces."""
        words = self.words
        return frozenset(
            number for i in range(len(words)) if (number := _number_at(words, i)) is not None
        )

    @once
    def negated(self) -> bool:
        """Whether it says that something is not so."""
        return not _NEGATIONS.isdisjoint(self.words)


def _number_at(words: tuple[str, ...], i: int) -> str | None:
    """Return what the word at `i` counts, None if it is no number.

    `Two` counts only after `Part`, `ii` there or at the end ("Ars Militaris VI"), and `i`
    after `Part` alone: elsewhere they are words.
    """
    word = words[i]
    if any(character.isdigit() for character in word):
        version = _VERSION.fullmatch(word)
        return _ZEROS.sub("", version[1] if version else word)
    after_part = i > 0 and words[i - 1] in _PARTS
    if after_part and word in _NUMBER_WORDS:
        return _NUMBER_WORDS[word]
    last = i == len(words) - 1 and i > 0 and len(word) > 1
    if (after_part or last) and _ROMAN.fullmatch(word):
        return str(_read_roman(word))
    if word in _MONTHS or (word in _MONTHS_BESIDE_A_NUMBER and _beside_digits(words, i)):
        return word
    return None


def _read_roman(word: str) -> int:
    values = [_ROMAN_VALUES[letter] for letter in word]
    following = [*values[1:], 0]
    return sum(-v if v < after else v for v, after in zip(values, following, strict=True))


def _beside_digits(words: tuple[str, ...], i: int) -> bool:
    beside = words[max(i - 1, 0) : i] + words[i + 1 : i + 2]
    return any(word.isdigit() for word in beside)


def read_title(title: str) -> Title:
    """Return a title without what differs between copies: case, accents, marks, emoji."""
    text = fold(html.unescape(title)).rstrip()
    note = _YEAR_NOTE.search(text[-8:])
    if note:
        text = text[:-6]
    if _HAS_NAME.search(text):
        for pattern, name in _NAMES:
            text = pattern.sub(name, text)
    wordless = not any(character.isalnum() for character in text)  # its slug is "untitled"
    words = () if wordless else tuple(slug_of_title(text).split("-"))
    return Title(words, note[1] if note else "", text.endswith(("...", "…")))


def title_key(title: str) -> str:
    """Return what spellings of one title share; "" for a title without a letter or digit."""
    return read_title(title).key


def titles_agree(a: Title, b: Title) -> bool:
    """Whether two titles at one address may be of one piece.

    The address is strong evidence, so much may differ: a cut title, a subtitle more, some
    words. Not numbers, nor a negation: "Part 1" and "Part 2" at one address is a mistake.
    """
    if a.key == b.key or not a.words or not b.words:
        return True
    if a.year and b.year and a.year != b.year:
        return False
    if a.joined == b.joined and a.numbers == b.numbers:
        return True
    if _is_cut_from(a, b) or _is_cut_from(b, a):
        return True
    if a.negated != b.negated or a.numbers != b.numbers:
        return False
    shared = len(a.informative & b.informative)
    fewer = min(len(a.informative), len(b.informative))
    return shared > 0 and 2 * shared >= fewer


def _is_cut_from(short: Title, long: Title) -> bool:
    """Whether `short` is the beginning of `long`, and the rest does not begin with a number.

    "Mending a Map" is not "Mending a Map, Part 2", nor is "Part 1" the beginning of "Part 12";
    but "Team Update" may be "Team Update, July 2026", as a date is often left out.
    """
    length = len(short.joined)
    if length < SHORTEST_PREFIX or not long.joined.startswith(short.joined):
        return False
    if short.ends_in_dots:
        return True
    last = bisect_left(long.ends, length)  # the word in which the beginning ends
    within_number = long.ends[last] > length and _number_at(long.words, last) is not None
    return not within_number and not _names_part(long.words, last + 1)


def _names_part(words: tuple[str, ...], i: int) -> bool:
    """Whether a part's number stands at `i`: `2`, `Part 2`, but no month and no year."""
    if words[i : i + 1] and words[i] in _PARTS:
        i += 1
    number = _number_at(words, i) if i < len(words) else None
    return number is not None and not number.isalpha() and not _YEAR.fullmatch(number)


def share_in_address(title: str, url: str) -> float:
    """Return which share of a title's informative words stands in the address (0 to 1).

    A link to the wrong piece has next to none: 0.00 against 0.50 to 1.00 on the page of
    links where this was measured.
    """
    words = read_title(title).informative
    slug = re.findall(r"[^\W_]+", fold(unquote(url)))
    known, joined = set(slug), "".join(slug)
    found = sum(1 for word in words if word in known or (len(word) > 5 and word in joined))
    return found / len(words) if words else 0.0
