"""What a page of results shows, with every word and link ready: templates only place it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from searchapp.engine import Index
from searchapp.engine.results import FacetValue, Results
from searchapp.fields import FACET, SORT
from searchapp.query import Query
from searchapp.slugs import slug_of_title
from searchapp.web.cards import Card, Link, present_hit
from searchapp.web.links import FeedLinks, feed_links, url_of_json, url_of_query
from searchapp.web.sentences import count, count_pieces, describe, shorten
from searchapp.web.tag_panel import TOGETHER, TagPanel, present_panel
from searchapp.web.ways import Rescue, Way, present_rescue, present_ways

SHOWN = 8  # values of a facet before "more"
LISTED = 60  # values of a facet with those under "more"; the page must stay small


@dataclass(frozen=True, slots=True)
class Chip:
    """A filter that is on, and the address without it."""

    label: str
    url: str
    excluded: bool


@dataclass(frozen=True, slots=True)
class ValueView:
    """A facet's value: `url` chooses it, or takes it back; `not_url` excludes it likewise.

    `id` stays the same over swaps, so that the focus does.
    """

    id: str
    label: str
    count: int
    selected: bool
    excluded: bool
    url: str
    not_url: str


@dataclass(frozen=True, slots=True)
class FacetView:
    """A facet: the values that are seen at once, those under "more", how many are left out."""

    name: str
    label: str
    shown: tuple[ValueView, ...]
    more: tuple[ValueView, ...]
    left_out: int


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
class Group:
    """Pieces of one year, under its heading, or all of a page, under none; counted from `first`."""

    year: str
    heading: str
    url: str | None
    count: int
    first: int
    hits: tuple[Card, ...]


@dataclass(frozen=True, slots=True)
class ResultsView:
    """A page of results. `words` stand in the search box, `carried` go with the next words.

    `within` is what the next words are searched within, if that is one thing with a name.

    Where it is `asking`, the heading is a question told back, else a name.
    """

    words: str
    carried: tuple[tuple[str, str], ...]
    asking: bool
    eyebrow: str
    heading: str
    title: str
    counted: str
    status: str
    lead: str
    panel: TagPanel | None
    within: str
    notes: tuple[str, ...]
    correction: Way | None
    chips: tuple[Chip, ...]
    clear: str
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
    ways = present_ways(results, index)
    return ResultsView(
        words=asked.words.strip(),
        carried=tuple(pair for pair in asked.as_args() if pair[0] not in ("q", "page")),
        asking=not (tags or query.is_empty),
        eyebrow="" if not tags else "Tag" if len(tags) == 1 else "Tags",
        heading=heading,
        title=f"{heading}{page} · {index.site.title}",
        counted=counted,
        status=f"{heading}: {counted}{page}",
        lead=index.site.description if query.is_empty else "",
        panel=present_panel(tags, results, index) if tags and results.page == 1 else None,
        within=heading if tags else "",
        notes=(*results.notes, *_read_understood(results)),
        correction=_present_correction(results),
        chips=tuple(_present_chips(query, index)),
        clear=url_of_query(query.cleared()),
        sorts=tuple(_present_sorts(results)),
        facets=tuple(_present_facets(results)),
        groups=tuple(_present_groups(results, index, by_year=bool(tags))),
        tail=tuple(present_hit(hit, query, index) for hit in results.hits if not hit.complete),
        partial=results.partial,
        pager=_present_pages(results),
        ways=ways,
        rescue=None if results.total else present_rescue(ways, index),
        json=url_of_json(asked),
        feeds=feed_links(query),
    )


def _only_tags(query: Query) -> tuple[str, ...]:
    """Return the tags of a query that asks for nothing else: it is their page."""
    if query.words.strip() or query.excluded or len(query.filters) != 1:
        return ()
    tags = query.chosen("tag")
    return tags if len(tags) <= TOGETHER else ()


def _present_groups(results: Results, index: Index, *, by_year: bool) -> Iterator[Group]:
    """Give the pieces in their order, of a tag under years where that is by date.

    The number beside a year is that of all its pieces, on whatever pages these stand.
    """
    hits = [hit for hit in results.hits if hit.complete]
    first = (results.page - 1) * results.limit + 1
    years = {value.value: value.count for value in results.facets.get("year", ())}
    apart = by_year and results.sort in ("newest", "oldest") and len(years) > 1
    for year, group in groupby(hits, key=lambda hit: (hit.date or "")[:4] if apart else ""):
        cards = tuple(present_hit(hit, results.query, index) for hit in group)
        url = url_of_query(results.query.with_filter("year", year)) if year else None
        heading = year or ("Undated" if apart else "")
        yield Group(year, heading, url, years.get(year, 0), first, cards)
        first += len(cards)


def _read_understood(results: Results) -> Iterator[str]:
    """Tell how typed words were read, where the engine has something to say of them."""
    for part in results.understood:
        if part.note:
            yield f"“{shorten(part.text)}”: {part.note}."


def _present_correction(results: Results) -> Way | None:
    if not results.correction:
        return None
    words, total = str(results.correction["q"]), int(str(results.correction["total"]))
    return Way(words, url_of_query(results.query.with_words(words)), count(total, "piece"))


def _present_chips(query: Query, index: Index) -> Iterator[Chip]:
    for name, value, excluded in _list_filters(query):
        label = _label_filter(name, value, index)
        yield Chip(label, url_of_query(query.without_filter(name, value)), excluded)


def _list_filters(query: Query) -> Iterator[tuple[str, str, bool]]:
    """Yield each filter as its facet, its value and whether it excludes."""
    for excluded, filters in ((False, query.filters), (True, query.excluded)):
        for name, values in filters:
            for value in values:
                yield name, value, excluded


def _label_filter(name: str, value: str, index: Index) -> str:
    return f"{FACET[name].label.lower()}: {shorten(index.label(name, value))}"


def _present_sorts(results: Results) -> Iterator[Link]:
    """Give each order its address; the one in use has none, and the default is left out."""
    default = results.sorts[0]
    for name in results.sorts:
        query = results.query.with_sort(None if name == default else name)
        yield Link(SORT[name].label, None if name == results.sort else url_of_query(query))


def _present_facets(results: Results) -> Iterator[FacetView]:
    for name, values in results.facets.items():
        if not _is_idle(values, results.total):
            yield _present_facet(name, values, results.query)


def _is_idle(values: Sequence[FacetValue], total: int) -> bool:
    """Whether a facet offers no choice: one value, that of all pieces, and not chosen."""
    if len(values) > 1:
        return False
    return all(v.count == total and not (v.selected or v.excluded) for v in values)


def _present_facet(name: str, values: Sequence[FacetValue], query: Query) -> FacetView:
    """Show the first values at once, and with them any further down that is chosen."""
    used: set[str] = set()
    shown, more = [], []
    for i, value in enumerate(_list_values(name, values, query)):
        is_on = value.selected or value.excluded
        if i < SHOWN or is_on:
            shown.append(_present_value(name, value, query, used))
        else:
            more.append(_present_value(name, value, query, used))
    left_out = len(values) - len(shown) - len(more)
    return FacetView(name, FACET[name].label, tuple(shown), tuple(more), left_out)


def _list_values(name: str, values: Sequence[FacetValue], query: Query) -> list[FacetValue]:
    """Return the first values, and any further down that is chosen.

    The rest, thousands in a long facet, are never made.
    """
    first = list(values[:LISTED])
    far = {*query.chosen(name), *query.without(name)} - {value.value for value in first}
    if far:
        first += [value for value in values[LISTED:] if value.value in far]
    return first


def _present_value(name: str, value: FacetValue, query: Query, used: set[str]) -> ValueView:
    choose = query.without_filter if value.selected else query.with_filter
    exclude = query.without_filter if value.excluded else query.with_excluded
    return ValueView(
        id=_free_id(f"{name}-{slug_of_title(value.value)}", used),
        label=shorten(value.label),
        count=value.count,
        selected=value.selected,
        excluded=value.excluded,
        url=url_of_query(choose(name, value.value)),
        not_url=url_of_query(exclude(name, value.value)),
    )


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

    def link(number: int) -> str | None:
        return url_of_query(results.query.with_page(number)) if 1 <= number <= last else None

    near = sorted({1, *range(max(1, here - 2), min(last, here + 2) + 1), last})
    numbers: list[PageLink] = []
    for before, number in zip([0, *near], near, strict=False):
        if number - before > 1:
            numbers.append(PageLink(None, None))
        numbers.append(PageLink(number, link(number)))
    return Pager(tuple(numbers), here, link(here - 1), link(here + 1))
