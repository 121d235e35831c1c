"""Writes a group of names into a list of a `.toml` file; every other byte stays as it is.

    same = [["A", "B"]]  +  C, D  ->  same = [["A", "B"], ["C", "D"]]

The list is found by reading the text as TOML has it, strings and comments among it: what stands
in them is no bracket. What comes out is read again before it counts.
"""

import json
import re
import tomllib
from collections.abc import Iterator, Sequence
from typing import Any

from searchapp.errors import SearchappError

_TOKEN = re.compile(
    r"(?P<comment>#[^\n]*)"
    r"|(?P<string>\"\"\"(?:\\.|[^\\])*?\"{3,5}|'''.*?'{3,5}|\"(?:\\.|[^\"\\\n])*\"|'[^'\n]*')"
    r"|(?P<open>[\[{])|(?P<close>[\]}])|(?P<comma>,)|(?P<bare>[A-Za-z0-9_-]+)|(?P<end>\n)"
    r"|(?P<equals>=)",
    re.DOTALL,
)
_UNSAFE = "has a form that cannot be edited safely; add {} by hand"


def add_group(text: str, key: str, names: Sequence[str], file: str) -> str:
    """Return the text with one more group in the list `key`, which is made where it is missing.

    Raises SearchappError where the file is written in a way that this cannot be told to keep.
    """
    group = f"[{', '.join(map(_quote, names))}]"
    refusal = SearchappError(f"{file} {_UNSAFE.format(f'{key} = [{group}]')}")
    try:
        before = tomllib.loads(text.removeprefix("\ufeff"))
        known = before.get(key, [])
        after = _insert(text, key, group) if key in before else _begin(text, key, group)
        meant: dict[str, Any] = before | {key: [*known, list(names)]}
        if tomllib.loads(after.removeprefix("\ufeff")) != meant:
            raise refusal
    except (tomllib.TOMLDecodeError, TypeError, LookupError) as error:
        raise refusal from error
    return after


def _quote(name: str) -> str:
    """Return a name as a TOML string; JSON's escapes are TOML's, but for one character."""
    return json.dumps(name, ensure_ascii=False).replace("\x7f", "\\u007f")


def _insert(text: str, key: str, group: str) -> str:
    """Put a group behind the last one of a list, in the list's own manner."""
    opened, last, comma, closed = _find_list(text, key)
    end = "\r\n" if "\r\n" in text else "\n"
    if last is None:  # nothing but perhaps comments
        if "\n" not in text[opened:closed]:
            return f"{text[:opened]}{group}{text[closed:]}"
        line = text.rfind("\n", opened, closed) + 1
        return f"{text[:line]}  {group},{end}{text[line:]}"
    if "\n" not in text[last:closed]:  # closed on the line of the last group
        rest = text[comma if comma is not None else last : closed]
        separator = "" if comma is not None else ","
        at = comma if comma is not None else last
        return f"{text[:at]}{separator} {group}{rest.rstrip(' ')}{text[closed:]}"
    begins = text.rfind("\n", 0, _begin_of_group(text, last)) + 1
    indent = re.match(r"[ \t]*", text[begins:])
    space = indent[0] if indent and begins > opened else "  "
    line = text.index("\n", last) + 1
    parted = text[:last] + ("" if comma is not None else ",") + text[last:line]
    return f"{parted}{space}{group},{end}{text[line:]}"


def _begin(text: str, key: str, group: str) -> str:
    """Begin a list: before the first table, as what follows one belongs to it."""
    end = "\r\n" if "\r\n" in text else "\n"
    lines = f"{key} = [{end}  {group},{end}]{end}"
    at = _find_table(text)
    if at is None:
        gap = "" if not text or text.endswith("\n") else end
        return f"{text}{gap}{lines}"
    at = max(at, len(text) - len(text.removeprefix("\ufeff")))
    return f"{text[:at]}{lines}{end}{text[at:]}"


def _find_table(text: str) -> int | None:
    """Return where the first table begins, with the comments right above it; None without one.

    A line of a list may begin with a bracket too: only one that stands in nothing opens a table.
    """
    depth = 0
    above: int | None = None
    for kind, start, _ in _tokens(text):
        line = text.rfind("\n", 0, start) + 1
        is_first = not text[line:start].strip(" \t\r\ufeff")
        if depth == 0 and is_first and kind == "open":
            return line if above is None else above
        if depth == 0 and is_first and kind == "comment":
            above = line if above is None else above
        elif is_first or kind != "end":  # the end of a line parts nothing, an empty line does
            above = None
        depth += (kind == "open") - (kind == "close")
    return None


def _tokens(text: str) -> Iterator[tuple[str, int, int]]:
    for found in _TOKEN.finditer(text):
        yield str(found.lastgroup), found.start(), found.end()


def _find_list(text: str, key: str) -> tuple[int, int | None, int | None, int]:
    """Return where a list at the top begins, its last group and the comma behind it end, and it.

    Raises LookupError where there is none of that form.
    """
    depth, named, opened = 0, False, None
    last: int | None = None
    comma: int | None = None
    for kind, start, end in _tokens(text):
        if opened is None:
            if depth == 0 and kind in ("bare", "string"):
                named = text[start:end].strip("\"'") == key
            elif depth == 0 and kind == "open" and named:
                opened = end
            elif kind not in ("equals", "comment"):
                named = False
        elif kind == "close" and depth == 1:
            return opened, last, comma, start
        elif kind == "close" and depth == 2:
            last, comma = end, None
        elif kind == "comma" and depth == 1:
            comma = end
        depth += (kind == "open") - (kind == "close")
    raise LookupError(key)


def _begin_of_group(text: str, end: int) -> int:
    """Return where the group begins that ends there."""
    opened: list[int] = []
    for kind, start, stop in _tokens(text):
        if kind == "open":
            opened.append(start)
        elif kind == "close":
            begun = opened.pop()
            if stop == end:
                return begun
    raise LookupError(end)
