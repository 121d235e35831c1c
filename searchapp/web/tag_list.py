"""The list of all tags, by count or as the index of a book."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby

from flask import url_for

from searchapp.engine import Index
from searchapp.engine.results import TagInfo
from searchapp.slugs import fold, slug_of_tag
from searchapp.web.cards import Link
from searchapp.web.links import url_of_tags


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the list: a tag with its count, or another name that says where to `see`."""

    label: str
    url: str
    count: int | None
    see: str | None


@dataclass(frozen=True, slots=True)
class TagList:
    """All tags in one order, in groups that may have a heading, and the way to the other."""

    size: int
    groups: tuple[tuple[str, tuple[Entry, ...]], ...]
    orders: tuple[Link, ...]


def present_tags(index: Index, by_name: bool) -> TagList:
    """Return all tags by count, or `by_name` under their first letters, aliases among them."""
    tags = index.tags()
    address = url_for("pages.tags_page")
    orders = (
        Link("how many pieces", address if by_name else None),
        Link("name", None if by_name else f"{address}?sort=title"),
    )
    if not by_name:
        return TagList(len(tags), (("", tuple(_enter(tag) for tag in tags)),), orders)
    return TagList(len(tags), tuple(_group(_with_aliases(tags))), orders)


def _enter(tag: TagInfo) -> Entry:
    return Entry(tag.label, url_of_tags([tag.slug]), tag.count, None)


def _with_aliases(tags: Iterable[TagInfo]) -> Iterator[Entry]:
    """Yield each tag, and each of its other names that a reader may look up."""
    for tag in tags:
        yield _enter(tag)
        known = {tag.slug, slug_of_tag(tag.label)}
        for alias in tag.aliases:
            if slug_of_tag(alias) not in known:
                yield Entry(alias, url_of_tags([tag.slug]), None, tag.label)


def _group(entries: Iterable[Entry]) -> Iterator[tuple[str, tuple[Entry, ...]]]:
    ordered = sorted(entries, key=lambda entry: (fold(entry.label), entry.label))
    for letter, group in groupby(ordered, key=lambda entry: _letter(entry.label)):
        yield letter, tuple(group)


def _letter(label: str) -> str:
    first = fold(label)[:1].upper()
    return first if first.isalpha() else "0–9"
