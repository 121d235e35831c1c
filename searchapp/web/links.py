"""Addresses: every link on a page is a `Query` with one thing changed, or a page of ours.

All are made by Flask, so they hold below a prefix (`SCRIPT_NAME`).
"""

import re
from bisect import bisect
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from html import unescape
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

from flask import redirect, request, url_for
from werkzeug.wrappers import Response

from searchapp.engine import Index
from searchapp.fields import FACET
from searchapp.query import EXCLUDE, MANY, Filters, Query, quote_value
from searchapp.slugs import keep_short

_ORDER = {name: i for i, name in enumerate(["q", *FACET, *(EXCLUDE + f for f in FACET), "sort"])}


def url_of_query(query: Query) -> str:
    """Return the address of the page that answers `query`."""
    return _with_query(_base(request.script_root, "pages.search_page"), query)


_Pair = tuple[int, str]  # of an address, with its place there


def lay_out(query: Query) -> list[_Pair]:
    """Return what stands in the address of `query`, as all its `Ways` need it."""
    return [(_ORDER[n], f"{n}={quote_value(v)}") for n, v in query.with_page(1).as_args()]


class Ways:
    """The addresses of `query` with one more value of `parameter`, a facet's or its exclusion.

    A page has 200 of them that differ in this value alone: what stands around it is made once.
    For values that are neither chosen nor excluded; others change more than one thing. `pairs`
    are what `lay_out` returns, where that was asked already.
    """

    def __init__(self, query: Query, parameter: str, pairs: Sequence[_Pair] | None = None) -> None:
        place = _ORDER[parameter]
        pairs = pairs or lay_out(query)
        self._query, self._facet = query, parameter.removeprefix(EXCLUDE)
        chosen = query.chosen if self._facet == parameter else query.without
        self._own = sorted(chosen(self._facet))
        before = "".join(f"{pair}&" for i, pair in pairs if i < place)
        self._before = f"{_base(request.script_root, 'pages.search_page')}?{before}"
        self._name = f"{parameter}="
        self._after = "".join(f"&{pair}" for i, pair in pairs if i > place)
        is_long = len(self._own) >= MANY and self._facet in dict(query.orders)
        self._gaps = [] if is_long else list(self._find_gaps())

    def _find_gaps(self) -> Iterator[tuple[str, str]]:
        """Yield what stands around a value that comes before, between or behind its own."""
        own = [self._name + quote_value(value) for value in self._own]
        for place in range(len(own) + 1):
            before = "".join(f"{pair}&" for pair in own[:place])
            after = "".join(f"&{pair}" for pair in own[place:])
            yield f"{self._before}{before}{self._name}", f"{after}{self._after}"

    @property
    def around(self) -> tuple[str, str] | None:
        """What stands before and behind a quoted value; None where others stand beside it."""
        return None if self._own else self._gaps[0]

    def to(self, value: str) -> str:
        """Return the address with that value."""
        if self._gaps:
            before, after = self._gaps[bisect(self._own, value)]
            return f"{before}{quote_value(value)}{after}"
        values = self._query.written(self._facet, tuple(sorted((*self._own, value))))
        middle = "&".join([self._name + quote_value(value) for value in values])
        return f"{self._before}{middle}{self._after}"


def add_argument(url: str, name: str, value: str | int) -> str:
    """Return the address `url` with one more argument, which comes last."""
    return f"{url}{'&' if '?' in url else '?'}{name}={value}"


def url_of_json(query: Query) -> str:
    """Return the address of the same answer as JSON."""
    return _with_query(_base(request.script_root, "api.search"), query)


def with_slugs(query: Query, index: Index) -> Query:
    """Return a query with each of its tags by the slug, as addresses have them."""

    def by_slug(filters: Filters) -> Filters:
        return tuple(
            (facet, tuple(sorted(set(map(slug_of, values)))) if facet == "tag" else values)
            for facet, values in filters
        )

    def slug_of(name: str) -> str:
        tag = index.tag(name)
        return tag.slug if tag else name

    return replace(query, filters=by_slug(query.filters), excluded=by_slug(query.excluded))


def url_of_tags(slugs: Iterable[str]) -> str:
    """Return the address of the page of one tag, or of several together."""
    names = "+".join(map(quote_slug, sorted(set(slugs))))
    return f"{_base(request.script_root, 'tags.tags_page')}{names}/"


def url_of_random(slugs: Iterable[str]) -> str:
    """Return the address that leads to one piece of those tags."""
    return f"{url_of_tags(slugs)}random/"


def url_of_map(index: Index) -> str:
    """Return the address of the map; a tag of the name `map` has its own page there."""
    name = "tag_map.other_map_page" if index.tag("map") else "tags.map_page"
    return _base(request.script_root, name)


def below_works() -> str:
    """Return the address below which all pieces have their own pages."""
    return url_of_work("")[:-1]


def below_tags() -> str:
    """Return the address below which all tags have their own pages."""
    return _base(request.script_root, "tags.tags_page")


def url_of_work(key: str) -> str:
    """Return the address of a piece's own page."""
    return _base(request.script_root, "pages.work_page", key="KEY").replace("KEY", key)


@dataclass(frozen=True, slots=True)
class FacetQuestion:
    """What is asked of a facet's values: letters in a name, an order, a page of them."""

    name: str
    find: str = ""
    order: str = "count"
    page: int = 1


def url_of_facet(asked: FacetQuestion, query: Query) -> str:
    """Return the address of the values of a facet under `query`."""
    own = {"find": asked.find, "order": asked.order, "part": str(asked.page)}
    usual = {"find": "", "order": "count", "part": "1"}
    path = _base(request.script_root, "facets.facet_page", name=asked.name)
    more = urlencode([pair for pair in own.items() if pair not in usual.items()])
    arguments = "&".join(filter(None, (query.as_query_string(), more)))
    return f"{path}?{arguments}" if arguments else path


@dataclass(frozen=True, slots=True)
class FeedLinks:
    """The addresses of the two feeds of one search."""

    atom: str
    json: str


def feed_links(query: Query) -> FeedLinks:
    """Return the addresses of a search's feeds."""
    plain = replace(query, sort=None, page=1) if query.sort or query.page > 1 else query
    atom, json = (_base(request.script_root, f"feeds.{name}") for name in ("atom", "json_feed"))
    arguments = plain.as_query_string()
    return (
        FeedLinks(f"{atom}?{arguments}", f"{json}?{arguments}")
        if arguments
        else FeedLinks(atom, json)
    )


def url_of_feed(endpoint: str, query: Query) -> str:
    """Return the address of the feed of `query`: the newest pieces, whatever order was chosen."""
    base = _base(request.script_root, f"feeds.{endpoint}")
    return _with_query(base, replace(query, sort=None, page=1))


def absolute(path: str, site: str | None) -> str:
    """Return the whole address of a page of ours, at the `site` that the owner states.

    Without one it is that by which the visitor came. A site that stands below a path has that
    path in front, once, also where the server knows it as its prefix: the prefix is compared, as
    one below `/works` has pages at `/works/works/`. A name that cannot stand in an address, such
    as one with an underscore, leaves the path alone.
    """
    home = urlsplit(outside(site) or request.host_url)
    prefix = home.path.rstrip("/")
    below = path if f"{request.script_root}/".startswith(f"{prefix}/") else prefix + path
    return f"{home.scheme}://{home.netloc}{below}" if home.netloc else path


def move(address: str) -> Response:
    """Redirect to where a piece stands now.

    The move is for good as far as anybody knows. But works may split again when the content
    changes, so browsers ask each time.
    """
    response = redirect(address, 301)
    response.headers["Cache-Control"] = "no-cache"
    return response


_MARKED = re.compile("<mark>([^<]+)</mark>")


def to_marked(url: str, snippet: str) -> str:
    """Return the address of another site's page with the first marked words to scroll to.

    Browsers that know text fragments show them there; others open the page as it is.
    """
    marked = _MARKED.search(snippet)
    if marked is None:
        return url
    return f"{url}{'' if '#' in url else '#'}:~:text={_quote_words(marked[1])}"


@keep_short(2**10)
def _quote_words(marked: str) -> str:
    return quote(unescape(marked), safe="").replace("-", "%2D")  # a dash would part them


def below_root(path: str) -> str:
    """Return one of our own paths as it is reached below the prefix that we are served under."""
    return request.script_root + path


def url_of_page(endpoint: str, **values: Any) -> str:
    """Return the address of a page for templates: that of one without `values` is made once."""
    return url_for(endpoint, **values) if values else _base(request.script_root, endpoint)


@lru_cache(maxsize=64)
def _base(root: str, endpoint: str, key: str | None = None, name: str | None = None) -> str:
    """Return the address of `endpoint` below the prefix `root`.

    A page has 200 links, and Flask takes 20 microseconds to make one.
    """
    return url_for(endpoint, key=key, name=name)


@keep_short(2**13)
def quote_slug(slug: str) -> str:
    """Quote the slug of a tag for the address of its page."""
    return quote(slug, safe="+")


_PLAIN = re.compile(r"https?://[a-z0-9][a-z0-9.-]*(?:/|$)")


def outside(url: str | None) -> str | None:
    """Return `url` if a visitor may be sent there: http or https with a host, else None.

    Escaping does not stop `javascript:` in a link. Nearly all are plain, which is seen at once.
    """
    if url and _PLAIN.match(url):
        return url
    try:
        parts = urlsplit(url or "")
    except ValueError:
        return None
    return url if parts.scheme in ("http", "https") and parts.hostname else None


def _with_query(path: str, query: Query) -> str:
    arguments = query.as_query_string()
    return f"{path}?{arguments}" if arguments else path
