"""What joining hands over: works, and what the owner should know of how they came about."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from searchapp.documents import Work

if TYPE_CHECKING:
    from searchapp.dedup.ties import Ties


@dataclass(frozen=True, slots=True)
class Conflict:
    """One address under unlike titles: the documents stay apart, and `reason` says why.

    `kind` is "address", or "declared" where one entry declares another's address as its own.
    `shares` are, beside `documents`, which share of a title's words stands in the address;
    `owner` is the document whose address it probably is, None where nothing tells.
    """

    kind: str
    url: str
    documents: tuple[str, ...]
    reason: str
    shares: tuple[float, ...] = ()
    owner: str | None = None


@dataclass(frozen=True, slots=True)
class NearMiss:
    """Two documents that may be one piece, but not for certain."""

    a: str
    b: str
    score: float
    reason: str


@dataclass(frozen=True, slots=True)
class Likeness:
    """How alike two texts are, by the runs of five words that they share.

    `jaccard` is the share of all runs that both have, `containment` that of the shorter
    text's; `runs` is how many the shorter one has: of a handful, nothing follows.
    """

    a: str
    b: str
    jaccard: float
    containment: float
    runs: int


@dataclass(frozen=True, slots=True)
class Joined:
    """Works, contradictions, doubts, and verdicts that name nothing any more.

    `likenesses` are pairs of documents of different works whose texts are near: a talk given
    again, a revision, an annual report with last year's words. `ties` tell of which document's
    text all of this depends.
    """

    works: tuple[Work, ...]
    conflicts: tuple[Conflict, ...]
    near_misses: tuple[NearMiss, ...]
    stale_verdicts: tuple[str, ...]
    likenesses: tuple[Likeness, ...] = ()
    ties: "Ties" = field(kw_only=True, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class RuleFinding:
    """What one rule says of two documents, in words, and how sure it is (0 to 1).

    A rule that has nothing to say of them scores 0; one that speaks against them, below 0.
    """

    rule: str
    finding: str
    score: float


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why two documents are, or are not, one work: every rule's finding, in order."""

    a: str
    b: str
    same: bool
    findings: tuple[RuleFinding, ...]
