"""A piece as a page shows it: one card in a list of hits, or the whole of its own page."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from flask import current_app

from searchapp.engine import Index
from searchapp.engine.results import Hit, MatchHit, PlaceHit, WorkPage
from searchapp.query import Query
from searchapp.web.kin import KinView, present_kin
from searchapp.web.links import (
    below_root,
    below_tags,
    below_works,
    outside,
    quote_slug,
    to_marked,
    url_of_query,
    url_of_work,
)
from searchapp.web.sentences import PLACES_OF_WORDS, shorten, show_date, tell_places

SHOWN_PLACES = 5  # of a card; its own page has all
KEPT_TAGS = 2**12  # links of tags, of a fifth of a kilobyte each
PAGE_LANGUAGE = "en"  # of our own words; text in another one says so


class Link(NamedTuple):
    """Words and where they lead; `url` is None where nobody stated an address."""

    label: str
    url: str | None


class PlaceView(NamedTuple):
    """A place as a line: `title` only where it differs from the piece's, `gone` since a day."""

    source: str
    url: str | None
    role: str
    iso: str | None
    date: str | None
    title: str | None
    gone: str | None


class Card(NamedTuple):
    """A hit. `url` is where its headline leads: out if `leaves`, else to our own page.

    `lang` is None where the piece is in the language of the page. `places` are the first of
    several, `more_places` how many others there are; both are empty for a piece in one place.
    """

    id: str
    title: str
    url: str
    leaves: bool
    details: str
    lang: str | None
    source: str
    places: tuple[PlaceView, ...]
    more_places: int
    matched: str | None
    iso: str | None
    date: str | None
    minutes: int | None
    kind: str
    authors: tuple[str, ...]
    tags: tuple[Link, ...]
    series: Link | None
    summary: str
    snippet: str
    sections: tuple[Link, ...]


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece's own page: the card, all its places, its text where that is ours, its kin."""

    card: Card
    places: tuple[PlaceView, ...]
    html: str | None
    kin: KinView
    related: tuple[Link, ...]

    @property
    def has_formulas(self) -> bool:
        """Whether its page needs the styles of formulas."""
        return self.html is not None and "<math " in self.html


class Cards:
    """Makes the cards of one answer: what all of them need is looked up once."""

    def __init__(self, query: Query, index: Index) -> None:
        self._index = index
        self._wanted = query.chosen("source")
        self._root, self._works, self._tags = below_root(""), below_works(), below_tags()
        self._links = _keep_links(index.generation, index.built, self._tags)

    def show(self, hit: Hit) -> Card:
        """Return a hit as a card.

        The headline leads to where the piece can be read: to the place that the reader
        filtered by, if it has an address, else the canonical one, else our own page. The date
        is of that place, as its source is shown.
        """
        home = _choose_place(hit.places, self._wanted)
        date = home.date if home and home not in hit.places[:1] else hit.date
        url = outside(home.url) if home and not home.gone else None
        details = f"{self._works}{hit.id}/"
        places = hit.places if len(hit.places) > 1 else ()
        return Card(
            id=hit.id,
            title=hit.title,
            url=to_marked(url, hit.snippet) if url else details,
            leaves=url is not None,
            details=details,
            lang=None if hit.language == PAGE_LANGUAGE else hit.language,
            source=home.source if home else hit.source,
            places=tuple([present_place(place, hit.title) for place in places[:SHOWN_PLACES]]),
            more_places=max(0, len(places) - SHOWN_PLACES),
            matched=_tell_copy(hit) or _tell_elsewhere(hit, self._index),
            iso=date,
            date=show_date(date),
            minutes=hit.minutes,
            kind=hit.kind,
            authors=hit.authors,
            tags=tuple([self._links.get(slug) or self._link_tag(slug) for slug in hit.tags]),
            series=_present_series(hit),
            summary=hit.summary,
            snippet=hit.snippet,
            sections=tuple([Link(s.title, self._root + s.url) for s in hit.sections]),
        )

    def _link_tag(self, slug: str) -> Link:
        link = Link(self._index.label("tag", slug), f"{self._tags}{quote_slug(slug)}/")
        if len(self._links) < KEPT_TAGS:
            self._links[slug] = link
        return link


def _keep_links(*state: object) -> dict[str, Link]:
    """Return the links of tags that this app has made in this `state`: a page has a hundred."""
    kept: tuple[object, dict[str, Link]] | None = current_app.extensions.get("tag_links")
    if kept is None or kept[0] != state:
        kept = current_app.extensions["tag_links"] = (state, {})
    return kept[1]


def present_hit(hit: Hit, query: Query, index: Index) -> Card:
    """Return one hit of the answer to `query` as a card."""
    return Cards(query, index).show(hit)


def present_work(work: WorkPage, index: Index) -> Piece:
    """Return a work as its own page shows it."""
    hit = work.hit
    places = tuple(present_place(place, hit.title) for place in hit.places)
    related = tuple(_link_related(work.related))
    shown = present_hit(hit, Query(), index)
    return Piece(shown, places, work.html, present_kin(work), related)


def _link_related(related: Sequence[Hit]) -> Iterator[Link]:
    """Lead to related pieces; those of one title with their years, or where they stand."""
    alike = Counter(other.title for other in related)
    years = Counter((other.title, (other.date or "")[:4]) for other in related)
    for other in related:
        year = (other.date or "")[:4]
        apart = year if year and years[other.title, year] == 1 else other.source
        label = f"{other.title} ({apart})" if alike[other.title] > 1 and apart else other.title
        yield Link(label, url_of_work(other.id))


def present_place(place: PlaceHit, title: str) -> PlaceView:
    """Return a place, with its own title where that is not `title`."""
    return PlaceView(
        source=place.source,
        url=outside(place.url),
        role=place.role,
        iso=place.date,
        date=show_date(place.date),
        title=None if place.title == title else place.title,
        gone=show_date(place.gone),
    )


def _choose_place(places: Sequence[PlaceHit], wanted: Sequence[str]) -> PlaceHit | None:
    """Return the first living place whose source is wanted, else the first living one."""
    if not wanted and places and not places[0].gone and outside(places[0].url):
        return places[0]
    readable = [place for place in places if outside(place.url) and not place.gone]
    preferred = [place for place in readable if place.source in wanted] if wanted else ()
    return next(iter((*preferred, *readable, *places)), None)


def _tell_copy(hit: Hit) -> str | None:
    """Return where the words stand that nothing else on the card has; None for no such copy."""
    if hit.matched is None:
        return None
    where = f"the copy on {hit.matched.source}" if hit.matched.source else "another listing"
    named = f", “{shorten(hit.matched.title)}”" if hit.matched.title != hit.title else ""
    return f"Matched in {where}{named}"


def _tell_elsewhere(hit: Hit, index: Index) -> str | None:
    """Return where words stand that the card does not show; None where it shows or quotes all.

    What stands further down in the text is of no surprise, and is not told.
    """
    if not hit.elsewhere:
        return None

    def label(match: MatchHit) -> str:
        value = match.value or ""
        return shorten(index.label("tag", value) if match.field == "tags" else value)

    told = [(match.field, label(match)) for match in hit.elsewhere]
    return tell_places([(name, value) for name, value in told if name in PLACES_OF_WORDS])


def _present_series(hit: Hit) -> Link | None:
    if hit.series is None:
        return None
    title, part, parts = hit.series.title, hit.series.part, hit.series.parts
    label = f"{title}, part {part} of {parts}" if part is not None else title
    return Link(label, url_of_query(Query.of(filters={"series": title})))
