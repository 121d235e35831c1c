"""Reads a list in TOML: arrays of tables, each of which may be a group.

[[article]]          [[2024]]             [[group]]
title = "..."        title = "..."        year = 2024
                                          items = [{title = "..."}]
"""

import re
from collections.abc import Iterator, Mapping

from searchapp.sources.guarded import load_toml
from searchapp.sources.parts import Part, find_group, group_of, not_a_group

LIMIT = 8 * 2**20

_HEADER = re.compile(r"^[ \t]*\[\[[ \t]*([\"']?)(.+?)\1[ \t]*\]\]", re.MULTILINE)


def parts_of_toml(text: str) -> Iterator[Part]:
    """Yield the parts of a file of TOML; tomllib tells no lines, so the headers are counted."""
    lines = _lines_of_tables(text)
    for name, value in load_toml(text, limit=LIMIT).items():
        stands: list[int | None] = [*lines.get(name, [])]
        if not isinstance(value, list):
            yield not_a_group(name, stands[0] if stands else None)
            continue
        if not value:
            yield Part(None, None, group_of(name) or ("group", ""))
        if len(stands) != len(value):
            stands = [None] * len(value)
        for member, line in zip(value, stands, strict=True):
            yield from _member(member, line, group_of(name))


def _member(member: object, line: int | None, group: tuple[str, str] | None) -> Iterator[Part]:
    """Yield an entry, or those of a group that stands in the list as a table."""
    found = find_group(member) if isinstance(member, Mapping) else None
    if isinstance(member, Mapping) and found and isinstance(member[found[1]], list):
        inner = (found[0], str(member[found[0]]))
        yield from (Part(entry, line, inner) for entry in member[found[1]])
    else:
        yield Part(member, line, group)


def _lines_of_tables(text: str) -> dict[str, list[int]]:
    """Return the lines of the headers of each array of tables."""
    lines: dict[str, list[int]] = {}
    at, line = 0, 1
    for header in _HEADER.finditer(text):
        line, at = line + text.count("\n", at, header.start()), header.start()
        lines.setdefault(header[2], []).append(line + header[0].count("\n"))
    return lines
