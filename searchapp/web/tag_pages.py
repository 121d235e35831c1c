"""The pages about tags: their list, their map, each of them, and those that go together.

A tag's page is the answer to a query with that filter and no words: counts have no other source.
"""

import secrets

from flask import Blueprint, Response, abort, make_response, redirect, render_template
from htmx_flask import request
from werkzeug.wrappers import Response as AnyResponse

from searchapp.engine.results import TagInfo
from searchapp.query import MAX_FILTERS, Query
from searchapp.web.current import current_index
from searchapp.web.links import url_of_map, url_of_query, url_of_random, url_of_tags, url_of_work
from searchapp.web.metadata import describe_map, describe_tag_list
from searchapp.web.pages import show_results
from searchapp.web.sentences import shorten
from searchapp.web.tag_finding import nearest_tags
from searchapp.web.tag_list import NEAREST, present_tags
from searchapp.web.tag_map import present_map
from searchapp.web.tag_panel import TOGETHER, TagLink
from searchapp.web.variants import revalidated, wants_partial

tag_pages = Blueprint("tags", __name__, url_prefix="/tags")
other_map = Blueprint("tag_map", __name__)


@tag_pages.get("/")
@revalidated
def tags_page() -> AnyResponse:
    """List tags: by count, name or latest use, or those with what was typed in their names."""
    template = "_tag_list.html" if wants_partial() else "tags.html"
    index = current_index()
    view = present_tags(index, request.args)
    meta = describe_tag_list(view, index)
    page = render_template(template, tags=view, meta=meta, partial=wants_partial())
    return make_response(page)


@tag_pages.get("/map/")
@revalidated
def map_page() -> AnyResponse:
    """Show the map, unless a tag is called so: its page is here then."""
    if current_index().tag("map"):
        return _show_tags("map")
    return _show_map()


@other_map.get("/tag-map/")
@revalidated
def other_map_page() -> AnyResponse:
    """Show the map where a tag has taken its address; else lead to that."""
    address = url_of_map(current_index())
    return _show_map() if address.endswith("/tag-map/") else redirect(address, 301)


def _show_map() -> Response:
    index = current_index()
    drawn = index.guide().map
    view = present_map(drawn, index) if drawn else None
    meta = describe_map(url_of_map(index), index)
    return make_response(render_template("tag_map.html", map=view, meta=meta))


@tag_pages.get("/<names>/")
@revalidated
def tag_page(names: str) -> AnyResponse:
    """Show the pieces of a tag, or those that have two or three: a query without words.

    Another spelling, an alias or another order moves for good to the slugs in their order;
    of more than three it leads to the search that has them all.
    """
    return _show_tags(names)


def _show_tags(names: str) -> AnyResponse:
    found = _find_tags(names)
    if isinstance(found, Response):
        return found
    if len(found) > TOGETHER:
        return _show_too_many(found)
    if names != "+".join(found):
        return redirect(url_of_tags(found), 301)
    tags = [("tag", slug) for slug in found]
    return show_results(Query.from_args([*request.args.items(multi=True), *tags]))


@tag_pages.get("/<names>/random/")
def random_page(names: str) -> AnyResponse:
    """Lead to one of the pieces, another each time."""
    found = _find_tags(names)
    if isinstance(found, Response):
        return found
    if names != "+".join(found):
        return redirect(url_of_random(found), 301)
    query = Query.of(filters={"tag": found})
    total = current_index().answer(query, limit=1, snippets=False).total
    if not total:
        abort(404)
    chosen = query.with_page(1 + secrets.randbelow(total))
    (hit,) = current_index().answer(chosen, limit=1, snippets=False).hits
    response = redirect(url_of_work(hit.id), 302)
    response.headers["X-Robots-Tag"] = "noindex"
    response.cache_control.no_store = True
    return response


def _find_tags(names: str) -> list[str] | Response:
    """Return the slugs of the tags in an address, sorted, or the page that knows no such tag."""
    index = current_index()
    stated = [name for name in names.split("+", MAX_FILTERS)[:MAX_FILTERS] if name.strip()]
    tags = {name: index.tag(name) for name in stated}
    unknown = next((name for name, tag in tags.items() if tag is None), None)
    if unknown is not None or not stated:
        return _show_unknown(unknown or names, [tag for tag in tags.values() if tag])
    return sorted({tag.slug for tag in tags.values() if tag})


def _show_too_many(slugs: list[str]) -> Response:
    """Say that no page shows so many tags together, and lead to the search with all of them."""
    index = current_index()
    tags = [tag for tag in map(index.tag, slugs) if tag]
    page = render_template(
        "tags_too_many.html",
        most=TOGETHER,
        names=[tag.label for tag in tags],
        search=url_of_query(Query.of(filters={"tag": slugs})),
        tags=[TagLink(tag.label, url_of_tags([tag.slug]), tag.count) for tag in tags],
    )
    response = make_response(page, 404)
    response.cache_control.no_store = True
    return response


def _show_unknown(name: str, known: list[TagInfo]) -> Response:
    """Say that there is no such tag, and offer those that may have been meant."""
    name = "".join(c if c.isprintable() else "\ufffd" for c in name)
    nearest = [*known, *nearest_tags(current_index(), name, NEAREST)]
    links = [TagLink(tag.label, url_of_tags([tag.slug]), tag.count) for tag in nearest]
    words = " ".join(name.replace("-", " ").split())
    search = url_of_query(Query.of(words)) if any(c.isalnum() for c in words) else None
    page = render_template(
        "tag_missing.html", name=shorten(name), nearest=links, search=search, words=shorten(words)
    )
    response = make_response(page, 404)
    response.cache_control.no_store = True
    return response
