"""Reads a title that names its part: whose part it is, which one, of how many."""

import html
import re
from dataclasses import dataclass
from functools import cached_property

from searchapp.dedup.titles import Title, read_title

_NUMBER_WORDS = (
    "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten",
)  # fmt: skip
_ROMAN = ("i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi", "xii")
_NUMBERS = {name: i for names in (_NUMBER_WORDS, _ROMAN) for i, name in enumerate(names, 1)}

_WORDS = r"parts?|pt\.?|chapter|episode|ep\.?|lesson|teil|partie|parte|deel"
_ANY = rf"\d{{1,3}}|{'|'.join(sorted(_NUMBERS, key=len, reverse=True))}"
_OF = rf"(?:\s*(?:of|/|von|de|di|van|sur)\s*({_ANY}))?"
_END = r"(?![\w%]|[.,]\d)"
_PATTERNS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"^(.+?)\b(?:{_WORDS})\s*[#№]?\s*({_ANY}){_OF}{_END}",
        r"^(.+?)[(\[]\s*(\d{1,2})\s*(?:of|/)\s*(\d{1,2})\s*[)\]]",
        r"^(.+?)第\s*(\d{1,3})\s*[部回章話篇](?:\s*[(（]全(\d{1,3})[部回章話篇][)）])?",
    )
)
_MAY_NAME = re.compile(rf"\b(?:{_WORDS})|[(\[]|第", re.IGNORECASE)  # some of it is in all of them
_AROUND = " \t,:;–—-([|·•/#"  # what stands between a series' name and "part 2"
_HEADS = re.compile(r"\s*(?:[:–—(\[|]|\s-\s)")


@dataclass(frozen=True)
class PartTitle:
    """What a title says of its part: `Kites, part 2 of 3: Tails` is part 2 of 3 of `Kites`."""

    name: str
    number: int
    of: int | None

    @cached_property
    def read(self) -> Title:
        """The series' name, taken apart."""
        return read_title(self.name)


def read_part(title: str) -> PartTitle | None:
    """Return which part of what a title names; None for one that names none."""
    text = html.unescape(title)
    if not _MAY_NAME.search(text):
        return None
    for pattern in _PATTERNS:
        found = pattern.match(text)
        if not found:
            continue
        name = found[1].strip().rstrip(_AROUND)
        number = _read_number(found[2])
        of = _read_number(found[3]) if found[3] else None
        if any(c.isalpha() for c in name) and (of is None or number <= of):
            return PartTitle(name, number, of)
    return None


def heads_of(title: str) -> list[str]:
    """Return a title, and its beginnings that may name a series: all before a colon or dash."""
    text = html.unescape(title)
    return [text, *(text[: found.start()] for found in _HEADS.finditer(text[:300]))]


def _read_number(text: str) -> int:
    return int(text) if text.isdigit() else _NUMBERS[text.lower()]
