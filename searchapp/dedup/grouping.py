"""Pairs to groups: union in order of evidence, refused where a veto stands between members."""

from collections.abc import Iterable, Sequence

from searchapp.documents import Document


class Groups:
    """Documents by index, each in one group; two groups that a veto parts never become one.

    So a third document cannot chain together two that are known to be different.
    """

    def __init__(self, documents: Sequence[Document], apart: Iterable[tuple[int, int]]) -> None:
        self._home = list(range(len(documents)))
        self._members = [[i] for i in self._home]
        self._enemies: dict[int, set[int]] = {}
        for i, j in apart:
            self._enemies.setdefault(i, set()).add(j)
            self._enemies.setdefault(j, set()).add(i)

    def unite(self, i: int, j: int) -> bool:
        """Unite the groups of two documents; return False where a veto forbids it."""
        a, b = self._home[i], self._home[j]
        if a == b:
            return True
        if self._parted(a, b):
            return False
        if len(self._members[a]) < len(self._members[b]):
            a, b = b, a
        for member in self._members[b]:
            self._home[member] = a
        self._members[a] += self._members[b]
        self._members[b] = []
        return True

    def together(self, i: int, j: int) -> bool:
        """Whether two documents are in one group."""
        return self._home[i] == self._home[j]

    def all(self) -> list[list[int]]:
        """Return the groups, each with its documents' indexes in order."""
        return [sorted(members) for members in self._members if members]

    def _parted(self, a: int, b: int) -> bool:
        small, large = sorted((a, b), key=lambda g: len(self._members[g]))
        return any(
            self._home[enemy] == large
            for member in self._members[small]
            for enemy in self._enemies.get(member, ())
        )
