"""What the rules look at, computed once, and what they find: doubts and conflicts."""

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import chain

from searchapp.dedup.bodies import Measure
from searchapp.dedup.grouping import Groups
from searchapp.dedup.model import Conflict, NearMiss
from searchapp.dedup.readings import Readings, TitleFacts, unpack
from searchapp.dedup.titles import Title
from searchapp.documents import Document

FAR_APART = 60  # days: one title in two dates further apart may be an annual piece
SHOWN_TITLES = 3  # in a reason
SHOWN_LENGTH = 80  # characters of a title in a reason

ENDINGS = (".htm", ".html", ".php", ".asp", ".aspx", ".md")  # of an address
ENDING = re.compile(r"\.(?:html?|php|aspx?|md)$")

Pair = tuple[int, int, str, float]
Rule = Callable[["Case"], Iterator[Pair]]


@dataclass(frozen=True)
class Case:
    """The documents with what the rules look at, computed once, and what they find.

    `addresses` are the keys of the documents' addresses, `declared` those of the addresses
    that documents declare as canonical, `old` of their old addresses, `copies` of those at
    which they say that copies stand. `sharing` are, in order, the documents that share a
    title or any address with another: no rule finds any of the others. `groups` holds what
    earlier evidence has united; `measured` are those whose texts were set beside another's.
    """

    documents: Sequence[Document]
    groups: Groups
    readings: Readings
    addresses: Sequence[str | None]
    declared: Sequence[str | None]
    facts: Sequence[TitleFacts]
    titles: "Titles"
    old: Sequence[Sequence[str]]
    copies: Sequence[Sequence[str]]
    sharing: Sequence[int]
    conflicts: list[Conflict] = field(default_factory=list)
    near: list[NearMiss] = field(default_factory=list)
    measured: set[int] = field(default_factory=set)

    @classmethod
    def of(
        cls, documents: Sequence[Document], groups: Groups, readings: Readings | None = None
    ) -> "Case":
        """Compute the keys of all documents."""
        readings = Readings() if readings is None else readings
        readings.documents, key = documents, readings.address
        facts = [readings.title(d.title) for d in documents]
        addresses = [key(d.url) if d.url else None for d in documents]
        declared = [key(d.canonical_url) if d.canonical_url else None for d in documents]
        old = [tuple(filter(None, map(key, d.aliases))) if d.aliases else () for d in documents]
        copies = [
            tuple(filter(None, map(key, d.syndication))) if d.syndication else () for d in documents
        ]
        sharing = _find_sharing(facts, addresses, [*zip(declared, old, copies, strict=True)])
        return cls(
            documents, groups, readings, addresses, declared, facts, Titles(facts), old, copies,
            sharing,
        )  # fmt: skip

    @cached_property
    def digests(self) -> list[bytes]:
        """The digests of the documents' texts, by which these were read."""
        return [self.readings.text(document) for document in self.documents]

    def measure(self, i: int, j: int) -> Measure:
        """Return how alike the texts of two documents are."""
        one, other = self.documents[i], self.documents[j]
        self.measured.update((i, j))
        return self.readings.measure((self.digests[i], one), (self.digests[j], other))

    def doubt(self, i: int, j: int, reason: str, score: float = 0.5) -> None:
        """Tell the owner of two documents that may be one piece."""
        a, b = sorted((self.documents[i].id, self.documents[j].id))
        self.near.append(NearMiss(a, b, score, reason))

    def conflict(self, conflict: Conflict, sides: Mapping[int, int]) -> None:
        """Tell the owner of a contradiction, and keep its sides apart from now on."""
        self.conflicts.append(conflict)
        self.groups.part(sides)

    def by_address(self) -> dict[str, list[int]]:
        """Return the documents that may be joined, by the key of their address.

        Where one stands at an old address of another, the other is found there too.
        """
        found: dict[str, list[int]] = defaultdict(list)
        for i in self.sharing:
            if (key := self.addresses[i]) and self.documents[i].joins:
                found[key].append(i)
        for key, moved in self.by_old_address().items():
            if key in found:
                found[key] += (i for i in moved if i not in found[key])
        return found

    def by_old_address(self) -> dict[str, list[int]]:
        """Return the documents that may be joined, by the keys of their old addresses."""
        found: dict[str, list[int]] = defaultdict(list)
        for i in self.sharing:
            for key in self.old[i] if self.documents[i].joins else ():
                found[key].append(i)
        return found


class Titles:
    """The titles of documents, each taken apart when it is first looked at."""

    def __init__(self, facts: Sequence[TitleFacts]) -> None:
        self._facts = facts
        self._read: dict[str, Title] = {}

    def __getitem__(self, i: int) -> Title:
        packed = self._facts[i].packed
        if packed not in self._read:
            self._read[packed] = unpack(packed)[0]
        return self._read[packed]


def _find_sharing(
    facts: Sequence[TitleFacts],
    addresses: Sequence[str | None],
    others: Sequence[tuple[str | None, Iterable[str], Iterable[str]]],
) -> list[int]:
    """Return the documents that share a title, or an address but for its ending."""
    named = [
        _without_endings((address, canonical, *old, *copies))
        for address, (canonical, old, copies) in zip(addresses, others, strict=True)
    ]
    times = Counter(chain.from_iterable(named))
    titled = Counter(title.key for title in facts)
    return [
        i
        for i, (title, keys) in enumerate(zip(facts, named, strict=True))
        if titled[title.key] > 1 or any(times[key] > 1 for key in keys)
    ]


def _without_endings(keys: Iterable[str | None]) -> set[str]:
    """Return addresses as they are, and without what only the names of files have."""
    stated = {key for key in keys if key}
    ending = [key for key in stated if key.endswith(ENDINGS)]
    return stated.union(map(cut_ending, ending)) if ending else stated


def cut_ending(key: str) -> str:
    """Return the key of an address without the ending of a file: `a/b` for `a/b.html`."""
    return ENDING.sub("", key)


def dates_far(a: Document, b: Document) -> bool:
    return bool(a.date and b.date and abs((a.date - b.date).days) > FAR_APART)


def show(document: Document) -> str:
    title = document.title
    shown = title if len(title) <= SHOWN_LENGTH else title[: SHOWN_LENGTH - 1] + "…"
    return f"“{shown}”"


def list_titles(documents: Iterable[Document]) -> str:
    shown = [*documents]
    told = ", ".join(map(show, shown[:SHOWN_TITLES]))
    rest = len(shown) - SHOWN_TITLES
    return f"{told} and {rest} more" if rest > 0 else told
