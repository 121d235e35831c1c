"""Finds what in content/ wants mending, without building an index.

content --gather--> Gathered --CHECKS--> problems, each with what to do
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from searchapp.build import Gathered, gather
from searchapp.errors import Finding
from searchapp.sources import Cache, Tell


@dataclass(frozen=True, slots=True)
class Problem:
    """A thing to mend, by the names that `check --json` has.

    `path` is relative to the content folder; `line` is None where unknown. `kind` names the
    check that found it: a noun for what came of the entry, or for what is wrong.
    """

    path: str
    line: int | None
    kind: str
    reason: str
    remedy: str

    @property
    def finding(self) -> Finding:
        """The finding as a build tells it, its remedy behind it."""
        reason = f"{self.reason}; {self.remedy}" if self.remedy else self.reason
        return Finding(self.path, self.line, reason)


Check = Callable[[Gathered], Iterator[Problem]]


def check(
    content: Path, index: Path, progress: Tell = lambda done, files: None
) -> tuple[Gathered, list[Problem]]:
    """Read all of `content` and return it with what wants mending, in the order of CHECKS.

    Nothing is written. What the last build read, and kept in `index`, is not read again;
    `progress` is told how many files are read, of how many.
    Raises ConfigurationError for a `.toml` file that cannot be used.
    """
    gathered = gather(content, Cache(index / "cache", writes=False), progress)
    return gathered, [problem for find in CHECKS.values() for problem in find(gathered)]


def _skipped(gathered: Gathered) -> Iterator[Problem]:
    for reading in gathered.readings:
        yield from (_problem(finding, "skipped") for finding in reading.skipped)


def _held_back(gathered: Gathered) -> Iterator[Problem]:
    for reading in gathered.readings:
        yield from (_problem(finding, "held-back") for finding in reading.held_back)


def _conflicts(gathered: Gathered) -> Iterator[Problem]:
    documents = {d.id: d for work in gathered.works for d in work.documents}
    for conflict in gathered.joined.conflicts:
        first = documents[conflict.documents[0]]
        yield _problem(Finding(first.path, first.line, conflict.reason), "conflict")


def _warnings(gathered: Gathered) -> Iterator[Problem]:
    yield from (_problem(finding, "warning") for finding in gathered.warnings)


def _repaired(gathered: Gathered) -> Iterator[Problem]:
    for reading in gathered.readings:
        yield from (_problem(finding, "repaired") for finding in reading.repaired)


def _problem(finding: Finding, kind: str) -> Problem:
    """Return a finding with its remedy apart."""
    reason, remedy = finding.parts
    return Problem(finding.path, finding.line, kind, reason, remedy)


# What is asked of content, the gravest first.
CHECKS: dict[str, Check] = {
    "skipped": _skipped,
    "conflict": _conflicts,
    "warning": _warnings,
    "repaired": _repaired,
    "held-back": _held_back,
}
