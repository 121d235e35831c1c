"""The API told to programs, as OpenAPI 3.1, and to people, on a page: both from one list.

fields --parameters--+
                     +--paths--> /api/openapi.json, /api/
openapi_schemas -----+
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote_plus

from flask import Blueprint, Response, jsonify, make_response, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from searchapp import __version__
from searchapp.engine import Index
from searchapp.engine.results import Site
from searchapp.fields import FACETS, SORT, Facet
from searchapp.query import EXCLUDE, MAX_CHARACTERS, MAX_FILTERS, MAX_PAGE, Query
from searchapp.web.api import DEFAULT_LIMIT, MAX_LIMIT
from searchapp.web.current import current_index
from searchapp.web.feeds import NEWEST
from searchapp.web.freshness import keep
from searchapp.web.links import absolute, below_root
from searchapp.web.metadata import describe_api
from searchapp.web.openapi_schemas import ID, SCHEMAS, Schema, a
from searchapp.web.variants import revalidated

JSON = "application/json"
PROBLEM = "application/problem+json"

openapi = Blueprint("openapi", __name__, url_prefix="/api")


@dataclass(frozen=True, slots=True)
class Way:
    """Something that the API answers: `answers` is the kind of its body, and what that is made of.

    `example` is a query with `words` to fill in, None where the path itself has to be filled in.
    `problems` are the statuses that it may have besides 500 and 503.
    """

    path: str
    name: str
    summary: str
    example: str | None
    parameters: tuple[Schema, ...]
    answers: tuple[str, Schema]
    problems: tuple[int, ...] = ()
    moves: bool = False


def _in_query(name: str, schema: Schema, description: str, **more: Any) -> Schema:
    return {"name": name, "in": "query", "schema": schema, "description": description, **more}


def _number(most: int, usual: int) -> Schema:
    return {"type": "integer", "minimum": 1, "maximum": most, "default": usual}


def _describe_filters() -> tuple[Schema, ...]:
    return (*(_filter(facet, "") for facet in FACETS), *(_filter(f, EXCLUDE) for f in FACETS))


def _filter(facet: Facet, prefix: str) -> Schema:
    """Return the parameter of a facet, or with a `prefix` that of leaving its values out."""
    if prefix:
        said = f"{facet.label}: pieces without this value."
    else:
        together = "all" if facet.every else "any"
        said = f"{facet.label}: pieces that have {together} of these values."
    if facet.choices:
        said += f" One of {', '.join(f'`{value}`' for value, _ in facet.choices)}."
    if facet.ranges:
        said += " `a..b` stands for all from a to b."
    several = {"type": "array", "items": {"type": "string"}}
    return _in_query(f"{prefix}{facet.name}", several, said, style="form", explode=True)


WORDS = _in_query(
    "q", {"type": "string"},
    f"Words, as in the search box; the first {MAX_CHARACTERS} characters are read.",
)  # fmt: skip
TYPED = _in_query("q", {"type": "string"}, "What was typed so far.")
FILTERS = _describe_filters()
ORDER = _in_query("sort", {"type": "string", "enum": list(SORT)}, "The order of the pieces.")
PAGE = _in_query("page", _number(MAX_PAGE, 1), "Which page of them.")
LIMIT = _in_query("limit", _number(MAX_LIMIT, DEFAULT_LIMIT), "How many pieces a page has.")
EXPLAIN = _in_query("explain", {"type": "string"}, "`1` tells why each piece stands where it does.")
KEY = {
    "name": "id", "in": "path", "required": True, "schema": ID,
    "description": "The id of a piece, or the key of any entry that it was read from.",
}  # fmt: skip

WAYS = (
    Way("/api/search", "search", "Search, or without words list all pieces",
        "?q={words}&limit=2",
        (WORDS, *FILTERS, ORDER, PAGE, LIMIT, EXPLAIN), (JSON, a("Answer")), (400,)),
    Way("/api/suggest", "suggest", "Complete what was typed to pieces and tags", "?q={words}",
        (TYPED,), (JSON, a("Suggestions"))),
    Way("/api/completions", "completions", "The same as browsers want it (OpenSearch)",
        "?q={words}",
        (TYPED,), ("application/x-suggestions+json", a("Completions"))),
    Way("/api/tags", "tags", "All tags, each with those that go with it", "",
        (), (JSON, a("Tags"))),
    Way("/api/works/{id}", "work", "One piece, with its text where that is ours", None,
        (KEY,), (JSON, a("Work")), (404, 410), moves=True),
    Way("/feed.json", "jsonFeed", f"The {NEWEST} newest pieces of a search, as JSON Feed",
        "?q={words}",
        (WORDS, *FILTERS), ("application/feed+json", a("JsonFeed"))),
    Way("/feed.atom", "atomFeed", f"The {NEWEST} newest pieces of a search, as Atom",
        "?q={words}",
        (WORDS, *FILTERS), ("application/atom+xml", {"type": "string"})),
    Way("/api/openapi.json", "openapi", "This description", "",
        (), (JSON, a("OpenApi"))),
)  # fmt: skip

_SAID = {
    304: "What you have is still the answer.",
    400: "A `page`, `limit` or `sort` that is none.",
    404: "There is no such piece.",
    410: "The piece was here and is gone; `works` are those that it went into.",
    500: "Something broke on our side.",
    503: "There is no index to answer from.",
}


@openapi.get("/openapi.json")
def description() -> Response:
    """Give the description of the API."""
    index = current_index()
    return keep(jsonify(_describe(index.site, _find_examples(index))), index.built)


@openapi.get("/")
@revalidated
def api_page() -> AnyResponse:
    """Explain the API to people."""
    index = current_index()
    tags = index.tags()
    words = quote_plus(tags[0].label if tags else index.site.title)
    page = render_template(
        "api.html",
        meta=describe_api(index),
        ways=[(way, _show_example(way, words)) for way in WAYS],
        example=absolute(below_root(f"/api/search?q={words}&limit={MAX_LIMIT}"), index.site.url),
        most_filters=MAX_FILTERS,
    )
    return make_response(page)


def _show_example(way: Way, words: str) -> str | None:
    """Return the address of an example, with words that some piece has."""
    return None if way.example is None else below_root(way.path + way.example.format(words=words))


def _find_examples(index: Index) -> dict[str, Any]:
    """Return for some parameters what the newest piece answers to, so that a trial finds it."""
    newest = index.answer(Query(), limit=1, snippets=False)
    facets = newest.facets.items()
    values: dict[str, Any] = {name: [shown[0].value] for name, shown in facets if shown}
    for hit in newest.hits:
        values |= {"id": hit.id, "q": hit.title}
    return values


def _describe(site: Site, examples: Mapping[str, Any]) -> dict[str, Any]:
    """Return the whole description; its addresses hold below whatever prefix we stand."""
    return {
        "openapi": "3.1.0",
        "info": {
            "title": site.title,
            "version": __version__,
            "summary": "Search everything that was published, each piece once.",
            "description": (
                "All of it may be read from anywhere, without a key. What is unknown in an address "
                f"is ignored; at most {MAX_FILTERS} filters are read, and as many exclusions. "
                "Errors are problem details (RFC 9457)."
            ),
        },
        "servers": [{"url": request.script_root or "/"}],
        "security": [],
        "paths": {way.path: {"get": _describe_way(way, examples)} for way in WAYS},
        "components": {"schemas": SCHEMAS},
    }


def _describe_way(way: Way, examples: Mapping[str, Any]) -> dict[str, Any]:
    kind, schema = way.answers
    links = {"links": _LINKS} if way.name == "search" else {}
    answers: dict[str, Any] = {
        "200": {"description": "The answer.", "headers": _HEADERS,
                "content": {kind: {"schema": schema}}, **links},
        "304": {"description": _SAID[304]},
    }  # fmt: skip
    if way.moves:
        to = {"Location": {"schema": {"type": "string"}, "description": "Where it is."}}
        answers["301"] = {"description": "The key of another entry of a piece.", "headers": to}
    for status in (*way.problems, 500, 503):
        content = {PROBLEM: {"schema": a("Problem"), "example": _show_problem(status)}}
        answers[str(status)] = {"description": _SAID[status], "content": content}
    return {
        "operationId": way.name, "summary": way.summary,
        "parameters": [
            each | ({"example": examples[each["name"]]} if each["name"] in examples else {})
            for each in way.parameters
        ],
        "responses": dict(sorted(answers.items())),
    }  # fmt: skip


_LINKS = {
    "firstPiece": {
        "operationId": "work",
        "parameters": {"id": "$response.body#/hits/0/id"},
        "description": "The piece that answers best, in full.",
    },
}
_HEADERS = {
    "ETag": {"schema": {"type": "string"}, "description": "Send it back as If-None-Match."},
    "Last-Modified": {"schema": {"type": "string"}, "description": "When the index was built."},
}


def _show_problem(status: int) -> dict[str, Any]:
    titles = {400: "Bad Request", 404: "Not Found", 410: "Gone", 500: "Internal Server Error",
              503: "Service Unavailable"}  # fmt: skip
    detail = "limit is '0'; give a whole number from 1 to 100" if status == 400 else _SAID[status]
    return {"type": "about:blank", "title": titles[status], "status": status, "detail": detail}
