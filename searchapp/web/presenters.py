"""What a page of results shows, with every word and link ready: templates only place it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial
from typing import NamedTuple

from searchapp.engine import Index
from searchapp.engine.results import FacetValue, Results
from searchapp.fields import FACET, SORT
from searchapp.query import EXCLUDE, Query, quote_value
from searchapp.slugs import SHORT, slug_of_title
from searchapp.web.browsing import Browse, present_browse
from searchapp.web.cards import Card, Cards, Link
from searchapp.web.groups import Group, group_hits
from searchapp.web.links import (
    FacetQuestion,
    FeedLinks,
    Ways,
    add_argument,
    feed_links,
    lay_out,
    url_of_facet,
    url_of_json,
    url_of_query,
)
from searchapp.web.sentences import count, count_pieces, describe, shorten, show_runs, tell
from searchapp.web.tag_panel import TOGETHER, TagPanel, present_panel
from searchapp.web.timeline import TIMES, WIDE_ROOM, Timeline, present_timeline
from searchapp.web.ways import Rescue, Way, present_rescue, present_ways

SHOWN = 8  # values of a facet before "more"
LISTED = 40  # values of a facet with those under "more"; the page must stay small
MANY = 20  # values among which one would rather type than look
# What stands above the pieces of the first page, by their order.
_PIECES = {"newest": "Latest pieces", "oldest": "From the first", "title": "From A to Z"}


@dataclass(frozen=True, slots=True)
class Chip:
    """A filter that is on, and the address without it."""

    label: str
    url: str
    excluded: bool


class ValueView(NamedTuple):
    """A facet's value: `url` chooses it, or takes it back; `not_url` excludes it likewise.

    `id` stays the same over swaps, so that the focus does.
    """

    id: str
    label: str
    count: int  # type: ignore[assignment]  # a tuple's method of that name is not used
    selected: bool
    excluded: bool
    url: str
    not_url: str


_new_value = partial(tuple.__new__, ValueView)  # half the time of its own constructor


@dataclass(frozen=True, slots=True)
class FacetView:
    """A facet: the values that are seen at once, and the next ones, under "more".

    `number` is that of all its values, which stand at the address `all`; `find` is where those
    with some letters are found, None where one sees them as fast. `timeline` draws a facet of
    time, unless the page has that above its pieces.
    """

    name: str
    label: str
    shown: tuple[ValueView, ...]
    more: tuple[ValueView, ...]
    number: int
    all: str
    find: str | None
    timeline: Timeline | None


@dataclass(frozen=True, slots=True)
class PageLink:
    """A number among the pages; None for both stands where numbers are left out."""

    number: int | None
    url: str | None


@dataclass(frozen=True, slots=True)
class Pager:
    """Ways to the other pages of an answer."""

    numbers: tuple[PageLink, ...]
    current: int
    previous: str | None
    next: str | None


@dataclass(frozen=True, slots=True)
class ResultsView:
    """A page of results.

    `words` stand in the search box, `carried` go with the next words, `asked` with what is
    looked up within this search. `within` is what the next words are searched within, if that
    is one thing with a name. Where it is `asking`, the heading is a question told
    back, else a name. `browse` and `pieces`, a heading, stand on the first page alone, `timeline`
    there and on the pages of tags; `filters` is how many are on.
    """

    words: str
    carried: tuple[tuple[str, str], ...]
    asked: tuple[tuple[str, str], ...]
    asking: bool
    eyebrow: str
    heading: str
    title: str
    counted: str
    status: str
    lead: str
    panel: TagPanel | None
    browse: Browse | None
    timeline: Timeline | None
    within: str
    notes: tuple[str, ...]
    correction: Way | None
    chips: tuple[Chip, ...]
    filters: int
    clear: str
    pieces: str
    sorts: tuple[Link, ...]
    facets: tuple[FacetView, ...]
    groups: tuple[Group, ...]
    tail: tuple[Card, ...]
    partial: int
    pager: Pager | None
    ways: tuple[Way, ...]
    rescue: Rescue | None
    json: str
    feeds: FeedLinks


def present_results(asked: Query, results: Results, index: Index) -> ResultsView:
    """Return what the page shows for `results`, the answer to `asked`.

    Links change the query as it was understood; the form carries the one that was asked,
    since the search box still holds what was typed.
    """
    query = results.query
    tags = _only_tags(query)
    heading = " + ".join(index.label("tag", slug) for slug in tags) or describe(query, index.label)
    counted = count_pieces(results.total, results.places)
    page = f" · page {results.page}" if results.page > 1 else ""
    begins = results.page == 1 and bool(results.total)
    is_first = begins and query.is_empty
    panel = present_panel(tags, results, index) if begins and tags else None
    above = _draw_years(results) if is_first or panel else None
    ways = present_ways(results, index)
    cards = Cards(query, index)
    return ResultsView(
        words=asked.words.strip(),
        carried=tuple(pair for pair in asked.as_args() if pair[0] not in ("q", "page")),
        asked=tuple(query.with_page(1).as_args()),
        asking=not (tags or query.is_empty),
        eyebrow="" if not tags else "Tag" if len(tags) == 1 else "Tags",
        heading=heading,
        title=f"{heading}{page} · {index.site.title}",
        counted=counted,
        status=f"{heading}: {counted}{page}",
        lead=index.site.description if query.is_empty else "",
        panel=panel,
        browse=present_browse(index) if is_first else None,
        timeline=above,
        within=heading if tags else "",
        notes=(*results.notes, *_read_understood(results)),
        correction=_present_correction(results),
        chips=tuple(_present_chips(query, index)),
        filters=len(list(_list_filters(query))),
        clear=url_of_query(query.cleared()),
        pieces=_PIECES[results.sort] if is_first else "",
        sorts=tuple(_present_sorts(results)),
        facets=tuple(_present_facets(results, drawn=above is not None)),
        groups=tuple(group_hits(results, cards.show)),
        tail=tuple(cards.show(hit) for hit in results.hits if not hit.complete),
        partial=results.partial,
        pager=_present_pages(results),
        ways=ways,
        rescue=None if results.total else present_rescue(query, ways, index),
        json=url_of_json(asked),
        feeds=feed_links(query),
    )


def _only_tags(query: Query) -> tuple[str, ...]:
    """Return the tags of a query that asks for nothing else: it is their page."""
    if query.words.strip() or query.excluded or len(query.filters) != 1:
        return ()
    tags = query.chosen("tag")
    return tags if len(tags) <= TOGETHER else ()


def _read_understood(results: Results) -> Iterator[str]:
    """Tell how typed words were read, where the engine has something to say of them."""
    for part in results.understood:
        if part.note:
            yield tell(part.text, part.note)


def _present_correction(results: Results) -> Way | None:
    if not results.correction:
        return None
    words, total = str(results.correction["q"]), int(str(results.correction["total"]))
    return Way(words, url_of_query(results.query.with_words(words)), count(total, "piece"))


def _present_chips(query: Query, index: Index) -> Iterator[Chip]:
    """Give each filter a way to be without it; years in a row go together."""
    orders = dict(query.orders)
    for excluded, filters in ((False, query.filters), (True, query.excluded)):
        for name, values in filters:
            for label, run in show_runs(name, values, index.label, orders.get(name)):
                without = query
                for value in run:
                    without = without.without_filter(name, value)
                named = f"{FACET[name].label.lower()}: {label}"
                yield Chip(named, url_of_query(without), excluded)


def _list_filters(query: Query) -> Iterator[tuple[str, str, bool]]:
    """Yield each filter as its facet, its value and whether it excludes."""
    for excluded, filters in ((False, query.filters), (True, query.excluded)):
        for name, values in filters:
            for value in values:
                yield name, value, excluded


def _present_sorts(results: Results) -> Iterator[Link]:
    """Give each order its address; the one in use has none, and the default is left out."""
    default = results.sorts[0]
    plain = url_of_query(results.query.with_sort(None))
    for name in results.sorts:
        url = plain if name == default else add_argument(plain, "sort", name)
        yield Link(SORT[name].label, None if name == results.sort else url)


def _draw_years(results: Results) -> Timeline | None:
    years = results.facets.get("year", ())
    return present_timeline("year", years, results.query, room=WIDE_ROOM)


def _present_facets(results: Results, *, drawn: bool) -> Iterator[FacetView]:
    """Give the facets that offer a choice; the years may be `drawn` above the pieces already."""
    query, pairs = results.query, lay_out(results.query)
    for name, values in results.facets.items():
        if not _is_idle(values, results.total):
            ways = Ways(query, name, pairs), Ways(query, EXCLUDE + name, pairs)
            yield _present_facet(name, values, query, ways, drawn=drawn)


def _is_idle(values: Sequence[FacetValue], total: int) -> bool:
    """Whether a facet offers no choice: one value, that of all pieces, and not chosen."""
    if len(values) > 1:
        return False
    return all(v.count == total and not (v.selected or v.excluded) for v in values)


def _present_facet(
    name: str, values: Sequence[FacetValue], query: Query, ways: tuple[Ways, Ways], *, drawn: bool
) -> FacetView:
    """Show the first values at once, and with them any further down that is chosen."""
    views = _view_values(name, _list_values(name, values, query), query, ways)
    shown, more = views[:SHOWN], views[SHOWN:]
    if query.chosen(name) or query.without(name):
        shown += [view for view in more if view.selected or view.excluded]
        more = [view for view in more if not (view.selected or view.excluded)]
    question = FacetQuestion(name)
    draw = name in TIMES and not (drawn and name == "year")
    return FacetView(
        name=name,
        label=FACET[name].label,
        shown=tuple(shown),
        more=tuple(more),
        number=len(values),
        all=url_of_facet(question, query),
        find=url_of_facet(question, Query()) if more and len(values) > MANY else None,
        timeline=present_timeline(name, values, query) if draw else None,
    )


def _view_values(
    name: str, values: Sequence[FacetValue], query: Query, ways: tuple[Ways, Ways]
) -> list[ValueView]:
    """Return values with their links; most differ from each other in the value alone."""
    choose, exclude = (way.around for way in ways)
    views = []
    used: set[str] = set()
    for value, label, number, selected, excluded in values:
        plain, shown, quoted = _describe_value(name, value, label)
        if selected or excluded:
            urls = _change(name, FacetValue(value, label, number, selected, excluded), query)
        else:
            urls = (
                f"{choose[0]}{quoted}{choose[1]}" if choose else ways[0].to(value),
                f"{exclude[0]}{quoted}{exclude[1]}" if exclude else ways[1].to(value),
            )
        if plain in used:
            plain = _free_id(plain, used)
        used.add(plain)
        views.append(_new_value((plain, shown, number, selected, excluded, *urls)))
    return views


def present_values(
    name: str, values: Sequence[FacetValue], query: Query, prefix: str
) -> Iterator[ValueView]:
    """Give values of a facet their links; `prefix` sets their ids apart from the sidebar's."""
    used: set[str] = set()
    for value in values:
        plain, label, _ = _describe_value(name, value.value, value.label)
        urls = _change(name, value, query)
        yield ValueView(prefix + _free_id(plain, used), label, *value[2:], *urls)


def _list_values(name: str, values: Sequence[FacetValue], query: Query) -> list[FacetValue]:
    """Return the first values, and any further down that is chosen.

    The rest, thousands in a long facet, are never made.
    """
    first = list(values[:LISTED])
    far = {*query.chosen(name), *query.without(name)} - {value.value for value in first}
    if far:
        first += [value for value in values[LISTED:] if value.value in far]
    return first


def _change(name: str, value: FacetValue, query: Query) -> tuple[str, str]:
    """Return the address that chooses a value, and the one that excludes it, or takes it back."""
    choose = query.without_filter if value.selected else query.with_filter
    exclude = query.without_filter if value.excluded else query.with_excluded
    return url_of_query(choose(name, value.value)), url_of_query(exclude(name, value.value))


def _describe_value(facet: str, value: str, label: str) -> tuple[str, str, str]:
    """Return the id of a value's link, its label as it is shown, and how an address has it.

    A page has 60, which come again on the next. What visitors make up may be long and is not kept.
    """
    describe = _describe if len(value) <= SHORT else _describe.__wrapped__
    return describe(facet, value, label)


@lru_cache(2**11)
def _describe(facet: str, value: str, label: str) -> tuple[str, str, str]:
    return f"{facet}-{slug_of_title(value)}", shorten(label), quote_value(value)


def _free_id(wanted: str, used: set[str]) -> str:
    free, number = wanted, 1
    while free in used:
        number += 1
        free = f"{wanted}-{number}"
    used.add(free)
    return free


def _present_pages(results: Results) -> Pager | None:
    if results.pages == 1:
        return None
    here, last = results.page, results.pages
    first = url_of_query(results.query.with_page(1))

    def link(number: int) -> str | None:
        if not 1 <= number <= last:
            return None
        return first if number == 1 else add_argument(first, "page", number)

    near = sorted({1, *range(max(1, here - 2), min(last, here + 2) + 1), last})
    numbers: list[PageLink] = []
    for before, number in zip([0, *near], near, strict=False):
        if number - before > 1:
            numbers.append(PageLink(None, None))
        numbers.append(PageLink(number, link(number)))
    return Pager(tuple(numbers), here, link(here - 1), link(here + 1))
