"""How the index that answers is: what a watcher asks, beside what visitors ask.

Its counts stand in the manifest; what was skipped is read when it is first asked for.
"""

import json
from dataclasses import dataclass
from pathlib import Path

from searchapp.engine.generations import Generation, current_name, verify
from searchapp.errors import IndexUnusableError


@dataclass(frozen=True, slots=True)
class Vitals:
    """What is told of the index that answers.

    `refused` says why it is not the newest one, or is no longer safe on disk; None if all is well.
    """

    generation: int
    built: str
    documents: int
    works: int
    skipped: int | None
    refused: str | None


def count_skipped(generation: Generation) -> int | None:
    """Return how many entries the build of a generation skipped, None where its report is gone."""
    try:
        report = json.loads((generation.path / "report.json").read_text(encoding="utf-8"))
        return len(report["skipped"])
    except (OSError, ValueError, KeyError, TypeError):
        return None


def why_refused(index: Path, served: Generation) -> str | None:
    """Return why `served` answers and not what CURRENT names; None where it is that one."""
    name = current_name(index)
    if name is None:
        return f"{index / 'CURRENT'}: it is gone; run `searchapp build`"
    if name == served.path.name:
        return None
    try:
        verify(index / name)
    except IndexUnusableError as error:
        return str(error)
    return None


def is_whole(generation: Generation) -> bool:
    """Whether the files of an opened generation still are what its manifest says."""
    try:
        verify(generation.path)
    except IndexUnusableError:
        return False
    return True
