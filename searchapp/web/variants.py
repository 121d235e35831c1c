"""Pages are not sent again to who has them: each variant of an answer has a tag of its own.

    request --generation, address, page or partial, our code--> tag --the browser's?--> 304
                                                                  +--another--> the page

A page is made of nothing else, so its tag is known before anything is searched. Browsers ask
each time, so a new generation is seen at once.
"""

from collections.abc import Callable
from functools import wraps
from hashlib import sha256
from pathlib import Path
from typing import ParamSpec

from flask import current_app, make_response
from htmx_flask import request
from werkzeug.wrappers import Response as AnyResponse

from searchapp.web.current import current_index

VARY = ("HX-Request", "HX-History-Restore-Request")
_WANTS_PARTIAL = "searchapp.wants_partial"  # asked six times for each answer
P = ParamSpec("P")


def wants_partial() -> bool:
    """Whether htmx asks for the part that it swaps; going back in history wants the page."""
    known: bool | None = request.environ.get(_WANTS_PARTIAL)
    if known is None:
        known = bool(request.htmx) and not request.htmx.history_restore_request
        request.environ[_WANTS_PARTIAL] = known
    return known


def revalidated(view: Callable[P, AnyResponse]) -> Callable[P, AnyResponse]:
    """Tag what a view answers, and answer 304 without asking it where the browser has that.

    The tag is weak: the same words may come compressed. A partial is never kept, as the
    browser would show it in place of its page. Errors and redirects pass as they are.
    """

    @wraps(view)
    def answer(*args: P.args, **kwargs: P.kwargs) -> AnyResponse:
        tag = _tag()
        if tag in request.if_none_match.as_set(include_weak=True):
            return _mark(make_response("", 304), tag)
        response = view(*args, **kwargs)
        return _mark(response, tag) if response.status_code == 200 else response

    return answer


def name_release(templates: Path) -> str:
    """Return what changes with our code and templates, which make pages as much as the index."""
    code = Path(__file__).parents[1]
    digest = sha256()
    for path in sorted([*code.rglob("*.*"), *templates.rglob("*.html")]):
        if path.is_file() and path.suffix != ".pyc":
            digest.update(path.name.encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()


# Host and prefix stand in links. As they came: to make an address of them takes long.
_ADDRESS = ("wsgi.url_scheme", "HTTP_HOST", "SCRIPT_NAME", "PATH_INFO", "QUERY_STRING")


def _tag() -> str:
    index = current_index()
    parts = (
        current_app.extensions["release"],
        str(current_app.config["PAGE_SIZE"]),
        f"{index.generation} {index.built}",
        *(request.environ.get(name, "") for name in _ADDRESS),
        "partial" if wants_partial() else "page",
    )
    return sha256("\n".join(parts).encode()).hexdigest()[:20]


def _mark(response: AnyResponse, tag: str) -> AnyResponse:
    response.set_etag(tag, weak=True)
    response.vary.update(VARY)
    if wants_partial():
        response.cache_control.no_store = True
    else:
        response.cache_control.no_cache = True
    return response
