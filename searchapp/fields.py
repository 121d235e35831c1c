"""The one registry of fields: what is searched as words, what readers narrow by, the sorts.

Schema, arrays, URL parameters, typed `tag:x`, sidebar, JSON and documentation derive
from it. A new facet is one line in `FACETS`.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Literal

from searchapp.documents import Document, Work
from searchapp.languages import name_language
from searchapp.slugs import slug_of_tag

Order = Literal["count", "newest", "listed"]


@dataclass(frozen=True, slots=True)
class TextField:
    """A part of a piece that is searched as words, and its say in the ranking.

    `texts` gives the field's text of one document of a work; the work's field is that of
    all its documents, a word counted as often as in the document that has it most. `weight`
    and `b` are BM25F's field weight and length normalisation (Robertson, Zaragoza and
    Taylor, "Simple BM25 extension to multiple weighted fields", CIKM 2004).
    """

    name: str
    label: str
    texts: Callable[[Work, Document], Iterable[str]]
    weight: float
    b: float


TEXT_FIELDS: tuple[TextField, ...] = (
    TextField("title", "Title", lambda w, d: (d.title,), weight=5.0, b=0.5),
    TextField("headings", "Headings", lambda w, d: (s.title for s in d.sections), 1.5, b=0.5),
    TextField("tags", "Tags", lambda w, d: w.tag_names, weight=2.0, b=0.3),
    TextField("summary", "Summary", lambda w, d: (d.summary,), weight=1.5, b=0.6),
    TextField("authors", "Authors", lambda w, d: d.authors, weight=1.0, b=0.3),
    TextField("body", "Text", lambda w, d: d.prose, weight=1.0, b=0.75),
    # A word in code says little of what a piece is about: `for`, `self`, a name in an import.
    TextField("code", "Code", lambda w, d: d.listings, weight=0.3, b=0.75),
)


@dataclass(frozen=True, slots=True)
class Facet:
    """A field that readers may narrow by.

    `values` gives a work's values, as strings. With `every` each further filter must
    hold too (AND); without it any of them (OR). `order` is that of the values in a
    list: by count, the newest first, or as `choices` lists them. A facet that `needs`
    another is shown once a value of that one is chosen. `read` turns a value as typed
    into the one that is indexed, `show` that one into words. `single` facets give a work
    at most one value. Of one with `ranges`, `a..b` stands for all values from a to b.
    """

    name: str
    label: str
    values: Callable[[Work], Iterable[str]]
    every: bool = False
    order: Order = "count"
    single: bool = True
    choices: tuple[tuple[str, str], ...] = ()
    needs: str | None = None
    ranges: bool = False
    read: Callable[[str], str] = str.strip
    show: Callable[[str], str] = str


MINUTES = (
    ("0-5", "under 5 minutes"),
    ("5-10", "5 to 10 minutes"),
    ("10-20", "10 to 20 minutes"),
    ("20-", "20 minutes and more"),
)


def bucket_minutes(minutes: int | None) -> tuple[str, ...]:
    """Return the bucket that holds `minutes`: lower bound in, upper out."""
    if minutes is None:
        return ()
    if minutes < 5:
        return ("0-5",)
    if minutes < 10:
        return ("5-10",)
    return ("10-20",) if minutes < 20 else ("20-",)


def name_month(month: str) -> str:
    """Return `May 2024` for `2024-05`."""
    try:
        return f"{date.fromisoformat(month + '-01'):%B} {int(month[:4])}"
    except ValueError:
        return month


_SPAN = re.compile(r"(\d{4})\s*(?:-|–|—|\.{2,3}|…|to)\s*(\d{4})", re.ASCII | re.IGNORECASE)
_BOUND = re.compile(r"(<=?|>=?)\s*(\d{4})", re.ASCII)


def read_years(text: str) -> str:
    """Return `2022..2024` for years from one to another, as people write them: `2024-2022`.

    `>2022` and `<=2022` are read too; all else is left as it is.
    """
    text = text.strip()
    if span := _SPAN.fullmatch(text):
        return "..".join(sorted(span.groups()))
    if bound := _BOUND.fullmatch(text):
        sign, year = bound[1], int(bound[2])
        if sign[0] == ">":
            return f"{year + (sign == '>'):04}.."
        return f"..{year - (sign == '<'):04}"
    return text


def _years(work: Work) -> tuple[str, ...]:
    return (f"{work.date.year:04}",) if work.date else ()


def _months(work: Work) -> tuple[str, ...]:
    return (f"{work.date:%Y-%m}",) if work.date else ()


IS = (("external", "kept elsewhere"),)


def _is(work: Work) -> tuple[str, ...]:
    """Return `external` for a work whose text is only elsewhere: its page leads out."""
    ours = any(document.html is not None or document.text for document in work.documents)
    return () if ours or not any(place.url for place in work.places) else ("external",)


FACETS: tuple[Facet, ...] = (
    Facet("tag", "Tag", lambda w: w.tags, every=True, single=False, read=slug_of_tag),
    Facet("source", "Source", lambda w: w.sources, single=False),
    Facet("kind", "Kind", lambda w: (w.canonical.kind,)),
    Facet("year", "Year", _years, order="newest", ranges=True, read=read_years),
    Facet("month", "Month", _months, order="newest", needs="year", ranges=True, show=name_month),
    Facet("minutes", "Reading time", lambda w: bucket_minutes(w.minutes), order="listed",
          choices=MINUTES, show=lambda bucket: dict(MINUTES).get(bucket, bucket)),
    Facet("series", "Series", lambda w: (w.series,) if w.series else ()),
    Facet("language", "Language", lambda w: (w.canonical.language,), show=name_language),
    Facet("is", "Text", _is, show=lambda value: dict(IS).get(value, value)),
)  # fmt: skip

FACET = {facet.name: facet for facet in FACETS}


@dataclass(frozen=True, slots=True)
class Sort:
    """An order of the hits; it is offered only where the index has what it `needs`."""

    name: str
    label: str
    needs: Literal["words", "dates", "nothing"]


SORTS: tuple[Sort, ...] = (
    Sort("relevance", "relevance", "words"),
    Sort("newest", "newest", "dates"),
    Sort("oldest", "oldest", "dates"),
    Sort("title", "title", "nothing"),
)

SORT = {sort.name: sort for sort in SORTS}
