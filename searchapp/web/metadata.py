"""What a page says of itself to search engines, previews and reference managers: its head.

    results, a piece, a list --describe_*--> Metadata --_metadata.html--> the page's head

Each page has one canonical address. A piece's is the original place, since that is where it
was published; ours is it only where nobody stated another. Of searches, those may be listed that
have a page of their own (everything, a tag) and those for words alone that found something; all
others say noindex and are still followed.
"""

import html
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from flask import url_for

from searchapp.engine import Index
from searchapp.engine.results import Hit, Results, WorkPage
from searchapp.query import Query
from searchapp.web.cards import Piece
from searchapp.web.linked_data import describe_site, describe_tag, describe_work
from searchapp.web.links import absolute, outside, url_of_query, url_of_tags, url_of_work
from searchapp.web.presenters import Pager, ResultsView
from searchapp.web.sentences import show_date
from searchapp.web.tag_list import TagList
from searchapp.web.tag_panel import TOGETHER

NOT_LISTED = "noindex, follow"
LONGEST = 200  # characters of a description; engines show fewer

_MARKUP = re.compile(r"<(style|script)\b.*?</\1>|<[^>]*>", re.DOTALL | re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Metadata:
    """The head of a page: `title` for its tab, `name` for previews, without the site's.

    `robots` is None for a page that search engines may list. `data` is its linked data, and
    `citation` what reference managers read, both empty for what is no work.
    """

    title: str
    name: str
    description: str
    canonical: str
    robots: str | None = None
    kind: str = "website"
    previous: str | None = None
    next: str | None = None
    json: str | None = None
    properties: tuple[tuple[str, str], ...] = ()
    citation: tuple[tuple[str, str], ...] = ()
    data: dict[str, Any] | None = None


# --- Answers ----------------------------------------------------------------------------------


def describe_results(view: ResultsView, results: Results, index: Index) -> Metadata:
    """Return the head of a page of results: what it shows, and whether it is one to be listed."""
    query = replace(results.query, page=results.page)
    default = results.sorts[0]
    if query.sort == default:
        query = query.with_sort(None).with_page(results.page)
    tags = _tags_alone(query)
    is_page = len(tags) <= 1 if tags is not None else _is_words_alone(query)
    listed = results.total > 0 and is_page and not query.sort
    address = absolute(_address_of(query, tags), index.site.url)
    pager = view.pager or Pager((), 1, None, None)
    return Metadata(
        title=view.title,
        name=view.heading if view.asking or tags else index.site.title,
        description=_cut(_tell_results(view, tags, index)),
        canonical=address,
        robots=None if listed else NOT_LISTED,
        previous=pager.previous,
        next=pager.next,
        json=view.json,
        data=_data_of_results(address, tags, index) if listed and results.page == 1 else None,
    )


def _tags_alone(query: Query) -> tuple[str, ...] | None:
    """Return the tags of a query for nothing else; none for everything, None for what has no page.

    The order and the page may be any.
    """
    if query.words.strip() or query.excluded or any(name != "tag" for name, _ in query.filters):
        return None
    tags = query.chosen("tag")
    return tags if len(tags) <= TOGETHER else None


def _is_words_alone(query: Query) -> bool:
    return query == Query(words=query.words, notes=query.notes)


def _address_of(query: Query, tags: tuple[str, ...] | None) -> str:
    """Return the one address of an answer, that of a page about tags where it is one."""
    if not tags:
        return url_of_query(query)
    rest = replace(query, filters=()).as_query_string()
    return f"{url_of_tags(tags)}?{rest}" if rest else url_of_tags(tags)


def _tell_results(view: ResultsView, tags: tuple[str, ...] | None, index: Index) -> str:
    tag = index.tag(tags[0]) if tags and len(tags) == 1 else None
    said = tag.description if tag else index.site.description if tags == () else ""
    return f"{said} {view.status}." if said else f"{view.status}."


def _data_of_results(
    address: str, tags: tuple[str, ...] | None, index: Index
) -> dict[str, Any] | None:
    home = absolute(url_of_query(Query()), index.site.url)
    if tags is None:
        return None
    if not tags:
        return describe_site(index.site, home)
    tag = index.tag(tags[0])
    return describe_tag(tag, address, index.site, home) if tag else None


# --- Pieces -----------------------------------------------------------------------------------


def describe_piece(piece: Piece, work: WorkPage, index: Index) -> Metadata:
    """Return the head of a piece's own page."""
    hit, site = work.hit, index.site
    here = absolute(url_of_work(hit.id), site.url)
    elsewhere = original_place(hit)
    labels = [tag.label for tag in piece.card.tags]
    authors = hit.authors or ((site.author,) if site.author else ())
    return Metadata(
        title=" · ".join(filter(None, (hit.title, show_date(hit.date), site.title))),
        name=hit.title,
        description=_cut(hit.summary or _text_of(work.html) or f"{hit.title}, {hit.source}"),
        canonical=elsewhere or here,
        robots=NOT_LISTED if elsewhere is None and work.html is None else None,
        kind="article",
        json=url_for("api.work", key=hit.id),
        properties=tuple(_list_properties(hit, authors, labels)),
        citation=tuple(_list_citation(hit, authors, labels, elsewhere or here)),
        data=describe_work(work, here, elsewhere, authors, labels, site),
    )


def original_place(hit: Hit) -> str | None:
    """Return the address where a piece was published first of all, None if nobody stated one.

    It is that of the original, else of the first place that can be visited; what is gone is none.
    """
    readable = [place for place in hit.places if outside(place.url) and not place.gone]
    original = [place for place in readable if place.role == "original"]
    return next((place.url for place in (*original, *readable)), None)


def _list_properties(
    hit: Hit, authors: Sequence[str], labels: Sequence[str]
) -> list[tuple[str, str]]:
    """Return what Open Graph knows of articles."""
    found = [("article:published_time", hit.published)] if hit.published else []
    found += [("article:author", name) for name in authors]
    return found + [("article:tag", label) for label in labels]


def _list_citation(
    hit: Hit, authors: Sequence[str], labels: Sequence[str], address: str
) -> list[tuple[str, str]]:
    """Return the names that Zotero and Google Scholar read."""
    found = [("citation_title", hit.title)]
    found += [("citation_author", name) for name in authors]
    if hit.published:
        found.append(("citation_publication_date", hit.published.replace("-", "/")))
    found.append(("citation_journal_title", hit.source))
    found.append(("citation_language", hit.language))
    found += [("citation_keywords", label) for label in labels]
    return [*found, ("citation_public_url", address)]


# --- Other pages ------------------------------------------------------------------------------


def describe_tag_list(tags: TagList, index: Index) -> Metadata:
    """Return the head of the list of tags; only that by count is to be listed, with all pages."""
    order = next((link.label for link in tags.orders if link.url is None), None)
    letter = next((link.label for link in tags.letters if link.url is None), None)
    page = next((link.label for link in tags.pages if link.url is None), "1")
    usual = not tags.asked and order in (None, tags.orders[0].label if tags.orders else None)
    name = f"Tags with “{tags.asked}”" if tags.asked else "Tags"
    if not usual and order:
        name += f" by {order}"
    name += f": {letter}" if letter else ""
    name += f" · page {page}" if page != "1" else ""
    number = page.replace(",", "") if page != "1" and usual else None
    return _describe_plain(
        name, f"{name}: {tags.counted}.", url_for("tags.tags_page", page=number), index,
        robots=None if usual else NOT_LISTED,
    )  # fmt: skip


def describe_about(index: Index) -> Metadata:
    """Return the head of what the owner says of the site."""
    said = index.site.description or _text_of(index.site.about) or f"About {index.site.title}"
    return _describe_plain("About", said, url_for("pages.about_page"), index)


def describe_map(address: str, index: Index) -> Metadata:
    """Return the head of the map of tags."""
    said = f"Which tags go together in {index.site.title}, in words and drawn."
    return _describe_plain("Map of the tags", said, address, index)


def describe_api(index: Index) -> Metadata:
    """Return the head of the page that explains the API."""
    said = f"How programs read what {index.site.title} shows: search, pieces, tags and feeds."
    return _describe_plain("API", said, url_for("openapi.api_page"), index)


def describe_embedding(index: Index) -> Metadata:
    """Return the head of the page that shows the search box for other sites."""
    said = f"One line of HTML that puts the search of {index.site.title} into any page."
    address = url_for("embedding.embed_page")
    return _describe_plain("Search box for your pages", said, address, index, robots=NOT_LISTED)


def _describe_plain(
    name: str, description: str, path: str, index: Index, robots: str | None = None
) -> Metadata:
    address = absolute(path, index.site.url)
    return Metadata(f"{name} · {index.site.title}", name, _cut(description), address, robots=robots)


def _text_of(rendered: str | None) -> str:
    """Return the beginning of a rendered text, without its markup."""
    return html.unescape(_MARKUP.sub(" ", (rendered or "")[: 20 * LONGEST]))


def _cut(text: str) -> str:
    """Return a text as one line, cut between two words to what engines show."""
    line = " ".join(text.split())
    if len(line) <= LONGEST:
        return line
    return line[:LONGEST].rsplit(" ", 1)[0].rstrip(" ,;:–") + "…"
