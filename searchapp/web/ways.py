"""Ways out of a search that found little or nothing: each a link, with the pieces it leads to."""

from collections.abc import Iterator
from dataclasses import dataclass

from searchapp.engine import Index
from searchapp.engine.results import Results
from searchapp.fields import FACET
from searchapp.query import Query
from searchapp.web.browsing import link_tags
from searchapp.web.feedback import url_of_feedback
from searchapp.web.links import url_of_query
from searchapp.web.sentences import count, describe, shorten
from searchapp.web.tag_finding import nearest_tags
from searchapp.web.tag_panel import TagLink

POPULAR = 12
NEAREST = 2  # tags that a misspelt one may be


@dataclass(frozen=True, slots=True)
class Way:
    """A way out: the query without one of its parts, or with other words."""

    label: str
    url: str
    count: str


@dataclass(frozen=True, slots=True)
class Rescue:
    """What to try where nothing was found."""

    ways: tuple[Way, ...]
    popular: tuple[TagLink, ...]
    everything: str
    feedback: str | None


def present_ways(results: Results, index: Index) -> tuple[Way, ...]:
    """Offer the query without each of its parts, with the number of pieces it then finds."""

    def label(facet: str, value: str) -> str:
        return shorten(index.label(facet, value))

    return tuple(
        Way(
            way.relaxation.in_words(label),
            url_of_query(way.relaxation.query),
            count(way.total, "piece"),
        )
        for way in index.ways_out(results)
    )


def _spell_tags(query: Query, index: Index) -> Iterator[Way]:
    """Offer the first chosen tag that no piece has as those whose names are nearest to it."""
    unknown = next((tag for tag in query.chosen("tag") if index.tag(tag) is None), None)
    if unknown is None:
        return
    rest = query.without_filter("tag", unknown)
    for tag in nearest_tags(index, unknown, NEAREST):
        spelt = rest.with_filter("tag", tag.slug)
        found = index.answer(spelt, limit=1, snippets=False, facets=False)
        if found.total:
            label = f"with tag: {shorten(tag.label)}"
            yield Way(label, url_of_query(spelt), count(found.total, "piece"))


def _spell_others(query: Query, index: Index) -> Iterator[Way]:
    """Offer the first values of other facets that no piece has as those nearest to them."""
    meant = (
        (facet, value, index.nearest(facet, value))
        for facet, values in query.filters if facet != "tag" for value in values
    )  # fmt: skip
    for facet, unknown, near in [one for one in meant if one[2]][:NEAREST]:
        for value in near:
            spelt = query.without_filter(facet, unknown).with_filter(facet, value)
            found = index.answer(spelt, limit=1, snippets=False, facets=False)
            if found.total:
                label = f"with {FACET[facet].label.lower()}: {shorten(index.label(facet, value))}"
                yield Way(label, url_of_query(spelt), count(found.total, "piece"))


def present_rescue(query: Query, ways: tuple[Way, ...], index: Index) -> Rescue:
    """Return what to try where nothing was found.

    Misspelt values put right, then these ways, the largest tags, everything.
    """
    return Rescue(
        ways=(*_spell_tags(query, index), *_spell_others(query, index), *ways),
        popular=tuple(link_tags(index.tags()[:POPULAR])),
        everything=url_of_query(Query()),
        feedback=url_of_feedback(index.site, describe(query, index.label)),
    )
