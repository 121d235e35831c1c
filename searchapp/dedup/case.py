"""What the rules look at, computed once, and what they find: doubts and conflicts."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache

from searchapp.dedup.bodies import Measure, Reader, Runs, measure
from searchapp.dedup.grouping import Groups
from searchapp.dedup.known import KnownRuns
from searchapp.dedup.model import Conflict, NearMiss
from searchapp.dedup.titles import Title, read_title
from searchapp.documents import Document
from searchapp.urls import address_key

FAR_APART = 60  # days: one title in two dates further apart may be an annual piece
SHOWN_TITLES = 3  # in a reason
SHOWN_LENGTH = 80  # characters of a title in a reason

Pair = tuple[int, int, str, float]
Rule = Callable[["Case"], Iterator[Pair]]


@dataclass(frozen=True)
class Case:
    """The documents with what the rules look at, computed once, and what they find.

    `addresses` are the keys of the documents' addresses, `declared` those of the addresses
    that documents declare as canonical, `old` of their old addresses, `copies` of those at
    which they say that copies stand. `groups` holds what earlier evidence has united.
    """

    documents: Sequence[Document]
    groups: Groups
    addresses: tuple[str | None, ...]
    declared: tuple[str | None, ...]
    titles: tuple[Title, ...]
    old: tuple[tuple[str, ...], ...]
    copies: tuple[tuple[str, ...], ...]
    conflicts: list[Conflict] = field(default_factory=list)
    near: list[NearMiss] = field(default_factory=list)
    _runs: dict[int, Runs] = field(default_factory=dict)
    known: KnownRuns | None = None
    _reader: Reader = field(default_factory=Reader)

    @classmethod
    def of(
        cls, documents: Sequence[Document], groups: Groups, known: KnownRuns | None = None
    ) -> "Case":
        """Compute the keys of all documents; texts are read unless they are `known`."""
        key = cache(address_key)
        title = cache(read_title)
        return cls(
            documents,
            groups,
            tuple(key(d.url) if d.url else None for d in documents),
            tuple(key(d.canonical_url) if d.canonical_url else None for d in documents),
            tuple(title(d.title) for d in documents),
            tuple(tuple(filter(None, map(key, d.aliases))) for d in documents),
            tuple(tuple(filter(None, map(key, d.syndication))) for d in documents),
            known=known,
        )

    def runs(self, i: int) -> Runs:
        """Return the runs of words in a document's text."""
        if i not in self._runs:
            text, read = self.documents[i].text, self._reader.read
            self._runs[i] = self.known.find(text, read) if self.known else read(text)
        return self._runs[i]

    def measure(self, i: int, j: int) -> Measure:
        """Return how alike the texts of two documents are."""
        return measure(self.runs(i), self.runs(j))

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
        for i, key in enumerate(self.addresses):
            if key and self.documents[i].joins:
                found[key].append(i)
        for key, moved in self.by_old_address().items():
            if key in found:
                found[key] += (i for i in moved if i not in found[key])
        return found

    def by_old_address(self) -> dict[str, list[int]]:
        """Return the documents that may be joined, by the keys of their old addresses."""
        found: dict[str, list[int]] = defaultdict(list)
        for i, keys in enumerate(self.old):
            for key in keys if self.documents[i].joins else ():
                found[key].append(i)
        return found


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
