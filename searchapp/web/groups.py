"""Pieces of a page under headings: their years, the months of one year, or their letters.

Only where nobody typed words: the best pieces for some words stand in no other order.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from searchapp.engine.facet_values import counts_of
from searchapp.engine.results import Hit, Results
from searchapp.fields import FACET
from searchapp.query import Query
from searchapp.slugs import fold
from searchapp.web.cards import Card
from searchapp.web.links import url_of_query
from searchapp.web.tag_list import letter_of

# Months stand under headings only where one year is chosen, which they need not repeat.
_SHORT: dict[str, Callable[[str], str]] = {"month": lambda name: name.split()[0]}
ENOUGH = 12  # pieces to stand under letters; a shorter list is seen at one look


@dataclass(frozen=True, slots=True)
class Group:
    """Pieces under a heading, or all of a page under none; they are counted on from `first`.

    `kind` is the facet that parts them, or `letter`; `whole` is what the heading may shorten.
    `url` leads to all `count` pieces of it.
    """

    kind: str
    heading: str
    whole: str
    url: str | None
    count: int
    first: int
    hits: tuple[Card, ...]


def group_hits(results: Results, show: Callable[[Hit], Card]) -> Iterator[Group]:
    """Give the pieces that have all words in their order, parted where that is by date or title.

    The number beside a year or month is that of all its pieces, on whatever pages they stand.
    """
    hits = [hit for hit in results.hits if hit.complete]
    kind, key = _choose_key(results)
    counts = counts_of(results.facets.get(kind, ()))
    first = (results.page - 1) * results.limit + 1
    for value, group in groupby(hits, key=key):
        cards = tuple(map(show, group))
        url = _only(results.query, kind, value) if value in counts else None
        whole = FACET[kind].show(value) if kind in FACET else value
        heading = _SHORT.get(kind, str)(whole) if value or not kind else "Undated"
        yield Group(kind, heading, whole, url, counts.get(value, 0), first, cards)
        first += len(cards)


def _choose_key(results: Results) -> tuple[str, Callable[[Hit], str]]:
    """Return by what the pieces of this answer are parted, and how; empty for not at all."""
    whole = ("", lambda hit: "")
    if results.query.words.strip():
        return whole
    if results.sort == "title" and results.total > ENOUGH:
        return "letter", lambda hit: letter_of(fold(hit.title)[:1])
    if results.sort in ("newest", "oldest"):
        if _several(results, "month") and len(results.query.chosen("year")) == 1:
            return "month", lambda hit: (hit.date or "")[:7]
        if _several(results, "year"):
            return "year", lambda hit: (hit.date or "")[:4]
    return whole


def _several(results: Results, facet: str) -> bool:
    """Whether pieces of several values are shown: of all, or of those that are chosen."""
    values: Sequence[str] = results.query.chosen(facet)
    return len(values or results.facets.get(facet, ())) > 1


def _only(query: Query, facet: str, value: str) -> str | None:
    """Return the address of the pieces of that value alone; None where they are the only ones."""
    chosen = query.with_filter(facet, value)
    for other in query.chosen(facet):
        if other != value:
            chosen = chosen.without_filter(facet, other)
    return None if chosen.filters == query.filters else url_of_query(chosen)
