"""Finds where the members of a JSON array or object stand: each with its line."""

import json
import re
from collections.abc import Iterator

_SPACE = re.compile(r"[\s,:]*")


def skip_space(text: str, start: int) -> int:
    """Return where the next value begins, at or after `start`."""
    space = _SPACE.match(text, start)
    return space.end() if space else start


def members_of(text: str, start: int, line: int) -> Iterator[tuple[object, int, int]]:
    """Yield the values within the bracket at `start`, with their lines and starts.

    Of an object these are its keys and values by turns. `text` must be JSON.
    """
    decoder, counted = json.JSONDecoder(), start
    start = skip_space(text, start + 1)
    while text[start] not in "]}":
        line, counted = line + text.count("\n", counted, start), start
        value, end = decoder.raw_decode(text, start)
        yield value, line, start
        start = skip_space(text, end)


def pairs_of(text: str, start: int, line: int) -> Iterator[tuple[str, object, int, int]]:
    """Yield the keys and values of the object at `start`, with the value's line and start."""
    members = members_of(text, start, line)
    for (name, _, _), (value, at, begins) in zip(members, members, strict=True):
        yield str(name), value, at, begins
