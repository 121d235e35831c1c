"""What a page says in words: which pieces are shown, how many, when they were published."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from functools import lru_cache

from searchapp.fields import FACET
from searchapp.query import Query, runs_of

# How the values of a facet stand in "pieces ..."; other facets say their label.
PHRASES = {
    "tag": "tagged {}",
    "source": "on {}",
    "kind": "of the kind {}",
    "year": "from {}",
    "month": "from {}",
    "minutes": "that take {}",
    "series": "in the series {}",
    "language": "in {}",
}

_PHRASE = re.compile(r'"([^"]+)"')
_TIME = re.compile(r"[0-9]{4}(-[0-9]{2})?")

# Where words of the question stand that a card does not show, with the value that has them.
PLACES_OF_WORDS = {
    "synonym": "as {}",
    "tags": "in the tag {}",
    "headings": "in the heading {}",
    "summary": "in its summary",
    "authors": "in the name of {}",
    "code": "in its code",
}
_UNNAMED = {"tags": "in a tag", "headings": "in a heading", "authors": "in its authors"}

LONGEST = 60  # characters of a label; an unknown value may be of any length

Label = Callable[[str, str], str]


def count(number: int, noun: str) -> str:
    """Return `1 piece`, `4 pieces`, `12,000 pieces`."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def count_pieces(total: int, places: int) -> str:
    """Return how many pieces there are, and in how many places: none has less than one."""
    if not total:
        return "no pieces"
    if total != places:
        return f"{count(total, 'piece')} in {count(places, 'place')}"
    return "1 piece in one place" if total == 1 else f"{total:,} pieces, each in one place"


def tell(text: str, note: str) -> str:
    """Return a note on a part of the question as a sentence that names the part once."""
    if f"“{text}”" in note:
        return f"{note[0].upper()}{note[1:]}."
    return f"“{shorten(text)}”: {note}."


def describe(query: Query, label: Label) -> str:
    """Return what `query` asks for: `“grpo” in pieces tagged Agents, without Medium`."""
    words = query.words.strip()
    if phrase := _PHRASE.fullmatch(words):
        words = phrase[1]
    quoted = f"“{words}”" if words else ""
    if not query.has_filters:
        return quoted or "All pieces"
    orders = dict(query.orders)
    phrases = [
        _phrase(name, [words for words, _ in show_runs(name, values, label, orders.get(name))])
        for name, values in query.filters
    ]
    without = [
        words
        for name, values in query.excluded
        for words, _ in show_runs(name, values, label, orders.get(name))
    ]
    if without:
        phrases.append(f"without {_join(without, 'or')}")
    pieces = f"pieces {', '.join(phrases)}"
    return f"{quoted} in {pieces}" if quoted else pieces[0].upper() + pieces[1:]


def _phrase(name: str, labels: Iterable[str]) -> str:
    facet = FACET[name]
    phrase = PHRASES.get(name, f"with {facet.label.lower()} {{}}")
    together = "and" if facet.every else "or"
    return phrase.format(_join(list(labels), together))


def show_runs(
    facet: str, values: Iterable[str], label: Label, order: Iterable[str] | None = None
) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield the values of a facet as words: `2019 to 2023` for three or more years in a row.

    They follow each other in the calendar, or in an `order`.
    """
    runs = _runs_by_calendar(facet, values) if order is None else runs_of(values, order)
    for run in runs:
        if len(run) > 2:
            first, last = shorten(label(facet, run[0])), shorten(label(facet, run[-1]))
            yield f"{first} to {last}", tuple(run)
        else:
            yield from ((shorten(label(facet, one)), (one,)) for one in run)


def _runs_by_calendar(facet: str, values: Iterable[str]) -> list[list[str]]:
    runs: list[list[str]] = []
    for value in values:
        if runs and FACET[facet].ranges and _follows(runs[-1][-1], value):
            runs[-1].append(value)
        else:
            runs.append([value])
    return runs


def _follows(value: str, other: str) -> bool:
    """Whether `other` is the year or the month after `value`."""
    here, there = _TIME.fullmatch(value), _TIME.fullmatch(other)
    return bool(here and there) and _number(other) == _number(value) + 1


def _number(value: str) -> int:
    year, _, month = value.partition("-")
    return int(year) * 12 + int(month) if month else int(year)


def _join(words: list[str], last: str) -> str:
    return f" {last} ".join(filter(None, [", ".join(words[:-1]), words[-1]]))


def tell_places(places: Sequence[tuple[str, str]]) -> str | None:
    """Return `Matched as “rl”, in the tag Agents and in its code`; None for no places."""
    told = []
    for name, value in places:
        shown = value if name in ("tags", "authors") else f"“{value}”"
        place = PLACES_OF_WORDS[name]
        told.append(place.format(shown) if value else _UNNAMED.get(name, place))
    return f"Matched {_join(list(dict.fromkeys(told)), 'and')}" if told else None


def shorten(text: str) -> str:
    """Return `text` cut to what a line can hold."""
    return text if len(text) <= LONGEST else text[: LONGEST - 1].rstrip() + "…"


@lru_cache(maxsize=20_000)
def show_date(iso: str | None) -> str | None:
    """Return `31 May 2024` for `2024-05-31`."""
    if iso is None:
        return None
    day = date.fromisoformat(iso)
    return f"{day.day} {day:%B} {day.year}"
