"""Ways out of a search that found little or nothing: each a link, with the pieces it leads to."""

from dataclasses import dataclass

from searchapp.engine import Index
from searchapp.engine.results import Results
from searchapp.query import Query
from searchapp.web.browsing import link_tags
from searchapp.web.feedback import url_of_feedback
from searchapp.web.links import url_of_query
from searchapp.web.sentences import count, describe, shorten
from searchapp.web.tag_panel import TagLink

POPULAR = 12


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


def present_rescue(query: Query, ways: tuple[Way, ...], index: Index) -> Rescue:
    """Return what to try where nothing was found: these ways, the largest tags, everything."""
    return Rescue(
        ways=ways,
        popular=tuple(link_tags(index.tags()[:POPULAR])),
        everything=url_of_query(Query()),
        feedback=url_of_feedback(index.site, describe(query, index.label)),
    )
