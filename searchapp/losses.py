"""Refuses to publish a build that lost much of what is served: a disk not there, a moved folder.

An owner who builds by the clock finds out by an empty page else, and by then three builds may
have removed the last generation that had everything.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path

from searchapp.engine.generations import read_published
from searchapp.errors import SearchappError

SHARE = 5  # more than a fifth of the documents
LEAST = 20  # and at least so many: a small blog may be put in order


def refuse_losses(index: Path, documents: int, sources: Sequence[Mapping[str, int | str]]) -> None:
    """Raise SearchappError where so few `documents` would take the place of what is served.

    `sources` are those of the report; the one that gives so much less than before is named.
    """
    counts, report = read_published(index)
    before = counts.get("documents", 0)
    lost = before - documents
    if lost < LEAST or lost * SHARE <= before:
        return
    raise SearchappError(
        f"{index}: {documents} documents would be published where {before} are served"
        f"{_name_the_worst(report, sources)}; nothing is published; see where the others are, "
        "or publish with --force"
    )


def _name_the_worst(
    report: Mapping[str, object], sources: Sequence[Mapping[str, int | str]]
) -> str:
    now = {source["name"]: int(source["documents"]) for source in sources}
    told = report.get("sources")
    known = [s for s in told if isinstance(s, dict)] if isinstance(told, list) else []
    gave = {str(s.get("name")): s.get("documents") for s in known}
    losses = [
        (number - now.get(name, 0), name, number)
        for name, number in gave.items()
        if isinstance(number, int)
    ]
    if not losses or max(losses)[0] <= 0:
        return ""
    _, name, number = max(losses)
    return f" ({name} gave {number}, and now {now.get(name, 0)})"
