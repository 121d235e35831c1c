"""Titles as evidence: a key that spellings of one title share, and when two titles agree."""

import html
import re
from dataclasses import dataclass

from searchapp.slugs import fold

_NAMES = ((r"\bc\+\+", "cplusplus"), (r"\b([cf])#", r"\1sharp"), (r"(?<!\w)\.net\b", "dotnet"))
_YEAR_NOTE = re.compile(r"\s*[\[(](?:19|20)\d\d[\])]\s*$")
_NEGATIONS = {"not", "no", "never", "without", "dont", "doesnt", "isnt", "cant", "wont", "shouldnt", "stop"}  # fmt: skip
_SMALL = {
    "a", "an", "and", "are", "as", "at", "be", "by", "for", "from", "how", "in", "into", "is",
    "it", "its", "of", "on", "or", "that", "the", "this", "to", "was", "what", "when", "why",
    "with", "you", "your", "my", "i", "we", "our",
}  # fmt: skip
SHORTEST_PREFIX = 15  # characters: shorter beginnings are shared by chance


@dataclass(frozen=True, slots=True)
class Title:
    """A title taken apart: its words in order, of which some are informative."""

    key: str
    words: tuple[str, ...]

    @property
    def informative(self) -> frozenset[str]:
        """The words that tell what the piece is about."""
        return frozenset(self.words) - _SMALL or frozenset(self.words)

    @property
    def numbers(self) -> frozenset[str]:
        """Whatever holds a digit: part, year, version."""
        return frozenset(word for word in self.words if any(c.isdigit() for c in word))

    @property
    def negated(self) -> bool:
        """Whether it says that something is not so."""
        return not _NEGATIONS.isdisjoint(self.words)


def read_title(title: str) -> Title:
    """Return a title without what differs between copies: case, accents, marks, emoji."""
    text = fold(_YEAR_NOTE.sub("", html.unescape(title)))
    for pattern, name in _NAMES:
        text = re.sub(pattern, name, text)
    text = text.replace("&", " and ").replace("%", " percent ")
    text = re.sub(r"(?<=\d)\.(?=\d)", "_", text)  # 1.5 stays one word
    text = re.sub(r"['’‘ʼ`´]", "", text)
    words = tuple(re.findall(r"\w+", text))
    return Title("".join(words), words)


def title_key(title: str) -> str:
    """Return what spellings of one title share; "" for a title without a letter or digit.

    Words are joined, so that `fine-tuning` and `fine tuning` are alike.
    """
    return read_title(title).key


def titles_agree(a: str, b: str) -> bool:
    """Whether two titles at one address may be of one piece.

    The address is strong evidence, so much may differ: a cut title, a subtitle more, some
    words. Not numbers, nor a negation: "Part 1" and "Part 2" at one address is a mistake.
    """
    first, second = read_title(a), read_title(b)
    if first.key == second.key:
        return True
    if not first.words or not second.words:
        return True
    short, long = sorted((first, second), key=lambda title: len(title.key))
    if first.negated != second.negated:
        return False
    if len(short.key) >= SHORTEST_PREFIX and long.key.startswith(short.key):
        return True
    if first.numbers != second.numbers:
        return False
    shared = first.informative & second.informative
    fewer = min(len(first.informative), len(second.informative))
    return 2 * len(shared) >= fewer and bool(shared)


def share_in_address(title: str, url: str) -> float:
    """Return which share of a title's informative words stands in the address (0 to 1).

    A link to the wrong piece has next to none: 0.00 against 0.50 to 1.00 on the page of
    links where this was measured.
    """
    words = read_title(title).informative
    slug = set(re.findall(r"[^\W_]+", fold(url)))
    joined = "".join(re.findall(r"[^\W_]+", fold(url)))
    found = sum(1 for word in words if word in slug or (len(word) > 5 and word in joined))
    return found / len(words) if words else 0.0
