"""What the first page offers beside the pieces: the owner's collections, the tags, the map."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from flask import url_for

from searchapp.engine import Index
from searchapp.engine.results import TagInfo
from searchapp.web.links import url_of_map, url_of_tags
from searchapp.web.tag_panel import TagLink

POPULAR = 7  # tags
COLLECTIONS = 4  # of the owner's bundles, with at most so many
HELD = 6  # tags each; the list of all tags has the rest


@dataclass(frozen=True, slots=True)
class Shelf:
    """Tags under one name."""

    name: str
    tags: tuple[TagLink, ...]


@dataclass(frozen=True, slots=True)
class Browse:
    """Ways into the pieces for who has no words yet; `map` is None where there is none."""

    shelves: tuple[Shelf, ...]
    all_tags: str
    number: int
    map: str | None


def present_browse(index: Index) -> Browse | None:
    """Return the ways to browse; None where no piece has a tag."""
    tags = index.tags()
    if not tags:
        return None
    shelves = [Shelf("Tags", tuple(link_tags(tags[:POPULAR]))), *_present_bundles(index)]
    return Browse(
        shelves=tuple(shelves[: COLLECTIONS + 1]),
        all_tags=url_for("tags.tags_page"),
        number=len(tags),
        map=url_of_map(index) if index.guide().map else None,
    )


def _present_bundles(index: Index) -> Iterator[Shelf]:
    """Give the owner's bundles; a tag that no piece has is not offered, nor an empty bundle."""
    for name, slugs in index.guide().bundles:
        tags = [tag for tag in map(index.tag, slugs) if tag]
        if tags:
            yield Shelf(name, tuple(link_tags(tags[:HELD])))


def link_tags(tags: Iterable[TagInfo]) -> Iterator[TagLink]:
    """Give tags as links with their counts."""
    for tag in tags:
        yield TagLink(tag.label, url_of_tags([tag.slug]), tag.count)
