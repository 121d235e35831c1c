"""The answer: what `Index.search` returns, with the names that the JSON has."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from searchapp.query import Query
from searchapp.relaxing import Relaxation


class PlaceHit(NamedTuple):
    """A place of a hit, as stored: `role` is original, copy, translation or archived.

    `gone` is the day since which it answers no more; such places stand last.
    """

    url: str | None
    source: str
    title: str
    date: str | None
    role: str
    gone: str | None = None


class SeriesHit(NamedTuple):
    """The series of a hit: its title, this piece's part, and how many parts there are."""

    title: str
    part: int | None
    parts: int


class SectionHit(NamedTuple):
    """A heading of a hit under which the words stand."""

    title: str
    url: str


class CopyHit(NamedTuple):
    """The copy of a hit in which words stand that the hit itself lacks.

    `source` is where it can be read, None where a list only names it.
    """

    document: str
    source: str | None
    title: str


class MatchHit(NamedTuple):
    """Where words stand that neither title nor snippet of a hit show.

    `field` is a text field's name, or `synonym` where the `value` was found in their place; of
    tags, headings and authors the `value` is the one that has them.
    """

    field: str
    value: str | None
    words: tuple[str, ...]


class Hit(NamedTuple):
    """One work in the answer. `snippet` is HTML that holds no element but `mark`.

    Up to `published` it is as it is stored; the rest belongs to one answer. `url` is the
    canonical place's address, None where nobody stated one; `published` is the first day on
    which it was, anywhere; `matched` names the copy that alone has some of the words,
    `elsewhere` tells of those that are not seen for another reason; `complete` is False for the
    hits that have only some of the words.
    """

    id: str
    title: str
    url: str | None
    date: str | None
    kind: str
    source: str
    language: str
    authors: tuple[str, ...]
    minutes: int | None
    tags: tuple[str, ...]
    series: SeriesHit | None
    summary: str
    documents: tuple[str, ...]
    places: tuple[PlaceHit, ...]
    published: str | None = None
    sections: tuple[SectionHit, ...] = ()
    snippet: str = ""
    matched: CopyHit | None = None
    elsewhere: tuple[MatchHit, ...] = ()
    complete: bool = True
    score: float = 0.0


class FacetValue(NamedTuple):
    """A value of a facet with the number of works that choosing it would show."""

    value: str
    label: str
    count: int  # type: ignore[assignment]  # a tuple's method of that name is not used
    selected: bool
    excluded: bool


class Understood(NamedTuple):
    """How a part of the typed words was read: `role` is `as` in the JSON."""

    text: str
    role: str
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Results:
    """All that a page of results shows.

    `total` and `facets` count the works that have all the words (all that are left,
    where some had to be dropped); `places` are theirs; `partial` is how many more have
    some of them. `query` is the question as it was understood: aliases resolved, typed
    filters read. `sort` is the order used, `sorts` those on offer.
    """

    query: Query
    total: int
    places: int
    generation: int
    page: int
    pages: int
    limit: int
    sort: str
    sorts: tuple[str, ...]
    understood: tuple[Understood, ...]
    correction: Mapping[str, object] | None
    partial: int
    hits: tuple[Hit, ...]
    facets: Mapping[str, Sequence[FacetValue]]
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class KinHit:
    """A work that belongs to another: `place` is where it stands among those, from 0."""

    id: str
    title: str
    url: str | None
    date: str | None
    language: str
    source: str
    part: int | None
    place: int


@dataclass(frozen=True, slots=True)
class Kin:
    """What belongs to a work and is counted apart; its series has the work itself in it."""

    series: tuple[KinHit, ...] = ()
    translations: tuple[KinHit, ...] = ()
    versions: tuple[KinHit, ...] = ()


@dataclass(frozen=True, slots=True)
class WorkPage:
    """A work in full: the hit, its rendered HTML where the text is ours, what belongs to it.

    `related` are works about the same.
    """

    hit: Hit
    html: str | None
    kin: Kin = Kin()
    related: tuple[Hit, ...] = ()


@dataclass(frozen=True, slots=True)
class TagInfo:
    """A tag that some work has: its names, its count, and what is said of it.

    `first` and `last` are the dates of its first and latest work, None where none is dated.
    """

    slug: str
    label: str
    count: int
    aliases: tuple[str, ...]
    description: str
    parents: tuple[str, ...]
    first: str | None = None
    last: str | None = None


@dataclass(frozen=True, slots=True)
class Site:
    """What the owner says of the whole: from `[site]` in sources.toml, and about.md."""

    title: str
    description: str
    author: str | None
    url: str | None
    language: str
    about: str | None
    feedback: str | None = None


@dataclass(frozen=True, slots=True)
class WayOut:
    """A question without a part of it, and how many works have all that is left."""

    relaxation: Relaxation
    total: int

    def as_json(self) -> dict[str, Any]:
        """Return it as the JSON of the API has it."""
        left = self.relaxation
        return {
            "without": left.what,
            "text": left.text or None,
            "facet": left.facet,
            "excluded": left.excludes,
            "total": self.total,
            "query": query_as_json(left.query),
        }


def query_as_json(query: Query) -> dict[str, Any]:
    """Return a question as the JSON of the API has it."""
    return {
        "q": query.words,
        "filters": {name: list(values) for name, values in query.filters},
        "not": {name: list(values) for name, values in query.excluded},
    }


def hit_as_json(hit: Hit) -> dict[str, Any]:
    """Return a hit as the JSON of the API and of `searchapp search` has it."""
    parts = {
        "series": hit.series and hit.series._asdict(),
        "sections": [section._asdict() for section in hit.sections],
        "places": [place._asdict() for place in hit.places],
        "matched": hit.matched and hit.matched._asdict(),
        "elsewhere": [match._asdict() for match in hit.elsewhere],
    }
    return hit._asdict() | parts


def results_as_json(results: Results, ways_out: Sequence[WayOut] = ()) -> dict[str, Any]:
    """Return results as the JSON of `/api/search` and of `searchapp search --json`."""
    return {
        "total": results.total,
        "places": results.places,
        "generation": results.generation,
        "page": results.page,
        "pages": results.pages,
        "sort": results.sort,
        "query": query_as_json(results.query),
        "understood": [{"text": u.text, "as": u.role, "note": u.note} for u in results.understood],
        "correction": results.correction,
        "partial": results.partial,
        "ways_out": [way.as_json() for way in ways_out],
        "notes": list(results.notes),
        "hits": [hit_as_json(hit) for hit in results.hits],
        "facets": {name: [v._asdict() for v in values] for name, values in results.facets.items()},
    }


def add_explanations(body: dict[str, Any], explanations: Mapping[str, Any]) -> None:
    """Add to the JSON of results why each hit stands where it does; None where no word does."""
    for hit in body["hits"]:
        found = explanations.get(hit["id"])
        hit["explain"] = found.as_json() if found else None
