"""What a data file holds, before it is known what its groups mean: values, each with its line.

- title: ...        MoE:               - year: 2024         articles:
  url: ...            - title: ...       items:               - title: ...
                    PPO: []                - title: ...
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from searchapp.errors import ContentError
from searchapp.sources.model import Remark

# Keys that only say "here are the entries", and name no group.
MEMBERS = frozenset((
    "items", "item", "entries", "entry", "articles", "article", "posts", "post", "links", "link",
    "publications", "papers", "paper", "talks", "talk", "list", "writing", "all",
))  # fmt: skip
_NAMES_OF_GROUPS = ("year", "publication", "tag", "topic", "name")


@dataclass(frozen=True, slots=True)
class Part:
    """A value of the file with its line; a bad one carries the error, or the remark, instead.

    `group` is the key that its group stands under, and the group's name.
    """

    value: object
    line: int | None
    group: tuple[str, str] | None = None
    error: ContentError | None = None
    remark: Remark | None = None
    warnings: tuple[tuple[int | None, str], ...] = ()


def group_of(name: str) -> tuple[str, str] | None:
    """Return the group that a key of the file names, None where it only says "entries"."""
    return None if name.lower() in MEMBERS else ("group", name)


def find_group(pairs: Mapping[str, Any]) -> tuple[str, str] | None:
    """Return the keys of a group's name and of its members, where a mapping is a group."""
    if "title" in pairs:
        return None
    name = next((key for key in _NAMES_OF_GROUPS if key in pairs), None)
    members = next((key for key in pairs if key in MEMBERS), None)
    return (name, members) if name and members else None


def not_a_group(name: str, line: int | None) -> Part:
    """Return the part that a value gives which should have been a list of entries."""
    reason = f"group '{name}' is not a list; write its entries as '- title: ...'"
    return Part(None, line, error=ContentError(reason, line))
