"""Pieces by time as a small chart: each bar is a link that chooses its year, month or decade.

    facet counts + query --present_timeline--> bars with their heights, names and addresses

The counts are those of the facet, so a bar that says 14 leads to 14. Nothing is drawn where there
is nothing to compare.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from searchapp.engine.results import FacetValue
from searchapp.fields import FACET
from searchapp.query import Query
from searchapp.web.cards import Link
from searchapp.web.links import url_of_query
from searchapp.web.sentences import count

HEIGHT = 40  # of the highest bar, in the units of the drawing
MOST = 60  # bars; the years of a longer time are drawn as decades
LOWEST = 2  # a year with one piece among hundreds is still to be seen


@dataclass(frozen=True, slots=True)
class Bar:
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
    bars: tuple[Bar, ...]
    first: str
    last: str
    between: Link | None


@dataclass(frozen=True, slots=True)
class _Span:
    """What one bar stands for: the facet's `values`, by which name and filter."""

    label: str
    filter: str
    values: tuple[str, ...]


def present_timeline(
    name: str, values: Sequence[FacetValue], query: Query, unit: str = ""
) -> Timeline | None:
    """Return the chart of a facet of time; None for one without two times to compare."""
    counts = {value.value: value.count for value in values if value.count}
    spans = list(_SPANS[name](counts)) if len(counts) > 1 else []
    if not 1 < len(spans) <= MOST:
        return None
    totals = [sum(counts.get(value, 0) for value in span.values) for span in spans]
    greatest = max(totals)
    bars = [_draw(name, span, n, greatest, query) for span, n in zip(spans, totals, strict=True)]
    label = f"{count(sum(totals), 'piece')} by {unit or FACET[name].label.lower()}"
    return Timeline(
        name, label, HEIGHT, tuple(bars), spans[0].label, spans[-1].label,
        _fill_gaps(name, counts, query),
    )  # fmt: skip


def _draw(name: str, span: _Span, number: int, greatest: int, query: Query) -> Bar:
    chosen = set(query.chosen(name)).intersection(span.values)
    height = round(max(HEIGHT * number / greatest, LOWEST), 1) if number else 0.5
    url = None
    if number or chosen:
        other = _take_back(name, chosen, query) if chosen else query.with_filter(name, span.filter)
        url = url_of_query(other)
    return Bar(
        id=f"{name}-bar-{span.filter.replace('..', '-')}",
        told=f"{span.label}, {count(number, 'piece')}",
        url=url,
        y=round(HEIGHT - height, 1),
        height=height,
        selected=bool(chosen),
    )


def _take_back(name: str, values: set[str], query: Query) -> Query:
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


def _years(counts: Mapping[str, int]) -> Iterator[_Span]:
    """Yield each year from the first to the last, or each decade where they are too many."""
    first, last = int(min(counts)), int(max(counts))
    if last - first < MOST:
        for year in range(first, last + 1):
            yield _Span(f"{year:04}", f"{year:04}", (f"{year:04}",))
        return
    for decade in range(first - first % 10, last + 1, 10):
        years = tuple(f"{year:04}" for year in range(decade, decade + 10))
        yield _Span(f"{years[0]} to {years[-1]}", f"{years[0]}..{years[-1]}", years)


def _months(counts: Mapping[str, int]) -> Iterator[_Span]:
    """Yield each month of the years that have some, from January to December."""
    for year in range(int(min(counts)[:4]), int(max(counts)[:4]) + 1):
        for month in range(1, 13):
            value = f"{year:04}-{month:02}"
            yield _Span(FACET["month"].show(value), value, (value,))


_SPANS: dict[str, Callable[[Mapping[str, int]], Iterator[_Span]]] = {
    "year": _years,
    "month": _months,
}

TIMES = tuple(_SPANS)
