"""Packages whose names are imported when they are first asked for.

A build that finds nothing changed renders, joins and indexes nothing, and need not wait for
all that could.
"""

from collections.abc import Callable, Mapping
from importlib import import_module


def names_from(package: str, rooms: Mapping[str, tuple[str, ...]]) -> Callable[[str], object]:
    """Return the `__getattr__` of a package; `rooms` has the names that each module gives."""
    room_of = {name: room for room, names in rooms.items() for name in names}

    def get(name: str) -> object:
        if name in room_of:
            return getattr(import_module(f"{package}.{room_of[name]}"), name)
        raise AttributeError(f"module {package!r} has no attribute {name!r}")

    return get
