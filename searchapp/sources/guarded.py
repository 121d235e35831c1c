"""Loads YAML and JSON from strangers: what could kill or hang the process is refused first.

The order matters. A scan of the characters bounds size and nesting, since libyaml's
composer dies of 30,000 brackets and no `except` catches that; then the stream of events is
walked for anchors, aliases and merges (a bomb of them loads at once and hangs later); only
then is anything composed.
"""

import json
import re
import tomllib
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

import yaml

from searchapp.errors import ContentError
from searchapp.toml import explain

MAX_DEPTH = 50
FRONT_MATTER_LIMIT = 64 * 2**10

_BRACKET = re.compile(r"[\[\]{}]")
_COMPACT = re.compile(r"^[ \t]*(?:[-?:][ \t]+){50}", re.MULTILINE)

_BASE: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class PlainLoader(_BASE):  # type: ignore[misc]  # the C loader exists only where libyaml does
    """YAML as owners mean it: dates, versions and `no` are text, and read as written.

    Only null, true, false and whole numbers have a type of their own; an impossible date
    then costs a post its date, not its whole front matter.
    """

    yaml_implicit_resolvers: ClassVar[dict[str, Any]] = {}


for _tag, _pattern, _starts in (
    ("null", r"~|null|Null|NULL|", "~nN"),
    ("bool", r"true|True|TRUE|false|False|FALSE", "tTfF"),
    ("int", r"-?(?:0|[1-9][0-9]{0,17})", "-0123456789"),
):
    PlainLoader.add_implicit_resolver(
        f"tag:yaml.org,2002:{_tag}",
        re.compile(rf"^(?:{_pattern})$"),
        [*_starts, ""] if _tag == "null" else list(_starts),
    )


@dataclass(frozen=True, slots=True)
class Repeated:
    """A key that stands twice in one mapping; YAML lets the last one count."""

    key: str
    line: int


def check_yaml(text: str, limit: int, first_line: int = 1) -> list[Repeated]:
    """Refuse YAML that could harm; return the keys that are repeated.

    `first_line` is the line of the file at which `text` begins.
    """
    if len(text) > limit:
        raise ContentError(
            f"YAML has {len(text):,} characters, and {limit:,} are read; make it shorter",
            first_line,
        )
    _check_brackets(text, first_line)
    try:
        return list(_walk(text, first_line))
    except yaml.YAMLError as error:
        raise yaml_error(error, first_line) from None


def _check_brackets(text: str, first_line: int) -> None:
    depth = 0
    for bracket in _BRACKET.finditer(text):
        depth = depth + 1 if bracket[0] in "[{" else max(0, depth - 1)
        if depth > 2 * MAX_DEPTH:
            raise _too_deep(first_line + text.count("\n", 0, bracket.start()))
    if compact := _COMPACT.search(text):
        raise _too_deep(first_line + text.count("\n", 0, compact.start()))


def _too_deep(line: int) -> ContentError:
    return ContentError(f"YAML is nested more than {MAX_DEPTH} deep; make it flat", line)


@dataclass
class _Level:
    """A mapping or sequence that is open: its keys so far, and whether a key comes next."""

    mapping: bool
    keys: set[str]
    key_next: bool = True


def _walk(text: str, first_line: int) -> Iterator[Repeated]:
    levels: list[_Level] = []
    for event in yaml.parse(text, Loader=PlainLoader):
        line = first_line + (event.start_mark.line if event.start_mark else 0)
        if anchor := getattr(event, "anchor", None):  # an alias has one too
            raise ContentError(
                f"YAML anchor or alias '{anchor}' is not read; write the value out", line
            )
        if isinstance(event, yaml.CollectionEndEvent):
            levels.pop()
        elif isinstance(event, yaml.NodeEvent):
            if repeated := _note_node(levels, event, line):
                yield repeated
            if isinstance(event, yaml.CollectionStartEvent):
                levels.append(_Level(isinstance(event, yaml.MappingStartEvent), set()))
                if len(levels) > MAX_DEPTH:
                    raise _too_deep(line)


def _note_node(levels: list[_Level], event: yaml.Event, line: int) -> Repeated | None:
    """Note a node in the mapping that it stands in; return it where it is a repeated key."""
    if not levels or not levels[-1].mapping:
        return None
    level = levels[-1]
    is_key, level.key_next = level.key_next, not level.key_next
    if not is_key or not isinstance(event, yaml.ScalarEvent):
        return None
    if event.value == "<<" and event.implicit[0]:
        raise ContentError("YAML merge '<<' is not read; write the keys out", line)
    if event.value in level.keys:
        return Repeated(event.value, line)
    level.keys.add(event.value)
    return None


def yaml_error(error: Exception, first_line: int = 1) -> ContentError:
    """Return what an owner can do about YAML that does not parse, with its line."""
    mark = getattr(error, "problem_mark", None)
    line = first_line + mark.line if mark else first_line
    problem = getattr(error, "problem", None) or str(error).split("\n", 1)[0]
    return ContentError(f"YAML cannot be read ({problem}); mend it, or put quotes around it", line)


def compose_yaml(text: str, limit: int) -> tuple[Any, yaml.Node | None, list[Repeated]]:
    """Return a loader and the tree of nodes of one YAML document, each with its line."""
    repeated = check_yaml(text, limit)
    loader = PlainLoader(text)
    try:
        return loader, loader.get_single_node(), repeated
    except yaml.YAMLError as error:
        raise yaml_error(error) from None


def construct(loader: Any, node: yaml.Node) -> object:
    """Return the value of one node; a bad one is refused without harm to the others."""
    try:
        return loader.construct_document(node)
    except (yaml.YAMLError, ValueError, TypeError) as error:
        raise yaml_error(error, node.start_mark.line + 1) from None


def stands_twice(key: str) -> str:
    """Return what is told of a key that stands twice in one mapping."""
    return f"{key} stands twice, and the last one counts; take one out"


def repeated_keys(text: str, start: int = 0) -> list[str]:
    """Return the keys that stand twice in one object of the value in JSON at `start`."""
    repeated: list[str] = []

    def note(pairs: list[tuple[str, object]]) -> dict[str, object]:
        made = dict(pairs)
        if len(made) < len(pairs):
            times = Counter(key for key, _ in pairs)
            repeated.extend(key for key in made if times[key] > 1)
        return made

    json.JSONDecoder(object_pairs_hook=note).raw_decode(text, start)
    return repeated


def load_json(text: str, line: int = 1) -> object:
    """Return the value that `text` states in JSON; `line` is where it begins."""
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        raise ContentError(
            f"is not JSON ({error.msg}, column {error.colno}); mend it", line + error.lineno - 1
        ) from None
    except RecursionError:
        reason = "JSON cannot be read (it is nested too deep); make it flat"
        raise ContentError(reason, line) from None
    except ValueError:  # Python refuses numbers of thousands of digits
        reason = "JSON cannot be read (a number has too many digits); put quotes around it"
        raise ContentError(reason, line) from None


# A key a.a.a.a... of 30,000 parts takes tomllib 50 seconds.
_DOTTED = re.compile(rf"(?<![\w\"'-])(?:[\w\"'-]++[ \t]*+\.[ \t]*+){{{MAX_DEPTH}}}")


def load_toml(text: str, line: int = 1, limit: int = FRONT_MATTER_LIMIT) -> dict[str, object]:
    """Return what `text` states in TOML; `line` is where it begins."""
    if len(text) > limit:
        raise ContentError(
            f"TOML has {len(text):,} characters, and {limit:,} are read; make it shorter", line
        )
    if dotted := _DOTTED.search(text):
        at = line + text.count("\n", 0, dotted.start())
        raise ContentError(f"TOML is nested more than {MAX_DEPTH} deep; make it flat", at)
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        at, problem, remedy = explain(text, error)
        raise ContentError(f"TOML cannot be read ({problem}); {remedy}", line + at - 1) from None
    except (RecursionError, ValueError) as error:
        raise ContentError(f"TOML cannot be read ({error}); mend it", line) from None


def string_keys(mapping: Mapping[object, object]) -> dict[str, object]:
    """Return the entries whose keys are words; numbers are written out."""
    return {str(key): value for key, value in mapping.items() if isinstance(key, (str, int))}
