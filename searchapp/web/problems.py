"""Errors as visitors see them: a calm page with search, or problem details for the API.

Nobody is shown a traceback. What is our bug is logged, loudly.
"""

import logging
from collections.abc import Sequence
from http import HTTPStatus

from flask import Flask, Response, json, make_response, render_template, request
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response as AnyResponse

from searchapp.engine.results import Hit
from searchapp.errors import IndexUnusableError
from searchapp.web.cards import Link
from searchapp.web.gone import PieceGoneError
from searchapp.web.links import url_of_work

log = logging.getLogger(__name__)

# For each status what happened, and what to do.
WORDS = {
    404: (
        "There is no such page",
        "The address may be misspelt, or the piece may have moved. Search for it by its title, "
        "or look through the tags.",
    ),
    410: (
        "This piece is no longer here",
        "It was taken out of the collection. Search for it by its title, or look through the "
        "tags: it may have come back under another name.",
    ),
    500: (
        "Something broke on our side",
        "It is logged, so that it can be mended. Please try again, or begin with all pieces.",
    ),
    503: (
        "There is nothing to search yet",
        "This page needs an index, and none can be opened. If this is your site, run "
        "searchapp build; the page answers as soon as there is an index.",
    ),
}


def register(app: Flask) -> None:
    """Make `app` answer every error in our way."""
    app.register_error_handler(HTTPException, _answer_http_error)
    app.register_error_handler(IndexUnusableError, _answer_no_index)
    app.register_error_handler(Exception, _answer_bug)


def _answer_http_error(error: HTTPException) -> AnyResponse:
    if error.code is None or error.code < 400:  # a redirect to the address with its slash
        return error.get_response()
    heirs = error.heirs if isinstance(error, PieceGoneError) else ()
    response = _answer(error.code, error.description or "", heirs)
    for name, value in error.get_headers():
        if name not in ("Content-Type", "Content-Length"):  # such as Allow
            response.headers[name] = value
    return response


def _answer_no_index(error: IndexUnusableError) -> Response:
    log.error("%s", error)  # visitors need not learn where our folders are
    response = _answer(503, WORDS[503][1])
    response.headers["Retry-After"] = "10"
    return response


def _answer_bug(error: Exception) -> Response:
    log.error("%s %r failed", request.method, request.path, exc_info=error)
    return _answer(500, WORDS[500][1])


def _answer(status: int, detail: str, heirs: Sequence[Hit] = ()) -> Response:
    phrase = HTTPStatus(status).phrase
    if request.path.startswith("/api/"):
        works = [{"id": hit.id, "title": hit.title} for hit in heirs]
        problem = {"type": "about:blank", "title": phrase, "status": status, "detail": detail}
        if status == 410:
            problem["works"] = works
        response = make_response(json.dumps(problem), status)
        response.mimetype = "application/problem+json"
    else:
        heading, remedy = WORDS.get(status, (phrase, detail))
        links = [Link(hit.title, url_of_work(hit.id)) for hit in heirs]
        page = render_template(
            "error.html", heading=heading, remedy=remedy, status=status, heirs=links
        )
        response = make_response(page, status)
    response.cache_control.no_store = True
    return response
