"""All values of one facet for a search: found by any part of their names, by count or from A to Z.

    /facets/tag/?q=memory&find=ph --the search's own answer--> values, each a way back into it

The sidebar holds the first values of a facet; here are the others. htmx asks for the found ones
alone, and puts them into the sidebar.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from flask import Blueprint, abort, current_app, make_response, render_template
from htmx_flask import request
from werkzeug.wrappers import Response as AnyResponse

from searchapp.engine import Index
from searchapp.engine.results import FacetValue, Results
from searchapp.fields import FACET
from searchapp.query import MAX_CHARACTERS, Query
from searchapp.slugs import fold
from searchapp.web.cards import Link
from searchapp.web.current import current_index
from searchapp.web.links import FacetQuestion, url_of_facet, url_of_query, with_slugs
from searchapp.web.presenters import LISTED, ValueView, present_values
from searchapp.web.sentences import count, describe, shorten
from searchapp.web.variants import revalidated, wants_partial

PAGE = 200  # values
ORDERS = {"count": "how many pieces", "name": "name"}

facet_pages = Blueprint("facets", __name__, url_prefix="/facets")


@dataclass(frozen=True, slots=True)
class FacetList:
    """The values of a facet that have what was typed in a name, in one order, by pages."""

    name: str
    label: str
    of: str
    back: str
    counted: str
    find: str
    address: str
    carried: tuple[tuple[str, str], ...]
    values: tuple[ValueView, ...]
    orders: tuple[Link, ...]
    pages: tuple[Link, ...]


@facet_pages.get("/<name>/")
@revalidated
def facet_page(name: str) -> AnyResponse:
    """List the values of a facet under a search, as a page or as the part that htmx puts in."""
    index = current_index()
    if name not in FACET:
        abort(404)
    query = with_slugs(Query.from_args(request.args.items(multi=True)), index)
    results = index.answer(query, limit=current_app.config["PAGE_SIZE"])
    asked = FacetQuestion(
        name,
        " ".join(request.args.get("find", "")[:MAX_CHARACTERS].split()),
        request.args.get("order", "") if request.args.get("order") in ORDERS else "count",
        _read_page(request.args.get("part", "")),
    )
    template = "_facet_found.html" if wants_partial() else "facet.html"
    view = present_list(asked, results, index)
    return make_response(render_template(template, facet=view, most=LISTED))


def _read_page(text: str) -> int:
    return int(text[:6]) if text.isascii() and text[:6].isdigit() else 1


def present_list(asked: FacetQuestion, results: Results, index: Index) -> FacetList:
    """Return the values that are asked for."""
    query = results.query.with_page(1)
    values = results.facets.get(asked.name, ())
    found = list(_find(asked, values, index))
    if asked.order == "name":
        found.sort(key=lambda value: fold(value.label))
    pages = max(1, -(-len(found) // PAGE))
    page = min(max(asked.page, 1), pages)
    part = found[(page - 1) * PAGE : page * PAGE]
    counted = count(len(found), "value")
    return FacetList(
        name=asked.name,
        label=FACET[asked.name].label,
        of=describe(query, index.label),
        back=url_of_query(query),
        counted=f"{counted} with “{shorten(asked.find)}”" if asked.find else counted,
        find=asked.find,
        address=url_of_facet(FacetQuestion(asked.name), Query()),
        carried=tuple(query.as_args()),
        values=tuple(present_values(asked.name, part, query, prefix="found-")),
        orders=tuple(_present_orders(asked, query)),
        pages=tuple(_present_pages(asked, page, pages, query)),
    )


def _find(asked: FacetQuestion, values: Sequence[FacetValue], index: Index) -> Iterator[FacetValue]:
    """Yield the values that have the letters typed anywhere in one of their names.

    What parts words does not count: `node js` finds `node.js`. A letter alone stays as typed,
    or `c++` would find all that has a c.
    """
    wanted, plain = fold(asked.find), _without_signs(asked.find)
    names = _NAMES.get(asked.name, _names_of_value)
    for value in values:
        if not wanted or any(
            wanted in fold(name) or (len(plain) > 1 and plain in _without_signs(name))
            for name in names(value, index)
        ):
            yield value


def _without_signs(text: str) -> str:
    return "".join(filter(str.isalnum, fold(text)))


def _names_of_value(value: FacetValue, index: Index) -> Sequence[str]:
    return (value.label, value.value)


def _names_of_tag(value: FacetValue, index: Index) -> Sequence[str]:
    tag = index.tag(value.value)
    return (value.label, *(tag.aliases if tag else ()))


_NAMES: dict[str, Callable[[FacetValue, Index], Sequence[str]]] = {"tag": _names_of_tag}


def _present_orders(asked: FacetQuestion, query: Query) -> Iterator[Link]:
    for order, label in ORDERS.items():
        other = FacetQuestion(asked.name, asked.find, order)
        yield Link(label, None if order == asked.order else url_of_facet(other, query))


def _present_pages(asked: FacetQuestion, page: int, pages: int, query: Query) -> Iterator[Link]:
    for number in range(1, pages + 1) if pages > 1 else ():
        other = FacetQuestion(asked.name, asked.find, asked.order, number)
        yield Link(f"{number:,}", None if number == page else url_of_facet(other, query))
