"""Where a piece went whose address no longer leads to one.

key --kept generation--> the piece as it was --documents, title, addresses--> pieces of today
"""

from collections.abc import Iterator, Sequence

from werkzeug.exceptions import Gone

from searchapp.engine import Index
from searchapp.engine.results import Hit
from searchapp.query import Query
from searchapp.slugs import fold, key_of
from searchapp.web.links import outside

MOST = 3
LOOKED_AT = 20  # the piece whose title was asked for stands first of these


class PieceGoneError(Gone):
    """A piece that was here; `heirs` are those of today that it went into."""

    def __init__(self, heirs: Sequence[Hit]) -> None:
        super().__init__("the piece with that id is no longer here")
        self.heirs = tuple(heirs)


def find_heirs(index: Index, key: str) -> list[Hit]:
    """Return the pieces that the one with a document of that key went into.

    What was taken out on purpose stays out: nothing is told of it but what is here today.
    """
    was = index.recall(key)
    found = {hit.id: hit for hit in _look(index, was)} if was else {}
    return list(found.values())[:MOST]


def _look(index: Index, was: Hit) -> Iterator[Hit]:
    """Yield the pieces that have its other documents, then those of its title or address."""
    for document in was.documents:
        work = index.work(key_of(document))
        if work:
            yield work.hit
    addresses = {place.url for place in was.places if outside(place.url)}
    asked = Query.of(f"{was.title} ")
    for hit in index.answer(asked, limit=LOOKED_AT, snippets=False, facets=False).hits:
        if fold(hit.title) == fold(was.title) or addresses & {place.url for place in hit.places}:
            yield hit
