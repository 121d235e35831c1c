"""Reads what the configuration of a Hugo or a Zola site says."""

from collections.abc import Mapping
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
from searchapp.sources.site_names import HUGO_FILES


def read_hugo(root: Path) -> Site:
    table, notes = merged(root, *HUGO_FILES)
    apart, _ = merged(root / "config" / "_default", "permalinks.toml", "permalinks.yaml")
    stated = table.get("permalinks") or apart
    if isinstance(stated, dict) and isinstance(stated.get("page"), dict):
        stated = stated["page"]
    patterns, more = patterns_of(stated if isinstance(stated, dict) else {})
    params = table.get("params") if isinstance(table.get("params"), dict) else {}
    described = params.get("description") if isinstance(params, dict) else None
    author = params.get("author") if isinstance(params, dict) else None
    return Site(
        title=word(table.get("title")),
        url=address_of(table.get("baseurl")),
        author=name_in(author) or name_in(table.get("author")),
        language=language_of(table.get("defaultcontentlanguage"))
        or language_of(table.get("languagecode")),
        description=word(described),
        permalinks=_for_hugo(table, {name.strip("/ "): text for name, text in patterns.items()}),
        folders=(word(table.get("contentdir")) or "content",),
        notes=notes + more,
    )


def _for_hugo(table: Mapping[str, Any], patterns: dict[str, str]) -> dict[str, str]:
    """Return the patterns, with one for all where pages have endings of their own."""
    if table.get("uglyurls") is True and "" not in patterns:
        return {**patterns, "": "/:sections/:slugorfilename.html"}
    return patterns


def read_zola(root: Path) -> Site:
    table, notes = merged(root, "zola.toml", "config.toml")
    slugify = table.get("slugify")
    paths = slugify.get("paths") if isinstance(slugify, dict) else slugify
    kept = {} if paths in (None, "on", True) else {"": "/:sections/:title/"}
    return Site(
        title=word(table.get("title")),
        url=address_of(table.get("base_url")),
        author=name_in(table.get("author")),
        language=language_of(table.get("default_language")),
        description=word(table.get("description")),
        permalinks=kept,
        folders=("content",),
        notes=notes,
    )
