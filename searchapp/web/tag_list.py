"""The list of all tags: by count, as the index of a book, by latest use, or those found.

A page holds at most 200 tags, so that it stays small with 5,000 of them.
"""

import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import groupby
from typing import NamedTuple
from urllib.parse import urlencode

from flask import url_for
from werkzeug.datastructures import MultiDict

from searchapp.engine import Index
from searchapp.engine.results import TagInfo
from searchapp.query import MAX_CHARACTERS
from searchapp.slugs import fold, slug_of_tag
from searchapp.web.cards import Link
from searchapp.web.links import url_of_map, url_of_tags
from searchapp.web.sentences import count, shorten
from searchapp.web.tag_finding import find_tags, is_other_name, nearest_tags

PAGE = 200
NEAREST = 12
# Each letter before here belongs to an alphabet; what follows are thousands of signs.
END_OF_ALPHABETS = "\u2e80"

ORDERS = {"count": "how many pieces", "title": "name", "latest": "latest use"}


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the list: a tag with its count, or another name that says where to `see`.

    `also` is the other name by which a tag was found.
    """

    label: str
    url: str
    count: int | None = None
    see: str | None = None
    also: str | None = None


@dataclass(frozen=True, slots=True)
class Bundle:
    """Tags that the owner put together under a name."""

    name: str
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class TagList:
    """Tags in one order, in groups that may have a heading, and the ways to the others.

    `asked` is what was typed; `nearest` are offered where no tag has that in its name.
    `letters` are the ways through the index, the one that is shown without an address.
    `notes` say what of the address was corrected.
    """

    asked: str
    counted: str
    groups: tuple[tuple[str, tuple[Entry, ...]], ...]
    orders: tuple[Link, ...] = ()
    letters: tuple[Link, ...] = ()
    pages: tuple[Link, ...] = ()
    bundles: tuple[Bundle, ...] = ()
    nearest: tuple[Entry, ...] = ()
    everything: str = ""
    map: str | None = None
    notes: tuple[str, ...] = ()


class Line(NamedTuple):
    """A line of the list before it has an address: what it stands under, and as in `Entry`."""

    heading: str
    tag: TagInfo
    alias: str | None = None


def present_tags(index: Index, args: MultiDict[str, str]) -> TagList:
    """Return the list of tags that the parameters ask for; what is wrong in them is told."""
    asked = " ".join(args.get("q", "")[:MAX_CHARACTERS].split())
    if asked:
        return _present_found(index, asked)
    notes: list[str] = []
    order = args.get("sort", "") or "count"
    if order not in ORDERS:
        notes.append(f"There is no order “{shorten(order)}”; the usual one is shown.")
        order = "count"
    return _present_order(index, order, args.get("letter", ""), args.get("page", ""), notes)


def _present_found(index: Index, asked: str) -> TagList:
    found = find_tags(index, asked)
    entries = tuple(
        replace(_enter(one.tag), also=one.alias)
        if one.alias and is_other_name(one.alias, one.tag)
        else _enter(one.tag)
        for one in found[:PAGE]
    )
    nearest = () if found else tuple(_enter(t) for t in nearest_tags(index, asked, NEAREST))
    counted = f"{count(len(found), 'tag')} with “{shorten(asked)}”"
    if len(found) > PAGE:
        counted += f"; the first {PAGE} are shown"
    groups = (("", entries),) if entries else ()
    return TagList(asked, counted, groups, nearest=nearest, everything=_url())


def _present_order(
    index: Index, order: str, letter: str, asked_page: str, notes: list[str]
) -> TagList:
    lines = _LINES[order](index, index.generation)
    letters = list(dict.fromkeys(line.heading for line in lines)) if order == "title" else []
    apart = len(lines) > PAGE  # then each letter has a page
    shown = ""
    if letter and letter not in letters:
        notes.append(_note_letter(letter, order))
    if letters and apart:
        shown = letter if letter in letters else letters[0]
        lines = [line for line in lines if line.heading == shown]
    pages = max(1, -(-len(lines) // PAGE))
    page = _read_page(asked_page, pages, notes)
    part = lines[(page - 1) * PAGE : page * PAGE]
    first = order == "count" and page == 1
    return TagList(
        asked="",
        counted=count(len(index.tags()), "tag"),
        groups=tuple(_group(part)),
        orders=tuple(
            Link(label, None if name == order else _url(sort=name))
            for name, label in ORDERS.items()
            if name != "latest" or any(tag.last for tag in index.tags())
        ),
        letters=tuple(_present_letters(letters, shown, apart)),
        pages=tuple(_present_pages(page, pages, order, shown)),
        bundles=tuple(_present_bundles(index)) if first else (),
        map=url_of_map(index) if index.guide().map else None,
        notes=tuple(notes),
    )


def _present_letters(letters: Sequence[str], shown: str, apart: bool) -> Iterator[Link]:
    """Lead to each letter: to its page, or to its place where all stand on one."""
    for number, letter in enumerate(letters, 1):
        if not apart:
            yield Link(letter, f"#letter-{number}")
        else:
            yield Link(letter, None if letter == shown else _url(sort="title", letter=letter))


def _present_pages(page: int, pages: int, order: str, letter: str) -> Iterator[Link]:
    for number in range(1, pages + 1) if pages > 1 else ():
        url = _url(sort=order, letter=letter, page=number if number > 1 else "")
        yield Link(f"{number:,}", None if number == page else url)


def _present_bundles(index: Index) -> Iterator[Bundle]:
    """Give the owner's bundles; a tag that no piece has is not offered, nor an empty bundle."""
    for name, slugs in index.guide().bundles:
        tags = [tag for tag in map(index.tag, slugs) if tag]
        if tags:
            yield Bundle(name, tuple(map(_enter, tags)))


def _enter(tag: TagInfo) -> Entry:
    return Entry(tag.label, url_of_tags([tag.slug]), tag.count)


def _group(lines: Iterable[Line]) -> Iterator[tuple[str, tuple[Entry, ...]]]:
    for heading, group in groupby(lines, key=lambda line: line.heading):
        yield (
            heading,
            tuple(
                Entry(line.alias, url_of_tags([line.tag.slug]), see=line.tag.label)
                if line.alias
                else _enter(line.tag)
                for line in group
            ),
        )


def _url(**parameters: str | int) -> str:
    """Return the address of the list with these parameters; empty ones and defaults left out."""
    stated = {k: v for k, v in parameters.items() if v != "" and (k, v) != ("sort", "count")}
    address = url_for("tags.tags_page")
    return f"{address}?{urlencode(stated)}" if stated else address


def _read_page(text: str, pages: int, notes: list[str]) -> int:
    """Return the page that is asked for, the first or the last where there is none such."""
    digits = text.strip() or "1"
    number = int(digits[:9]) if digits.isascii() and digits.isdigit() else 0
    if 1 <= number <= pages:
        return number
    if number:
        notes.append(f"There is no page {number}; page {pages} is the last.")
        return pages
    notes.append(f"There is no page “{shorten(text)}”; the first one is shown.")
    return 1


def _note_letter(letter: str, order: str) -> str:
    if order != "title":
        return f"Only by name do tags stand under letters; “{shorten(letter)}” was left out."
    return f"No tag stands under “{shorten(letter)}”; the first letter is shown."


# The orders, made once for each generation


@lru_cache(maxsize=2)
def _by_count(index: Index, generation: int) -> Sequence[Line]:
    return [Line("", tag) for tag in index.tags()]


@lru_cache(maxsize=2)
def _by_name(index: Index, generation: int) -> Sequence[Line]:
    """Return each tag, and each of its other names that a reader may look up, from A to Z."""
    lines = [Line(letter_of(tag.label), tag) for tag in index.tags()]
    for tag in index.tags():
        known = set()
        for alias in tag.aliases:
            if is_other_name(alias, tag) and slug_of_tag(alias) not in known:
                known.add(slug_of_tag(alias))
                lines.append(Line(letter_of(alias), tag, alias))
    return sorted(lines, key=_key_of_name)


def _key_of_name(line: Line) -> tuple[object, ...]:
    name = line.alias or line.tag.label
    return not line.heading.startswith("0"), line.heading, fold(name), name


@lru_cache(maxsize=2)
def _by_latest(index: Index, generation: int) -> Sequence[Line]:
    """Return tags by their latest piece, under the years of these; the undated last."""
    tags = sorted(index.tags(), key=lambda tag: tag.last or "", reverse=True)
    return [Line(tag.last[:4] if tag.last else "Undated", tag) for tag in tags]


_LINES: dict[str, Callable[[Index, int], Sequence[Line]]] = {
    "count": _by_count,
    "title": _by_name,
    "latest": _by_latest,
}


def letter_of(label: str) -> str:
    """Return what a name stands under: its letter, its script where that has thousands."""
    first = next((c for c in fold(label) if c.isalnum()), "0")
    if not first.isalpha():
        return "0–9"
    if first < END_OF_ALPHABETS:
        return first.upper()
    return unicodedata.name(first, "Other").split()[0].capitalize().replace("Cjk", "CJK")
