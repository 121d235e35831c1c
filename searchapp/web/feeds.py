"""Feeds of any search: its newest pieces, in Atom and in JSON Feed, each piece once for ever.

An entry is a piece, not a copy: its id is made of the piece's own, which a later copy does not
change, and it is dated by the first day on which the piece was published anywhere. So a copy
made years later never comes back as new.
"""

import html
import re
import uuid
import xml.etree.ElementTree as ET
from collections.abc import Mapping
from dataclasses import dataclass, replace

from flask import Blueprint, Response, json, make_response, request

from searchapp.engine import Index
from searchapp.engine.results import Hit, Site
from searchapp.query import Query
from searchapp.web.cards import present_hit
from searchapp.web.current import current_index
from searchapp.web.freshness import keep
from searchapp.web.links import absolute, outside, url_of_feed, url_of_query
from searchapp.web.sentences import describe

NEWEST = 50

DECLARATION = b'<?xml version="1.0" encoding="utf-8"?>\n'
ATOM = "http://www.w3.org/2005/Atom"
# Atom wants a date of every entry; of these nobody knows it, and it must not change.
UNDATED = "1970-01-01"

_TAG = re.compile(r"<[^>]*>")
_NOT_IN_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

feeds = Blueprint("feeds", __name__)


@dataclass(frozen=True, slots=True)
class Feed:
    """A feed before it is written: every address whole, every text without what XML forbids."""

    id: str
    title: str
    description: str
    author: str
    language: str
    updated: str
    home: str
    itself: str
    entries: tuple["Entry", ...]


@dataclass(frozen=True, slots=True)
class Entry:
    """A piece: `url` is where it can be read, `details` our own page of it."""

    id: str
    title: str
    url: str
    details: str
    published: str | None
    summary: str
    authors: tuple[str, ...]
    tags: tuple[tuple[str, str], ...]
    language: str


@feeds.get("/feed.atom")
def atom() -> Response:
    """Give the newest pieces of a search as Atom."""
    return _answer(_write_atom(_gather("atom")), "application/atom+xml")


@feeds.get("/feed.json")
def json_feed() -> Response:
    """Give the newest pieces of a search as JSON Feed 1.1."""
    return _answer(_write_json(_gather("json_feed")), "application/feed+json")


def _answer(body: bytes, kind: str) -> Response:
    """Answer with a feed, or say that it is the one that the reader has."""
    response = make_response(body)
    response.content_type = f"{kind}; charset=utf-8"
    return keep(response, current_index().built)


# --- What a feed holds ------------------------------------------------------------------------


def _gather(endpoint: str) -> Feed:
    """Read the search from the address, as a page does, and return its newest pieces."""
    index = current_index()
    asked = replace(Query.from_args(request.args.items(multi=True)), sort="newest", page=1)
    results = index.answer(asked, limit=NEWEST)
    site, query = index.site, results.query
    heading = describe(query, index.label)
    return Feed(
        id=_name(site, f"feed {query.as_query_string()}"),
        title=_clean(site.title if query.is_empty else f"{heading} · {site.title}"),
        description=_clean(site.description),
        author=_clean(site.author or site.title),
        language=site.language,
        updated=index.built.replace("+00:00", "Z"),
        home=_whole(url_of_query(replace(query, sort=None)), site),
        itself=_whole(url_of_feed(endpoint, query), site),
        entries=tuple(_enter(hit, query, index) for hit in results.hits if hit.complete),
    )


def _enter(hit: Hit, query: Query, index: Index) -> Entry:
    card = present_hit(hit._replace(snippet=""), query, index)  # the address of the whole piece
    details = _whole(card.details, index.site)
    return Entry(
        id=_name(index.site, hit.id),
        title=_clean(hit.title),
        url=outside(card.url) or details,
        details=details,
        published=hit.published,
        summary=_clean(hit.summary or html.unescape(_TAG.sub("", hit.snippet))),
        authors=tuple(map(_clean, hit.authors)),
        tags=tuple(
            (slug, _clean(tag.label)) for slug, tag in zip(hit.tags, card.tags, strict=True)
        ),
        language=hit.language,
    )


def _whole(path: str, site: Site) -> str:
    return absolute(path, site.url)


def _name(site: Site, what: str) -> str:
    """Return a name that no other feed has, and that stays the same wherever the site moves to.

    It is made of the address that the owner states, not of that by which the reader came.
    """
    return uuid.uuid5(uuid.NAMESPACE_URL, f"{site.url or ''} {what}").urn


def _clean(text: str) -> str:
    return _NOT_IN_XML.sub("", text)


# --- Atom -------------------------------------------------------------------------------------


def _write_atom(feed: Feed) -> bytes:
    root = ET.Element("feed", {"xmlns": ATOM, "xml:lang": feed.language})
    _add(root, "id", feed.id)
    _add(root, "title", feed.title)
    if feed.description:
        _add(root, "subtitle", feed.description)
    _add(root, "updated", feed.updated)
    _add(ET.SubElement(root, "author"), "name", feed.author)
    _add(root, "link", rel="self", type="application/atom+xml", href=feed.itself)
    _add(root, "link", rel="alternate", type="text/html", href=feed.home)
    for entry in feed.entries:
        _add_entry(root, entry)
    ET.indent(root, " ")
    return DECLARATION + ET.tostring(root, encoding="unicode").encode()


def _add_entry(root: ET.Element, entry: Entry) -> None:
    element = ET.SubElement(root, "entry", {"xml:lang": entry.language})
    _add(element, "id", entry.id)
    _add(element, "title", entry.title)
    _add(element, "updated", _instant(entry.published or UNDATED))
    if entry.published:
        _add(element, "published", _instant(entry.published))
    for name in entry.authors:
        _add(ET.SubElement(element, "author"), "name", name)
    _add(element, "link", rel="alternate", type="text/html", href=entry.url)
    if entry.details != entry.url:
        _add(element, "link", rel="related", type="text/html", href=entry.details)
    for slug, label in entry.tags:
        _add(element, "category", term=slug, label=label)
    if entry.summary:
        _add(element, "summary", entry.summary)


def _add(parent: ET.Element, name: str, text: str | None = None, **attributes: str) -> None:
    ET.SubElement(parent, name, attributes).text = text


def _instant(day: str) -> str:
    """Return a day as the moment at which it begins: nobody says more of when it was."""
    return f"{day}T00:00:00Z"


# --- JSON Feed --------------------------------------------------------------------------------


def _write_json(feed: Feed) -> bytes:
    stated = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": feed.title,
        "description": feed.description,
        "home_page_url": feed.home,
        "feed_url": feed.itself,
        "authors": [{"name": feed.author}],
        "language": feed.language,
        "items": list(map(_as_json, feed.entries)),
    }
    return json.dumps(_stated(stated)).encode()


def _as_json(entry: Entry) -> dict[str, object]:
    stated = {
        "id": entry.id,
        "url": entry.details,
        "external_url": entry.url if entry.url != entry.details else None,
        "title": entry.title,
        "content_text": entry.summary or entry.title,
        "summary": entry.summary,
        "date_published": _instant(entry.published) if entry.published else None,
        "authors": [{"name": name} for name in entry.authors],
        "tags": [label for _, label in entry.tags],
        "language": entry.language,
    }
    return _stated(stated)


def _stated(members: Mapping[str, object]) -> dict[str, object]:
    """Return what is stated, as the format wants it: nothing empty, but for the list itself."""
    return {name: value for name, value in members.items() if value or name == "items"}
