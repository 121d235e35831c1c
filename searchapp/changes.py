"""What a build joined or split since the generation before: the owner should see it happen.

before   a -> 1, b -> 2, c -> 3, d -> 3        documents, each with its work
after    a -> 1, b -> 1, c -> 3, d -> 4        a and b are joined; c and d are split
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from searchapp.documents import Work


@dataclass(frozen=True, slots=True)
class JoinedWork:
    """A work whose documents were of several works: `was` are the ids that those had."""

    id: str
    title: str
    documents: tuple[str, ...]
    was: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SplitWork:
    """A work whose documents are of several works now: `was` is the id that it had."""

    was: str
    works: tuple["Piece", ...]


@dataclass(frozen=True, slots=True)
class Piece:
    """One of the works that another was split into."""

    id: str
    title: str
    documents: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Changes:
    """The works that were joined, and those that were split."""

    joined: tuple[JoinedWork, ...] = ()
    split: tuple[SplitWork, ...] = ()


def compare_works(before: Mapping[str, str], works: Iterable[Work]) -> Changes:
    """Return what became one and what became several, by the documents known before.

    `before` gives the work of each document, both by key. A document that came or went joins
    and splits nothing.
    """
    joined = []
    parts: dict[str, list[Work]] = {}
    for work in works if before else ():
        known = {d.id: before[d.key] for d in work.documents if d.key in before}
        was = tuple(dict.fromkeys(known.values()))
        if len(was) > 1:
            joined.append(JoinedWork(work.id, work.title, tuple(known), was))
        for old in was:
            parts.setdefault(old, []).append(work)
    split = [
        SplitWork(old, tuple(_piece_of(work, old, before) for work in pieces))
        for old, pieces in parts.items()
        if len(pieces) > 1
    ]
    return Changes(tuple(joined), tuple(split))


def _piece_of(work: Work, old: str, before: Mapping[str, str]) -> Piece:
    own = tuple(d.id for d in work.documents if before.get(d.key) == old)
    return Piece(work.id, work.title, own)
