"""The way from documents to works: evidence --> groups --> a canonical document and its places."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence

from searchapp.dedup.alike import Likely, weigh_likely
from searchapp.dedup.blurbs import opening_of
from searchapp.dedup.case import Case
from searchapp.dedup.grouping import Groups
from searchapp.dedup.model import Conflict, Joined
from searchapp.dedup.places import list_places
from searchapp.dedup.readings import Readings
from searchapp.dedup.rules import BY_TITLE, RULES
from searchapp.dedup.surroundings import Places
from searchapp.dedup.ties import Ties
from searchapp.dedup.verdicts import Verdicts, resolve_verdicts
from searchapp.documents import Document, Evidence, Work


def join_documents(
    documents: Sequence[Document], verdicts: Verdicts, readings: Readings | None = None
) -> Joined:
    """Group the documents of each piece into a work; the order of input does not matter.

    `readings` are what was read before of the same documents, which need not be read again.
    Raises ConfigurationError where verdicts contradict each other.
    """
    documents = sorted(documents, key=lambda document: document.id)
    resolved = resolve_verdicts(verdicts, documents)
    groups = resolved.groups
    case = Case.of(documents, groups, readings)
    places = Places(documents, case.addresses)
    for i, document in enumerate(documents):
        if not document.listed:
            groups.is_post(i, places.place(i), case.addresses[i] or f"id {document.id}")
    pairs = [(i, j, "verdict", 1.0) for i, j in resolved.pairs]
    for rule in RULES:
        by_title = rule in BY_TITLE
        pairs += [p for p in rule(case) if groups.unite(p[0], p[1], by_title=by_title)]
    likely = Likely(case, places)
    more, alike = weigh_likely(likely, case)
    evidence = _by_group(pairs + more, documents, groups)
    addresses = {d.id: key for d, key in zip(documents, case.addresses, strict=True) if key}
    chosen = {documents[i].id for i in resolved.chosen}
    works = []
    for members in groups.all():
        ordered = [documents[i] for i in members]
        if len(members) > 1:
            declared = {case.declared[i] for i in members}
            ordered.sort(key=lambda d: _stands_for(d, chosen, addresses, declared))
        why = tuple(evidence.get(groups.group_of(members[0]), ()))
        works.append(Work(tuple(ordered), places=list_places(ordered, addresses), evidence=why))
    number = {document.id: i for i, document in enumerate(documents)}
    asked = [m for m in case.near if groups.is_open(number[m.a], number[m.b])]
    return Joined(
        tuple(sorted(works, key=lambda work: work.id)),
        tuple(c for c in case.conflicts if not _is_settled(c, number, groups)),
        tuple(sorted(asked, key=lambda miss: (-miss.score, miss.a, miss.b))),
        resolved.stale,
        tuple(x for x in alike if groups.is_open(number[x.a], number[x.b])),
        ties=Ties.of(
            [*number], case.measured.union(case.sharing), likely.compared,
            _list_openings(works, number),
        ),
    )  # fmt: skip


def _list_openings(works: Iterable[Work], number: Mapping[str, int]) -> list[str]:
    """Return how each document begins that stands for a piece, as short ones are compared by."""
    openings = [""] * len(number)
    for work in works:
        openings[number[work.canonical.id]] = opening_of(work.canonical)
    return openings


def _by_group(
    pairs: Iterable[tuple[int, int, str, float]], documents: Sequence[Document], groups: Groups
) -> dict[int, dict[Evidence, None]]:
    """Return all evidence for each group, in order of certainty, each piece of it once.

    A pair that an earlier rule had united keeps what later rules say of it, too: the owner
    sees all that speaks for it, and a verdict may be taken back.
    """
    evidence: dict[int, dict[Evidence, None]] = {}
    for i, j, rule, score in pairs:
        a, b = sorted((documents[i].id, documents[j].id))
        evidence.setdefault(groups.group_of(i), {})[Evidence(a, b, rule, score)] = None
    return evidence


def _is_settled(conflict: Conflict, number: Mapping[str, int], groups: Groups) -> bool:
    """Whether verdicts or other evidence have answered the question that a conflict asks.

    Of entries that declare another's address, the question is if each is one with that.
    """
    first_of: dict[int, int] = {}
    for i in (number[id_] for id_ in conflict.documents):
        first_of.setdefault(groups.group_of(i), i)
    members = list(first_of.values())
    asking = members[:1] if conflict.kind == "declared" else members
    return all(
        not groups.is_open(i, j) for n, i in enumerate(asking) for j in members[n + 1 :]
    )  # ends at the first open question


def _stands_for(
    document: Document,
    chosen: set[str],
    addresses: Mapping[str, str],
    declared: set[str | None],
) -> tuple[object, ...]:
    """Return the order in which documents stand for their piece.

    The owner's choice, then a text or a post before a line in a list, then the preferred
    source, the address that others declare, the longest text, the earliest date.
    """
    address = addresses.get(document.id)
    return (
        document.id not in chosen,
        document.listed,
        document.prefer,
        address is None or address not in declared,
        -document.length,
        document.date or dt.date.max,
        document.id,
    )
