"""The kind `list`: entries as data in YAML, JSON, TOML or CSV, flat or in groups.

A group is a year if its name is one, else a tag; `groups` in sources.toml says otherwise.
"""

import re
from collections.abc import Callable, Iterator, Mapping

from searchapp.errors import ContentError
from searchapp.sources.facts import web_address
from searchapp.sources.guarded import string_keys
from searchapp.sources.mending import shown
from searchapp.sources.model import EmptyTag, Entry, Groups, Outcome, SourceFile
from searchapp.sources.parts import Part
from searchapp.sources.parts_of_csv import parts_of_csv
from searchapp.sources.parts_of_json import parts_of_json
from searchapp.sources.parts_of_toml import parts_of_toml
from searchapp.sources.parts_of_yaml import parts_of_yaml

_YEAR = re.compile(r"\d{4}")

# Other names of a fact that data files have, and posts mean something else by.
_ALSO = {
    "name": "title", "headline": "title", "link": "url", "href": "url", "address": "url",
    "year": "date", "venue": "publication", "outlet": "publication", "source": "publication",
    "abstract": "summary", "note": "summary", "blurb": "summary",
}  # fmt: skip

FORMS: dict[str, Callable[[str], Iterator[Part]]] = {
    ".yaml": parts_of_yaml,
    ".yml": parts_of_yaml,
    ".json": parts_of_json,
    ".toml": parts_of_toml,
    ".csv": parts_of_csv,
    ".tsv": parts_of_csv,
}


def read(file: SourceFile) -> Iterator[Outcome]:
    """Yield the entries of the file in its order, each with what its group says."""
    form = FORMS.get(file.absolute.suffix.lower(), parts_of_yaml)
    for part in form(file.text):
        if told := part.error or part.remark:
            yield told
        elif part.group and part.value is None:
            meaning, name = _meaning(part.group, file.source.groups)
            if meaning == "tag" and name:
                yield EmptyTag(name)
        else:
            yield _entry(part, file.source.groups)


def _entry(part: Part, groups: Groups | None) -> Outcome:
    stated = _named(part.value) if isinstance(part.value, str) else part.value
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
    body = facts.get("body")
    text = body if isinstance(body, str) else ""
    return Entry(facts, text, line=part.line, topics=topics, warnings=part.warnings)


def _named(words: str) -> dict[str, str]:
    """Return what an entry states that is words alone: a title, or an address."""
    address = web_address(words)
    return {"title": words, "url": address} if address else {"title": words}


def _meaning(group: tuple[str, str], declared: Groups | None) -> tuple[str, str]:
    """Return what a group's name means: tag, year or publication."""
    key, name = group
    if declared:
        return declared, name
    if key in ("year", "publication"):
        return key, name
    return ("year" if _YEAR.fullmatch(name) else "tag"), name
