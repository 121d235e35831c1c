"""The JSON beside the pages. Here a malformed number is an error, told as problem details."""

from flask import Blueprint, Response, abort, jsonify, request, url_for
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response as AnyResponse

from searchapp.engine import Index
from searchapp.engine.results import add_explanations, hit_as_json, results_as_json
from searchapp.fields import SORT
from searchapp.query import MAX_PAGE, Query
from searchapp.web.current import current_index
from searchapp.web.kin import kin_as_json
from searchapp.web.links import below_root, move
from searchapp.web.related import relate_tags
from searchapp.web.tag_finding import find_tags

DEFAULT_LIMIT = 20
MAX_LIMIT = 100
SUGGESTED = 8

api = Blueprint("api", __name__, url_prefix="/api")


@api.get("/search")
def search() -> Response:
    """Answer a search; with `explain=1` it says why each hit stands where it does.

    Refuses a malformed `page`, `limit` or `sort` with 400.
    """
    complaints: list[str] = []
    _read_number(request.args, "page", MAX_PAGE, complaints)
    limit = _read_number(request.args, "limit", MAX_LIMIT, complaints) or DEFAULT_LIMIT
    _check_sort(request.args, complaints)
    if complaints:
        abort(400, description="; ".join(complaints))
    query = Query.from_args(request.args.items(multi=True))
    index = current_index()
    results = index.answer(query, limit=limit)
    body = results_as_json(results, index.ways_out(results))
    for hit in body["hits"]:
        for section in hit["sections"]:
            section["url"] = below_root(section["url"])
    if request.args.get("explain") == "1":
        add_explanations(body, index.explain(results))
    return jsonify(body)


@api.get("/works/<key>")
def work(key: str) -> AnyResponse:
    """Give one piece, with its `html` where the text is ours, what belongs to it, and related ones.

    The key of another of its documents redirects to it.
    """
    index = current_index()
    found = index.work(key)
    if found is None and index.knew(key):
        abort(410, description=f"the piece with the id {key!r} is no longer here")
    if found is None:
        abort(404, description=f"no piece has the id {key[:40]!r}; /api/search lists all pieces")
    if found.hit.id != key:
        return move(url_for("api.work", key=found.hit.id))
    html = {} if found.html is None else {"html": found.html}
    related = [{"id": hit.id, "title": hit.title} for hit in found.related]
    return jsonify(hit_as_json(found.hit) | html | kin_as_json(found) | {"related": related})


@api.get("/tags")
def tags() -> Response:
    """Give all tags, each with those that go with it."""
    index: Index = current_index()
    related = relate_tags(index, index.generation)
    return jsonify(
        tags=[
            {
                "tag": tag.slug,
                "label": tag.label,
                "count": tag.count,
                "aliases": list(tag.aliases),
                "related": [{"tag": slug, "score": score} for slug, score in related[tag.slug]],
            }
            for tag in index.tags()
        ]
    )


@api.get("/suggest")
def suggest() -> Response:
    """Complete what was typed, `q`: to pieces, and to tags by any part of their names."""
    index: Index = current_index()
    typed = request.args.get("q", "")
    query = Query.from_args([("q", typed)])
    pieces = index.answer(query, limit=SUGGESTED, snippets=False) if query.words.strip() else None
    return jsonify(
        pieces=[
            {"id": hit.id, "title": hit.title, "url": hit.url}
            for hit in (pieces.hits if pieces else ())
            if hit.complete
        ],
        tags=[
            {"tag": found.tag.slug, "label": found.tag.label, "count": found.tag.count}
            for found in find_tags(index, typed)[:SUGGESTED]
        ],
    )


def _read_number(
    args: MultiDict[str, str], name: str, greatest: int, complaints: list[str]
) -> int | None:
    """Return the number that `name` gives, None without one; add a complaint if it is none."""
    for text in args.getlist(name):
        number = int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0
        if not 1 <= number <= greatest:
            complaints.append(
                f"{name} is {text[:40]!r}; give a whole number from 1 to {greatest:,}"
            )
    return args.get(name, type=int) if name in args else None


def _check_sort(args: MultiDict[str, str], complaints: list[str]) -> None:
    for text in args.getlist("sort"):
        if text not in SORT:
            complaints.append(f"sort is {text[:40]!r}; it is one of {', '.join(SORT)}")
