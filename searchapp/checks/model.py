"""What a check finds: a problem, with where it stands and what to do."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from searchapp.build import Gathered
from searchapp.errors import Finding


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


# Looks through what was gathered from the content folder that lies at the path.
Check = Callable[[Gathered, Path], Iterator[Problem]]
