"""Reads what the configuration of a Jekyll site says, academicpages included."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from searchapp.sources.site_files import (
    Site,
    address_of,
    language_of,
    merged,
    name_in,
    patterns_of,
    word,
)
from searchapp.sources.site_names import JEKYLL_FILES


def read_jekyll(root: Path) -> Site:
    table, notes = merged(root, *JEKYLL_FILES)
    patterns, more = patterns_of(_jekyll_permalinks(table))
    return Site(
        title=word(table.get("title")) or word(table.get("name")),
        url=address_of(table.get("url"), table.get("baseurl")),
        author=name_in(table.get("author")),
        language=language_of(table.get("lang")) or language_of(table.get("locale")),
        description=word(table.get("description")),
        permalinks=patterns,
        collections=tuple(_jekyll_collections(table)),
        home=(word(table.get("collections_dir")) or "").strip("./"),
        notes=notes + more,
    )


def _jekyll_permalinks(table: Mapping[str, Any]) -> dict[str, object]:
    """Return the patterns of posts (""), and of collections that state their own.

    Those in `defaults` are for some posts, and read as these are: see `inheriting.py`.
    """
    patterns: dict[str, object] = {"": table.get("permalink")}
    collections = table.get("collections")
    if isinstance(collections, dict):
        for name, stated in collections.items():
            if isinstance(stated, dict) and "permalink" in stated:
                patterns[str(name)] = stated["permalink"]
    return {name: pattern for name, pattern in patterns.items() if pattern}


def _jekyll_collections(table: Mapping[str, Any]) -> Iterator[str]:
    """Yield the collections that have pages of their own."""
    stated = table.get("collections")
    for name, settings in stated.items() if isinstance(stated, dict) else ():
        if name != "posts" and isinstance(settings, dict) and settings.get("output") is True:
            yield str(name)
