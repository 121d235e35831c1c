"""`serve --watch`: open pages ask what has been built, and show it.

    page --every third of a second--> /changes --the same as before?--> 304
                                               +--a newer generation--> the page asks for itself

An event stream would hold a thread of ours for each open page; this question costs a tenth of a
millisecond, and is asked only by a page that somebody sees.
"""

from contextlib import suppress

from flask import Blueprint, Flask, Response, current_app, jsonify, request

from searchapp.board import Board, News
from searchapp.errors import IndexUnusableError
from searchapp.web.current import CurrentIndex, current_index

_PROXIES = ("Forwarded", "X-Forwarded-For", "X-Real-IP", "Via")

watched = Blueprint("watched", __name__)


def let_watch(app: Flask, board: Board) -> None:
    """Let the pages of `app` follow the builds that `board` tells of."""
    holder: CurrentIndex = app.extensions["index"]
    holder.is_eager = True  # whichever process is asked next, it has what the page was told of
    app.extensions["board"] = board
    app.extensions["release"] += " watched"  # a page that a browser kept from before has no script
    app.context_processor(_describe)
    app.register_blueprint(watched)


def _describe() -> dict[str, int]:
    """Let each page know what it shows; the desk stays as it is while somebody decides."""
    if request.blueprint == "owner":
        return {}
    generation = _answering()
    return {} if generation is None else {"watched": generation}


def _answering() -> int | None:
    with suppress(IndexUnusableError):
        return current_index().generation
    return None


@watched.get("/changes")
def changes() -> Response:
    """Tell which generation answers, and what came of the last build.

    A newer one that is damaged is not told: a page would ask for it for ever. What came of the
    build names files and drafts, and is for this machine alone.
    """
    board: Board = current_app.extensions["board"]
    news = board.read()
    if any(name in request.headers for name in _PROXIES):
        news = News(news.begun, news.ended)
    response = jsonify(
        generation=_answering(),
        ended=news.ended,
        failed=news.failed,
        told=news.told,
        findings=list(news.findings),
    )
    response.cache_control.no_cache = True
    response.headers["X-Robots-Tag"] = "noindex"
    response.add_etag()
    response.make_conditional(request)
    return response
