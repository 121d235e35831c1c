"""What reading and joining told, which a build tells too: here each with its remedy apart."""

import datetime as dt
import re
from collections.abc import Iterator
from pathlib import Path

from searchapp.build import Gathered
from searchapp.checks.model import Problem
from searchapp.errors import Finding

# As `sources/holding.py` says it of a post whose day is yet to come.
_COMING = re.compile(r"^\w+ is (\d{4,}-\d\d-\d\d), yet to come")
NOTHING = "leave it as it is"  # of what is told only so that every entry is accounted for
SCHEDULED = 366  # days: who plans a post further ahead has more likely mistyped the year


def skipped(gathered: Gathered, content: Path) -> Iterator[Problem]:
    """Yield what could not be read."""
    for reading in gathered.readings:
        yield from (problem_of(finding, "skipped") for finding in reading.skipped)


def held_back(gathered: Gathered, content: Path) -> Iterator[Problem]:
    """Yield what is not shown, but for what only waits for its day."""
    for reading in gathered.readings:
        for finding in reading.held_back:
            if not _COMING.match(finding.reason):
                yield problem_of(finding, "held-back")


def future_dates(gathered: Gathered, content: Path) -> Iterator[Problem]:
    """Yield what waits for its day; a day beyond a year is doubted."""
    today = gathered.configuration.today or dt.date.max
    for reading in gathered.readings:
        for finding in reading.held_back:
            if coming := _COMING.match(finding.reason):
                problem = problem_of(finding, "future-date")
                far = dt.date.fromisoformat(coming[1]) - today > dt.timedelta(SCHEDULED)
                remedy = f"correct the date, if it is not meant: {problem.remedy}"
                yield Problem(
                    problem.path, problem.line, problem.kind, problem.reason,
                    remedy if far else problem.remedy,
                )  # fmt: skip


def conflicts(gathered: Gathered, content: Path) -> Iterator[Problem]:
    """Yield each address that is stated for unlike pieces."""
    documents = {d.id: d for work in gathered.works for d in work.documents}
    for conflict in gathered.joined.conflicts:
        first = documents[conflict.documents[0]]
        yield problem_of(Finding(first.path, first.line, conflict.reason), "conflict")


def warnings(gathered: Gathered, content: Path) -> Iterator[Problem]:
    """Yield what was read, and is doubtful."""
    yield from (problem_of(finding, "warning") for finding in gathered.warnings)


def repaired(gathered: Gathered, content: Path) -> Iterator[Problem]:
    """Yield what had broken characters."""
    for reading in gathered.readings:
        yield from (problem_of(finding, "repaired") for finding in reading.repaired)


def problem_of(finding: Finding, kind: str) -> Problem:
    """Return a finding with its remedy apart."""
    reason, remedy = finding.parts
    return Problem(finding.path, finding.line, kind, reason, remedy or NOTHING)
