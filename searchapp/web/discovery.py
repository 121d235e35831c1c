"""How programs find what is here: OpenSearch for browsers, the sitemap and robots.txt for crawlers.

Crawlers meet one means, not two. What combines filters says noindex and links to searches say
nofollow; robots.txt forbids nothing, since a page that may not be fetched cannot say noindex, and
would be listed by its address alone wherever somebody links to it. All these pages are cheap, and
a search reads at most so many filters.
"""

import re
import xml.etree.ElementTree as ET
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import islice
from urllib.parse import quote
from xml.sax.saxutils import escape

from flask import Blueprint, Response, abort, make_response, url_for

from searchapp.engine import Index
from searchapp.engine.results import Site
from searchapp.query import Query
from searchapp.web.assets import asset_url
from searchapp.web.current import current_index
from searchapp.web.freshness import keep
from searchapp.web.links import absolute, url_of_map, url_of_query, url_of_work
from searchapp.web.metadata import original_place

OPENSEARCH = "http://a9.com/-/spec/opensearch/1.1/"
SITEMAP = "http://www.sitemaps.org/schemas/sitemap/0.9"
MOST_ADDRESSES = 50_000  # in one sitemap, by its protocol
DECLARATION = '<?xml version="1.0" encoding="utf-8"?>\n'

_KEY = "0" * 12  # stands for a piece's id in an address
_NOT_IN_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

discovery = Blueprint("discovery", __name__)


# --- OpenSearch -------------------------------------------------------------------------------


@discovery.get("/opensearch.xml")
def opensearch() -> Response:
    """Describe the search, so that a browser can offer it by the site's name."""
    index = current_index()
    response = make_response(_describe_search(index.site))
    response.content_type = "application/opensearchdescription+xml; charset=utf-8"
    return keep(response, index.built)


def _describe_search(site: Site) -> bytes:
    root = ET.Element("OpenSearchDescription", xmlns=OPENSEARCH)
    _add(root, "ShortName", _cut(site.title, 16))
    _add(root, "LongName", _cut(site.title, 48))
    _add(root, "Description", _cut(site.description or f"Search {site.title}", 1024))
    home = url_of_query(Query())
    _add_way(root, "text/html", f"{home}?q={{searchTerms}}&page={{startPage?}}", site)
    feed = f"{url_for('feeds.atom')}?q={{searchTerms}}"
    _add_way(root, "application/atom+xml", feed, site)
    typed = f"{url_for('api.completions')}?q={{searchTerms}}"
    _add_way(root, "application/x-suggestions+json", typed, site, rel="suggestions")
    itself = url_for("discovery.opensearch")
    _add_way(root, "application/opensearchdescription+xml", itself, site, rel="self")
    icon = asset_url("favicon.svg")
    if icon:
        picture = ET.SubElement(root, "Image", width="16", height="16", type="image/svg+xml")
        picture.text = absolute(icon, site.url)
    _add(root, "Language", site.language)
    _add(root, "InputEncoding", "UTF-8")
    _add(root, "OutputEncoding", "UTF-8")
    ET.indent(root, " ")
    return (DECLARATION + ET.tostring(root, encoding="unicode") + "\n").encode()


def _add_way(root: ET.Element, kind: str, path: str, site: Site, **more: str) -> None:
    stated = {"type": kind, "template": absolute(path, site.url)} | more
    ET.SubElement(root, "Url", stated)


def _add(root: ET.Element, name: str, text: str) -> None:
    ET.SubElement(root, name).text = _NOT_IN_XML.sub("", text)


def _cut(text: str, most: int) -> str:
    """Return the beginning of a text, whole words of it if there are some."""
    line = " ".join(text.split())
    if len(line) <= most:
        return line
    return line[: most + 1].rsplit(" ", 1)[0][:most].rstrip(" ,;:–—-")


# --- robots.txt -------------------------------------------------------------------------------


@discovery.get("/robots.txt")
def robots() -> Response:
    """Forbid nothing, and name the sitemap."""
    index = current_index()
    sitemap = absolute(url_for("discovery.sitemap"), index.site.url)
    response = make_response(f"User-agent: *\nDisallow:\n\nSitemap: {sitemap}\n")
    response.content_type = "text/plain; charset=utf-8"
    return keep(response, index.built)


# --- The sitemap ------------------------------------------------------------------------------


@discovery.get("/sitemap.xml")
def sitemap() -> Response:
    """List the pages that search engines may list, or the parts of that list if it is long."""
    index = current_index()
    parts = _count_parts(index)
    if parts == 1:
        return _answer(_list_pages(index, 1), index)
    return _answer(_list_parts(index, parts), index)


@discovery.get("/sitemap-<int:part>.xml")
def sitemap_part(part: int) -> Response:
    """List some of those pages."""
    index = current_index()
    if not 1 <= part <= _count_parts(index):
        abort(404)
    return _answer(_list_pages(index, part), index)


def _count_parts(index: Index) -> int:
    return -(-len(_Addresses(index)) // MOST_ADDRESSES)


def _answer(body: str, index: Index) -> Response:
    response = make_response(body)
    response.content_type = "application/xml; charset=utf-8"
    return keep(response, index.built)


def _list_parts(index: Index, parts: int) -> str:
    """Return the lines that name the parts, each as old as the index, which made the list anew."""
    addresses = [
        absolute(url_for("discovery.sitemap_part", part=part), index.site.url)
        for part in range(1, parts + 1)
    ]
    return _write("sitemapindex", "sitemap", addresses, f"<lastmod>{index.built}</lastmod>")


def _list_pages(index: Index, part: int) -> str:
    """Return the lines that name the clean pages of a part, in an order that stays.

    No page has a date: when a text was changed nobody states, the day of its publication is
    another thing, and engines stop trusting dates that are wrong.
    """
    addresses = _Addresses(index)
    some = islice(addresses, (part - 1) * MOST_ADDRESSES, part * MOST_ADDRESSES)
    return _write("urlset", "url", some, "")


def _write(root: str, name: str, addresses: Iterable[str], more: str) -> str:
    lines = [f"<{name}><loc>{escape(address)}</loc>{more}</{name}>\n" for address in addresses]
    return f'{DECLARATION}<{root} xmlns="{SITEMAP}">\n{"".join(lines)}</{root}>\n'


class _Addresses:
    """The addresses of all clean pages, made one by one: there may be more than are asked for."""

    def __init__(self, index: Index) -> None:
        site = index.site.url
        self._own = [absolute(path, site) for path in _list_own_pages(index)]
        self._tags = index.tags()
        self._pieces = _own_pieces(index, index.built)
        self._tag = absolute(url_for("tags.tags_page"), site)
        self._work = absolute(url_of_work(_KEY), site)

    def __len__(self) -> int:
        return len(self._own) + len(self._tags) + len(self._pieces)

    def __iter__(self) -> Iterator[str]:
        yield from self._own
        yield from (f"{self._tag}{quote(tag.slug)}/" for tag in self._tags)
        yield from (self._work.replace(_KEY, piece) for piece in self._pieces)


def _list_own_pages(index: Index) -> list[str]:
    pages = [url_of_query(Query()), url_for("pages.about_page"), url_for("openapi.api_page")]
    if index.tags():
        pages.append(url_for("tags.tags_page"))
    if index.guide().map:
        pages.append(url_of_map(index))
    return pages


@lru_cache(maxsize=2)
def _own_pieces(index: Index, built: str) -> tuple[str, ...]:
    """Return the ids of the pieces that can be read here and have no other address.

    Of any other piece the page names that address as the canonical one, and a sitemap lists
    canonical pages only. The list is made once for each index that was `built`.
    """
    return tuple(hit.id for hit in index.rendered() if original_place(hit) is None)
