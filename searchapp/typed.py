"""The search box: typed text taken apart into words, phrases, filters and signs.

    fine-tuning "mixture of experts" -medium tag:moe year:2022..2024 cats OR dogs

One pass over at most some hundred characters: nothing nests, so nothing can blow up. What
cannot be read is kept as words, or left out with the reason and a better form.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, NamedTuple

from searchapp.fields import FACET

Kind = Literal["words", "phrase", "filter", "or", "bar", "ignored"]

TITLE = "title"  # `title:x` looks for words in titles alone
OPERATORS = frozenset(("OR", "AND", "NOT"))  # as capitals alone
BOUNDS = {"before": (-1, "..{}"), "after": (1, "{}..")}  # of the year, itself left out

# What readers know from elsewhere, and what we call it.
MEANT = {
    "tags": "tag", "category": "tag", "topic": "tag", "label": "tag",
    "site": "source", "domain": "source", "publication": "source", "in": "source",
    "type": "kind", "lang": "language", "date": "year", "years": "year", "since": "after",
    "until": "before", "intitle": TITLE, "titles": TITLE,
}  # fmt: skip

_CURLY = "“”„‟«»＂"
_QUOTES = dict.fromkeys(map(ord, _CURLY), '"')
# A phrase in straight quotes may have curly ones within; other quotes close each other.
_PART = re.compile(
    r"(?P<minus>-?)(?:(?P<name>[A-Za-z]+):)?"
    rf'(?:"(?P<straight>[^"]*)"|["{_CURLY}](?P<quoted>[^"{_CURLY}]*)(?P<closed>["{_CURLY}]?))'
    r"|(?P<minus2>-?)(?P<name2>[A-Za-z]+):(?P<value>(?![:/])\S*)"
    r"|(?P<minus3>-(?![\s\-]))?(?P<plain>\S+)"
)
_WORD = re.compile(r"\w")
_FOLLOWING = re.compile(r"\s+(\w[^\s:]{,39})(?!\S)")


class Part(NamedTuple):
    """A part of what was typed. `text` is how it stood there, `value` what is meant.

    `name` is the field before a colon; `minus` leaves out what it names; an `open` phrase
    lacks its closing quote, as while it is typed. A `bound` narrows the values of its facet
    that are chosen, where other filters of it add to them. Parts behind a bar are `beside` the
    others: they need not match. `note` says why a part is ignored.
    """

    kind: Kind
    text: str
    value: str = ""
    name: str = ""
    minus: bool = False
    quoted: bool = False
    open: bool = False
    bound: bool = False
    beside: bool = False
    note: str = ""


@dataclass(frozen=True, slots=True)
class Typed:
    """What stood in the search box, in order. `finished`: something follows the last word.

    `at_end`: nothing, not even a space, follows the last part.
    """

    parts: tuple[Part, ...]
    finished: bool
    at_end: bool = False

    @property
    def words(self) -> str:
        """All but the filters, as it may stand in a search box again."""
        rest = " ".join(p.text for p in self.parts if p.kind not in ("filter", "ignored"))
        return rest + " " if self.finished and rest and not rest[-1].isspace() else rest

    @property
    def filters(self) -> tuple[Part, ...]:
        """The parts that narrow by a facet."""
        return tuple(part for part in self.parts if part.kind == "filter")


def read_typed(text: str) -> Typed:
    """Take typed text apart; linear in its length, and nothing in it is an error.

    A word before a colon that names no field stays a word. The last word is finished where
    anything follows it: a space, a quote, a filter.
    """
    parts = list(_read_parts(text))
    last = parts[-1] if parts else None
    at_end = last is not None and not text[-1:].isspace()
    half = at_end and last is not None and (last.kind == "words" or last.open)
    return Typed(tuple(_drop_loose(parts)), not half, at_end)


def _read_parts(text: str) -> Iterator[Part]:
    beside = False
    for match in _PART.finditer(text):
        part = _read_part(match)
        if part.text == "|":
            beside = True
            part = Part("bar", part.text)
        if part.kind == "words" and not _WORD.search(part.value):
            part = Part("ignored", part.text)
        if part.kind in ("words", "phrase") and beside and not part.minus:
            part = part._replace(beside=True)
        yield part


def _read_part(match: re.Match[str]) -> Part:
    minus = bool(match["minus"] or match["minus2"] or match["minus3"])
    name = (match["name"] or match["name2"] or "").lower()
    if match["straight"] is not None:
        return _read_named(match[0], name, match["straight"], minus, quoted=True)
    text = match[0].translate(_QUOTES)
    if match["value"] == "" and name in (TITLE, *BOUNDS, *FACET):
        return _read_empty(text, name, _next_word(match))
    if match["quoted"] is not None:
        is_open = not match["closed"]
        return _read_named(text, name, match["quoted"], minus, quoted=True, is_open=is_open)
    if name:
        return _read_named(text, name, match["value"].translate(_QUOTES), minus)
    plain = match["plain"].translate(_QUOTES)
    if plain == "OR" and not minus:
        return Part("or", plain)
    if plain == "AND" and not minus:
        return Part("ignored", plain, note="all words must match anyway")
    if plain == "NOT" and not minus and (follows := _next_word(match)):
        return Part("ignored", plain, note=f"to leave out what follows, write -{follows}")
    return Part("words", text, plain, minus=minus)


def _read_named(
    text: str, name: str, value: str, minus: bool, *, quoted: bool = False, is_open: bool = False
) -> Part:
    """Read what stands behind a name and a colon, or in quotes."""
    if not name or name == TITLE:
        kind: Kind = "phrase" if quoted else "words"
        if not _WORD.search(value):
            return _read_empty(text, name)
        return Part(kind, text, value, name, minus, open=is_open)
    if name in BOUNDS:
        return _read_bound(text, name, value.strip(), minus)
    if name in FACET:
        read = FACET[name].read(value)
        return Part("filter", text, read, name, minus, quoted) if read else _read_empty(text, name)
    if name in MEANT and value:
        better = f'{MEANT[name]}:"{value}"' if " " in value else f"{MEANT[name]}:{value}"
        return Part("ignored", text, note=f"there is no {name}:; use {better}")
    return Part("words", text, text.removeprefix("-") if minus else text, minus=minus)


def _read_bound(text: str, name: str, value: str, minus: bool) -> Part:
    """Read `before:2014` as `year:..2013`, `after:2014` as `year:2015..`."""
    if not value:
        return _read_empty(text, name)
    if not (value.isascii() and value.isdigit() and len(value) == 4):
        return Part("ignored", text, note=f"write a year, such as {name}:2014")
    step, form = BOUNDS[name]
    bound = form.format(f"{int(value) + step:04}")
    return Part("filter", text, bound, "year", minus, bound=True)


def _next_word(match: re.Match[str]) -> str:
    """Return the word that stands behind what matched, for a better form; empty if none does."""
    word = _FOLLOWING.match(match.string, match.end())
    return word[1] if word else ""


def _read_empty(text: str, name: str, follows: str = "") -> Part:
    """Ignore a name with nothing behind it; if a word follows, the space is one too many."""
    if not name:
        return Part("ignored", text)
    if follows:
        return Part("ignored", text, note=f"write {name}:{follows}, without a space")
    return Part("ignored", text, note=f"nothing stands behind {name}: yet")


def _drop_loose(parts: list[Part]) -> Iterator[Part]:
    """Yield the parts, but an OR that has nothing to choose between is ignored."""
    kept = [part for part in parts if part.kind != "ignored" or part.note]
    for i, part in enumerate(kept):
        if part.kind == "or" and not (
            _may_be_either(kept[:i][-1:]) and _may_be_either(kept[i + 1 :][:1])
        ):
            yield Part("ignored", part.text, note="OR stands between two words or phrases")
        else:
            yield part


def _may_be_either(neighbour: list[Part]) -> bool:
    return bool(neighbour) and neighbour[0].kind in ("words", "phrase") and not neighbour[0].minus
