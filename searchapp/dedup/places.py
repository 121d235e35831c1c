"""Where a work can be read: one place an address, however often it is listed."""

from collections.abc import Mapping, Sequence

from searchapp.documents import Document, Place, Role
from searchapp.urls import address_key


def list_places(documents: Sequence[Document], keys: Mapping[str, str]) -> tuple[Place, ...]:
    """Return the places of a work's documents, the canonical one's first.

    `keys` gives the key of each document's address, by the document's id. A document
    without an address adds no place, unless no document has one; nor does one at an old
    address of another, which leads to where that one stands.
    """
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
    canonical = documents[0]
    places = list(by_key.values()) or [[canonical]]
    return tuple(_place(members, original=canonical in members) for members in places)


def _place(members: Sequence[Document], *, original: bool) -> Place:
    document = members[0]
    date = min((member.date for member in members if member.date), default=None)
    role: Role = "original" if original else "copy"
    return Place(document.url, document.published_in, document.title, date, role)
