"""Reads a list in JSON, which is checked as a whole before; each entry has its line."""

from collections.abc import Iterator

from searchapp.errors import ContentError
from searchapp.sources.guarded import load_json, repeated_keys, stands_twice
from searchapp.sources.members import members_of, pairs_of, skip_space
from searchapp.sources.parts import Part, find_group, group_of, not_a_group


def parts_of_json(text: str) -> Iterator[Part]:
    """Yield the parts of a file of JSON."""
    whole, start = load_json(text), skip_space(text, 0)
    if isinstance(whole, list):
        for value, line, at in members_of(text, start, 1):
            yield from _member(text, value, line, at)
    elif isinstance(whole, dict):
        for name, value, line, at in pairs_of(text, start, 1):
            yield from _group(text, name, group_of(name), value, line, at)
    else:
        raise ContentError('is not a list; write it as [{"title": ...}]', 1)


def _member(text: str, value: object, line: int, start: int) -> Iterator[Part]:
    """Yield an entry, or those of a group that stands in the list as an object."""
    found = find_group(value) if isinstance(value, dict) else None
    if isinstance(value, dict) and found and isinstance(value[found[1]], list):
        name = str(value[found[0]])
        inner = [(v, at, s) for key, v, at, s in pairs_of(text, start, line) if key == found[1]]
        members, at, begins = inner[-1]
        yield from _group(text, name, (found[0], name), members, at, begins)
    else:
        yield _part(text, value, line, start, None)


def _part(text: str, value: object, line: int, start: int, group: tuple[str, str] | None) -> Part:
    """Return an entry, with what is told of its keys that stand twice."""
    doubles = tuple((line, stands_twice(key)) for key in repeated_keys(text, start))
    return Part({} if value is None else value, line, group, warnings=doubles)


def _group(
    text: str, name: str, group: tuple[str, str] | None, value: object, line: int, start: int
) -> Iterator[Part]:
    if value is None or value == []:
        if group:
            yield Part(None, line, group)
    elif isinstance(value, list):
        for member, at, begins in members_of(text, start, line):
            if group:
                yield _part(text, member, at, begins, group)
            else:
                yield from _member(text, member, at, begins)
    else:
        yield not_a_group(name, line)
