"""Parts a file into its front matter and its body, and loads the front matter guarded."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

import yaml
from frontmatter.default_handlers import YAMLHandler

from searchapp.errors import ContentError
from searchapp.sources.guarded import (
    FRONT_MATTER_LIMIT,
    PlainLoader,
    check_yaml,
    string_keys,
    yaml_error,
)

_OPENS = re.compile(r"\s*^---[ \t]*$\n?", re.MULTILINE)
_CLOSES = re.compile(r"^(?:---|\.\.\.)[ \t]*$\n?", re.MULTILINE)
_KEY = re.compile(r"([\w-]+)[ \t]*:")

Warnings = tuple[tuple[int | None, str], ...]


@dataclass(frozen=True, slots=True)
class Parted:
    """A file in its parts; `line` is where the body begins, `lines` where each fact stands."""

    facts: Mapping[str, object]
    body: str
    line: int
    warnings: Warnings = ()
    lines: Mapping[str, int] = field(default_factory=dict)


def part(text: str) -> Parted:
    """Part a file; one without front matter is all body.

    Refused are fences that never close and front matter that is not `key: value`: both
    would else leave the post without title and date in silence.
    """
    opens = _OPENS.match(text)
    if opens is None:
        return Parted({}, text, 1)
    first = text.count("\n", 0, opens.end()) + 1
    closes = _CLOSES.search(text, opens.end())
    if closes is None:
        raise ContentError(
            "front matter opens with --- and never closes; add a line --- after it", first - 1
        )
    matter = text[opens.end() : closes.start()]
    facts, warnings = _load(matter, first)
    body_line = text.count("\n", 0, closes.end()) + 1
    return Parted(facts, text[closes.end() :], body_line, warnings, _lines_of(matter, first))


def _lines_of(matter: str, first: int) -> dict[str, int]:
    lines = enumerate(matter.split("\n"), start=first)
    return {key[1]: number for number, line in lines if (key := _KEY.match(line))}


def _load(matter: str, first: int) -> tuple[dict[str, object], Warnings]:
    repeated = check_yaml(matter, FRONT_MATTER_LIMIT, first)
    try:
        facts = YAMLHandler().load(matter, Loader=PlainLoader)
    except (yaml.YAMLError, ValueError, TypeError) as error:
        raise yaml_error(error, first) from None
    if facts is None:
        return {}, ()
    if not isinstance(facts, dict):
        raise ContentError(
            f"front matter is a {type(facts).__name__}, not 'key: value' lines; mend it", first
        )
    warnings = tuple(
        (double.line, f"{double.key} stands twice, and the last one counts; take one out")
        for double in repeated
    )
    return string_keys(facts), warnings
