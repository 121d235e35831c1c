"""Pieces by time as a small chart: each bar is a link that chooses its year, years or month.

    facet counts + query --present_timeline--> bars with their heights, names and addresses

The counts are those of the facet, so a bar that says 14 leads to 14. Nothing is drawn where there
is nothing to compare. A bar is wide enough to be hit, so there are as many as have room: years
beyond that stand together by twos, fives or tens.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from typing import NamedTuple

from searchapp.engine.results import FacetValue
from searchapp.fields import FACET
from searchapp.query import Query
from searchapp.web.cards import Link
from searchapp.web.links import Ways, url_of_query
from searchapp.web.sentences import count

HEIGHT = 40  # of the highest bar, in the units of the drawing
ROOM = 12  # bars beside the pieces
WIDE_ROOM = 34  # above them
TOGETHER = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000)  # years of a bar
LOWEST = 2  # a year with one piece among hundreds is still to be seen


class Bar(NamedTuple):
    """A time in the chart; one without a piece has no `url`, and only keeps its place."""

    id: str
    told: str
    url: str | None
    y: float
    height: float
    selected: bool


@dataclass(frozen=True, slots=True)
class Timeline:
    """Bars from the first time to the last; `between` fills the gaps among the chosen ones."""

    name: str
    label: str
    height: int
    is_long: bool
    bars: tuple[Bar, ...]
    first: str
    last: str
    between: Link | None


class _Span(NamedTuple):
    """What one bar stands for: the facet's `values`, by which name and filter.

    `first` and `last` are what stands below it where it is the first or the last.
    """

    label: str
    filter: str
    values: tuple[str, ...]
    first: str
    last: str


def present_timeline(
    name: str, values: Sequence[FacetValue], query: Query, room: int = ROOM
) -> Timeline | None:
    """Return the chart of a facet of time; None for one without two times to compare."""
    counts = {value.value: value.count for value in values if value.count}
    spans = list(_SPANS[name](counts, room)) if len(counts) > 1 else []
    if len(spans) < 2:
        return None
    totals = [sum(counts.get(value, 0) for value in span.values) for span in spans]
    greatest = max(totals)
    draw = _Drawing(name, query, greatest).draw
    return Timeline(
        name=name,
        label=f"{count(sum(totals), 'piece')} by {FACET[name].label.lower()}",
        height=HEIGHT,
        is_long=len(spans) > ROOM,
        bars=tuple(map(draw, spans, totals)),
        first=spans[0].first,
        last=spans[-1].last,
        between=_fill_gaps(name, counts, query),
    )


class _Drawing:
    """Draws the bars of one chart."""

    def __init__(self, name: str, query: Query, greatest: int) -> None:
        self._name, self._query, self._greatest = name, query, greatest
        self._chosen = frozenset(query.chosen(name))
        self._changed = self._chosen.union(query.without(name))
        self._ways = Ways(query, name)

    def draw(self, span: _Span, number: int) -> Bar:
        """Draw the bar of a time in which there are `number` pieces."""
        height = round(max(HEIGHT * number / self._greatest, LOWEST), 1) if number else 0.5
        chosen = self._chosen.intersection(span.values)
        return Bar(
            id=f"{self._name}-bar-{span.filter.replace('..', '-')}",
            told=f"{span.label}, {count(number, 'piece')}",
            url=self._lead(span, chosen) if number or chosen else None,
            y=round(HEIGHT - height, 1),
            height=height,
            selected=bool(chosen),
        )

    def _lead(self, span: _Span, chosen: Set[str]) -> str:
        """Return the address that chooses the time, or takes back what is `chosen` of it."""
        if chosen:
            return url_of_query(_take_back(self._name, chosen, self._query))
        if span.filter in self._changed:  # it was excluded
            return url_of_query(self._query.with_filter(self._name, span.filter))
        return self._ways.to(span.filter)


def _take_back(name: str, values: Set[str], query: Query) -> Query:
    for value in sorted(values):
        query = query.without_filter(name, value)
    return query


def _fill_gaps(name: str, counts: Mapping[str, int], query: Query) -> Link | None:
    """Return the way to all times between the first and the last of those chosen."""
    chosen = sorted(value for value in query.chosen(name) if value in counts)
    if not chosen or not any(chosen[0] < v < chosen[-1] and v not in chosen for v in counts):
        return None
    first, last = chosen[0], chosen[-1]
    wider = _take_back(name, set(chosen), query.with_filter(name, f"{first}..{last}"))
    show = FACET[name].show
    return Link(f"All from {show(first)} to {show(last)}", url_of_query(wider))


def _years(counts: Mapping[str, int], room: int) -> Iterator[_Span]:
    """Yield each year from the first to the last, together by as many as the room asks for."""
    first, last = int(min(counts)), int(max(counts))
    step = next(n for n in TOGETHER if last // n - first // n < room)
    for begin in range(first - first % step, last + 1, step):
        there = range(max(begin, first), min(begin + step, last + 1))
        years = tuple(f"{year:04}" for year in there)
        if len(years) == 1:
            yield _Span(years[0], years[0], years, years[0], years[0])
        else:
            label, chosen = f"{years[0]} to {years[-1]}", f"{years[0]}..{years[-1]}"
            yield _Span(label, chosen, years, years[0], years[-1])


def _months(counts: Mapping[str, int], room: int) -> Iterator[_Span]:
    """Yield each month of a year, from January to December; those of several are a list only."""
    year = min(counts)[:4]
    if max(counts)[:4] != year:
        return
    for month in range(1, 13):
        value = f"{year}-{month:02}"
        name = FACET["month"].show(value)
        yield _Span(name, value, (value,), name, name)


_SPANS: dict[str, Callable[[Mapping[str, int], int], Iterator[_Span]]] = {
    "year": _years,
    "month": _months,
}

TIMES = tuple(_SPANS)
