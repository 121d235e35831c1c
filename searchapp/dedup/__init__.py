"""Turns documents into works: evidence --> groups --> a canonical document and its places.

Joining two different pieces hides one of them; missing a copy only shows it twice. So
documents are joined on evidence, never on a similar title alone, and doubt is told to the
owner, whose verdict beats every rule.
"""

import datetime as dt
from collections.abc import Sequence

from searchapp.dedup.grouping import Groups
from searchapp.dedup.model import Conflict, Joined, NearMiss
from searchapp.dedup.places import list_places
from searchapp.dedup.rules import RULES, Evidenced
from searchapp.dedup.verdicts import Verdicts, read_verdicts, resolve_verdicts
from searchapp.documents import Document, Evidence, Work
from searchapp.urls import address_key

__all__ = ["Conflict", "Joined", "NearMiss", "Verdicts", "join_documents", "read_verdicts"]


def join_documents(documents: Sequence[Document], verdicts: Verdicts) -> Joined:
    """Group the documents of each piece into a work; the order of input does not matter."""
    documents = sorted(documents, key=lambda document: document.id)
    resolved = resolve_verdicts(verdicts, documents)
    given = Evidenced.of(documents)
    conflicts: list[Conflict] = []
    near: list[NearMiss] = []
    pairs = [(group[0], other, "verdict", 1.0) for group in resolved.same for other in group[1:]]
    for rule in RULES:
        pairs += rule(given, conflicts, near)
    groups = Groups(documents, resolved.different)
    evidence: dict[int, Evidence] = {}
    for i, j, name, score in pairs:
        before = groups.together(i, j)
        if not before and groups.unite(i, j):
            evidence[len(evidence)] = Evidence(documents[i].id, documents[j].id, name, score)
    number = {document.id: i for i, document in enumerate(documents)}
    first = {number_ for group in resolved.same for number_ in group[:1]}
    works = [
        _make_work([documents[i] for i in members], {documents[i].id for i in first}, evidence)
        for members in groups.all()
    ]
    return Joined(
        tuple(sorted(works, key=lambda work: work.id)),
        tuple(c for c in conflicts if not _settled(c, number, groups, resolved.different)),
        tuple(m for m in near if not groups.together(number[m.a], number[m.b])),
        resolved.stale,
    )


def _settled(
    conflict: Conflict,
    number: dict[str, int],
    groups: Groups,
    different: frozenset[tuple[int, int]],
) -> bool:
    """Whether the owner's verdict has answered the question that a conflict asks."""
    members = [number[document] for document in conflict.documents]
    pairs = [(min(i, j), max(i, j)) for n, i in enumerate(members) for j in members[n + 1 :]]
    return all(groups.together(i, j) or (i, j) in different for i, j in pairs)


def _make_work(
    documents: Sequence[Document], chosen: set[str], evidence: dict[int, Evidence]
) -> Work:
    declared = {address_key(d.canonical_url) for d in documents if d.canonical_url} - {None}
    ordered = sorted(documents, key=lambda d: _stands_for(d, chosen, declared))
    ids = {document.id for document in documents}
    why = tuple(e for e in evidence.values() if e.a in ids) if len(documents) > 1 else ()
    return Work(tuple(ordered), places=list_places(ordered), evidence=why)


def _stands_for(
    document: Document, chosen: set[str], declared: set[str | None]
) -> tuple[object, ...]:
    """Return the order in which documents stand for their piece.

    The owner's choice, then a text or a post before a line in a list, then the preferred
    source, the address that others declare, the longest text, the earliest date.
    """
    address = address_key(document.url) if document.url else None
    return (
        document.id not in chosen,
        document.listed,
        document.prefer,
        address is None or address not in declared,
        -len(document.text),
        document.date or dt.date.max,
        document.id,
    )
