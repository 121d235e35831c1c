"""What joining hands over: works, and what the owner should know of how they came about."""

from dataclasses import dataclass

from searchapp.documents import Work


@dataclass(frozen=True, slots=True)
class Conflict:
    """One address under unlike titles: the documents stay apart, and `reason` says why.

    `kind` is "address", or "declared" where one entry declares another's address as its own.
    """

    kind: str
    url: str
    documents: tuple[str, ...]
    reason: str


@dataclass(frozen=True, slots=True)
class NearMiss:
    """Two documents that may be one piece, but not for certain."""

    a: str
    b: str
    score: float
    reason: str


@dataclass(frozen=True, slots=True)
class Joined:
    """Works, contradictions, doubts, and verdicts that name nothing any more."""

    works: tuple[Work, ...]
    conflicts: tuple[Conflict, ...]
    near_misses: tuple[NearMiss, ...]
    stale_verdicts: tuple[str, ...]
