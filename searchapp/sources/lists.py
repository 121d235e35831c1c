"""The kind `list`: entries as data in YAML or JSON, flat or in groups.

    - title: ...          MoE:                 - year: 2024
      url: ...              - title: ...         items:
                          PPO: []                  - title: ...

A group is a year if its name is one, else a tag; `groups` in sources.toml says otherwise.
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import yaml

from searchapp.errors import ContentError
from searchapp.sources.facts import shown
from searchapp.sources.guarded import Repeated, compose_yaml, construct, load_json, string_keys
from searchapp.sources.model import EmptyTag, Entry, Groups, Outcome, Reader, SourceFile

YAML_LIMIT = 8 * 2**20

_YEAR = re.compile(r"\d{4}")
_MEMBERS = ("items", "entries", "articles", "posts")
_NAMES_OF_GROUPS = ("year", "publication", "tag", "topic", "name")

# Other names of a fact that data files have, and posts mean something else by.
_ALSO = {"name": "title", "link": "url", "href": "url"}


@dataclass(frozen=True, slots=True)
class _Part:
    """A value of the file with its line; a bad one carries the error instead."""

    value: object
    line: int | None
    group: tuple[str, str] | None = None  # what its group means, and its name
    error: ContentError | None = None
    warnings: tuple[tuple[int | None, str], ...] = ()


def read(file: SourceFile) -> Iterator[Outcome]:
    """Yield the entries of the file in its order, each with what its group says."""
    as_json = file.absolute.suffix.lower() == ".json"
    parts = _parts_of_json(file.text) if as_json else _parts_of_yaml(file.text)
    for part in parts:
        if part.error:
            yield part.error
        elif part.group and part.value is None:
            meaning, name = _meaning(part.group, file.source.groups)
            if meaning == "tag":
                yield EmptyTag(name)
        else:
            yield _entry(part, file.source.groups)


def _entry(part: _Part, groups: Groups | None) -> Outcome:
    stated = {"title": part.value} if isinstance(part.value, str) else part.value
    if not isinstance(stated, Mapping):
        return ContentError(
            f"entry is {shown(part.value)}; write it as 'title: ...' and 'url: ...'", part.line
        )
    facts = string_keys(stated)
    for other, name in _ALSO.items():
        if other in facts:
            facts.setdefault(name, facts[other])
    if facts.get("title") in (None, ""):
        return ContentError("entry has no title; add 'title: ...'", part.line)
    topics: tuple[str, ...] = ()
    if part.group:
        meaning, name = _meaning(part.group, groups)
        if meaning == "tag":
            topics = (name,)
        else:
            facts.setdefault("date" if meaning == "year" else meaning, name)
    return Entry(facts, line=part.line, topics=topics, warnings=part.warnings)


def _meaning(group: tuple[str, str], declared: Groups | None) -> tuple[str, str]:
    """Return what a group's name means: tag, year or publication."""
    key, name = group
    if declared:
        return declared, name
    if key in ("year", "publication"):
        return key, name
    return ("year" if _YEAR.fullmatch(name) else "tag"), name


# --- YAML -----------------------------------------------------------------------------


def _parts_of_yaml(text: str) -> Iterator[_Part]:
    loader, root, repeated = compose_yaml(text, YAML_LIMIT)
    if root is not None:
        yield from _YamlList(loader, repeated).parts(root)


@dataclass(frozen=True, slots=True)
class _YamlList:
    """A list as a tree of nodes, each of which is made a value alone."""

    loader: Any
    repeated: Sequence[Repeated]

    def parts(self, root: yaml.Node) -> Iterator[_Part]:
        if isinstance(root, yaml.SequenceNode):
            for node in root.value:
                yield from self._member(node)
        elif isinstance(root, yaml.MappingNode):
            for key, value in root.value:
                yield from self._group(("group", str(key.value)), value, key)
        else:
            raise ContentError("is not a list; write each entry as '- title: ...'", 1)

    def _member(self, node: yaml.Node) -> Iterator[_Part]:
        """Yield an entry, or those of a group that stands in the list as a mapping."""
        if isinstance(node, yaml.MappingNode):
            pairs = {str(key.value): value for key, value in node.value}
            found = _find_group(pairs)
            if found and isinstance(found[1], yaml.SequenceNode):
                name = found[0]
                yield from self._group((name, str(pairs[name].value)), found[1], node)
                return
        yield self._part(node, None)

    def _group(self, group: tuple[str, str], value: yaml.Node, key: yaml.Node) -> Iterator[_Part]:
        line = key.start_mark.line + 1
        if isinstance(value, yaml.SequenceNode) and value.value:
            yield from (self._part(node, group) for node in value.value)
        elif isinstance(value, yaml.SequenceNode) or value.tag == "tag:yaml.org,2002:null":
            yield _Part(None, line, group)
        else:
            yield _Part(None, line, error=_not_a_group(group[1], line))

    def _part(self, node: yaml.Node, group: tuple[str, str] | None) -> _Part:
        line, last = node.start_mark.line + 1, node.end_mark.line + 1
        try:
            value = construct(self.loader, node)
        except ContentError as error:
            return _Part(None, line, error=error)
        doubles = tuple(
            (double.line, f"{double.key} stands twice, and the last one counts; take one out")
            for double in self.repeated
            if line <= double.line <= last
        )
        return _Part({} if value is None else value, line, group, warnings=doubles)


def _find_group(pairs: Mapping[str, Any]) -> tuple[str, Any] | None:
    """Return the key that names a group and its members, if a mapping is one."""
    if "title" in pairs:
        return None
    name = next((key for key in _NAMES_OF_GROUPS if key in pairs), None)
    members = next((pairs[key] for key in _MEMBERS if key in pairs), None)
    return (name, members) if name and members is not None else None


def _not_a_group(name: str, line: int | None) -> ContentError:
    return ContentError(f"group '{name}' is not a list; write its entries as '- title: ...'", line)


# --- JSON -----------------------------------------------------------------------------

_SPACE = re.compile(r"[\s,:]*")


def _parts_of_json(text: str) -> Iterator[_Part]:
    """Yield the parts of a file of JSON, which is checked as a whole before."""
    whole = load_json(text)
    members = _json_members(text, _skip_space(text, 0), 1)
    if isinstance(whole, list):
        for value, line, start in members:
            yield from _json_member(text, value, line, start)
    elif isinstance(whole, dict):
        for (name, line, _), (value, at, start) in zip(members, members, strict=True):
            yield from _json_group(text, ("group", str(name)), value, line, (start, at))
    else:
        raise ContentError('is not a list; write it as [{"title": ...}]', 1)


def _skip_space(text: str, start: int) -> int:
    space = _SPACE.match(text, start)
    return space.end() if space else start


def _json_members(text: str, start: int, line: int) -> Iterator[tuple[object, int, int]]:
    """Yield the values within the bracket at `start`, with their lines and starts."""
    decoder, counted = json.JSONDecoder(), start
    start = _skip_space(text, start + 1)
    while text[start] not in "]}":
        line, counted = line + text.count("\n", counted, start), start
        value, end = decoder.raw_decode(text, start)
        yield value, line, start
        start = _skip_space(text, end)


def _json_member(text: str, value: object, line: int, start: int) -> Iterator[_Part]:
    found = _find_group(value) if isinstance(value, dict) else None
    if isinstance(value, dict) and found and isinstance(found[1], list):
        group = (found[0], str(value[found[0]]))
        yield from (_Part({} if v is None else v, line, group) for v in found[1])
    else:
        yield _Part({} if value is None else value, line)


def _json_group(
    text: str, group: tuple[str, str], value: object, line: int, at: tuple[int, int]
) -> Iterator[_Part]:
    if value is None or value == []:
        yield _Part(None, line, group)
    elif isinstance(value, list):
        for member, found, _ in _json_members(text, *at):
            yield _Part({} if member is None else member, found, group)
    else:
        yield _Part(None, line, error=_not_a_group(group[1], line))


READER = Reader(read, endings=(".yaml", ".yml", ".json"), identity="title", listed=True)
