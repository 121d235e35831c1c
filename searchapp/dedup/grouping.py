"""Pairs to groups: union in order of evidence, refused where something parts two members."""

from collections.abc import Mapping

Place = tuple[str, str]  # a site, or a host
Sides = Mapping[int, Mapping[int, int]]

_SEVERAL = ""  # pieces of one site in one group, brought together by an address or a verdict


class Groups:
    """Documents by index, each in one group; two groups that are parted never become one.

    So a third document cannot chain together two that are known to be different. `sides`
    gives, for a document that verdicts of difference name, the side on which it stands in
    each of them: kept as sides, not as pairs, since an address may name thousands. A
    conflict parts in the same way. And no title brings two posts of one site together.
    """

    def __init__(self, count: int, sides: Sides) -> None:
        self._home = list(range(count))
        self._members = [[i] for i in self._home]
        self._sides = {i: dict(stands) for i, stands in sides.items()}
        self._conflicts: dict[int, dict[int, int]] = {}
        self._posts: dict[int, dict[Place, str]] = {}
        self._told = 0

    def is_post(self, i: int, site: Place, identity: str) -> None:
        """Note that a document is a post of a site, of which each identity is a piece."""
        posts = self._posts.setdefault(self._home[i], {})
        posts[site] = identity if posts.get(site, identity) == identity else _SEVERAL

    def part(self, sides: Mapping[int, int]) -> None:
        """Keep documents of different sides apart from now on, as a conflict does.

        Those that stronger evidence has united already stand on one side.
        """
        stands: dict[int, int] = {}
        for i, side in sides.items():
            stands.setdefault(self._home[i], side)
        for home, side in stands.items():
            self._conflicts.setdefault(home, {})[self._told] = side
        self._told += 1

    def unite(self, i: int, j: int, *, by_title: bool = False) -> bool:
        """Unite the groups of two documents; return False where something forbids it."""
        if self.together(i, j):
            return True
        a, b = self._home[i], self._home[j]
        if self.parted_by(i, j) is not None or _find_difference(self._conflicts, a, b) is not None:
            return False
        if by_title and self._are_two_posts(a, b):
            return False
        if len(self._members[a]) < len(self._members[b]):
            a, b = b, a
        for member in self._members[b]:
            self._home[member] = a
        self._members[a] += self._members[b]
        self._members[b] = []
        for sides in (self._sides, self._conflicts):
            if moved := sides.pop(b, None):
                sides[a] = sides.get(a, {}) | moved
        for site, identity in self._posts.pop(b, {}).items():
            self.is_post(a, site, identity)
        return True

    def together(self, i: int, j: int) -> bool:
        """Whether two documents are in one group."""
        return self._home[i] == self._home[j]

    def group_of(self, i: int) -> int:
        """Return the number of a document's group, which lasts until the next union."""
        return self._home[i]

    def members(self, i: int) -> list[int]:
        """Return the documents of the group in which a document is."""
        return self._members[self._home[i]]

    def parted_by(self, i: int, j: int) -> int | None:
        """Return the number of a verdict that keeps two documents' groups apart, or None."""
        return _find_difference(self._sides, self._home[i], self._home[j])

    def is_open(self, i: int, j: int) -> bool:
        """Whether nothing has decided yet if two documents are one piece."""
        return not self.together(i, j) and self.parted_by(i, j) is None

    def all(self) -> list[list[int]]:
        """Return the groups, each with its documents' indexes in order."""
        return [sorted(members) for members in self._members if members]

    def _are_two_posts(self, a: int, b: int) -> bool:
        few, many = sorted((self._posts.get(a, {}), self._posts.get(b, {})), key=len)
        return any(
            site in many and (many[site] != identity or identity == _SEVERAL)
            for site, identity in few.items()
        )


def _find_difference(sides: Mapping[int, Mapping[int, int]], a: int, b: int) -> int | None:
    """Return the first matter in which two groups stand on different sides."""
    few, many = sorted((sides.get(a, {}), sides.get(b, {})), key=len)
    return next((matter for matter, side in few.items() if many.get(matter, side) != side), None)
