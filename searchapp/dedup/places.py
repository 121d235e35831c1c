"""Where a work can be read: one place an address, however often it is listed."""

import re
from collections.abc import Mapping, Sequence
from urllib.parse import urlsplit

from searchapp.dedup.translations import tongue_of
from searchapp.documents import Document, Place, Role
from searchapp.urls import address_key

# Hosts that keep what others have published.
_ARCHIVES = re.compile(
    r"(?:^|\.)(?:web\.archive\.org|archive-it\.org|archive\.(?:today|ph|is|fo|li|md|vn)"
    r"|webcitation\.org|perma\.cc|ghostarchive\.org|arquivo\.pt)$"
)


def list_places(documents: Sequence[Document], keys: Mapping[str, str]) -> tuple[Place, ...]:
    """Return the places of a work's documents, the canonical one's first.

    `keys` gives the key of each document's address, by the document's id. A document
    without an address adds no place, unless no document has one; nor does one at an old
    address of another, which leads to where that one stands.
    """
    if len(documents) == 1 and _stands_alone(documents[0]):
        only = documents[0]
        return (Place(only.url, only.published_in, only.title, only.date, "original"),)
    moved = {
        address_key(alias): keys[document.id]
        for document in documents
        if document.id in keys
        for alias in document.aliases
    }
    by_key: dict[str, list[Document]] = {}
    for document in sorted(documents, key=lambda d: keys.get(d.id) in moved):
        if document.url:
            key = keys.get(document.id, document.url)
            by_key.setdefault(moved.get(key, key), []).append(document)
    if not by_key:
        by_key = {"": [documents[0]]}
    original = _original(documents[0], by_key)
    tongue = _tongue(by_key.get(original or "", ())) or _tongue(documents)
    return tuple(
        _place(members, _role(members, key == original, tongue)) for key, members in by_key.items()
    )


def _stands_alone(document: Document) -> bool:
    """Whether a document is all there is of a piece, and plainly the original."""
    return not document.canonical_url and not _is_archived(document)


def _original(canonical: Document, by_key: Mapping[str, Sequence[Document]]) -> str | None:
    """Return the key of the place where the piece was published first of all, by what is said.

    That is the one address that the copies declare; else the canonical document's, else the
    first. None where a piece stands in one place, and says that it is a copy of one unknown.
    """
    readable = [key for key, members in by_key.items() if not _is_archived(members[0])] or [*by_key]
    declared = {key: _declared(members) - {key} for key, members in by_key.items()}
    named = {key for keys in declared.values() for key in keys if key in readable}
    if len(named) == 1:
        return named.pop()
    if len(by_key) == 1 and declared[readable[0]]:
        return None
    return next((key for key in readable if canonical in by_key[key]), readable[0])


def _declared(members: Sequence[Document]) -> set[str]:
    declared = (address_key(d.canonical_url) for d in members if d.canonical_url)
    return set(filter(None, declared))


def _role(members: Sequence[Document], original: bool, tongue: str | None) -> Role:
    if _is_archived(members[0]):
        return "archived"
    if original:
        return "original"
    return "copy" if _tongue(members) in (None, tongue) else "translation"


def _may_be_archived(url: str) -> bool:
    """Whether an address has to be taken apart: of nearly all, their letters tell."""
    low = url.lower()
    named = "archiv" in low or "webcit" in low or "perma" in low or "arquivo" in low
    return named or not (url.isascii() and url.isprintable())


def _is_archived(document: Document) -> bool:
    if document.url is None or not _may_be_archived(document.url):
        return False
    try:
        host = urlsplit(document.url or "").hostname or ""
    except ValueError:
        return False
    return _ARCHIVES.search(host) is not None


def _tongue(documents: Sequence[Document]) -> str | None:
    """Return the language of documents without its region: `pt-BR` is Portuguese.

    A line in a list does not know the language of what it names.
    """
    stated = (tongue_of(d.language) for d in documents if not d.listed)
    return next(stated, None)


def _place(members: Sequence[Document], role: Role) -> Place:
    document = members[0]
    date = min((member.date for member in members if member.date), default=None)
    return Place(document.url, document.published_in, document.title, date, role)
