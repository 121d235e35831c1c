"""The rules of evidence, in order of certainty; each yields pairs of documents.

A pair that a rule yields may still be refused by a veto. What is likely but not certain is no
rule's business: it is told as a near miss.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from searchapp.dedup.model import Conflict, NearMiss
from searchapp.dedup.titles import share_in_address, title_key, titles_agree
from searchapp.documents import Document
from searchapp.urls import address_key

FAR_APART = 60  # days: one title in two dates further apart may be an annual piece
SHINGLE = 5  # words
ENOUGH_SHINGLES = 40  # of a text that may speak against a declared address
UNLIKE = 0.3  # containment below which two such texts are clearly not one

Pair = tuple[int, int, str, float]


@dataclass(frozen=True)
class Evidenced:
    """The documents with what the rules look at, computed once."""

    documents: Sequence[Document]
    addresses: tuple[str | None, ...]
    titles: tuple[str, ...]

    @classmethod
    def of(cls, documents: Sequence[Document]) -> "Evidenced":
        """Compute the keys of all documents."""
        addresses = tuple(address_key(d.url) if d.url else None for d in documents)
        return cls(documents, addresses, tuple(title_key(d.title) for d in documents))


def declared_addresses(
    given: Evidenced, conflicts: list[Conflict], near: list[NearMiss]
) -> Iterator[Pair]:
    """Yield documents of which one declares the other's address, or both declare the same.

    The titles may differ, as a copy is often renamed. Where titles are unlike and two
    long texts are too, the declaration is a slip: a conflict.
    """
    homes: dict[str, list[int]] = defaultdict(list)
    for i, key in enumerate(given.addresses):
        if key:
            homes[key].append(i)
    declared: dict[str, list[int]] = defaultdict(list)
    for i, document in enumerate(given.documents):
        key = address_key(document.canonical_url) if document.canonical_url else None
        if key and key != given.addresses[i] and document.joins:
            declared[key].append(i)
    for key, copies in declared.items():
        anchor = homes[key][0] if key in homes else copies[0]
        for copy in copies:
            if copy == anchor:
                continue
            if _tell_apart(given.documents[anchor], given.documents[copy]):
                conflicts.append(_declared_conflict(given.documents[anchor], given.documents[copy]))
            else:
                yield anchor, copy, "declared address", 1.0


def _tell_apart(a: Document, b: Document) -> bool:
    if titles_agree(a.title, b.title):
        return False
    first, second = _shingles(a.text), _shingles(b.text)
    smaller = min(len(first), len(second))
    return smaller >= ENOUGH_SHINGLES and len(first & second) < UNLIKE * smaller


def _shingles(text: str) -> set[int]:
    words = text.casefold().split()
    return {hash(tuple(words[i : i + SHINGLE])) for i in range(len(words) - SHINGLE + 1)}


def _declared_conflict(a: Document, b: Document) -> Conflict:
    reason = (
        f"“{b.title}” declares the address of “{a.title}” as its own, but neither titles nor "
        "texts are alike; correct canonical_url, or write a verdict"
    )
    return Conflict("declared", b.canonical_url or "", (a.id, b.id), reason)


def same_address(
    given: Evidenced, conflicts: list[Conflict], near: list[NearMiss]
) -> Iterator[Pair]:
    """Yield documents at one address whose titles agree; unlike titles are a conflict."""
    groups: dict[str, list[int]] = defaultdict(list)
    for i, key in enumerate(given.addresses):
        if key and given.documents[i].joins:
            groups[key].append(i)
    for members in groups.values():
        yield from _agreeing(given, members, conflicts)


def _agreeing(
    given: Evidenced, members: Sequence[int], conflicts: list[Conflict]
) -> Iterator[Pair]:
    """Compare the different titles of one address with the first of each cluster."""
    heads: list[int] = []
    seen: dict[str, int] = {}
    for i in members:
        known = seen.setdefault(given.titles[i], i)
        if known != i:
            yield known, i, "same address", 1.0
            continue
        title = given.documents[i].title
        for head in heads:
            if titles_agree(given.documents[head].title, title):
                yield head, i, "same address", 1.0
                break
        else:
            heads.append(i)
    if len(heads) > 1:
        conflicts.append(_address_conflict([given.documents[i] for i in heads]))


def _address_conflict(documents: Sequence[Document]) -> Conflict:
    url = documents[0].url or ""
    shares = [(share_in_address(d.title, url), d) for d in documents]
    told = "; ".join(f"“{d.title}” has {share:.0%} of its words in it" for share, d in shares)
    best, owner = max(shares, key=lambda pair: pair[0])
    others = [d for _, d in shares if d is not owner]
    guess = (
        f"it is probably that of “{owner.title}”, so correct the address of "
        + ", ".join(f"“{d.title}”" for d in others)
        if best > 0 and all(share < best for share, d in shares if d is not owner)
        else "correct the address of all but one"
    )
    return Conflict(
        "address", url, tuple(d.id for d in documents),
        f"one address under unlike titles: {told}; {guess}",
    )  # fmt: skip


def listing_repeats(
    given: Evidenced, conflicts: list[Conflict], near: list[NearMiss]
) -> Iterator[Pair]:
    """Yield entries of one list that have one title and no address.

    Two summaries that differ speak of two pieces under one name: a near miss.
    """
    groups: dict[tuple[str, str, str], list[int]] = defaultdict(list)
    for i, document in enumerate(given.documents):
        if document.listed and not document.url and given.titles[i] and document.joins:
            groups[document.source, document.path, given.titles[i]].append(i)
    for members in groups.values():
        for i, j in pairwise(members):
            a, b = given.documents[i], given.documents[j]
            if a.summary and b.summary and a.summary != b.summary:
                reason = "one title in one list, but their summaries differ"
                near.append(NearMiss(a.id, b.id, 0.5, reason))
            elif not _dates_far(a, b):
                yield i, j, "repeated in one list", 0.95


def listed_post(
    given: Evidenced, conflicts: list[Conflict], near: list[NearMiss]
) -> Iterator[Pair]:
    """Yield an entry without address and the one post of its site that has its title.

    A title that several posts of the site have ("Weeknotes") tells nothing.
    """
    posts: dict[tuple[str, str], list[int]] = defaultdict(list)
    for i, document in enumerate(given.documents):
        if not document.listed and given.titles[i] and document.joins:
            posts[document.site, given.titles[i]].append(i)
    for i, document in enumerate(given.documents):
        if not (document.listed and not document.url and document.joins):
            continue
        found = posts.get((document.site, given.titles[i]), [])
        if len(found) == 1 and not _dates_far(document, given.documents[found[0]]):
            yield found[0], i, "title of one post of the site", 0.9
        elif found:
            why = (
                f"{len(found)} posts of the site have this title"
                if len(found) > 1
                else f"their dates are more than {FAR_APART} days apart"
            )
            near.append(NearMiss(given.documents[found[0]].id, document.id, 0.5, why))


def _dates_far(a: Document, b: Document) -> bool:
    return bool(a.date and b.date and abs((a.date - b.date).days) > FAR_APART)


RULES = (declared_addresses, same_address, listing_repeats, listed_post)
