"""Refuses to publish a build that lost much of what is served: a disk not there, a wrong kind.

An owner who builds by the clock finds out by an empty page else, and by then three builds may
have removed the last generation that had everything.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path

from searchapp.engine.generations import read_published
from searchapp.errors import SearchappError

SHARE = 5  # more than a fifth of the documents
LEAST = 20  # and at least so many: a small blog may be put in order


def refuse_losses(
    index: Path,
    documents: int,
    sources: Sequence[Mapping[str, int | str]],
    unread: Mapping[str, str],
) -> None:
    """Raise SearchappError where so few `documents` would take the place of what is served.

    However few there were, a source that gave some is a loss, too, where its files are there and
    none of them is read any more. `sources` are those of the report; `unread` has what is told of
    each whose files are there, and which gave nothing. What was removed or held back, or is told as
    skipped, is what its owner knows of.
    """
    counts, report = read_published(index)
    before = counts.get("documents", 0)
    lost = before - documents
    if lost >= LEAST and lost * SHARE > before:
        raise _refusal(index, documents, before, _name_the_worst(report, sources))
    held = {str(source["name"]) for source in sources if source["held_back"]}
    for name, why in unread.items():
        if (gave := _gave(report).get(name, 0)) and name not in held:
            raise _emptied(index, name, gave, why)
    if before and not documents and unread.keys() - held:
        raise _refusal(index, documents, before, "")


def _refusal(index: Path, documents: int, before: int, worst: str) -> SearchappError:
    return SearchappError(
        f"{index}: {documents} documents would be published where {before} are served"
        f"{worst}; nothing is published; see where the others are, or publish with --force"
    )


def _emptied(index: Path, name: str, gave: int, why: str) -> SearchappError:
    were = "document" if gave == 1 else "documents"
    return SearchappError(
        f"{index}: the source '{name}' gave {gave} {were}, and now none ({why}); nothing is "
        "published; mend the source, or publish with --force"
    )


def _gave(report: Mapping[str, object]) -> dict[str, int]:
    """Return how many documents each source gave to what is served."""
    told = report.get("sources")
    known = [s for s in told if isinstance(s, dict)] if isinstance(told, list) else []
    gave = {str(s.get("name")): s.get("documents") for s in known}
    return {name: number for name, number in gave.items() if isinstance(number, int)}


def _name_the_worst(
    report: Mapping[str, object], sources: Sequence[Mapping[str, int | str]]
) -> str:
    now = {source["name"]: int(source["documents"]) for source in sources}
    losses = [(n - now.get(name, 0), name, n) for name, n in _gave(report).items()]
    if not losses or max(losses)[0] <= 0:
        return ""
    _, name, number = max(losses)
    return f" ({name} gave {number}, and now {now.get(name, 0)})"
