"""The JSON beside the pages. Here a malformed number is an error, told as problem details."""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from flask import Blueprint, Response, abort, jsonify, request, url_for
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response as AnyResponse

from searchapp.engine import Index
from searchapp.engine.results import Hit, TagInfo, add_explanations, hit_as_json, results_as_json
from searchapp.fields import SORT
from searchapp.query import MAX_PAGE, Query
from searchapp.web.current import current_index
from searchapp.web.freshness import A_MINUTE, keep
from searchapp.web.gone import PieceGoneError, find_heirs
from searchapp.web.kin import kin_as_json
from searchapp.web.links import absolute, below_root, move, url_of_tags, url_of_work
from searchapp.web.related import relate_tags
from searchapp.web.sentences import count
from searchapp.web.suggesting import suggest_pieces
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
    return _answer(index, **body)


@api.get("/works/<key>")
def work(key: str) -> AnyResponse:
    """Give one piece, with its `html` where the text is ours, what belongs to it, and related ones.

    The key of another of its documents redirects to it.
    """
    index = current_index()
    found = index.work(key)
    if found is None and index.knew(key):
        raise PieceGoneError(find_heirs(index, key))
    if found is None:
        abort(404, description=f"no piece has the id {key[:40]!r}; /api/search lists all pieces")
    if found.hit.id != key:
        return move(url_for("api.work", key=found.hit.id))
    html = {} if found.html is None else {"html": found.html}
    related = [{"id": hit.id, "title": hit.title} for hit in found.related]
    return _answer(index, **hit_as_json(found.hit), **html, **kin_as_json(found), related=related)


@api.get("/tags")
def tags() -> Response:
    """Give all tags, each with those that go with it."""
    index = current_index()
    response = Response(_write_tags(index, index.generation), mimetype="application/json")
    return keep(response, index.built, seconds=A_MINUTE)


@lru_cache(maxsize=2)
def _write_tags(index: Index, generation: int) -> bytes:
    """Return all tags as JSON, once for each `generation`.

    Of 2,500 tags that is 770 kB: to write it for each who asks would be the heaviest answer.
    """
    related = relate_tags(index, generation)
    tags = [
        {
            "tag": tag.slug,
            "label": tag.label,
            "count": tag.count,
            "aliases": list(tag.aliases),
            "related": [{"tag": slug, "score": score} for slug, score in related[tag.slug]],
        }
        for tag in index.tags()
    ]
    return jsonify(tags=tags).get_data()


@api.get("/suggest")
def suggest() -> Response:
    """Complete what was typed, `q`: to pieces, and to tags by any part of their names."""
    index = current_index()
    pieces, tags = _complete(index, request.args.get("q", ""))
    return _answer(
        index,
        pieces=[{"id": hit.id, "title": hit.title, "url": hit.url} for hit in pieces],
        tags=[{"tag": tag.slug, "label": tag.label, "count": tag.count} for tag in tags],
    )


@api.get("/completions")
def completions() -> Response:
    """Complete what was typed as OpenSearch has it, for a browser's own search box.

    That is four lists: what was typed alone, completions, a word on each, addresses of each.
    """
    index = current_index()
    typed = request.args.get("q", "")
    pieces, tags = _complete(index, typed)
    lines = [(tag.label, count(tag.count, "piece"), url_of_tags([tag.slug])) for tag in tags]
    lines += [(hit.title, hit.source, url_of_work(hit.id)) for hit in pieces]
    names, said, paths = zip(*lines, strict=True) if lines else ((), (), ())
    addresses = [absolute(path, index.site.url) for path in paths]
    response = jsonify([typed, names, said, addresses])
    response.mimetype = "application/x-suggestions+json"
    return keep(response, index.built, seconds=A_MINUTE)


def _complete(index: Index, typed: str) -> tuple[Sequence[Hit], list[TagInfo]]:
    """Return the pieces and the tags that complete what was typed, the best first."""
    tags = [found.tag for found in find_tags(index, typed)[:SUGGESTED]]
    return suggest_pieces(index, typed, SUGGESTED), tags


def _answer(index: Index, **members: Any) -> Response:
    """Return members as JSON, which who has it need not be sent again."""
    return keep(jsonify(members), index.built, seconds=A_MINUTE)


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
