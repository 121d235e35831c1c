"""Checks values against the part of JSON Schema that the API's description uses.

A keyword that it does not know fails the test, so no schema is believed unchecked.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

_TYPES = {
    "string": str, "object": dict, "array": list, "boolean": bool, "null": type(None),
    "integer": int, "number": (int, float),
}  # fmt: skip
_NOTES = {"description", "default", "example", "format", "type"}


def find_faults(value: Any, schema: Mapping[str, Any], root: Mapping[str, Any]) -> list[str]:
    """Return what of a value its schema does not allow; references lead into `root`."""
    return list(_check(value, schema, root, "$"))


def _check(
    value: Any, schema: Mapping[str, Any], root: Mapping[str, Any], at: str
) -> Iterator[str]:
    faults = list(_type(value, schema.get("type"), at))
    yield from faults
    for keyword, stated in schema.items() if not faults else ():
        if keyword not in _NOTES:
            yield from _CHECKS[keyword](value, stated, schema, root, at)


def _ref(value, stated, schema, root, at):  # type: ignore[no-untyped-def]
    target = root
    for part in stated.removeprefix("#/").split("/"):
        target = target[part]
    yield from _check(value, target, root, at)


def _type(value: Any, stated: str | list[str] | None, at: str) -> Iterator[str]:
    names = [stated] if isinstance(stated, str) else stated or _TYPES
    fits = any(isinstance(value, _TYPES[name]) for name in names)
    if not fits or (isinstance(value, bool) and "boolean" not in names):
        yield f"{at}: {value!r} is no {names}"


def _properties(value, stated, schema, root, at):  # type: ignore[no-untyped-def]
    for name, inner in stated.items():
        if name in value:
            yield from _check(value[name], inner, root, f"{at}.{name}")


def _required(value, stated, schema, root, at):  # type: ignore[no-untyped-def]
    yield from (f"{at}: lacks {name}" for name in stated if name not in value)


def _additional(value, stated, schema, root, at):  # type: ignore[no-untyped-def]
    assert stated is False
    yield from (f"{at}: has {name}" for name in value if name not in schema["properties"])


def _items(value, stated, schema, root, at):  # type: ignore[no-untyped-def]
    for number, inner in enumerate(value):
        yield from _check(inner, stated, root, f"{at}[{number}]")


def _any_of(value, stated, schema, root, at):  # type: ignore[no-untyped-def]
    if all(list(_check(value, each, root, at)) for each in stated):
        yield f"{at}: {value!r} is none of {stated}"


def _holds(claim):  # type: ignore[no-untyped-def]
    def check(value, stated, schema, root, at):  # type: ignore[no-untyped-def]
        if not claim(value, stated):
            yield f"{at}: {value!r} against {stated!r}"

    return check


_CHECKS = {
    "$ref": _ref, "properties": _properties, "required": _required,
    "additionalProperties": _additional, "items": _items,
    "anyOf": _any_of,
    "enum": _holds(lambda value, stated: value in stated),
    "const": _holds(lambda value, stated: value == stated),
    "pattern": _holds(lambda value, stated: re.search(stated, value)),
    "minimum": _holds(lambda value, stated: value is None or value >= stated),
    "maximum": _holds(lambda value, stated: value is None or value <= stated),
    "minItems": _holds(lambda value, stated: len(value) >= stated),
    "maxItems": _holds(lambda value, stated: len(value) <= stated),
}  # fmt: skip
