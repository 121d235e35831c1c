"""Where documents stand, and which titles come again there: what a bare title is worth.

A title that two addresses of one site have ("Weeknotes") names no piece, there or elsewhere.
And a page that links to hundreds of hosts links to what others wrote: it would not list one
piece twice, so its equal titles at different addresses mean little.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence

from searchapp.dedup.bodies import UNLIKE, Measure
from searchapp.dedup.grouping import Groups
from searchapp.dedup.wordings import PLATFORMS, squash_name
from searchapp.documents import Document

Measured = Callable[[int, int], Measure]

_HOST = re.compile(r"[/:?#]")  # what ends it in a key; `medium:` is one, too

HANDFUL = 8  # hosts: more than a writer publishes at; the page is a round-up of others' work
MOST_COMPARED = 12  # documents under one title: more of them tell nothing by their title


class Places:
    """Who stands on one site with whom."""

    def __init__(self, documents: Sequence[Document], addresses: Sequence[str | None]) -> None:
        self.hosts = [_HOST.split(key, maxsplit=1)[0] if key else None for key in addresses]
        self._sites = [d.site for d in documents]
        of_site: dict[str, set[str]] = defaultdict(set)
        for site, name in zip(self._sites, self.hosts, strict=True):
            if name:
                of_site[site].add(name)
        self._many = frozenset(site for site, names in of_site.items() if len(names) > HANDFUL)

    def are_one(self, i: int, j: int) -> bool:
        """Whether two documents stand on one site, so that their addresses tell them apart."""
        one, other = self.hosts[i], self.hosts[j]
        if one and one == other:
            return True
        if self._sites[i] != self._sites[j]:
            return False
        return not one or not other or self._sites[i] in self._many

    def stand_apart(self, i: int, j: int) -> bool:
        """Whether two documents are known to stand on two hosts."""
        one, other = self.hosts[i], self.hosts[j]
        return bool(one and other and one != other)

    def place(self, i: int) -> tuple[str, str]:
        """Return where a document stands, for counting how often a title comes there."""
        site, host = self._sites[i], self.hosts[i]
        return ("", host) if host and site not in self._many else (site, "")

    def of_one_source(self, i: int, j: int) -> bool:
        """Whether the owner keeps two documents under one site's name."""
        return self._sites[i] == self._sites[j]


def names_of_sites(documents: Iterable[Document], hosts: Iterable[str | None]) -> frozenset[str]:
    """Return the names that sites may put behind their titles, squashed.

    Those of `blog.salt.example` are `blog salt`, `salt blog` and `salt`.
    """
    stated = {name for d in documents for name in (d.site, d.publication) if name}
    names = {squash_name(name) for name in stated} | PLATFORMS
    for host in {host for host in hosts if host}:
        *labels, _ = host.split(".")
        plain = [label.replace("-", "") for label in labels]
        names |= {"".join(plain), "".join(reversed(plain)), *plain[-1:]}
    return frozenset(name for name in names if len(name) > 1)


def find_contested(
    by_key: Mapping[str, Sequence[int]],
    measured: Measured,
    places: Places,
    groups: Groups,
) -> frozenset[str]:
    """Return the keys of titles that name more than one piece.

    Of those that come twice on one site, and of those that two posts with unlike texts have:
    an entry without text between them belongs to neither.
    """
    found = set()
    for key, members in by_key.items():
        if len(members) > 1 and (
            _comes_again(members, places, groups) or _are_unlike(members, measured, groups)
        ):
            found.add(key)
    return frozenset(found)


def _comes_again(members: Sequence[int], places: Places, groups: Groups) -> bool:
    seen: dict[tuple[str, str], int] = {}
    return any(
        seen.setdefault(places.place(i), groups.group_of(i)) != groups.group_of(i) for i in members
    )


def _are_unlike(members: Sequence[int], measured: Measured, groups: Groups) -> bool:
    """Whether two of the documents are known to be different, by their texts or by verdict."""
    if len(members) > MOST_COMPARED:
        return True
    for n, i in enumerate(members):
        for j in members[n + 1 :]:
            if groups.together(i, j):
                continue
            if not groups.is_open(i, j) or speak_against(measured(i, j)):
                return True
    return False


def speak_against(texts: Measure) -> bool:
    """Whether two texts, both long enough, are clearly not one."""
    return texts.counts and texts.containment < UNLIKE
