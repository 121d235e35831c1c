"""Pairs to groups: union in order of evidence, refused where a verdict stands between members."""

from collections.abc import Mapping

Sides = Mapping[int, Mapping[int, int]]


class Groups:
    """Documents by index, each in one group; two groups that a verdict parts never become one.

    So a third document cannot chain together two that are known to be different. `sides`
    gives, for a document that verdicts of difference name, the side on which it stands in
    each of them: kept as sides, not as pairs, since an address may name thousands.
    """

    def __init__(self, count: int, sides: Sides) -> None:
        self._home = list(range(count))
        self._members = [[i] for i in self._home]
        self._sides = {i: dict(stands) for i, stands in sides.items()}

    def unite(self, i: int, j: int) -> bool:
        """Unite the groups of two documents; return False where a verdict forbids it."""
        if self.together(i, j):
            return True
        if self.parted_by(i, j) is not None:
            return False
        a, b = self._home[i], self._home[j]
        if len(self._members[a]) < len(self._members[b]):
            a, b = b, a
        for member in self._members[b]:
            self._home[member] = a
        self._members[a] += self._members[b]
        self._members[b] = []
        if moved := self._sides.pop(b, None):
            self._sides[a] = self._sides.get(a, {}) | moved
        return True

    def together(self, i: int, j: int) -> bool:
        """Whether two documents are in one group."""
        return self._home[i] == self._home[j]

    def group_of(self, i: int) -> int:
        """Return the number of a document's group, which lasts until the next union."""
        return self._home[i]

    def parted_by(self, i: int, j: int) -> int | None:
        """Return the number of a verdict that keeps two documents' groups apart, or None."""
        one = self._sides.get(self._home[i], {})
        other = self._sides.get(self._home[j], {})
        few, many = sorted((one, other), key=len)
        return next((v for v, side in few.items() if many.get(v, side) != side), None)

    def is_open(self, i: int, j: int) -> bool:
        """Whether nothing has decided yet if two documents are one piece."""
        return not self.together(i, j) and self.parted_by(i, j) is None

    def all(self) -> list[list[int]]:
        """Return the groups, each with its documents' indexes in order."""
        return [sorted(members) for members in self._members if members]
