"""The pages: search and browse, pieces, about, and the images of pieces.

One route answers a page and its partial: the page includes the partial that it swaps.
"""

from mimetypes import guess_type
from pathlib import Path
from typing import Any

from flask import (
    Blueprint,
    Response,
    abort,
    current_app,
    make_response,
    redirect,
    render_template,
    send_from_directory,
    url_for,
)
from htmx_flask import request
from werkzeug.exceptions import HTTPException, NotFound
from werkzeug.wrappers import Response as AnyResponse

from searchapp.engine import Index
from searchapp.engine.results import WorkPage
from searchapp.query import Query
from searchapp.web.cards import present_work
from searchapp.web.citing import CITED_AS, Citation, cite, present_citation
from searchapp.web.current import current_index
from searchapp.web.freshness import keep
from searchapp.web.gone import PieceGoneError, find_heirs
from searchapp.web.headers import IMAGE_POLICY
from searchapp.web.links import absolute, feed_links, move, url_of_query, url_of_work, with_slugs
from searchapp.web.metadata import describe_about, describe_piece, describe_results
from searchapp.web.missing import note_search
from searchapp.web.presenters import present_results
from searchapp.web.sentences import count_pieces
from searchapp.web.variants import revalidated, wants_partial

pages = Blueprint("pages", __name__)


@pages.app_context_processor
def describe_site() -> dict[str, Any]:
    """Give each template the site and its feeds, None while no index can say what it is called.

    The masthead leads to tags and to what is said of the site only where there is some.
    """
    try:
        index = current_index()
        site, has_tags = index.site, bool(index.tags())
    except Exception:  # whatever is wrong with the index, the page that says so must appear
        return {"site": None, "site_feeds": None, "has_tags": False, "has_about": False}
    return {
        "site": site,
        "site_feeds": feed_links(Query()),
        "has_tags": has_tags,
        "has_about": bool(site.about or site.description),
    }


@pages.get("/")
@revalidated
def search_page() -> AnyResponse:
    """Answer a search, or show everything."""
    asked = with_slugs(Query.from_args(request.args.items(multi=True)), current_index())
    response = show_results(asked)
    if wants_partial() and not request.htmx.boosted:
        # A form sends its empty fields too; the address has one spelling for each query.
        response.headers["HX-Replace-Url"] = url_of_query(asked)
    return response


@pages.get("/works/<key>/")
@revalidated
def work_page(key: str) -> AnyResponse:
    """Show a piece: its text where that is ours, and every place where it can be read.

    The key of any of its documents leads there; one that is gone is told from one that never was.
    """
    index = current_index()
    work = index.work(key)
    if work is None:
        raise _find_no_work(index, key)
    if work.hit.id != key:
        return move(url_of_work(work.hit.id))
    piece = present_work(work, index)
    page = render_template(
        "work.html",
        piece=piece,
        meta=describe_piece(piece, work, index),
        citation=present_citation(_cite(work, index)),
    )
    return make_response(page)


def _find_no_work(index: Index, key: str) -> HTTPException:
    """Tell a piece that is gone from one that never was."""
    return PieceGoneError(find_heirs(index, key)) if index.knew(key) else NotFound()


@pages.get("/works/<key>/cite.<any(bib, ris):form>")
def citation(key: str, form: str) -> AnyResponse:
    """Send the way to cite a piece, as a file."""
    index = current_index()
    work = index.work(key)
    if work is None:
        raise _find_no_work(index, key)
    if work.hit.id != key:
        return move(url_for("pages.citation", key=work.hit.id, form=form))
    write, kind = CITED_AS[form]
    response = make_response(write(_cite(work, index)))
    response.content_type = f"{kind}; charset=utf-8"
    response.headers["Content-Disposition"] = f'attachment; filename="{work.hit.id}.{form}"'
    response.headers["X-Robots-Tag"] = "noindex"
    return keep(response, index.built)


def _cite(work: WorkPage, index: Index) -> Citation:
    labels = [index.label("tag", slug) for slug in work.hit.tags]
    here = absolute(url_of_work(work.hit.id), index.site.url)
    return cite(work.hit, labels, here, index.site)


@pages.get("/about/")
@revalidated
def about_page() -> AnyResponse:
    """Show what the owner says of the site."""
    index = current_index()
    everything = index.search(limit=1, snippets=False)
    counted = count_pieces(everything.total, everything.places)
    page = render_template(
        "about.html", about=index.site.about, counted=counted, meta=describe_about(index)
    )
    return make_response(page)


@pages.get("/media/<path:path>")
def media(path: str) -> Response:
    """Send an image of a piece; nothing else below the content folder is ever sent."""
    content: Path | None = current_app.config["CONTENT"]
    if content is None or not _is_image_of_a_piece(content, path):
        abort(404)
    response = send_from_directory(content, path, max_age=0)
    response.headers["Content-Security-Policy"] = IMAGE_POLICY
    return response


def _is_image_of_a_piece(content: Path, path: str) -> bool:
    """Whether a piece shows that image, and no link has come to lead out of the folder since."""
    kind, _ = guess_type(path)
    if not (kind or "").startswith("image/") or not current_index().has_image(path):
        return False
    return (content / path).resolve().is_relative_to(content)


@pages.get("/favicon.ico")
def favicon() -> AnyResponse:
    """Send browsers that guess to the drawing."""
    return redirect(url_for("static", filename="favicon.svg"), 301)


def show_results(asked: Query) -> Response:
    """Answer `asked` with a page, or with the part of it that htmx swaps."""
    index = current_index()
    results = index.answer(asked, limit=current_app.config["PAGE_SIZE"])
    note_search(asked, results)
    template = "_results.html" if wants_partial() else "search.html"
    view = present_results(asked, results, index)
    meta = None if wants_partial() else describe_results(view, results, index)
    page = render_template(template, view=view, meta=meta, partial=wants_partial())
    return make_response(page)
