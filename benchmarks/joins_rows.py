"""A row of the table that `make joins` prints, and the pairs that rows count."""

import itertools
import operator
from collections.abc import Callable
from dataclasses import dataclass

from searchapp.dedup import Joined

Pair = tuple[str, str]

_COMPARED: dict[str, Callable[[float, float], bool]] = {
    ">=": operator.ge, "<=": operator.le, "=": operator.eq,
}  # fmt: skip


@dataclass(frozen=True)
class Row:
    """What was measured where, and the figure to reach, if there is one."""

    where: str
    what: str
    value: float
    sign: str = ""
    figure: float = 0.0

    @property
    def met(self) -> bool | None:
        """Whether the figure is reached, None where there is none."""
        return _COMPARED[self.sign](self.value, self.figure) if self.sign else None


def draw(row: Row) -> str:
    """Return a row as a line."""
    verdict = {True: "met", False: "NOT MET", None: ""}[row.met]
    aim = f"{row.sign} {_number(row.figure)}" if row.sign else ""
    return f"{row.where:24} {_number(row.value):>9}  {aim:10} {verdict:8} {row.what}"


def _number(value: float) -> str:
    return f"{value:,}" if isinstance(value, int) else f"{value:.4f}"


def pairs_joined(joined: Joined) -> set[Pair]:
    """Return all pairs of documents that stand in one work."""
    return {
        pair
        for work in joined.works
        for pair in itertools.combinations(sorted(d.id for d in work.documents), 2)
    }


def pairs_near(joined: Joined) -> set[Pair]:
    """Return the pairs of documents that the owner is asked about.

    A question about one document of a work is one about all of them.
    """
    work_of = {d.id: work for work in joined.works for d in work.documents}
    return {
        (min(a.id, b.id), max(a.id, b.id))
        for miss in joined.near_misses
        for a in work_of[miss.a].documents
        for b in work_of[miss.b].documents
    }
