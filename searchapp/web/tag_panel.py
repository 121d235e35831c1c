"""What stands above the pieces of a tag, or of two or three together: where to go from here.

All of it comes from the answer to one query: the facet counts beside the tags and by year.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from searchapp.engine import Index
from searchapp.engine.results import Results, TagInfo
from searchapp.slugs import slug_of_tag, squash
from searchapp.web.cards import Link
from searchapp.web.links import url_of_feed, url_of_random, url_of_tags
from searchapp.web.related import beside
from searchapp.web.sentences import show_date
from searchapp.web.tag_finding import is_other_name

TOGETHER = 3  # tags that a page may show together
RELATED = 10
_FEEDS = (("Atom", "atom"), ("JSON", "json_feed"))
CLOSE = 6  # wider or narrower tags shown


@dataclass(frozen=True, slots=True)
class TagLink:
    """A tag with the number of its pieces."""

    label: str
    url: str
    count: int


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A tag that goes with those shown: `count` pieces have all, shown at the address `both`."""

    label: str
    url: str
    count: int
    both: str | None


@dataclass(frozen=True, slots=True)
class TagPanel:
    """What is said of tags above their pieces, and the ways that lead on."""

    name: str
    description: str
    aliases: tuple[str, ...]
    wider: tuple[TagLink, ...]
    narrower: tuple[TagLink, ...]
    apart: tuple[TagLink, ...]
    related: tuple[Neighbour, ...]
    span: str
    random: str
    feeds: tuple[Link, ...]


def present_panel(slugs: Sequence[str], results: Results, index: Index) -> TagPanel | None:
    """Return the panel of the tags, whose pieces `results` are; None where there are none."""
    tags = [tag for tag in map(index.tag, slugs) if tag]
    if len(tags) < len(slugs) or not results.total:
        return None
    only = tags[0] if len(tags) == 1 else None
    around = beside(slugs, results, index)
    wider, narrower = (around.wider(), around.narrower()) if only else ((), ())
    declared = [tag.slug for tag in index.tags() if only and only.slug in tag.parents]
    return TagPanel(
        name=" + ".join(tag.label for tag in tags),
        description=only.description if only else "",
        aliases=tuple(_list_other_names(only)) if only else (),
        wider=tuple(_link([*(only.parents if only else ()), *wider], index)),
        narrower=tuple(_link([*declared, *narrower], index)),
        apart=() if only else tuple(_link(slugs, index)),
        related=tuple(_present_neighbours(slugs, around.rank(RELATED), around.together, index)),
        span=_tell_span(*((only.first, only.last) if only else _find_span(results, index))),
        random=url_of_random(slugs),
        feeds=tuple(Link(label, url_of_feed(name, results.query)) for label, name in _FEEDS),
    )


def _list_other_names(tag: TagInfo) -> Iterator[str]:
    """Give the names that say something new, each in its first spelling."""
    known = set()
    for alias in filter(lambda alias: is_other_name(alias, tag), tag.aliases):
        if squash(slug_of_tag(alias)) not in known:
            known.add(squash(slug_of_tag(alias)))
            yield alias


def _link(slugs: Sequence[str], index: Index) -> Iterator[TagLink]:
    """Give the tags that some piece has; others are not offered to visitors."""
    for tag in list(filter(None, map(index.tag, dict.fromkeys(slugs))))[:CLOSE]:
        yield TagLink(tag.label, url_of_tags([tag.slug]), tag.count)


def _present_neighbours(
    slugs: Sequence[str],
    ranked: Sequence[tuple[str, float]],
    together: Mapping[str, int],
    index: Index,
) -> Iterator[Neighbour]:
    for slug, _ in ranked:
        both = url_of_tags([*slugs, slug]) if len(slugs) < TOGETHER else None
        yield Neighbour(index.label("tag", slug), url_of_tags([slug]), together[slug], both)


def _find_span(results: Results, index: Index) -> tuple[str | None, str | None]:
    """Return the dates of the first and the latest of the pieces."""
    first, last = (
        index.answer(results.query.with_sort(sort), limit=1, snippets=False).hits[0].date
        for sort in ("oldest", "newest")
    )
    return first, last


def _tell_span(first: str | None, last: str | None) -> str:
    if first is None or last is None:
        return ""
    if first == last:
        return f"Once, {show_date(first)}"
    return f"First {show_date(first)}, last {show_date(last)}"
