"""Parts a file into its front matter and its body, and loads the front matter guarded.

    ---                +++                 {                   Title: Cats
    title: Cats        title = "Cats"      "title": "Cats"     Date: 2024-05-31
    ---                +++                 }
    YAML               TOML                JSON                lines of Pelican

All but the last stand between fences or braces.
"""

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import takewhile

import yaml
from frontmatter.default_handlers import YAMLHandler

from searchapp.errors import ContentError
from searchapp.sources.dates import parse_date
from searchapp.sources.guarded import (
    FRONT_MATTER_LIMIT,
    MAX_DEPTH,
    PlainLoader,
    check_yaml,
    load_json,
    load_toml,
    repeated_keys,
    stands_twice,
    string_keys,
    yaml_error,
)

# The language may stand after the fence, as Eleventy has it; more words are no fence.
_OPENS = re.compile(
    r"\s*^(---|\+\+\+)[ \t]*(yaml|yml|toml|json|js|javascript|coffee|cson)?[ \t]*$\n?", re.MULTILINE
)
_CLOSES = {
    "---": re.compile(r"^(?:---|\.\.\.)[ \t]*$\n?", re.MULTILINE),
    "+++": re.compile(r"^\+\+\+[ \t]*$\n?", re.MULTILINE),
}
_KEY_OF_YAML = re.compile(r"([\w-]+)[ \t]*:")
_KEY = {
    "yaml": _KEY_OF_YAML,
    "yml": _KEY_OF_YAML,
    "toml": re.compile(r"[ \t]*[\"']?([\w-]+)[\"']?[ \t]*="),
    "json": re.compile(r"[ \t{,]*\"([\w-]+)\"[ \t]*:"),
}

# An object at the head of a file, and not a Nunjucks `{{ tag }}` or a sentence in braces.
_JSON_OPENS = re.compile(r"\s*(?=\{\s*(?:\"[^\"\n]{1,100}\"\s*:|\}\s*$))", re.MULTILINE)

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
    if opens and not _is_rule(text, opens):
        language = opens[2] or ("toml" if opens[1] == "+++" else "yaml")
        return _part_fenced(text, opens, language)
    if opens := _JSON_OPENS.match(text):
        return _part_json(text, opens.end())
    return _part_lines(text) or Parted({}, text, 1)


# What a line of YAML may begin with: a key, a list, something in brackets or quotes.
_LIKE_YAML = re.compile(r"[ \t]*(?:[\"'{\[?&*!|>%]|-[ \t]|[^\s:][^:\n]{0,80}:(?:\s|$))")


def _is_rule(text: str, opens: re.Match[str]) -> bool:
    """Tell a line that parts the text, as Markdown has it, from one that opens front matter.

    What follows it tells: prose, up to a blank line, without anything like a key.
    """
    if opens[1] != "---" or opens[2]:
        return False
    closes = _CLOSES["---"].search(text, opens.end())
    end = opens.end() + FRONT_MATTER_LIMIT
    lines = iter(text[opens.end() : closes.start() if closes else end].split("\n"))
    first = next((line for line in lines if line.strip() and not line.startswith("#")), None)
    if first is None:
        return closes is None
    block = (first, *takewhile(str.strip, lines))
    return not any(_LIKE_YAML.match(line) for line in block)


# --- Between fences -------------------------------------------------------------------


def _part_fenced(text: str, opens: re.Match[str], language: str) -> Parted:
    first = text.count("\n", 0, opens.end()) + 1
    closes = _CLOSES[opens[1]].search(text, opens.end())
    if closes is None:
        raise ContentError(
            f"front matter opens with {opens[1]} and never closes; add a line {opens[1]} after it",
            first - 1,
        )
    load = _LOADERS.get(language)
    if load is None:
        raise ContentError(
            f"front matter is in '{language}', which is not read; write it as YAML", first - 1
        )
    matter = text[opens.end() : closes.start()]
    facts, warnings = load(matter, first)
    body_line = text.count("\n", 0, closes.end()) + 1
    lines = _lines_of(matter, first, language)
    return Parted(facts, text[closes.end() :], body_line, warnings, lines)


def _lines_of(matter: str, first: int, language: str) -> dict[str, int]:
    lines = enumerate(matter.split("\n"), start=first)
    return {key[1]: number for number, line in lines if (key := _KEY[language].match(line))}


def _load_yaml(matter: str, first: int) -> tuple[dict[str, object], Warnings]:
    repeated = check_yaml(matter, FRONT_MATTER_LIMIT, first)
    try:
        facts = YAMLHandler().load(matter, Loader=PlainLoader)
    except (yaml.YAMLError, ValueError, TypeError) as error:
        raise yaml_error(error, first) from None
    if facts is None:
        return {}, ()
    return _as_facts(facts, first), _told_twice((double.key, double.line) for double in repeated)


def _told_twice(repeated: Iterable[tuple[str, int]]) -> Warnings:
    return tuple((line, stands_twice(key)) for key, line in repeated)


def _load_toml(matter: str, first: int) -> tuple[dict[str, object], Warnings]:
    facts = load_toml(matter, first)
    _check_depth(facts, "TOML", first)
    return _as_facts(facts, first), ()


def _load_json(matter: str, first: int) -> tuple[dict[str, object], Warnings]:
    _check_length(matter, "JSON", first)
    facts = load_json(matter, first)
    _check_depth(facts, "JSON", first)
    lines = _lines_of(matter, first, "json")
    return _as_facts(facts, first), _told_twice(
        (key, lines.get(key, first)) for key in repeated_keys(matter.lstrip())
    )


_LOADERS: dict[str, Callable[[str, int], tuple[dict[str, object], Warnings]]] = {
    "yaml": _load_yaml,
    "yml": _load_yaml,
    "toml": _load_toml,
    "json": _load_json,
}


def _check_length(matter: str, language: str, first: int) -> None:
    if len(matter) > FRONT_MATTER_LIMIT:
        raise ContentError(
            f"{language} has {len(matter):,} characters, and {FRONT_MATTER_LIMIT:,} are read; "
            "make it shorter",
            first,
        )


def _check_depth(value: object, language: str, first: int) -> None:
    """Refuse what is nested so deep that walking through it could end the process."""
    level = [value]
    for _ in range(MAX_DEPTH):
        level = [inner for outer in level for inner in _members(outer)]
        if not level:
            return
    raise _too_deep(language, first)


def _too_deep(language: str, line: int) -> ContentError:
    return ContentError(f"{language} is nested more than {MAX_DEPTH} deep; make it flat", line)


def _members(value: object) -> Iterator[object]:
    if isinstance(value, dict):
        yield from value.values()
    elif isinstance(value, list):
        yield from value


def _as_facts(facts: object, first: int) -> dict[str, object]:
    if not isinstance(facts, dict):
        raise ContentError(
            f"front matter is a {type(facts).__name__}, not 'key: value' lines; mend it", first
        )
    return string_keys(facts)


# --- An object at the head ------------------------------------------------------------


def _part_json(text: str, start: int) -> Parted:
    first = text.count("\n", 0, start) + 1
    head = text[start : start + FRONT_MATTER_LIMIT + 1]
    try:
        _, end = json.JSONDecoder().raw_decode(head)
    except (ValueError, RecursionError):
        end = len(head)  # loading it says what is wrong with it
    facts, warnings = _load_json(head[:end], first)
    lines = _lines_of(head[:end], first, "json")
    body = text[start + end :]
    return Parted(facts, body, text.count("\n", 0, start + end) + 1, warnings, lines)


# --- Lines at the head, as Pelican has them -------------------------------------------

_HEADER = re.compile(r"([A-Za-z][\w-]{0,39}):(?:[ \t]+(.*))?")
_CONTINUED = re.compile(r"(?: {4,}|\t)(\S.*)")

# One of these must come first, so that prose such as "Note: ..." is not taken for facts.
_FIRST = frozenset((
    "title", "date", "slug", "author", "authors", "category", "tags", "status", "lang",
    "modified", "summary", "subtitle", "template", "url", "save_as", "keywords",
))  # fmt: skip
# One of these alone makes a header: no sentence begins so and ends with its line.
_ALONE = frozenset(("title", "slug", "save_as"))
_LISTED = frozenset(("tags", "authors", "keywords"))


def _part_lines(text: str) -> Parted | None:
    """Part a file that begins with lines `Title: Cats`; None where it does not."""
    start = len(text) - len(text.lstrip("\n"))
    first = text[start : start + 60]
    opens = _HEADER.match(first)
    if opens is None or opens[1].lower() not in _FIRST:
        return None
    header = _Header()
    lines = text[start : start + FRONT_MATTER_LIMIT].split("\n")
    for number, line in enumerate(lines, start=start + 1):
        if not header.takes(line, number):
            break
    if not header.is_one():
        return None
    length = sum(len(line) + 1 for line in lines[: header.count])
    body = text[start + length :]
    return Parted(header.facts, body, start + header.count + 1, header.warnings, header.lines)


@dataclass
class _Header:
    """The facts of a header so far, their lines, and how many lines it has."""

    facts: dict[str, object] = field(default_factory=dict)
    lines: dict[str, int] = field(default_factory=dict)
    warnings: Warnings = ()
    count: int = 0
    last: str = ""

    def takes(self, line: str, number: int) -> bool:
        """Take a line; return False at the first that is none of the header."""
        if self.last and (more := _CONTINUED.fullmatch(line)):
            self.facts[self.last] = f"{self.facts[self.last]} {more[1].strip()}".strip()
        elif stated := _HEADER.fullmatch(line):
            self._state(stated[1].lower(), (stated[2] or "").strip(), number)
        else:
            return False
        self.count += 1
        return True

    def _state(self, key: str, value: str, number: int) -> None:
        before = self.facts.get(key)
        if before and key in _LISTED:
            value = f"{before}, {value}"
        elif before:
            self.warnings = (*self.warnings, (number, stands_twice(key)))
        self.facts[key], self.last = value, key
        self.lines[key] = number

    def is_one(self) -> bool:
        """Tell whether the lines are a header, and not prose that has colons."""
        known = [key for key in self.facts if key in _FIRST]
        dated = parse_date(self.facts.get("date")) is not None
        return len(known) > 1 or dated or any(key in _ALONE for key in known)
